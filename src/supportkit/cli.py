"""The command line: every command, where output goes, and which exit code an outcome has."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from supportkit import __version__, catalogue
from supportkit.command import dimension_tables, metric_command, options_of, shared_parameters, take_shared
from supportkit.errors import DataError, ExitCode, SupportkitError, UsageError, unknown
from supportkit.explaining import COMMANDS as EXPLAINING
from supportkit.metrics import METRICS, Metric
from supportkit.period import ALL, Period, last_complete
from supportkit.render import render
from supportkit.render.safe import for_terminal
from supportkit.report import PLANS, Audience, report
from supportkit.result import Result
from supportkit.session import (
    Shared,
    config_path,
    configuration,
    database,
    load_options,
    opened,
    period_of,
)

if TYPE_CHECKING:
    from supportkit.config import Config
    from supportkit.store import Store

app = typer.Typer(
    name="supportkit",
    help="Support analytics: tickets, orders, surveys and funnel events in one DuckDB file.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line and exit with the code of the outcome."""
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run the command line; returns the exit code."""
    try:
        outcome = app(args=list(words), prog_name="supportkit", standalone_mode=False)
        sys.stdout.flush()
        return outcome if isinstance(outcome, int) else ExitCode.DONE
    except SupportkitError as error:
        say(f"error: {error.message}")
        if error.hint:
            say(f"hint: {error.hint}")
        return error.exit_code
    except typer.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        say("interrupted")
        return ExitCode.INTERRUPTED
    except typer.TyperException as error:
        return _usage(error)
    except Exception:
        import traceback

        say(traceback.format_exc())
        say("error: this is a bug in supportkit; please report it with the lines above")
        return ExitCode.BUG


def _usage(error: typer.TyperException) -> int:
    text = error.format_message() if hasattr(error, "format_message") else str(error)
    if text:
        say(f"error: {text}")
    context = getattr(error, "ctx", None)
    if context is not None:
        say(f"hint: {context.command_path} --help")
    return ExitCode.USAGE


def say(text: str) -> None:
    """A message for people: to stderr, made safe for a terminal line by line."""
    for line in text.splitlines():
        print(for_terminal(line), file=sys.stderr)


def emit(results: Sequence[Result], shared: Shared) -> None:
    """Results to stdout or to --output, in the format asked for."""
    form = shared.form()
    terminal = shared.output is None and sys.stdout.isatty()
    width = None
    if terminal and form == "table":
        import shutil

        width = shutil.get_terminal_size((80, 24)).columns
    text = render(results, form, width=width, colour=terminal and "NO_COLOR" not in os.environ)
    if shared.output is None:
        to_stdout(text)
        return
    from supportkit.writing import write_text

    write_text(shared.output, text)


def to_stdout(text: str) -> None:
    """Data to stdout; a reader that has gone away, as in `| head`, is no fault."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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


def reading(function: Callable[..., None]) -> Callable[..., None]:
    """A command that has the shared options besides its own; the function takes them as one `shared`."""
    import inspect

    own = [p for p in inspect.signature(function, eval_str=True).parameters.values() if p.name != "shared"]
    own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]

    def command(**given: Any) -> None:
        shared = take_shared(given)
        function(shared=shared, **given)

    parameters = [*own, *shared_parameters()]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    command.__doc__ = function.__doc__
    command.__name__ = function.__name__
    return command


