"""Customers from before an export begins: they show as first orders that fall, week by week, to what is usual.

Whoever ordered before the first day looks new at the next order. Where an unchanging shop is cut off, the first orders
of the first weeks are of old and of new customers, and fall as the old ones have all been seen once: about as
exp(-weeks / T), to the level of the new ones. The fall is fitted by weighted least squares at each of many T, the best
by its Poisson deviance, and is one where that is much smaller than of a level line, by the spread of the weeks around
the curve. A T over a third of the weeks is not looked for: nothing tells such a fall from a shop that is dying.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log, sqrt
from statistics import median

from supportkit.system.frozen import dataclass

FEWEST_WEEKS = 8
"""Whole weeks from which on the later ones say what is usual."""
TIMES, DEVIATIONS = 2.0, 4.0
"""Far above: so many times what is usual, and so many of its standard deviations more."""
SURE = 12.0
"""How much smaller the deviance of a fall is, in dispersions; of 120 shops without one it was 9 at most."""
QUICKEST, STEP, LONGEST = 0.15, 1.25, 1 / 3
"""The T that are tried: the first in weeks, each next one so many times it, the last in shares of the weeks."""
FEW_OLD, MANY_OLD = 0.1, 1 / 3
"""The share of old customers from which on first orders count as new, and the one in the first week that tells them
apart at all."""


@dataclass(frozen=True)
class Fall:
    """First orders a week that fall to `level`, by `excess` more at the start and exp(-1) of it `weeks` later, over
    so many `days` of data."""

    level: float
    excess: float
    weeks: float
    days: int

    def old_share(self, watched: int) -> float:
        """Of customers who were watched so many days, since their first order here, how many came before the data."""
        more = self.excess * exp(-((self.days - watched) // 7) / self.weeks)
        return more / (self.level + more)

    @property
    def new_after(self) -> int:
        """Days of data after which nearly all first orders are of new customers; 0 where the first weeks are not far
        enough above for that."""
        if self.old_share(self.days) < MANY_OLD:
            return 0
        return next(day for day in range(0, self.days + 8, 7) if day > self.days or self._few_old(day))

    def _few_old(self, day: int) -> bool:
        return self.old_share(self.days - day) <= FEW_OLD


def falling(arrivals: Mapping[int, int], days: int) -> Fall | None:
    """The fall of first orders, by the day since the data begin, over so many days; None where there is none, or where
    hardly anybody came later, as after a cohort."""
    counts = _weekly(arrivals, days)
    if len(counts) < FEWEST_WEEKS or not median(counts[len(counts) // 2 :]):
        return None
    found = None
    least = level = _deviance(counts, [sum(counts) / len(counts)] * len(counts))
    weeks = QUICKEST
    while weeks <= len(counts) * LONGEST:
        fitted = _fitted(counts, weeks)
        if fitted is not None and fitted[2] < least:
            found, least = Fall(fitted[0], fitted[1], weeks, days), fitted[2]
        weeks *= STEP
    spread = max(1.0, least / (len(counts) - 3))
    return found if found is not None and found.level > 0 and level - least > SURE * spread else None


def crowded_days(arrivals: Mapping[int, int], days: int) -> int:
    """How many days at the start of the data are crowded, in whole weeks; 0 where none is, or nobody can tell.

    `arrivals` are first orders by the day since the data begin, `days` how long they run. Usual is the median week of
    the later half.
    """
    counts = _weekly(arrivals, days)
    if len(counts) < FEWEST_WEEKS:
        return 0
    usual = median(counts[len(counts) // 2 :])
    if not usual:
        return 0
    limit = TIMES * usual + DEVIATIONS * sqrt(usual)
    return 7 * next((week for week, count in enumerate(counts) if count <= limit), len(counts))


def _weekly(arrivals: Mapping[int, int], days: int) -> list[int]:
    """First orders of each whole week."""
    counts = [0] * ((days + 1) // 7)
    for day, customers in arrivals.items():
        if 0 <= day // 7 < len(counts):
            counts[day // 7] += customers
    return counts


def _fitted(counts: list[int], weeks: float) -> tuple[float, float, float] | None:
    """The level and the excess that fit best with a T, and the deviance; None where first orders do not fall by it."""
    shape = [exp(-week / weeks) for week in range(len(counts))]
    usual, level, excess = [max(1.0, sum(counts) / len(counts))] * len(counts), 0.0, 0.0
    for _ in range(4):  # the weights are those of the curve of the time before
        ones = sum(1 / mean for mean in usual)
        x = sum(one / mean for one, mean in zip(shape, usual, strict=True))
        xx = sum(one * one / mean for one, mean in zip(shape, usual, strict=True))
        y = sum(count / mean for count, mean in zip(counts, usual, strict=True))
        xy = sum(one * count / mean for one, count, mean in zip(shape, counts, usual, strict=True))
        whole = ones * xx - x * x
        if whole <= 1e-12 * ones * xx:
            return None
        level, excess = (y * xx - x * xy) / whole, (ones * xy - x * y) / whole
        if level < 0:
            level, excess = 0.0, xy / xx
        usual = [max(0.5, level + excess * one) for one in shape]
    return (level, excess, _deviance(counts, usual)) if excess > 0 else None


def _deviance(counts: list[int], usual: list[float]) -> float:
    return 2 * sum(
        (count * log(count / mean) if count else 0.0) - (count - mean)
        for count, mean in zip(counts, usual, strict=True)
    )
