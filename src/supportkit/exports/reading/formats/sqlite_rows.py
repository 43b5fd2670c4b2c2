"""The rows of a table of an SQLite database, which is only read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from supportkit.errors import DataError
from supportkit.exports.reading.formats import Rows, Source
from supportkit.exports.reading.formats.flat import text_of
from supportkit.exports.reading.formats.sheets import chosen

TABLES = (
    "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' "
    "and sql not like 'create virtual%' order by name"
)


@contextmanager
def rows(source: Source) -> Iterator[Rows]:
    """The rows of the only table that has any, else of the one asked for. Raises DataError where that is not clear."""
    with suppress(OSError):
        if source.place and os.path.getsize(f"{source.place}-wal"):
            raise DataError(
                f"{source.name}: is being written: what is new stands in {source.name}-wal",
                hint="close the program that writes it, and load it then",
            )
    try:
        with closing(sqlite3.connect(_address(source.path), uri=True)) as database:
            database.execute("pragma trusted_schema = off")
            database.text_factory = lambda text: text.decode("utf-8", "replace")
            names = [name for (name,) in database.execute(TABLES)]
            filled = [name for name in names if database.execute(f"select 1 from {_quoted(name)} limit 1").fetchone()]
            table = chosen(source, "table", names, filled)
            found = database.execute(f"select * from {_quoted(table)} order by rowid")
            yield Rows([column[0] for column in found.description], ([text_of(cell) for cell in row] for row in found))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise DataError(f"{source.name}: the SQLite database cannot be read: {error}", hint="copy it again") from error


def _address(path: str) -> str:
    escaped = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{escaped}?mode=ro&immutable=1"


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
