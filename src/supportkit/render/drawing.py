"""What all pictures share: their size, and the words and numbers of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from supportkit.render.language import Language
from supportkit.render.safe import for_terminal
from supportkit.render.words import cell, words
from supportkit.result import Column, Result, Value

Spec = dict[str, Any]
Record = Mapping[str, Value]

WIDTH: Final = 480
MOST: Final = 12  # rows of a chart; the table has the others
BAR: Final = 24  # height of a row
LABEL: Final = 150  # width kept for names


def shown(result: Result, name: str, value: Value, language: Language) -> str:
    """A value of a column in words, safe to print."""
    column = column_of(result, name)
    if isinstance(value, str):
        return for_terminal(cell(value, column, language))
    return for_terminal(words(value, column.kind, result.scope.currency, language))


def column_of(result: Result, name: str) -> Column:
    """A column by its name."""
    return next(column for column in result.columns if column.name == name)


def number_of(value: Value) -> float | None:
    """A value as a number; None where it is none."""
    return None if value is None or isinstance(value, str) or hasattr(value, "year") else float(value)


def name_of(result: Result, record: Record, first: str, language: Language) -> str:
    """What a row is called: its texts from the first column of the picture on, up to the figures."""
    names = [column.name for column in result.columns]
    parts = []
    for column in result.columns[names.index(first) :]:
        if column.kind not in ("text", "period"):
            break
        parts.append(for_terminal(words(record[column.name], column.kind, None, language)))
    return ", ".join(parts[:2])


def rows_of(data: list[dict[str, Any]], layers: list[Spec]) -> Spec:
    """Layers over rows with a name each."""
    return {
        "data": {"values": data},
        "width": WIDTH - LABEL,
        "height": {"step": BAR},
        "encoding": {"y": {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None}}},
        "layer": layers,
    }
