"""The careful path: records from lines, strictly, losing nothing and resynchronising after a damaged line.

A record that breaks the rules of CSV, or whose number of cells is not the header's, is refused. Of a record that runs
over several lines and breaks, only the first line is refused and reading goes on with the next: one quote that is never
closed costs one line and not the rest of the file.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final, Literal

from supportkit.exports.reading.lines import MAX_LINE, Line
from supportkit.exports.reading.row_shape import AGAIN, OF_OTHER, OTHER_TABLE, Shape
from supportkit.exports.reading.signs import BLANKS, Dialect, closes_another
from supportkit.system.named import NamedTuple

MAX_RECORD_LINES: Final = 5_000
MAX_RECORD_BYTES: Final = MAX_LINE
_CARRIAGES: Final = "\ue00d\ue10d\ue20d\uf00d"
_ERRORS: Final = {
    "expected after": "a quote inside a quoted cell is not doubled",
    "unexpected end of data": "a quote is never closed",
    "new-line character": "a line break inside a cell without quotes",
}

_SHIFTED: Final = "a quote closes in another cell than it opens in"
_NOTHING: Final = " \t\r\n\x1a"

Kind = Literal["row", "blank", "rejected"]


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


def read_records(lines: Iterator[Line], dialect: Dialect, shape: Shape | None = None) -> Iterator[Record]:
    """Every piece of the file in order, as a row, a blank or a rejected line; their lengths add up to the file.

    With a `shape`, a row that does not fit it is rejected, and what follows the header of another table too.
    """
    records = _records(lines, dialect, shape)
    if shape is None or not shape.header or not shape.figures:
        yield from records
        return
    is_set_off, other = False, 0
    named: Sequence[int] = ()
    for record in records:
        if record.kind != "row":
            other = 0 if record.reason == AGAIN else other
            is_set_off = is_set_off or record.kind == "blank"
            yield record
            continue
        cells = record.cells
        if shape.is_other_header(cells, is_set_off=is_set_off):
            other, named = record.line, [place for place, cell in enumerate(cells) if cell.strip()]
            record = record._replace(kind="rejected", cells=[], reason=OTHER_TABLE)
        elif other and shape.is_back(cells, named):
            other = 0
        elif other:
            record = record._replace(kind="rejected", cells=[], reason=f"{OF_OTHER} {other}")
        is_set_off = any(map(str.isalpha, cells[0])) and not any(cells[1:])
        yield record


def _records(lines: Iterator[Line], dialect: Dialect, shape: Shape | None) -> Iterator[Record]:
    csv.field_size_limit(MAX_RECORD_BYTES * 2)
    feed = _Feed(lines)
    split = _blank_separated if dialect.delimiter == BLANKS else _tokens
    while True:
        try:
            for cells in split(feed, dialect):
                yield _record(feed, cells, dialect, shape)
                feed.taken.clear()
            return
        except (csv.Error, _TooLongError) as error:
            yield _mended(feed, dialect, shape) or _rejected(feed, _why(error, feed.taken))


def _tokens(feed: _Feed, dialect: Dialect) -> Iterator[list[str]]:
    reader = csv.reader(
        feed,
        strict=True,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
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


def _record(feed: _Feed, cells: list[str], dialect: Dialect, shape: Shape | None) -> Record:
    first = feed.taken[0]
    length = first.length if len(feed.taken) == 1 else sum(line.length for line in feed.taken)
    if _is_blank(feed, cells, dialect):
        return Record("blank", first.number, first.start, length, [])
    reason = _unread(feed.taken)
    if shape is None:
        reason = ""
    elif not reason:
        fitted = shape.fitted(cells)
        if fitted is None:
            reason = shape.number_fault(cells)
            if len(feed.taken) > 1 and _reads_alone(feed.taken[1], dialect, shape):
                return _rejected(feed, f"a quote is never closed ({reason})")
        elif shape.is_header(fitted):
            reason = AGAIN
        elif dialect.is_blank and shape.is_text(fitted):
            reason = "a text where the other rows have figures"
        cells = fitted or []
    if not reason and _closes_another(feed, cells, dialect):
        reason = _SHIFTED
    if reason:
        return Record("rejected", first.number, first.start, length, [], reason)
    return Record("row", first.number, first.start, length, cells)


def _unread(taken: Sequence[Line]) -> str:
    """Which byte of the lines of a record cannot be read; empty where all can."""
    line = next((line for line in taken if line.fault), None)
    if line is None:
        return ""
    return line.fault if line is taken[0] else line.fault_in_file


def _is_blank(feed: _Feed, cells: list[str], dialect: Dialect) -> bool:
    """Whether a record holds nothing: no cell, or delimiters alone."""
    if len(cells) <= 1:
        return not "".join(cells).strip(_NOTHING)
    if cells[0] or len(feed.taken) > 1:
        return False
    return not (feed.taken[0].text or "").strip(dialect.delimiter + "\r\n")


def _closes_another(feed: _Feed, cells: list[str], dialect: Dialect) -> bool:
    """Whether a quote closes what another cell has opened; looked for where a cell ends in a quote at all."""
    if dialect.delimiter == BLANKS or not dialect.quote:
        return False
    text = "".join([line.text or "" for line in feed.taken])
    if dialect.quote not in text or not any(cell.endswith(dialect.quote) for cell in cells):
        return False
    return closes_another(text, dialect)


def _mended(feed: _Feed, dialect: Dialect, shape: Shape | None) -> Record | None:
    """A line whose only fault is blanks between a closing quote and the delimiter: they are not part of a cell."""
    line = feed.taken[0]
    if len(feed.taken) > 1 or line.text is None or not dialect.quote or dialect.delimiter.isspace():
        return None
    quote, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    text = re.sub(rf"{quote} +(?={delimiter}|[\r\n]|$)", dialect.quote, line.text)
    if text == line.text or not _reads_alone(line._replace(text=text), dialect, shape):
        return None
    feed.taken.clear()
    alone = _Feed(iter((line._replace(text=text),)))
    return _record(alone, next(_tokens(alone, dialect)), dialect, shape)


def _reads_alone(line: Line, dialect: Dialect, shape: Shape | None) -> bool:
    """Whether a line is a whole record by itself: then the one before it had swallowed it."""
    alone = _Feed(iter((line,)))
    try:
        return any(shape is not None and shape.fitted(cells) for cells in _tokens(alone, dialect))
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
