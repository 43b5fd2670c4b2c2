"""HTML: one self-contained page, no script and no request, text from data escaped by Jinja2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from supportkit.render import PLAIN, Display
from supportkit.render.at_risk import brief_in_words
from supportkit.render.chart_parts import FAILED, Spec
from supportkit.render.charts import spec
from supportkit.render.commands_in_text import parted
from supportkit.render.document import BY_ROW, Document, DocumentSection, HeadlineFigure, further_in, lights_in_words
from supportkit.render.escaping import for_html, for_terminal
from supportkit.render.language import Language
from supportkit.render.legend import legend
from supportkit.render.links import address_of
from supportkit.render.number_marks import set_signs, unbroken
from supportkit.render.scope_line import scope_line
from supportkit.render.small_line import small_line
from supportkit.render.text import SIGNS, acknowledged_in_words, course_in_words
from supportkit.render.typeset import headline, in_columns, intervals_joined
from supportkit.render.value_text import cell, value_text
from supportkit.result import Result, Value
from supportkit.system.late_patterns import late

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
UNFOLDED: Final = 20
"""Rows of a table, and lights, that stand open."""
MOST_FACTS: Final = 10
MAIL_ROWS: Final = 12
_UNITS: Final = late(r"(?<=\d) (?=%|min\b|h\b|s\b|d\b|[A-Z]{3}\b)")
"""The blank between a figure and its unit."""
LEFT: Final = ("text", "period", "date")
NOWHERE: Final[Mapping[str, str]] = {}


def from_results(results: Sequence[Result], display: Display = PLAIN) -> str:
    """The results as one page."""
    title = results[0].title if results else "supportkit"
    return _page(title, "", display.language, [DocumentSection(one, language=display.language) for one in results])


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
            lights=(_lights(document, language) or [])[:UNFOLDED],
            more_lights=_more_lights(document, language),
            brief=brief_in_words(document.at_risk.words, language) if document.at_risk else None,
            figures=document.figures,
            sections=sections,
            left_out=len(document.sections) - count,
        )
        + "\n"
    )


def _page(
    title: str, subtitle: str, language: Language, sections: Sequence[DocumentSection], document: Document | None = None
) -> str:
    from markupsafe import Markup

    keyed = [(shown.key or f"part-{number}", shown) for number, shown in enumerate(sections, 1)]
    return (
        _template("page.html").render(
            title=title,
            subtitle=subtitle,
            contents=_contents(document, keyed, language) if len(keyed) > 2 else (),
            further=document.further() if document else [one for shown in sections for one in further_in(shown)],
            titles={**dict(_heads(document, language)), **{key: shown.title for key, shown in keyed}},
            code=language.code,
            t=language.text,
            sentences=document.sentences if document else (),
            warnings=document.warnings if document else (),
            left_out=document.left_out if document else (),
            lights=_lights(document, language, _places(keyed)) if document else None,
            more_lights=_more_lights(document, language) if document else "",
            unfolded=UNFOLDED,
            brief=brief_in_words(document.at_risk.words, language) if document and document.at_risk else None,
            figures=_figures(document) if document else (),
            sections=[_section(number, shown, language) for number, shown in enumerate(sections, 1)],
            shapes={state: Markup(path) for state, path in SHAPES.items()},
        )
        + "\n"
    )


def _contents(
    document: Document | None, keyed: Sequence[tuple[str, DocumentSection]], language: Language
) -> list[tuple[str, str]]:
    """The headings of a page in their order, each with its id."""
    found = [*_heads(document, language), *((key, shown.title) for key, shown in keyed)]
    return [*found, *([("further", language.text("How to go on"))] if document and document.further() else [])]


def _heads(document: Document | None, language: Language) -> list[tuple[str, str]]:
    """What stands above the sections, each with its id."""
    heads = [
        ("brief", "What is at risk", document and document.at_risk),
        ("figures", "Figures", document and document.figures),
        ("checks", "Checks", document and document.lights),
    ]
    return [(key, language.text(name)) for key, name, there in heads if there]


def _section(number: int, shown: DocumentSection, language: Language, *, drawn: bool = True) -> dict[str, Any]:
    """A section's title, figures, picture, table and notes, ready to print."""
    whole, pictured = shown.folds or not shown.command, shown.pictured
    picture = spec(pictured, language)
    result, table = shown.words, intervals_joined(in_columns(shown.table(whole=whole), language), language)
    rows = () if result.repeats_facts else table.rows[:MOST_ROWS]
    failing = shown.failing(whole=whole) if result.goals else frozenset()
    return {
        "key": shown.key or f"part-{number}",
        "title": table.title,
        "definition": result.definition,
        "says": shown.says,
        "facts": [] if shown.repeats else headline(result, language)[:MOST_FACTS],
        "chart": _chart(number, shown, picture, language) if drawn and picture else None,
        "caption": _caption(shown, picture, language) if picture else "",
        "columns": table.columns,
        "rows": [
            [
                (
                    (FAILED if (number, column.name) in failing else "") + cell(value, column, language),
                    f"{column.kind} failed" if (number, column.name) in failing else column.kind,
                    address_of(value, column),
                )
                for value, column in zip(row, table.columns, strict=True)
            ]
            for number, row in enumerate(rows)
        ],
        "empty": not result.rows,
        "folds": shown.folds or len(rows) > UNFOLDED,
        "long": len(rows) > UNFOLDED,
        "instead": shown.instead,
        "more": "" if shown.folds else shown.more,
        "count": language.plural("{n} row", "{n} rows", len(rows)),
        "notes": [said for said, command in map(parted, shown.own_notes) if not command or " " in said],
        "scope": scope_line(result.scope, language, named=True),
    }


