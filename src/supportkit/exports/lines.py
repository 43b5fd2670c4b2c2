"""Physical lines of a file of unknown encoding, each with the bytes it took, so that every byte is accounted for.

UTF-8 is decided line by line. A line that is not UTF-8 keeps its valid characters where they outnumber the broken
bytes; otherwise it is read as cp1251 (letters above 127 in runs, as Cyrillic words have) or cp1252.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

MAX_LINE: Final = 8 << 20
_CHUNK: Final = 1 << 20
_CYRILLIC_RUN: Final = re.compile(rb"[\xa8\xb8\xc0-\xff]{3}")
_RETURNS: Final = re.compile(r"\r+\n")
_BROKEN: Final = re.compile("[\udc80-\udcff]")


class Line(NamedTuple):
    """A physical line: its number from 1, its first byte, its length with the line end, its text (None: too long).

    `foreign` marks a line that is not in the file's own encoding and was read as best it could be.
    """

    number: int
    start: int
    length: int
    text: str | None
    foreign: bool = False


class Encoding(NamedTuple):
    """How a file is written down: `name` for people, the length of its byte order mark, and what ends its lines."""

    name: str
    mark: int = 0
    end: bytes = b"\n"
    legacy: str = "cp1252"


def detect_encoding(file: BinaryIO) -> Encoding:
    """The encoding of a file by its byte order mark, its pattern of NULs, its line ends and its high bytes."""
    file.seek(0)
    head = file.read(_CHUNK)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if head.startswith(mark):
            return Encoding(name, len(mark), _line_end(head, name))
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    for name, here, there in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if here > 0.3 * half and there < 0.05 * half:
            return Encoding(name, 0, _line_end(head, name))
    legacy = "cp1252" if head.isascii() else _legacy(head)
    return Encoding("utf-8", 0, _line_end(head, "utf-8"), legacy)


def _legacy(head: bytes) -> str:
    return "cp1251" if len(_CYRILLIC_RUN.findall(head)) * 12 > len(re.findall(rb"[\x80-\xff]", head)) else "cp1252"


def _line_end(head: bytes, name: str) -> bytes:
    """A newline, unless more lines end in a carriage return: a newline in quotes is part of a cell."""
    if b"\r" not in head:
        return "\n".encode(name)
    outside = _RETURNS.sub("\n", "".join(head.decode(name, "replace").split('"')[::2]))
    return ("\r" if outside.count("\r") > outside.count("\n") else "\n").encode(name)


def read_lines(file: BinaryIO, encoding: Encoding) -> Iterator[Line]:
    """Every line from the first byte to the last; the lengths add up to the size of the file."""
    file.seek(0)
    if encoding.name == "utf-8" and encoding.end == b"\n":
        pieces = _newline_pieces(file)
    else:
        pieces = _split_pieces(file, encoding.end)
    start, skip = 0, encoding.mark
    for number, (length, raw) in enumerate(pieces, 1):
        text, foreign = (None, False) if raw is None else decode(raw[skip:], encoding)
        yield Line(number, start, length, text, foreign)
        start, skip = start + length, 0


def decode(raw: bytes, encoding: Encoding) -> tuple[str, bool]:
    """The text of one line, and whether it broke its encoding; never fails, keeps every character that can be read."""
    if encoding.name != "utf-8":
        text = raw.decode(encoding.name, "replace")
        return text, "\ufffd" in text
    try:
        return raw.decode(), False
    except UnicodeDecodeError:
        pass
    kept = raw.decode("utf-8", "surrogateescape")
    broken = len(_BROKEN.findall(kept))
    if sum(char > "\x7f" for char in kept) - broken > broken:
        return _BROKEN.sub("\ufffd", kept), True
    name = "cp1251" if _CYRILLIC_RUN.search(raw) else encoding.legacy
    try:
        return raw.decode(name), True
    except UnicodeDecodeError:
        return raw.decode("latin-1"), True


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
    while chunk := file.read(_CHUNK):
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
