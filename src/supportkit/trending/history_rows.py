"""The last half year of the series that matter most, beside what was to be expected of each period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from supportkit.period import Grain, containing
from supportkit.result import Value, count, figure, key
from supportkit.trending.trend_rows import PICTURE, TrendRows

SERIES: Final = 4
NAMED: Final = ("week", "month", "quarter", "year")
PAST: Final = (
    key("period", "period"),
    count("tickets", better="down"),
    figure("expected", "count", n="tested"),
    figure("expected_low", "count", "low", n="tested"),
    figure("expected_high", "count", "high", n="tested"),
    count("tested", aside=True),
)


def past_rows(view: TrendRows, grain: Grain) -> list[tuple[Value, ...]]:
    """A row per series and period: those that stand out, then the largest; expected: from the periods before it.

    Of a period that the data does not cover the tickets are not known.
    """
    first_told = view.standing_out
    rest = sorted(set(range(len(view.grid.keys))).difference(first_told))
    recent = view.grid.tickets[:, -PICTURE:].sum(axis=1).tolist()
    rest.sort(key=lambda number: (-recent[number], view.grid.keys[number]))
    rows: list[tuple[Value, ...]] = []
    for number in (first_told + rest)[:SERIES]:
        expected = _expected(view, number) if view.seen.tested else {}
        for index in range(max(0, view.blocks.count - PICTURE), view.blocks.count):
            first = view.blocks.first_day(index)
            named = grain in NAMED
            name = containing(first, grain).name if named else f"{first}..{view.blocks.end_of(index)}"
            tickets = view.tickets(number, index)
            usual = expected.get(index, (None, None, None))
            rows.append((*view.grid.keys[number], name, tickets, *usual, int(index in expected)))
    return rows


def _expected(view: TrendRows, number: int) -> Mapping[int, tuple[Value, ...]]:
    """Expected, low and high of each judged period of a series, in tickets: the test counts a customer once."""
    scale = float(view.grid.per_writer[number])
    weeks = zip(*view.seen.course.within(number), strict=True)
    return {
        index: tuple(float(part) * scale for part in week) for index, week in enumerate(weeks) if week[0] == week[0]
    }
