"""The terms that `ltv` prints multiply to the `ltv` that it prints, whatever the shop: a contract over random ones."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pytest

from supportkit.ltv import ltv
from supportkit.result import Result
from supportkit.store import Store

Shop = Callable[..., Store]
Definition = Literal["by-age", "classic"]
START = date(2024, 1, 1)
OPTIONS: tuple[Mapping[str, Any], ...] = (
    {},
    {"by": "country"},
    {"by": "product"},
    {"by": "country,channel"},
    {"horizon": 900, "by": "country"},
    {"merge_days": True},
    {"newcomers": True, "gap": 15},
    {"margin": 0.42, "discount": 0.1},
)
FORMULA = re.compile(
    r"(?P<ltv>-?[\d,]+\.\d+)[ A-Z]* = (?P<aov>-?[\d,]+\.\d+)[ A-Z]* per order × (?P<rate>[\d,]+\.\d+) orders per "
    r"customer-month × (?P<life>[\d,]+\.\d+) months(?: × margin (?P<margin>[\d.]+))?"
    r"(?: × discounting (?P<kept>[\d.]+))?"
)


def orders_of(dice: random.Random) -> str:
    """A shop of up to 300 days: orders without a customer, refunds, several orders a day, lines, other currencies."""
    days, guests = dice.choice((20, 90, 300)), dice.choice((0.0, 0.1, 0.6))
    currencies = dice.choice((("EUR",), ("EUR",), ("EUR", "USD", "RUB")))
    rows = ["order_id,ordered_at,customer_id,amount,currency,refunded,status,country,channel,product"]
    for who in range(dice.choice((3, 40, 160))):
        day, home, currency = dice.randrange(days), dice.choice(("AT", "DE", "FR")), dice.choice(currencies)
        level = dice.lognormvariate(3, 1)
        while day < days:
            number = len(rows)
            customer = "" if dice.random() < guests else f"c{who}"
            amount = round(level * dice.lognormvariate(0, 0.5), 2)
            state, refunded = dice.choices((("paid", ""), ("refunded", amount), ("refunded", amount / 2)), (8, 1, 1))[0]
            when = START + timedelta(days=day)
            for product in dice.sample(("tea", "pot", "cup"), dice.choice((1, 1, 2))):
                rows.append(
                    f"o{number},{when},{customer},{amount},{currency},{refunded},{state},{home},"
                    f"{dice.choice(('web', 'app'))},{product}"
                )
            day += dice.choice((0, 1, 7, 30, 400))
    return "\n".join(rows)


def multiplied(facts: Mapping[str, Any]) -> None:
    if facts["ltv"] is None:
        return
    found = facts["aov"] * facts["repeat_rate"] * facts["lifetime_months"] * facts.get("kept_share", 1.0)
    assert found == pytest.approx(facts["ltv"], rel=1e-9, abs=1e-9)


def rounded(text: str) -> tuple[float, float]:
    """A printed number, and half a unit of its last digit."""
    number = text.replace(",", "")
    return float(number), 0.5 * 10 ** -len(number.partition(".")[2])


def multiplied_as_printed(note: str) -> None:
    """The terms of the note, each off by half of its last digit at most, allow for its product."""
    found = FORMULA.search(note)
    assert found is not None, note
    (value, half), *terms = (rounded(text) for text in found.groups() if text)
    low = high = 1.0
    for n, (term, off) in enumerate(terms):
        exact = n == 3 and found["margin"]  # the margin is what was asked for
        low, high = low * (term - (0 if exact else off)), high * (term + (0 if exact else off))
    assert low - half - 1e-9 <= value <= high + half + 1e-9, note


def holds(result: Result, options: Mapping[str, Any]) -> int:
    """How many products were looked at."""
    headlines = [note for note in result.notes if "ltv = aov" in note]
    for note in headlines:
        multiplied_as_printed(note)
    assert ("kept_share" in result.facts) == ("margin" in options or "discount" in options)
    for facts in (result.facts, *result.records()):
        multiplied(facts)
    return len(headlines)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("definition", ["by-age", "classic"])
def test_the_printed_terms_multiply_to_the_printed_value(seed: int, definition: Definition, shop: Shop) -> None:
    dice = random.Random(seed)
    store = shop(orders=orders_of(dice), currency="EUR")
    if seed % 2:
        store = replace(store, complete_from=START + timedelta(days=dice.choice((0, 5, 30))))
    if seed == 0:
        store = replace(store, as_of=datetime(2024, 12, 31, tzinfo=UTC))
    seen = sum(holds(ltv(store, definition=definition, **options), options) for options in OPTIONS)
    assert seen > 0


GUESTS = """order_id,ordered_at,customer_id,amount,currency
1,2024-01-01,A,10,EUR
2,2024-03-01,A,30,EUR
3,2024-03-01,,50,EUR
4,2024-03-02,,70,EUR
"""


@pytest.mark.parametrize("definition", ["by-age", "classic"])
def test_orders_without_a_customer_are_in_no_term_of_the_value(definition: Definition, shop: Shop) -> None:
    store = replace(shop(orders=GUESTS, currency="EUR"), as_of=datetime(2024, 12, 31, tzinfo=UTC))
    result = ltv(store, definition=definition)
    # A's two orders bring 40, all four 160
    assert (result.facts["aov"], result.facts["orders"], result.facts["revenue"]) == (20.0, 4, 160)
    assert (
        "2 orders without a customer (120.00 EUR) are in revenue and orders, and in no term of ltv: all orders bring "
        "40.00 EUR per order"
    ) in result.notes
