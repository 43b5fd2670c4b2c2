"""Slices that are gone: there in one of the eight periods before, or when they were judged last, and no longer.

A slice that shrinks before it ends is missed as one that ends at once: the last period in which it had enough rows
counts, and not the one before alone.

Of what happens in a period a slice is there by the rows of the metric's answer; of what has come together by its end,
as a backlog or a customer's life, by the rows that the period brought: an old ticket proves no export of today.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from supportkit.checks.missing_days import daily_by, is_open
from supportkit.checks.question import AGENT, Group, Question, group_of, is_retired
from supportkit.checks.rule import DEFAULT_MINIMUM, Rule
from supportkit.checks.slices import Record, n_of, name_of, slices
from supportkit.checks.verdict import Verdict, no_verdict
from supportkit.errors import DataError, UsageError
from supportkit.period import Period, containing

IF_NOT: Final = "is an export missing? If not, name it in [checks] retired, or acknowledge it"
BACK: Final = 8
"""Periods before, in one of which a slice may have been there with enough rows."""


def gone_slices(asked: Question, found: Sequence[tuple[str, Record]]) -> Iterator[Verdict]:
    """A verdict for each slice that is gone and not retired.

    A group of which anything is left is there: that nobody in it reached a step is a figure.
    """
    rule, period = asked.rule, asked.period
    if not (rule.by or rule.where):
        return
    if is_open(period):
        yield from _ended(asked)
        return
    least = rule.minimum or DEFAULT_MINIMUM
    known = asked.under.history.last_seen(rule, period, math.inf if asked.metric.cut != "period" else least)
    if asked.metric.cut == "period":
        there = {group_of(rule, name) for name, record in found if n_of(asked.column, record)}
    elif (rows := _rows(asked, [period])) is not None:
        there = set(rows[0])
    else:
        return
    if there and not rule.by:
        return
    for name, (when, n) in {**known, **_before(asked, there, least)}.items():
        if _is_missed(asked, name, there):
            reason = asked.missing(period) or (f"was there in {when} with n = {n} and is gone: {IF_NOT}")
            yield replace(no_verdict(rule, reason, period), slice=name, gone=(when, n))


def _ended(asked: Question) -> Iterator[Verdict]:
    """A verdict for each slice of which nothing comes any more, in a period that is open on a side."""
    rule = asked.rule
    if AGENT in {*rule.by, *(condition.column for condition in rule.where)}:
        return
    for group, one in asked.under.lacking(rule, asked.metric.tables[0], asked.period).items():
        name = name_of(group)
        if one.last and not is_retired(rule, name, asked.under.retired):
            verdict = no_verdict(rule, f"{one.told}: {IF_NOT}", asked.period)
            yield replace(verdict, slice=name, gone=(str(one.last), one.n))


def _before(asked: Question, there: set[Group], least: int) -> dict[str, tuple[str, int]]:
    """The slices that had enough rows in one of the periods before: in which last, and with which n."""
    found: dict[str, tuple[str, int]] = {}
    periods = _looked_back(asked)
    rows = _rows(asked, periods)
    for place, before in enumerate(periods):
        if rows is not None:
            enough = {name_of(group): count for group, count in rows[place].items() if count >= least}
            missed = {name for name in enough if _is_missed(asked, name, there) and name not in found}
            if asked.metric.cut != "period":
                found |= {name: (before.name, enough[name]) for name in missed}
                continue
            if not missed:
                continue
        for name, n in _counts(asked, before, least).items():
            if n >= least and _is_missed(asked, name, there):
                found.setdefault(name, (before.name, n))
    return found


def _looked_back(asked: Question) -> list[Period]:
    """The periods before, the last first; of a day the one before and the same weekday, and of brackets one alone."""
    before = [asked.period.previous()]
    if not asked.rule.by:
        return before
    if asked.period.grain == "day" and asked.period.start:
        weeks = (asked.period.start - timedelta(weeks=week) for week in range(1, BACK))
        return [*before, *(containing(day, "day") for day in weeks)]
    while len(before) < BACK:
        try:
            before.append(before[-1].previous())
        except (ValueError, OverflowError):
            break
    return before


def _is_missed(asked: Question, name: str, there: set[Group]) -> bool:
    return group_of(asked.rule, name) not in there and not is_retired(asked.rule, name, asked.under.retired)


def _counts(asked: Question, period: Period, least: int) -> dict[str, int]:
    """The n of each slice in a period; none where there is no data."""
    try:
        past = slices(asked.rule, asked.ask(replace(asked.request, period=period)))
    except DataError:
        return {}
    return _with_small_ones(asked.rule, {name: n_of(asked.column, record) or 0 for name, record in past}, least)


def _with_small_ones(rule: Rule, counts: Mapping[str, int], least: int) -> dict[str, int]:
    """The n of each slice, and of a group none of whose slices is large enough, as an hour of a channel, their sum."""
    sums, large = Counter[Group](), {group_of(rule, name) for name, n in counts.items() if n >= least}
    for name, n in counts.items():
        sums[group_of(rule, name)] += n
    return {**counts, **{name_of(group): n for group, n in sums.items() if group not in large}}


def _rows(asked: Question, periods: Sequence[Period]) -> list[dict[Group, int]] | None:
    """The rows of each group in each period, in the metric's own table, of which no figure has more; None where the
    groups are of another table.

    Whether all groups are still there is known sooner than what the metric says of each.
    """
    store, rule = asked.under.answers.store.filtered(asked.rule.where), asked.rule
    table = asked.metric.tables[0]
    starts = [period.start for period in periods if period.start]
    ends = [period.end for period in periods if period.end]
    span = Period("", min(starts), max(ends)) if len(starts) == len(ends) == len(periods) else periods[0]
    try:
        daily = daily_by(store, table, span, rule.by)
    except (DataError, UsageError):
        return None
    found = []
    for period in periods:
        first, end = period.start or date.min, period.end or date.max
        counts = {
            group: sum(count for day, count in days.items() if first <= day < end) for group, days in daily.items()
        }
        found.append({group: count for group, count in counts.items() if count})
    return found
