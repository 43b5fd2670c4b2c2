"""Files of other kinds than CSV: each is brought into the rows of text that the reader of CSV reads, and nothing else.

A format is a file here and a line in FORMATS. Its `rows` gives the header, where the format has one, and the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from types import MappingProxyType
from typing import BinaryIO, Final

from supportkit.errors import DataError
from supportkit.system.named import NamedTuple


class Unread(NamedTuple):
    """A line that is no row: its number, its bytes, and why; blank lines have no reason."""

    line: int
    text: bytes = b""
    reason: str = ""


class Rows(NamedTuple):
    """A table of texts: its column names, None where they are among the rows, and its rows; of a workbook how many
    cells of which column, from 0, are numbers of more digits than a spreadsheet keeps; of lines those that are no
    rows."""

    header: list[str] | None
    rows: Iterator[list[str]]
    rounded: Mapping[int, int] = MappingProxyType({})
    unread: tuple[Unread, ...] = ()


class Source(NamedTuple):
    """A file to be read: its name, its bytes, a path that opens the same, where it lies on the disk if it does, and the
    sheet or table asked for."""

    name: str
    file: BinaryIO
    path: str
    place: str | None = None
    sheet: str | None = None


Reader = Callable[[Source], AbstractContextManager[Rows]]


class Format(NamedTuple):
    """A kind of file: what it is called, the suffixes it usually has, and the module that reads it."""

    title: str
    suffixes: tuple[str, ...]
    module: str
    sheets: bool = False
    """Whether a file may have several tables."""

    def rows(self, source: Source) -> AbstractContextManager[Rows]:
        """The rows of a file. Raises DataError where it is damaged or the table in it is not clear."""
        if source.sheet is not None and not self.sheets:
            raise DataError(f"{source.name}: {self.title} has one table", hint="leave out --sheet")
        read: Reader = import_module(f"{__name__}.{self.module}").rows
        return read(source)


FORMATS: Final = {
    "xlsx": Format("an Excel workbook", (".xlsx", ".xlsm"), "workbook", sheets=True),
    "ods": Format("an OpenDocument spreadsheet", (".ods",), "workbook", sheets=True),
    "parquet": Format("a Parquet file", (".parquet",), "parquet_rows"),
    "sqlite": Format("an SQLite database", (".sqlite", ".sqlite3", ".db"), "sqlite_rows", sheets=True),
    "json": Format("a JSON file", (".json",), "json_rows", sheets=True),
    "ndjson": Format("a file of JSON lines", (".ndjson", ".jsonl"), "json_lines"),
}
BY_LINE: Final = "ndjson"
"""The format in which each line is a row."""
SUFFIXES: Final = tuple(suffix for one in FORMATS.values() for suffix in one.suffixes)
