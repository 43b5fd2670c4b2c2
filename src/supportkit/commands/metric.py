"""The command of a metric, and `metrics`, the catalogue of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from supportkit.commands.arranging import arranged, take_arrangement
from supportkit.commands.completion import complete_metric
from supportkit.commands.linking import with_links
from supportkit.commands.missing import not_loaded, why_empty
from supportkit.commands.output import print_results, say, to_stdout
from supportkit.commands.shared_options import (
    SharedOptions,
    load_config,
    open_selected,
    period_of,
    refuse_filters,
    there_is_a_store,
)
from supportkit.errors import DataError, ExitCode, SupportkitError, UnsetError, UsageError, unknown
from supportkit.metrics import METRICS, Metric
from supportkit.request import metric_parameters, read_request, refuse_all, run
from supportkit.request import rows as rows_behind
from supportkit.result import Result
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from supportkit.config import Config
    from supportkit.store import Store
    from supportkit.store.store import AskedQuery


def finish(
    result: Result, shared: SharedOptions, missing: str = "", *, chart: bool = False, named: bool = False
) -> None:
    """Print one result, with periods `named` or such that they can be typed again; a metric without data, of which
    every n is 0, says what is missing and ends with 3, as one does of which it is told what is `missing`."""
    print_results([result], shared, chart=chart and not result.empty, named=named)
    if result.empty or missing:
        if not shared.quiet:
            say(f"no data: {missing or f'{result.metric} has no row in scope'}")
        raise typer.Exit(ExitCode.NO_DATA)


def compute(
    metric: Metric,
    shared: SharedOptions,
    config: Config | None,
    given: dict[str, Any],
    queries: list[AskedQuery] | None = None,
    rows: AskedRows | None = None,
    against: str | None = None,
    missing: list[str] | None = None,
    events: Path | None = None,
) -> Result:
    """A metric under the shared options, its own and the configuration, or the rows behind it, with the events and
    targets declared; where there are lists, they get the queries, and why there is nothing to count."""
    request = read_request(metric, given, config)
    asked = metric.name if rows is None and against is None else f"{metric.name} with its rows, or against another"
    with open_selected(shared, config, request.tables, asked=asked) as found:
        store = replace(found, queries=queries)
        period, told = period_of(shared, store.zone)
        if told and not shared.quiet:
            say(told)
        if shared.period:
            refuse_all(metric, period)
        request = replace(request, period=period)
        try:
            result = run(store, request) if rows is None else rows_behind(store, request, *rows)
        except UnsetError as error:
            if told := not_loaded(found, metric):  # no setting would help
                raise DataError(told) from error
            raise
        if against is not None:
            from supportkit.explaining.against import with_against

            result = with_against(store, request, result, against)
        if missing is not None and metric.is_empty(result):
            missing.append(why_empty(found, metric, result))
        return _with_declared(result, found, config, events if rows is None else None)


def _with_declared(result: Result, store: Store, config: Config | None, events: Path | None) -> Result:
    """A result with the events and targets that a file and the configuration declare."""
    if events or (config and config.event):
        from supportkit.explaining.events import read_events, with_events

        result = with_events(result, read_events(config, events, store))
    if config and config.target:
        from supportkit.checks.targets import read_targets, with_goals

        result = with_goals(result, read_targets(config, store))
    return result


def run_metric(metric: Metric, shared: SharedOptions, given: dict[str, Any]) -> None:
    """The command of a metric."""
    start = perf_counter()
    config = load_config(shared)
    file: Path | None = given.pop("events", None)
    rows = _asked_rows(given)
    against = _asked_against(metric, given)
    if against is not None and rows is not None:
        raise UsageError("--against and --rows exclude each other", hint="leave one of the two out")
    chart = bool(given.pop("chart", False))
    if chart and shared.form() != "table":
        raise UsageError(f"--chart draws above a table, and {shared.form()} is none", hint="--output FILE.svg or .png")
    arrangement = take_arrangement(given, own_top=rows is None and "top" in metric_parameters(metric))
    missing: list[str] = []
    result = compute(metric, shared, config, given, rows=rows, against=against, missing=missing, events=file)
    finish(with_links(arranged(result, arrangement), config), shared, *missing, chart=chart)
    if shared.verbose:
        say(f"{metric.name}: {perf_counter() - start:.2f} s")


def _asked_against(metric: Metric, given: dict[str, Any]) -> str | None:
    """What --against asks for, taken out of the options; it stays there where it is the metric's own."""
    return None if "against" in metric_parameters(metric) else given.pop("against", None)


class AskedRows(NamedTuple):
    """The rows behind figures that are asked for, and how many of them at most."""

    name: str
    top: int | None


def _asked_rows(given: dict[str, Any]) -> AskedRows | None:
    """What --rows asks for, taken out of the options, with --top; where there is --sort, that cuts what it sorted."""
    name = given.pop("rows", None)
    if name is None:
        return None
    return AskedRows(name, None if given.get("sort") else given.pop("top", None))


def _queries(metric: Metric, shared: SharedOptions, config: Config | None) -> str:
    """A metric's queries as run on the store, or as the metric has them where there is no store to run them on."""
    known = metric.queries()
    if not shared.data and shared.db is None and not there_is_a_store(shared, config):
        if not known:
            return f"-- {metric.name}: its query is made for what is asked: give --db or --data\n"
        return "".join(
            f"-- {metric.name}: {name}, before it is cut to a store: give --db or --data\n{text.strip()};\n"
            for name, text in known.items()
        )
    asked: list[AskedQuery] = []
    compute(metric, replace(shared, quiet=True), config, {}, asked)
    names = {text.strip(): name for name, text in known.items()}
    passing = ", which reads a table that is made for one run"
    return "".join(
        f"-- {metric.name}: {names.get(one.sql.strip(), 'SQL')}{passing if one.passing else ''}\n{one.run.strip()};\n"
        for one in asked
    )


def metrics_command(
    shared: SharedOptions,
    name: Annotated[str | None, typer.Argument(help="One metric.", autocompletion=complete_metric)] = None,
    sql: Annotated[bool, typer.Option("--sql", help="Print the queries as run, with their values.")] = False,
) -> None:
    """The catalogue of metrics: definition, columns, facts, source."""
    if not sql:
        refuse_filters(shared)
    if name is not None and name not in METRICS:
        raise unknown("metric", name, METRICS)
    chosen = [METRICS[name]] if name else list(METRICS.values())
    if sql:
        config = load_config(shared)
        if name:
            to_stdout(_queries(chosen[0], shared, config))
            return
        for metric in chosen:
            try:
                to_stdout(_queries(metric, shared, config))
            except SupportkitError as error:
                to_stdout(f"-- {metric.name}: {error.message}\n")
        return
    from supportkit.commands.metric_catalogue import every_metric, one_metric

    print_results([one_metric(chosen[0]) if name else every_metric(chosen)], shared)
