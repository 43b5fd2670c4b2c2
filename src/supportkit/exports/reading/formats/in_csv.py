"""A file of another format as CSV: its rows written down in the one way that the reader of CSV reads fast."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import BinaryIO

from supportkit.exports.reading.formats import Format, Source, Unread
from supportkit.system.named import NamedTuple


class Written(NamedTuple):
    """Whether the first line is the header, how many cells of which column are rounded, and what is no row."""

    headed: bool
    rounded: Mapping[int, int]
    unread: tuple[Unread, ...] = ()


def write_csv(form: Format, source: Source, target: BinaryIO) -> Written:
    """Write the rows of a file of this format as strict CSV in UTF-8."""
    with form.rows(source) as found:
        text = io.TextIOWrapper(target, "utf-8", errors="replace", newline="")
        write = csv.writer(text, lineterminator="\n").writerow
        if found.header is not None:
            write([" ".join(name.split()) for name in found.header])
        for row in found.rows:
            write(row)
        text.flush()
        text.detach()
    return Written(found.header is not None, found.rounded, found.unread)
