"""What a forecast of lifetime value would have said earlier, against what was then seen."""

from __future__ import annotations

from datetime import date, timedelta

from supportkit.stats.value_by_age import ENOUGH_WATCHED, age_watched
from supportkit.system.named import NamedTuple
from supportkit.worth.buyer_groups import NO_SPLIT, BuyerQuery
from supportkit.worth.customer_base import CustomerBase

SHORTEST = 14
"""Days that have to have been watched then, to say anything of how orders go on."""


class Backtest(NamedTuple):
    """The last day of the orders it is made of, the ages that were watched then and that were forecast, both values;
    or the reason why there is none."""

    day: date | None = None
    watched: int = 0
    age: int = 0
    forecast: float = 0.0
    seen: float = 0.0
    reason: str = ""


def backtest(query: BuyerQuery, total: CustomerBase, age: int) -> Backtest:
    """A forecast as far ahead of what was watched as `age` is of what is watched now, for that."""
    base = total.usual_age
    then = base * base // age
    if query.until is None or then < SHORTEST:
        return Backtest(reason=f"only {then} days would have been watched, {SHORTEST} are needed")
    day = query.until - timedelta(days=base - then)
    early = query.up_to(day).groups().get(NO_SPLIT, CustomerBase())
    watched = min(then, age_watched(early.follow_up, ENOUGH_WATCHED))
    if watched < SHORTEST:
        return Backtest(reason=f"on {day} under {ENOUGH_WATCHED} customers had been watched for {SHORTEST} days")
    worth, seen = early.value(base), total.observed(base)
    if worth is None or not worth.forecast or not seen:
        return Backtest(reason=f"on {day} customers had been watched for {base} days already")
    return Backtest(day, early.usual_age, base, worth.value, seen)
