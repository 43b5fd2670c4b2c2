"""By which columns a section can be split: those that a row has; it is told which are not given at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from supportkit.metrics import METRICS
from supportkit.render.language import Language
from supportkit.render.names import NONE
from supportkit.reports.audiences import ReportSection
from supportkit.result import Result, label_of
from supportkit.system.named import NamedTuple


class ComputedSection(NamedTuple):
    """A section, its result, and the columns that it was to be split by of which no row has any."""

    section: ReportSection
    result: Result
    not_given: tuple[str, ...] = ()


def split_as_given(section: ReportSection, compute: Callable[[ReportSection], Result]) -> ComputedSection:
    """A section split by those of its columns that are given; by all of them where none is."""
    result = compute(section)
    missing = columns_not_given(section, result)
    kept = tuple(name for name in section.split if name not in missing)
    if not missing or not kept:
        return ComputedSection(section, result)
    narrower = replace(section, options={**section.options, "by": ",".join(kept)})
    return ComputedSection(narrower, compute(narrower), missing)


def each_once(computed: Sequence[ComputedSection]) -> list[ComputedSection]:
    """The sections without those that say the same as another because what splits them is not given: of these the one
    with most rows is kept."""
    kept: list[ComputedSection] = []
    for one in computed:
        same = [place for place, other in enumerate(kept) if _asks_the_same(one.section, other.section)]
        if not same or not (one.not_given or kept[same[0]].not_given):
            kept.append(one)
        elif _shown(one.section) > _shown(kept[same[0]].section):
            kept[same[0]] = one
    return kept


def _shown(section: ReportSection) -> tuple[bool, int]:
    """How much of a section is shown."""
    return not section.if_told, section.top


def _asks_the_same(one: ReportSection, other: ReportSection) -> bool:
    return (one.metric, dict(one.options), one.past) == (other.metric, dict(other.options), other.past)


def columns_not_given(section: ReportSection, result: Result) -> tuple[str, ...]:
    """The columns that split a section of which no row has a value."""
    places = [
        (result.columns.index(column), column.dimension) for column in result.keys if column.dimension in section.split
    ]
    return tuple(name for place, name in places if result.rows and all(row[place] == NONE for row in result.rows))


def nothing_split(section: ReportSection, result: Result, language: Language) -> str:
    """What is missing where a section is split by a column that no row has; empty where one has it."""
    missing = columns_not_given(section, result)
    return _missing(section, missing[0], language) if missing else ""


def told_not_given(computed: Sequence[ComputedSection], language: Language) -> tuple[str, ...]:
    """What is missing for sections that are shown and split by fewer columns than they were to be, each once."""
    shown = [(one.section, name) for one in computed if all(_shown(one.section)) for name in one.not_given]
    return tuple(dict.fromkeys(_missing(section, name, language) for section, name in shown))


def _missing(section: ReportSection, name: str, language: Language) -> str:
    table = METRICS[section.metric].tables[0]
    return language.say(
        "nothing is split by {column}: no row of {table} has one; load it, or name its header in {place}",
        column=language.text(label_of(name)).lower(),
        table=table,
        place=f"[columns.{table}] {name}",
    )
