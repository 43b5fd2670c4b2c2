"""The interval of a mean of values that lie between two bounds, as answers on a scale do.

Wilson's score interval (1927) for a share, where the mean is a share of the way from one bound to the other: near a
bound it reaches further to the other side, where Student's does not hold. The answers vary less than all-or-nothing
ones of the same mean would, by a factor that is estimated from them, so they count for more. For each end the factor is
estimated as if .3 of an answer more had been given there: among few answers near the top the rare low one is often
missing, and without it they seem to vary less than they do; near the end at the top nothing is. The quantile lies
between the normal and Student's, .3 of the way. The two numbers are measured (`python -m benchmarks coverage`).
"""

from __future__ import annotations

from math import sqrt

from supportkit.stats.intervals import z_value
from supportkit.stats.student import student_quantile

AT_THE_END = 0.3
"""Answers at an end of the scale that the spread is estimated with for that end, beside those that were given."""
OF_STUDENT = 0.3
"""Of the way from the normal quantile to Student's, where the one lies that is taken."""


def bounded_interval(
    mean: float, variance: float, n: float, low: float, high: float, confidence: float = 0.95
) -> tuple[float, float] | None:
    """The interval of a mean inside [low, high], from the sample variance of `n` values, fractional where they are
    worth fewer; None of under two values, and where none differs from another."""
    if n < 2 or variance <= 0 or not low < mean < high:
        return None
    share, length = (mean - low) / (high - low), high - low
    spread = variance * (n - 1) / n / length**2
    normal = z_value(confidence)
    reach = normal + OF_STUDENT * (student_quantile((1 + confidence) / 2, n - 1) - normal)
    return high - length * _upper_end(1 - share, spread, n, reach), low + length * _upper_end(share, spread, n, reach)


def _upper_end(share: float, variance: float, n: float, reach: float) -> float:
    """The upper end of a mean of values 0..1; the lower one is that of the values turned round."""
    factor = _factor(share, variance, n)
    pull = reach * reach * factor / n
    half = reach * sqrt(factor / n * (share * (1 - share) + pull / 4))
    return min(1.0, (share + pull / 2 + half) / (1 + pull))


def _factor(share: float, variance: float, n: float) -> float:
    """The variance of values 0..1 over that of all-or-nothing ones with the same mean, with a part of a 1 more."""
    mean = (n * share + AT_THE_END) / (n + AT_THE_END)
    square = (n * (variance + share * share) + AT_THE_END) / (n + AT_THE_END)
    return min(1.0, (square - mean * mean) / (mean * (1 - mean)))
