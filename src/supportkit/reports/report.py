"""Reports: the results that an audience needs, for a period, under three sentences on what stands out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import Any

from supportkit.explaining.suggestions import that_finds
from supportkit.metrics import METRICS
from supportkit.offers.finding import Finding
from supportkit.period import Period, containing, local_day
from supportkit.render.document import Document, DocumentSection, HeadlineFigure, Sentence
from supportkit.render.in_language import translated
from supportkit.render.language import Language
from supportkit.render.names import in_text
from supportkit.reports.audiences import ReportSection
from supportkit.reports.computed_sections import ComputedSections
from supportkit.reports.figures import HeadlineSource, days_up_to, stands_at_the_head
from supportkit.reports.not_tested import not_tested
from supportkit.reports.report_request import ReportRequest
from supportkit.reports.splits import nothing_split
from supportkit.reports.summary import as_sentence, distinct, sentences, without_data
from supportkit.reports.whole_periods import WholePeriods
from supportkit.request import Answers
from supportkit.result import Result, Scope, detail, key
from supportkit.store import Store
from supportkit.store.conditions import parse_conditions
from supportkit.store.schema import TABLES
from supportkit.system.named import NamedTuple
from supportkit.trending.uncompared import uncompared


def report(
    asked: ReportRequest,
    computed: ComputedSections,
    lights: Result | None,
    answers: Answers | None = None,
    at_risk: Result | None = None,
    missing: Callable[[str, Period], str] = lambda metric, period: "",
) -> Document:
    """The report: its sentences, its lights (the outcome of the checks, if there are any), its sections.

    In a part period nothing is compared, nor where days are `missing` for a metric in the period or the one before.
    """
    language = asked.language
    whole = WholePeriods(asked.period, missing)
    results, unset = [(section, whole.uncompared(result)) for section, result in computed.results], computed.unset
    of_period = [result for section, result in results if not section.is_history] or [result for _, result in results]
    scope = of_period[0].scope
    part = scope.part or (asked.running and scope.data_through is not None)
    if part:
        results = [(one, uncompared(result) if result.metric == "trends" else result) for one, result in results]
        of_period = [result for section, result in results if not section.is_history] or of_period
    found = _found(results, language, whole, comparing=not part)
    all_found = [one for each in found for one in each.findings]
    keys = {one: each.key for each in found for one in each.findings}

    def suggested(one: Finding) -> str:
        """The command of a finding, where it finds something."""
        words = that_finds(answers, one.command, asked.period) if answers else one.command
        return asked.command(*words) if words else ""

    filled = any(not result.empty for result in of_period)
    lacks_rows = () if filled else tuple(dict.fromkeys(METRICS[one.metric].tables[0] for one in of_period))
    last = "" if filled else _last_with_data(asked, scope.data_through, scope.time_zone)
    elsewhere = "" if filled or last or not answers else _other_tables(asked, answers.store.unfiltered, lacks_rows)
    source = (
        HeadlineSource([one for _, one in results], asked.period, answers, language, bool(part), whole)
        if answers
        else None
    )
    figures = tuple(_doubted(one, found, language) for one in source.figures()) if source and filled else ()
    if filled:
        said = sentences(
            all_found,
            language,
            suggested,
            keys.__getitem__,
            **not_tested([one for _, one in results], figures, computed.not_given, part=bool(part))._asdict(),
            lacking=None if part else next(filter(None, (whole.lacking(one.metric) for _, one in results)), None),
            moved=[one for one in figures if one.beyond],
            failing=_failing(lights),
        )
    else:
        ends = language.say("the last period with data is {period}", period=last) if last else elsewhere
        said = without_data(language, asked.period, lacks_rows, ends, asked.listing())
    chosen = distinct(all_found)
    told = {key for one in said for key in one.sections}
    summary = _summary(asked, said, scope)
    lacks = [
        in_text(language.text(days), language)
        for days in (whole.told(dict.fromkeys(result.metric for _, result in results)) if filled and not part else ())
    ]
    compared = not any(whole.lacking(one.metric) for one in of_period) and (
        any(one.change and not one.span for one in figures)
        or any(result.facts.get("change") is not None for result in of_period)
    )
    of_part = _warnings(asked, scope, part, compared=compared)
    summary = replace(summary, notes=(*(of_part if asked.part_of else ()), *lacks, *summary.notes, *unset))
    return Document(
        title=summary.title,
        subtitle=_subtitle(asked, scope),
        summary=summary,
        sentences=said,
        sections=_once(
            (
                _shown(one, chosen, asked)
                for one in found
                if one.section.top and filled and (one.key in told or not one.section.if_told)
            ),
            {one.metric for one in figures if stands_at_the_head(one.metric)},
        ),
        lights=translated(lights, language) if lights else None,
        figures=figures,
        brief=at_risk if filled else None,
        warnings=(
            *of_part,
            *map(as_sentence, lacks),
        ),
        left_out=tuple(map(as_sentence, unset)),
        language=language,
        filled=filled,
        last=last,
    )


class FoundIn(NamedTuple):
    """A section's result and what stands out in it; `key` is the section that shows it, empty where none does."""

    section: ReportSection
    result: Result
    findings: tuple[Finding, ...]
    key: str


