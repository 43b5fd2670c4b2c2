"""A file with a row for each person and a column for each step, as a table with a row for each step: the header of the
column becomes the step, and its cell the time of it.

The rows are written down as CSV, as those of other formats are, and go the same way from there. A row without any step
is kept with neither, and refused for that.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, Final

from supportkit.errors import DataError
from supportkit.exports.reading.dialect import Layout
from supportkit.exports.reading.encodings import Encoding
from supportkit.exports.reading.files import OpenExport
from supportkit.exports.reading.lines import read_lines
from supportkit.exports.reading.records import read_records
from supportkit.exports.reading.spools import path_of, spool

NAMES: Final = ("step", "occurred_at")


@contextmanager
def unfolded(export: OpenExport, encoding: Encoding, layout: Layout, steps: Sequence[int]) -> Iterator[OpenExport]:
    """The export with a row for each filled cell of the `steps`, by their places. Raises DataError where a line of it
    can be read as no row."""
    with spool() as target:
        _write(export, encoding, layout, steps, target)
        size = target.tell()
        target.seek(0)
        yield export._replace(file=target, path=path_of(target), size=size, form="steps", headed=True)


def _write(export: OpenExport, encoding: Encoding, layout: Layout, steps: Sequence[int], target: BinaryIO) -> None:
    text = io.TextIOWrapper(target, "utf-8", errors="replace", newline="")
    write = csv.writer(text, lineterminator="\n").writerow
    others = [place for place in range(layout.width) if place not in steps]
    write([*(layout.names[place] for place in others), *NAMES])
    lines = (line for line in read_lines(export.file, encoding) if line.number >= layout.data_line)
    for record in read_records(lines, layout.dialect, layout.shape):
        if record.kind == "blank":
            continue
        if record.kind != "row":
            raise DataError(
                f"{export.name}:{record.line}: {record.reason}, and a row for each step cannot be made of it",
                hint="mend the line, or take it out",
            )
        cells = [record.cells[place] for place in others]
        filled = [place for place in steps if record.cells[place].strip()]
        for place in filled:
            write([*cells, layout.names[place], record.cells[place]])
        if not filled:
            write([*cells, "", ""])
    text.flush()
    text.detach()
