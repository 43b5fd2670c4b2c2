"""Runs a funnel's queries on a store: counts by group, plain counts, and the bounds of entries and data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from supportkit.errors import UsageError
from supportkit.funnels.fast_counts import countable, quick_counts
from supportkit.funnels.in_shares import SHARE_ROWS, rows_in_shares
from supportkit.funnels.step_rows import Group, StepCount
from supportkit.funnels.step_sql import clocks_sql, reversed_sql, steps_sql
from supportkit.funnels.steps import ReadyFunnel, selections
from supportkit.period import Over, Period, containing, microseconds, midnight
from supportkit.result import Scope
from supportkit.store import Selection, Store
from supportkit.store.shares import shares_of

FOREVER: Final = 2**62
MANY: Final = 1_000_000
"""Rows above which the clocks are not looked at, because that takes a sort."""

SQL_REFUSED: Final = """
select count(*)
  from (select distinct r.file, r.line
          from main.rejects as r
          join main.loads as l on l.load_id = r.load_id
         where l.table_name = 'events' and r.column_name in ('user_id', 'occurred_at'))
"""


def bounds(store: Store, found: ReadyFunnel, period: Period, scope: Scope) -> dict[str, int]:
    """The period of the entries and the end of the data, whoever is looked at, in microseconds.

    Of several tables the first that ends tells: until there a later step could be seen, and not up to --as-of.
    """
    zone = scope.time_zone
    ends = [store.unfiltered.latest(source.table) for source in found.plan.sources] if found.plan.window else []
    until = min((end for end in ends if end is not None), default=None)
    start = microseconds(midnight(period.start, zone)) if period.start else -FOREVER
    end = microseconds(midnight(period.end, zone)) if period.end else FOREVER
    return {"starts_us": start, "ends_us": end, "until_us": microseconds(until) if until else FOREVER}


def run_query(
    store: Store,
    found: ReadyFunnel,
    sql: str,
    dimensions: Sequence[str],
    period: Period,
    over: Over | None,
    scope: Scope,
) -> list[tuple[Any, ...]]:
    """A query of the funnel for the entries of a period; later steps may follow after the period's end."""
    sources, parameters = _asked(store, found, dimensions, period, over, scope)
    return store.rows(sql, *sources, **parameters)


def _asked(
    store: Store, found: ReadyFunnel, dimensions: Sequence[str], period: Period, over: Over | None, scope: Scope
) -> tuple[tuple[Selection, ...], dict[str, Any]]:
    """The rows that a query of the funnel reads, and its parameters."""
    parameters = {**found.parameters, **bounds(store, found, period, scope)}
    if not found.plan.window:
        del parameters["until_us"]
    return selections(store, found, dimensions, period=replace(period, end=None), over=over), parameters


def group_counts(
    store: Store,
    found: ReadyFunnel,
    dimensions: Sequence[str],
    period: Period,
    over: Over | None,
    scope: Scope,
    top: int,
) -> tuple[list[StepCount], dict[Group, list[StepCount]]]:
    """The counts of all users, and those of each group, the largest group first."""
    plan = found.plan
    width = len(dimensions) + bool(over)
    totals = [StepCount() for _ in range(plan.steps)]
    groups: dict[Group, list[StepCount]] = {}
    asked = replace(plan, top=top, hashed=True)
    shares = shares_of(store, scope.rows, SHARE_ROWS)
    sources, parameters = _asked(store, found, dimensions, period, over, scope)
    if shares > 1:
        rows = rows_in_shares(store, asked, shares, sources, parameters)
    else:
        rows = store.rows(steps_sql(asked), *sources, **parameters)
    for row in rows:
        key, (total, k, *counted) = row[:width], row[width:]
        count = StepCount(*counted)
        if total:
            totals[k - 1] = count
        if not width or not total:
            empty = StepCount(open=0, matured=0) if plan.window else StepCount()
            groups.setdefault(key, [empty] * plan.steps)[k - 1] = count
    size: dict[Group, int] = {}
    for key, counts in groups.items():
        size[key[: len(dimensions)]] = size.get(key[: len(dimensions)], 0) + counts[0].users

    def place(key: Group) -> tuple[Any, ...]:
        own = key[: len(dimensions)]
        return ("(other)" in own, -size[own], [str(part) for part in own], [str(part) for part in key])

    ordered = {key: groups[key] for key in sorted(groups, key=place)}
    if over:
        ordered = {(*key[:-1], containing(key[-1], over).name): counts for key, counts in ordered.items()}  # type: ignore[arg-type]
    return totals, ordered


def data_notes(
    store: Store, found: ReadyFunnel, dimensions: Sequence[str], period: Period, scope: Scope
) -> tuple[str, ...]:
    """Notes on rows without a person, and on steps of the period that two clocks may have put the wrong way round."""
    notes = []
    for source in found.plan.sources:
        if source.table != "events":
            (nobody,) = store.rows(f"select count(*) from main.{source.table} where {source.person} is null")[0]
            if nobody:
                notes.append(f"{source.table} without a customer, in no funnel: {nobody}")
        else:
            (refused,) = store.rows(SQL_REFUSED)[0]
            if refused:
                notes.append(f"events without a user or a time, in no funnel: {refused} (supportkit rejects)")
    plan = found.plan
    if plan.order == "ordered" and not plan.grace and not plan.repeated and scope.rows <= MANY:
        unbound = {name: value for name, value in found.parameters.items() if not name.startswith("window_")}
        sources = selections(store, found, dimensions, period=period)
        (odd,) = store.rows(clocks_sql(replace(plan, over=False, hashed=True)), *sources, **unbound)[0]
        if odd:
            notes.append(f"users with a step up to 2 s before the one it follows: {odd} (two clocks? see --grace 2s)")
        if plan.sequenced:
            (turned,) = store.rows(reversed_sql(replace(plan, over=False, hashed=True)), *sources, **unbound)[0]
            if turned:
                notes.append(f"users with a step before the one it follows, in one instant by its sequence: {turned}")
    return tuple(notes)


def plain_counts(
    store: Store, found: ReadyFunnel, dimensions: Sequence[str], period: Period, over: Over | None, scope: Scope
) -> tuple[list[StepCount], dict[Group, list[StepCount]]]:
    """The users of each step and nothing else; where many machines share what is asked, from the query for all."""
    if found.plan.sequenced and countable(replace(found.plan, sequenced=False)) and not (dimensions or over):
        return group_counts(store, found, (), period, None, scope, 1)
    if dimensions or over or not countable(found.plan):
        raise UsageError(
            "--counts counts plain funnels: no groups or periods, best attempts in order, one window, at most 7 steps",
            hint="leave out --counts",
        )
    limits = bounds(store, found, period, scope)
    sources = selections(store, found, (), period=replace(period, end=None))
    users: list[int] | None
    if store.spreads:
        users = [step.users for step in group_counts(store, found, (), period, None, scope, 1)[0]]
    else:
        users = quick_counts(store, found.plan, sources, {**found.parameters, **limits})
    if users is None:
        return group_counts(store, found, (), period, None, scope, 1)
    window_us = found.parameters.get("window_us")
    closed = window_us is not None and limits["ends_us"] + window_us <= limits["until_us"]
    totals = [StepCount(number, open=0, matured=number) if closed else StepCount(number) for number in users]
    return totals, {(): totals}
