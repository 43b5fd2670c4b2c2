"""Physical lines of a file, each with the bytes it took, so that every byte is accounted for.

UTF-8 is decided line by line. A line that is not UTF-8 keeps its valid characters where they outnumber the broken
bytes; otherwise it is read in the old encoding of the file's other such lines. Where a person says the encoding, bytes
that are none of its letters are a fault of their line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from supportkit.exports.reading.encodings import CHUNK, Encoding, damaged_utf8
from supportkit.system.named import NamedTuple

MAX_LINE: Final = 8 << 20
MARK: Final = "\ufeff"
UNREAD: Final = "\ufffd"
_SHIFTS: Final = {"iso2022_kr": b"\x1b$)C"}
"""What an encoding writes once in a file and means in every line."""
NO_LETTER: Final = "is no letter of"


class Line(NamedTuple):
    """A physical line: its number from 1, its first byte, its length with the line end, its text (None: too long).

    `foreign` marks a line that is not in the file's own encoding and was read as best it could be; `fault` says where
    it is not in the one that was said.
    """

    number: int
    start: int
    length: int
    text: str | None
    foreign: bool = False
    fault: str = ""

    @property
    def is_damaged(self) -> bool:
        """Whether bytes of it could not be read at all."""
        return self.foreign and UNREAD in (self.text or "")

    @property
    def fault_in_file(self) -> str:
        """The fault with its line."""
        return self.fault.replace(" in ", f" in line {self.number}, ", 1)


def read_lines(file: BinaryIO, encoding: Encoding) -> Iterator[Line]:
    """Every line from the first byte to the last; the lengths add up to the size of the file."""
    file.seek(0)
    pieces = _newline_pieces(file) if encoding.end == b"\n" else _split_pieces(file, encoding.end)
    start, skip = 0, encoding.mark
    for number, (length, raw) in enumerate(pieces, 1):
        text, foreign = (None, False) if raw is None else decode(raw[skip:], encoding)
        fault = unread(raw[skip:], encoding.name) if raw and foreign and encoding.by == "given" else ""
        if text is not None and text[:1] == MARK:  # as where files were put behind each other
            text = text.lstrip(MARK)
        yield Line(number, start, length, text, foreign, fault)
        start, skip = start + length, 0


def decode(raw: bytes, encoding: Encoding) -> tuple[str, bool]:
    """The text of one line, and whether it broke its encoding; never fails, keeps every character that can be read."""
    if encoding.name != "utf-8":
        raw = _SHIFTS.get(encoding.name, b"") + raw
        text = raw.decode(encoding.name, "replace")
        return text, UNREAD in text
    try:
        return raw.decode(), False
    except UnicodeDecodeError:
        pass
    if encoding.by == "given":
        return raw.decode("utf-8", "replace"), True
    if (damaged := damaged_utf8(raw)) is not None:
        return damaged, True
    try:
        return raw.decode(encoding.legacy), True
    except UnicodeDecodeError:
        return raw.decode("latin-1"), True


def unread(raw: bytes, encoding: str) -> str:
    """Which byte of a line cannot be read, and in which column; empty where all can."""
    try:
        raw.decode(encoding)
    except UnicodeDecodeError as error:
        column = len(raw[: error.start].decode(encoding, "replace")) + 1
        return f"byte 0x{raw[error.start]:02x} in column {column} {NO_LETTER} {encoding}"
    return ""


def _newline_pieces(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    while piece := file.readline(MAX_LINE):
        length = len(piece)
        if length == MAX_LINE and not piece.endswith(b"\n"):
            while more := file.readline(MAX_LINE):
                length += len(more)
                if more.endswith(b"\n"):
                    break
            yield length, None
        else:
            yield length, piece


def _split_pieces(file: BinaryIO, end: bytes) -> Iterator[tuple[int, bytes | None]]:
    """Lines that end in one or two bytes, found at whole characters only."""
    unit = len(end)
    rest, dropped = b"", 0
    while chunk := file.read(CHUNK):
        data, at, searched = rest + chunk, 0, 0
        while (found := data.find(end, searched)) >= 0:
            if found % unit:
                searched = found + 1
                continue
            stop = found + unit
            piece = data[at:stop]
            yield (dropped + len(piece), None) if dropped else (len(piece), piece)
            dropped = 0
            at = searched = stop
        rest = data[at:]
        if at % unit == 0 and len(rest) > MAX_LINE:
            whole = len(rest) - len(rest) % unit
            dropped += whole
            rest = rest[whole:]
    if rest or dropped:
        yield (dropped + len(rest), None) if dropped else (len(rest), rest)
