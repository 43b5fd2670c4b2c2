"""Trouble with the data, told apart from trouble in the shop: days missing from the export, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from supportkit.trending.blocks import Blocks

if TYPE_CHECKING:
    from supportkit.stats.gaps import Gap
    from supportkit.stats.outbreak import Array, Mask

REACH: Final = 400  # days looked at
TOO_LITTLE: Final = 0.3  # of a period: with less there it is no history
TOLD: Final = 8  # periods back that gaps are told of


@dataclass(frozen=True)
class Problems:
    """`there` is the share of each block that the export holds; notes say which days are missing."""

    there: Array  # (blocks,)
    notes: tuple[str, ...]

    @property
    def enough(self) -> Mask:
        """The blocks that can be learned from and tested."""
        return self.there >= TOO_LITTLE


def problems(days: Mapping[date, int], blocks: Blocks) -> Problems:
    """Gaps in the daily tickets, as shares of the blocks they fall in and as sentences."""
    import numpy as np

    from supportkit.stats.gaps import gaps, usual

    there = np.ones(blocks.count)
    end = min(blocks.day(1), max(days, default=blocks.start) + timedelta(days=1))
    first = max(min(days, default=blocks.start), end - timedelta(days=REACH))
    daily = np.array([days.get(first + timedelta(days=n), 0) for n in range(max((end - first).days, 0))], float)
    found = gaps(daily)
    lost, expected = np.zeros(blocks.count), np.zeros(blocks.count)
    normal = np.nan_to_num(usual(daily))
    low = {day for gap in found for day in range(gap.first, gap.last + 1)}
    for number in range(len(daily)):
        index = blocks.index(first + timedelta(days=number))
        if index >= 0:
            expected[index] += normal[number]
            lost[index] += max(normal[number] - daily[number], 0) if number in low else 0
    there = 1 - lost / np.maximum(expected, 1)
    recent = [gap for gap in found if blocks.number(first + timedelta(days=gap.last)) > -TOLD]
    return Problems(there, tuple(_sentence(gap, first, gap.last == len(daily) - 1) for gap in recent))


def _sentence(gap: Gap, first: date, at_the_end: bool) -> str:
    start, last = first + timedelta(days=gap.first), first + timedelta(days=gap.last)
    span = f"{start}" if start == last else f"{start} to {last}"
    reason = "the last days of an export are often incomplete" if at_the_end else "a gap in the export, or a holiday"
    return f"data: {gap.tickets:.0f} tickets on {span} where {gap.usual:.0f} are usual: {reason}; taken as missing"
