"""A name that may be new, or split off from another one: held back until the days since tell which, and that is said.

Whether it was split off is told by the tickets that the other one lacks, and by words where there are texts. Where
neither is much likelier (`stats/split_off.py`), the name is announced as no rise, and a note has both figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from supportkit.system.named import NamedTuple
from supportkit.trending.name_changes import NameChange
from supportkit.trending.trend_rows import UP

if TYPE_CHECKING:
    from supportkit.stats.episodes import SeriesJudgement
    from supportkit.stats.series_grid import Grid


class HeldBack(NamedTuple):
    """A name of which it cannot be told whether it is new, and the series of it that stand out."""

    change: NameChange
    series: tuple[int, ...]

    def sentence(self) -> str:
        """What is held back, why, and until when."""
        lacks = self.change.lacks
        assert lacks is not None
        since, last = self.change.since, self.change.since + timedelta(days=lacks.days - 1)
        return (
            f"{self.change.new[0]} has {lacks.tickets:.0f} tickets from {since}, its first day, to {last}, and "
            f"{self.change.old[0]} has {lacks.left:.0f} of {lacks.due:.1f} expected: new, or split off from it; "
            "not named before that can be told"
        )


def held_back(changes: Sequence[NameChange], grid: Grid, seen: SeriesJudgement) -> list[HeldBack]:
    """The names in doubt of which something stands out."""
    from supportkit.stats.series_grid import folded

    found = []
    for change in changes:
        if change.lacks is None:
            continue
        name = folded(change.new[0])
        up = [
            number
            for number, key in enumerate(grid.keys)
            if folded(key[change.place]) == name and seen.state[number] in UP
        ]
        if up:
            found.append(HeldBack(change, tuple(up)))
    return found