def _figures(document: Document) -> list[dict[str, Any]]:
    """The headline figures, each with its small line."""
    from markupsafe import Markup

    return [{"told": _unbroken(one), "line": Markup(small_line(one, document.language))} for one in document.figures]


def _unbroken(figure: HeadlineFigure) -> HeadlineFigure:
    """A figure whose values stay on a line with their units."""

    def kept(text: str) -> str:
        return _UNITS.sub("\u00a0", text)

    return replace(
        figure,
        value=kept(figure.value),
        interval=kept(figure.interval),
        change=kept(figure.change),
        target=kept(figure.target),
        over=kept(figure.over),
    )


def _chart(number: int, shown: DocumentSection, drawn: Spec, language: Language) -> Any:
    """The picture of a section as markup."""
    from markupsafe import Markup

    from supportkit.render.drawing import inline_svg

    result = shown.words
    told = " ".join((result.definition + ".", *shown.says))
    title = for_terminal(shown.title)
    return Markup(inline_svg(drawn, f"chart-{number}", title, for_terminal(told), language.code))


def _lights(document: Document, language: Language, places: Mapping[str, str] = NOWHERE) -> list[dict[str, Any]] | None:
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
            "period": language.period(str(record["period"] or "")),
            "section": next((key for metric, key in places.items() if _speaks_of(record["rule"], metric)), ""),
            "course": course_in_words(record, language),
            "acknowledged": acknowledged_in_words(record, language),
            "reason": str(record["reason"] or "").replace(">=", "≥").replace("<=", "≤"),
        }
        for record in lights_in_words(document.lights, language).records()
    ]


def _more_lights(document: Document, language: Language) -> str:
    """How many lights do not stand open, of each state; empty where all do. Those that are wrong stand first."""
    states = [str(record["state"]) for record in document.lights.records()][UNFOLDED:] if document.lights else []
    if not states:
        return ""
    counts = {state: states.count(state) for state in SIGNS}
    told = ", ".join(language.plural(f"{{n}} {state}", f"{{n}} {state}", n) for state, n in counts.items() if n)
    return f"{language.plural('and {n} more', 'and {n} more', len(states))}: {told}"


def _places(keyed: Sequence[tuple[str, DocumentSection]]) -> dict[str, str]:
    """The first section of each metric, by its key."""
    found: dict[str, str] = {}
    for key, shown in keyed:
        found.setdefault(shown.result.metric, key)
    return found


def _speaks_of(rule: Value, metric: str) -> bool:
    """Whether a rule judges a figure of the metric."""
    words = str(rule)
    return words.startswith(metric) and not words[len(metric) : len(metric) + 1].strip("-").isalnum()


def _linked(value: str, address: str) -> Any:
    """A value as it is, or as a link that tells the page led to nothing of where it comes from."""
    if not address:
        return value
    from markupsafe import Markup

    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(address, for_html(value))


def _finished(value: object) -> object:
    """What a template prints: safe, with the signs of print, and no number apart from its unit; markup as it is."""
    safe = for_html(value)
    return unbroken(set_signs(safe)) if isinstance(safe, str) and not hasattr(safe, "__html__") else safe


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("supportkit.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finished,
    )
    environment.globals["left"] = LEFT
    environment.globals["linked"] = _linked
    return environment.get_template(name)


def _caption(shown: DocumentSection, picture: Spec, language: Language) -> str:
    """The legend of a section's picture, and how many of its rows are drawn where these are not all."""
    told, chart = legend(shown.pictured, picture, language), shown.pictured.chart
    drawn, rows = len(picture["data"]["values"]), len(shown.words.rows)
    if chart is None or chart.kind not in BY_ROW or drawn >= rows:
        return told
    return f"{told}; {language.say('drawn: {n} of {all} rows', n=str(drawn), all=language.figures(f'{rows:,}'))}"
