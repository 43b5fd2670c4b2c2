"""Opening a store: read-only files, stores in memory, and what is wrong with a file that is no store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError
from supportkit.store.schema import SCHEMA_VERSION, ddl
from supportkit.store.store import Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
}


def connect(path: Path | None, *, read_only: bool = False) -> DuckDBPyConnection:
    """A DuckDB connection with our settings; None is a database in memory."""
    import duckdb

    connection = duckdb.connect(str(path) if path else ":memory:", read_only=read_only, config=SETTINGS)
    connection.execute("set TimeZone = 'UTC'")
    return connection


def memory_store() -> Store:
    """An empty store in memory."""
    connection = connect(None)
    create(connection)
    return Store(connection)


def create(connection: DuckDBPyConnection) -> None:
    """Make the tables of an empty store."""
    connection.execute(ddl())
    connection.execute("insert into meta values ('schema_version', $version)", {"version": str(SCHEMA_VERSION)})


def open_store(path: Path) -> Store:
    """Open a store file for reading. Raises DataError where it is missing, unreadable, foreign, damaged or newer."""
    import duckdb

    if not path.exists():
        raise DataError(
            f"{path}: there is no such store", hint="make one with: supportkit load FILES --db " + str(path)
        )
    try:
        connection = connect(path, read_only=True)
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise DataError(
            f"{path}: not a store that can be opened: {first}", hint="name a file that supportkit made"
        ) from error
    try:
        row = connection.execute("select value from meta where name = 'schema_version'").fetchone()
    except duckdb.Error as error:
        connection.close()
        raise DataError(
            f"{path}: a DuckDB file of another program", hint="name a file that supportkit made, or a new one"
        ) from error
    version = int(row[0]) if row else 0
    if version > SCHEMA_VERSION:
        connection.close()
        raise DataError(
            f"{path}: written by a newer supportkit (schema {version}, this one knows {SCHEMA_VERSION})",
            hint="upgrade supportkit",
        )
    return Store(connection, path)
