"""Slices that are gone: there in the period before, or when they were judged last, and no longer.

Of what happens in a period a slice is there by the rows of the metric's answer; of what has come together by its end,
as a backlog or a customer's life, by the rows that the period brought: an old ticket proves no export of today.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from supportkit.checks.question import DEFAULT_MINIMUM, Group, Question, group_of, is_retired
from supportkit.checks.rule import Rule
from supportkit.checks.slices import Record, n_of, name_of, slices
from supportkit.checks.verdict import Verdict, no_verdict
from supportkit.errors import DataError, UsageError
from supportkit.period import Period


def gone_slices(asked: Question, found: Sequence[tuple[str, Record]]) -> Iterator[Verdict]:
    """A verdict for each slice that is gone and not retired.

    A group of which anything is left is there: that nobody in it reached a step is a figure.
    """
    rule, period = asked.rule, asked.period
    if not (rule.by or rule.where):
        return
    least = rule.minimum or DEFAULT_MINIMUM
    known = asked.under.history.last_seen(rule, period, math.inf if asked.metric.cut != "period" else least)
    if asked.metric.cut == "period":
        there = {group_of(rule, name) for name, record in found if n_of(asked.column, record)}
    elif (rows := _rows(asked, period)) is not None:
        there = set(rows)
    else:
        return
    if there and not rule.by:
        return
    for name, (when, n) in {**known, **_before(asked, there, least)}.items():
        if group_of(rule, name) not in there and not is_retired(rule, name, asked.under.retired):
            reason = asked.missing(period) or (
                f"was there in {when} with n = {n} and is gone: is an export missing? "
                "If not, name it in [checks] retired, or acknowledge it"
            )
            yield replace(no_verdict(rule, reason, period), slice=name, gone=(when, n))


def _before(asked: Question, there: set[Group], least: int) -> dict[str, tuple[str, int]]:
    """The slices of the period before with enough rows: when, and with which n."""
    if asked.period.start is None or asked.period.end is None:
        return {}
    before = asked.period.previous()
    try:
        rows = _rows(asked, before)
        if rows is not None:
            enough = {group: count for group, count in rows.items() if count >= least}
            if asked.metric.cut != "period":
                return {name_of(group): (before.name, count) for group, count in enough.items()}
            if set(enough) <= there:
                return {}
        past = slices(asked.rule, asked.ask(replace(asked.request, period=before)))
    except DataError:
        return {}
    counts = {name: n_of(asked.column, record) or 0 for name, record in past}
    return {name: (before.name, n) for name, n in _with_small_ones(asked.rule, counts, least).items() if n >= least}


def _with_small_ones(rule: Rule, counts: Mapping[str, int], least: int) -> dict[str, int]:
    """The n of each slice, and of a group none of whose slices is large enough, as an hour of a channel, their sum."""
    sums, large = Counter[Group](), {group_of(rule, name) for name, n in counts.items() if n >= least}
    for name, n in counts.items():
        sums[group_of(rule, name)] += n
    return {**counts, **{name_of(group): n for group, n in sums.items() if group not in large}}


def _rows(asked: Question, period: Period) -> dict[Group, int] | None:
    """The rows of each group in a period, in the metric's own table, of which no figure has more; None where the
    groups are of another table.

    Whether all groups are still there is known sooner than what the metric says of each.
    """
    store, rule = asked.under.answers.store.filtered(asked.rule.where), asked.rule
    table = asked.metric.tables[0]
    sql = f"select by_1, by_2, count(*) as counted from {table} group by by_1, by_2 order by by_1, by_2"
    try:
        rows = store.rows(sql, store.select(table, period=period, by=",".join(rule.by) or None))
    except UsageError:
        return None
    return {tuple(str(value) for value in values[: len(rule.by)]): count for *values, count in rows}
