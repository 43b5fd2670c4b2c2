"""A table on a terminal costs what it shows: rows that are not shown are not measured."""

from __future__ import annotations

from typing import Any

import pytest

from supportkit.render import Display, render, table
from supportkit.result import Result, detail, key


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
