"""Showing the best of the versions of a row that files have brought, once some have left or become another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportkit.exports.merging.row_versions import effective_file, recency
from supportkit.store.schema import Table, columns_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def show_best(connection: DuckDBPyConnection, table: Table, key: tuple[str, ...]) -> None:
    """Of the versions of the rows in `affected_<table>` show the best one, which may be an older one by now."""
    main, known = f"main.{table.name}", ", ".join(key)
    run = connection.execute
    if not run(f"select 1 from affected_{table.name} limit 1").fetchall():
        return
    versions = " union all ".join(
        f"select {older} as older, version.rowid as place, {', '.join(f'version.{name}' for name in key)}, "
        f"{recency('version', table)} as recency, {effective_file('version', table.name)} as loaded, "
        f"version.source_row from {place} version semi join affected_{table.name} using ({known})"
        for older, place in enumerate((main, f"{main}_older"))
    )
    run(f"""
        create or replace temp table best_version as
        select * from ({versions})
       qualify row_number() over (partition by {known} order by recency desc, loaded desc, source_row desc) = 1
    """)
    columns = ", ".join(field.name for field in columns_of(table.name))
    beaten = f"select rowid from {main} semi join (from best_version where older = 1) using ({known})"
    run(f"insert into {main}_older ({columns}) select {columns} from {main} where rowid in ({beaten})")
    run(f"delete from {main} where rowid in ({beaten})")
    best = "select place from best_version where older = 1"
    run(f"insert into {main} ({columns}) select {columns} from {main}_older where rowid in ({best})")
    run(f"delete from {main}_older where rowid in ({best})")
    run("drop table best_version")
