"""HTML: one self-contained page, no script and no request, text from data escaped by Jinja2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from supportkit.render import PLAIN, Display
from supportkit.render.charts import caption, spec
from supportkit.render.document import Document, DocumentSection
from supportkit.render.escaping import for_html, for_terminal
from supportkit.render.language import Language
from supportkit.render.links import address_of
from supportkit.render.scope_line import scope_line
from supportkit.render.small_line import small_line
from supportkit.render.text import SIGNS, acknowledged_in_words, course_in_words
from supportkit.render.typeset import headline, in_columns, intervals_joined
from supportkit.render.value_text import cell, value_text
from supportkit.result import Result

if TYPE_CHECKING:
    from jinja2 import Template

SHAPES: Final[Mapping[str, str]] = {
    "pass": "M3 9l4 4 8-9",
    "warn": "M9 2l8 14H1z",
    "fail": "M3 3l12 12M15 3L3 15",
    "no verdict": "M9 1a8 8 0 1 0 .01 0z",
    "skipped": "M3 9h12",
}
MOST_ROWS: Final = 200
MOST_FACTS: Final = 10
MAIL_ROWS: Final = 12
LEFT: Final = ("text", "period", "date")


def from_results(results: Sequence[Result], display: Display = PLAIN) -> str:
    """The results as one page."""
    title = results[0].title if results else "supportkit"
    return _page(title, "", display.language, [DocumentSection(result) for result in results])


def from_report(document: Document) -> str:
    """A report as one page: its sentences, its lights, its sections."""
    return _page(document.title, document.subtitle, document.language, document.sections, document)


def mail_page(document: Document, count: int, pictures: Set[str]) -> str:
    """The first sections of a report as a mail's HTML: inline styles, pictures by their content ids."""
    language = document.language
    sections = [
        {**_section(number, shown, language, drawn=False), "picture": f"chart-{number}"}
        for number, shown in enumerate(document.sections[:count], 1)
    ]
    for section in sections:
        section["picture"] = section["picture"] if section["picture"] in pictures else None
        section["rows"] = [] if section["folds"] else section["rows"][:MAIL_ROWS]
    return (
        _template("mail.html").render(
            document=document,
            code=language.code,
            t=language.text,
            lights=_lights(document, language) or [],
            figures=document.figures,
            sections=sections,
            left_out=len(document.sections) - count,
        )
        + "\n"
    )


def _page(
    title: str, subtitle: str, language: Language, sections: Sequence[DocumentSection], document: Document | None = None
) -> str:
    return (
        _template("page.html").render(
            title=title,
            subtitle=subtitle,
            code=language.code,
            t=language.text,
            sentences=document.sentences if document else (),
            warnings=document.warnings if document else (),
            lights=_lights(document, language) if document else None,
            figures=_figures(document) if document else (),
            sections=[_section(number, shown, language) for number, shown in enumerate(sections, 1)],
            shapes=SHAPES,
        )
        + "\n"
    )


def _section(number: int, shown: DocumentSection, language: Language, *, drawn: bool = True) -> dict[str, Any]:
    """A section's title, figures, picture, table and notes, ready to print."""
    result, table = shown.result, intervals_joined(in_columns(shown.table(whole=shown.folds), language), language)
    rows = () if result.repeats_facts else table.rows[:MOST_ROWS]
    return {
        "key": f"part-{number}",
        "title": table.title,
        "definition": result.definition,
        "says": shown.says,
        "facts": [] if shown.repeats else headline(result, language)[:MOST_FACTS],
        "chart": _chart(number, shown, language) if drawn else None,
        "caption": caption(shown.pictured, language),
        "columns": table.columns,
        "rows": [
            [
                (cell(value, column, language), column.kind, address_of(value, column))
                for value, column in zip(row, table.columns, strict=True)
            ]
            for row in rows
        ],
        "empty": not result.rows,
        "folds": shown.folds,
        "count": language.plural("{n} row", "{n} rows", len(rows)),
        "notes": shown.notes,
        "scope": scope_line(result.scope, language),
    }


def _figures(document: Document) -> list[dict[str, Any]]:
    """The headline figures, each with its small line."""
    from markupsafe import Markup

    return [{"told": one, "line": Markup(small_line(one, document.language))} for one in document.figures]


def _chart(number: int, shown: DocumentSection, language: Language) -> Any:
    """The picture of a section as markup, or nothing."""
    drawn = spec(shown.pictured, language)
    if drawn is None:
        return None
    from markupsafe import Markup

    from supportkit.render.drawing import inline_svg

    result = shown.result
    told = " ".join((result.definition + ".", *shown.says))
    title = for_terminal(shown.heading or result.title)
    return Markup(inline_svg(drawn, f"chart-{number}", title, for_terminal(told), language.code))


def _lights(document: Document, language: Language) -> list[dict[str, Any]] | None:
    if document.lights is None:
        return None
    return [
        {
            "state": record["state"],
            "sign": SIGNS[str(record["state"])],
            "word": language.text(str(record["state"])),
            "check": record["check"],
            "slice": record["slice"],
            "measured": language.figures(str(record["measured"] or "")),
            "n": value_text(record["n"], "count", None, language) if record["n"] is not None else "",
            "period": record["period"],
            "course": course_in_words(record, language),
            "acknowledged": acknowledged_in_words(record, language),
            "reason": language.text(str(record["reason"] or "")).replace(">=", "≥").replace("<=", "≤"),
        }
        for record in document.lights.records()
    ]


def _linked(value: str, address: str) -> Any:
    """A value as it is, or as a link that tells the page led to nothing of where it comes from."""
    if not address:
        return value
    from markupsafe import Markup

    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(address, for_html(value))


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("supportkit.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=for_html,
    )
    environment.globals["left"] = LEFT
    environment.globals["linked"] = _linked
    return environment.get_template(name)
