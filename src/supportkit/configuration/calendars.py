"""[calendar]: weekly hours for all, and by channel, team or country; holidays and days that are closed.

    [calendar]
    hours = "Mon-Fri 09:00-18:00, Sat 10:00-14:00"      # or a table {mon = "09:00-12:00, 13:00-17:00", …}
    country = "DE-BY"

    [calendar.chat]                                     # tickets of this channel, else team, else country
    hours = "Mon-Sun 22:00-06:00"

What a calendar of a name does not say (hours, time_zone, country, valid_from) is as in the one for all, and its closed
days are added to those for all. Hours that changed stand in a list, `[[calendar]]`,
each with the day from which they hold. Before the day of the first of a name those for all hold, and before that of
the first of these there are none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from supportkit.configuration.readers import MisreadError, day, section, several, shown, text, texts
from supportkit.configuration.sections import zone
from supportkit.errors import unknown
from supportkit.stats.working_time import DAY, Calendar, Span
from supportkit.system.late_patterns import late
from supportkit.system.named import NamedTuple

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK: Final = r"(\d{1,2}):(\d{2})"
_SPAN: Final = late(rf"\s*{_CLOCK}\s*[-–]\s*{_CLOCK}\s*")
_DAYS: Final = late(r"\s*([A-Za-z]{3,9})\s*(?:[-–]\s*([A-Za-z]{3,9}))?\s+(?=\d)")
_HINT: Final = 'write "Mon-Fri 09:00-18:00", or {mon = "09:00-17:00", …}'


class _Written(NamedTuple):
    """A calendar as it is written."""

    weekly: tuple[tuple[Span, ...], ...] | None = None
    zone: str | None = None
    country: str | None = None
    closed: tuple[date, ...] = ()
    holidays: tuple[str, ...] = ()
    valid_from: date | None = None


class Calendars(NamedTuple):
    """The working hours, those for all before those of a name; and days on which nothing is to be expected."""

    hours: tuple[Calendar, ...] = ()
    off: frozenset[date] = frozenset()


def read_hours(value: Any) -> tuple[tuple[Span, ...], ...]:
    """Weekly hours from a text or a table: for each weekday spans of minutes. Raises ValueError."""
    found: list[list[Span]] = [[] for _ in WEEKDAYS]
    if isinstance(value, Mapping):
        for name, hours in value.items():
            _add(found, [_weekday(name)], text(hours))
    elif text(value).strip() == "24/7":
        found = [[(0, DAY)] for _ in WEEKDAYS]
    else:
        days: list[int] = []
        for part in re.split(r"[,;]", value):
            if told := _DAYS.match(part):
                days = _between(told[1], told[2] or told[1])
            if not days:
                raise ValueError(f"{shown(part.strip())} says no weekday: {_HINT}")
            _add(found, days, part[told.end() :] if told else part)
    return tuple(tuple(_merged(spans)) for spans in found)


def _add(found: list[list[Span]], days: list[int], hours: str) -> None:
    """Add spans to weekdays; one over midnight goes on in the next day."""
    for part in re.split(r"[,;]", hours):
        told = _SPAN.fullmatch(part)
        if told is None:
            raise ValueError(f"{shown(part.strip())} is no span of hours: {_HINT}")
        start, end = _minutes(told[1], told[2]), _minutes(told[3], told[4])
        for number in days:
            if start < end:
                found[number].append((start, end))
            else:
                found[number].append((start, DAY))
                if end:
                    found[(number + 1) % len(WEEKDAYS)].append((0, end))


def _minutes(hour: str, minute: str) -> int:
    found = int(hour) * 60 + int(minute)
    if int(minute) > 59 or found > DAY:
        raise ValueError(f"'{hour}:{minute}' is no time of day")
    return found


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _weekday(name: str) -> int:
    short = name.strip().lower()[:3]
    if short not in WEEKDAYS:
        raise ValueError(f"{name!r} is no weekday: {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(short)


def _between(first: str, last: str) -> list[int]:
    start, end = _weekday(first), _weekday(last)
    return [number % len(WEEKDAYS) for number in range(start, end + 1 if end >= start else end + 1 + len(WEEKDAYS))]


def _closed(value: Any) -> tuple[date, ...]:
    """Days, and spans of days: "2026-12-24..2026-12-31"."""
    from datetime import timedelta

    found: list[date] = []
    for one in [value] if isinstance(value, str | date) else value if isinstance(value, list) else [text(value)]:
        first, _, last = (one if isinstance(one, str) else str(one)).partition("..")
        start, end = day(first), day(last or first)
        if end < start:
            raise ValueError(f"{shown(one)} ends before it begins")
        found += [start + timedelta(days=number) for number in range((end - start).days + 1)]
    return tuple(found)


_READERS: Final = {
    "hours": read_hours,
    "time_zone": zone,
    "country": text,
    "closed": _closed,
    "holidays": texts,
    "valid_from": day,
}
_ONE: Final = section(_Written, _READERS)
_OF_HOURS: Final = ("time_zone", "country", "valid_from")
"""What is said of hours, and nothing by itself."""


def calendars(value: Any) -> Calendars:
    """All calendars of a file. Raises ValueError with the place of the fault."""
    if isinstance(value, list):
        found = [calendars(one) for one in value]
        return Calendars(
            tuple(one for each in found for one in each.hours), frozenset().union(*(each.off for each in found))
        )
    if not isinstance(value, Mapping):
        raise ValueError(f"{shown(value)} is no section")
    own = {key: one for key, one in value.items() if key in _READERS}
    named = {key: one for key, one in value.items() if key not in _READERS}
    every: _Written = _ONE(own)
    hours = [_calendar("", every, every)] if every.weekly is not None else []
    off = _off(every)
    for name, one in named.items():
        if not isinstance(one, Mapping | list):
            fault = unknown("key", name, _READERS)
            raise MisreadError(fault.message, fault.hint, (name,))
        for written in _versions(name, one):
            if written.weekly is None and every.weekly is None:
                raise MisreadError("is needed, where [calendar] has none", _HINT, (name, "hours"))
            hours.append(_calendar(name, written, every))
            off |= _off(written)
    idle = next((key for key in own if key in _OF_HOURS), None)
    if idle is not None and not hours:
        raise MisreadError("says nothing without hours", _HINT, (idle,))
    return Calendars(tuple(hours), off)


def _versions(name: str, value: Any) -> tuple[_Written, ...]:
    try:
        return several(_ONE)(value) if isinstance(value, list) else (_ONE(value),)
    except MisreadError as error:
        raise MisreadError(error.message, error.hint, (name, *error.place)) from error


def _calendar(name: str, written: _Written, every: _Written) -> Calendar:
    """A calendar; what it does not say is as in the one for all."""
    closed = {*every.closed, *written.closed, *_listed(every), *_listed(written)}
    return Calendar(
        (written.weekly if written.weekly is not None else every.weekly) or (),
        name.lower(),
        written.zone or every.zone,
        written.country or every.country,
        tuple(sorted(closed)),
        written.valid_from or every.valid_from,
    )


def _off(written: _Written) -> frozenset[date]:
    return frozenset((*written.closed, *_listed(written)))


def _listed(written: _Written) -> list[date]:
    """The holidays that are written as days."""
    found = []
    for one in written.holidays:
        try:
            found.append(date.fromisoformat(one.strip()))
        except ValueError:  # the name of one, which is no day
            continue
    return found
