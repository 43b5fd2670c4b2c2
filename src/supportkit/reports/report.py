"""Reports: the results that an audience needs, for a period, under three sentences on what stands out."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from supportkit.errors import UnsetError
from supportkit.metrics import METRICS
from supportkit.offers.finding import Finding
from supportkit.period import Period
from supportkit.render.document import Document, DocumentSection, Sentence
from supportkit.render.in_language import translated
from supportkit.render.language import ENGLISH, Language
from supportkit.reports.audiences import AudiencePlan, ReportSection
from supportkit.reports.figures import HeadlineSource, stands_at_the_head
from supportkit.reports.summary import as_sentence, distinct, sentences, without_data
from supportkit.request import Answers, refuse_all
from supportkit.result import Result, Scope, detail, key, label_of
from supportkit.system.frozen import dataclass


@dataclass(frozen=True)
class ReportRequest:
    """A report as asked for; `base` are the words that every command in it needs, such as --data FOLDER.

    `program` are the words that call this program, for a reader who is at the machine on which it was made.
    """

    audience: str
    period: Period
    base: tuple[str, ...] = ()
    language: Language = ENGLISH
    running: bool = False  # the period is not over by --as-of, else by the clock
    program: tuple[str, ...] = ("supportkit",)

    def command(self, *words: str, period: Period | None = None) -> str:
        """A command on the same data, of the report's period or of another, ready to be pasted."""
        return shlex.join((*self.program, *words, *_again(period or self.period), *self.base))


class ComputedSections(NamedTuple):
    """The results of a report's sections, and what is said of those left out."""

    results: list[tuple[ReportSection, Result]]
    unset: tuple[str, ...]


def report(
    asked: ReportRequest, computed: ComputedSections, lights: Result | None, answers: Answers | None = None
) -> Document:
    """The report: its sentences, its lights (the outcome of the checks, if there are any), its sections.

    In a part period nothing is compared.
    """
    language = asked.language
    results, unset = computed
    of_period = [result for section, result in results if not section.is_history] or [result for _, result in results]
    scope = of_period[0].scope
    part = scope.part or (asked.running and scope.data_through is not None)
    found = [(section, result, METRICS[section.metric].findings(result, language)) for section, result in results]
    all_found = [one for _, _, each in found for one in each if not (part and one.compares)]
    filled = any(not result.empty for result in of_period)
    if filled:
        trends = [result for _, result in results if result.metric == "trends"]
        tested = not trends or any(result.facts.get("tested") for result in trends)
        said = sentences(all_found, language, lambda finding: asked.command(*finding.command), tested=tested)
    else:
        said = without_data(language, asked.period.name)
    chosen = distinct(all_found)
    summary = _summary(asked, said, scope)
    summary = replace(summary, notes=summary.notes + unset)
    source = (
        HeadlineSource([one for _, one in results], asked.period, answers, language, bool(part)) if answers else None
    )
    figures = source.figures() if source and filled else ()
    return Document(
        title=summary.title,
        subtitle=_subtitle(asked, scope),
        summary=summary,
        sentences=said,
        sections=_once(
            (
                _shown(section, translated(result, language), [one for one in each if one in chosen], asked)
                for section, result, each in found
                if section.top
            ),
            {one.metric for one in figures if stands_at_the_head(one.metric)},
        ),
        lights=translated(lights, language) if lights else None,
        figures=figures,
        warnings=_warnings(asked, scope, part) + unset,
        language=language,
        filled=filled,
    )


def _once(sections: Iterable[DocumentSection], headed: AbstractSet[str]) -> tuple[DocumentSection, ...]:
    """The sections, each without the notes and the headline figures that an earlier one of its metric has told."""
    told: dict[str, set[str]] = {}
    figures: list[tuple[str, list[Any]]] = []
    once = []
    for shown in sections:
        result = shown.result
        notes = told.setdefault(result.metric, set())
        facts = (result.metric, [result.facts[one.name] for one in result.fact_columns if not one.aside])
        once.append(replace(shown, told=frozenset(notes), repeats=facts in figures or result.metric in headed))
        notes.update(result.notes)
        figures.append(facts)
    return tuple(once)


