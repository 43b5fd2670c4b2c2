"""How far the rows of a store reach, and what figures from them cover: until when, whether a period is whole, what was
left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from supportkit.period import Period, midnight
from supportkit.result import Scope, counted
from supportkit.store.dimension_names import no_column
from supportkit.store.schema import TABLES
from supportkit.store.selection import Selection
from supportkit.store.ticket_bands import KNOWN_BY, UNKNOWN
from supportkit.store.ticket_states import left_out
from supportkit.store.unknown_words import shares, shares_of, unknown_words
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from supportkit.store.store import Store

WEEKEND: Final = 2  # days
BESIDE: Final = timedelta(weeks=8)
LEAST_BESIDE: Final = 20  # rows in those weeks, so that a weekday without one says something
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
UNDATED: Final = EPOCH + timedelta(days=1)
"""Programs write the first of all days where there is no time."""


class Coverage(NamedTuple):
    """Rows in a selection, rows dated after the bound, the latest instant up to it, and the earliest instant."""

    rows: int
    later: int
    latest: datetime | None
    earliest: datetime | None


def scope_of(
    store: Store,
    selection: Selection,
    *others: Selection,
    by: Sequence[str],
    figures: Mapping[str, Sequence[str]],
    asked_period: Period | None,
) -> tuple[Scope, tuple[str, ...]]:
    """What `Store.scope` tells."""
    counts = [coverage(store, part) for part in (selection, *others)]
    through = max((one.latest for one in counts if one.latest is not None), default=None)
    rows, later, _, earliest = counts[0]
    notes = []
    if later:
        when = "--as-of" if store.as_of else "the load"
        name = selection.table.name
        single = f"{{n}} {name.removesuffix('s')} dated after {when} is left out"
        notes.append(counted(later, single, f"{{n}} {name} dated after {when} are left out"))
    if earliest is not None and earliest < UNDATED:
        notes += _undated(store, selection)
    for condition in selection.ignored:
        raise no_column(selection.table, condition.column, store.properties(selection.table.name))
    for other in others:
        notes += [f"{other.table.name} are not cut to {c}: they have no such column" for c in other.ignored]
    for one in (selection, *others):
        notes += left_out(store, one)
    asked = (*by, *(place.partition(".")[2] for places in figures.values() for place in places))
    told = {part.table.name: unknown_words(store, part, asked) for part in (selection, *others)}
    notes += [unknown.note() for found in told.values() for unknown in found]
    named = {*selection.by, *(condition.column for condition in store.conditions)}
    notes += [UNKNOWN[n] for n, entries in KNOWN_BY.items() if n in named and not store.has_rows("messages", entries)]
    period = selection.period
    part = is_part(store, selection.table.name, period, through)
    if part:
        last = end_of_data(store, selection.table.name, through)
        assert last is not None
        after = (asked_period or period).is_after(last, store.zone)
        said = "begins after the data, which" if after else "is a part period: the data"
        notes.append(f"{period.name} {said} ends {last:%Y-%m-%d %H:%M} UTC")
    reached = [end_of_data(store, one.table.name, through) for one in (selection, *others)]
    scope = Scope(
        period=period.name,
        start=period.start,
        end=period.end,
        as_of=store.as_of or max((one for one in reached if one is not None), default=None),
        data_through=through,
        time_zone=store.zone,
        currency=store.currency,
        filters=tuple(str(condition) for condition in store.conditions),
        rows=rows,
        part=part,
        unknown_shares=shares(told[selection.table.name]),
        unknown_figures={figure: shares_of(told, places, selection.table.name) for figure, places in figures.items()},
    )
    return scope, tuple(notes)


def _undated(store: Store, selection: Selection) -> list[str]:
    """How many rows of a selection are dated where no time was known, in words."""
    table, condition = selection.table, f"{selection.table.time} < timestamptz '{UNDATED}'"
    if not store.has_rows(table.name, condition):
        return []
    query = f"select count(*) from {table.name} where {condition}"
    ((count,),) = store.rows(query, store.without_dimensions(selection))
    told = f"{count:,} {table.name} dated 1970-01-01 or before: programs write that where there is no time"
    return [told] if count else []


def end_of_data(store: Store, table: str, through: datetime | None) -> datetime | None:
    """Until when the data of a table reach, whoever is looked at; the rows that are looked at end at `through`."""
    if not store.conditions:
        return through
    return max((one for one in (through, store.unfiltered.latest(table)) if one is not None), default=None)


def is_part(store: Store, table: str, period: Period, through: datetime | None) -> bool:
    """Whether the data ends inside a period, so that it is compared with no whole one; `through` is when the rows
    end that are looked at.

    It does not where it only lacks one day or two, over by the last load, on whose weekdays the weeks before had
    no row either: a weekend.
    """
    bound, zone, through = store.last_instant(), ZoneInfo(store.zone), end_of_data(store, table, through)
    if through is None or bound is None or not period.is_part(through, store.zone):
        return False
    assert period.end is not None
    last = through.astimezone(zone).date()
    silent = {(last + timedelta(days=number)).isoweekday() for number in range(1, (period.end - last).days)}
    if period.is_after(through, store.zone) or len(silent) > WEEKEND or bound < midnight(period.end, store.zone):
        return True
    time = TABLES[table].time
    sql = f"""
        select count(*), count(*) filter (list_contains($silent, isodow({time} at time zone $zone)))
          from main.{table}
         where {time} > $since and {time} <= $through
    """
    given = {"silent": sorted(silent), "zone": store.zone, "through": through, "since": through - BESIDE}
    ((rows, on_silent),) = store.engine.rows(sql, given)
    return bool(rows < LEAST_BESIDE or on_silent)


def coverage(store: Store, selection: Selection) -> Coverage:
    """How far the rows of a selection reach."""
    source, parameters = selection.coverage
    time, bound = selection.table.time, store.last_instant()
    edges = {side: selection.parameters.get(f"{selection.table.name}_{side}") for side in ("start", "end")}
    given = {side: edge for side, edge in edges.items() if edge is not None}
    inside = " and ".join({"start": "t >= $start", "end": "t < $end"}[side] for side in given) or "true"
    instants = f"(select {time} as t {source})"
    every = f"select count(*) filter (where {inside}), epoch_us(max(t)), epoch_us(min(t)) from {instants}"
    ((count, last, first),) = store.fixed(every, **parameters, **given)
    latest, earliest = instant_of(last), instant_of(first)
    if bound is None or latest is None or latest <= bound:
        return Coverage(int(count), 0, latest, earliest)
    # some are later: two queries with the bound as a plain condition, which DuckDB answers from its statistics
    up_to = f"{every} where t <= cast($bound as timestamptz)"
    after = f"select count(*) from {instants} where t > cast($bound as timestamptz)"
    ((count, last, _),) = store.engine.rows(up_to, {**parameters, "bound": bound, **given})
    ((later,),) = store.engine.rows(after, {**parameters, "bound": bound})
    return Coverage(int(count), int(later), instant_of(last), earliest)


def instant_of(microseconds: int | None) -> datetime | None:
    """An instant that DuckDB gives as a number: for its own kind it loads a package of time zones."""
    return None if microseconds is None else EPOCH + timedelta(microseconds=microseconds)
