"""JSON Schema of what a metric may be asked, made from its signature, and of what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from supportkit.metrics import Metric
from supportkit.period import EXAMPLES, Period
from supportkit.request import Parameter, metric_parameters
from supportkit.result import Column, Kind
from supportkit.store.parameters import Dimension, FromConfig

Schema = dict[str, Any]
_TYPES: Final[Mapping[Any, Schema]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Decimal: {"type": "number"},
    timedelta: {"type": "string", "examples": ["2h", "7d"]},
    date: {"type": "string", "format": "date"},
    Path: {"type": "string"},
}
_VALUES: Final[Mapping[Kind, Schema]] = {
    "text": {"type": ["string", "null"]},
    "count": {"type": ["number", "null"]},
    "number": {"type": ["number", "null"]},
    "share": {"type": ["number", "null"], "description": "a fraction, 0 to 1"},
    "money": {"type": ["number", "null"], "description": "in the currency of the row, or of scope"},
    "duration": {"type": ["number", "null"], "description": "seconds"},
    "date": {"type": ["string", "null"], "description": "ISO 8601"},
    "period": {"type": ["string", "null"]},
    "flag": {"type": ["boolean", "null"]},
}
FILTERS: Final[Mapping[str, Schema]] = {
    "period": {"type": "string", "description": f"The days that count: {EXAMPLES}."},
    "since": {"type": "string", "format": "date", "description": "First day, inclusive; excludes period."},
    "until": {"type": "string", "format": "date", "description": "Last day, exclusive; excludes period."},
    "as_of": {"type": "string", "description": "Count only what was known then: a day or an instant."},
    "where": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Conditions that all hold: country=DE, amount>=10, note is empty, channel in (chat, email).",
    },
}


def asked(metric: Metric, more: Mapping[str, Schema] = FILTERS, *, files: bool = False) -> Schema:
    """The options of a metric, and `more`; those that name a file only where `files` may be read."""
    properties: dict[str, Schema] = {}
    for name, parameter in metric_parameters(metric).items():
        hidden = parameter.kind is Period or any(isinstance(mark, FromConfig) for mark in parameter.marks)
        if not hidden and (files or parameter.kind is not Path):
            properties[name] = _of_parameter(parameter)
    return {"type": "object", "properties": {**properties, **more}, "additionalProperties": False}


def _of_parameter(parameter: Parameter) -> Schema:
    said = next((mark for mark in parameter.marks if isinstance(mark, str)), "")
    dimension = next((mark for mark in parameter.marks if isinstance(mark, Dimension)), None)
    if dimension is not None and not said:
        said = f"split by up to two columns of {dimension.table}, comma-separated"
    return of_type(parameter.kind) | ({"description": said} if said else {})


def of_type(kind: Any) -> Schema:
    """The values of a Python type: one of ours, a choice, a list."""
    if get_origin(kind) is Literal:
        return {"type": "string", "enum": list(get_args(kind))}
    if get_origin(kind) in (tuple, list):
        return {"type": "array", "items": of_type(get_args(kind)[0])}
    return dict(_TYPES.get(kind, {"type": "string"}))


def answered(metric: Metric | None = None) -> Schema:
    """The JSON of a metric's answer: facts by name, and rows of keys and figures; of None what all answers have."""
    text, texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    facts: Schema = {"type": "object"}
    if metric is not None:
        named = {column.name: of_column(column) for column in metric.facts}
        facts |= {"properties": named, "required": list(named), "additionalProperties": False}
    return {
        "type": "object",
        "properties": {
            "metric": text if metric is None else {"const": metric.name},
            "title": text,
            "definition": text,
            "scope": {"type": "object"},
            "facts": facts,
            "columns": {"type": "array", "items": {"type": "object", "required": ["name", "kind", "role", "label"]}},
            "rows": {"type": "array", "items": {"type": "object"}},
            "notes": texts,
        },
        "required": ["metric", "title", "definition", "scope", "facts", "columns", "rows", "notes"],
    }


def of_column(column: Column) -> Schema:
    """The values of a column."""
    said = [column.label, _VALUES[column.kind].get("description", "")]
    said += [f"over {column.n}"] if column.n and column.n != column.name else []
    return {**_VALUES[column.kind], "description": "; ".join(part for part in said if part)}


def with_required(properties: Mapping[str, Schema], required: Sequence[str]) -> Schema:
    """An object of these, some of which must be there."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }
