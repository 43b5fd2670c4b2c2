"""Which of many files may be a series: those of one first line, small enough to be read as one.

Neighbours are taken together in their place. Where files of several first lines stand between each other, as two
exports a day do, each kind is put together, and the files that are of none go last.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from supportkit.exports.recognising.load_options import LoadOptions
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


def runs(files: Sequence[Path], options: LoadOptions, *, in_order: bool = False) -> Runs:
    """The files in their order, or each kind together where they are mixed, unless they have to be `in_order`."""
    alone = options.guess or options.sheet or options.with_files or options.joins
    if alone or len(files) < FEWEST:
        return Runs([(False, [*files])])
    lines = {path: _first_line(path) for path in files}
    neighbours = [(line, [*alike]) for line, alike in groupby(files, lines.__getitem__)]
    kinds: dict[bytes, list[Path]] = {}
    for path in files:
        kinds.setdefault(lines[path], []).append(path)
    others = kinds.pop(b"", [])
    others += [path for kind in kinds.values() if len(kind) < FEWEST for path in kind]
    series = [kind for kind in kinds.values() if len(kind) >= FEWEST]
    if in_order or len(neighbours) <= len(series) + len(others):
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


def _first_line(path: Path) -> bytes:
    """The first line of a file that may be one of a series; nothing of another."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return b""
        with path.open("rb") as file:
            line = file.readline(_FIRST_LINE)
    except OSError:
        return b""
    return bare(line) if line.endswith(b"\n") and b"\x00" not in line else b""


def bare(line: bytes) -> bytes:
    """A line without the mark of its encoding before it and its end."""
    return line.removeprefix(codecs.BOM_UTF8).rstrip(b"\r\n")
