"""Customers of very many orders are counted by shares of them: the same cohorts, lifetime values and medians."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from supportkit.cohorts import cohorts
from supportkit.ltv import ltv
from supportkit.period import between
from supportkit.render import render
from supportkit.result import Result
from supportkit.store import Store

Shop = Callable[..., Store]

ASKED: dict[str, dict[str, Any]] = {
    "plain": {},
    "by country": {"by": "country"},
    "by what lines are of": {"by": "sku"},
    "until a day": {"period": between(None, date(2026, 8, 1))},
}


@pytest.fixture(params=["EUR", "EUR,USD"], ids=["one currency", "two currencies"])
def orders(request: pytest.FixtureRequest, shop: Shop) -> Store:
    """Hundreds of orders of two lines of customers, some of nobody and some refunded."""
    dice = random.Random(23)
    lines = ["order_id,ordered_at,customer_id,amount,currency,country,sku,status"]
    for order in range(900):
        when = datetime(2026, 1, 1) + timedelta(hours=dice.randrange(7_000))
        who = f"c{dice.randrange(250)}" if dice.random() > 0.05 else ""
        currency = dice.choice(request.param.split(","))
        status = dice.choice(["paid", "paid", "paid", "refunded"])
        for item in dice.sample(["lamp", "sofa", "table"], 2):
            amount = f"{dice.randrange(1, 9_000) / 100:.2f}"
            where = dice.choice(["DE", "FR", ""])
            lines.append(f"O{order},{when:%Y-%m-%dT%H:%M:%SZ},{who},{amount},{currency},{where},{item},{status}")
    return shop(orders="\n".join(lines))


def as_printed(result: Result) -> str:
    """What programs read."""
    return render([result], "json")


@pytest.mark.parametrize("name", ASKED)
def test_shares_give_the_cohorts_of_one_query(name: str, orders: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = cohorts(orders, **ASKED[name])
    monkeypatch.setattr("supportkit.worth.cohort_cells.SHARE_ORDERS", 90)
    monkeypatch.setattr("supportkit.worth.cohort_cells._cells_sql", lambda split: "")  # which nobody asks any more
    assert as_printed(cohorts(orders, **ASKED[name])) == as_printed(whole)
    assert whole.facts["customers"]


VALUES: dict[str, dict[str, Any]] = {
    **ASKED,
    "classic": {"definition": "classic"},
    "orders of a day as one": {"merge_days": True, "by": "country"},
    "newcomers": {"newcomers": True, "horizon": 60, "discount": 0.1},
}


@pytest.mark.parametrize("name", VALUES)
def test_shares_give_the_values_of_one_query(name: str, orders: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ltv(orders, **VALUES[name])
    monkeypatch.setattr("supportkit.ltv.SHARE_ORDERS", 200)
    monkeypatch.setattr("supportkit.worth.ltv_sql._COUNTS", "")  # which nobody asks any more
    assert as_printed(ltv(orders, **VALUES[name])) == as_printed(whole)
    assert whole.facts["customers"]


@pytest.mark.parametrize("name", VALUES)
def test_tables_that_are_kept_give_the_values_of_queries_alone(
    name: str, orders: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ltv(orders, **VALUES[name])
    monkeypatch.setattr("supportkit.worth.buyer_groups.KEPT_FROM", 1)
    # what reads the orders for each figure anew is asked by nobody any more
    monkeypatch.setattr("supportkit.worth.buyer_groups.BuyerQuery._query", lambda *_: "")
    assert as_printed(ltv(orders, **VALUES[name])) == as_printed(whole)


def test_intervals_stand_there_too(orders: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supportkit.ltv.SHARE_ORDERS", 200)
    found = ltv(orders, by="currency")
    low = [column.name for column in found.columns].index("ltv_low")
    assert any(row[low] is not None for row in found.rows)
