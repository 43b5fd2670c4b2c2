"""A name in its first period whose tickets another name lacks: split off from it, perhaps, and held back for a period.

The day on which a part was split off is told from the days since (`name_changes`); in the first of them that cannot be
done yet. What then rises is announced only where no other name with texts like these lacks as many tickets as it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from supportkit.period import Period
from supportkit.store import Selection, Store
from supportkit.system.named import NamedTuple
from supportkit.trending.equal_periods import Blocks
from supportkit.trending.name_changes import SQL_DAILY, alike_words

if TYPE_CHECKING:
    from supportkit.stats.episodes import SeriesJudgement
    from supportkit.stats.outbreak import Array
    from supportkit.stats.series_grid import Grid

CLEAR: Final = 2.0  # standard deviations of what was due
BEGUN: Final = ("new", "rising")
USUAL: Final = 8  # periods before, of which the share of some of their days is known
LARGEST: Final = 0.85  # of what a name was expected to have, what was split off from it


class HeldBack(NamedTuple):
    """A series in its first period, and the one that lacks about as many tickets since its first day."""

    number: int
    other: int
    since: date
    tickets: float  # of the series itself since that day
    left: float  # of the other one since that day
    due: float  # what the other one was expected to have

    def sentence(self, grid: Grid) -> str:
        """What is held back, why, and until when."""
        name, other = (", ".join(grid.keys[number]) for number in (self.number, self.other))
        return (
            f"{name} has {self.tickets:.0f} tickets since its first day, {self.since}, and {other} has {self.left:.0f} "
            f"of {self.due:.1f} expected: perhaps split off from it, and not named before the next period"
        )


def held_back(
    store: Store, past: Period, by: Sequence[str], grid: Grid, seen: SeriesJudgement, blocks: Blocks
) -> list[HeldBack]:
    """The series that stand out in their first period while another lacks their tickets."""
    rising = [number for number, state in enumerate(seen.state) if state in BEGUN]
    first = [number for number in rising if not grid.tickets[number, :-1].any()]
    if len(by) != 1 or not first:
        return []
    found = []
    selection = store.select("tickets", period=past, by=by[0], over="day")
    daily = _daily(store, selection, grid, blocks)
    alike = alike_words(store, selection)
    for number in first:
        for one in _lacking(daily, number, seen, blocks, worded=alike is not None):
            if one.other not in rising and (alike is None or alike(grid.keys[number], grid.keys[one.other])):
                found.append(one)
                break
    return found


def _daily(store: Store, selection: Selection, grid: Grid, blocks: Blocks) -> Array:
    """Tickets of each series (series, days) in the last period and some before it."""
    import numpy as np

    from supportkit.stats.series_grid import folded

    begin = blocks.day(-min(USUAL, blocks.count - 1))
    numbers = {folded(key[0]): number for number, key in enumerate(grid.keys)}
    daily = np.zeros((len(grid.keys), (blocks.day(1) - begin).days))
    for name, days, tickets in store.rows(SQL_DAILY, selection, first=begin):
        daily[numbers[folded(name)], days] += tickets
    return daily


def _lacking(daily: Array, number: int, seen: SeriesJudgement, blocks: Blocks, *, worded: bool) -> list[HeldBack]:
    """The series of which it is likelier that the tickets of this one are missing since its first day than that none
    is, the best first; not where so many would hardly be missed. In the same words (`worded`, which the caller looks
    up) a part of them is enough."""
    import numpy as np

    from supportkit.stats.relabelled import LEAST_PART, likelier_moved

    first, period = int(np.flatnonzero(daily[number])[0]), (blocks.day(1) - blocks.day(0)).days
    length = daily.shape[1] - first
    since, taken = daily[:, first:].sum(1), float(daily[number].sum())
    share = length / period
    if blocks.days:
        usual = daily[:, :-period].sum(0).reshape(-1, period)
        share = float(usual[:, period - length :].sum() / max(usual.sum(), 1))
    due = np.maximum(seen.expected * share, 1e-9)
    missed = np.full(len(due), True) if worded else (taken <= LARGEST * due) & (taken**2 >= CLEAR**2 * due)
    likelier = np.where(missed, likelier_moved(since, due, -taken, LEAST_PART if worded else 1.0), -np.inf)
    likelier[number] = -np.inf
    day = blocks.day(1) - timedelta(days=length)
    return [
        HeldBack(number, int(n), day, taken, float(since[n]), float(due[n]))
        for n in np.argsort(-likelier, kind="stable")
        if likelier[n] > 0
    ]
