"""The interval of a mean of values that lie between two bounds, as answers on a scale do.

Wilson's score interval (1927) for a share, where the mean is a share of the way from one bound to the other: near a
bound it reaches further to the other side, where Student's does not hold. The answers vary less than all-or-nothing
ones of the same mean would, by a factor that is estimated from them, so they count for more. For each end the factor is
estimated as if .3 of an answer more had been given there: among few answers near the top the rare low one is often
missing, and without it they seem to vary less than they do; near the end at the top nothing is. Where all gave the top
it is Wilson's interval of a share. The mean of few answers near the top is skewed: a second low one among ten is no
rare chance where one in twenty gives it, so the end towards the bound reaches as much further as the skewness of a sum
of so many shifts its quantile (Cornish & Fisher 1938), by .3 of it where theory has .47. The two numbers are measured
(`python -m benchmarks coverage`).
"""

from __future__ import annotations

from math import sqrt

from supportkit.stats.intervals import z_value

AT_THE_END = 0.3
"""Answers at an end of the scale that the spread is estimated with for that end, beside those that were given."""
BY_SKEWNESS = 0.3
"""How far the skewness of the mean moves the end beyond which the bound is near."""
ROUNDED = 1e-9
"""Of the way, what a mean of answers at an end may be off by."""


def bounded_interval(
    mean: float, variance: float, n: float, low: float, high: float, confidence: float = 0.95
) -> tuple[float, float] | None:
    """The interval of a mean inside [low, high], from the sample variance of `n` values, fractional where they are
    worth fewer; None of under two values, and where all are one value between the bounds."""
    length = high - low
    share = (mean - low) / length
    if n < 2 or not -ROUNDED <= share <= 1 + ROUNDED or (variance <= 0 and ROUNDED < share < 1 - ROUNDED):
        return None
    share = min(1.0, max(0.0, share))
    spread = variance * (n - 1) / n / length**2
    reach = z_value(confidence)
    return high - length * _upper_end(1 - share, spread, n, reach), low + length * _upper_end(share, spread, n, reach)


def _upper_end(share: float, variance: float, n: float, reach: float) -> float:
    """The upper end of a mean of values 0..1; the lower one is that of the values turned round."""
    factor = _factor(share, variance, n)
    end = _solved(share, 1.0, reach * reach * factor / n)
    if end <= 0.5:
        return end
    shift = BY_SKEWNESS * factor / n
    return min(1.0, _solved(share - shift, 1 - 2 * shift, reach * reach * factor / n))


def _solved(share: float, slope: float, pull: float) -> float:
    """The greater p of (slope p - share)^2 = pull p (1 - p)."""
    if share >= slope:
        return 1.0
    square, line = slope * slope + pull, 2 * slope * share + pull
    return (line + sqrt(max(0.0, line * line - 4 * square * share * share))) / (2 * square)


def _factor(share: float, variance: float, n: float) -> float:
    """The variance of values 0..1 over that of all-or-nothing ones with the same mean, with a part of a 1 more."""
    mean = (n * share + AT_THE_END) / (n + AT_THE_END)
    if mean >= 1:
        return 1.0
    square = (n * (variance + share * share) + AT_THE_END) / (n + AT_THE_END)
    return min(1.0, (square - mean * mean) / (mean * (1 - mean)))
