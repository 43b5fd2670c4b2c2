"""Which tables of the store a query reads, views looked through, and what there is in each to judge it by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from supportkit.errors import DataError
from supportkit.store.reach import EPOCH
from supportkit.store.schema import TABLES
from supportkit.store.store import Store

SQL_PLAN: Final = "select json_serialize_plan($query, optimize := false)"
"""The plan as bound and before it is optimised, which leaves out what cannot give a row."""

SQL_LOADS: Final = "select count(*), epoch_us(max(loaded_at)) from loads"

OTHERS: Final = ("system", "temp")
"""The databases of every connection beside the store; which of them is the current one says nothing here."""


def tables_read(store: Store, sql: str) -> tuple[str, ...]:
    """The names of the tables of the store that a select statement reads. Raises DataError where DuckDB cannot say."""
    bound = json.loads(store.rows(SQL_PLAN, query=sql)[0][0])
    if bound.get("error"):
        raise DataError(f"it cannot be told which tables the query reads: {bound.get('error_message')}")
    return tuple(dict.fromkeys(name for base, schema, name in _scans(bound) if schema == "main" and base not in OTHERS))


def extent(store: Store, table: str) -> tuple[int, datetime | None] | None:
    """How many rows a table of the exports has, all conditions aside, and until when; of any other table None.

    A row that was refused is no data: `rejects` is as good as the loads that it tells of.
    """
    if table in TABLES:
        scope, _ = store.scope(replace(store, conditions=()).select(table))
        return scope.rows, scope.data_through
    if table in ("loads", "rejects"):
        rows, microseconds = store.rows(SQL_LOADS)[0]
        return rows, None if microseconds is None else EPOCH + timedelta(microseconds=microseconds)
    return None


def _scans(plan: Any) -> Iterator[tuple[str, str, str]]:
    """The catalogue, schema and name of every table that a plan scans."""
    if isinstance(plan, dict):
        place = plan.get("function_data")
        if plan.get("type") == "LOGICAL_GET" and isinstance(place, dict) and "table" in place:
            yield place["catalog"], place["schema"], place["table"]
        parts: Any = plan.values()
    else:
        parts = plan if isinstance(plan, list) else ()
    for part in parts:
        yield from _scans(part)
