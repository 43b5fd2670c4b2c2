"""A small table as a query with its rows as parameters: a list a column, taken apart side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from supportkit.store.identifiers import quoted


def pushed(columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> tuple[str, dict[str, Any]]:
    """The query of a table of these columns (with their types) and rows, and its parameters."""
    given = list(rows)
    by_column = {f"column_{place}": [row[place] for row in given] for place in range(len(columns))}
    unnested = ", ".join(
        f"unnest(cast($column_{place} as {kind}[])) as {quoted(column)}"
        for place, (column, kind) in enumerate(columns.items())
    )
    return f"select {unnested}", by_column
