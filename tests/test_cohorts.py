"""Cohorts against tables worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from supportkit.cohorts import cohorts
from supportkit.metrics import METRICS
from supportkit.result import Result
from supportkit.store import Store
from tests import cdnow

Shop = Callable[..., Store]
ORDERS = """order_id,ordered_at,customer_id,amount,refunded,product
    1,2024-01-05,A,10,,tea
    2,2024-01-31,A,5,,tea
    3,2024-02-10,A,20,,pot
    4,2024-01-20,B,30,10,tea
    5,2024-04-02,B,8,,tea
    6,2024-02-28,C,40,,pot
    7,2024-04-03,C,99,,pot
    """


def cells(result: Result) -> dict[tuple[Any, Any], tuple[Any, ...]]:
    return {
        (row["cohort"], row["age_months"]): (
            row["customers"],
            row["retained"],
            row["retention"],
            row["revenue_per_customer"],
        )
        for row in result.records()
    }


def test_the_table_by_hand_with_the_unfinished_month_masked(shop: Shop) -> None:
    # January: A and B, 15 + 20 (30 less 10 back) = 35; A comes back in February with 20, nobody in March
    result = cohorts(shop(orders=ORDERS))
    assert cells(result) == {
        ("2024-01", 0): (2, 2, 1.0, 17.5),
        ("2024-01", 1): (2, 1, 0.5, 27.5),
        ("2024-01", 2): (2, 0, 0.0, 27.5),
        ("2024-01", 3): (2, None, None, None),
        ("2024-02", 0): (1, 1, 1.0, 40.0),
        ("2024-02", 1): (1, 0, 0.0, 40.0),
        ("2024-02", 2): (1, None, None, None),
    }
    assert dict(result.facts) == {"cohorts": 2, "customers": 3}
    assert result.notes[0] == "masked: 2 cells of 2024-04, which was not over on 2024-04-03"
    assert result.chart is not None
    assert (result.chart.kind, result.chart.series) == ("heatmap", "retention")


def test_a_month_that_is_over_is_not_masked(shop: Shop) -> None:
    store = replace(shop(orders=ORDERS), as_of=datetime(2024, 4, 30, 23, 59, tzinfo=UTC))
    assert cells(cohorts(store))["2024-01", 3] == (2, 1, 0.5, 31.5)
    assert cells(cohorts(store))["2024-02", 2] == (1, 1, 1.0, 139.0)


def test_the_month_is_that_of_the_configured_zone(shop: Shop) -> None:
    text = "order_id,ordered_at,customer_id,amount\n1,2024-01-31T23:30:00+00:00,A,5\n2,2024-03-31T12:00:00+00:00,A,5"
    assert {row["cohort"] for row in cohorts(shop(orders=text)).records()} == {"2024-01"}
    assert {row["cohort"] for row in cohorts(shop("Europe/Berlin", orders=text)).records()} == {"2024-02"}


def test_a_dimension_takes_a_customer_by_the_first_order(shop: Shop) -> None:
    result = cohorts(shop(orders=ORDERS), by="product")
    sizes = {(row["product"], row["cohort"]): row["customers"] for row in result.records()}
    assert sizes == {("pot", "2024-02"): 1, ("tea", "2024-01"): 2}
    assert result.facts["customers"] == 3
    assert result.chart is None


def test_currencies_have_tables_of_their_own(shop: Shop) -> None:
    store = shop(
        orders="""order_id,ordered_at,customer_id,amount,currency
        1,2024-01-05,A,10,EUR
        2,2024-01-06,A,700,RUB
        3,2024-02-29,B,5,EUR
        """
    )
    result = cohorts(store)
    assert [column.name for column in result.columns][:2] == ["currency", "cohort"]
    assert {(row["currency"], row["cohort"], row["revenue_per_customer"]) for row in result.records()} == {
        ("EUR", "2024-01", 10.0),
        ("EUR", "2024-02", 5.0),
        ("RUB", "2024-01", 700.0),
    }
    assert result.facts["customers"] == 2


def test_the_catalogue_has_the_fixed_columns(shop: Shop) -> None:
    assert [fact.name for fact in METRICS["cohorts"].facts] == ["cohorts", "customers"]
    names = [column.name for column in cohorts(shop(orders=ORDERS)).columns]
    assert names == ["cohort", "age_months", "customers", "retained", "retention", "revenue_per_customer"]


@cdnow.needs_cdnow
def test_cdnow_agrees_with_a_count_in_python(shop: Shop, tmp_path: Path) -> None:
    text = cdnow.write_orders("sample", tmp_path / "orders.csv").read_text()
    found = cells(cohorts(shop(orders=text)))
    assert len(found) == 18 + 17 + 16  # three months of newcomers, until June 1998, which is over
    for cohort, age in (("1997-01", 0), ("1997-02", 5), ("1997-03", 15)):
        month = int(cohort[-2:])
        members = [
            [((day.year - 1997) * 12 + day.month - month, worth) for day, worth in orders]
            for orders in cdnow.purchases("sample").values()
            if min(day for day, _ in orders).strftime("%Y-%m") == cohort
        ]
        retained = sum(any(at == age for at, _ in orders) for orders in members)
        revenue = sum(worth for orders in members for at, worth in orders if at <= age)
        assert found[cohort, age][:2] == (len(members), retained)
        assert found[cohort, age][3] == pytest.approx(revenue / len(members))
