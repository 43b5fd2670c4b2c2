"""The command of a metric, and `metrics`, the catalogue of them."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated, Any

import typer

from supportkit import catalogue
from supportkit.command import dimension_tables, options_of
from supportkit.errors import ExitCode, unknown
from supportkit.metrics import METRICS, Metric
from supportkit.output import emit, say, to_stdout
from supportkit.period import ALL
from supportkit.result import Result
from supportkit.session import Shared, configuration, opened, period_of, refuse_cut


def finish(result: Result, shared: Shared) -> None:
    """Print one result; a metric without a row in scope ends with exit code 3."""
    emit([result], shared)
    if result.scope.rows == 0 or result.empty:
        if not shared.quiet:
            say(f"no data: {result.metric} has no row in scope")
        raise typer.Exit(ExitCode.NO_DATA)


def compute(metric: Metric, shared: Shared, given: dict[str, Any]) -> Result:
    """A metric under the shared options, its own and the configuration."""
    config = configuration(shared)
    options = options_of(metric, config, given)
    with opened(shared, config, metric.tables + dimension_tables(metric, options)) as store:
        period, told = period_of(shared, store.zone)
        if told and not shared.quiet:
            say(told)
        if period is not ALL:
            options["period"] = period
        return metric.compute(store, **options)


def run_metric(metric: Metric, shared: Shared, given: dict[str, Any]) -> None:
    """The command of a metric."""
    start = perf_counter()
    result = compute(metric, shared, given)
    finish(result, shared)
    if shared.verbose:
        say(f"{metric.name}: {perf_counter() - start:.2f} s")


def metrics_command(
    shared: Shared,
    name: Annotated[str | None, typer.Argument(help="One metric.")] = None,
    sql: Annotated[bool, typer.Option("--sql", help="Print the query as run.")] = False,
) -> None:
    """The catalogue of metrics: definition, columns, facts, source."""
    refuse_cut(shared)
    if name is not None and name not in METRICS:
        raise unknown("metric", name, METRICS)
    chosen = [METRICS[name]] if name else list(METRICS.values())
    if sql:
        queries = ((metric.name, key, text) for metric in chosen for key, text in metric.queries().items())
        to_stdout("".join(f"-- {name}: {key}\n{text.strip()};\n" for name, key, text in queries))
        return
    emit([catalogue.metric(chosen[0]) if name else catalogue.metrics(chosen)], shared)
