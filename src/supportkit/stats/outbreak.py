"""Which of many weekly series broke out: a discounted gamma-Poisson level per series and negative-binomial tails.

A count y of a week is compared with what the weeks before and the exposure (orders) lead one to expect:

    level      lambda = (sum w y + 1/2) / sum w e over the 52 weeks before, w halving every 10 weeks, past peaks capped
    week       a robust mean of y / expected over the large series: what all series share that week
    spread     variance = phi m + m^2 (phi / n_eff + tau2); phi and tau2 pooled over all series; phi shrunk per series,
               a week of m tickets counting m / (m + 3), and in the test raised by what so few tickets leave open
    tail       mid-p of the last 1, 2 and 4 weeks together; p = 2 x the smallest of them
    verdict    Benjamini-Hochberg over the series of one report

West & Harrison (1997) for the discounted level, Neill (2009) for the windows, Benjamini & Hochberg (1995) for the list.
Arrays are (series, weeks); a week that is not usable (an export gap, a part week) is neither learned from nor tested.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from supportkit.stats.intervals import benjamini_hochberg
from supportkit.system.frozen import dataclass

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

HALF_LIFE, MEMORY = 10.0, 52
LEAST_WEEKS = 8  # of history: below it nothing is tested
WINDOWS = (1, 2, 4)
LEAST_COUNT = {1: 5.0, 2: 6.0, 4: 6.0}
PSEUDO_WEEKS = 20.0
TELLING = 3.0  # expected tickets of a week that tells half of what a large one tells about dispersion
IN_DOUBT = 0.3  # of the pooled phi: how much more a series of which nothing is known may vary
FDR = 0.05  # share of false discoveries on a list
LARGE, LEAST_LARGE = 5.0, 4  # a series is large from 5 expected; the common factor needs 4 of them
REACH = 4.0  # standard deviations from the common factor, beyond which a series says nothing about it
STOPPED = 0.15  # of what was expected: a series with less has stopped, and says nothing about the others
COMMON_SD = 0.25  # of the common factor's logarithm: how much all series usually move together
LEAST_MEAN = 0.5  # expected tickets of a week that says something about dispersion
FIRST_GUESS = (1.6, 0.02)  # phi and tau2, where there is too little history to learn them from
LEAST_PHI = 1.02
CAP = 15.0


@dataclass(frozen=True)
class ExpectedLevel:
    """What each week was expected to hold, from the weeks before it: rates per unit of exposure and their weight."""

    counts: Array  # (series, weeks)
    exposure: Array  # (1 or series, weeks), already multiplied by the common factor
    rate: Array  # (series, weeks); nan where the history is too short
    weight: Array  # (series, weeks): effective number of tickets behind the rate
    common: Array  # (weeks,)
    usable: Mask  # (weeks,)

    @property
    def mean(self) -> Array:
        return self.rate * self.exposure


@dataclass(frozen=True)
class Spread:
    """Variance of a week with mean m: phi m + tau2 m^2."""

    phi: Array  # (series,)
    tau2: float
    tested: Array  # (series,) phi, raised where few tickets tell it: what a week has to stand out from

    @property
    def typical(self) -> float:
        """The phi of the series in the middle."""
        return float(np.median(self.phi)) if len(self.phi) else FIRST_GUESS[0]


@dataclass(frozen=True)
class Tail:
    """The verdict on one week: upper and lower tail probabilities, and the window with the smaller one."""

    rise: Array
    fall: Array
    window: NDArray[np.int64]  # weeks of the rise's window


def level(
    counts: Array,
    exposure: Array,
    usable: Mask | None = None,
    *,
    first: int = 0,
    common: bool = True,
    shares: bool = False,
) -> ExpectedLevel:
    """Expected rates of the weeks from `first` on, each from the weeks before it alone.

    Exposure is (weeks,), or (series, weeks) where each series has its own; without `common` they share no week. It is
    down no further than their sum is, where the exposure is not that sum (`shares`): names that went are no quiet week.
    """
    counts = np.asarray(counts, float)
    weeks = counts.shape[1]
    base = np.atleast_2d(np.asarray(exposure, float))
    if np.any(base < 0) or np.any(counts < 0):
        raise ValueError("counts and exposure cannot be negative")
    usable = np.ones(weeks, bool) if usable is None else np.asarray(usable, bool)
    usable = usable & (base.sum(0) > 0)
    adjusted = np.array(base)
    rate = np.full(counts.shape, np.nan)
    weight = np.zeros(counts.shape)
    shared = np.ones(weeks)
    for week in range(max(LEAST_WEEKS, first), weeks):
        if usable[max(0, week - MEMORY) : week].sum() < LEAST_WEEKS:
            continue
        rate[:, week], weight[:, week] = discounted(counts, adjusted, usable, week)
        if common and usable[week]:
            mean = rate[:, week] * base[:, week]
            whole = 0.0 if shares else min(float(counts[:, week].sum() / max(mean.sum(), 1e-9)), 1.0)
            shared[week] = max(common_factor(counts[:, week], mean), whole)
            adjusted[:, week] = base[:, week] * shared[week]
    return ExpectedLevel(counts, adjusted, rate, weight, shared, usable)


def discounted(counts: Array, exposure: Array, usable: Mask, week: int) -> tuple[Array, Array]:
    """Rate and effective number of tickets before a week; a peak above mean + 3 standard deviations counts as that."""
    past = np.flatnonzero(usable[max(0, week - MEMORY) : week]) + max(0, week - MEMORY)
    counts, exposure = counts[:, past], exposure[:, past]
    w = 0.5 ** ((week - past) / HALF_LIFE)
    total = np.maximum(exposure @ w, 1e-300)
    tickets, squared = counts @ w, counts @ w**2
    peaks = np.arange(len(counts))
    for _ in range(3):
        shared = exposure if len(exposure) == 1 else exposure[peaks]
        mean = shared * ((tickets[peaks] + 0.5) / (total if len(exposure) == 1 else total[peaks]))[:, None]
        limit = mean + 3 * np.sqrt(mean * (2 + 0.01 * mean))
        high = (counts[peaks] > limit).any(1)
        peaks, limit = peaks[high], limit[high]
        capped = np.minimum(counts[peaks], limit)
        tickets[peaks], squared[peaks] = capped @ w, capped @ w**2
    return (tickets + 0.5) / total, (tickets + 0.5) ** 2 / (squared + 0.5)


def common_factor(counts: Array, mean: Array) -> float:
    """What all series share in a week: a robust ratio of sums over the large series; 1 with too few of them.

    Tukey's biweight from the median on: a series counts the less the further it is from the others, and not at all from
    four of its standard deviations, so that what broke out, or stopped, moves it little. The logarithm is shrunk to 0
    by its own uncertainty, so that ten small series do not make a common cause.
    """
    large = mean >= LARGE
    large &= counts > STOPPED * mean
    if large.sum() < LEAST_LARGE:
        return 1.0
    y, m = counts[large], mean[large]
    factor = max(float(np.median(y / m)), 0.05)
    for _ in range(10):
        variance = 2 * factor * m + 0.01 * (factor * m) ** 2
        near = np.maximum(1 - ((y - factor * m) / REACH) ** 2 / variance, 0) ** 2
        precision = near / (2 + 0.02 * factor * m)
        if not precision.any():
            break
        factor = max(float(precision @ y / (precision @ m)), 0.05)
    uncertainty = 1 / max(float(precision @ m), 1e-9)
    return float(np.exp(np.log(factor) * COMMON_SD**2 / (COMMON_SD**2 + uncertainty)))


def shock(common: Array, week: int) -> float:
    """The common factor of a week against the weeks before it: 1.6 means that everything is up 1.6 times."""
    past = common[max(0, week - MEMORY) : week]
    if not len(past):
        return 1.0
    w = 0.5 ** (np.arange(len(past), 0, -1) / HALF_LIFE)
    return float(common[week] / np.average(past, weights=w))


def spread(known: ExpectedLevel, week: int) -> Spread:
    """Dispersion before `week`: squared one-week errors on their means, pooled over all series, shrunk per series."""
    span = slice(max(0, week - MEMORY), week)
    exposure = known.exposure[:, span]
    rate = np.nan_to_num(np.where(known.usable[span], known.rate[:, span], 0.0))
    phi, tau2 = FIRST_GUESS
    series, place = np.nonzero(rate * exposure >= LEAST_MEAN)  # of many small series few weeks say anything
    if not len(series):
        guess = np.full(len(rate), phi)
        return Spread(guess, tau2, guess + IN_DOUBT * phi)
    mean = rate[series, place] * exposure[series if len(exposure) > 1 else 0, place]
    inflation = 1 + mean / np.maximum(known.weight[:, span][series, place], 0.5)  # the level itself is an estimate
    squared = (known.counts[:, span][series, place] - mean) ** 2 / mean / inflation
    slope = mean / inflation
    for _ in range(4):  # past outbreaks say little about an ordinary week
        capped = np.minimum(squared, CAP * (phi + tau2 * slope))
        phi, tau2 = _non_negative_line(slope, capped)
    tells = mean / (mean + TELLING)
    own = np.bincount(series, (capped - tau2 * slope) * tells, len(rate))
    weeks = np.bincount(series, tells, len(rate))
    own_phi = np.maximum((own + PSEUDO_WEEKS * phi) / (weeks + PSEUDO_WEEKS), LEAST_PHI)
    return Spread(own_phi, tau2, own_phi + IN_DOUBT * phi * PSEUDO_WEEKS / (weeks + PSEUDO_WEEKS))


def _non_negative_line(x: Array, y: Array) -> tuple[float, float]:
    """Intercept (at least 1.02) and slope (0 to 0.05) of y on x by weighted least squares."""
    w = 1 / (1 + 0.05 * x) ** 2
    middle, height = np.average(x, weights=w), np.average(y, weights=w)
    variance = np.average((x - middle) ** 2, weights=w)
    slope = float(np.average((x - middle) * (y - height), weights=w) / variance) if variance > 0 else 0.0
    slope = min(max(slope, 0.0), 0.05)
    return max(float(height - slope * middle), LEAST_PHI), slope


def tail(known: ExpectedLevel, wide: Spread, week: int) -> Tail:
    """Tail probabilities of the windows that end with `week`; 1 where nothing can be said."""
    series = len(known.counts)
    rises, falls = [], []
    for window in WINDOWS:
        start = week - window + 1
        rise = np.ones(series)
        fall = np.ones(series)
        if start >= 0 and known.usable[start : week + 1].all() and np.isfinite(known.rate[:, start]).all():
            counts = known.counts[:, start : week + 1].sum(1)
            mean = known.rate[:, start] * known.exposure[:, start : week + 1].sum(1)
            variance = wide.tested * mean + mean**2 * (wide.tested / known.weight[:, start] + wide.tau2)
            upper = mid_p(counts, mean, variance)
            rise = np.where(counts >= LEAST_COUNT[window], upper, 1.0)
            fall = np.where(mean >= LEAST_COUNT[window], 1 - upper, 1.0)
        rises.append(rise)
        falls.append(fall)
    best = np.argmin(rises, axis=0)
    return Tail(
        np.minimum(1, 2 * np.min(rises, axis=0)),
        np.minimum(1, 2 * np.min(falls, axis=0)),
        np.asarray(WINDOWS)[best],
    )


def mid_p(counts: Array, mean: Array, variance: Array) -> Array:
    """P(Y > y) + P(Y = y) / 2 of the negative binomial with this mean and variance."""
    mean = np.maximum(mean, 1e-12)
    excess = np.maximum(variance - mean, 1e-9 * mean)
    size, miss = mean**2 / excess, excess / (mean + excess)
    at_least = np.where(counts > 0, betainc(np.maximum(counts, 1), size, miss), 1.0)
    return np.asarray((at_least + betainc(counts + 1, size, miss)) / 2)


def q_values(p: Array, of: int = 0) -> Array:
    """Benjamini-Hochberg for an array of p-values; `of` tests were made where more than these."""
    p = np.asarray(p, float)
    found, below = np.ones(len(p)), p < 1  # of many small series most say nothing: their q is 1 as well
    found[below] = benjamini_hochberg(p[below].tolist(), max(len(p), of))
    return found
