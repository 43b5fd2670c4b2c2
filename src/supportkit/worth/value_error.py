"""How far the value of a group may be off by chance: what each customer adds to its error, summed up by the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp
from typing import Any

from supportkit.stats.skewed_mean import PowerSums
from supportkit.stats.value_by_age import Brought, brought_by, steps
from supportkit.worth.customer_base import CustomerBase, FirstDays, HalfCounts
from supportkit.worth.ltv_sql import BuyerGroup, ShareRow

Weights = dict[int, float]


def _shares(
    ages: dict[int, Brought], follow_up: dict[int, int], age: int, discount: float
) -> tuple[Weights, Weights, float]:
    """By age, what money of that age adds to the value, and by follow-up what a customer watched so long adds on
    average, both times the number of customers and in shares of the value; and the value."""
    customers, known = sum(follow_up.values()), [step for step in steps(ages, follow_up) if step.age <= age]
    whole = brought_by(known, age, discount).revenue
    weights: Weights = {}
    usual: Weights = {}
    lengths, total = iter(sorted(follow_up)), 0.0
    if not whole:
        return {}, dict.fromkeys(follow_up, 0.0), whole
    length = next(lengths, None)
    for step in known:
        while length is not None and length < step.age:
            usual[length] = total
            length = next(lengths, None)
        weights[step.age] = customers / step.watched * exp(-discount * step.age) / whole
        total += weights[step.age] * step.brought.revenue
    while length is not None:
        usual[length] = total
        length = next(lengths, None)
    return weights, usual, whole


def _early(half: HalfCounts, days: int, usual: FirstDays) -> tuple[Weights, Weights]:
    """The same of what a half brings on the first day and after it in its first days, each in shares of `usual`."""
    found: Weights = {}
    lived = dict.fromkeys(half.follow_up, 0.0)
    first: dict[int, Brought] = {at: brought for at, brought in half.ages.items() if at == 0}
    later = {at: brought for at, brought in half.ages.items() if at}
    for ages, share_of in ((first, usual.first), (later, usual.later)):
        weights, added, whole = _shares(ages, half.follow_up, days, 0.0)
        if share_of > 0:
            found |= {at: weight * whole / share_of for at, weight in weights.items()}
            lived = {length: lived[length] + share * whole / share_of for length, share in added.items()}
    return found, lived


def share_parameters(groups: Sequence[tuple[BuyerGroup, CustomerBase]], age: int, discount: float) -> dict[str, Any]:
    """The parameters of the query for the shares, of groups that have an interval."""
    given: dict[str, list[Any]] = {
        name: []
        for name in (
            "by_1", "by_2", "currencies", "places", "middle_ages", "at", "halves", "ages", "weights", "early_weights",
            "lived_at", "follow_ups", "usual", "early_usual",
        )
    }  # fmt: skip
    for place, (key, group) in enumerate(groups):
        weights, usual, _ = _shares(group.ages, group.follow_up, age, discount)
        for name, value in zip(("by_1", "by_2", "currencies"), key, strict=True):
            given[name].append(value)
        given["places"].append(place)
        given["middle_ages"].append(min(group.older.follow_up))
        for older, half in zip((True, False), group.both, strict=True):
            early, early_usual = _early(half, group.first_days(age), group.usual_first_days(age))
            for one in sorted({**weights, **early}):
                given["at"].append(place)
                given["halves"].append(older)
                given["ages"].append(one)
                given["weights"].append(weights.get(one, 0.0))
                given["early_weights"].append(early.get(one, 0.0))
            for days in sorted(half.follow_up):
                given["lived_at"].append(place)
                given["follow_ups"].append(days)
                given["usual"].append(usual[days])
                given["early_usual"].append(early_usual[days])
    return given


def put_errors(groups: Sequence[tuple[BuyerGroup, CustomerBase]], rows: Iterable[ShareRow]) -> None:
    """Give each group the sums that the query found."""
    found: dict[int, dict[bool, ShareRow]] = {}
    for row in rows:
        found.setdefault(row.place, {})[row.older] = row
    for place, halves in found.items():
        group = groups[place][1]
        group.error = PowerSums(
            sum(row.customers for row in halves.values()),
            float(sum(row.second for row in halves.values())),
            float(sum(row.third for row in halves.values())),
            float(sum(row.fourth for row in halves.values())),
        )
        if len(halves) == 2:
            older, younger = (float(row.early_second) / row.customers**2 for row in (halves[True], halves[False]))
            group.halves_errors = older, younger
