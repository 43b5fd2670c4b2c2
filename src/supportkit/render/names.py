"""Names in place of codes, for readers of a report: Germany, October 2026, median."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from supportkit.render.language import Language
from supportkit.render.rule_words import conditions_in_words
from supportkit.result import Column, Event, Goal, Result, Value
from supportkit.system.late_patterns import late

NONE: Final = "(none)"
_PERIOD: Final = late(r"(?<![\w.-])\d{4}-(?:W\d\d|Q[1-4]|[01]\d)(?![\w-]|\.\.)")
_DAY: Final = late(r"(?<![\w.-])\d{4}-[01]\d-[0-3]\d(?![\w-])")
_SPAN: Final = late(r"(?<![\w.-])\d{4}-[01]\d-[0-3]\d\.\.\d{4}-[01]\d-[0-3]\d(?![\w-])")
_UNTIL: Final = late(r"(?<![\w.-])\.\.\d{4}-[01]\d-[0-3]\d(?![\w-])")
_DAYS: Final = late(r"(?<![\w.-])\d{4}-[01]\d-[0-3]\d to \d{4}-[01]\d-[0-3]\d(?![\w-])")
_CODE: Final = late(r"\b(country|language) ([A-Z]{2}|[a-z]{2,3})(?=[,;:.]|$)")
_QUANTILE: Final = late(r"(.+) p(\d\d)(.*)")
_COMMAND: Final = "supportkit "
_QUANTILES: Final = {"50": "{what}, median", "90": "{what}, 9 of 10 within"}


def named(result: Result, language: Language) -> Result:
    """A result whose rows, texts, targets and events name countries, languages, currencies and quantiles in words.

    Its texts are still those of the code, to be looked up afterwards, but for the names.
    """

    groups = _groups(result, language)

    def told(text: str) -> str:
        return in_text(groups(text), language)

    def row(values: tuple[Value, ...]) -> tuple[Value, ...]:
        return tuple(_cell(value, column, language) for value, column in zip(values, result.columns, strict=True))

    return replace(
        result,
        title=told(result.title),
        definition=_DAY.sub(lambda match: language.period(match[0]), told(result.definition)),
        columns=tuple(in_words(one) for one in result.columns),
        fact_columns=tuple(in_words(one) for one in result.fact_columns),
        rows=tuple(row(values) for values in result.rows),
        notes=tuple(told(note) for note in result.notes),
        goals=tuple(_goal(one, language) for one in result.goals),
        events=tuple(_event(one, language) for one in result.events),
    )


def in_text(text: str, language: Language) -> str:
    """A text with its periods, countries and languages named; a command in it stays as it is typed."""
    said, mark, command = text.partition(_COMMAND)
    said = _UNTIL.sub(lambda match: language.period(match[0]), said)
    said = _SPAN.sub(lambda match: language.period(match[0]), said)
    said = _PERIOD.sub(lambda match: _period(match, language), said)
    said = conditions_in_words(said, language)
    said = _CODE.sub(lambda match: f"{match[1]} {language.name(match[1], match[2])}", said)
    if language.code == "en":  # in others a text is looked up with its days, which are put into words there
        said = _DAYS.sub(lambda match: language.days(*map(date.fromisoformat, match[0].split(" to "))), said)
        said = _DAY.sub(lambda match: language.period(match[0]), said)
    return said + mark + command


def _period(match: re.Match[str], language: Language) -> str:
    if match.string.endswith("since ", 0, match.start()):
        return language.since_period(match[0])
    return language.period(match[0], week=False)


def _groups(result: Result, language: Language) -> Callable[[str], str]:
    """What names the groups of a result in its texts, which call them by the values of their keys."""
    places = [(i, one.dimension) for i, one in enumerate(result.columns) if one.role == "key" and one.kind == "text"]
    known: dict[str, str] = {}
    for place, dimension in places:
        for value in {str(row[place]) for row in result.rows if row[place] is not None}:
            name = language.place([(dimension, value)])
            if name != value:
                known[value] = name
    if not known:
        return lambda text: text
    codes = "|".join(map(re.escape, sorted(known)))
    pattern = re.compile(rf"(?:(?<=^)|(?<=, )|(?<=: ))(?:{codes})(?=[,:;]| loses |$)")

    def named(text: str) -> str:
        said, mark, command = text.partition(_COMMAND)
        return pattern.sub(lambda match: known[match[0]], said) + mark + command

    return named


def in_words(column: Column) -> Column:
    """A column whose label says which quantile it has: first reply p50 is "first reply, median"."""
    found = _QUANTILE.fullmatch(column.label)
    if not found or found[2] not in _QUANTILES:
        return column
    return replace(column, label=_QUANTILES[found[2]].format(what=found[1]) + found[3])


def _cell(value: Value, column: Column, language: Language) -> Value:
    if not isinstance(value, str) or column.role != "key":
        return value
    if column.kind == "period":
        return value
    return language.name(column.dimension, value)


def _goal(goal: Goal, language: Language) -> Goal:
    return replace(goal, where=_where(goal.where, language))


def _event(event: Event, language: Language) -> Event:
    return replace(event, where=_where(event.where, language))


def _where(where: tuple[tuple[str, str], ...], language: Language) -> tuple[tuple[str, str], ...]:
    return tuple((column, language.name(column, value)) for column, value in where)
