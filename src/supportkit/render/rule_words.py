"""Conditions, a check that has no name of its own, and the slices of any, with names in place of codes."""

from __future__ import annotations

from typing import Final

from supportkit.render.language import Language
from supportkit.system.late_patterns import late

_BRACKETS: Final = late(r"\[([^\]]*)\]")
_CONDITION: Final = late(r"\s*(\w[\w-]*)=([^=,'\"]+?)\s*")
_NAMED: Final = late(r"(?<![\w-])(?<!--where )(?<!--group )(country|language)=([A-Z]{2}|[a-z]{2,3})(?![\w-])")
_BY: Final = late(r"\bby ([\w-]+(?:, ?[\w-]+)*)(?= min \d+$|$)")
_TWICE: Final = late(r"^([\w-]+)\.(?=\1\b)")


def rule_in_words(rule: str, language: Language) -> str:
    """The text of a rule as people read it: csat.csat[country=DE] >= 80% is csat [Germany] ≥ 80%."""
    named = _BRACKETS.sub(lambda match: f" [{_conditions(match[1], language)}]", _TWICE.sub("", rule))
    return named.replace(">=", "≥").replace("<=", "≤")


def _conditions(written: str, language: Language) -> str:
    """Conditions by the names of their values; what is no equality stays as it is written."""
    return ", ".join(
        language.place([(found[1], found[2])]) if (found := _CONDITION.fullmatch(one)) else one.strip()
        for one in written.split(",")
    )


def conditions_in_words(text: str, language: Language) -> str:
    """A text whose conditions on a country or a language name it; those that are to be typed stay."""
    return _NAMED.sub(lambda match: language.place([(match[1], match[2])]), text)


def slice_in_words(name: str, rule: str, language: Language) -> str:
    """The name of a slice by what its rule is split by; one that holds a quoted value stays as it is."""
    found = _BY.search(rule)
    if found is None or "'" in name:
        return name
    values = name.split(", ")
    columns = [column.strip() for column in found[1].split(",")]
    told = [language.place([pair]) for pair in zip(columns, values, strict=False)]
    return ", ".join((*told, *values[len(columns) :]))
