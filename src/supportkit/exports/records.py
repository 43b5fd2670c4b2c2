"""The careful path: records from lines, strictly, losing nothing and resynchronising after a damaged line.

A record that breaks the rules of CSV, or whose number of cells is not the header's, is refused. Of a record that runs
over several lines and breaks, only the first line is refused and reading goes on with the next: one quote that is never
closed costs one line and not the rest of the file.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import count
from typing import Final, Literal, NamedTuple

from supportkit.exports.lines import MAX_LINE, Line

MAX_RECORD_LINES: Final = 5_000
MAX_RECORD_BYTES: Final = MAX_LINE
BLANKS: Final = "  "
_CARRIAGES: Final = "\ue00d\ue10d\ue20d\uf00d"
_ERRORS: Final = {
    "expected after": "a quote inside a quoted cell is not doubled",
    "unexpected end of data": "a quote is never closed",
    "new-line character": "a line break inside a cell without quotes",
}

Kind = Literal["row", "blank", "rejected"]


class Dialect(NamedTuple):
    """How cells are set apart. The delimiter BLANKS stands for any run of blanks."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""


class Record(NamedTuple):
    """A piece of the file: its first line's number, its bytes, and its cells or the reason why there are none."""

    kind: Kind
    line: int
    start: int
    length: int
    cells: list[str]
    reason: str = ""


class _TooLongError(Exception):
    """The record under way exceeds the limits, or runs into a line that cannot be part of one."""


class _Feed:
    """Lines handed to the tokeniser one at a time; those it took since the last record are `taken`."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self.lines = lines
        self.waiting: deque[Line] = deque()
        self.taken: list[Line] = []
        self.carriage = ""

    def pull(self) -> Line | None:
        """The next line, pushed back ones first."""
        return self.waiting.popleft() if self.waiting else next(self.lines, None)

    def __iter__(self) -> Iterator[str]:
        size = 0
        while (line := self.pull()) is not None:
            if not self.taken:
                size, self.carriage = 0, ""
            self.taken.append(line)
            size += line.length
            if line.text is None or len(self.taken) > MAX_RECORD_LINES or size > MAX_RECORD_BYTES:
                raise _TooLongError
            text = line.text
            if "\r" in text:
                text = self._hide_carriages(text)
            yield text

    def _hide_carriages(self, text: str) -> str:
        """Bare carriage returns are part of a cell here; the tokeniser would take them for line ends.

        Several before a newline end the line as one does: what a program on Windows makes of lines that had one.
        """
        body = text.rstrip("\r\n") if text.endswith("\n") else text.removesuffix("\r")
        if "\r" not in body:
            return text
        if not self.carriage:
            self.carriage = next((char for char in _CARRIAGES if char not in text), _CARRIAGES[0])
        return body.replace("\r", self.carriage) + text[len(body) :]


def read_records(lines: Iterator[Line], dialect: Dialect, width: int | None = None) -> Iterator[Record]:
    """Every piece of the file in order, as a row, a blank or a rejected line; their lengths add up to the file.

    With a `width`, a row of another number of cells is rejected; surplus empty cells at its end are dropped.
    """
    csv.field_size_limit(MAX_RECORD_BYTES * 2)
    feed = _Feed(lines)
    split = _blank_separated if dialect.delimiter == BLANKS else _tokens
    while True:
        try:
            for cells in split(feed, dialect):
                yield _record(feed, cells, dialect, width)
                feed.taken.clear()
            return
        except (csv.Error, _TooLongError) as error:
            yield _mended(feed, dialect, width) or _rejected(feed, _why(error, feed.taken))


def _tokens(feed: _Feed, dialect: Dialect) -> Iterator[list[str]]:
    reader = csv.reader(
        feed,
        strict=True,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar=dialect.escape or None,
        doublequote=True,
        skipinitialspace=dialect.delimiter != " ",
    )
    for cells in reader:
        if feed.carriage:
            cells = [cell.replace(feed.carriage, "\r") for cell in cells]
        yield cells


def _blank_separated(feed: _Feed, dialect: Dialect) -> Iterator[list[str]]:
    for text in feed:
        yield text.split()


def _record(feed: _Feed, cells: list[str], dialect: Dialect, width: int | None) -> Record:
    first = feed.taken[0]
    length = first.length if len(feed.taken) == 1 else sum(line.length for line in feed.taken)
    if width is None or len(cells) == width:
        if len(cells) <= 1 and not "".join(cells).strip(" \t\r\n\x1a"):
            return Record("blank", first.number, first.start, length, [])
        return Record("row", first.number, first.start, length, cells)
    if not any(cell.strip(" \t\r\n\x1a") for cell in cells) and len(feed.taken) == 1 and len(cells) <= 1:
        return Record("blank", first.number, first.start, length, [])
    if len(cells) > width and not any(cells[width:]):
        return Record("row", first.number, first.start, length, cells[:width])
    reason = f"{len(cells)} cells where the header has {width}"
    if len(feed.taken) > 1 and _reads_alone(feed.taken[1], dialect, width):
        return _rejected(feed, f"a quote is never closed ({reason})")
    return Record("rejected", first.number, first.start, length, [], reason)


def _mended(feed: _Feed, dialect: Dialect, width: int | None) -> Record | None:
    """A line whose only fault is blanks between a closing quote and the delimiter: they are not part of a cell."""
    line = feed.taken[0]
    if len(feed.taken) > 1 or line.text is None or dialect.delimiter.isspace():
        return None
    quote, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    text = re.sub(rf"{quote} +(?={delimiter}|[\r\n]|$)", dialect.quote, line.text)
    if text == line.text or not _reads_alone(line._replace(text=text), dialect, width):
        return None
    feed.taken.clear()
    cells = next(_tokens(_Feed(iter((line._replace(text=text),))), dialect))
    return Record("row", line.number, line.start, line.length, cells)


def _reads_alone(line: Line, dialect: Dialect, width: int | None) -> bool:
    """Whether a line is a whole record by itself: then the one before it had swallowed it."""
    alone = _Feed(iter((line,)))
    try:
        return any(len(cells) == width for cells in _tokens(alone, dialect))
    except (csv.Error, _TooLongError):
        return False


def _rejected(feed: _Feed, reason: str) -> Record:
    """Refuse the first line taken and put the rest back."""
    first, *rest = feed.taken
    feed.waiting.extendleft(reversed(rest))
    feed.taken.clear()
    return Record("rejected", first.number, first.start, first.length, [], reason)


def _why(error: Exception, taken: list[Line]) -> str:
    if isinstance(error, _TooLongError):
        if taken[0].text is None:
            return f"a line of more than {MAX_LINE >> 20} MB"
        return f"a quote is not closed within {MAX_RECORD_LINES:,} lines or {MAX_RECORD_BYTES >> 20} MB"
    return next((words for part, words in _ERRORS.items() if part in str(error)), str(error))


def column_names(cells: list[str]) -> list[str]:
    """Names for the columns: empty ones become column_N, repeated ones get a number, whatever their case."""
    seen: set[str] = set()
    names = []
    for place, cell in enumerate(cells, 1):
        name = " ".join(cell.replace("\ufeff", "").replace("\x00", "").split()) or f"column_{place}"
        if name.casefold() in seen:
            name = next(f"{name}_{n}" for n in count(2) if f"{name}_{n}".casefold() not in seen)
        seen.add(name.casefold())
        names.append(name)
    return names
