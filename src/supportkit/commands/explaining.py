"""The commands that explain a change: why, evidence, affected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from supportkit import evidence as beside
from supportkit.affected import affected
from supportkit.command import options_of
from supportkit.compared import Found, compare, explained, metric_named
from supportkit.errors import DataError, ExitCode, UsageError, unknown
from supportkit.metrics import METRICS, Metric
from supportkit.output import emit
from supportkit.period import Period, parse_period
from supportkit.result import Result
from supportkit.session import Shared, configuration, moment, opened, period_of
from supportkit.store.selection import parse_conditions
from supportkit.why import break_in, why

if TYPE_CHECKING:
    from supportkit.config import Config
    from supportkit.store import Store

MetricName = Annotated[str, typer.Argument(metavar="METRIC", help="funnel, or another metric that is a share.")]
Step = Annotated[str | None, typer.Option("--step", help="Of a funnel: the step people leave, up to the next.")]
Before = Annotated[str | None, typer.Option("--before", help="A whole period [default: the one before --after].")]
After = Annotated[str | None, typer.Option("--after", help="A whole period, for example 2026-W45.")]
Group = Annotated[str | None, typer.Option("--group", help="country=DE against the rest, instead of two periods.")]
Steps = Annotated[str | None, typer.Option("--steps", help="Of a funnel: its steps [default: the configuration's].")]
Window = Annotated[str | None, typer.Option("--window", help="Of a funnel: from the first step to the last.")]
By = Annotated[str | None, typer.Option("--by", help="Look along these dimensions only, comma-separated.")]
Exact = Annotated[bool, typer.Option("--exact", help="999 redraws instead of 199.")]
Slice = Annotated[str | None, typer.Option("--slice", help="Whom, not the top slice: country=DE and plan=annual.")]


@dataclass(frozen=True)
class Asked:
    """What a person wants explained."""

    metric: Metric
    options: Mapping[str, Any]
    before: Period | None
    after: Period | None
    group: str | None
    along: tuple[str, ...] = ()
    exact: bool = False


def printed(make: Callable[..., list[Result]]) -> Callable[..., None]:
    """A command that prints the results of a function, and ends with 3 where the first has nothing in it."""

    @wraps(make)
    def command(shared: Shared, **given: Any) -> None:
        results = make(shared, **given)
        emit(results, shared)
        if not results[0].rows and results[0].empty:
            raise typer.Exit(ExitCode.NO_DATA)

    return command


@printed
def why_command(
    shared: Shared,
    metric: MetricName,
    step: Step = None,
    before: Before = None,
    after: After = None,
    group: Group = None,
    steps: Steps = None,
    window: Window = None,
    by: By = None,
    exact: Exact = False,
) -> list[Result]:
    """Why a share changed: mix and rate, the slices behind it, and what else was there."""
    found = metric_named(metric)
    config = configuration(shared)
    asked = _asked(shared, config, found, step, before, after, group, {"steps": steps, "window": window}, by, exact)
    with opened(shared, config, (*found.tables, *beside.TABLES)) as store:
        explanation, period = _explained(store, shared, asked)
        result = why(explanation)
        side = _evidence(store, asked, explanation, period)
        broken = break_in(store, asked.metric, asked.options, explanation, asked.before, asked.after)
    notes = (*result.notes, *((broken,) if broken else ()), *side.notes)
    result = replace(result, notes=notes)
    return [result] if shared.form() in ("json", "csv") else [result, replace(side, notes=())]


@printed
def evidence_command(
    shared: Shared,
    metric: MetricName,
    step: Step = None,
    before: Before = None,
    after: After = None,
    group: Group = None,
    steps: Steps = None,
    window: Window = None,
) -> list[Result]:
    """What else happened in the place and time of a change: together, never because."""
    found = metric_named(metric)
    config = configuration(shared)
    asked = _asked(shared, config, found, step, before, after, group, {"steps": steps, "window": window})
    with opened(shared, config, (*found.tables, *beside.TABLES)) as store:
        explanation, period = _explained(store, shared, asked)
        return [_evidence(store, asked, explanation, period)]


@printed
def affected_command(
    shared: Shared,
    metric: MetricName = "funnel",
    step: Step = None,
    before: Before = None,
    after: After = None,
    group: Group = None,
    slice_: Slice = None,
    steps: Steps = None,
    window: Window = None,
) -> list[Result]:
    """Customers of a slice who dropped and have not written: to be told before they ask."""
    found = metric_named(metric)
    if not hasattr(found.module, "dropped"):
        raise unknown("metric for affected", metric, [n for n, m in METRICS.items() if hasattr(m.module, "dropped")])
    config = configuration(shared)
    asked = _asked(shared, config, found, step, before, after, group, {"steps": steps, "window": window})
    with opened(shared, config, (*found.tables, "orders", "tickets")) as store:
        when = asked.after or period_of(shared, store.zone)[0]
        whole = found.leaves(store, period=when, **asked.options)
        if slice_ is not None:
            conditions = parse_conditions([slice_])
            place = {condition.column: condition.value for condition in conditions}
            for condition in conditions:
                if condition.operator not in ("=", "==") or condition.column not in whole.dimensions:
                    raise unknown("dimension for --slice", str(condition), [f"{n}=" for n in whole.dimensions])
        else:
            place = _explained(store, shared, asked)[0].top
            if not place:
                raise DataError("no slice is beyond chance", hint="name one: --slice country=DE")
        rows = found.module.dropped(store, period=when, **asked.options)
        name = str(asked.options.get("step"))
        return [affected(store, rows, whole.dimensions, place, step=name, period=when, scope=whole.scope)]


def _asked(
    shared: Shared,
    config: Config | None,
    metric: Metric,
    step: str | None,
    before: str | None,
    after: str | None,
    group: str | None,
    own: Mapping[str, str | None],
    by: str | None = None,
    exact: bool = False,
) -> Asked:
    given = {name: value for name, value in own.items() if value is not None}
    known = options_of(metric, config, {})
    if metric.name != "funnel" and (given or step):
        raise UsageError(f"--steps, --window and --step are the funnel's, not of {metric.name}", hint="leave them out")
    options = options_of(metric, config, given) if given else known
    if step is not None or metric.name == "funnel":
        options = {**options, "step": step}
    for name in ("by", "over", "period"):
        options.pop(name, None)
    zone = config.data.time_zone if config else "UTC"
    today = (moment(shared.as_of, zone) or datetime.now(UTC)).astimezone(ZoneInfo(zone)).date()
    periods = [parse_period(text, today) if text else None for text in (before, after)]
    along = tuple(name.strip() for name in (by or "").split(",") if name.strip())
    return Asked(metric, options, periods[0], periods[1], group, along, exact)


def _explained(store: Store, shared: Shared, asked: Asked) -> tuple[Found, Period]:
    period, _ = period_of(shared, store.zone)
    comparison = compare(
        store,
        asked.metric,
        asked.options,
        period=period,
        before=asked.before,
        after=asked.after,
        group=asked.group,
    )
    return explained(comparison, along=asked.along, exact=asked.exact), period


def _evidence(store: Store, asked: Asked, found: Found, period: Period) -> Result:
    periods = beside.periods_of(asked.before, asked.after, period)
    steps = tuple(str(step).removesuffix("?") for step in asked.options.get("steps") or ())
    return beside.evidence(store, found, periods=periods, steps=steps)
