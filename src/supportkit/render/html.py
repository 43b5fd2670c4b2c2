"""HTML: one self-contained page, no script and no request, text from data escaped by Jinja2."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from supportkit.render.safe import for_html
from supportkit.render.scope import scope_line
from supportkit.render.words import words
from supportkit.result import Result

if TYPE_CHECKING:
    from jinja2 import Template


def as_html(results: Sequence[Result]) -> str:
    """The results as one page."""
    sections = [
        {
            "title": result.title,
            "definition": result.definition,
            "facts": [
                (column.label, words(result.facts[column.name], column.kind, result.scope.currency))
                for column in result.fact_columns
            ],
            "columns": shown.columns,
            "rows": [
                [(words(v, c.kind), c.kind) for v, c in zip(row, shown.columns, strict=True)]
                for row in ([] if result.repeats_facts else shown.rows)
            ],
            "notes": result.notes,
            "scope": scope_line(result.scope),
        }
        for result in results
        for shown in [result.for_people()]
    ]
    return _template().render(sections=sections, title=sections[0]["title"] if sections else "supportkit") + "\n"


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("supportkit.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=for_html,
    )
    return environment.get_template("page.html")
