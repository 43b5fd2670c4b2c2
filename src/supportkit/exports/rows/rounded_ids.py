"""Ids that a spreadsheet has rounded: `1.23457E+11` may stand for many, and what they were cannot be known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from supportkit.exports.recognising.expressions import columns_read
from supportkit.exports.recognising.recognised import Recognised
from supportkit.exports.value_formats.values import IDS
from supportkit.result import counted
from supportkit.store.schema import Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROUNDED: Final = (
    "rounded, as spreadsheets write 1.23457E+11: rows of several may have become one; export again and load the file "
    "unopened"
)
OF_DIGITS: Final = "of more than 15 digits, which a spreadsheet rounds: rows of several may have become one"
_ROUNDED: Final = r"\d([.,]\d+)?E\+\d\d"


def rounded_ids(connection: DuckDBPyConnection, table: Table, stage: str) -> list[str]:
    """A warning for each column of ids of a stage in which such values stand; they are kept as they are."""
    names = [name for name in table.names if name in IDS]
    counts = ", ".join(
        f"count(*) filter ({name} like '%E+%' and regexp_full_match({name}, '{_ROUNDED}'))" for name in names
    )
    found = zip(names, connection.execute(f"select {counts} from {stage}").fetchall()[0], strict=True)
    return [
        counted(count, f"{{n}} id in {name} is {ROUNDED}", f"{{n}} ids in {name} are {ROUNDED}")
        for name, count in found
        if count
    ]


def rounded_numbers(known: Recognised, rounded: Mapping[int, int]) -> list[str]:
    """A warning for each column of ids that a workbook holds as numbers of more digits than it keeps; `rounded` counts
    them by the place of their column."""
    found = {
        ours: sum(rounded.get(place, 0) for one in known.columns[ours] for place in columns_read(one))
        for ours in known.table.names
        if ours in IDS and ours in known.columns
    }
    return [
        counted(
            count,
            f"{{n}} id in {ours} is a number {OF_DIGITS}; have it exported as text",
            f"{{n}} ids in {ours} are numbers {OF_DIGITS}; have them exported as text",
        )
        for ours, count in found.items()
        if count
    ]
