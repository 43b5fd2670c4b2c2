"""Long texts in a table for people: cut, and told, for a table makes every row as wide as its widest cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from supportkit.result import Result, Value

LONGEST: Final = 300
"""Characters of a cell: more than a sentence, and less than a page."""


def cut(results: Sequence[Result]) -> list[Result]:
    """The results with their longest cells cut, each with a note that says how many."""
    return [_cut(result) for result in results]


def _cut(result: Result) -> Result:
    long = sum(_is_long(value) for row in result.rows for value in row)
    if not long:
        return result
    told = "1 cell is" if long == 1 else f"{long:,} cells are"
    note = f"{told} cut at {LONGEST} characters; --format csv and json have them whole"
    rows = tuple(tuple(_shown(value) for value in row) for row in result.rows)
    return replace(result, rows=rows, notes=(*result.notes, note))


def _is_long(value: Value) -> bool:
    return isinstance(value, str) and len(value) > LONGEST


def _shown(value: Value) -> Value:
    return f"{value[: LONGEST - 1]}…" if isinstance(value, str) and len(value) > LONGEST else value
