"""Which part of a series its rise comes from: each part's share of the excess since the onset, with a test."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from supportkit.stats.outbreak import Array, discounted, mid_p
from supportkit.system.frozen import dataclass

PHI, TAU2 = 1.6, 0.02  # of a part: too few weeks are there to learn them from it


@dataclass(frozen=True)
class Parts:
    """Per part: its share of the excess of those that rose, its share of what was expected, and P(so many or more)."""

    share: Array
    expected_share: Array
    p: Array


def parts(counts: Array, exposure: Array, onset: int, usable: NDArray[np.bool_]) -> Parts:
    """The parts of one series; counts are (parts, weeks), exposure (weeks,); the rise is weeks onset … last."""
    rate, weight = discounted(counts, np.atleast_2d(exposure), usable, onset)
    mean = rate * exposure[onset:].sum()
    came = counts[:, onset:].sum(1)
    excess = came - mean
    whole = max(float(np.maximum(excess, 0).sum()), 1e-9)  # where some fell, the rest of the rise is no more than came
    variance = PHI * mean + mean**2 * (PHI / weight + TAU2)
    return Parts(np.clip(excess / whole, -1, 1), mean / mean.sum(), mid_p(came, mean, variance))
