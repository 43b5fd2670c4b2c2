"""The rows of a Parquet file, by DuckDB's own reader; instants with a zone are in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from supportkit.errors import DataError
from supportkit.exports.reading.formats import Rows, Source
from supportkit.exports.reading.formats.flat import flat, table_of, text_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SLICE = 10_000


@contextmanager
def rows(source: Source) -> Iterator[Rows]:
    """Nested columns have dotted names. Raises DataError where the file is damaged."""
    from supportkit.system.duckdb_engine import duckdb

    with duckdb.connect(config={"threads": 2, "autoinstall_known_extensions": False}) as connection:
        try:
            connection.execute("set time zone 'UTC'")
            connection.execute("from read_parquet($file, hive_partitioning = false)", {"file": source.path})
            columns = [(column[0], str(column[1])) for column in connection.description or ()]
            names = [name for name, _ in columns]
            if any("STRUCT" in kind or "MAP" in kind for _, kind in columns):
                header, found = table_of(dict(flat(dict(zip(names, row, strict=True)))) for row in _rows(connection))
                yield Rows(header, iter(found))
            else:
                yield Rows(names, ([text_of(value) for value in row] for row in _rows(connection)))
        except duckdb.Error as error:
            raise DataError(
                f"{source.name}: the Parquet file cannot be read: {str(error).splitlines()[0]}",
                hint="export or copy it again",
            ) from error


def _rows(connection: DuckDBPyConnection) -> Iterator[tuple[object, ...]]:
    while found := connection.fetchmany(SLICE):
        yield from found
