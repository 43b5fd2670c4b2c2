"""An interval of a mean whose values are skewed, as what customers spend is, from four sums.

Hall (1992) transforms the studentised mean by its skewness, so that the interval reaches further to the side on which
the large values lie. Its quantile is Student's with 2 n / (kurtosis - 1) degrees of freedom, of which the spread of a
sample has no more (Satterthwaite's rule): the fewer values it rests on, the wider. Both are worked out from the values'
sums of powers, so that the values are added up where they are.
"""

from __future__ import annotations

from math import cbrt, sqrt
from typing import NamedTuple

from supportkit.stats.student import student_quantile

FEWEST = 100
"""Values under which no interval is given: of 100 a rare large value may be missing, of fewer it often is."""
LEAST_FREEDOM = 2.0


class PowerSums(NamedTuple):
    """How many values there are, and the sums of their second, third and fourth powers about the mean."""

    n: int
    second: float
    third: float
    fourth: float


def skewed_interval(mean: float, sums: PowerSums, confidence: float = 0.95) -> tuple[float, float] | None:
    """The interval of a mean, in the unit of the mean and of the values; None of fewer values than 100.

    Values that are all the same have an interval of no width.
    """
    if sums.n < FEWEST:
        return None
    variance = sums.second / sums.n
    if variance <= 0:
        return mean, mean
    root = sqrt(sums.n)
    skewness = sums.third / sums.n / variance**1.5 / root
    kurtosis = sums.fourth / sums.n / variance**2
    freedom = min(sums.n - 1.0, max(LEAST_FREEDOM, 2 * sums.n / max(kurtosis - 1, 1e-9)))
    reach = student_quantile((1 + confidence) / 2, freedom)
    error = sqrt(sums.second / (sums.n - 1) / sums.n)
    return mean - error * _untransformed(reach, skewness), mean - error * _untransformed(-reach, skewness)


def _untransformed(value: float, skewness: float) -> float:
    """Where Hall's cubic takes a value; `skewness` is already divided by the root of n."""
    if abs(skewness) < 1e-6:
        return value
    return 3 / skewness * (cbrt(1 + skewness * (value - skewness / 6)) - 1)
