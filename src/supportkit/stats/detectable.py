"""Between which counts an ordinary week lies, and how small a change can be noticed at all."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc

from supportkit.stats.outbreak import FDR, LEAST_COUNT, Array, mid_p


def band(mean: Array, variance: Array) -> tuple[Array, Array]:
    """The counts between which 95 % of ordinary weeks lie (2.5 % and 97.5 % points of the negative binomial)."""
    return _quantile(mean, variance, 0.025), _quantile(mean, variance, 0.975)


def _quantile(mean: Array, variance: Array, share: float) -> Array:
    """The smallest count with P(Y <= y) >= share, by bisection on whole numbers."""
    mean = np.maximum(mean, 1e-12)
    excess = np.maximum(variance - mean, 1e-9 * mean)
    size, miss = mean**2 / excess, excess / (mean + excess)
    low = np.full(mean.shape, -1.0)
    high = np.ceil(mean + 12 * np.sqrt(variance) + 12)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        enough = 1 - betainc(middle + 1, size, miss) >= share
        high, low = np.where(enough, middle, high), np.where(enough, low, middle)
    return np.asarray(high)


def detectable(mean: float, phi: float, tau2: float, tested: int, *, weeks: int = 1, power: float = 0.8) -> float:
    """The smallest ratio that an alarm catches with this power, for a series that expects `mean` a week.

    The bar is the hardest of Benjamini-Hochberg's steps: p <= 0.10 / tested, for the two-fold smallest tail.
    """
    total = mean * weeks
    bar = FDR / tested / 2
    y = np.arange(0, int(20 * total + 400))
    p = mid_p(y.astype(float), np.full(len(y), total), np.full(len(y), phi * total + tau2 * total**2))
    least = max(int(np.flatnonzero(p <= bar)[0]), int(LEAST_COUNT[weeks]))
    ratio = 1.0
    while ratio < 1000:
        m = total * ratio
        size = m / max(phi - 1, 1e-6)
        if betainc(least, size, 1 - 1 / max(phi, 1 + 1e-6)) >= power:
            return round(ratio, 2)
        ratio *= 1.01
    return ratio
