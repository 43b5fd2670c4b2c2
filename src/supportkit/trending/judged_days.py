"""Which days `trends` looks at: the period closed on both sides, and whether the data covers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from supportkit.period import Period, containing, last_complete
from supportkit.store import Store
from supportkit.trending.equal_periods import Blocks

WEEK: Final = 7
BESIDE: Final = 8  # weeks
LEAST_SILENCE: Final = 3.0  # tickets that usually come: none of them is no accident
Days = Mapping[date, int]

SQL_FIRST = """
select cast(min(over_start) as date) as first
  from tickets
"""


def closed_period(store: Store, period: Period) -> Period:
    """The period; the last complete week where none is given, and the data's end on an open side: those of all tickets,
    whichever are looked at, or the load's where there are none."""
    whole = store.unfiltered
    through = whole.latest("tickets") or store.last_instant()
    if period.start is None and period.end is None:
        if through is None:
            return containing(date(1970, 1, 1), "week")
        return last_complete("week", store.as_of or through, store.zone)
    if period.end is None:
        assert period.start is not None
        last = through.astimezone(ZoneInfo(store.zone)).date() if through else period.start
        return replace(period, end=max(last, period.start) + timedelta(days=1))
    if period.start is None:
        first = whole.rows(SQL_FIRST, whole.select("tickets", over="day"))[0][0] or period.end
        return replace(period, start=min(first, period.end - timedelta(days=1)))
    return period


def last_week(store: Store, period: Period) -> Period:
    """The last week that the data covers whole; at least that of the end of a period that was judged and ends one."""
    assert period.end is not None
    own = containing(period.end - timedelta(days=1), "week")
    through = store.as_of or store.unfiltered.latest("tickets")
    last = last_complete("week", through, store.zone) if through else own.previous()
    assert own.start is not None
    assert last.start is not None
    return own if own.end == period.end and own.start > last.start else last


def too_short(store: Store, period: Period) -> tuple[str, ...]:
    """That no whole period of tickets is over yet, in words; nothing where one is."""
    first = store.rows(SQL_FIRST, store.select("tickets", over="day"))[0][0]
    if first is None or period.end is None or first < period.end:
        return ()
    part = containing(first, "week")
    return (
        f"the history is too short: the tickets begin on {first}, after {period.name}; --period {part.name} has them",
    )


def seven_days(period: Period) -> Period:
    """The period, or the seven days that end with it where it is shorter: weekdays differ."""
    assert period.end is not None
    if (period.days or 0) >= WEEK:
        return period
    start = period.end - timedelta(days=WEEK)
    return Period(f"{start}..{period.end}", start, period.end, "span")


def share_of_week(days: Days, period: Period) -> float:
    """The share of a week's tickets that come on the weekdays of a period, in the eight weeks before its week."""
    assert period.end is not None
    week = [period.end - timedelta(days=number) for number in range(1, WEEK + 1)]
    usual = {day: sum(days.get(day - timedelta(weeks=back), 0) for back in range(1, BESIDE + 1)) for day in week}
    inside = sum(count for day, count in usual.items() if period.start is None or day >= period.start)
    return inside / sum(usual.values()) if any(usual.values()) else (period.days or WEEK) / WEEK


def is_part(period: Period, days: Days, as_of: datetime | None) -> bool:
    """Whether the data ends inside the period: as-of does, or days are silent that have tickets in other weeks."""
    assert period.end is not None
    if not days or (as_of is not None and as_of.date() < period.end - timedelta(days=1)):
        return True
    return is_silent(days, max(days) + timedelta(days=1), period.end, step=-1)


def first_day(period: Period, days: Days) -> date | None:
    """The first day of the data: the start of its block where nothing speaks for missing days before it."""
    if not days:
        return None
    blocks, first = Blocks.of(period, None), min(days)
    start = blocks.day(blocks.number(first))
    return first if is_silent(days, start, first, step=1) else start


def covered(store: Store, blocks: Blocks, days: Days) -> list[bool]:
    """Whether the data covers each block, the oldest first: it has tickets there, or none by the shop's own doing.

    Before the first of all tickets and after the last nothing is known, nor on days that are silent for no reason.
    """
    filled = {blocks.holding(day) for day in days}
    if filled >= set(range(blocks.count)):
        return [True] * blocks.count
    whole = store.unfiltered
    through = whole.latest("tickets")
    first = whole.rows(SQL_FIRST, whole.select("tickets", over="day"))[0][0]
    if through is None or not days:
        return [index in filled for index in range(blocks.count)]
    last = through.astimezone(ZoneInfo(store.zone)).date()
    return [
        index in filled
        or (
            blocks.first_day(index) <= last
            and blocks.end_of(index) > first
            and not any(is_silent(days, blocks.first_day(index), blocks.end_of(index), step=step) for step in (-1, 1))
        )
        for index in range(blocks.count)
    ]


def is_silent(days: Days, start: date, end: date, *, step: int) -> bool:
    """Whether rows are missing on the days [start, end): the same weekdays of eight weeks beside have three."""
    silent = [start + timedelta(days=number) for number in range((end - start).days)]
    usual = [[days.get(day + step * timedelta(weeks=week), 0) for week in range(1, BESIDE + 1)] for day in silent]
    beside = max(1, min(BESIDE, (max(days) - min(days)).days // WEEK))
    return len(silent) > BESIDE * WEEK or sum(sum(weeks) / beside for weeks in usual) >= LEAST_SILENCE
