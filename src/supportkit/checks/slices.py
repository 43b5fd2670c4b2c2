"""The slices of a result that a rule speaks of: the facts, or a row each, under a name of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from supportkit.checks.rule import Rule
from supportkit.errors import UsageError
from supportkit.metrics import METRICS
from supportkit.result import Column, Result, Value

Record = Mapping[str, Value]


def slices(rule: Rule, result: Result) -> list[tuple[str, Record]]:
    """The records that a rule speaks of, each with a name of its own: one a row with `by`, else the facts.

    A row that has no such figure, as a funnel's last step has no drop, is none of them: there the n of it is null.
    """
    column = judged_column(rule, result)
    if _is_fact(rule, result):
        return [("", dict(result.facts))]
    rows = _of_step(rule, list(result.records())) if rule.step else result.records()
    records = [record for record in rows if record[str(column.n)] is not None]
    if len(result.rows) == 1 and not rule.by:
        return [("", record) for record in records]
    return [(name_of([record[key.name] for key in result.keys]), record) for record in records]


def parts(rule: Rule, result: Result, record: Record) -> dict[str, str]:
    """What tells a slice apart: its values by the names of their dimensions."""
    if _is_fact(rule, result):
        return {}
    return {key.dimension: "" if record[key.name] is None else str(record[key.name]) for key in result.keys}


def judged_column(rule: Rule, result: Result) -> Column:
    """The fact or the column that a rule speaks of, a count among others with the n of these.

    Raises UsageError with the figures that there are.
    """
    columns = result.fact_columns if _is_fact(rule, result) else result.columns
    figures = {column.name: column for column in columns if column.n is not None}
    if rule.figure not in figures:
        facts = ", ".join(result.facts)
        more = ", ".join(name for name in figures if name not in result.facts)
        raise UsageError(
            f"check {rule.text!r}: {rule.metric} has no figure {rule.figure!r}",
            hint=f"facts: {facts}" + (f"; columns: {more}" if more else ""),
        )
    found = figures[rule.figure]
    return replace(found, n=METRICS[rule.metric].among.get(rule.figure, found.n))


def n_of(column: Column, record: Record) -> int | None:
    """The n of a figure in a record."""
    value = record[str(column.n)]
    return value if isinstance(value, int) else None


def name_of(values: Sequence[Value]) -> str:
    """The values of the keys; one in which a comma or a quote stands, or nothing, is quoted: no two names are one."""
    return ", ".join(_quoted("" if value is None else str(value)) for value in values)


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'" if not word or set(word) & {",", "'"} else word


def split_name(name: str) -> list[str]:
    """The values in the name of a slice, as they were before they were quoted."""
    found = re.findall(r"'(?:[^']|'')*'|[^,]+", name)
    return [word[1:-1].replace("''", "'") if word.startswith("'") else word for word in map(str.strip, found)]


def _is_fact(rule: Rule, result: Result) -> bool:
    return not rule.by and not rule.step and rule.figure in result.facts


def _of_step(rule: Rule, records: list[Record]) -> list[Record]:
    """The records of the step that a rule names. Raises UsageError with the steps that there are."""
    found = [record for record in records if record["step"] == rule.step]
    if records and not found:
        known = ", ".join(dict.fromkeys(str(record["step"]) for record in records))
        raise UsageError(f"check {rule.text!r}: the funnel has no step {rule.step!r}", hint=f"steps: {known}")
    return found
