"""What each week was expected to hold when it came: the band that a line of the past is drawn on."""

from __future__ import annotations

import numpy as np

from supportkit.stats.detectable import band
from supportkit.stats.outbreak import Array, Spread
from supportkit.system.frozen import dataclass


@dataclass(frozen=True)
class Course:
    """What each judged week was expected to hold when it came, from the weeks before it; nan in the others."""

    mean: Array  # (series, weeks)
    variance: Array

    @classmethod
    def unknown(cls, series: int, weeks: int) -> Course:
        """Of nothing yet."""
        return cls(np.full((series, weeks), np.nan), np.full((series, weeks), np.nan))

    def note(self, week: int, rate: Array, exposure: Array, weight: Array, wide: Spread) -> None:
        """Write down one week."""
        self.mean[:, week] = rate * exposure
        self.variance[:, week] = variance_of(self.mean[:, week], wide.phi, weight, wide.tau2)

    def within(self, number: int) -> tuple[Array, Array, Array]:
        """A series: the mean of each week, and the counts between which an ordinary one lies (95 %)."""
        mean, variance = self.mean[number], self.variance[number]
        low, high = np.full(len(mean), np.nan), np.full(len(mean), np.nan)
        known = np.isfinite(mean)
        low[known], high[known] = band(mean[known], variance[known])
        return mean, low, high


def variance_of(mean: Array, phi: Array, weight: Array, tau2: float) -> Array:
    """The variance of a week: its own spread, and that its level is an estimate."""
    return np.asarray(phi * mean + mean**2 * (phi / weight + tau2))
