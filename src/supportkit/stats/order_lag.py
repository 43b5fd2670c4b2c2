"""What ticket counts are measured against: orders, moved to when their tickets come."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LAG_DAYS = 3.0  # mean of the exponential time from an order to its ticket
LAG_REACH = 28


def moved(daily: Array, mean_days: float = LAG_DAYS) -> Array:
    """Daily orders (…, days) moved by the lag to their tickets; before them it was as in the first fortnight."""
    daily = np.asarray(daily, float)
    edge = np.exp(-np.arange(LAG_REACH + 1) / mean_days)
    kernel = (edge[:-1] - edge[1:]) / (1 - edge[-1])
    days = daily.shape[-1]
    start = np.repeat(daily[..., :14].mean(-1, keepdims=True), LAG_REACH - 1, axis=-1)
    padded = np.concatenate([start, daily], axis=-1)
    total = np.zeros(daily.shape)
    for delay, share in enumerate(kernel):
        total += share * padded[..., LAG_REACH - 1 - delay : LAG_REACH - 1 - delay + days]
    return total


def sums(daily: Array, block: NDArray[np.int64], blocks: int) -> Array:
    """Sums of (…, days) per block; `block` is the index of every day, outside 0..blocks-1 is left out."""
    inside = (block >= 0) & (block < blocks)
    member = (block[inside][:, None] == np.arange(blocks)).astype(float)
    return np.asarray(daily[..., inside] @ member)
