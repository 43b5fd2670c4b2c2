"""JSON: one object a result, ASCII only, at most six decimals, keys in a fixed order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from supportkit.render import PLAIN, Display
from supportkit.result import Result, Value

FOR_PROGRAMS: Final = True


def from_results(results: Sequence[Result], display: Display = PLAIN) -> str:
    """One object for one result, a list for several."""
    objects = [as_object(result) for result in results]
    return json.dumps(objects[0] if len(objects) == 1 else objects, ensure_ascii=True, allow_nan=False, indent=1) + "\n"


def as_object(result: Result) -> dict[str, Any]:
    """A result as JSON's own types."""
    scope = result.scope
    return {
        "metric": result.metric,
        "title": result.title,
        "definition": result.definition,
        "scope": {
            "period": scope.period,
            "start": json_value(scope.start),
            "end": json_value(scope.end),
            "as_of": json_value(scope.as_of),
            "data_through": json_value(scope.data_through),
            "time_zone": scope.time_zone,
            "currency": scope.currency,
            "filters": list(scope.filters),
            "rows": scope.rows,
            "unknown_share": json_value(scope.unknown_share),
        },
        "facts": {name: json_value(value) for name, value in result.facts.items()},
        "columns": [
            {"name": column.name, "kind": column.kind, "role": column.role}
            | ({"n": column.n} if column.n is not None and column.role != "n" else {})
            | {"label": column.label}
            | ({"better": column.better} if column.better else {})
            for column in result.columns
        ],
        "rows": [{name: json_value(value) for name, value in record.items()} for record in result.records()],
        "notes": list(result.notes),
    }


def json_value(value: Value) -> str | int | float | bool | None:
    """A value as JSON has it: times in ISO 8601, numbers with at most six decimals."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        rounded = round(value, 6)
        return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e15 else rounded
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return value
