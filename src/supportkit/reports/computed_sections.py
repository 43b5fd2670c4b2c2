"""The results of a report's sections, and what is said of those that are left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from supportkit.errors import UnsetError
from supportkit.metrics import METRICS
from supportkit.render.language import Language
from supportkit.reports.audiences import AudiencePlan, ReportSection
from supportkit.reports.report_request import ReportRequest
from supportkit.reports.splits import ComputedSection, each_once, split_as_given, told_not_given
from supportkit.request import Answers, refuse_all
from supportkit.result import Result, label_of
from supportkit.system.named import NamedTuple


class ComputedSections(NamedTuple):
    """The results of a report's sections, and what is said of those left out."""

    results: list[tuple[ReportSection, Result]]
    unset: tuple[str, ...]
    not_given: str = ""
    """Why no places are compared, where sections were to be split by what no row has."""


def computed_sections(
    plan: AudiencePlan, asked: ReportRequest, answers: Answers, lacking: Callable[[str], str] = lambda name: ""
) -> ComputedSections:
    """The sections' results; one is left out where a setting is missing, such as funnel steps or a period.

    `lacking` says of a metric what it needs that was never loaded: where another has something to show, those that lack
    the same are left out with one sentence.
    """
    language = asked.language

    def compute(section: ReportSection) -> Result:
        request = answers.request(section.metric, section.options, period=section.span(asked.period))
        refuse_all(request.metric, request.period)
        return answers(request)

    found: list[ComputedSection] = []
    unset = []
    lacks = {name: lacking(name) for name in dict.fromkeys(section.metric for section in plan.sections)}
    if all(lacks.values()):
        lacks = {}
    for section in plan.sections:
        if lacks.get(section.metric):
            continue
        try:
            found.append(split_as_given(section, compute))
        except UnsetError as error:
            unset.append(error)
    if not found:
        raise unset[0]
    titles: dict[str, list[str]] = {}
    for name, why in lacks.items():
        if why:
            titles.setdefault(why, []).append(language.text(METRICS[name].title))
    said = [
        language.say("left out: {names}: {why}", names=", ".join(names), why=language.text(why))
        for why, names in titles.items()
    ]
    said += [language.say("left out: {why}", why=language.text(error.message)) for error in unset]
    said += told_not_given(found, language)
    results = [(one.section, one.result) for one in each_once(found)]
    return ComputedSections(results, tuple(dict.fromkeys(said)), _not_given(found, language))


def _not_given(found: Sequence[ComputedSection], language: Language) -> str:
    """Why no places are compared, where sections were to be split by one that no row has; empty where none was."""
    for one in found:
        for name in one.not_given:
            return language.say(
                "not tested: no row of {table} names its {column}",
                table=METRICS[one.section.metric].tables[0],
                column=language.text(label_of(name)).lower(),
            )
    return ""
