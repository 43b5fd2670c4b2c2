"""The words of a file's deciding columns, read from its rows: in one piece, or a page at a time where they are many."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from supportkit.exports.meanings.deciding_words import Readers, Word, as_shown, counted, counting, judged, put
from supportkit.store.deciding import deciding

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def read_words(
    connection: DuckDBPyConnection,
    table: str,
    columns: Collection[str],
    place: str,
    readers: Readers,
    hide: Callable[[str], str] = str,
) -> tuple[Word, ...]:
    """Put the meanings of the words of `columns` into the rows of a place; returns the words of each column, the most
    rows first. `hide` takes personal data out of one that nobody knows: it is no word for a state, and is shown."""
    first = [one.column for one in deciding(table) if one.column in columns and not one.among]
    read = _read(connection, table, first, place, readers, hide)
    rest = [one.column for one in deciding(table) if one.column in columns and one.among]
    return read + (_read(connection, table, rest, place, readers, hide) if rest else ())


def _read(
    connection: DuckDBPyConnection,
    table: str,
    columns: Collection[str],
    place: str,
    readers: Readers,
    hide: Callable[[str], str],
) -> tuple[Word, ...]:
    asked = [one for one in deciding(table) if one.column in columns]
    query = counting(asked, place)
    rows = counted(connection, asked, query, {})
    if rows is None:
        from supportkit.exports.meanings.many_words import read_many

        return read_many(connection, asked, query, place, readers, hide)
    words = as_shown(connection, judged(rows, readers), hide)
    for column in dict.fromkeys(word.column for word in words):
        put(connection, place, column, [word for word in words if word.column == column])
    return words


def seen_words(
    connection: DuckDBPyConnection,
    table: str,
    columns: Collection[str],
    place: str,
    parameters: Mapping[str, object],
    readers: Readers,
) -> tuple[Word, ...]:
    """The words of `columns` in the rows of a place, a table or a query, which stay as they are."""
    asked = [one for one in deciding(table) if one.column in columns]
    query = counting(asked, place)
    rows = counted(connection, asked, query, parameters)
    if rows is None:
        from supportkit.exports.meanings.many_words import many_words

        return many_words(connection, asked, query, parameters, readers)
    return tuple(judged(rows, readers))
