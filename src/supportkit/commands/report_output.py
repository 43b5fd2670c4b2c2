"""A report made on an open store: one place for the command, the demo and mail."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from supportkit.checks.course import NOTHING
from supportkit.checks.judging import (
    circumstances,
    clock_from,
    days_there,
    read_rules,
    run_rules,
    run_sql,
    since_then,
    sql_rules,
)
from supportkit.checks.question import missing_for
from supportkit.checks.targets import read_targets, rules_of_targets, with_goals
from supportkit.commands.messages import say
from supportkit.errors import DataError, UnsetError
from supportkit.explaining.events import read_events, with_events
from supportkit.metrics import METRICS
from supportkit.render.document import Document
from supportkit.reports.audiences import AudiencePlan
from supportkit.reports.computed_sections import computed_sections
from supportkit.reports.part_days import of_days_there
from supportkit.reports.report import report
from supportkit.reports.report_request import ReportRequest
from supportkit.request import Answers, refuse_all
from supportkit.result import Result
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from supportkit.checks.history import History
    from supportkit.checks.missing_days import TableDays
    from supportkit.checks.rule import Rule
    from supportkit.checks.verdict import Clock
    from supportkit.commands.shared_options import SharedOptions
    from supportkit.config import Config
    from supportkit.period import Period
    from supportkit.store import Store


@dataclass(frozen=True)
class ReportSource:
    """Where a report's figures come from: the store and the configuration."""

    store: Store
    config: Config | None
    events: Path | None = None


def build_report(source: ReportSource, plan: AudiencePlan, asked: ReportRequest) -> Document:
    """The report of a period; metrics that its checks need as well are computed once."""
    from supportkit.commands.missing import lacking

    asked = of_days_there(source.store, plan, asked, source.store.as_of or datetime.now(UTC))
    answers = Answers(source.store, source.config)
    whole = source.store.unfiltered
    computed = computed_sections(plan, asked, answers, lambda name: lacking(whole, METRICS[name]))
    targets = read_targets(source.config, source.store)
    events = read_events(source.config, source.events, source.store)
    rules = _rules(source.config)
    aimed = [(section, with_events(with_goals(result, targets, rules), events)) for section, result in computed.results]
    clock = clock_from(source.store.as_of, None)
    days = days_there(source.store, source.config, clock)
    missing = partial(missing_for, answers, days)
    lights = _lights(source, answers.of_figures(), asked, clock, days)
    at_risk = _at_risk(source, plan, asked, answers, missing)
    return report(asked, computed._replace(results=aimed), lights, answers, at_risk, missing)


def tables_read(plan: AudiencePlan, config: Config | None) -> tuple[str, ...]:
    """The tables that a report and its lights read; none is named, which is all, where a light is a query."""
    if config is None:
        return plan.tables()
    if config.sql_rules():
        return ()
    names = {rule.metric for rule in _rules(config)} | {one.metric.partition(".")[0] for one in config.target}
    return tuple(
        sorted({*plan.tables(), *(table for name in names & METRICS.keys() for table in METRICS[name].tables)})
    )


def _at_risk(
    source: ReportSource,
    plan: AudiencePlan,
    asked: ReportRequest,
    answers: Answers,
    missing: Callable[[str, Period], str],
) -> Result | None:
    """The brief that heads the report, where the audience has one, there is anything for it to look at, and the period
    can be compared."""
    if not plan.brief:
        return None
    from supportkit.explaining.brief import brief
    from supportkit.explaining.brief_request import BriefRequest

    words = BriefRequest(
        asked.period,
        owners=owners_of(source.config),
        command=lambda command: asked.command(*command),
        missing=missing,
    )
    try:
        refuse_all(METRICS["trends"], asked.period)  # which would be of the last week, beside figures of all days
        found = brief(answers, words)
        return found if found.facts["examined"] else None
    except UnsetError:
        return None


def owners_of(config: Config | None) -> Mapping[str, str]:
    """Who owns what: [owners] of the configuration, over the owners of [touchpoint.<name>] for what is mapped there."""
    if config is None:
        return {}
    from supportkit.store.conditions import parse_conditions

    found: dict[str, str] = {}
    for point in config.touchpoint.values():
        names = [point.step] if point.step else []
        for condition in parse_conditions([point.tickets]) if point.tickets else ():
            if condition.operator in ("=", "in"):
                names += [str(value) for value in (condition.value, *condition.more)]
        found |= {name: point.owner for name in names if point.owner}
    return {**found, **config.owners}


def _rules(config: Config | None) -> list[Rule]:
    """The rules of the configuration."""
    return read_rules(config, (), config.path.read_text(encoding="utf-8")) if config else []


def _lights(
    source: ReportSource, answers: Answers, asked: ReportRequest, clock: Clock, days: TableDays
) -> Result | None:
    """The outcome of the rules of the configuration; without the clock's reading, so that a report repeats."""
    from supportkit.checks import verdicts_result
    from supportkit.checks.periods import periods_of_report

    if source.config is None:
        return None
    period, rules = asked.period, _rules(source.config)
    rules += rules_of_targets(read_targets(source.config, source.store), rules)
    rules = [replace(rule, within=source.store.conditions) for rule in rules]
    queries = sql_rules(source.config)
    if not rules and not queries:
        return None
    periods = periods_of_report(source.config, clock, source.store.zone, period)
    history = _history(source.store)
    under = circumstances(source.config, answers, periods, clock, history, days)
    verdicts = run_rules(rules, under)
    verdicts += run_sql(queries, source.store, clock, periods)
    part_of = {period: asked.part_of} if asked.part_of else NOTHING
    lights = verdicts_result(since_then(verdicts, history, clock, source.config, part_of), clock)
    return replace(
        lights, notes=(), scope=replace(lights.scope, as_of=None, period=period.name, time_zone=source.store.zone)
    )


def _history(store: Store) -> History | None:
    """What the checks on a store remember, beside it; None where that is nothing, or cannot be read, which is told."""
    from supportkit.checks.history import read_history
    from supportkit.commands.check_memory import beside

    if store.path is None or not beside(store.path).exists():
        return None
    try:
        return read_history(beside(store.path))
    except DataError as error:
        say(f"history: {error.message}")
        return None


def repeated_options(shared: SharedOptions) -> tuple[str, ...]:
    """The words that a command needs to read the same data."""
    words: list[str] = []
    for name, values in (("--data", shared.data), ("--db", (shared.db,)), ("--config", (shared.config,))):
        words += [word for value in values if value for word in (name, os.fspath(value))]
    words += [word for one in shared.where for word in ("--where", one)]
    return (*words, *(("--as-of", shared.as_of) if shared.as_of else ()))
