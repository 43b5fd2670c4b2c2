"""Ids that a spreadsheet has rounded: `1.23457E+11` may stand for many, and what they were cannot be known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.exports.values import IDS
from supportkit.store.schema import Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ROUNDED: Final = r"\d([.,]\d+)?E\+\d\d"


def rounded_ids(connection: DuckDBPyConnection, table: Table, stage: str) -> list[str]:
    """A warning for each column of ids of a stage in which such values stand; they are kept as they are."""
    names = [name for name in table.names if name in IDS]
    counted = ", ".join(
        f"count(*) filter ({name} like '%E+%' and regexp_full_match({name}, '{_ROUNDED}'))" for name in names
    )
    found = zip(names, connection.execute(f"select {counted} from {stage}").fetchall()[0], strict=True)
    return [
        f"{count:,} ids in {name} are rounded, as spreadsheets write 1.23457E+11: rows of several may have become one; "
        "export again and load the file unopened"
        for name, count in found
        if count
    ]
