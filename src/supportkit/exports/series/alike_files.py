"""Which of many files may be a series: neighbours of one first line, small enough to be read as one."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from supportkit.exports.recognising.load_options import LoadOptions

FEWEST: Final = 5
MOST_BYTES: Final = 64 << 20
LARGEST: Final = 2 << 20
_FIRST_LINE: Final = 32 << 10


def runs(files: Sequence[Path], options: LoadOptions) -> Iterator[tuple[bool, list[Path]]]:
    """The files in their order: those that may be a series together, and the others."""
    alone = options.guess or options.sheet or options.with_files or options.joins
    if alone or len(files) < FEWEST:
        yield False, [*files]
        return
    for line, alike in groupby(files, _first_line):
        found = [*alike]
        if not line or len(found) < FEWEST:
            yield False, found
            continue
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
