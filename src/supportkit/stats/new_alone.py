"""What new customers alone bring, where part of those who look new are old ones whose first order is not in the data.

Of two halves of customers the older has more old ones, as first orders fall. What each half brings at first and later
is taken for a line in the share of the old, and followed to where there are none; at each age the customers who were
watched to it are as far above that as their share says. It holds as far as old customers behave alike whenever they
are first seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import exp, hypot

from supportkit.stats.value_by_age import Step
from supportkit.system.named import NamedTuple

LEAST_APART = 0.01
"""Shares of old customers less far apart than this say nothing of those without."""


class Half(NamedTuple):
    """Half of the customers: what they bring on the first day and later in their first days, the standard error of
    the latter, and their share of old ones."""

    first: float
    later: float
    error: float
    old: float


class NewAlone(NamedTuple):
    """Revenue per new customer to an age, and its standard error by what the halves may be off."""

    value: float
    error: float


def new_alone(
    known: Iterable[Step], old: Mapping[int, float], older: Half, younger: Half, age: float, discount: float = 0.0
) -> NewAlone | None:
    """From what all bring at each age and `old`, the share of old ones among those watched to it; None where the halves
    have too nearly the same share to tell."""
    apart = older.old - younger.old
    if apart < LEAST_APART:
        return None
    beyond = younger.old / apart
    first, by_first = younger.first - beyond * (older.first - younger.first), (older.first - younger.first) / apart
    later, by_later = younger.later - beyond * (older.later - younger.later), (older.later - younger.later) / apart
    error = hypot((1 + beyond) * younger.error, beyond * older.error)
    value = off = 0.0
    for step in known:
        if step.age > age:
            break
        new, by = (later, by_later) if step.age else (first, by_first)
        mixed = new + by * old[step.age]
        if mixed <= 0:
            continue
        brought = step.brought.revenue * exp(-discount * step.age)
        value += brought * max(0.0, new) / mixed
        off += brought / mixed * error if step.age else 0.0
    return NewAlone(value, off)
