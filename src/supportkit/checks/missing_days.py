"""Days of a period on which nothing came where something always does: an export is missing, and nothing is judged.

What is usual of a day is the median of the same weekday in the eight weeks before. Days without a row that touch are
looked at together: they are missing where so many rows are usual that none of them is no accident, by a Poisson count
once in 8,000 such spans of a week, and of a longer period as rarely in all of it. What comes in bunches, as the events
of a user, is counted by them. So a small shop's quiet days are none, nor a weekend on which nobody works. Of the slices
of a rule, as channels, each is looked at by itself too: the days of the others would hide that its export is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field
from datetime import date, datetime, timedelta
from math import log
from statistics import median
from typing import Final

from supportkit.errors import UsageError
from supportkit.period import Period, local_day
from supportkit.store import Store
from supportkit.store.conditions import Condition
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

Daily = Mapping[tuple[str, ...], Mapping[date, int]]
"""The rows of each day by the values of dimensions."""
Counted = dict[tuple[str, tuple[Condition, ...], Period], dict[tuple[str, ...], Daily]]
"""What has been counted so far: of a table under conditions in a span of days, by the names of dimensions."""


class Bunch(NamedTuple):
    """What brings several rows of a table at once: its column, and what it is called."""

    column: str
    noun: str


BACK: Final = 8  # weeks
WINDOW: Final = timedelta(weeks=BACK)
LONGEST: Final = timedelta(days=366)  # that are looked at
LEAST_BACK: Final = 3  # of them, for a weekday to have something usual
BUNCHES: Final = {"events": Bunch("user_id", "users"), "messages": Bunch("ticket_id", "tickets")}
LEAST_ROWS: Final = 9.0  # usual rows: exp(-9) is the chance that none of them comes


@dataclass(frozen=True)
class TableDays:
    """The days of a store's tables as they are known at an instant; each is counted once."""

    store: Store
    now: datetime
    holidays: AbstractSet[date] = frozenset()
    counted: Counted = field(default_factory=dict, compare=False)
    _missing: dict[tuple[str, Period], str] = field(default_factory=dict, compare=False)

    def missing(self, tables: Sequence[str], period: Period) -> str:
        """Which days of a period are missing from the first of tables that lacks any, in words; empty where none is."""
        for table in tables:
            if (table, period) not in self._missing:
                found = missing_days(self.store, table, period, self.now, self.holidays, self.counted)
                self._missing[table, period] = found
            if self._missing[table, period]:
                return self._missing[table, period]
        return ""


def missing_days(
    store: Store, table: str, period: Period, now: datetime, holidays: AbstractSet[date], known: Counted
) -> str:
    """Which days of a period are missing from a table, in words; empty where none is, or none can be told.

    Of a period that is not over at `now` the days that are over are looked at, of one without an end those up to the
    last row, of one without a beginning the last eight weeks.
    """
    today = local_day(now, store.zone)
    counts = _counted(known, store.unfiltered, table, _needed(period, today), ()).get((), {})
    days = _looked_at(period, today, max(counts, default=None))
    span = days and _lacking(counts, days, holidays)
    return f"{span.days} has no {table}, where {_usual(table, span)}: is an export missing?" if span else ""


def lacking_slices(
    store: Store,
    table: str,
    period: Period,
    now: datetime,
    holidays: AbstractSet[date],
    known: Counted,
    by: tuple[str, ...],
) -> dict[tuple[str, ...], Lack]:
    """The same of each slice of a filtered store, by its values of up to two dimensions; none where the table has no
    such dimension.

    A period that is open on a side has none before it. There a slice is told to have ended of which nothing comes any
    more while the table goes on, where that was not more than a year before.
    """
    today = local_day(now, store.zone)
    try:
        slices = _counted(known, store, table, _needed(period, today), by)
    except UsageError:
        return {}
    last = max(map(max, slices.values()), default=None)
    reach = store.unfiltered.latest(table) if store.conditions and last else None
    days = _looked_at(period, today, local_day(reach, store.zone) if reach else last)
    found: dict[tuple[str, ...], Lack] = {}
    for name, counts in slices.items() if days else ():
        assert days is not None
        ended = _since_the_last(counts, days, holidays) if is_open(period) else None
        if (span := ended or _lacking(counts, days, holidays)) is not None:
            told = f"{span.days} has none of its {table}, where {_usual(table, span)}"
            found[name] = Lack(told, max(counts), counts[max(counts)]) if ended else Lack(told)
    return found


