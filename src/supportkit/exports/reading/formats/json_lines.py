"""The objects of a file of JSON lines, one a line; a line that is no object is refused, and the others are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from typing import Any, Final

from supportkit.errors import DataError
from supportkit.exports.reading.formats import Rows, Source, Unread
from supportkit.exports.reading.formats.flat import flat
from supportkit.exports.reading.formats.json_rows import parsed

MOST: Final = 100_000
"""Lines that may be no objects."""
_KEPT: Final = 16 << 10
"""Bytes that are kept of such a line."""


@contextmanager
def rows(source: Source) -> Iterator[Rows]:
    """Each line is a row. The file is read twice: which columns there are is known at its end."""
    left_out: list[Unread] = []
    header = list(dict.fromkeys(name for row in _cells(source, left_out) for name in row))
    damaged = [line for line in left_out if line.reason]
    if damaged and not header:
        raise _refused(source, damaged[0])
    found = ([row.get(name, "") for name in header] for row in _cells(source, []))
    yield Rows(header, found, unread=tuple(left_out))


def _cells(source: Source, left_out: list[Unread]) -> Iterator[dict[str, str]]:
    source.file.seek(0)
    for number, line in enumerate(source.file, 1):
        item, reason = _item(line) if line.strip() else (None, "")
        if isinstance(item, dict):
            yield dict(flat(item))
            continue
        left_out.append(Unread(number, line[:_KEPT] if reason else b"", reason))
        if len(left_out) > MOST and reason:
            raise _refused(source, left_out[-1])


def _item(line: bytes) -> tuple[Any, str]:
    """What a line holds, and why it is no row."""
    try:
        item = parsed(line.rstrip(b"\r\n"))
    except JSONDecodeError as error:
        return None, f"cannot be read as JSON from column {error.colno} on: {error.msg.removesuffix(' at')}"
    except UnicodeDecodeError as error:
        return None, f"is no UTF-8 from byte {error.start + 1} on"
    except (ValueError, RecursionError):
        return None, "cannot be read as JSON: it is nested too deep"
    return item, "" if isinstance(item, dict) else "is no object"


def _refused(source: Source, line: Unread) -> DataError:
    return DataError(f"{source.name}, line {line.line}: {line.reason}", hint="write one object a line")
