"""Parquet: the rows of a result with their types; what they are stands in the file's own notes, under `supportkit`.

DuckDB writes the file, in a memory of its own: no store is asked.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from supportkit.errors import UsageError
from supportkit.render import PLAIN, Display
from supportkit.render.json import as_object
from supportkit.result import Kind, Result, Value

FOR_PROGRAMS: Final = True
TYPES: Final[dict[Kind, str]] = {
    "text": "varchar", "count": "bigint", "number": "double", "share": "double", "money": "decimal(38, 6)",
    "duration": "double", "date": "timestamptz", "period": "varchar", "flag": "boolean",
}  # fmt: skip
"""What a column of a kind is, so that it is the same from week to week; `type_of` says where its values are more."""
_MOST: Final = 9_000_000_000_000_000_000  # that a bigint holds


def from_results(results: Sequence[Result], display: Display = PLAIN) -> bytes:
    """One result as a file. Raises UsageError for several, which are no one table, and for one without columns."""
    from supportkit.system.duckdb_engine import duckdb

    if len(results) != 1:
        raise UsageError("a Parquet file holds one table", hint="--output FILE.xlsx, .json or .html hold several")
    (result,) = results
    if not result.columns:
        raise UsageError(f"{result.metric}: has no columns, and a Parquet file needs one", hint="--output FILE.json")
    fields = zip(result.columns, _columns(result), strict=True)
    shape = ", ".join(f"{_quoted(one.name)}: {_quoted(type_of(one.kind, values))}" for one, values in fields)
    with tempfile.TemporaryDirectory(prefix="supportkit-") as folder:
        rows, file = Path(folder) / "rows.json", Path(folder) / "result.parquet"
        with rows.open("w", encoding="utf-8") as lines:
            for record in result.records():
                lines.write(json.dumps({name: _written(value) for name, value in record.items()}) + "\n")
        with duckdb.connect(config={"threads": "1"}) as ours:
            ours.execute("set TimeZone = 'UTC'")
            ours.execute(
                f"copy (from read_json($rows, format = 'newline_delimited', columns = {{{shape}}})) to $file "
                "(format parquet, kv_metadata {supportkit: $said})",
                {"rows": str(rows), "file": str(file), "said": _said(result)},
            )
        return file.read_bytes()


def type_of(kind: Kind, values: Iterable[Value]) -> str:
    """The type of a column: that of its kind, or one that takes what its values have beyond it."""
    known = [value for value in values if value is not None]
    if kind == "date" and known and not any(isinstance(value, datetime) for value in known):
        return "date"
    if any(isinstance(value, str) for value in known):
        return "varchar"
    if kind == "count" and not all(_is_whole(value) for value in known):
        return "double"
    if kind == "number" and known and all(isinstance(value, Decimal) for value in known):
        return "decimal(38, 6)"
    return TYPES[kind]


def _is_whole(value: Value) -> bool:
    return isinstance(value, int | float | Decimal) and value == int(value) and -_MOST < int(value) < _MOST


def _columns(result: Result) -> Iterable[Sequence[Value]]:
    return zip(*result.rows, strict=True) if result.rows else [()] * len(result.columns)


def _written(value: Value) -> Any:
    """A value as JSON from which DuckDB reads it whole: decimals as text, instants with their offset."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _said(result: Result) -> str:
    return json.dumps({name: value for name, value in as_object(result).items() if name != "rows"})


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
