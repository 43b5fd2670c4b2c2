"""The `check` command's work: rules from the configuration and the command line, judged on one open store."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from supportkit.checks.course import NOTHING, Patience, remembered
from supportkit.checks.history import History
from supportkit.checks.judge import judge
from supportkit.checks.missing_days import TableDays
from supportkit.checks.periods import JudgedPeriods
from supportkit.checks.question import Circumstances
from supportkit.checks.rule import Rule, read_rule
from supportkit.checks.verdict import Clock, State, Verdict, faulty, no_verdict, verdicts_result
from supportkit.errors import DataError, ExitCode, UsageError
from supportkit.request import Answers

if TYPE_CHECKING:
    from supportkit.checks.rule_lines import TomlPath
    from supportkit.config import Config
    from supportkit.configuration.sections import Check
    from supportkit.period import Period
    from supportkit.store import Store

LEAST_SECONDS: Final = 0.1
"""What is left of the time of all SQL rules for one more."""
SECONDS_LEFT: Final = 5.0
"""What a rule leaves of the time of all to each that follows."""

WRITERS: Final = ("junit", "github", "gitlab", "json", "markdown")


def read_rules(config: Config | None, expected: Sequence[str], source: str) -> list[Rule]:
    """The rules of --expect, else those of [[check]], each with its line in the file that `source` is."""
    if expected or config is None:
        return [read_rule(text) for text in expected]
    from supportkit.checks.rule_lines import key_lines

    lines = key_lines(source)
    return [rule for number, entry in enumerate(config.check) for rule in _of_entry(entry, number, lines)]


def _of_entry(entry: Check, number: int, lines: Mapping[TomlPath, int]) -> list[Rule]:
    rules = []
    for key, severity in (("expect", "fail"), ("warn", "warn")):
        text = entry.expect if key == "expect" else entry.warn
        if text is None:
            continue
        rule = read_rule(text)
        rules.append(
            replace(
                rule,
                severity="fail" if severity == "fail" else "warn",
                name=entry.name or "",
                minimum=entry.min if entry.min is not None else rule.minimum,
                by=tuple(entry.by) if entry.by else rule.by,
                on_missing=entry.on_missing or "no verdict",
                ci=entry.ci,
                expires=entry.expires,
                line=_line(lines, number, key),
                period=entry.period,
            )
        )
    return rules


def _line(lines: Mapping[TomlPath, int], number: int, *keys: str | int) -> int | None:
    """The line of a key of the rule of that number; one rule alone may be no list."""
    return lines.get(("check", number, *keys), lines.get(("check", *keys)))


def circumstances(
    config: Config | None,
    answers: Answers,
    periods: JudgedPeriods,
    clock: Clock,
    history: History | None = None,
    days: TableDays | None = None,
) -> Circumstances:
    """What rules are judged under, with what a configuration says of days and slices that are rightly missing."""
    days = days or days_there(answers.store, config, clock)
    found = Circumstances(answers, periods, clock, days, history=history or History())
    if config is None:
        return found
    if config.target:
        from supportkit.checks.targets import read_targets

        found = replace(found, targets=read_targets(config, answers.store))
    return replace(found, retired=config.checks.retired)


def days_there(store: Store, config: Config | None, clock: Clock) -> TableDays:
    """The days of a store's tables, but for those on which a configuration says that nobody works."""
    return TableDays(store, clock.now, config.calendar.off if config else frozenset())


def run_rules(rules: Sequence[Rule], under: Circumstances) -> list[Verdict]:
    """The verdicts of all rules, in their order; those by groups come first to be judged, for their facts serve all.

    A rule that does not fit its metric has no verdict, with its fault, and ends nothing.
    """
    places = sorted(range(len(rules)), key=lambda place: not rules[place].by)
    judged = {}
    for place in places:
        try:
            judged[place] = judge(rules[place], under)
        except UsageError as error:
            judged[place] = [faulty(rules[place], error)]
    return [verdict for place in range(len(rules)) for verdict in judged[place]]


def since_then(
    verdicts: Sequence[Verdict],
    history: History | None,
    clock: Clock,
    config: Config | None,
    part_of: Mapping[Period, Period] = NOTHING,
) -> list[Verdict]:
    """The verdicts with what they mean after those that the history has of earlier periods, where there is one; those
    of the days that are there of a period are `part_of` it."""
    if history is None:
        return list(verdicts)
    patience = Patience(config.checks.recovered_after, config.checks.dead_after) if config else Patience()
    return list(remembered(verdicts, history, clock.now.date(), patience, part_of))


def sql_rules(config: Config | None, source: str = "") -> list[Rule]:
    """The [[check.sql]] rules of the configuration, queries that must return no row, each with its line."""
    if config is None or not config.sql_rules():
        return []
    from supportkit.checks.rule_lines import key_lines

    lines = key_lines(source)
    return [
        Rule(
            entry.query,
            "sql",
            "rows",
            (),
            "==",
            (),
            name=entry.name or " ".join(entry.query.split())[:60],
            on_missing=entry.on_missing or "no verdict",
            line=_line(lines, number, "sql", place, "query"),
        )
        for number, check in enumerate(config.check)
        for place, entry in enumerate(check.sql)
    ]


