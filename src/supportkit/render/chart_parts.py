"""What all pictures share: their size, and the words and numbers of a result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from supportkit.period import parse_period
from supportkit.render.escaping import for_terminal
from supportkit.render.language import Language
from supportkit.render.value_text import cell, value_text
from supportkit.result import Column, Result, Value

Spec = dict[str, Any]
Record = Mapping[str, Value]

WIDTH: Final = 480
MOST: Final = 12  # rows of a chart; the table has the others
BAR: Final = 24  # height of a row
LABEL: Final = 150  # width kept for names


def cell_text(result: Result, name: str, value: Value, language: Language) -> str:
    """A value of a column in words, safe to print."""
    column = column_of(result, name)
    if isinstance(value, str):
        return for_terminal(cell(value, column, language))
    return for_terminal(value_text(value, column.kind, result.scope.currency, language))


def column_of(result: Result, name: str) -> Column:
    """A column by its name."""
    return next(column for column in result.columns if column.name == name)


def goal_of(result: Result, name: str, record: Record) -> float | None:
    """What a figure of a row should be: the target that speaks of it most closely, of those the latest."""
    names = {key.dimension: str(record[key.name]) for key in result.keys}
    day = _day_of(result, record)
    holding = [
        goal
        for goal in result.goals
        if goal.figure == name
        and all(names.get(column) == value for column, value in goal.where)
        and (goal.start is None or (day is not None and goal.start <= day))
    ]
    found = max(holding, key=lambda goal: (len(goal.where), goal.start or date.min), default=None)
    return found.value if found else None


def _day_of(result: Result, record: Record) -> date | None:
    """The first day of what a row covers."""
    period = next((record[key.name] for key in result.keys if key.kind == "period"), None)
    if isinstance(period, str):
        return parse_period(period, date(2000, 1, 3)).start
    scope = result.scope
    return scope.start or scope.end or (scope.as_of.date() if scope.as_of else None)


def name_of(result: Result, record: Record, first: str, language: Language, *, but: str | None = None) -> str:
    """What a row is called: two of its keys in words, from the first column of the picture on, without one of them."""
    columns = [column for column in result.columns if column.role == "key" and column.kind in ("text", "period")]
    names = [column.name for column in columns]
    chosen = columns[names.index(first) :] if first in names else [column_of(result, first)]
    parts = [
        for_terminal(value_text(record[column.name], column.kind, None, language))
        for column in chosen
        if column.name != but
    ]
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
