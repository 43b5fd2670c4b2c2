"""The rows behind a failure: the ids of those that made a figure what it is, so that a red check says where to look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from supportkit.checks.question import Circumstances
from supportkit.checks.verdict import Verdict
from supportkit.errors import DataError, UsageError
from supportkit.request import rows_of_figure
from supportkit.result import Value

MOST: Final = 10
"""Ids that a verdict names."""
IDS: Final = ("ticket_id", "order_id", "customer_id", "user_id")


def with_rows(verdicts: Iterable[Verdict], under: Circumstances) -> Iterator[Verdict]:
    """The verdicts; those of a failure or a warning have the ids of the rows behind them, the most telling first."""
    for verdict in verdicts:
        judged = verdict.state in ("fail", "warn") and verdict.measured and verdict.rule.metric != "sql"
        yield _with_rows(verdict, under) if judged and verdict.span is not None else verdict


def _with_rows(verdict: Verdict, under: Circumstances) -> Verdict:
    assert verdict.span is not None
    rule, answers = verdict.rule, under.answers
    by = {"by": ",".join(rule.by)} if rule.by else {}
    request = answers.request(rule.metric, by, period=verdict.span, conditions=rule.where)
    try:
        found = rows_of_figure(answers.store, request, rule.figure, MOST, verdict.place)
    except (DataError, UsageError):  # the figure was judged; rows of it that cannot be told make it no other
        return verdict
    if found is None:
        return verdict
    number = found.facts["rows"]
    return replace(
        verdict,
        rows=tuple(filter(None, map(_id, found.records()))),
        rows_in_all=number if isinstance(number, int) else 0,
    )


def _id(record: Mapping[str, Value]) -> str:
    return next((str(record[name]) for name in IDS if record.get(name) is not None), "")
