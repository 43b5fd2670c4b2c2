"""In which encoding a file is written: by its mark, by the pattern of its NULs, as UTF-8, else by its letters.

A file is UTF-8 where its lines are; where some of many are not, these are read as best they can be. Where most lines
with other characters than ASCII are no UTF-8, the file is in an old encoding, which its letters tell.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, Final

from supportkit.errors import UsageError
from supportkit.system.late_patterns import late
from supportkit.system.named import NamedTuple

CHUNK: Final = 1 << 20
_SAMPLE: Final = 200
_SAMPLE_BYTES: Final = 64 << 10
_RETURNS: Final = late(r"\r+\n")
_BROKEN: Final = late("[\udc80-\udcff]")
_CYRILLIC_RUN: Final = re.compile(rb"[\xa8\xb8\xc0-\xff]{3}")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before that of UTF-16, with which it begins
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ESCAPED: Final = ((b"\x1b$B", "iso2022_jp"), (b"\x1b$)C", "iso2022_kr"), (b"~{", "hz"))
"""What goes before signs in the encodings that write them in the bytes of ASCII."""
_WIDE: Final = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")


class Encoding(NamedTuple):
    """How a file is written down: `name` for people, the length of its byte order mark, and what ends its lines.

    `legacy` is what single lines that are no UTF-8 are read as; `by` says how the name was found (`mark`, `bytes`,
    `letters` or `given`), and `doubt` the encodings between which its letters do not decide.
    """

    name: str
    mark: int = 0
    end: bytes = b"\n"
    legacy: str = "cp1252"
    by: str = "bytes"
    doubt: tuple[str, ...] = ()


def detect_encoding(file: BinaryIO, given: str = "") -> Encoding:
    """The encoding of a file, by its first bytes; or the one that is given. Raises UsageError for an unknown one."""
    file.seek(0)
    head = file.read(CHUNK)
    mark, marked = next(((len(mark), name) for mark, name in _MARKS if head.startswith(mark)), (0, ""))
    if given:
        name = _codec(given, marked or _wide(head))
        return Encoding(name, mark if name == marked else 0, _line_end(head, name), by="given")
    if marked:
        return Encoding(marked, mark, _line_end(head, marked), by="mark")
    if b"\x00" in head and (name := _wide(head)):
        return Encoding(name, 0, _line_end(head, name))
    if head.isascii() and (name := _escaped(head)):
        return Encoding(name, end=_line_end(head, name), by="letters")
    return _of_lines(iter((head,)), Encoding("utf-8", 0, _line_end(head, "utf-8")))


def settled(file: BinaryIO, encoding: Encoding) -> Encoding:
    """The encoding by all lines of a file, where the first ones were plain UTF-8 and later ones are not."""
    if encoding.by != "bytes" or encoding.name != "utf-8" or file.seek(0, 2) <= CHUNK:
        return encoding
    file.seek(0)
    return _of_lines(iter(lambda: file.read(CHUNK), b""), encoding)


def _escaped(head: bytes) -> str:
    """The encoding that hides signs in ASCII; empty where none does."""
    for sign, name in _ESCAPED:
        if sign in head:
            with suppress(UnicodeDecodeError):
                if not head[: head.rfind(b"\n") + 1].decode(name).isascii():
                    return name
    return ""


def _of_lines(chunks: Iterator[bytes], plain: Encoding) -> Encoding:
    """UTF-8, as `plain` has it, or the old encoding in which most lines with other characters than ASCII are."""
    broken: list[bytes] = []
    read: list[bytes] = []
    fine, size, rest = 0, 0, b""
    for chunk in chunks:
        whole, _, after = (rest + chunk).rpartition(b"\n") if b"\n" in chunk else (b"", b"", rest + chunk)
        rest = after if len(after) < CHUNK else b""
        for line in () if whole.isascii() else whole.split(b"\n"):
            if line.isascii():
                continue
            if damaged_utf8(line) is not None:
                fine += 1
                read = [*read, line] if fine <= _SAMPLE else read
            elif len(broken) < _SAMPLE and size < _SAMPLE_BYTES:
                broken.append(line.rstrip(b"\r"))
                size += len(line)
    if not (rest.isascii() or fine or broken) and damaged_utf8(rest) is None:
        broken.append(rest)
    if not broken:
        return plain
    from supportkit.exports.reading.old_encodings import find_encoding, find_signs

    if 0 < fine <= len(broken) and (signs := find_signs([*broken, *read])):
        return plain._replace(name=signs, by="letters")
    found = find_encoding(broken)
    if fine * 10 > len(broken):
        return plain._replace(legacy=_by_runs(broken) if found.doubt else found.encoding)
    return plain._replace(name=found.encoding, by="letters", doubt=found.doubt)


def damaged_utf8(line: bytes) -> str | None:
    """A line as UTF-8, where its characters beyond ASCII outnumber the bytes that are none of any; else None."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("utf-8", "surrogateescape")
    broken = len(_BROKEN.findall(text))
    return None if sum(char > "\x7f" for char in text) <= 2 * broken else _BROKEN.sub("\ufffd", text)


def _by_runs(lines: list[bytes]) -> str:
    """The old Windows encoding of a few lines, by their runs of letters beyond ASCII."""
    data = b"\n".join(lines)
    return "cp1251" if len(_CYRILLIC_RUN.findall(data)) * 12 > len(re.findall(rb"[\x80-\xff]", data)) else "cp1252"


def _wide(head: bytes) -> str:
    """The encoding of two or four bytes a character that makes a text of the bytes; empty where none does."""
    for name in _WIDE:
        unit = 4 if "32" in name else 2
        text = head[: len(head) // unit * unit].decode(name, "replace")
        plain = sum(char < "\x80" for char in text)
        if "\x00" not in text and text.count("\ufffd") < 2 and plain * 5 > len(text):
            return name
    return ""


def _codec(given: str, found: str) -> str:
    """The name of an encoding that a person gives; of UTF-16 and UTF-32 with the order of bytes that was found."""
    try:
        name = codecs.lookup(given).name
        "a".encode(name)  # some codecs are of no text
    except (LookupError, ValueError) as error:
        raise UsageError(
            f"--encoding {given}: there is no such encoding", hint="write for example utf-8, cp1251, cp1252 or gb18030"
        ) from error
    if name in ("utf-16", "utf-32"):
        return found if found.startswith(name) else f"{name}-le"
    return "utf-8" if name == "utf-8-sig" else name


def _line_end(head: bytes, name: str) -> bytes:
    """A newline, unless more lines end in a carriage return: a newline in quotes is part of a cell."""
    newline, carriage = "\n".encode(name), "\r".encode(name)
    if b"\r" not in head:
        return newline
    outside = _RETURNS.sub("\n", "".join(head.decode(name, "replace").split('"')[::2]))
    return carriage if outside.count("\r") > outside.count("\n") else newline
