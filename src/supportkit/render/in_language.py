"""A result in the language of its readers: its texts; the values are written where they are shown."""

from __future__ import annotations

from dataclasses import replace
from textwrap import fill
from typing import Final

from supportkit.render.language import SPOKEN, Language
from supportkit.result import Column, Result, Value

WIDTH: Final = 120
"""The lines of a definition, as the docstrings have them from which it is taken."""
BESIDE: Final = ("previous", "rest")
"""What figures of another period or of the others are called before the name of a figure."""


def translated(result: Result, language: Language) -> Result:
    """A result in a language: its texts, labels, notes and facts in words; its cells stay as they are."""
    if language.code == "en":
        return result

    def column(one: Column) -> Column:
        return replace(one, label=_label(one, language))

    def fact(name: str, value: Value) -> Value:
        return language.text(value) if isinstance(value, str) and name in SPOKEN else value

    return replace(
        result,
        title=language.text(result.title),
        definition=definition_in(language, result.definition),
        columns=tuple(column(one) for one in result.columns),
        facts={name: fact(name, value) for name, value in result.facts.items()},
        fact_columns=tuple(column(one) for one in result.fact_columns),
        notes=tuple(note_in(language, note) for note in result.notes),
    )


def _label(column: Column, language: Language) -> str:
    """The words of a column; one of the period before or of the rest has those of the figure beside it."""
    for beside in BESIDE:
        if column.name.startswith(f"{beside}_") and column.label.startswith(f"{beside} "):
            return language.say(f"{beside} {{figure}}", figure=language.text(column.label.removeprefix(f"{beside} ")))
    return language.text(column.label)


def note_in(language: Language, note: str) -> str:
    """A note in a language; one that is of data alone has its figures and its quotation marks."""
    said = language.text(note)
    return language.quoted(language.figures(note)) if said == note else said


def definition_in(language: Language, definition: str) -> str:
    """A definition in a language, paragraph by paragraph; the catalogue has each on one line."""

    def told(paragraph: str) -> str:
        line = " ".join(paragraph.split())
        said = language.text(line)
        return paragraph if said == line else fill(said, WIDTH, break_long_words=False, break_on_hyphens=False)

    return "\n\n".join(map(told, definition.split("\n\n")))
