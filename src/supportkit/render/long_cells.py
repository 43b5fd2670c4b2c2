"""Long texts in a table for people: cut, and told, for a table makes every row as wide as its widest cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from supportkit.result import Result, Value

LONGEST: Final = 300
"""Characters of a cell: more than a sentence, and less than a page."""
LINES: Final = 3
"""Of a terminal, for a cell that has the table nearly alone, as a report's sentences have."""


def cut(results: Sequence[Result], width: int | None = None) -> list[Result]:
    """The results with their longest cells cut, each with a note that says how many: on a terminal at its `width`, and
    at a few of its lines where a table has a name and a sentence alone."""
    return [_cut(result, _longest(result, width)) for result in results]


def _longest(result: Result, width: int | None) -> int:
    if width is None:
        return LONGEST
    is_sentence = sum(not column.aside for column in result.columns) <= 2
    return min(LONGEST, width * LINES if is_sentence else width)


def _cut(result: Result, longest: int) -> Result:
    long = sum(_is_long(value, longest) for row in result.rows for value in row)
    if not long:
        return result
    told = "1 cell is" if long == 1 else f"{long:,} cells are"
    note = f"{told} cut at {longest} characters; --format csv and json have them whole"
    rows = tuple(tuple(_shown(value, longest) for value in row) for row in result.rows)
    return replace(result, rows=rows, notes=(*result.notes, note))


def _is_long(value: Value, longest: int) -> bool:
    return isinstance(value, str) and len(value) > longest


def _shown(value: Value, longest: int) -> Value:
    return f"{value[: longest - 1]}…" if isinstance(value, str) and len(value) > longest else value
