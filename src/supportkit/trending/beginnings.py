"""Since when a trouble is: one day, whatever period is looked at, by the weeks of all the history that is there.

It is the Monday of the week in which the series began to stand out (`stats/episode_walk.py`), judged week by week to
that in which the period ends; what no week told by then, by the three weeks after it, where they are there. A complaint
in a place began with the complaint as a whole, where that began about as long ago; else on its own. What no week tells
keeps the begin of its own periods.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from supportkit.period import Period, containing
from supportkit.store.selection import split_dimensions
from supportkit.trending.trend_rows import TrendRows

if TYPE_CHECKING:
    from supportkit.stats.series_grid import Key

FURTHER: Final = 3  # weeks after the period that still tell when a trouble in it began
ABOUT: Final = timedelta(weeks=4)
"""How far the begins of a complaint and of its part may be apart to be one."""


def beginnings(
    view: TrendRows, period: Period, by: str, last: Period, judged: Callable[[Period, str], TrendRows]
) -> dict[int, date | None]:
    """The day on which each series of a view that is in an episode began, where weeks tell it; None where nothing does.

    `last` is the last whole week of the data, `judged` gives the view of a week by columns.
    """
    found: dict[int, date] = {}
    begun = [number for number, index in enumerate(view.seen.since) if index >= 0]
    for week in _weeks(period, last):
        waiting = [number for number in begun if number not in found]
        if waiting:
            found |= _told_by(week, view, waiting, period, split_dimensions(by), judged)
    if period.months or period.grain == "week":
        return {**found}
    unknown = (n for n in begun if view.seen.since[n] < view.blocks.count - view.seen.window[n])
    return dict.fromkeys(unknown) | found


def _weeks(period: Period, last: Period) -> list[Period]:
    """The weeks up to which the history is judged: that of the period's end, and some after it, as far as they are
    there; of one that is not over the days up to the period's end."""
    assert period.end is not None
    assert last.start is not None
    assert last.end is not None
    ends = (period.end + timedelta(weeks=weeks, days=-1) for weeks in (0, FURTHER))
    weeks = [containing(min(day, last.start), "week") for day in ends]
    if period.end > last.end:
        own = containing(period.end - timedelta(days=1), "week")
        weeks.append(replace(own, name=f"{own.start}..{period.end}", end=min(period.end, own.end or period.end)))
    return list(dict.fromkeys(weeks))


def _told_by(
    week: Period,
    view: TrendRows,
    numbers: Sequence[int],
    period: Period,
    columns: Sequence[str],
    judged: Callable[[Period, str], TrendRows],
) -> dict[int, date]:
    """Since when series of the view are, by the history up to a week."""
    weekly = view if week == period else judged(week, ",".join(columns))
    own = _begun(weekly, view, numbers, len(columns), period)
    if len(columns) == 1:
        return own
    whole = _begun(judged(week, columns[0]), view, numbers, 1, period)
    return own | {number: day for number, day in whole.items() if abs(own.get(number, day) - day) <= ABOUT}


def _begun(weekly: TrendRows, view: TrendRows, numbers: Sequence[int], columns: int, period: Period) -> dict[int, date]:
    """The first day of the last episode of the same series, or of the whole that it is of, that touches the time in
    which the view judged it."""
    from supportkit.stats.series_grid import folded

    def plain(key: Key) -> Key:
        return tuple(folded(part) for part in key[:columns])

    assert period.end is not None
    blocks, found = weekly.blocks, dict[int, date]()
    places = {plain(key): place for place, key in enumerate(weekly.grid.keys)}
    for number in numbers:
        place = places.get(plain(view.grid.keys[number]))
        judged_from = view.blocks.first_day(view.blocks.count - int(view.seen.window[number]))
        for one in weekly.seen.episodes:
            start, end = blocks.first_day(one.start), None if one.end is None else blocks.first_day(one.end)
            if one.series == place and start < period.end and (end is None or end > judged_from):
                found[number] = max(start, found.get(number, start))
    return found
