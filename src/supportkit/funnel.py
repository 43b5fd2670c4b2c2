"""Where customers drop out: how many reach each step of a funnel, and how many of them the next.

Every event of the first step starts an attempt; a user has reached a step when one attempt did all steps up to it in
order, within the window counted from the attempt's start (its end included). Steps at one instant follow
their sequence, and without one count as in order.
The conversion of a step is its users over the users of the step before, with Wilson's 95 % interval; the drop of a step
is its users who did not reach the next. A group's drop is compared with that of all others at the same step (Newcombe's
interval, q-value over all comparisons). A user counts under the value of the first entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from supportkit.errors import UsageError
from supportkit.funnels.attempts import FunnelQuery, StepTable
from supportkit.funnels.findings import findings as findings
from supportkit.funnels.first_seen import known_later
from supportkit.funnels.leaves import dropped_rows, no_steps
from supportkit.funnels.leaves import leaves as leaves
from supportkit.funnels.leaves import lost as lost
from supportkit.funnels.notes import definition, notes_on, still_open_note
from supportkit.funnels.running import data_notes, group_counts, plain_counts
from supportkit.funnels.settled import settled as settled
from supportkit.funnels.step_rows import (
    COLUMNS,
    Group,
    StepCount,
    StepLinks,
    drop_in_words,
    largest_sure_drop,
    step_rows,
)
from supportkit.funnels.step_sql import Order, steps_sql
from supportkit.funnels.steps import FunnelOptions, ReadyFunnel, read_funnel, selections
from supportkit.funnels.user_cases import cases as cases
from supportkit.period import ALL, Over, Period
from supportkit.result import Chart, Column, Result, Scope, count, detail, figure, key, named_apart
from supportkit.store import Store
from supportkit.store.parameters import Dimension
from supportkit.store.selection import split_dimensions

TITLE = "Funnel"
TABLES = ("events", "orders", "tickets")
FOLLOWS = ("window",)
SOURCE = "window from the first step, best attempt: as in ClickHouse's windowFunnel and PostHog's ordered funnels"
EXAMPLES = ("funnel --by country", "funnel --over week --period 2026-10", "funnel --dropped payment --where country=DE")
FACTS = (
    count("started"),
    figure("converted", "count", n="started", better="up"),
    figure("conversion", "share", n="started", better="up"),
)
LOST = (key("customer_id"), detail("dropped_at", "date"), detail("step", "text"))
_STEP_CLAUSES = tuple((k, f"step = $step_{k}") for k in (1, 2, 3))
SQL_OF_THREE_STEPS = steps_sql(
    FunnelQuery(
        (StepTable("events", "user_id", "occurred_at", _STEP_CLAUSES),), steps=3, window=True, top=25, hashed=True
    )
)


def funnel(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("events")] = None,
    over: Annotated[Over | None, "rows per day, week or month of the entry"] = None,
    steps: Annotated[tuple[str, ...] | None, "the steps: visit,cart?,orders where amount>=100 as big order"] = None,
    window: Annotated[timedelta | None, "from the first step to the last, for example 7d"] = None,
    order: Annotated[Order, "whether other events may stand between"] = "ordered",
    entry: Annotated[Literal["best", "first"], "count the best attempt, or only the first"] = "best",
    within: Annotated[tuple[str, ...], "a step's own window from the step before: paid:1h"] = (),
    exclude: Annotated[tuple[str, ...], "events that end an attempt: error or error:payment-paid"] = (),
    exclusion: Annotated[Literal["attempt", "person"], "what such an event removes"] = "attempt",
    hold: Annotated[str | None, "a column that must stay the same along an attempt"] = None,
    attribution: Annotated[str, "whose value counts: entry, first, last, all, step:NAME"] = "entry",
    grace: Annotated[timedelta | None, "steps this near count in either order: 2s"] = None,
    identities: Annotated[Path | None, "a CSV of two columns: id, person"] = None,
    top: Annotated[int, "groups shown; the rest is (other)"] = 25,
    dropped: Annotated[str | None, "list who reached this step and not the next"] = None,
    counts: Annotated[bool, "users only, without times: for many millions of events"] = False,
) -> Result:
    """Users by step, the drop from step to step, and where it stands out."""
    words = FunnelOptions(
        steps=steps or no_steps(store),
        window=window,
        order=order,
        entry=entry,
        within=within,
        exclude=exclude,
        exclusion=exclusion,
        hold=hold,
        attribution=attribution,
        grace=grace,
        identities=identities,
    )
    if top < 1:
        raise UsageError(f"--top {top}: at least 1", hint="for example --top 10")
    dimensions = split_dimensions(by)
    found = read_funnel(store, words, dimensions, over)
    tables = selections(store, found, dimensions, period=period, over=over)
    scope, notes = store.scope(*tables, by=dimensions)
    for part in tables:
        if part.table.name == "orders":
            from supportkit.store.purchases import left_out

            notes += left_out(store, part).notes()
    if counts:
        totals, groups = plain_counts(store, found, dimensions, period, over, scope)
    else:
        totals, groups = group_counts(store, found, dimensions, period, over, scope, top)
    shape = _shape(found)
    late: tuple[str, ...] = ()
    if attribution in ("first", "last") and dimensions and groups:
        late = _known_later(store, words, groups, dimensions, period, over, scope, top)
    compared = {} if attribution == "all" or late or not by else _wholes(groups, len(dimensions))
    rows, drops = step_rows(shape, groups, compared)
    started, converted = totals[0].users, totals[-1].users
    facts = (started, converted, converted / started) if started else (0, None, None)
    worst = largest_sure_drop(drops)
    keys = (*(key(name) for name in dimensions), *((key("period", "period"),) if over else ()))
    if dropped is not None:
        rows_lost = dropped_rows(store, found, dimensions, period, over, scope, dropped)
        values = tuple(detail(name, "text") for name in dimensions)
        columns = LOST + named_apart(values, (*LOST, *FACTS))
        return Result(
            metric="funnel",
            title=f"{TITLE}: who reached {dropped} and not the next step",
            definition=definition(words, bool(dimensions)),
            columns=columns,
            rows=tuple((person, when, dropped, *values) for person, when, *values in rows_lost),
            facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
            fact_columns=FACTS,
            notes=notes + found.notes + still_open_note(totals[found.number(dropped, "--dropped") - 1]),
            scope=scope,
        )
    keys = named_apart(keys, (*COLUMNS, *FACTS))
    return Result(
        metric="funnel",
        title=f"{TITLE}: {', '.join(found.labels)}",
        definition=definition(words, bool(dimensions)),
        columns=keys + COLUMNS,
        rows=tuple(rows) if scope.rows or groups else (),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=((drop_in_words(worst, found.labels[worst.step - 1]),) if worst else ())
        + late
        + notes
        + found.notes
        + (() if store.figures_only else data_notes(store, found, dimensions, period, scope))
        + notes_on(words, totals, groups, dimensions, over, scope, sequenced=found.plan.sequenced),
        scope=scope,
        chart=_chart(keys, over),
    )


def _known_later(
    store: Store,
    words: FunnelOptions,
    groups: Mapping[Group, Sequence[StepCount]],
    dimensions: tuple[str, ...],
    period: Period,
    over: Over | None,
    scope: Scope,
    top: int,
) -> tuple[str, ...]:
    """The notes on values that are known only after the entry, for which the users are counted at each step."""
    labels = read_funnel(store, words, dimensions, over).labels

    def by_step(number: int) -> dict[Group, list[StepCount]]:
        attribution = "entry" if number == 1 else f"step:{labels[number - 1]}"
        other = read_funnel(store, replace(words, attribution=attribution), dimensions, over)
        return group_counts(store, other, dimensions, period, over, scope, top)[1]

    return known_later(groups, labels, dimensions, by_step)


def _wholes(groups: Mapping[Group, Sequence[StepCount]], width: int) -> dict[Group, list[StepCount]]:
    """The users of all groups together, per period of --over."""
    found: dict[Group, list[StepCount]] = {}
    for group, counts in groups.items():
        whole = found.get(group[width:]) or [StepCount() for _ in counts]
        found[group[width:]] = [StepCount(a.users + b.users) for a, b in zip(whole, counts, strict=True)]
    return found


def _shape(found: ReadyFunnel) -> StepLinks:
    plan = found.plan
    numbers = range(1, plan.steps + 1)
    before = tuple(plan.before(k) if k > 1 else 0 for k in numbers)
    after = tuple((plan.after(k) or 0) if k in plan.required else 0 for k in numbers)
    return StepLinks(found.labels, before, after)


def _chart(keys: Sequence[Column], over: Over | None) -> Chart:
    if over:
        return Chart("line", x="period", y="conversion", series="step", low="conversion_low", high="conversion_high")
    if keys:
        return Chart("matrix", "step", keys[0].name, "drop_share", mark="stands_out", part="at_risk")
    return Chart("funnel", "step", "users", part="conversion_from_start")
