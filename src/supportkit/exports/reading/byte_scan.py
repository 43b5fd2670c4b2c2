"""One pass over a file's bytes, independent of any CSV reader: is it plain, and how many records has it.

Plain is UTF-8 in which every quote stands where RFC 4180 has it: before a cell, after a cell, or doubled within. Then a
record ends at a newline outside quotes, and the count proves the fast path: a reader that returns another number of
rows, or whose cells with their quotes, delimiters and line ends are not the bytes of the file, is not believed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    import numpy

    Bytes = numpy.ndarray[Any, numpy.dtype[numpy.uint8]]
    Places = numpy.ndarray[Any, numpy.dtype[numpy.int64]]

_CHUNK: Final = 4 << 20
SMALL: Final = 8 << 20
_BLANK: Final = re.compile(rb"\n(?=\r?\n)")
_BLANK_START: Final = re.compile(rb"\r?\n")
_QUOTE, _NEWLINE, _RETURN = b'"\n\r'


class Scan(NamedTuple):
    """What the bytes say, counted from the first data line: whether they are plain, the records, the blank lines among
    them, all bytes, and those that are not in a cell's text (quotes and line ends)."""

    plain: bool
    records: int
    blank: int
    size: int
    signs: int

    @property
    def is_table(self) -> bool:
        """Whether DuckDB's reader may be believed, and there is something to be read."""
        return self.plain and self.records > 0


def scan(
    file: BinaryIO, skip_lines: int, delimiter: str = ",", progress: Callable[[int, int], None] | None = None
) -> Scan:
    """Count the records after the first `skip_lines` physical lines; `progress` is told bytes and records so far."""
    file.seek(0)
    for _ in range(skip_lines):
        file.readline()
    begun = file.tell()
    if file.seek(0, 2) - begun <= SMALL:
        file.seek(begun)
        return scan_small(file.read(), delimiter.encode())
    file.seek(begun)
    import numpy

    counter = _Counter(numpy, ord(delimiter))
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(file):
            counter.add(chunk)
            if progress is not None:
                progress(counter.at, counter.ends)
            if decoder.getstate()[0] or not chunk.isascii():
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        counter.plain = False
    return counter.result()


