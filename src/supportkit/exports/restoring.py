"""A store made again from the Parquet files that it was exported to, table by table as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from supportkit.errors import DataError
from supportkit.exports.loaded import Loaded
from supportkit.store.parquet import exported, files_of
from supportkit.store.schema import STORED, columns_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def exported_folder(paths: Sequence[Path]) -> Path | None:
    """The one folder named, where a store was exported to it."""
    return paths[0] if len(paths) == 1 and paths[0].is_dir() and exported(paths[0]) else None


def restore(connection: DuckDBPyConnection, folder: Path) -> list[Loaded]:
    """Fill an empty store with the tables of an exported one, its books and its marks among them.

    Raises DataError where the store has loads already, or a file is not what was exported.
    """
    if connection.execute("select 1 from loads limit 1").fetchall():
        raise DataError(
            f"{folder}: is a whole store, and this one has loads already", hint="load it into a new store: --db NEW"
        )
    outcome = []
    for name, rows, file in files_of(folder, exported(folder) or {}):
        start = perf_counter()
        _fill(connection, name, rows, file)
        if name in STORED:
            seconds = perf_counter() - start
            outcome.append(Loaded(file.name, name, "", rows, rows, 0, 0, 0, seconds, ("as it was exported",)))
    return outcome


def _fill(connection: DuckDBPyConnection, name: str, rows: int, file: Path) -> None:
    import duckdb

    wanted = [(field.name, field.type) for field in columns_of(name)]
    selected = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in wanted)
    names = ", ".join(column for column, _ in wanted)
    escaped = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(file))
    connection.execute(f"delete from main.{name}")
    try:
        connection.execute(
            f"insert into main.{name} ({names}) select {selected} from read_parquet($file)", {"file": escaped}
        )
    except duckdb.Error as error:
        raise DataError(
            f"{file}: cannot be read as {name}: {str(error).splitlines()[0]}", hint="export the store again"
        ) from error
    ((found,),) = connection.execute(f"select count(*) from main.{name}").fetchall()
    if found != rows:
        raise DataError(f"{file}: has {found:,} rows, and {rows:,} were exported", hint="export the store again")
