"""Intervals and tests for shares, scores and means, by the standard library alone.

Shares are fractions 0..1; the net promoter score is -100..100. An interval is a pair (low, high). Ten equal answers do
not give a share or a score an interval of zero width; a mean has no such protection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, sqrt
from statistics import NormalDist

from supportkit.system.named import NamedTuple

NORMAL = NormalDist()
SCORE_BELOW = 100  # answers under which the score interval covers better than the adjusted Wald one
NPS_PSEUDO_ANSWERS = (0.75, 1.5, 0.75)  # AW(3,T) of Rocks 2016: three answers, triangular over D, passives, P


class Difference(NamedTuple):
    """A difference, first minus second, with its interval and two-sided p-value."""

    difference: float
    low: float
    high: float
    p: float


def z_value(confidence: float = 0.95) -> float:
    """The two-sided standard normal quantile: 1.96 for 0.95."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")
    return NORMAL.inv_cdf((1 + confidence) / 2)


def two_sided_p(z: float) -> float:
    """The chance of a standard normal value at least as far from 0 as z."""
    return 2 * NORMAL.cdf(-abs(z))


def wilson(successes: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of one share (Wilson 1927), inside 0..1; fractional counts serve effective sample sizes."""
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"a share needs 0 <= successes <= n and n > 0, not {successes} of {n}")
    z = z_value(confidence)
    share = successes / n
    centre = share + z * z / (2 * n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    denominator = 1 + z * z / n
    low = 0.0 if successes == 0 else max(0.0, (centre - half) / denominator)
    high = 1.0 if successes == n else min(1.0, (centre + half) / denominator)
    return low, high


def share_interval(share: float, n: int) -> tuple[float, float] | None:
    """Wilson's 95 % interval of a share of a whole; None where it is no number of n things, as a share of money."""
    successes = round(share * n)
    if n <= 0 or not 0 <= share <= 1 or abs(share * n - successes) > min(1e-6 * n, 0.05):
        return None
    return wilson(successes, n)


def newcombe(
    successes: float, n: float, other_successes: float, other_n: float, confidence: float = 0.95
) -> tuple[float, float]:
    """The interval of a difference of two independent shares, first minus second (Newcombe 1998, method 10)."""
    low, high = wilson(successes, n, confidence)
    other_low, other_high = wilson(other_successes, other_n, confidence)
    share, other = successes / n, other_successes / other_n
    difference = share - other
    return (
        max(-1.0, difference - sqrt((share - low) ** 2 + (other_high - other) ** 2)),
        min(1.0, difference + sqrt((high - share) ** 2 + (other - other_low) ** 2)),
    )


def two_proportion(successes: float, n: float, other_successes: float, other_n: float) -> float:
    """The p-value of equal shares by the pooled z test; 1 where both shares are 0 or both are 1."""
    if n <= 0 or other_n <= 0:
        raise ValueError("both groups need at least one row")
    pooled = (successes + other_successes) / (n + other_n)
    variance = pooled * (1 - pooled) * (1 / n + 1 / other_n)
    if variance <= 0:
        return 1.0
    return two_sided_p((successes / n - other_successes / other_n) / sqrt(variance))


def share_difference(
    successes: float, n: float, other_successes: float, other_n: float, confidence: float = 0.95
) -> Difference:
    """Two shares compared: the difference, Newcombe's interval, the pooled p-value."""
    low, high = newcombe(successes, n, other_successes, other_n, confidence)
    p = two_proportion(successes, n, other_successes, other_n)
    return Difference(successes / n - other_successes / other_n, low, high, p)


def nps_variance(detractors: float, passives: float, promoters: float) -> float:
    """The multinomial variance of one answer scored -1, 0, 1: (P + D)/n - ((P - D)/n)^2, at most 1."""
    n = _answers(detractors, passives, promoters)
    return (promoters + detractors) / n - ((promoters - detractors) / n) ** 2


def nps_standard_error(detractors: float, passives: float, promoters: float) -> float:
    """The standard error of a net promoter score, in points."""
    variance = max(0.0, nps_variance(detractors, passives, promoters))
    return 100 * sqrt(variance / (detractors + passives + promoters))


def nps_interval(detractors: float, passives: float, promoters: float, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a net promoter score: the score interval under 100 answers, adjusted Wald from there on."""
    if _answers(detractors, passives, promoters) < SCORE_BELOW:
        return nps_score_interval(detractors, passives, promoters, confidence)
    return nps_adjusted_wald(detractors, passives, promoters, confidence)


def nps_adjusted_wald(
    detractors: float, passives: float, promoters: float, confidence: float = 0.95
) -> tuple[float, float]:
    """AW(3,T): Wald's interval after adding 0.75, 1.5 and 0.75 answers (Rocks 2016), cut at -100 and 100."""
    counts = _with_pseudo_answers((detractors, passives, promoters))
    centre = 100 * (counts[2] - counts[0]) / sum(counts)
    half = z_value(confidence) * nps_standard_error(*counts)
    return max(-100.0, centre - half), min(100.0, centre + half)


def nps_score_interval(
    detractors: float, passives: float, promoters: float, confidence: float = 0.95
) -> tuple[float, float]:
    """The interval that inverts the score test, with the variance of the best fit at each value tried."""
    n = _answers(detractors, passives, promoters)
    limit = z_value(confidence)

    def score(delta: float) -> float:
        """The score statistic if the true net share were delta; falls as delta grows."""
        a = 2 * n
        b = (2 * n - promoters + detractors) * delta - promoters - detractors
        c = -detractors * delta * (1 - delta)
        detractor_share = (sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
        variance = n * (2 * detractor_share + delta * (1 - delta))
        distance = promoters - detractors - n * delta
        if variance <= 0:
            return 0.0 if abs(distance) < 1e-12 else (inf if distance > 0 else -inf)
        return distance / sqrt(variance)

    observed = (promoters - detractors) / n
    low = _falling_root(lambda delta: score(delta) - limit, -1.0, observed)
    high = _falling_root(lambda delta: score(delta) + limit, observed, 1.0)
    return 100 * low, 100 * high


def nps_difference(
    counts: tuple[float, float, float],
    other: tuple[float, float, float],
    confidence: float = 0.95,
    *,
    adjusted: bool = True,
) -> Difference:
    """Two independent net promoter scores compared, each (detractors, passives, promoters), first minus second.

    The difference is of the raw scores. Adjusted: the interval and p come from both counts with AW(3,T) answers added,
    so the interval is centred a little nearer to 0; else plain Wald. It always holds the difference.
    """
    used, used_other = counts, other
    if adjusted:
        used, used_other = _with_pseudo_answers(counts), _with_pseudo_answers(other)
    difference = _net(counts) - _net(other)
    centre = _net(used) - _net(used_other)
    error = sqrt(nps_standard_error(*used) ** 2 + nps_standard_error(*used_other) ** 2)
    half = z_value(confidence) * error
    p = two_sided_p(centre / error) if error > 0 else float(centre == 0)
    low, high = max(-200.0, centre - half), min(200.0, centre + half)
    return Difference(difference, min(low, difference), max(high, difference), p)


def detectable_change(variance: float, n: float, other_n: float, power: float = 0.8, confidence: float = 0.95) -> float:
    """The smallest true difference of two means that a test finds with this power, in the unit of sqrt(variance)."""
    if n <= 0 or other_n <= 0:
        raise ValueError("both groups need at least one answer")
    return (z_value(confidence) + NORMAL.inv_cdf(power)) * sqrt(max(0.0, variance) * (1 / n + 1 / other_n))


def t_interval(mean: float, sd: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Student's interval of a mean from its sample standard deviation; needs two values."""
    from supportkit.stats.student import student_quantile

    if n < 2:
        raise ValueError(f"an interval of a mean needs at least two values, not {n}")
    half = student_quantile((1 + confidence) / 2, n - 1) * sd / sqrt(n)
    return mean - half, mean + half


def mean_difference(
    mean: float, sd: float, n: float, other_mean: float, other_sd: float, other_n: float, confidence: float = 0.95
) -> Difference:
    """Two independent means compared, first minus second, without assuming equal spread (Welch 1947).

    Raises ValueError where neither group varies: nothing is known of the error then.
    """
    from supportkit.stats.student import student_p, student_quantile

    if n < 2 or other_n < 2:
        raise ValueError("each group needs at least two values")
    difference = mean - other_mean
    part, other_part = sd * sd / n, other_sd * other_sd / other_n
    variance = part + other_part
    if variance <= 0:
        raise ValueError("two groups without any spread cannot be compared")
    freedom = variance**2 / (part**2 / (n - 1) + other_part**2 / (other_n - 1))
    half = student_quantile((1 + confidence) / 2, freedom) * sqrt(variance)
    p = student_p(difference / sqrt(variance), freedom)
    return Difference(difference, difference - half, difference + half, p)


def benjamini_hochberg(p_values: Sequence[float], of: int = 0) -> list[float]:
    """The q-value of each p-value, in the order given: the smallest share of false discoveries at which it is one.

    `of` is the number of tests where more were made: the others had p = 1. Benjamini and Hochberg (1995).
    """
    n = max(len(p_values), of)
    order = sorted(range(len(p_values)), key=lambda index: p_values[index], reverse=True)
    q_values = [1.0] * len(p_values)
    smallest = 1.0
    for position, index in enumerate(order, n - len(p_values)):
        smallest = min(smallest, p_values[index] * n / (n - position))
        q_values[index] = smallest
    return q_values


def _answers(detractors: float, passives: float, promoters: float) -> float:
    if min(detractors, passives, promoters) < 0 or detractors + passives + promoters <= 0:
        raise ValueError(f"a score needs answers, none negative, not {detractors}, {passives}, {promoters}")
    return detractors + passives + promoters


def _net(counts: tuple[float, float, float]) -> float:
    return 100 * (counts[2] - counts[0]) / _answers(*counts)


def _with_pseudo_answers(counts: tuple[float, float, float]) -> tuple[float, float, float]:
    _answers(*counts)
    extra = NPS_PSEUDO_ANSWERS
    return counts[0] + extra[0], counts[1] + extra[1], counts[2] + extra[2]


def _falling_root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function crosses 0 between low and high, to 1e-14; an end of the range where it does not."""
    while high - low > 1e-14:
        middle = (low + high) / 2
        if function(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
