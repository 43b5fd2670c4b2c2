"""A file of another format as CSV: its rows written down in the one way that the reader of CSV reads fast."""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

from supportkit.exports.formats import Format, Source


def write_csv(form: Format, source: Source, target: BinaryIO) -> bool:
    """Write the rows of a file of this format as strict CSV in UTF-8; returns whether the first line is the header."""
    with form.rows(source) as found:
        text = io.TextIOWrapper(target, "utf-8", errors="replace", newline="")
        write = csv.writer(text, lineterminator="\n").writerow
        if found.header is not None:
            write([" ".join(name.split()) for name in found.header])
        for row in found.rows:
            write(row)
        text.flush()
        text.detach()
    return found.header is not None
