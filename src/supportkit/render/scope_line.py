"""What a result covers, in one line for people."""

from __future__ import annotations

from supportkit.render.language import ENGLISH, Language
from supportkit.render.rule_words import conditions_in_words
from supportkit.render.value_text import value_text
from supportkit.result import Scope


def scope_line(scope: Scope, language: Language = ENGLISH, *, named: bool = False) -> str:
    """Period, rows, data through, filters, time zone and currency; empty where a result is no measurement."""
    if not scope.period:
        return ""
    parts = [
        language.period(scope.period) if named else _period(scope.period, language),
        language.plural("{n} row", "{n} rows", scope.rows),
    ]
    if scope.data_through:
        through = value_text(scope.data_through, "date", None, language)
        if named:
            through = f"{language.day(scope.data_through.date())} {scope.data_through:%H:%M}"
        parts.append(language.say("data through {through} UTC", through=through))
    if scope.filters:
        filters = " and ".join(scope.filters)
        told = conditions_in_words(filters, language) if named else filters
        parts.append(language.say("where {filters}", filters=told))
    parts.append(language.say("time zone {zone}", zone=scope.time_zone))
    if scope.currency:
        parts.append(language.say("currency {currency}", currency=scope.currency))
    return " · ".join(parts)


def _period(name: str, language: Language) -> str:
    if name == "all":
        return language.text("all data")
    if name.startswith(".."):
        return language.say("until {day}", day=name[2:])
    return language.say("period {period}", period=name)
