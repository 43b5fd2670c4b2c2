"""Merging staged rows into a table: new rows are loaded, newer ones update, the rest is unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportkit.store.schema import PROVENANCE, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def merge(connection: DuckDBPyConnection, table: Table, stage: str) -> tuple[int, int, int]:
    """Merge the rows of `stage` (columns of the table); returns loaded, updated, unchanged.

    A row with an id is known by (source, id): the later updated_at wins, ties go to the larger content hash. A row
    without one is known by (source, content hash, its occurrence in the file).
    """
    key = f"source, {table.key}" if table.key else "source, content_hash, occurrence"
    newest = "updated_at desc nulls last, " if "updated_at" in table.names else ""
    columns = ", ".join((*table.names, *PROVENANCE))
    run = connection.execute
    run(
        f"create or replace temp table merge_batch as select *, rowid as arrival from {stage} "
        f"qualify row_number() over (partition by {key} order by {newest}content_hash desc, rowid) = 1"
    )
    same = " and ".join(f"old.{part} is not distinct from new.{part}" for part in key.split(", "))
    newer = "old.content_hash < new.content_hash"
    if newest:
        moment = "coalesce({0}.updated_at, '-infinity'::timestamptz)"
        new, old = moment.format("new"), moment.format("old")
        newer = f"({new} > {old} or ({new} = {old} and {newer}))"
    run(
        "create or replace temp table merge_plan as "
        f"select new.arrival, old.rowid as old_row, old.content_hash is not null and {newer} as replaces "
        f"from merge_batch new left join main.{table.name} old on {same}"
    )
    read = _count(connection, f"select count(*) from {stage}")
    loaded = _count(connection, "select count(*) from merge_plan where old_row is null")
    updated = _count(connection, "select count(*) from merge_plan where replaces")
    run(f"delete from main.{table.name} where rowid in (select old_row from merge_plan where replaces)")
    run(
        f"insert into main.{table.name} select {columns} from merge_batch where arrival in "
        "(select arrival from merge_plan where old_row is null or replaces) order by arrival"
    )
    run("drop table merge_batch; drop table merge_plan")
    return loaded, updated, read - loaded - updated


def _count(connection: DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
