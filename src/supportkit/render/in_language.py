"""A result in the language of its readers: its texts; the values are written where they are shown."""

from __future__ import annotations

from dataclasses import replace
from textwrap import fill
from typing import Final

from supportkit.render.language import Language
from supportkit.result import Column, Result

WIDTH: Final = 120
"""The lines of a definition, as the docstrings have them from which it is taken."""


def translated(result: Result, language: Language) -> Result:
    """A result in a language: its texts, labels and notes; its cells stay as they are."""
    if language.code == "en":
        return result

    def column(one: Column) -> Column:
        return replace(one, label=language.text(one.label))

    return replace(
        result,
        title=language.text(result.title),
        definition=definition_in(language, result.definition),
        columns=tuple(column(one) for one in result.columns),
        fact_columns=tuple(column(one) for one in result.fact_columns),
        notes=tuple(language.text(note) for note in result.notes),
    )


def definition_in(language: Language, definition: str) -> str:
    """A definition in a language, paragraph by paragraph; the catalogue has each on one line."""

    def told(paragraph: str) -> str:
        line = " ".join(paragraph.split())
        said = language.text(line)
        return paragraph if said == line else fill(said, WIDTH, break_long_words=False, break_on_hyphens=False)

    return "\n\n".join(map(told, definition.split("\n\n")))
