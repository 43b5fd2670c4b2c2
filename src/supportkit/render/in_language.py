"""A result in the language of its readers: its texts, and for people every value written out."""

from __future__ import annotations

from dataclasses import replace

from supportkit.render.language import Language
from supportkit.render.value_text import cell, value_text
from supportkit.result import Column, Result, Value


def translated(result: Result, language: Language) -> Result:
    """A result in a language: its texts, labels and notes; its cells stay as they are."""
    if language.code == "en":
        return result

    def column(one: Column) -> Column:
        return replace(one, label=language.text(one.label))

    return replace(
        result,
        title=language.text(result.title),
        definition=language.text(result.definition),
        columns=tuple(column(one) for one in result.columns),
        fact_columns=tuple(column(one) for one in result.fact_columns),
        notes=tuple(language.text(note) for note in result.notes),
    )


def in_words(result: Result, language: Language) -> Result:
    """A result for people in a language: every value is written out."""
    if language.code == "en":
        return result

    def cells(row: tuple[Value, ...]) -> tuple[Value, ...]:
        return tuple(cell(value, one, language) for value, one in zip(row, result.columns, strict=True))

    facts = {
        one.name: value_text(result.facts[one.name], one.kind, result.scope.currency, language)
        for one in result.fact_columns
    }
    return replace(result, rows=tuple(cells(row) for row in result.rows), facts=facts)