def _version(asked: bool) -> None:
    if asked:
        print(f"supportkit {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Support analytics: tickets, orders, surveys and funnel events in one DuckDB file."""


@app.command("load", rich_help_panel="Data")
def load_command(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, globs, or - for stdin.")],
    db: Annotated[Path | None, typer.Option("--db", envvar="SUPPORTKIT_DB", help="The store.")] = None,
    config: Annotated[Path | None, typer.Option("--config", help="The configuration.")] = None,
    table: Annotated[str | None, typer.Option("--as", help="The table the files hold.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="The vendor that wrote the files.")] = None,
    map_: Annotated[list[str] | None, typer.Option("--map", help="ours=theirs; repeatable.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 3 when any row is rejected.")] = False,
    max_rejects: Annotated[int | None, typer.Option("--max-rejects", help="Exit 3 above this many.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing when all went well.")] = False,
) -> None:
    """Load exported files into the store."""
    from supportkit.loading import load_into

    shared = Shared(db=db, config=config)
    settings = configuration(shared)
    options = load_options(settings, table=table, source=source, map=catalogue.pairs(map_ or ()))
    outcome = load_into(database(shared, settings), [Path(path) for path in paths], options)
    rejected = sum(one.rejected for one in outcome)
    for one in outcome:
        if not quiet or one.rejected:
            say(
                f"{one.file}: {one.table}, read {one.read} = loaded {one.loaded} + updated {one.updated} + "
                f"unchanged {one.unchanged} + rejected {one.rejected}, {one.seconds:.1f} s"
            )
    nothing = sum(one.read for one in outcome) > 0 and rejected == sum(one.read for one in outcome)
    if nothing or (strict and rejected) or (max_rejects is not None and rejected > max_rejects):
        raise typer.Exit(ExitCode.NO_DATA)


@app.command("tables", rich_help_panel="Data")
@reading
def tables_command(shared: Shared) -> None:
    """What is loaded, from which file, until when."""
    _listing(catalogue.tables, shared)


@app.command("rejects", rich_help_panel="Data")
@reading
def rejects_command(shared: Shared) -> None:
    """What was refused, where and why."""
    _listing(catalogue.rejects, shared)


@app.command("sql", rich_help_panel="Data")
@reading
def sql_command(
    query: Annotated[str, typer.Argument(help="One select statement.")],
    shared: Shared,
) -> None:
    """Query the store, read-only."""
    _listing(lambda store: catalogue.query(store, query), shared)


@app.command("export", rich_help_panel="Data")
@reading
def export_command(
    shared: Shared,
    parquet: Annotated[Path, typer.Option("--parquet", help="The folder to write to.")],
) -> None:
    """Write every table as a Parquet file."""
    from supportkit.parquet import write_parquet

    with opened(shared, configuration(shared), ()) as store:
        emit([write_parquet(store, parquet)], shared)


@app.command("metrics", rich_help_panel="Data")
@reading
def metrics_command(
    shared: Shared,
    name: Annotated[str | None, typer.Argument(help="One metric.")] = None,
    sql: Annotated[bool, typer.Option("--sql", help="Print the query as run.")] = False,
) -> None:
    """The catalogue of metrics: definition, columns, facts, source."""
    if name is not None and name not in METRICS:
        raise unknown("metric", name, METRICS)
    chosen = [METRICS[name]] if name else list(METRICS.values())
    if sql:
        print(
            "\n".join(
                f"-- {metric.name}: {key}\n{text.strip()};"
                for metric in chosen
                for key, text in metric.queries().items()
            )
        )
        return
    emit([catalogue.metric(chosen[0]) if name else catalogue.metrics(chosen)], shared)


@app.command("init", rich_help_panel="Data")
def init_command(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("supportkit.toml"),
) -> None:
    """Write a commented supportkit.toml."""
    from supportkit.config import TEMPLATE
    from supportkit.writing import write_text

    if path.exists():
        raise UsageError(f"{path}: is there already", hint="remove it first, or name another file")
    write_text(path, TEMPLATE)
    say(f"wrote {path}")


@app.command("report", rich_help_panel="Reports")
@reading
def report_command(
    shared: Shared,
    audience: Annotated[Audience, typer.Option("--audience", help="Who reads it: a day, a week or a month.")] = "head",
) -> None:
    """What stands out in a period, then the figures, for an audience."""
    config = configuration(shared)
    plan = PLANS[audience]
    with opened(shared, config, plan.tables()) as store:
        given = (
            shared if shared.period or shared.since or shared.until else replace(shared, period=f"last-{plan.grain}")
        )
        period, told = period_of(given, store.zone)
        if told and not shared.quiet:
            say(told)
        emit(_report(store, config, audience, period), shared)


@app.command("check", rich_help_panel="Reports")
@reading
def check_command(
    shared: Shared,
    expect: Annotated[
        list[str] | None, typer.Option("--expect", help='A rule: "nps >= 30 min 30"; repeatable.')
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="A warning fails.")] = False,
    max_age: Annotated[
        str | None, typer.Option("--max-age", help="Older data gives no verdict, for example 2d.")
    ] = None,
    write: Annotated[list[str] | None, typer.Option("--write", help="junit|github|gitlab|json|markdown=PATH.")] = None,
    skip_code: Annotated[int | None, typer.Option("--skip-code", help="The exit code instead of 3.")] = None,
) -> None:
    """Judge figures by thresholds: exit 1 when one fails, 3 when one has no verdict."""
    from supportkit import gate
    from supportkit.checks import outcome

    config = configuration(shared)
    path = config_path(shared)
    rules = gate.rules_of(config, expect or (), path.read_text(encoding="utf-8") if path else "")
    asks_sql = not expect and config is not None and config.sql_rules()
    if not rules and not asks_sql:
        raise UsageError("there is no rule to check", hint="give --expect, or write [[check]] in supportkit.toml")
    tables = tuple(sorted({table for rule in rules for table in METRICS[rule.metric].tables})) if not asks_sql else ()
    age = gate.age_of(max_age)
    try:
        with opened(shared, config, tables) as store:
            clock = gate.clock_of(store.as_of, age)
            period, told = period_of(shared, store.zone)
            if told and not shared.quiet:
                say(told)
            verdicts = gate.run_rules(rules, gate.Computing(store, config, options_of), period, clock)
            verdicts += gate.run_sql(config, store) if asks_sql else []
    except DataError as error:
        say(f"error: {error.message}")
        clock = gate.clock_of(None, age)
        verdicts = [gate.unjudged(rule, error.message) for rule in rules]
    code = gate.exit_code(verdicts, strict)
    printed = gate.write(verdicts, clock, write or (), path)
    if printed:
        to_stdout("".join(printed))
    elif not (shared.quiet and code == ExitCode.DONE):
        emit([outcome(verdicts, clock)], shared)
    if code == ExitCode.NO_DATA and skip_code is not None:
        raise typer.Exit(skip_code)
    if code != ExitCode.DONE:
        raise typer.Exit(code)


@app.command("demo", rich_help_panel="Reports")
def demo_command() -> None:
    """Load the bundled samples in memory and print the weekly report."""
    from supportkit.samples import samples_folder

    folder = samples_folder()
    shared = Shared(data=(folder,), config=folder / "supportkit.toml")
    config = configuration(shared)
    with opened(shared, config, PLANS["head"].tables()) as store:
        latest = store.latest("tickets")
        assert latest is not None
        emit(_report(store, config, "head", last_complete("week", latest, store.zone)), Shared())


def _report(store: Store, config: Config | None, audience: Audience, period: Period) -> list[Result]:
    def section(name: str, given: Mapping[str, Any]) -> Result:
        metric = METRICS[name]
        return metric.compute(store, period=period, **options_of(metric, config, given))

    return report(audience, period, section)


def _listing(make: Callable[[Any], Result], shared: Shared) -> None:
    with opened(shared, configuration(shared), ()) as store:
        emit([make(store)], shared)


def _explaining(make: Callable[..., list[Result]]) -> Callable[..., None]:
    """The command of a function that returns results."""

    def command(shared: Shared, **given: Any) -> None:
        results = make(shared, **given)
        emit(results, shared)
        if not results[0].rows and results[0].empty:
            raise typer.Exit(ExitCode.NO_DATA)

    import inspect

    command.__signature__ = inspect.signature(make, eval_str=True)  # type: ignore[attr-defined]
    command.__name__, command.__doc__ = make.__name__, make.__doc__
    return reading(command)


for _name, _make in EXPLAINING:
    app.command(_name, rich_help_panel="Explain")(_explaining(_make))
for _metric in METRICS.values():
    app.command(_metric.name, rich_help_panel="Metrics")(metric_command(_metric, run_metric))

if __name__ == "__main__":
    main()
