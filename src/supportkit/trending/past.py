"""The last half year of the series that matter most, beside what was to be expected of the last period."""

from __future__ import annotations

from typing import Final

from supportkit.period import Grain, containing
from supportkit.result import Column, Value
from supportkit.trending.view import PICTURE, View

SERIES: Final = 4
NAMED: Final = ("week", "month", "quarter", "year")
PAST: Final = (
    Column("period", "period"),
    Column("tickets", "count", better="down"),
    Column("expected", "number"),
    Column("expected_low", "number", "low"),
    Column("expected_high", "number", "high"),
)


def past_rows(view: View, grain: Grain) -> list[tuple[Value, ...]]:
    """A row per series and period: those that stand out, then the largest; the expectation is the last period's."""
    rest = [number for number in range(len(view.grid.keys)) if number not in view.loud]
    rest.sort(key=lambda number: (-float(view.grid.tickets[number, -PICTURE:].sum()), view.grid.keys[number]))
    rows: list[tuple[Value, ...]] = []
    for number in (view.loud + rest)[:SERIES]:
        expected: tuple[Value, ...] = (None, None, None)
        if view.seen.tested:
            scale = float(view.grid.per_writer[number])
            parts = (view.seen.expected, view.seen.low, view.seen.high)
            expected = tuple(float(part[number]) * scale for part in parts)
        for index in range(max(0, view.blocks.count - PICTURE), view.blocks.count):
            first = view.blocks.first_day(index)
            name = containing(first, grain).name if grain in NAMED else first.isoformat()
            rows.append((*view.grid.keys[number], name, int(view.grid.tickets[number, index]), *expected))
    return rows