def computed_sections(plan: AudiencePlan, asked: ReportRequest, answers: Answers) -> ComputedSections:
    """The sections' results; one is left out where a setting is missing, such as funnel steps or a period."""
    results, unset = [], []
    for section in plan.sections:
        try:
            request = answers.request(section.metric, section.options, period=section.span(asked.period))
            refuse_all(request.metric, request.period)
            results.append((section, answers(request)))
        except UnsetError as error:
            unset.append(error)
    if not results:
        raise unset[0]
    said = dict.fromkeys(
        asked.language.say("left out: {why}", why=asked.language.text(error.message)) for error in unset
    )
    return ComputedSections(results, tuple(said))


def _summary(asked: ReportRequest, said: Sequence[Sentence], scope: Scope) -> Result:
    language = asked.language
    name = _title(asked)
    return Result(
        metric="report",
        title=f"{name}, {asked.period.name}",
        definition=language.text("what stands out, by rules over the figures below; no cause is claimed"),
        columns=(
            key("role", label=language.text("Question")),
            detail("finding", "text", language.text("What stands out")),
            detail("command", "text", language.text("Command"), aside=True),
        ),
        rows=tuple((one.role, one.text, one.command or None) for one in said),
        notes=tuple(f"{one.role}: {one.command}" for one in said if one.command),
        scope=scope,
    )


def _title(asked: ReportRequest) -> str:
    titles = {"manager": "Daily report for the support manager", "head": "Weekly report for the head of support",
              "director": "Monthly report for the director"}  # fmt: skip
    title = titles.get(asked.audience)
    if title is None:
        return asked.language.say("Report for {audience}", audience=asked.audience)
    return asked.language.text(title)


def _subtitle(asked: ReportRequest, scope: Scope) -> str:
    language, period = asked.language, asked.period
    parts = []
    if period.start and period.end:
        parts.append(language.days(period.start, period.end - timedelta(days=1)))
    if scope.data_through:
        through = scope.data_through
        day = f"{language.day(through.date())} {through:%H:%M}"
        parts.append(language.say("data through {through} UTC", through=day))
    parts.append(language.say("time zone {zone}", zone=scope.time_zone))
    return " · ".join(parts)


def _warnings(asked: ReportRequest, scope: Scope, part: bool) -> tuple[str, ...]:
    if not part or scope.data_through is None:
        return ()
    said = "{period} is a part period: the data ends {through} UTC, and nothing is compared with whole ones"
    if asked.period.is_after(scope.data_through, scope.time_zone):
        said = "{period} begins after the data, which ends {through} UTC"
    return (asked.language.say(said, period=asked.period.name, through=f"{scope.data_through:%Y-%m-%d %H:%M}"),)


def _shown(section: ReportSection, result: Result, found: Sequence[Finding], asked: ReportRequest) -> DocumentSection:
    """A section: its table, its picture, and the sentences that its own figures give."""
    more = ""
    by = ", ".join(
        asked.language.text(label_of(name)).lower() for name in str(section.options.get("by") or "").split(",") if name
    )
    said = "{title}, by {by}, over time" if section.options.get("past") else "{title}, by {by}"
    heading = asked.language.say(said, title=result.title, by=by) if by else ""
    shown = DocumentSection(
        result, section.columns, section.top, heading=heading, having=section.having, folds=section.folds
    )
    rows = len(shown.filtered().rows) if section.having != "flag" else len(result.rows)
    if rows > section.top and not section.folds:
        words = [section.metric, *(word for name, value in section.options.items() for word in _option(name, value))]
        command = asked.command(*words, period=section.span(asked.period))
        said = "the first {top} of {n} rows; all of them: {command}"
        if section.having == "flag":
            said = "of {n} rows those that raise an alarm; all of them: {command}"
        more = asked.language.say(said, top=str(section.top), n=str(rows), command=command)
    chart = section.chart
    names = {column.name for column in result.columns}
    if chart and not {chart.x, chart.y} <= names:
        chart = None
    ranked = sorted(found, key=lambda one: (-one.weight, one.text))
    return replace(shown, chart=chart, says=tuple(as_sentence(one.text) for one in ranked[:2]), more=more)


def _option(name: str, value: Any) -> tuple[str, ...]:
    """An option of a section as words of a command."""
    flag = f"--{name.replace('_', '-')}"
    if isinstance(value, bool):
        return (flag,) if value else ()
    return (f"{flag}={','.join(map(str, value)) if isinstance(value, list | tuple) else value}",)


def _again(period: Period) -> tuple[str, ...]:
    """The options that name these days, whatever day it is when they are read."""
    if period.grain not in ("span", "all"):
        return ("--period", period.name)
    since = ("--since", str(period.start)) if period.start else ()
    return (*since, *(("--until", str(period.end)) if period.end else ()))
