"""A result in the language of its readers: its texts; the values are written where they are shown."""

from __future__ import annotations

from dataclasses import replace

from supportkit.render.language import Language
from supportkit.result import Column, Result


def translated(result: Result, language: Language) -> Result:
    """A result in a language: its texts, labels and notes; its cells stay as they are."""
    if language.code == "en":
        return result

    def column(one: Column) -> Column:
        return replace(one, label=language.text(one.label))

    return replace(
        result,
        title=language.text(result.title),
        definition="\n\n".join(map(language.text, result.definition.split("\n\n"))),
        columns=tuple(column(one) for one in result.columns),
        fact_columns=tuple(column(one) for one in result.fact_columns),
        notes=tuple(language.text(note) for note in result.notes),
    )
