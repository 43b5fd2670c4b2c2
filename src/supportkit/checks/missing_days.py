"""Days of a period on which nothing came where something always does: an export is missing, and nothing is judged.

What is usual of a day is the median of the same weekday in the eight weeks before. Days without a row that touch are
looked at together: they are missing where so many rows are usual that none of them is no accident, by a Poisson count
once in 8,000 such spans. So a small shop's quiet days are none, nor a weekend on which nobody works. Of the slices of a
rule, as channels, each is looked at by itself too: the days of the others would hide that its export is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final, NamedTuple

from supportkit.errors import UsageError
from supportkit.period import Period, local_day
from supportkit.store import Store

BACK: Final = 8  # weeks
LEAST_BACK: Final = 3  # of them, for a weekday to have something usual
LEAST_ROWS: Final = 9.0  # usual rows: exp(-9) is the chance that none of them comes


def missing_days(
    store: Store, table: str, period: Period, now: datetime, holidays: AbstractSet[date] = frozenset()
) -> str:
    """Which days of a period are missing from a table, in words; empty where none is, or none can be told.

    Of a period that is not over at `now` the days that are over are looked at; one that is open has none.
    """
    days = _looked_at(period, now, store.zone)
    if days is None:
        return ""
    span = _lacking(_daily(store.unfiltered, table, days.before), days, holidays)
    return f"{span.days} has no {table}, where {span.usual:.0f} are usual: is an export missing?" if span else ""


def missing_in_slices(
    store: Store, table: str, period: Period, now: datetime, holidays: AbstractSet[date], by: Sequence[str]
) -> dict[tuple[str, ...], str]:
    """The same of each slice of a filtered store, by its values of up to two dimensions; none where the table has no
    such dimension."""
    days = _looked_at(period, now, store.zone)
    if days is None:
        return {}
    try:
        slices = _daily_by(store, table, days.before, by)
    except UsageError:
        return {}
    found = {}
    for name, counts in slices.items():
        if span := _lacking(counts, days, holidays):
            told = f"{span.days} has none of its {table}, where {span.usual:.0f} are usual"
            found[name] = f"{told}: is an export missing?"
    return found


class LookedAt(NamedTuple):
    """The first day that is looked at and the one after the last, and the days with what was usual before them."""

    start: date
    end: date
    before: Period


class Lacking(NamedTuple):
    """Days without a row, in words, and how many rows are usual on them."""

    days: str
    usual: float


def _looked_at(period: Period, now: datetime, zone: str) -> LookedAt | None:
    if period.end is None:
        return None
    end = min(period.end, local_day(now, zone))
    window = timedelta(weeks=BACK)
    start = max(period.start or end - window, end - timedelta(days=366))
    return LookedAt(start, end, Period("", start - window, end))


def _lacking(counts: Mapping[date, int], looked_at: LookedAt, holidays: AbstractSet[date]) -> Lacking | None:
    """The first days that lack so many rows that it is no accident."""
    for days in _silent(counts, looked_at.start, looked_at.end, holidays):
        expected = sum(usual(counts, day) for day in days)
        if expected >= LEAST_ROWS:
            return Lacking(f"{days[0]}" if len(days) == 1 else f"{days[0]} to {days[-1]}", expected)
    return None


def usual(counts: Mapping[date, int], day: date) -> float:
    """The rows that usually come on such a day; none where too few weeks are known."""
    first = min(counts, default=day)
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


def _daily(store: Store, table: str, period: Period) -> dict[date, int]:
    sql = f"select over_start as day, count(*) as counted from {table} group by over_start order by over_start"
    selection = store.select(table, period=replace(period, name=""), over="day", joined=True)
    return dict(store.rows(sql, selection))


def _daily_by(store: Store, table: str, period: Period, by: Sequence[str]) -> dict[tuple[str, ...], dict[date, int]]:
    sql = f"""
        select by_1, by_2, over_start as day, count(*) as counted
          from {table}
         group by by_1, by_2, over_start
         order by by_1, by_2, over_start
    """
    found: dict[tuple[str, ...], dict[date, int]] = {}
    for *values, day, counted in store.rows(
        sql, store.select(table, period=period, by=",".join(by) or None, over="day")
    ):
        found.setdefault(tuple(str(value) for value in values[: len(by)]), {})[day] = counted
    return found