def _doubted(figure: HeadlineFigure, found: Sequence[FoundIn], language: Language) -> HeadlineFigure:
    """A score at the head with the section that raises alarms about its own survey, where there is one."""
    for one in found:
        if one.section.metric != "survey-quality" or one.section.options.get("kind", "csat") != figure.metric:
            continue
        alarms = sum(row["flag"] is True for row in one.result.records())
        if alarms and one.key:
            said = ("survey quality doubts it: {n} alarm", "survey quality doubts it: {n} alarms")
            return replace(figure, doubt=language.plural(*said, alarms), doubted_by=one.key)
    return figure


def _failing(lights: Result | None) -> list[str]:
    """The names of the checks that fail, each once."""
    rows = lights.records() if lights else ()
    return list(dict.fromkeys(str(row["check"]) for row in rows if row["state"] == "fail"))


def _found(
    results: Sequence[tuple[ReportSection, Result]], language: Language, whole: WholePeriods, *, comparing: bool
) -> list[FoundIn]:
    """What stands out in each section; what compares periods only where these may be: both whole, or such that the
    metric takes missing days out of what it expects."""
    keys: list[str] = []
    for section, _ in results:
        words = (section.metric, *section.split, *(("over-time",) if section.is_over_time else ()))
        name = "-".join(words).replace("_", "-")
        key = name if name not in keys else f"{name}-{len(keys)}"
        keys.append(key)
    return [
        FoundIn(
            section,
            whole.unjudged(result),
            tuple(
                one
                for one in METRICS[section.metric].findings(result, language)
                if not one.compares
                or (comparing and (METRICS[section.metric].compares or not whole.lacking(section.metric)))
            ),
            key if section.top else "",
        )
        for key, (section, result) in zip(keys, results, strict=True)
    ]


def _once(sections: Iterable[DocumentSection], headed: AbstractSet[str]) -> tuple[DocumentSection, ...]:
    """The sections, each without the notes and the headline figures that an earlier one of its metric has told."""
    told: dict[str, set[str]] = {}
    figures: list[tuple[str, list[Any]]] = []
    once = []
    for shown in sections:
        result = shown.result
        notes = told.setdefault(result.metric, set())
        facts = (result.metric, [result.facts[one.name] for one in result.fact_columns if not one.aside])
        repeats = shown.repeats or facts in figures or result.metric in headed
        once.append(replace(shown, told=frozenset(notes), repeats=repeats))
        notes.update(shown.words.notes)
        if not shown.repeats:
            figures.append(facts)
    return tuple(once)


