"""The commands that explain a change: why, evidence, affected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from supportkit.commands.arranging import Columns, Top, arranged, take_arrangement
from supportkit.commands.completion import complete_offer
from supportkit.commands.metric_options import EVENTS
from supportkit.commands.output import print_results
from supportkit.commands.shared_options import SharedOptions, load_config, open_selected, parse_instant, period_of
from supportkit.errors import DataError, ExitCode, UsageError, unknown
from supportkit.explaining import evidence as beside
from supportkit.explaining.affected import affected
from supportkit.explaining.events import beside_the_break, read_events
from supportkit.explaining.share_comparison import TWO_PERIODS, compare, explained, metric_named
from supportkit.explaining.why import week_of_the_break, why
from supportkit.metrics import Metric
from supportkit.period import ALL, local_day, parse_period
from supportkit.render import for_programs
from supportkit.request import Request, leaves, lost, read_request
from supportkit.result import Result
from supportkit.store.conditions import parse_conditions

if TYPE_CHECKING:
    from supportkit.config import Config
    from supportkit.store import Store

MetricName = Annotated[
    str,
    typer.Argument(
        metavar="METRIC", help="funnel, or another metric that is a share.", autocompletion=complete_offer("leaves")
    ),
]
Step = Annotated[str | None, typer.Option("--step", help="Of a funnel: the step people leave, up to the next.")]
Before = Annotated[str | None, typer.Option("--before", help="A whole period [default: the one before --after].")]
After = Annotated[str | None, typer.Option("--after", help="A whole period, for example 2026-W45.")]
Group = Annotated[str | None, typer.Option("--group", help="country=DE against the rest, instead of two periods.")]
Steps = Annotated[str | None, typer.Option("--steps", help="Of a funnel: its steps [default: the configuration's].")]
Window = Annotated[str | None, typer.Option("--window", help="Of a funnel: from the first step to the last.")]
By = Annotated[str | None, typer.Option("--by", help="Look along these dimensions only, comma-separated.")]
Exact = Annotated[bool, typer.Option("--exact", help="999 redraws instead of 199.")]
Slice = Annotated[str | None, typer.Option("--slice", help="Whom, not the top slice: country=DE and plan=annual.")]


def printed(make: Callable[..., list[Result]]) -> Callable[..., None]:
    """A command that prints the results of a function, and ends with 3 where the first has nothing in it."""

    @wraps(make)
    def command(shared: SharedOptions, **given: Any) -> None:
        results = make(shared, **given)
        print_results(results, shared)
        if not results[0].rows and results[0].empty:
            raise typer.Exit(ExitCode.NO_DATA)

    return command


@printed
def why_command(
    shared: SharedOptions,
    metric: MetricName,
    step: Step = None,
    before: Before = None,
    after: After = None,
    group: Group = None,
    steps: Steps = None,
    window: Window = None,
    by: By = None,
    exact: Exact = False,
    events: Annotated[Path | None, typer.Option("--events", help=EVENTS, readable=False)] = None,
) -> list[Result]:
    """Why a share changed: mix and rate, the slices behind it, and what else was there."""
    config = load_config(shared)
    request = request_of(shared, config, metric_named(metric), step, before, after, group, steps, window)
    along = tuple(name.strip() for name in (by or "").split(",") if name.strip())
    with open_selected(shared, config, (*request.metric.tables, *beside.TABLES)) as store:
        request = timed(request, shared, store)
        declared = read_events(config, events, store)
        result, side = why_results(store, request, along=along, exact=exact, declared=declared)
    return [result] if for_programs(shared.form()) else [result, side]


def why_results(
    store: Store, request: Request, *, along: tuple[str, ...] = (), exact: bool = False, declared: Sequence[Any] = ()
) -> tuple[Result, Result]:
    """Why the share changed, with the notes of what else was there, and that by itself."""
    found = explained(compare(store, request), along=along, exact=exact)
    result = why(found)
    side = beside.evidence(store, found, request)
    broken = week_of_the_break(store, request, found)
    told: tuple[str, ...] = ()
    if broken is not None:
        beside_it = beside_the_break(broken.week, found.top.items(), declared, result.scope.filters)
        told = (broken.text + beside_it,)
    return replace(result, notes=(*result.notes, *told, *side.notes)), replace(side, notes=())


@printed
def evidence_command(
    shared: SharedOptions,
    metric: MetricName,
    step: Step = None,
    before: Before = None,
    after: After = None,
    group: Group = None,
    steps: Steps = None,
    window: Window = None,
) -> list[Result]:
    """What else happened in the place and time of a change: together, never because."""
    config = load_config(shared)
    request = request_of(shared, config, metric_named(metric, "evidence"), step, before, after, group, steps, window)
    with open_selected(shared, config, (*request.metric.tables, *beside.TABLES)) as store:
        request = timed(request, shared, store)
        return [beside.evidence(store, explained(compare(store, request)), request)]


@printed
def affected_command(
    shared: SharedOptions,
    metric: MetricName = "funnel",
    step: Step = None,
    before: Before = None,
    after: After = None,
    group: Group = None,
    slice_: Slice = None,
    steps: Steps = None,
    window: Window = None,
    match: Annotated[
        Path | None,
        typer.Option("--match", help="A CSV of yours with addresses: who is in it is named.", readable=False),
    ] = None,
    on: Annotated[str, typer.Option("--on", help="The column of --match that holds them.")] = "email",
    top: Top = None,
    columns: Columns = None,
) -> list[Result]:
    """Customers of a slice who dropped and have not written: to be told before they ask."""
    found = metric_named(metric, "affected", "lost")
    asked = take_arrangement({"top": top, "columns": columns}, own_top=False)
    config = load_config(shared)
    request = request_of(shared, config, found, step, before, after, group, steps, window)
    with open_selected(shared, config, (*found.tables, "orders", "tickets")) as store:
        request = timed(request, shared, store)
        whole = leaves(store, request.whole)
        if slice_ is not None:
            conditions = parse_conditions([slice_])
            place = {condition.column: condition.value for condition in conditions}
            for condition in conditions:
                if condition.operator != "=" or condition.column not in whole.dimensions:
                    raise unknown("dimension for --slice", str(condition), [f"{n}=" for n in whole.dimensions])
        elif not request.against:
            place = {}  # nothing names a slice: all who dropped
        else:
            place = explained(compare(store, request)).top
            if not place:
                raise DataError("no slice is beyond chance", hint="name one: --slice country=DE")
        name = str(request.options.get("step"))
        rows = lost(store, request.whole)
        told = affected(store, rows, whole.dimensions, place, step=name, period=request.period, scope=whole.scope)
        if match is not None:
            from supportkit.explaining.named_people import with_people

            told = with_people(store, told, match, on)
        return [arranged(told, asked)]


def request_of(
    shared: SharedOptions,
    config: Config | None,
    metric: Metric,
    step: str | None,
    before: str | None,
    after: str | None,
    group: str | None,
    steps: str | None,
    window: str | None,
) -> Request:
    """What is to be explained; the period of a group, which is not known before the store is, is left open."""
    given = {name: value for name, value in (("steps", steps), ("window", window)) if value is not None}
    if metric.name != "funnel" and (given or step):
        raise UsageError(f"--steps, --window and --step are the funnel's, not of {metric.name}", hint="leave them out")
    request = read_request(metric, given, config)
    options = {name: value for name, value in request.options.items() if name not in ("by", "over")}
    if metric.name == "funnel":
        options["step"] = step
    request = replace(request, options=options)
    if group is not None:
        if before or after:
            raise UsageError("--group excludes --before and --after", hint="--period says when a group is compared")
        return replace(request, conditions=parse_conditions([group]), against="rest")
    zone = config.data.time_zone if config else "UTC"
    today = local_day(parse_instant(shared.as_of, zone) or datetime.now(UTC), zone)
    if after is None:
        return request
    try:
        last = parse_period(after, today)
        first = parse_period(before, today) if before else last.previous()
    except ValueError as error:
        raise UsageError(f"--after {after}: {error}", hint=TWO_PERIODS) from error
    return replace(request, period=last, against=(first,))


def timed(request: Request, shared: SharedOptions, store: Store) -> Request:
    """The request, in the period of the shared options where --after has not said which."""
    period, _ = period_of(shared, store.zone)
    return request if request.period is not ALL else replace(request, period=period)
