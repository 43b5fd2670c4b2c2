"""What somebody has declared to have happened: releases, campaigns, an outage, with the day and the rows concerned.

They stand in pictures over time, and beside a break that was found: the one declared nearest before it. That is an
order in time and no cause.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from supportkit.errors import DataError, UsageError, unknown
from supportkit.result import Event, Result, Value, detail
from supportkit.store.conditions import Condition, parse_conditions
from supportkit.store.schema import TABLES

if TYPE_CHECKING:
    from supportkit.config import Config
    from supportkit.store import Store

COLUMNS: Final = ("at", "text", "where")
BESIDE: Final = "event"
TIME_NOT_CAUSE: Final = "declared nearest before it, in time and not as its cause"


def read_events(config: Config | None, file: Path | None, store: Store) -> tuple[Event, ...]:
    """The events of the configuration and of a file, the oldest first. Raises DataError, and UsageError that names the
    one at fault: where it is of a column that the store does not have, it would be seen nowhere."""
    found = _of_file(file, store) if file else []
    for number, one in enumerate(config.event if config else (), 1):
        assert config is not None
        found.append(_event(f"{config.path}: [[event]] {number}", one.at, one.text, one.where, store))
    return tuple(sorted(found, key=lambda one: (one.at, one.text)))


def _of_file(path: Path, store: Store) -> list[Event]:
    """The events of a CSV with the columns at, text and, where there is one, where."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            names = [name.strip().lower() for name in next(reader, ())]
            rows = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = error.strerror if isinstance(error, OSError) else "is no CSV in UTF-8"
        raise DataError(f"--events {path}: {why}", hint="a CSV with the columns at, text, where") from error
    for name in names:
        if name not in COLUMNS:
            raise unknown(f"column in {path}", name, COLUMNS)
    if not {"at", "text"} <= set(names) or len(set(names)) < len(names):
        raise UsageError(f"--events {path}: the columns at and text are needed, each once", hint="at,text,where")
    found = []
    for number, row in rows:
        place = f"--events {path}, line {number}"
        if len(row) > len(names):
            raise UsageError(f"{place}: more cells than columns", hint="quote a text with commas in it")
        cells = dict(zip(names, row, strict=False))
        found.append(_event(place, cells["at"], cells.get("text"), cells.get("where"), store))
    return found


def _event(place: str, at: date | str | Any, text: str | None, where: str | None, store: Store) -> Event:
    try:
        moment = datetime.fromisoformat(at.strip()) if isinstance(at, str) else at
        if isinstance(moment, datetime):
            moment = (moment.astimezone(ZoneInfo(store.zone)) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{place}, at: {str(at)!r} is no day and no time", hint="2026-11-08 or 2026-11-08T18:00"
        ) from error
    words = " ".join((text or "").split())
    if not words:
        raise UsageError(f"{place}, text: it has none", hint="say what happened")
    try:
        conditions = parse_conditions([where]) if where and where.strip() else ()
    except UsageError as error:
        raise UsageError(f"{place}, where: {error.message}", hint=error.hint) from error
    for one in conditions:
        if one.operator != "=" or one.more:
            raise UsageError(f"{place}, where: {one} is not of one value", hint='where = "country=DE"')
        if (strange := store.without_column(TABLES, one.column)) is not None:
            raise UsageError(f"{place}, where: {strange.message}", hint=strange.hint)
    return Event(moment, words, tuple((one.column, str(one.value)) for one in conditions))


def with_events(result: Result, events: Sequence[Event]) -> Result:
    """A result with the events that concern it, for its pictures, and beside each break in its rows the nearest one."""
    filters = set(result.scope.filters)
    kept = [replace(one, where=_not_in(one, filters)) for one in events]
    dimensions = {key.dimension for key in result.keys}
    drawn = tuple(one for one in kept if {name for name, _ in one.where} <= dimensions)
    return _beside_breaks(replace(result, events=drawn), kept) if events else result


def _beside_breaks(result: Result, events: Sequence[Event]) -> Result:
    """The column `event` after `since`, where a metric has found since when a row is another."""
    names = [column.name for column in result.columns]
    if result.metric != "trends" or "since" not in names or BESIDE in names:
        return result
    place = names.index("since") + 1
    keys = [(key.dimension, names.index(key.name)) for key in result.keys]
    rows: list[tuple[Value, ...]] = []
    for row in result.rows:
        since = row[place - 1]
        known = {(dimension, str(row[number])) for dimension, number in keys}
        told = nearest_before(events, since, known) if isinstance(since, date) else None
        rows.append((*row[:place], told, *row[place:]))
    column = detail(BESIDE, "text", "declared before")
    said = (f"declared before: {TIME_NOT_CAUSE}",) if any(row[place] for row in rows) else ()
    return replace(
        result,
        columns=(*result.columns[:place], column, *result.columns[place:]),
        rows=tuple(rows),
        notes=(*result.notes, *said),
    )


def nearest_before(
    events: Iterable[Event], day: date, known: AbstractSet[tuple[str, str]] = frozenset(), *, last: date | None = None
) -> str | None:
    """The event declared nearest before a break that concerns rows with these values, in words.

    The break is on a day, or between that and the `last` day, of which nothing nearer is known.
    """
    before = [one for one in events if one.at <= (last or day) and set(one.where) <= known]
    if not before:
        return None
    found = max(before, key=lambda one: (one.at, len(one.where)))
    days = (day - found.at).days
    apart = f"{days} days before" if days > 1 else "1 day before" if days == 1 else "the same day"
    return f"{found.at} {found.text} ({'in that week' if last and days <= 0 else apart})"


def beside_the_break(week: str, top: Iterable[tuple[str, str]], events: Iterable[Event], filters: Iterable[str]) -> str:
    """What is said behind a break in a week: the event declared nearest before; nothing where there is none."""
    year, _, number = week.partition("-W")
    monday = date.fromisocalendar(int(year), int(number), 1)
    kept = [replace(one, where=_not_in(one, set(filters))) for one in events]
    told = nearest_before(kept, monday, set(top), last=monday + timedelta(days=6))
    return f"; {TIME_NOT_CAUSE}: {told}" if told else ""


def _not_in(event: Event, filters: set[str]) -> tuple[tuple[str, str], ...]:
    """The conditions of an event that the filters of a result do not hold already."""
    return tuple(pair for pair in event.where if str(Condition(pair[0], "=", pair[1])) not in filters)