def _summary(asked: ReportRequest, said: Sequence[Sentence], scope: Scope) -> Result:
    language = asked.language
    return Result(
        metric="report",
        title=_title(asked, scope),
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


def _title(asked: ReportRequest, scope: Scope) -> str:
    """Whom the report is for, its period, and which rows alone it is of: what is forwarded has it in its first line."""
    titles = {"manager": "Report for the support manager: {period}", "head": "Report for the head of support: {period}",
              "director": "Report for the director: {period}"}  # fmt: skip
    said = titles.get(asked.audience, "Report for {audience}: {period}")
    language = asked.language
    title = language.say(said, audience=asked.audience, period=language.period(asked.period.name))
    conditions = [one for text in scope.filters for one in parse_conditions([text])]
    if not conditions:
        return title
    rows = ", ".join(
        f" {language.text('or')} ".join(language.place([(one.column, value)]) for value in one.values)
        if one.operator in ("=", "in")
        else str(one)
        for one in conditions
    )
    return language.say("{title}, only {rows}", title=title, rows=rows)


def _last_with_data(asked: ReportRequest, through: datetime | None, zone: str) -> str:
    """The last period of the kind asked for that has data, in words, of days of no kind the last day; empty where
    there is none, or it is this one."""
    if through is None or asked.period.grain == "all":
        return ""
    kind = "day" if asked.period.grain == "span" else asked.period.grain
    last = containing(local_day(through, zone), kind).name
    return asked.language.period(last) if last != asked.period.name else ""


def _other_tables(asked: ReportRequest, store: Store, lacks_rows: Sequence[str]) -> str:
    """Up to which day each of the tables that the page does not count has data, in words."""
    language = asked.language
    ends = {name: store.latest(name) for name in TABLES if name not in lacks_rows}
    return "; ".join(
        language.say(
            "{table}: data up to {day}",
            table=language.text(name),
            day=language.day(local_day(end, store.zone)),
        )
        for name, end in ends.items()
        if end is not None
    )


def _subtitle(asked: ReportRequest, scope: Scope) -> str:
    language, parts = asked.language, []
    if scope.data_through:
        through = scope.data_through
        parts.append(language.say("data through {through} UTC", through=_instant(through, language)))
    parts.append(language.say("time zone {zone}", zone=scope.time_zone))
    said = " · ".join(parts)
    return said[:1].upper() + said[1:]


def _instant(instant: datetime, language: Language) -> str:
    return f"{language.day(instant.date())} {instant:%H:%M}"


def _warnings(asked: ReportRequest, scope: Scope, part: bool, *, compared: bool) -> tuple[str, ...]:
    if scope.data_through is None or not (part or asked.part_of):
        return ()
    if asked.part_of:
        language = asked.language
        said = "{period} is a part period: the data ends {through} UTC; this page is of the days that are there, {days}"
        told = language.say(
            f"{said}, and compares them with as many before, {{before}}" if compared else said,
            period=language.period(asked.part_of.name),
            through=_instant(scope.data_through, language),
            days=language.period(asked.period.name),
            before=language.period(asked.period.previous().name),
        )
        return (as_sentence(told),)
    said = "{period} is a part period: the data ends {through} UTC, and nothing is compared with whole ones"
    if asked.period.is_after(scope.data_through, scope.time_zone):
        said = "{period} begins after the data, which ends {through} UTC"
    through = _instant(scope.data_through, asked.language)
    return (as_sentence(asked.language.say(said, period=asked.language.period(asked.period.name), through=through)),)


def _shown(found: FoundIn, chosen: Sequence[Finding], asked: ReportRequest) -> DocumentSection:
    """A section: its table, its picture, and the sentences that its own figures give."""
    section, result, language = found.section, found.result, asked.language
    ranked = sorted(
        (one for one in found.findings if one in chosen), key=lambda one: (one.lingers, -one.weight, one.text)
    )
    chart = section.chart
    if chart and not {chart.x, chart.y} <= {column.name for column in result.columns}:
        chart = None
    shown = DocumentSection(
        result,
        section.columns_of(result),
        section.top,
        chart=chart,
        heading=_heading(section, result, language, longer=asked.period.start is not None),
        says=tuple(as_sentence(one.text) for one in ranked[:2]),
        having=section.having,
        folds=section.folds,
        language=language,
        key=found.key,
        instead=nothing_split(section, result, language),
        repeats=section.is_history and section.is_over_time,  # a line of periods has no one figure of all of them
    )
    rows = len(shown.filtered().rows) if section.having != "flag" else len(result.rows)
    if rows <= section.top or shown.instead:
        return shown
    words = [section.metric, *(word for name, value in section.options.items() for word in _option(name, value))]
    command = asked.command(*words, period=section.span(asked.period))
    said = ("the first {top} of {n} row", "the first {top} of {n} rows")
    if section.having == "flag":
        said = ("of {n} row those that raise an alarm", "of {n} rows those that raise an alarm")
    elif shown.shows_newest:
        said = ("the latest {top} of {n} row", "the latest {top} of {n} rows")
    more = language.plural(*said, rows, top=language.figures(f"{section.top:,}"))
    return replace(shown, more=more, command=command)


def _heading(section: ReportSection, result: Result, language: Language, *, longer: bool) -> str:
    """The title of a section that is split by columns or over time, or of more days than the page, where it may be
    `longer`; empty where the result's own will do."""
    span = days_up_to(result, language) if longer and section.is_history and not section.is_over_time else ""
    title = language.text(result.title)
    if section.split:
        words = [name.replace("_", " ") for name in section.split]
        by = " ".join(language.text(f"{'and' if place else 'by'} {word}") for place, word in enumerate(words))
        said = "{title}, {by}, over time" if section.options.get("past") else "{title}, {by}"
        title = language.say(said, title=title, by=by)
    if span:
        return f"{title}, {span}"
    return title if section.split else ""


def _option(name: str, value: Any) -> tuple[str, ...]:
    """An option of a section as words of a command."""
    flag = f"--{name.replace('_', '-')}"
    if isinstance(value, bool):
        return (flag,) if value else ()
    return (f"{flag}={','.join(map(str, value)) if isinstance(value, list | tuple) else value}",)