def scan_small(data: bytes, delimiter: bytes) -> Scan:
    """The same for a file that is small enough to be cut at its quotes, without numpy."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return Scan(False, 0, 0, len(data), 0)
    parts = data.split(b'"')
    outside = parts[::2]
    opens = (delimiter, b"\n")
    closes = (delimiter, b"\n", b"\r")
    plain = b"\x00" not in data and len(parts) % 2 == 1 and not _has_mark(data)
    plain = plain and all(not part or part.endswith(opens) for part in outside[:-1])
    plain = plain and all(not part or part.startswith(closes) for part in outside[1:])
    doubled = sum(not part for part in outside[1:-1])
    ends = sum(part.count(b"\n") for part in outside)
    returns = sum(part.count(b"\r") for part in outside)
    pairs = sum(part.count(b"\r\n") for part in outside)
    blank = sum(len(_BLANK.findall(part)) for part in outside) + bool(_BLANK_START.match(data))
    unfinished = bool(data) and not (outside[-1].endswith(b"\n") and len(parts) % 2 == 1)
    uniform = returns == 0 or returns == pairs == ends
    signs = ends + returns + len(parts) - 1 - doubled
    return Scan(plain and uniform and not blank, ends + unfinished - blank, blank, len(data), signs)


def _has_mark(data: bytes) -> bool:
    """Whether a line begins with the mark of an encoding."""
    return data.startswith(codecs.BOM_UTF8) or b"\n" + codecs.BOM_UTF8 in data


def locate(file: BinaryIO, skip_lines: int, records: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """The physical line, first byte and length of records (numbers from 1, ascending) in a file that is plain."""
    file.seek(0)
    at = sum(len(file.readline()) for _ in range(skip_lines))
    wanted = iter(records)
    next_wanted = next(wanted, None)
    found: dict[int, tuple[int, int, int]] = {}
    record, begun, begun_line, quoted = 1, at, skip_lines + 1, 0
    for line, text in enumerate(file, skip_lines + 1):
        at += len(text)
        quoted ^= text.count(b'"') & 1
        if quoted:
            continue
        if record == next_wanted:
            found[record] = (begun_line, begun, at - begun)
            next_wanted = next(wanted, None)
            if next_wanted is None:
                break
        record, begun, begun_line = record + 1, at, line + 1
    return found


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    """The rest of the file, in pieces that do not end in a quote (but for the last)."""
    while chunk := file.read(_CHUNK):
        while chunk.endswith(b'"') and (more := file.read(1)):
            chunk += more
        yield chunk


class _Counter:
    """Newlines outside quotes, with what a chunk hands to the next: the quote's parity and the last line end."""

    def __init__(self, numpy: Any, delimiter: int) -> None:
        self.numpy = numpy
        self.delimiter = delimiter
        self.plain = True
        self.at = self.quoted = self.doubled = 0
        self.last_end = -1
        self.last_byte = _NEWLINE
        self.ends = self.blank = self.returns = self.pairs = self.quotes = 0

    def add(self, chunk: bytes) -> None:
        """Count one chunk."""
        np = self.numpy
        data = np.frombuffer(chunk, dtype=np.uint8)
        ends = np.flatnonzero(data == _NEWLINE)
        returns = np.flatnonzero(data == _RETURN) if b"\r" in chunk else ends[:0]
        if b'"' in chunk:
            quotes = np.flatnonzero(data == _QUOTE)
            self._check_quotes(data, quotes)
            ends = ends[(np.searchsorted(quotes, ends) + self.quoted) & 1 == 0]
            returns = returns[(np.searchsorted(quotes, returns) + self.quoted) & 1 == 0]
            self.quoted = (self.quoted + len(quotes)) & 1
            self.quotes += len(quotes)
        elif self.quoted:
            ends, returns = ends[:0], returns[:0]
        self.returns += len(returns)
        if self.returns:
            self.pairs += int((self._before(data, ends) == _RETURN).sum())
        if b"\x00" in chunk or _has_mark(chunk):
            self.plain = False
        self._count_blank_lines(data, ends)
        self.ends += len(ends)
        self.at += len(chunk)
        self.last_byte = chunk[-1]

    def _before(self, data: Bytes, places: Places) -> Bytes:
        """The byte before each place."""
        found: Bytes = self.numpy.where(places > 0, data[places - 1], self.last_byte)
        return found

    def _check_quotes(self, data: Bytes, quotes: Places) -> None:
        """An opening quote follows a delimiter or a line end, a closing one precedes them; or both touch another."""
        opening = quotes[self.quoted :: 2]
        closing = quotes[1 - self.quoted :: 2]
        before = self._before(data, opening)
        doubled = before == _QUOTE
        self.doubled += int(doubled.sum())
        opens = doubled | (before == self.delimiter) | (before == _NEWLINE)
        inner = closing[closing + 1 < len(data)]
        after = data[inner + 1]
        closes = (after == _QUOTE) | (after == self.delimiter) | (after == _NEWLINE) | (after == _RETURN)
        self.plain = self.plain and bool(opens.all()) and bool(closes.all())

    def _count_blank_lines(self, data: Bytes, ends: Places) -> None:
        """Two line ends with nothing (or a carriage return) between them."""
        if not len(ends):
            return
        np = self.numpy
        places = ends + self.at
        gaps = places - np.concatenate(([self.last_end], places[:-1]))
        self.blank += int((gaps == 1).sum())
        if self.returns:
            self.blank += int((self._before(data, ends[gaps == 2]) == _RETURN).sum())
        self.last_end = int(places[-1])

    def result(self) -> Scan:
        """The totals; a last line without an end is a record, carriage returns stand before every newline or none."""
        unfinished = self.at - 1 > self.last_end
        records = self.ends + unfinished - self.blank
        uniform = self.returns == 0 or self.returns == self.pairs == self.ends
        plain = self.plain and uniform and not self.quoted and not self.blank
        return Scan(plain, records, self.blank, self.at, self.ends + self.returns + self.quotes - self.doubled)
