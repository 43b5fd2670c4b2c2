"""A table and a picture cost what they show, and what all rows need is worked out once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from supportkit.render import Display, render, table
from supportkit.result import Result, detail, key
from supportkit.store import Store
from supportkit.trending.trend_rows import TrendRows
from supportkit.trends import trends
from tests.test_trends import WEEKS, ticket_rows, tickets, wave, week


@pytest.mark.parametrize("rows", [400, 4_000])
def test_as_many_cells_are_measured_however_many_rows_there_are(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = 0

    def counted(*words: Any) -> str:
        nonlocal measured
        measured += 1
        return str(words[0])

    monkeypatch.setattr(table, "value_text", counted)
    columns = (key("ticket"), *(detail(f"column {place}", "text") for place in range(8)))
    cells = tuple((f"T{row}", *["word"] * 8) for row in range(rows))
    render([Result(metric="sql", title="Query", definition="", columns=columns, rows=cells)], "table", Display(60))
    assert 0 < measured < 400 * 9 * 60


def test_what_stands_out_is_asked_as_often_however_many_series_there_are(
    shop: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks at all of them: asked for each of 25,000 categories, a page took minutes."""
    asked, names = 0, [f"kind {number}" for number in range(60)]

    def counted(view: TrendRows) -> list[int]:
        nonlocal asked
        asked += 1
        return []

    monkeypatch.setattr(TrendRows, "standing_out", property(counted))
    store = shop(tickets=tickets(*(ticket_rows(name, wave(1)) for name in names)))
    past = trends(store, by="category", period=week(WEEKS - 1), past=True)
    assert len({row["category"] for row in past.records()}) == 4
    assert 0 < asked < 10