def _since_the_last(counts: Mapping[date, int], days: LookedAt, holidays: AbstractSet[date]) -> Lacking | None:
    """The days since the last row of a slice, where it is no accident that there are none."""
    since = max(days.end - LONGEST, max(counts) + timedelta(days=1))
    return _lacking(counts, LookedAt(since, days.end), holidays)


def _counted(known: Counted, store: Store, table: str, span: Period, by: tuple[str, ...]) -> Daily:
    """The rows of each day by dimensions, asked for once; those of all are the sum of slices where these are known."""
    same = known.setdefault((table, store.conditions, span), {})
    if by not in same:
        parts = (one for names, one in same.items() if table not in BUNCHES and "tags" not in names)
        slices = next(parts, None) if not by else None
        same[by] = daily_by(store, table, span, by) if slices is None else {(): _together(slices)}
    return same[by]


def _together(slices: Daily) -> Counter[date]:
    """The rows of each day in all slices."""
    counts: Counter[date] = Counter()
    for one in slices.values():
        counts.update(one)
    return counts


def is_open(period: Period) -> bool:
    """Whether a period has no first or no last day, and so none before it."""
    return period.start is None or period.end is None


class Lack(NamedTuple):
    """What a slice lacks, in words; of one that has ended its last day, with the rows of that day."""

    told: str
    last: date | None = None
    n: int = 0


def _usual(table: str, span: Lacking) -> str:
    noun = f" {BUNCHES[table].noun}" if table in BUNCHES else ""
    return f"{span.usual:.0f}{noun} are usual"


class LookedAt(NamedTuple):
    """The first day that is looked at and the one after the last."""

    start: date
    end: date


class Lacking(NamedTuple):
    """Days without a row, in words, and how many rows are usual on them."""

    days: str
    usual: float


def _needed(period: Period, today: date) -> Period:
    """The days to be counted: those that are looked at, and those before them that tell what is usual."""
    end = min(period.end, today) if period.end else None
    start = max(period.start, end - LONGEST) - WINDOW if period.start and end else None
    return Period("", start, end)


def _looked_at(period: Period, today: date, last: date | None) -> LookedAt | None:
    """The days of a period that are over, up to the last one of the table where the period has no end."""
    end = period.end or (last and last + timedelta(days=1))
    if end is None:
        return None
    end = min(end, today)
    return LookedAt(max(period.start or end - WINDOW, end - LONGEST), end)


def _lacking(counts: Mapping[date, int], looked_at: LookedAt, holidays: AbstractSet[date]) -> Lacking | None:
    """The first days that lack so many rows that it is no accident in a period as long as this."""
    least = LEAST_ROWS + log(max(1.0, (looked_at.end - looked_at.start).days / 7))
    first = min(counts, default=looked_at.end)
    for days in _silent(counts, looked_at.start, looked_at.end, holidays):
        expected = sum(usual(counts, first, day) for day in days)
        if expected >= least:
            return Lacking(f"{days[0]}" if len(days) == 1 else f"{days[0]} to {days[-1]}", expected)
    return None


def usual(counts: Mapping[date, int], first: date, day: date) -> float:
    """The rows that usually come on such a day, of a table that begins on a first one; none where too few weeks are
    known."""
    same = [day - timedelta(weeks=week) for week in range(1, BACK + 1)]
    known = [counts.get(one, 0) for one in same if one >= first]
    return float(median(known)) if len(known) >= LEAST_BACK else 0.0


def _silent(
    counts: Mapping[date, int], start: date, end: date, holidays: AbstractSet[date]
) -> Iterator[tuple[date, ...]]:
    """The days without a row, those that touch together; a holiday is none and parts none."""
    days: list[date] = []
    for number in range((end - start).days + 1):
        day = start + timedelta(days=number)
        if day < end and day in holidays:
            continue
        if day < end and not counts.get(day):
            days.append(day)
        elif days:
            yield tuple(days)
            days = []


def daily_by(store: Store, table: str, span: Period, by: Sequence[str]) -> dict[tuple[str, ...], dict[date, int]]:
    """The rows of each day that has any, or its BUNCHES, by the values of up to two dimensions; without these all are
    under ().

    Raises UsageError where the table has no such dimension.
    """
    counted = f"distinct {BUNCHES[table].column}" if table in BUNCHES else "*"
    sql = f"""
        select by_1, by_2, over_start as day, count({counted}) as counted
          from {table}
         group by by_1, by_2, over_start
         order by by_1, by_2, over_start
    """
    found: dict[tuple[str, ...], dict[date, int]] = {}
    for *values, day, counted in store.rows(sql, store.select(table, period=span, by=",".join(by) or None, over="day")):
        found.setdefault(tuple(str(value) for value in values[: len(by)]), {})[day] = counted
    return found
