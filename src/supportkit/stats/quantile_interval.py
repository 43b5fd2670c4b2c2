"""The interval of a quantile, such as a median, by the order of the values alone, and that of two such compared.

Of n values drawn each by itself the number below the true quantile q is binomial (n, q), whatever they are of: the
values at two places hold it (Thompson 1936; David & Nagaraja 2003, Order Statistics, 7.1). Two of them are compared by
squaring and adding the way to their ends, as Newcombe does with shares (MOVER: Zou & Donner 2008).
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, sqrt
from typing import Final

from supportkit.stats.intervals import z_value
from supportkit.stats.student import incomplete_beta

EXACT: Final = 10_000
"""Values up to which the binomial is summed exactly; of more the normal one is less than a place away."""


def quantile_places(n: int, quantile: float, confidence: float = 0.95) -> tuple[int, int] | None:
    """The places, from 1, of the ordered values between which the quantile lies with at least this confidence.

    None where even the least and the largest of so few are not sure enough. Raises ValueError for a quantile that is
    not inside 0..1.
    """
    if not 0 < quantile < 1:
        raise ValueError(f"a quantile lies inside 0..1, not at {quantile}")
    tail = (1 - confidence) / 2
    if n > EXACT:
        half = z_value(confidence) * sqrt(n * quantile * (1 - quantile))
        return floor(n * quantile - half), ceil(n * quantile + half) + 1
    low = _last(n, lambda place: 1 - _at_least(n, place, quantile) <= tail)
    high = _last(n, lambda place: _at_least(n, place, quantile) > tail) + 1
    return (low, high) if low >= 1 and high <= n else None


def quantile_difference(
    now: tuple[float, float, float], before: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Two independent quantiles compared, each with its ends, first minus second: the difference with its ends."""
    (value, low, high), (other, other_low, other_high) = now, before
    difference = value - other
    return (
        difference,
        difference - sqrt((value - low) ** 2 + (other_high - other) ** 2),
        difference + sqrt((high - value) ** 2 + (other - other_low) ** 2),
    )


def _at_least(n: int, hits: int, share: float) -> float:
    """The chance of at least so many hits among n."""
    return incomplete_beta(hits, n - hits + 1, share)


def _last(n: int, holds: Callable[[int], bool]) -> int:
    """The last place of 1..n up to which it holds; 0 where it holds at none."""
    low, high = 0, n
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low
