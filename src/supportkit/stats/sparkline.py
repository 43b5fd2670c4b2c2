"""A row of blocks, one a value: small multiples for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

BLOCKS: Final = "▁▂▃▄▅▆▇█"
UNKNOWN: Final = "–"


def sparkline(values: Sequence[float | None]) -> str:
    """One block a value, from nothing (the lowest) to the largest (the highest); a dash for one that is not known."""
    top = max((value for value in values if value is not None), default=0.0) or 1.0
    return "".join([UNKNOWN if one is None else BLOCKS[int(one / top * (len(BLOCKS) - 1) + 0.5)] for one in values])
