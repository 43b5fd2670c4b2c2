"""CSV: the rows of a result, RFC 4180, with cells that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from supportkit.render import PLAIN, Display
from supportkit.render.escaping import for_csv, visible
from supportkit.render.json import json_value
from supportkit.result import Result, Value

FOR_PROGRAMS: Final = True


def from_results(results: Sequence[Result], display: Display = PLAIN) -> str:
    """The header and the rows; several results stand one after the other, apart by an empty line. On a terminal what
    would drive it is shown as what it is; in a pipe or a file every byte stays."""
    text = "\n".join(_one(result) for result in results)
    return text if display.width is None else visible(text)


def _one(result: Result) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([for_csv(column.name) for column in result.columns])
    writer.writerows([[cell(value) for value in row] for row in result.rows])
    return text.getvalue()


def cell(value: Value) -> str:
    """A value as a cell: nothing for null, and nothing that a spreadsheet takes for a formula."""
    shown = json_value(value)
    if shown is None:
        return ""
    if isinstance(shown, bool):
        return "true" if shown else "false"
    return for_csv(shown) if isinstance(shown, str) else str(shown)