def run_sql(rules: Sequence[Rule], store: Store, clock: Clock, periods: JudgedPeriods | None = None) -> list[Verdict]:
    """The verdicts of SQL rules; there is none where a table that the query reads is empty or too old, where all rules
    together have taken a minute, and where it is no query that can be run, which is a fault. One rule may take what
    leaves each that follows five seconds, and half of what is left at least.

    A query says its own days; the period of a verdict is the one in which it was run, for the history.
    """
    if not rules:
        return []
    from supportkit.store import listings
    from supportkit.store.query_limits import DEFAULT_LIMITS

    until = monotonic() + DEFAULT_LIMITS.seconds

    def span(rule: Rule) -> Period | None:
        return periods.of(rule) if periods else None

    verdicts = []
    for place, rule in enumerate(rules, start=1):
        try:
            left = until - monotonic()
            if left < LEAST_SECONDS:
                raise DataError(f"the rules in SQL have taken {DEFAULT_LIMITS.seconds:g} s together")
            allowed = max(left / 2, left - SECONDS_LEFT * (len(rules) - place)) if place < len(rules) else left
            found = len(listings.query_rows(store, rule.text, replace(DEFAULT_LIMITS, seconds=round(allowed, 2))).rows)
            missing = _missing(store, rule, clock)
        except UsageError as error:
            verdicts.append(replace(faulty(rule, error), span=span(rule)))
            continue
        except DataError as error:
            verdicts.append(replace(no_verdict(rule, error.message), span=span(rule)))
            continue
        state: State = "pass" if found == 0 else "fail"
        told = f"{found} row" if found == 1 else f"{found} rows"
        judged = Verdict(rule, state, value=found, measured=told, reason="allowed 0", span=span(rule))
        verdicts.append(replace(judged, state=no_verdict(rule, "").state, reason=missing) if missing else judged)
    return verdicts


def _missing(store: Store, rule: Rule, clock: Clock) -> str:
    """Why there is nothing to judge a query by; empty where there is."""
    from supportkit.store.lineage import extent, tables_read

    tables = tables_read(store, rule.text)
    if not tables:
        return "the query reads no table of the store: there is no data to judge"
    for table in tables:
        found = extent(store, table)
        if found is None:
            continue
        rows, through = found
        why = clock.stale(through) if rows else "there is no data"
        if why:
            return f"{table}: {why}"
    return ""


def clock_from(as_of: datetime | None, max_age: timedelta | None) -> Clock:
    """The instant that "now" is: --as-of, else the clock."""
    return Clock(as_of, "--as-of", max_age) if as_of else Clock(datetime.now(UTC), "the clock", max_age)


def parse_max_age(text: str | None) -> timedelta | None:
    """The age in --max-age. Raises UsageError."""
    if text is None:
        return None
    from supportkit.period import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise UsageError(f"--max-age {text}: not an age", hint="write 2days, 36h or 90m") from error


def exit_code(verdicts: Sequence[Verdict], strict: bool, accept_acknowledged: bool = False) -> ExitCode:
    """A failure is 1, else a rule with a fault is 2, else a missing verdict is 3, else 0; strict counts a warning as a
    failure.

    A failure that somebody has acknowledged is none where that is accepted.
    """
    loud = ("fail", "warn") if strict else ("fail",)
    if any(one.state in loud and not (accept_acknowledged and one.acknowledged) for one in verdicts):
        return ExitCode.CHECK_FAILED
    if any(one.fault for one in verdicts):
        return ExitCode.USAGE
    missing = any(one.state == "no verdict" for one in verdicts)
    return ExitCode.NO_DATA if missing or not verdicts else ExitCode.DONE


def faults(verdicts: Sequence[Verdict], config: Path | None) -> list[UsageError]:
    """What is wrong with the rules that cannot be judged, each with the name and the place of its rule.

    Raises the UsageError that all rules have in common, as of a condition that all are judged under.
    """
    found = [(one.rule, one.fault) for one in verdicts if one.fault]
    alike = {fault.message for _, fault in found}
    if len(found) == len(verdicts) and len(alike) == 1 and not any(rule.metric == "sql" for rule, _ in found):
        raise found[0][1]
    told = []
    for rule, fault in found:
        name = rule.name or rule.text
        if config is None or rule.line is None:
            told.append(UsageError(f"rule {name}: {fault.message}", hint=fault.hint))
        else:
            told.append(UsageError(f"{config}, line {rule.line}: rule {name}: {fault.message}", hint=fault.hint))
    return told


def write_formats(verdicts: Sequence[Verdict], clock: Clock, targets: Sequence[str], config: Path | None) -> list[str]:
    """Write `FORMAT=PATH` targets; what is for stdout is returned."""
    if not targets:
        return []
    from supportkit.checks import ci_formats as writers
    from supportkit.render import render
    from supportkit.system.atomic_files import write_text

    printed = []
    for target in targets:
        form, _, path = target.partition("=")
        if form not in WRITERS or not path:
            raise UsageError(f"--write {target}: write FORMAT=PATH", hint=f"formats: {', '.join(WRITERS)}")
        if form == "junit":
            text = writers.junit(verdicts)
        elif form == "github":
            text = writers.github(verdicts, config)
            _summarise(writers.summary(verdicts))
        elif form == "gitlab":
            text = writers.gitlab(verdicts, config)
        else:
            text = render([verdicts_result(verdicts, clock, with_rows=True)], "json" if form == "json" else "markdown")
        if path == "-":
            printed.append(text)
        else:
            write_text(Path(path), text)
    return printed


def _summarise(text: str) -> None:
    """Add to the job summary, where GitHub Actions names a file for it. Raises DataError where it cannot be written."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    try:
        with open(path, "a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise DataError(
            f"GITHUB_STEP_SUMMARY {path}: cannot be written: {error.strerror}", hint="leave it as the runner sets it"
        ) from error
