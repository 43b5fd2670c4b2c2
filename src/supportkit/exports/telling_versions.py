"""What a load says of versions and lines: whose place a file takes, where only the order of loading decided."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from supportkit.exports.ledger import Entry
from supportkit.exports.merging.merge_plan import Merged, WithLines
from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.exports.recognising.recognised import Recognised
from supportkit.result import numbered
from supportkit.store.schema import Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NAMED: Final = 3
_EQUAL_LINES: Final = """
   and exists (from main.order_lines first
              where first.source = line.source and first.order_id = line.order_id and first.line = line.line
                and first.occurrence = 1 and first.amount is not distinct from line.amount
                and first.quantity is not distinct from line.quantity
                and first.properties is not distinct from line.properties
                and first.file_id = line.file_id)
"""
OTHER_MAPS: Final = """
select file
  from main.loads
 where table_name = $table and source = $source and replaced_by is null and load_id < $load_id
   and json_extract(reading, '$.map')::varchar <> $map
 order by load_id desc
 limit 1
"""


def replaces(entries: list[Entry], zone: str) -> str:
    """That a file takes the place of what it brought, in words."""
    rows = sum(one.read - one.rejected for one in entries)
    last = max(one.loaded_at for one in entries).astimezone(ZoneInfo(zone))
    return f"replaces {numbered(rows, 'row')} of the load of {last.day} {last:%B}"


def repeated_notes(connection: DuckDBPyConnection, table: Table, file_id: int) -> tuple[str, ...]:
    """That rows of a file are there twice, in words, where each counts: rows without an id, and lines of orders."""
    if table.key is not None and not table.lines:
        return ()
    place = "order_lines" if table.lines else table.name
    query = f"select count(*) from main.{place} line where file_id = $file and occurrence > 1"
    rows = connection.execute(query + (_EQUAL_LINES if table.lines else ""), {"file": file_id}).fetchall()[0][0]
    if not rows:
        return ()
    one, many = "row is as another one in every column, and counts", "rows are as others in every column, and count"
    return (f"{numbered(rows, one, many)} again: where they were exported twice, take them out of the file",)


def by_order_notes(table: Table, merged: Merged) -> tuple[str, ...]:
    """Where nothing but the order of loading says which version of a row stays, in words."""
    if not merged.by_order:
        return ()
    why = "no updated_at is later" if "updated_at" in table.names else f"{table.name} have no updated_at"
    turned = "".join(
        f"; {one.name} went {'back ' if one.back else ''}from {one.before or 'nothing'} to {one.now or 'nothing'}"
        for one in merged.turned
    )
    if merged.handed:
        turned += f"; {merged.handed:,} {'are' if merged.handed > 1 else 'is'} of another customer now"
    rows = f"{merged.by_order:,} {table.name if merged.by_order > 1 else table.name[:-1]}"
    return (f"only the order of loading decided for {rows}, since {why}{turned}",)


def more_lines_notes(known: Recognised, lined: WithLines) -> tuple[str, ...]:
    """That orders which were there have more lines, in words: it may be one line whose amount has changed."""
    if not lined.more:
        return ()
    n = len(lined.more)
    names = ", ".join(lined.more[:NAMED]) + (f" and {n - NAMED:,} more" if n > NAMED else "")
    told = f"{n:,} {'orders that were there have' if n > 1 else 'order that was there has'} more lines now: {names}"
    if any(name in known.columns for name in ("line", "sku", "product")):
        return (told,)
    how = "--map line=…, sku=… or product=…"
    return (f"{told}; a line without its id, sku or product is known by its amount: {how}",)


def other_map_notes(
    connection: DuckDBPyConnection, known: Recognised, options: LoadOptions, merged: Merged, load_id: int
) -> tuple[str, ...]:
    """That a file of no vendor has ids which another export brought, in words: those may be of another system."""
    shared = merged.updated + merged.older
    if not shared or options.source is not None or not options.map or known.export.recognise:
        return ()
    mapped = json.dumps(dict(sorted(options.map.items())), ensure_ascii=False, separators=(",", ":"))
    given = {"table": known.table.name, "source": known.source, "load_id": load_id, "map": mapped}
    found = connection.execute(OTHER_MAPS, given).fetchall()
    if not found:
        return ()
    return (
        f"{numbered(shared, 'row has an id', 'rows have ids')} that {found[0][0]} brought, which has other columns: "
        "if that is another system, "
        "undo this load, and load with a --source of its own",
    )
