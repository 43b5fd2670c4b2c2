"""A report made on an open store and shown in a format: one place for the command, the demo and mail."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supportkit.checks.judging import clock_of, rules_of, run_rules, run_sql, sql_rules
from supportkit.render.document import Document
from supportkit.render.language import in_words
from supportkit.reports.audiences import Plan
from supportkit.reports.report import Asked, report
from supportkit.request import Answers
from supportkit.result import Result

if TYPE_CHECKING:
    from supportkit.commands.shared_options import Shared
    from supportkit.config import Config
    from supportkit.period import Period
    from supportkit.store import Store


@dataclass(frozen=True)
class Source:
    """Where a report's figures come from: the store and the configuration."""

    store: Store
    config: Config | None


def document(source: Source, plan: Plan, asked: Asked) -> Document:
    """The report of a period; metrics that its checks need as well are computed once."""
    answers = Answers(source.store, source.config)
    return report(plan, asked, answers, lambda: _lights(source, answers, asked.period))


def _lights(source: Source, answers: Answers, period: Period) -> Result | None:
    """The outcome of the rules of the configuration; without the clock's reading, so that a report repeats."""
    from supportkit.checks import outcome

    if source.config is None:
        return None
    rules = rules_of(source.config, (), source.config.path.read_text(encoding="utf-8"))
    queries = sql_rules(source.config)
    if not rules and not queries:
        return None
    clock = clock_of(source.store.as_of, None)
    verdicts = run_rules(rules, answers, period, clock) + run_sql(queries, source.store, clock)
    lights = outcome(verdicts, clock)
    return replace(
        lights, notes=(), scope=replace(lights.scope, as_of=None, period=period.name, time_zone=source.store.zone)
    )


def shown(made: Document, shared: Shared) -> bytes:
    """A report in the format asked for."""
    from supportkit.commands.output import shown as show

    form = shared.form()
    if form == "html":
        from supportkit.render.html import as_report

        return as_report(made).encode("utf-8", "replace")
    if form == "text":
        from supportkit.render.message import as_message

        return as_message(made).encode("utf-8", "replace")
    if form in ("json", "csv", "xlsx"):
        return show(made.results(), shared)
    language = made.language
    return show([in_words(result, language) for result in made.tables()], shared, language)


def base(shared: Shared) -> tuple[str, ...]:
    """The words that a command needs to read the same data."""
    words: list[str] = []
    for name, values in (("--data", shared.data), ("--db", (shared.db,)), ("--config", (shared.config,))):
        words += [word for value in values if value for word in (name, os.fspath(value))]
    words += [word for one in shared.where for word in ("--where", one)]
    return (*words, *(("--as-of", shared.as_of) if shared.as_of else ()))
