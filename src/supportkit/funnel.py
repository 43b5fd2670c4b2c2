"""Where customers drop out: how many reach each step of a funnel, and how many of them the next.

Every event of the first step starts an attempt; a user has reached a step when one attempt did all steps up to it in
order, within the window counted from the attempt's start (its end included). Steps at one instant count as in order.
The conversion of a step is its users over the users of the step before, with Wilson's 95 % interval; the drop of a step
is its users who did not reach the next. A group's drop is compared with that of all others at the same step (Newcombe's
interval, q-value over all comparisons). A user counts under the value of the first entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from supportkit.errors import UsageError, unknown
from supportkit.funnel_rows import COLUMNS, Count, Group, Shape, standing_out, step_rows, told
from supportkit.funnel_sql import Order, dropped_sql, leaves_sql, steps_sql
from supportkit.funnel_steps import Funnel, Words, known_steps, read_funnel, selections
from supportkit.leaves import Share
from supportkit.parameters import Dimension
from supportkit.period import ALL, Over, Period, containing
from supportkit.result import Chart, Column, Result, Scope
from supportkit.store import Store
from supportkit.store.selection import midnight, split_dimensions

TITLE = "Funnel"
TABLES = ("events", "orders", "tickets")
SOURCE = "window from the first step, best attempt: as in ClickHouse's windowFunnel and PostHog's ordered funnels"
FACTS = (
    Column("started", "count"),
    Column("converted", "count", better="up"),
    Column("conversion", "share", better="up"),
)
DIMENSIONS: Final = ("country", "device", "payment_method", "plan")
FOREVER: Final = 2**62


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
) -> Result:
    """Users by step, the drop from step to step, and where it stands out."""
    words = Words(
        steps=steps or _no_steps(store),
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
    scope, notes = store.scope(*selections(store, found, dimensions, period=period, over=over))
    totals, groups = _counts(store, found, dimensions, period, over, scope, top)
    shape = _shape(found)
    compared = {} if attribution == "all" or not by else _wholes(groups, len(dimensions))
    rows, drops = step_rows(shape, groups, compared)
    started, converted = totals[0].users, totals[-1].users
    facts = (started, converted, converted / started if started else None)
    worst = standing_out(drops)
    keys = (*(Column(name, "text") for name in dimensions), *((Column("period", "period"),) if over else ()))
    return Result(
        metric="funnel",
        title=f"{TITLE}: {', '.join(found.labels)}",
        definition=_definition(words, found),
        columns=keys + COLUMNS,
        rows=tuple(rows) if scope.rows or groups else (),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=((told(worst, found.labels[worst.step - 1]),) if worst else ())
        + notes
        + found.notes
        + _notes(words, found, totals, groups, dimensions, bool(over)),
        scope=scope,
        chart=_chart(dimensions, over),
    )


def leaves(
    store: Store,
    *,
    period: Period = ALL,
    step: str | None = None,
    dimensions: tuple[str, ...] = DIMENSIONS,
    over: Over | None = None,
    **options: Any,
) -> Share:
    """For `why`: the users of a step by their values there (else the first seen), and who reached the next.

    With `over` the period of the entry is a last dimension, "period". Further options are those of the funnel.
    """
    found, k = _transition(store, _words(store, options), step, dimensions, over)
    after = found.plan.after(k)
    assert after is not None
    scope, notes = store.scope(*selections(store, found, dimensions, period=period))
    rows = run(store, found, leaves_sql(found.plan, k), dimensions, period, over, scope)
    places = [(*row[:-3], containing(row[-3], over).name) for row in rows] if over else [row[:-2] for row in rows]
    return Share(
        what=f"users at {found.labels[k - 1]} who reached {found.labels[after - 1]}",
        dimensions=(*dimensions, *(("period",) if over else ())),
        leaves={tuple(place): (row[-2], row[-1]) for place, row in zip(places, rows, strict=True)},
        scope=scope,
        notes=notes,
    )


def dropped(
    store: Store,
    *,
    period: Period = ALL,
    step: str | None = None,
    dimensions: tuple[str, ...] = DIMENSIONS,
    **options: Any,
) -> list[tuple[Any, ...]]:
    """Who reached a step and not the next: user, when last at the step, and the values of the dimensions there."""
    found, k = _transition(store, _words(store, options), step, dimensions, None)
    scope, _ = store.scope(*selections(store, found, dimensions, period=period))
    return run(store, found, dropped_sql(found.plan, k), dimensions, period, None, scope)


def _words(store: Store, options: Mapping[str, Any]) -> Words:
    """The options that shape a funnel; what only shapes its table is left out."""
    kept = {field.name: options[field.name] for field in fields(Words) if options.get(field.name) is not None}
    return Words(**{**kept, "steps": kept.get("steps") or _no_steps(store), "attribution": "entry"})


def _transition(
    store: Store, words: Words, step: str | None, dimensions: tuple[str, ...], over: Over | None
) -> tuple[Funnel, int]:
    """The funnel counted under the values at a step, and that step's number."""
    found = read_funnel(store, words, dimensions, over)
    names = [each.label for k, each in enumerate(found.steps, 1) if found.plan.after(k) and k in found.plan.required]
    if step is None:
        raise UsageError("which step? --step names it; it means from there to the next", hint=", ".join(names))
    if step not in names:
        raise unknown("step for --step", step, names)
    k = found.number(step, "--step")
    return replace(found, plan=replace(found.plan, attribution=f"known{k}")), k


