"""How far a figure has changed beyond chance: two counts, and a value beside the values before it."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt
from statistics import fmean, stdev

from supportkit.stats.intervals import wilson
from supportkit.stats.student import student_quantile
from supportkit.system.named import NamedTuple

LEAST_BEFORE = 6
"""Values without which nothing is said of a usual range."""


class Change(NamedTuple):
    """A relative change (0.26: up by 26 %) with its interval."""

    change: float
    low: float
    high: float


def count_change(count: int, before: int, exposure: float = 1.0) -> Change | None:
    """Two counts compared; None where one is nothing.

    Given their sum the first is binomial, so that Wilson's interval of its share is one of the ratio (Przyborowski &
    Wilenski 1940). `exposure` is the days before by those of the first: the change is that per day.
    """
    if min(count, before) <= 0:
        return None
    both = count + before
    low, high = wilson(count, both)
    return Change(*(exposure * share / (1 - share) - 1 for share in (count / both, low, high)))


def usual_range(before: Sequence[float]) -> tuple[float, float] | None:
    """Between which values the next one lies in 95 of 100 cases, were nothing new: Student's prediction interval.

    Of values that are all above 0 their logarithms are taken. None of fewer than six values.
    """
    if len(before) < LEAST_BEFORE:
        return None
    logarithms = min(before) > 0
    values = [log(value) for value in before] if logarithms else list(before)
    n = len(values)
    half = student_quantile(0.975, n - 1) * stdev(values) * sqrt(1 + 1 / n)
    ends = (fmean(values) - half, fmean(values) + half)
    return (exp(ends[0]), exp(ends[1])) if logarithms else ends
