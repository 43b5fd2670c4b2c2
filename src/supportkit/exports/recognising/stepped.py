"""Which columns of a file are steps, as `steps` in a map says, and the file with a row for each of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from supportkit.errors import unknown
from supportkit.exports.reading.cells import find_layout
from supportkit.exports.reading.dialect import Layout
from supportkit.exports.reading.encodings import Encoding
from supportkit.exports.reading.files import OpenExport
from supportkit.exports.reading.unfolding import NAMES, unfolded
from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.system.named import NamedTuple

STEPS: Final = "steps"
"""The word of a map that names the columns of the steps."""


class Laid(NamedTuple):
    """A file, and how it is written down."""

    export: OpenExport
    encoding: Encoding
    layout: Layout


def steps_said(options: LoadOptions) -> list[str]:
    """The headers of the columns that are steps; none where nobody says so."""
    said = options.map.get(STEPS) or options.columns.get("events", {}).get(STEPS, "")
    return [name.strip() for name in next(csv.reader([said.strip("'")], skipinitialspace=True), [])]


def steps_as_text(headers: list[str]) -> str:
    """Headers as a map names them."""
    return ", ".join('"{}"'.format(name.replace('"', '""')) if set(name) & set(',"') else name for name in headers)


@contextmanager
def in_steps(export: OpenExport, encoding: Encoding, layout: Layout, options: LoadOptions) -> Iterator[Laid]:
    """The file with a row for each step, where its columns are said to be steps; else as it is.

    Raises UsageError where the command line names a column that the file has not.
    """
    names = {" ".join(name.split()).casefold(): place for place, name in enumerate(layout.names)}
    said = steps_said(options)
    steps = [names[one.casefold()] for one in said if one.casefold() in names]
    if not steps or len(steps) < len(said):
        missing = [one for one in said if one.casefold() not in names]
        if missing and STEPS in options.map and not set(NAMES) <= names.keys():
            raise unknown("column", missing[0], layout.names)
        yield Laid(export, encoding, layout)
        return
    with unfolded(export, encoding, layout, steps) as stepped:
        found, laid = find_layout(stepped)
        assert laid is not None
        yield Laid(stepped, found, laid)
