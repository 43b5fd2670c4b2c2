"""Cohorts against tables worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from supportkit.cohorts import cohorts
from supportkit.metrics import METRICS
from supportkit.period import Period
from supportkit.result import Chart, Result
from supportkit.store import Store
from supportkit.store.conditions import Condition
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
    assert names == ["cohort", "age_months", "customers", "retained", "retention", "revenue_per_customer", "observed"]


def test_the_whole_result_of_three_customers(shop: Shop) -> None:
    result = cohorts(shop(orders=ORDERS, currency="EUR"))
    assert (result.metric, result.title) == ("cohorts", "Cohorts")
    assert result.definition == (
        "customers by month of first order: share who ordered and net revenue so far per customer, by age"
    )
    assert result.rows[:2] == (("2024-01", 0, 2, 2, 1.0, 17.5, 2), ("2024-01", 1, 2, 1, 0.5, 27.5, 2))
    assert [row[:2] for row in result.rows] == [
        *(("2024-01", age) for age in range(4)), *(("2024-02", age) for age in range(3)),
    ]  # fmt: skip
    assert result.notes == (
        "masked: 2 cells of 2024-04, which was not over on 2024-04-03",
        "orders that count: 1 refunded in part, at what was kept",
    )
    assert result.chart == Chart("heatmap", x="age_months", y="cohort", series="retention")
    assert (result.scope.period, result.scope.rows, result.scope.currency) == ("all", 7, "EUR")


def test_an_order_of_another_currency_is_no_return_of_the_first(shop: Shop) -> None:
    store = shop(
        orders="""order_id,ordered_at,customer_id,amount,currency,product
        1,2024-01-05,A,10,EUR,tea
        2,2024-02-06,A,700,RUB,pot
        3,2024-02-29,A,6,EUR,pot
        4,2024-01-09,B,2,EUR,tea
        """
    )
    result = cohorts(store)
    assert list(result.rows) == [
        ("EUR", "2024-01", 0, 2, 2, 1.0, 6.0, 2),
        ("EUR", "2024-01", 1, 2, 1, 0.5, 9.0, 2),
        ("RUB", "2024-02", 0, 1, 1, 1.0, 700.0, 1),
    ]
    assert result.facts == {"cohorts": 2, "customers": 2}
    assert result.notes == (
        "a customer who paid in several currencies is in the cohorts of each; they are never added",
    )
    assert result.scope.currency is None
    by_product = cohorts(store, by="product")
    assert [column.name for column in by_product.columns][:3] == ["product", "currency", "cohort"]
    # A goes by the first order in each currency: tea in EUR, a pot in RUB
    assert [row[:5] for row in by_product.rows] == [
        ("pot", "RUB", "2024-02", 0, 1), ("tea", "EUR", "2024-01", 0, 2), ("tea", "EUR", "2024-01", 1, 2),
    ]  # fmt: skip
    by_currency = cohorts(store, by="currency")
    assert [column.name for column in by_currency.columns][:2] == ["currency", "cohort"]
    assert [row[:4] for row in by_currency.rows] == [
        ("EUR", "2024-01", 0, 2), ("EUR", "2024-01", 1, 2), ("RUB", "2024-02", 0, 1),
    ]  # fmt: skip


def test_two_dimensions_are_those_of_the_first_order_in_time(shop: Shop) -> None:
    store = shop(
        orders="""order_id,ordered_at,customer_id,amount,product,country
        1,2024-01-20T10:00:00Z,A,10,pot,DE
        2,2024-01-05T10:00:00Z,A,1,tea,
        3,2024-02-29T10:00:00Z,A,5,pot,DE
        4,2024-02-05T10:00:00Z,B,7,pot,DE
        """
    )
    result = cohorts(store, by="product,country")
    assert list(result.rows) == [
        ("pot", "DE", "2024-02", 0, 1, 1, 1.0, 7.0, 1),
        ("tea", "(none)", "2024-01", 0, 1, 1, 1.0, 11.0, 1),
        ("tea", "(none)", "2024-01", 1, 1, 1, 1.0, 16.0, 1),
    ]
    assert result.facts == {"cohorts": 2, "customers": 2}


def test_a_period_cuts_the_orders_and_ends_the_watch(shop: Shop) -> None:
    store = shop(orders=ORDERS)
    march = Period("..2024-03-31", None, date(2024, 4, 1))
    result = cohorts(store, period=march)
    assert cells(result)["2024-01", 2] == (2, 0, 0.0, 27.5)
    assert ("2024-01", 3) not in cells(result)
    assert result.notes == ("orders that count: 1 refunded in part, at what was kept",)
    from_february = Period("2024-02..", date(2024, 2, 1), None)
    assert cells(cohorts(store, period=from_february))["2024-02", 0] == (2, 2, 1.0, 30.0)  # A's 20 and C's 40


def test_the_last_day_of_a_month_ends_it(shop: Shop) -> None:
    text = "order_id,ordered_at,customer_id,amount\n1,2023-12-31T10:00:00Z,A,5\n2,2024-01-31T10:00:00Z,A,7"
    result = cohorts(shop(orders=text))
    assert list(result.rows) == [("2023-12", 0, 1, 1, 1.0, 5.0, 1), ("2023-12", 1, 1, 1, 1.0, 12.0, 1)]
    assert result.notes == ()
    day_before = cohorts(shop(orders=text.replace("2024-01-31", "2024-01-30")))
    assert day_before.rows[1] == ("2023-12", 1, 1, None, None, None, None)
    assert day_before.notes == ("masked: 1 cell of 2024-01, which was not over on 2024-01-30",)


def test_no_orders_are_no_cohorts_and_conditions_do_not_end_the_watch(shop: Shop) -> None:
    empty = cohorts(shop(orders="order_id,ordered_at,customer_id,amount\n"))
    assert (empty.rows, empty.facts, empty.notes) == ((), {"cohorts": None, "customers": 0}, ())
    # C alone, the last order of all is B's or C's of April
    pots = cohorts(shop(orders=ORDERS).filtered([Condition("customer_id", "=", "A")]))
    assert [row[1] for row in pots.rows] == [0, 1, 2, 3]
    late = cohorts(shop(orders=ORDERS).filtered(as_of=datetime(2024, 3, 31, 12, tzinfo=UTC)))
    assert late.notes[0] == "2 orders dated after --as-of are left out"


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


def test_by_what_lines_are_of_an_order_is_covered_once(shop: Callable[..., Store]) -> None:
    text = """order_id,ordered_at,customer_id,amount,product
        1,2024-01-01,A,10,tea
        1,2024-01-01,A,5,pot
        2,2024-01-02,B,7,pot
        """
    result = cohorts(shop(orders=text), by="product")
    assert [(row["product"], row["customers"]) for row in result.records()] == [("pot", 2), ("tea", 1)]
    assert result.scope.rows == 2
    assert cohorts(shop(orders=text)).scope.rows == 2
