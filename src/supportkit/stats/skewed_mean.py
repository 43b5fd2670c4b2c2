"""An interval of a mean whose values are skewed, as what customers spend is, from four sums.

Hall (1992) transforms the studentised mean by its skewness, so that the interval reaches further to the side on which
the large values lie. Large values make the spread large with the mean, so that the lower end is seldom missed, the less
the more skewed they are: it takes .954 of the normal quantile, and less with the skewness of the mean. The upper end
takes Student's with .15 of the 2 n / (kurtosis - 1) degrees of freedom that the spread of a sample has (Satterthwaite's
rule): a sample that lacks the largest values has too small a mean, and too small a spread and kurtosis with it, so that
it looks the surest where it is furthest off. The shares are measured and follow from no theory (`python -m benchmarks
coverage`): with them the interval holds the mean of all shapes there, even of one without a variance; of every shape no
interval can (Bahadur & Savage 1956). All is worked out from the values' sums of powers, so that they are added up where
they are.
"""

from __future__ import annotations

from math import cbrt, sqrt

from supportkit.stats.intervals import z_value
from supportkit.stats.student import student_quantile
from supportkit.system.named import NamedTuple

FEWEST = 125
"""Values under which no interval is given: a large value that one in 33 has is missing in 5 of 100 samples of 100."""
LOWER_SHARE = 0.954
"""Of the normal quantile, what the lower end takes where the mean is not skewed."""
LESS_BY_SKEWNESS = 0.12
"""What it takes less for each unit of the skewness of the mean, up to one."""
UPPER_SHARE = 0.15
"""Of the degrees of freedom, those that the upper end takes."""
LEAST_UPPER = 1.0


class PowerSums(NamedTuple):
    """How many values there are, and the sums of their second, third and fourth powers about the mean."""

    n: int
    second: float
    third: float
    fourth: float


def freedom(sums: PowerSums) -> float:
    """The degrees of freedom of the values' spread: how many values it rests on, in effect; at most n - 1."""
    variance = sums.second / sums.n
    if variance <= 0:
        return sums.n - 1.0
    kurtosis = sums.fourth / sums.n / variance**2
    return min(sums.n - 1.0, 2 * sums.n / max(kurtosis - 1, 1e-9))


def skewed_interval(mean: float, sums: PowerSums, confidence: float = 0.95) -> tuple[float, float] | None:
    """The interval of a mean, in the unit of the mean and of the values; None of fewer values than 125, and of values
    that are all the same, which tell nothing of how far others may be off."""
    variance = sums.second / sums.n if sums.n else 0.0
    if sums.n < FEWEST or variance <= 0:
        return None
    skewness = sums.third / sums.n / variance**1.5 / sqrt(sums.n)
    above = student_quantile((1 + confidence) / 2, max(LEAST_UPPER, UPPER_SHARE * freedom(sums)))
    error = sqrt(sums.second / (sums.n - 1) / sums.n)
    below = z_value(confidence) * LOWER_SHARE * (1 - LESS_BY_SKEWNESS * min(max(skewness, 0.0), 1.0))
    return mean - error * _untransformed(below, skewness), mean - error * _untransformed(-above, skewness)


def _untransformed(value: float, skewness: float) -> float:
    """Where Hall's cubic takes a value; `skewness` is already divided by the root of n."""
    if abs(skewness) < 1e-6:
        return value
    return 3 / skewness * (cbrt(1 + skewness * (value - skewness / 6)) - 1)
