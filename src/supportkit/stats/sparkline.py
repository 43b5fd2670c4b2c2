"""A row of blocks, one a value: small multiples for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

BLOCKS: Final = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float]) -> str:
    """One block a value, from nothing (the lowest) to the largest (the highest)."""
    top = max(values, default=0.0)
    if top <= 0:
        return BLOCKS[0] * len(values)
    return "".join([BLOCKS[int(value / top * (len(BLOCKS) - 1) + 0.5)] for value in values])
