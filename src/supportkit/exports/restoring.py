"""A store made again from the Parquet files that it was exported to, table by table as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from supportkit.errors import DataError
from supportkit.exports.loaded import Loaded
from supportkit.store.parquet_manifest import ExportedFile, as_one_file, files_of, read_manifest
from supportkit.store.schema import STORED, columns_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def exported_folder(paths: Sequence[Path]) -> Path | None:
    """The one folder named, where a store was exported to it."""
    return paths[0] if len(paths) == 1 and paths[0].is_dir() and read_manifest(paths[0]) else None


def restore(connection: DuckDBPyConnection, folder: Path) -> list[Loaded]:
    """Fill an empty store with the tables of an exported one, its books and its marks among them.

    Raises DataError where the store has loads already, or a file is not what was exported.
    """
    if connection.execute("select 1 from loads limit 1").fetchall():
        raise DataError(
            f"{folder}: is a whole store, and this one has loads already", hint="load it into a new store: --db NEW"
        )
    outcome: dict[str, Loaded] = {}
    emptied: set[str] = set()
    for one, path in files_of(folder):
        start = perf_counter()
        if one.table not in emptied:
            connection.execute(f"delete from main.{one.table}")
            emptied.add(one.table)
        _fill(connection, one, path)
        if one.table in STORED:
            before = outcome.get(one.table)
            rows, seconds = one.rows, perf_counter() - start
            if before:
                rows, seconds = rows + before.read, seconds + before.seconds
            name = f"{one.table}.parquet" if before is None and "/" not in one.file else one.table
            outcome[one.table] = Loaded(name, one.table, "", rows, rows, 0, 0, 0, seconds, ("as it was exported",))
    return list(outcome.values())


def _fill(connection: DuckDBPyConnection, one: ExportedFile, path: Path) -> None:
    from supportkit.system.duckdb_engine import duckdb

    wanted = [(field.name, field.type) for field in columns_of(one.table)]
    selected = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in wanted)
    names = ", ".join(column for column, _ in wanted)
    read = "read_parquet($file, hive_partitioning = false)"
    try:
        ((found,),) = connection.execute(
            f"insert into main.{one.table} ({names}) select {selected} from {read}", {"file": as_one_file(path)}
        ).fetchall()
    except duckdb.Error as error:
        raise DataError(
            f"{path}: cannot be read as {one.table}: {str(error).splitlines()[0]}", hint="export the store again"
        ) from error
    if found != one.rows:
        raise DataError(f"{path}: has {found:,} rows, and {one.rows:,} were exported", hint="export the store again")
