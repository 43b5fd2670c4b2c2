"""Whether one series fell beside others that nothing was done to: a ratio of ratios with its interval.

The ratio is after / before of the one over after / before of the others together (difference in differences of the
logarithms). Its variance is that of the four counts, and what the others vary among themselves beyond their counts:
each of them is set against the rest in the same way, and what is left of the squares is added (by moments, after
DerSimonian & Laird 1986). The quantile is Student's, by the number of others.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt

from supportkit.stats.student import student_quantile
from supportkit.system.named import NamedTuple

FEWEST = 3
"""Others without which nothing is known of how much they vary."""


class Counts(NamedTuple):
    """How many before and after."""

    before: int
    after: int


class Ratio(NamedTuple):
    """A ratio with its interval, and what was to be expected after without it."""

    ratio: float
    low: float
    high: float
    expected: float


def ratio_of_ratios(one: Counts, others: Sequence[Counts], confidence: float = 0.95) -> Ratio | None:
    """The ratio; None of fewer than three others with something before and after, or where the one has nothing before.

    Nothing after counts as half of one.
    """
    known = [other for other in others if other.before and other.after]
    if not one.before or len(known) < FEWEST:
        return None
    whole = Counts(sum(other.before for other in known), sum(other.after for other in known))
    apart = [_difference(other, Counts(whole.before - other.before, whole.after - other.after)) for other in known]
    more = max(0.0, sum(value**2 - variance for value, variance in apart) / len(apart))
    value, variance = _difference(one, whole)
    reach = student_quantile((1 + confidence) / 2, len(known) - 1) * sqrt(variance + more)
    return Ratio(exp(value), exp(value - reach), exp(value + reach), one.before * whole.after / whole.before)


def _difference(one: Counts, rest: Counts) -> tuple[float, float]:
    """The difference of the logarithms of two ratios, and its variance by the counts."""
    after = max(one.after, 0.5)
    value = log(after / one.before) - log(rest.after / rest.before)
    return value, 1 / after + 1 / one.before + 1 / rest.after + 1 / rest.before
