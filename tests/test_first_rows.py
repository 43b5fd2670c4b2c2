"""The first rows of a file as Python reads them: without blanks around their cells, nothing where these are empty."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import duckdb

from supportkit.exports.rows.first_rows import FIRST_ROWS, LONGEST, first_rows


def read(relation: str, width: int) -> list[list[str | None]]:
    staging: Any = SimpleNamespace(
        headers=["a"] * width, cells=SimpleNamespace(relation=relation), bound=lambda sql: {}
    )
    with duckdb.connect() as connection:
        return [list(column) for column in first_rows(connection, staging)]


def test_cells_are_stripped_and_none_where_empty() -> None:
    cells = "(values (' x\u00a0', ''), (null, '  '), ('\ufeffy', 'z')) as t(c0, c1)"
    assert read(cells, 2) == [["x", None, "y"], [None, None, "z"]]


def test_long_cells_are_cut_and_later_rows_left_out() -> None:
    many = f"(select repeat('a', 1000) as c0 from range({2 * FIRST_ROWS})) as t"
    assert read(many, 1) == [["a" * LONGEST] * FIRST_ROWS]


def test_a_file_without_rows_has_empty_columns() -> None:
    assert read("(select '' as c0, '' as c1 where false) as t", 2) == [[], []]
