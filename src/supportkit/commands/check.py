"""The command that judges: check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from supportkit.commands.output import print_results, say, to_stdout
from supportkit.commands.shared_options import SharedOptions, load_config, open_selected, period_of
from supportkit.errors import DataError, ExitCode, UsageError
from supportkit.metrics import METRICS
from supportkit.request import Answers

if TYPE_CHECKING:
    from supportkit.checks.periods import JudgedPeriods
    from supportkit.checks.rule import Rule
    from supportkit.checks.verdict import Clock
    from supportkit.config import Config


def check_command(
    shared: SharedOptions,
    expect: Annotated[
        list[str] | None, typer.Option("--expect", help='A rule: "nps >= 30 min 30"; repeatable.')
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="A warning fails.")] = False,
    max_age: Annotated[
        str | None, typer.Option("--max-age", help="Older data gives no verdict, for example 2days.")
    ] = None,
    write: Annotated[list[str] | None, typer.Option("--write", help="junit|github|gitlab|json|markdown=PATH.")] = None,
    skip_code: Annotated[int | None, typer.Option("--skip-code", help="The exit code instead of 3.")] = None,
) -> None:
    """Judge figures by thresholds: exit 1 when one fails, 3 when one has no verdict."""
    from supportkit.checks import judging as gate
    from supportkit.checks.verdict import no_verdict, verdicts_result

    config = load_config(shared)
    path = config.path if config else None
    source = path.read_text(encoding="utf-8-sig") if path else ""
    rules = gate.read_rules(config, expect or (), source)
    queries = [] if expect else gate.sql_rules(config, source)
    if not rules and not queries:
        raise UsageError("there is no rule to check", hint="give --expect, or write [[check]] in supportkit.toml")
    tables = tuple(sorted({table for rule in rules for table in METRICS[rule.metric].tables})) if not queries else ()
    age = gate.parse_max_age(max_age)
    try:
        with open_selected(shared, config, tables) as store:
            clock = gate.clock_from(store.as_of, age)
            periods = _periods(shared, config, store.zone, clock, rules)
            verdicts = gate.run_rules(rules, gate.circumstances(config, Answers(store, config), periods, clock))
            verdicts += gate.run_sql(queries, store, clock)
    except DataError as error:
        say(f"error: {error.message}")
        clock = gate.clock_from(None, age)
        verdicts = [no_verdict(rule, error.message) for rule in (*rules, *queries)]
    code = gate.exit_code(verdicts, strict)
    printed = gate.write_formats(verdicts, clock, write or (), path)
    if printed:
        to_stdout("".join(printed))
    elif not (shared.quiet and code == ExitCode.DONE):
        print_results([verdicts_result(verdicts, clock)], shared)
    if code == ExitCode.NO_DATA and skip_code is not None:
        raise typer.Exit(skip_code)
    if code != ExitCode.DONE:
        raise typer.Exit(code)


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
