"""Which of many files may be a series: those of one first line, plain and small enough to be read as one. Of a file of
another kind than CSV that is the first line of it as CSV.

Neighbours are taken together in their place. Where files of several first lines stand between each other, as two
exports a day do, each kind is put together, and the files that are of none go last.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from supportkit.errors import SupportkitError
from supportkit.exports.reading.byte_scan import scan_small
from supportkit.exports.reading.files import open_export
from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.exports.recognising.stepped import steps_said
from supportkit.system.named import NamedTuple

FEWEST: Final = 5
MOST_BYTES: Final = 64 << 20
LARGEST: Final = 2 << 20
_FIRST_LINE: Final = 32 << 10


class Runs(NamedTuple):
    """Files that are loaded one after the other, or together where they may be a series; whether any of them were put
    in another order for it: then no row of one may meet a row of another."""

    parts: list[tuple[bool, list[Path]]]
    moved: bool = False


def runs(files: Sequence[Path], options: LoadOptions) -> Runs:
    """The files in their order, or each kind together where they are mixed."""
    alone = options.guess or options.sheet or options.with_files or options.joins or steps_said(options)
    if alone or len(files) < FEWEST:
        return Runs([(False, [*files])])
    lines = {path: _first_line(path, options) for path in files}
    neighbours = [(line, [*alike]) for line, alike in groupby(files, lines.__getitem__)]
    kinds: dict[bytes, list[Path]] = {}
    for path in files:
        kinds.setdefault(lines[path], []).append(path)
    others = kinds.pop(b"", [])
    others += [path for kind in kinds.values() if len(kind) < FEWEST for path in kind]
    series = [kind for kind in kinds.values() if len(kind) >= FEWEST]
    if len(neighbours) <= len(series) + len(others):
        return Runs([part for line, found in neighbours for part in _parts(found, is_series=bool(line))])
    places = {path: place for place, path in enumerate(files)}
    others.sort(key=places.__getitem__)
    together = [part for kind in series for part in _parts(kind, is_series=True)]
    return Runs([*together, *([(False, others)] if others else [])], moved=True)


def _parts(found: list[Path], *, is_series: bool) -> Iterator[tuple[bool, list[Path]]]:
    """Files of one first line, in parts of so many bytes where they may be a series."""
    if not is_series or len(found) < FEWEST:
        yield False, found
        return
    part: list[Path] = []
    size = 0
    for path in found:
        part.append(path)
        size += path.stat().st_size
        if size > MOST_BYTES:
            yield True, part
            part, size = [], 0
    if part:
        yield True, part


def _first_line(path: Path, options: LoadOptions) -> bytes:
    """The first line of a file that may be one of a series, as it ends; nothing of another."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return b""
        with open_export(path, usual_sheet=options.usual_sheet) as export:
            if export.size > LARGEST or export.unread:
                return b""
            line, rows = export.file.readline(_FIRST_LINE), export.file.read()
    except (OSError, SupportkitError):  # told of the file once it is loaded
        return b""
    is_whole = line.endswith(b"\n") and b"\x00" not in line
    return line.removeprefix(codecs.BOM_UTF8) if is_whole and _is_plain(rows, line) else b""


def _is_plain(rows: bytes, header: bytes) -> bool:
    """Whether rows are such as are read fast, and end as the header does."""
    delimiter = max(b",;\t|", key=lambda sign: header.count(bytes((sign,))))
    is_as_header = not rows.endswith(b"\n") or rows.endswith(b"\r\n") == header.endswith(b"\r\n")
    return not rows or (is_as_header and scan_small(rows, bytes((delimiter,))).plain)


def bare(line: bytes) -> bytes:
    """A line without the mark of its encoding before it and its end."""
    return line.removeprefix(codecs.BOM_UTF8).rstrip(b"\r\n")
