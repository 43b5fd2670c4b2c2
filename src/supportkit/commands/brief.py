"""The command brief: the problems of a period by what is at risk with them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from supportkit.checks.judging import clock_from, days_there
from supportkit.checks.question import missing_for
from supportkit.commands.messages import reader
from supportkit.commands.metric import finish
from supportkit.commands.missing import why_empty
from supportkit.commands.report_output import owners_of, repeated_options
from supportkit.commands.shared_options import SharedOptions, load_config, open_selected, period_of
from supportkit.errors import UsageError
from supportkit.explaining.brief import TABLES, brief
from supportkit.explaining.brief_request import BriefRequest
from supportkit.metrics import METRICS
from supportkit.render import for_programs
from supportkit.render.at_risk import as_known
from supportkit.render.document import DocumentSection
from supportkit.reports.report_request import ReportRequest
from supportkit.request import Answers
from supportkit.trending.judged_days import closed_period


def brief_command(
    shared: SharedOptions,
    by: Annotated[str, typer.Option("--by", help="What a complaint is: category, topic, product, tags.")] = "category",
    place: Annotated[str, typer.Option("--place", help="A column of tickets, events and orders.")] = "country",
    steps: Annotated[
        str | None, typer.Option("--steps", help="The funnel's steps in order [default: the configuration's].")
    ] = None,
) -> None:
    """The problems of a period by what is at risk: since when, who is touched, what they are worth."""
    if "," in by or "," in place or by == place:
        raise UsageError("--by and --place are one column each, and two columns", hint="--by category --place country")
    config = load_config(shared)
    with open_selected(shared, config, TABLES) as store:
        period, _ = period_of(shared, store.zone)
        period = closed_period(store, period)
        words = ReportRequest("", period, repeated_options(shared))
        answers = Answers(store, config)
        days = days_there(store, config, clock_from(store.as_of, None))
        asked = BriefRequest(
            period,
            by,
            place,
            owners_of(config),
            lambda command: words.command(*command),
            steps,
            takes_steps=True,
            missing=partial(missing_for, answers, days),
        )
        found = brief(answers, asked)
        missing = why_empty(store, METRICS["trends"], found) if found.empty else ""
    if not for_programs(shared.form()):
        found = as_known(found)
        found = replace(found, notes=(*found.notes, *(f"next: {row['next']}" for row in found.records())))
        if shared.form() in ("table", "markdown", "text"):  # pages name codes and days themselves
            found = DocumentSection(found, language=reader()).table()
    finish(found, shared, missing, named=True)
