"""Values between tabs, for programs that split lines and tabs: where one stands inside a cell it is a space."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from supportkit.render import PLAIN, Display
from supportkit.render.csv import cell
from supportkit.render.escaping import for_csv, visible
from supportkit.result import Result

FOR_PROGRAMS: Final = True
_ENDS: Final = re.compile(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def from_results(results: Sequence[Result], display: Display = PLAIN) -> str:
    """The header and the rows; several results stand one after the other, apart by an empty line."""
    text = "\n".join(_one(result) for result in results)
    return text if display.width is None else visible(text)


def _one(result: Result) -> str:
    lines = [[for_csv(column.name) for column in result.columns], *([cell(v) for v in row] for row in result.rows)]
    return "".join("\t".join(_ENDS.sub(" ", value) for value in line) + "\n" for line in lines)
