"""The catalogue of metrics as results: what each is, what it reads, its facts in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from supportkit.result import Kind, Result, Scope, detail, key

if TYPE_CHECKING:
    from supportkit.metrics import Metric

UNITS: Final[Mapping[Kind, str]] = {
    "text": "",
    "count": "a whole number",
    "number": "as is",
    "share": "0 to 1",
    "money": "decimal, its currency in scope",
    "duration": "seconds",
    "date": "ISO 8601",
    "period": "2026-W46",
    "flag": "true or false",
}


def every_metric(known: Iterable[Metric]) -> Result:
    """The metrics: what each is, what it reads, its facts in order."""
    title = replace(detail("title", "text"), dimension="our_title")
    columns = (key("metric"), title, *(detail(name, "text") for name in ("tables", "facts")))
    rows = tuple((m.name, m.title, ", ".join(m.tables), ", ".join(f.name for f in m.facts)) for m in known)
    definition = "what can be computed; supportkit metrics NAME has the definition, --sql the query"
    return Result("metrics", "Metrics", definition, columns, rows, scope=Scope(period="", rows=len(rows)))


def one_metric(one: Metric) -> Result:
    """One metric: its definition, its source, its facts with their kind and unit, and over which n each is."""
    columns = (
        key("fact"),
        detail("kind", "text"),
        detail("unit", "text", "unit in JSON and CSV"),
        detail("better", "text"),
        detail("n", "text", "n"),
    )
    rows = tuple((fact.name, fact.kind, UNITS[fact.kind], fact.better, fact.n) for fact in one.facts)
    notes = (f"source: {one.source}", f"tables that it reads: {', '.join(one.tables)}")
    return Result(
        "metrics", one.title, one.definition, columns, rows, notes=notes, scope=Scope(period="", rows=len(rows))
    )
