"""How a Result is shown: one function a format; each makes text from data safe at its own boundary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from supportkit.render.language import ENGLISH, Language
from supportkit.result import Result

Format = Literal["table", "json", "csv", "markdown", "html", "text", "xlsx"]
FORMATS: Final[tuple[Format, ...]] = ("table", "json", "csv", "markdown", "html", "text", "xlsx")


def render(
    results: Sequence[Result],
    form: Format,
    *,
    width: int | None = None,
    colour: bool = False,
    language: Language = ENGLISH,
) -> str:
    """Results as text in a format, ending in a newline; `width` and `colour` are those of a terminal."""
    if form == "json":
        from supportkit.render.json import as_json

        return as_json(results)
    if form == "csv":
        from supportkit.render.csv import as_csv

        return as_csv(results)
    if form == "markdown":
        from supportkit.render.markdown import as_markdown

        return as_markdown(results, language)
    if form == "html":
        from supportkit.render.html import as_html

        return as_html(results)
    if form == "text":
        from supportkit.render.message import as_text

        return as_text(results)
    from supportkit.render.table import as_table

    return as_table(results, width=width, colour=colour, language=language)