def _no_steps(store: Store) -> tuple[str, ...]:
    known = known_steps(store)
    raise UsageError(
        "a funnel needs its steps: --steps, or steps under [funnel] in supportkit.toml",
        hint=f"steps in the events, most frequent first: {', '.join(known[:20])}" if known else "there are no events",
    )


def bounds(period: Period, scope: Scope) -> dict[str, int]:
    """The period of the entries and the end of the data, in microseconds."""
    zone = scope.time_zone
    start = _us(midnight(period.start, zone)) if period.start else -FOREVER
    end = _us(midnight(period.end, zone)) if period.end else FOREVER
    return {"starts_us": start, "ends_us": end, "until_us": _us(scope.as_of) if scope.as_of else FOREVER}


def run(
    store: Store, found: Funnel, sql: str, dimensions: Sequence[str], period: Period, over: Over | None, scope: Scope
) -> list[tuple[Any, ...]]:
    """A query of the funnel for the entries of a period; later steps may follow after the period's end."""
    parameters = {**found.parameters, **bounds(period, scope)}
    if not found.plan.window:
        del parameters["until_us"]
    sources = selections(store, found, dimensions, period=replace(period, end=None), over=over)
    return store.rows(sql, *sources, **parameters)


def _counts(
    store: Store,
    found: Funnel,
    dimensions: Sequence[str],
    period: Period,
    over: Over | None,
    scope: Scope,
    top: int,
) -> tuple[list[Count], dict[Group, list[Count]]]:
    """The counts of all users, and those of each group, the largest group first."""
    plan = found.plan
    width = len(dimensions) + bool(over)
    totals = [Count() for _ in range(plan.steps)]
    groups: dict[Group, list[Count]] = {}
    for row in run(store, found, steps_sql(replace(plan, top=top)), dimensions, period, over, scope):
        key, total, k, count = row[:width], row[width], row[width + 1], Count(*row[width + 2 :])
        if total:
            totals[k - 1] = count
        if not width or not total:
            empty = Count(open=0, matured=0) if plan.window else Count()
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


def _wholes(groups: Mapping[Group, Sequence[Count]], width: int) -> dict[Group, list[Count]]:
    """The users of all groups together, per period of --over."""
    found: dict[Group, list[Count]] = {}
    for key, counts in groups.items():
        whole = found.get(key[width:]) or [Count() for _ in counts]
        found[key[width:]] = [Count(a.users + b.users) for a, b in zip(whole, counts, strict=True)]
    return found


def _shape(found: Funnel) -> Shape:
    plan = found.plan
    numbers = range(1, plan.steps + 1)
    before = tuple(plan.before(k) if k > 1 else 0 for k in numbers)
    after = tuple((plan.after(k) or 0) if k in plan.required else 0 for k in numbers)
    return Shape(found.labels, before, after)


def _definition(words: Words, found: Funnel) -> str:
    kind = {"ordered": "in this order", "strict": "one right after the other", "unordered": "in any order"}[words.order]
    text = f"users who did the steps {kind}"
    text += f" within {_span(words.window)} of the first" if words.window is not None else ", however late"
    text += ", first entry only" if words.entry == "first" else ", best attempt"
    if words.hold:
        text += f", with one {words.hold}"
    if words.exclude:
        text += f", without {', '.join(words.exclude)} in between (removes the {words.exclusion})"
    return text


def _span(window: timedelta) -> str:
    seconds = window.total_seconds()
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds and seconds % size == 0:
            return f"{seconds / size:g} {unit if seconds != size else unit[:-1]}"
    return f"{seconds:g} seconds"


def _notes(
    words: Words,
    found: Funnel,
    totals: Sequence[Count],
    groups: Mapping[Group, Sequence[Count]],
    dimensions: Sequence[str],
    over: bool,
) -> tuple[str, ...]:
    notes = []
    started = totals[0].users
    opened = sum(count.open or 0 for count in totals)
    if opened:
        notes.append(
            f"{opened} users have not converted but their window is still open; see matured for those whose is over"
        )
    if words.window is None and started:
        notes.append("no window: a later entry had less time to convert; set one, for example --window 7d")
    if over and sum(counts[0].users for counts in groups.values()) > started:
        notes.append("a user who enters in several periods counts in each of them, and once in the total")
    if words.attribution == "all" and dimensions:
        notes.append("a user counts under every value held along an attempt: groups can sum to more than the total")
    for place, name in enumerate(dimensions):
        missing = sum(counts[0].users for key, counts in groups.items() if key[place] == "(none)")
        if words.attribution == "entry" and 2 * missing > started:
            notes.append(
                f"{missing} of {started} users have no {name} at entry: --attribution first takes the first one seen"
            )
    small = sum(counts[0].users < 30 for counts in groups.values())
    if small and dimensions:
        notes.append(f"{small} groups with fewer than 30 users: small n, no difference is claimed")
    return tuple(notes)


def _chart(dimensions: Sequence[str], over: Over | None) -> Chart:
    if over:
        return Chart("line", x="period", y="conversion_from_start", series="step")
    return Chart("funnel", x="step", y="users", series=dimensions[0] if dimensions else None)


def _us(instant: datetime) -> int:
    from datetime import UTC

    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
