"""Cohorts of very many orders are counted by shares of the customers: the same cells, customers and revenue."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from supportkit.cohorts import cohorts
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
    """Some hundred orders of two lines of sixty customers, some of nobody and some refunded."""
    dice = random.Random(23)
    lines = ["order_id,ordered_at,customer_id,amount,currency,country,sku,status"]
    for order in range(400):
        when = datetime(2026, 1, 1) + timedelta(hours=dice.randrange(7_000))
        who = f"c{dice.randrange(60)}" if dice.random() > 0.05 else ""
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
    monkeypatch.setattr("supportkit.worth.cohort_cells.PURCHASE", "")  # which nobody asks any more
    assert as_printed(cohorts(orders, **ASKED[name])) == as_printed(whole)
    assert whole.facts["customers"]
