"""The command that judges: check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from supportkit.commands.output import print_results, say, to_stdout
from supportkit.commands.shared_options import (
    SharedOptions,
    load_config,
    open_selected,
    parse_instant,
    period_of,
)
from supportkit.errors import DataError, ExitCode, UsageError
from supportkit.metrics import METRICS
from supportkit.request import Answers, metric_parameters
from supportkit.store.conditions import parse_conditions

if TYPE_CHECKING:
    from supportkit.checks.periods import JudgedPeriods
    from supportkit.checks.rule import Rule
    from supportkit.checks.verdict import Clock
    from supportkit.config import Config
    from supportkit.store import Store


def check_command(
    shared: SharedOptions,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ack RULE]", help="Acknowledge a trouble, with --until and --why.", show_default=False),
    ] = None,
    expect: Annotated[
        list[str] | None, typer.Option("--expect", help='A rule: "nps >= 30 min 30"; repeatable.')
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="A warning fails.")] = False,
    max_age: Annotated[
        str | None, typer.Option("--max-age", help="Older data gives no verdict, for example 2days.")
    ] = None,
    write: Annotated[list[str] | None, typer.Option("--write", help="junit|github|gitlab|json|markdown=PATH.")] = None,
    skip_code: Annotated[
        int | None, typer.Option("--skip-code", min=0, max=255, help="The exit code instead of 3.")
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option("--history", help="Remember verdicts in this file [default: beside the store].", readable=False),
    ] = None,
    accept_acked: Annotated[
        bool, typer.Option("--accept-acked", help="A failure that is acknowledged does not fail.")
    ] = False,
    why: Annotated[str | None, typer.Option("--why", help="ack: the reason.")] = None,
    slice_name: Annotated[str | None, typer.Option("--slice", help="ack: this slice alone.")] = None,
) -> None:
    """Judge figures by thresholds: exit 1 when one fails, 3 when one has no verdict."""
    from supportkit.checks import judging as gate
    from supportkit.checks.failed_rows import with_rows
    from supportkit.checks.verdict import no_verdict, verdicts_result
    from supportkit.commands.check_memory import acknowledge, open_memory

    config = load_config(shared)
    path = config.path if config else None
    source = path.read_text(encoding="utf-8-sig") if path else ""
    within = parse_conditions(shared.where)
    rules = [replace(rule, within=within) for rule in gate.read_rules(config, expect or (), source)]
    queries = [] if expect else gate.sql_rules(config, source)
    zone = config.data.time_zone if config else "UTC"
    clock = gate.clock_from(parse_instant(shared.as_of, zone), gate.parse_max_age(max_age))
    if words:
        today = clock.now.date()
        acknowledge(shared, config, words, (*rules, *queries), history, why=why, slice_name=slice_name, today=today)
        return
    if why is not None or slice_name is not None:
        raise UsageError("--why and --slice are for check ack", hint="check ack RULE --until DAY --why WORDS")
    if not rules and not queries:
        raise UsageError("there is no rule to check", hint="give --expect, or write [[check]] in supportkit.toml")
    tables = tuple(sorted({table for rule in rules for table in METRICS[rule.metric].tables})) if not queries else ()
    memory = open_memory(shared, config, history)
    periods = _periods(shared, config, zone, clock, rules)
    try:
        with open_selected(shared, config, tables) as store:
            answers = Answers(store, config).of_figures()
            under = gate.circumstances(config, answers, periods, clock, memory.history)
            judged = gate.run_rules(rules, under)
            verdicts = [*with_rows(judged, under), *gate.run_sql(queries, store, clock, periods)]
            idle = _idle_names(store, config, rules)
    except DataError as error:
        say(f"error: {error.message}")
        verdicts = [no_verdict(rule, error.message, periods.of(rule)) for rule in (*rules, *queries)]
        idle = ()
    for fault in gate.faults(verdicts, path):
        say(f"error: {fault.message}" + (f"\nhint: {fault.hint}" if fault.hint else ""))
    memory = memory.keep(verdicts)
    verdicts = gate.since_then(verdicts, memory.history, clock, config)
    code = gate.exit_code(verdicts, strict, accept_acked)
    if code == ExitCode.DONE and memory.named and memory.failed:
        code = ExitCode.NO_DATA
    printed = gate.write_formats(verdicts, clock, write or (), path)
    known = any(one.acknowledged or one.course == "dead" for one in verdicts)
    silent = shared.quiet and code == ExitCode.DONE and not known
    if printed:
        to_stdout("".join(printed))
    elif not silent:
        listed = shared.form() == "markdown"
        print_results([verdicts_result(verdicts, clock, with_rows=listed, notes=idle)], shared)
    if code == ExitCode.NO_DATA and skip_code is not None:
        raise typer.Exit(skip_code)
    if code != ExitCode.DONE:
        raise typer.Exit(code)


def _idle_names(store: Store, config: Config | None, rules: Sequence[Rule]) -> tuple[str, ...]:
    """Which calendars and targets that rules rest on are of no ticket."""
    if config is None:
        return ()
    from supportkit.desk.names_of_nobody import names_of_nobody

    used = {name for rule in rules for name in metric_parameters(METRICS[rule.metric])}
    hours = config.calendar.hours if "calendar" in used else None
    return tuple(names_of_nobody(store, hours, config.section("sla") if "targets" in used else None))


def _periods(
    shared: SharedOptions, config: Config | None, zone: str, clock: Clock, rules: Sequence[Rule]
) -> JudgedPeriods:
    """The periods to judge, said on stderr where they count from a day."""
    from supportkit.checks.periods import periods_of_run

    given = shared.period or shared.since or shared.until
    asked, told = period_of(shared, zone) if given else (None, None)
    periods = periods_of_run(config, clock, zone, asked)
    for line in [told] if told else periods.told(rules, clock.basis):
        if not shared.quiet:
            say(line)
    return periods
