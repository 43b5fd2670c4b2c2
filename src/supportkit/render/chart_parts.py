"""What all pictures share: their size, and the words and numbers of a result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from supportkit.period import parse_period
from supportkit.render.escaping import for_terminal
from supportkit.render.language import Language
from supportkit.render.value_text import cell, value_text
from supportkit.result import Chart, Column, Result, Value

Spec = dict[str, Any]
Record = Mapping[str, Value]

WIDTH: Final = 760  # of a whole picture, with its labels
TEXT: Final = 13  # the size of all text in it
LEAST_TEXT: Final = 11  # on a phone, where a picture is made smaller
MOST: Final = 12  # rows of a chart; the table has the others
BAR: Final = 26  # height of a row
LONGEST: Final = 34  # characters of a name; its table has all
LETTER: Final = 6.8  # the width of a character, about
FAILED: Final = "✗ "
NAMED: Final = re.compile(r"\d{4}-(?:W?\d\d|\d\d-\d\d)")
MOST_PERIODS: Final = 1000
"""Of more no gap is drawn."""


def room_beside(names: Iterable[str], more: int = 0) -> int:
    """The width that is left beside names: told here, for a renderer that measures each again takes twice the time."""
    longest = max((len(name) for name in names), default=0)
    return round(WIDTH - 20 - more - LETTER * min(longest, LONGEST))


def cell_text(result: Result, name: str, value: Value, language: Language) -> str:
    """A value of a column in words, safe to print."""
    column = column_of(result, name)
    if isinstance(value, str):
        return for_terminal(cell(value, column, language))
    return for_terminal(value_text(value, column.shown, result.scope.currency, language))


def column_of(result: Result, name: str) -> Column:
    """A column by its name."""
    return next(column for column in result.columns if column.name == name)


def name_of(result: Result, record: Record, first: str, language: Language, *, but: str | None = None) -> str:
    """What a row is called: two of its keys in words, from the first column of the picture on, without one of them."""
    columns = [column for column in result.columns if column.role == "key" and column.kind in ("text", "period")]
    names = [column.name for column in columns]
    chosen = columns[names.index(first) :] if first in names else [column_of(result, first)]
    parts = [
        for_terminal(value_text(record[column.name], column.shown, None, language))
        for column in chosen
        if column.name != but
    ]
    return shortened(", ".join(parts[:2]))


def shortened(name: str) -> str:
    """A name as long as a picture has room for, cut behind a word where that leaves half of it."""
    if len(name) <= LONGEST:
        return name
    begin = name[:LONGEST]
    words = begin.rpartition(" ")[0].rstrip(",;:·–- ")
    return f"{words if 2 * len(words) >= LONGEST else begin[:-1]}…"


def with_gaps(result: Result, chart: Chart) -> Result:
    """The result with a row for each period between its first and its last that has none: of that nothing is known."""
    names = [column.name for column in result.columns]
    along = names.index(chart.x)
    told = sorted({str(row[along]) for row in result.rows})
    if result.columns[along].kind != "period" or not told:
        return result
    periods = _each_period(told[0], told[-1])
    groups: dict[tuple[Value, ...], dict[str, tuple[Value, ...]]] = {}
    places = [place for place, column in enumerate(result.columns) if column.role == "key" and place != along]
    for row in result.rows:
        found = groups.setdefault(tuple(row[place] for place in places), {})
        if str(row[along]) in found:
            return result  # several rows a period, as steps of a funnel
        found[str(row[along])] = row
    if len(periods) * len(groups) <= len(result.rows):
        return result
    rows: list[tuple[Value, ...]] = []
    for group, found in groups.items():
        for period in periods:
            said = dict(zip(places, group, strict=True)) | {along: period}
            rows.append(found.get(period) or tuple(said.get(place) for place in range(len(names))))
    return replace(result, rows=tuple(rows))


def _each_period(first: str, last: str) -> list[str]:
    """The names of the periods from one to another of its kind; none where they are no days, weeks or months."""
    start, end = (parse_period(name, date.min) if NAMED.fullmatch(name) else None for name in (first, last))
    if start is None or end is None or start.grain != end.grain:
        return []
    names = [end.name]
    while end.name != first and len(names) < MOST_PERIODS:
        end = end.previous()
        names.append(end.name)
    return names[::-1] if end.name == first else []


def rows_of(data: list[dict[str, Any]], layers: list[Spec], step: int = BAR) -> Spec:
    """Layers over rows with a name each, in their order, whatever a layer leaves out."""
    names = list(dict.fromkeys(one["name"] for one in data))
    return {
        "data": {"values": data},
        "width": room_beside(names),
        "height": {"step": step},
        "encoding": {"y": {"field": "name", "type": "nominal", "sort": names, "axis": {"title": None}}},
        "layer": layers,
    }
