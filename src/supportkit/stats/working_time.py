"""Working hours as spans of time: when somebody is there, by weekly hours, days off and a time zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from supportkit.system.named import NamedTuple

DAY: Final = 24 * 60
"""Minutes."""
MINUTE_US: Final = 60_000_000
BUCKETS: Final = tuple(minutes * MINUTE_US for minutes in (DAY, 6 * 60, 60, 15, 1))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
Span = tuple[int, int]


class Calendar(NamedTuple):
    """Weekly hours: for Monday to Sunday the spans of minutes since midnight; who they are for, and what is off.

    `name` is a channel, a team or a country that they are for, empty for all others. `country` has the holidays of a
    country, or of a part of it (DE-BY); `valid_from` is the day that these hours begin, where there were others before.
    """

    weekly: tuple[tuple[Span, ...], ...]
    name: str = ""
    zone: str | None = None
    country: str | None = None
    closed: tuple[date, ...] = ()
    valid_from: date | None = None


def working_spans(
    weekly: Sequence[Sequence[Span]], zone: str, off: AbstractSet[date], first: date, last: date
) -> list[Span]:
    """The spans in which somebody is there from the first day to the last, both included: microseconds since 1970,
    half-open, in their order, none touching the next. A day off has none of its own hours."""
    found: list[Span] = []
    for start, end in _spans(weekly, ZoneInfo(zone), off, first, last):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def bucket_of(spans: Sequence[Span]) -> int:
    """The longest of BUCKETS, in microseconds, of which none that is counted from 1970 holds parts of two spans."""
    return next(
        (
            size
            for size in BUCKETS[:-1]
            if all((one[1] - 1) // size < other[0] // size for one, other in pairwise(spans))
        ),
        BUCKETS[-1],
    )


def _spans(
    weekly: Sequence[Sequence[Span]], zone: ZoneInfo, off: AbstractSet[date], first: date, last: date
) -> Iterator[Span]:
    day = first
    offset = datetime.combine(day, time(), zone).utcoffset()
    while day <= last:
        after = day + timedelta(days=1)
        later = datetime.combine(after, time(), zone).utcoffset()
        hours = () if day in off else weekly[day.weekday()]
        if hours and offset == later:
            midnight = _us(datetime.combine(day, time(), zone))
            for start, end in hours:
                yield midnight + start * MINUTE_US, midnight + end * MINUTE_US
        elif hours:
            yield from _minute_by_minute(hours, day, zone)
        day, offset = after, later


def _minute_by_minute(hours: Sequence[Span], day: date, zone: ZoneInfo) -> Iterator[Span]:
    """The spans of a day on which the clocks change: every minute whose time on the wall is within the hours."""
    begin, end = (_us(datetime.combine(each, time(), zone)) for each in (day, day + timedelta(days=1)))
    for start in range(begin, end, MINUTE_US):
        wall = (_EPOCH + timedelta(microseconds=start)).astimezone(zone)
        if any(from_minute <= wall.hour * 60 + wall.minute < to_minute for from_minute, to_minute in hours):
            yield start, start + MINUTE_US


def _us(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)
