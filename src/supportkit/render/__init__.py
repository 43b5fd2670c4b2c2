"""How a Result is shown: one file a format; each makes text from data safe at its own boundary.

A new format is a file here with its name and one line in FORMATS. The file has

    def from_results(results: Sequence[Result], display: Display) -> str | bytes

and may have `from_report(document: Document) -> str | bytes`, where a report is more than its tables, and
`FOR_PROGRAMS = True`, where programs read it: then a command prints one result and a report gives its results whole,
both in English, unless it `SPEAKS = True`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Final, Literal

from supportkit.render.language import ENGLISH, Language
from supportkit.result import Result
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from supportkit.render.document import Document

FORMATS: Final[dict[str, tuple[str, ...]]] = {
    "table": (),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
    "csv": (".csv",),
    "tsv": (".tsv",),
    "markdown": (".md",),
    "html": (".html", ".htm"),
    "pdf": (".pdf",),
    "text": (".txt",),
    "xlsx": (".xlsx",),
    "parquet": (".parquet",),
    "svg": (".svg",),
    "png": (".png",),
}
"""The formats, each with the suffixes by which --output asks for it."""

IN_WORDS: Final = ("table", "markdown", "text")
"""Formats in which a result in another language than English has names in place of the codes that options take."""

if TYPE_CHECKING:
    Format = str
else:
    Format = Literal[tuple(FORMATS)]


@dataclass(frozen=True)
class Display:
    """Where a text goes: the width of a terminal (None: to none), whether it has colours, the reader's language,
    whether a table has its picture above it, and whether periods are named, October 2026, and not to be typed again."""

    width: int | None = None
    colour: bool = False
    language: Language = ENGLISH
    chart: bool = False
    named: bool = False


PLAIN: Final = Display()


def results_as(results: Sequence[Result], form: Format, display: Display = PLAIN) -> str | bytes:
    """Results in a format: a text that ends in a newline, or the bytes of a file that is no text."""
    if not for_programs(form):
        from supportkit.render.long_cells import cut

        results = cut(results, display.width)
    if speaks(form) and display.language.code != "en":
        from supportkit.render.in_language import translated
        from supportkit.render.names import named

        if form in IN_WORDS:
            results = [named(result, display.language) for result in results]
            display = replace(display, named=True)
        results = [translated(result, display.language) for result in results]
    return _written(results, form, display)


def _written(results: Sequence[Result], form: Format, display: Display) -> str | bytes:
    found: str | bytes = _module(form).from_results(results, display)
    return found


def render(results: Sequence[Result], form: Format, display: Display = PLAIN) -> str:
    """Results in a format that is a text."""
    text = results_as(results, form, display)
    assert isinstance(text, str), f"{form} is no text"
    return text


def report_as(document: Document, form: Format, display: Display = PLAIN) -> str | bytes:
    """A report in a format: as the format has reports, else its results whole for programs, its tables for people."""
    own = getattr(_module(form), "from_report", None)
    if own is not None:
        found: str | bytes = own(document)
        return found
    if for_programs(form):
        return _written(document.results(), form, display)
    from supportkit.render.long_cells import cut
    from supportkit.render.typeset import in_columns

    tables = document.tables()
    if not display.colour:  # which tells better from worse by the numbers
        tables = [in_columns(table, document.language) for table in tables]
    return _written(cut(tables, display.width), form, replace(display, named=True))


def for_programs(form: Format) -> bool:
    """Whether programs read the format, and no people."""
    return bool(getattr(_module(form), "FOR_PROGRAMS", False))


def speaks(form: Format) -> bool:
    """Whether the format has words that are told in the language of people: the picture that a program asks for has."""
    return not for_programs(form) or bool(getattr(_module(form), "SPEAKS", False))


def _module(form: Format) -> ModuleType:
    return import_module(f"supportkit.render.{form}")
