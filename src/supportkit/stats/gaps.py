"""Days with far fewer tickets than the same weekday of the weeks around: a gap in the export, or a holiday."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from supportkit.stats.outbreak import mid_p
from supportkit.system.frozen import dataclass

Array = NDArray[np.float64]

AROUND = 8  # weeks before and after
LEAST_AROUND = 4
LOW = 0.6
CHANCE = 1e-4
LONGEST_RUN = 3  # days tested together, so that small shops are seen too


@dataclass(frozen=True)
class Gap:
    """Days first … last (indices) with the tickets that came and that were usual."""

    first: int
    last: int
    tickets: float
    usual: float


def usual_day(daily: Array) -> Array:
    """The median of the same weekday in the eight weeks before and after; nan with fewer than four of them."""
    daily = np.asarray(daily, float)
    days, reach = len(daily), 7 * AROUND
    padded = np.concatenate([np.full(reach, np.nan), daily, np.full(reach, np.nan)])
    weeks = [week for week in range(-AROUND, AROUND + 1) if week]
    around = np.sort([padded[reach + 7 * week : reach + 7 * week + days] for week in weeks], axis=0)  # nan come last
    there = np.isfinite(around).sum(axis=0)
    middle = [
        np.take_along_axis(around, np.maximum(half, 0)[None], axis=0)[0] for half in ((there - 1) // 2, there // 2)
    ]
    return np.where(there >= LEAST_AROUND, (middle[0] + middle[1]) / 2, np.nan)


def gaps(daily: Array) -> tuple[Gap, ...]:
    """The gaps of a daily series, in order; days that touch are one gap."""
    daily = np.asarray(daily, float)
    expected = usual_day(daily)
    known = np.nan_to_num(expected)
    low = np.zeros(len(daily), bool)
    for length in range(1, LONGEST_RUN + 1):
        if len(daily) < length:
            break
        window = np.ones(length)
        y, m = np.convolve(daily, window, "valid"), np.convolve(known, window, "valid")
        short = (y < LOW * m) & (1 - mid_p(y, m, 1.6 * m + 0.02 * m**2) < CHANCE)
        for start in np.flatnonzero(short):
            days = np.arange(start, start + length)
            low[days[daily[days] < LOW * known[days]]] = True
    edges = np.flatnonzero(np.diff(np.concatenate([[0], low.astype(int), [0]])))
    return tuple(
        Gap(int(first), int(after) - 1, float(daily[first:after].sum()), float(known[first:after].sum()))
        for first, after in zip(edges[::2], edges[1::2], strict=True)
    )
