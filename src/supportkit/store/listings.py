"""What is loaded, what was refused and what can be computed, each as a Result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count as counting
from typing import TYPE_CHECKING, Any

from supportkit.errors import UsageError
from supportkit.period import ALL
from supportkit.result import Column, Kind, Result, Scope, count, detail, figure, key, plain_rows
from supportkit.store.lost_answers import lost_answers
from supportkit.store.query_limits import DEFAULT_LIMITS, QueryLimits
from supportkit.store.read_before import read_before
from supportkit.store.sandbox import select_only
from supportkit.store.unknown_words import Unknown, in_store
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from supportkit.store import Store

TABLES_SQL = """
with person as (
        select 'tickets' as place, customer_id as person_id from tickets
        union all select 'orders', customer_id from orders
        union all select 'surveys', customer_id from surveys
        union all select 'events', user_id from events),
     place_count as (select person_id, count(distinct place) as places from person group by person_id),
     entry as (
        select 'tickets' as table_name, source, source_file, created_at as instant, customer_id as person_id
          from tickets
        union all select 'messages', source, source_file, sent_at, null from messages
        union all select 'orders', source, source_file, ordered_at, customer_id from orders
        union all select 'surveys', source, source_file, coalesce(responded_at, invited_at), customer_id from surveys
        union all select 'events', source, source_file, occurred_at, user_id from events),
     stock as (
        select table_name, source, source_file, count(*) as row_count,
               min(instant) as first_at, max(instant) as last_at,
               case when table_name <> 'messages' then count(*) filter (where places > 1) / count(*) end as joined_share
          from entry
          left join place_count using (person_id)
         group by table_name, source, source_file),
     ledger as (
        select table_name, source, file, sum(read) as read, sum(loaded) as loaded, sum(updated) as updated,
               sum(unchanged) as unchanged, sum(older) as older, sum(rejected) as rejected
          from loads
         where replaced_by is null
         group by table_name, source, file)
select ledger.table_name, ledger.source, ledger.file,
       coalesce(row_count, 0) as row_count, first_at, last_at, joined_share,
       read, loaded, updated, unchanged, older, rejected
  from ledger
  left join stock on stock.table_name = ledger.table_name and stock.source = ledger.source
   and stock.source_file = ledger.file
 order by ledger.table_name, ledger.source, ledger.file
"""


class LoadedFile(NamedTuple):
    """A table's rows from a file, and what became of the rows that its loads read: a row of TABLES_SQL."""

    table_name: str
    source: str
    file: str
    row_count: int
    first_at: datetime | None
    last_at: datetime | None
    joined_share: float | None
    read: int
    loaded: int
    updated: int
    unchanged: int
    older: int
    rejected: int


def tables(store: Store) -> Result:
    """What is loaded: per table and file its rows, their time, the ledger, the share that joins to a customer."""
    columns = (
        *(key(name) for name in ("table", "source", "file")),
        count("rows"),
        detail("first_at", "date", "from"),
        detail("last_at", "date", "until"),
        figure("joined_share", "share", "joined", n="rows"),
        *(count(name) for name in ("read", "loaded", "updated", "unchanged", "older", "rejected")),
    )
    found = store.records(LoadedFile, TABLES_SQL)
    return Result(
        metric="tables",
        title="What is loaded",
        definition="joined: rows whose customer also occurs in another table; "
        "read = loaded + updated + unchanged + older + rejected",
        columns=columns,
        rows=plain_rows(found),
        scope=Scope(
            data_through=max((file.last_at for file in found if file.last_at is not None), default=None),
            time_zone=store.zone,
            currency=store.currency,
            rows=sum(file.row_count for file in found),
        ),
        notes=(
            *read_before(store),
            *(unknown.note() for unknown in (*in_store(store), *_lost(store))),
            f"engine: {store.engine.told}",
        ),
    )


def _lost(store: Store) -> tuple[Unknown, ...]:
    ((answers,),) = store.rows("select count(score) from surveys")
    found = lost_answers(store, ALL, int(answers))
    return (found,) if found else ()


def query_rows(store: Store, sql: str, bounds: QueryLimits = DEFAULT_LIMITS) -> Result:
    """The rows of one select statement. Raises UsageError for anything else, DataError beyond the bounds."""
    names, rows = select_only(store, sql, bounds)
    columns = [detail(name, _kind(rows, place)) for place, name in enumerate(_distinct(names))]
    return _list(store, "sql", "Query", sql, columns, _plain(rows))


def _distinct(names: list[str]) -> list[str]:
    """The names of a query's columns; one that is there already gets a number that makes it a name of its own."""
    found: list[str] = []
    for name in names:
        free = (f"{name}_{number}" for number in counting(1))
        others = {*found, *names}
        found.append(name if name not in found else next(one for one in free if one not in others))
    return found


def undo_listing(loads: Iterable[tuple[str, str, int, int, int]]) -> Result:
    """The loads that were taken back."""
    loads = list(loads)
    taken = "the store is again the file before the last load; these loads are taken back"
    other = "the store is again as before its last change, which was no load: an issue or a topic; every load stays"
    return Result(
        metric="undo",
        title="Undone",
        definition=taken if loads else other,
        columns=(key("file"), key("table"), count("loaded"), count("updated"), count("rejected")),
        rows=plain_rows(loads),
    )


def erasure_receipt(counts: Mapping[str, int], named: int, *, dry_run: bool) -> Result:
    """How many rows of a person were erased, per table, in how many of others the person is named, and not whose."""
    done = "would be erased; nothing was changed" if dry_run else "are erased from the store and its previous file"
    would = "would be" if dry_run else "is"
    notes = [f"rows of others that name this person: {named}; they stay, the name {would} taken out"] if named else []
    if not dry_run:
        notes.append("later loads refuse this person; there is nothing to undo")
    return Result(
        metric="forget",
        title="To be erased" if dry_run else "Erased",
        definition=f"rows that {done}",
        columns=(key("table"), count("rows")),
        rows=plain_rows(list(counts.items())),
        facts={"rows": sum(counts.values())},
        fact_columns=(count("rows"),),
        notes=tuple(notes),
    )


def parse_maps(texts: Iterable[str]) -> dict[str, str]:
    """`ours=theirs` texts as a dict."""
    found = {}
    for text in texts:
        ours, equals, theirs = text.partition("=")
        if not equals or not ours.strip() or not theirs.strip():
            raise UsageError(f"--map {text}: write ours=theirs", hint="for example --map ticket_id='Ticket No'")
        found[ours.strip()] = theirs.strip()
    return found


def _list(store: Store, metric: str, title: str, definition: str, columns: Sequence[Column], rows: list[Any]) -> Result:
    scope = Scope(time_zone=store.zone, currency=store.currency, rows=len(rows))
    return Result(metric, title, definition, tuple(columns), plain_rows(rows), scope=scope)


def _kind(rows: list[tuple[Any, ...]], index: int) -> Kind:
    values = [row[index] for row in rows if row[index] is not None]
    return (
        "number" if values and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values) else "text"
    )


def _plain(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    import json
    from datetime import date
    from decimal import Decimal
    from math import isfinite

    def one(value: Any) -> Any:
        if isinstance(value, float) and not isfinite(value):
            return str(value)
        if isinstance(value, list | tuple | dict):
            return json.dumps(
                value, ensure_ascii=False, default=lambda v: float(v) if isinstance(v, Decimal) else str(v)
            )
        return value if value is None or isinstance(value, str | int | float | Decimal | date) else str(value)

    return [tuple(one(value) for value in row) for row in rows]
