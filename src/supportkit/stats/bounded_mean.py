"""The interval of a mean of values that lie between two bounds, as answers on a scale do.

Wilson's score interval (1927) for a share, where the mean is a share of the way from one bound to the other: near a
bound it reaches further to the other side, where Student's does not hold. The answers vary less than all-or-nothing
ones of the same mean would, by a factor that is estimated from them, so they count for more; the quantile is Student's.
The factor is estimated as if a quarter of an answer more had been given at each end of the scale: among few answers
near the top the rare low one is often missing, and without it they seem to vary less than they do. The quarter is
measured (`python -m benchmarks coverage`); it moves the factor alone, not the mean.
"""

from __future__ import annotations

from math import sqrt

from supportkit.stats.student import student_quantile

AT_EACH_END = 0.25
"""Answers at either end of the scale that the spread is estimated with, beside those that were given."""


def bounded_interval(
    mean: float, variance: float, n: float, low: float, high: float, confidence: float = 0.95
) -> tuple[float, float] | None:
    """The interval of a mean inside [low, high], from the sample variance of `n` values, fractional where they are
    worth fewer; None of under two values, and where none differs from another."""
    if n < 2 or variance <= 0 or not low < mean < high:
        return None
    share, length = (mean - low) / (high - low), high - low
    most = share * (1 - share)
    spread = _spread(share, variance * (n - 1) / n / length**2, n)
    reach = student_quantile((1 + confidence) / 2, n - 1)
    pull = reach * reach * spread / n
    middle = share + pull / 2
    half = reach * sqrt(spread / n * (most + pull / 4))
    return (
        low + length * max(0.0, (middle - half) / (1 + pull)),
        low + length * min(1.0, (middle + half) / (1 + pull)),
    )


def _spread(share: float, variance: float, n: float) -> float:
    """The variance of answers over that of all-or-nothing ones with the same mean, 0..1, both on a scale of 0 to 1."""
    more = n + 2 * AT_EACH_END
    mean = (n * share + AT_EACH_END) / more
    square = (n * (variance + share * share) + AT_EACH_END) / more
    return min(1.0, (square - mean * mean) / (mean * (1 - mean)))
