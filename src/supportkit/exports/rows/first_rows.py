"""The first rows of a file, as they are read in Python: what of columns is found without a query for each question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from supportkit.exports.value_formats.values import BLANKS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.exports.rows.staging import Staging

FIRST_ROWS: Final = 500
LONGEST: Final = 64
"""Longer cells are texts, and cut."""

FirstRows = Sequence[Sequence[str | None]]
"""The cells of each column, without blanks around them, None where empty."""


def first_rows(connection: DuckDBPyConnection, staging: Staging) -> FirstRows:
    """The first rows of a file, by columns. They are stripped here: SQL that strips each takes longer to be planned."""
    width = len(staging.headers)
    cells = ", ".join(f"c{place}[:{2 * LONGEST}]" for place in range(width))
    query = f"select {cells} from {staging.cells.relation} limit {FIRST_ROWS}"
    rows = connection.execute(query, staging.bound(query)).fetchall()
    by_column = zip(*rows, strict=True) if rows else iter([()] * width)
    return [[(cell or "").strip(BLANKS)[:LONGEST] or None for cell in column] for column in by_column]
