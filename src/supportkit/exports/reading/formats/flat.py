"""Nested values as one row of texts: an object within an object has a dotted name, a list is its JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

DEEPEST: Final = 20
ROUNDED: Final = 1e15
WHOLE: Final = 1e25
"""Greater numbers are written as `1e+25`."""


def flat(item: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The cells of an object by their names, in its order: `{"user": {"id": 1}}` is `user.id`."""
    for name, value in item.items():
        named = f"{before}{' '.join(str(name).split())}"
        if isinstance(value, Mapping) and value and depth < DEEPEST:
            yield from flat(value, f"{named}.", depth + 1)
        else:
            yield named, text_of(value)


def table_of(rows: Iterable[Mapping[str, str]]) -> tuple[list[str], list[list[str]]]:
    """Rows with cells by name as a header and rows of texts; the columns stand in the order in which they come.

    An object that some rows have not makes no column of its own: `{"by": null}` beside `{"by": {"id": 1}}` is `by.id`.
    """
    rows = list(rows)
    names = dict.fromkeys(name for row in rows for name in row)
    objects = {name[:end] for name in names for end in range(len(name)) if name[end] == "."}
    empty = {name for name in objects.intersection(names) if not any(row.get(name) for row in rows)}
    header = [name for name in names if name not in empty]
    return header, [[row.get(name, "") for name in header] for row in rows]


def text_of(value: Any) -> str:
    """A value as a cell of a CSV file: a figure with all its digits, an instant as ISO 8601, a list as JSON."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return number(value)
        case int() | Decimal():
            return str(value)
        case datetime():
            return value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return clock(value)
        case bytes():
            return value.decode("utf-8", "replace")
        case _:
            return json.dumps(value, ensure_ascii=False, default=text_of)


def number(value: float) -> str:
    """A figure with all the digits that it is stored with; whole ones without a point."""
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value == int(value) and abs(value) < WHOLE:
        return f"{Decimal(repr(value)):.0f}"
    return repr(value)


def is_rounded(value: Any) -> bool:
    """Whether a number has more digits than the 15 that a spreadsheet keeps."""
    return isinstance(value, int | float) and ROUNDED <= abs(value) < WHOLE


def clock(value: timedelta) -> str:
    """A duration as `30:00:00`, over a day too."""
    seconds = round(value.total_seconds())
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
