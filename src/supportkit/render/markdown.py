"""Markdown: a heading, the facts, the table, the notes; text from data holds no markup."""

from __future__ import annotations

from collections.abc import Sequence

from supportkit.render.safe import for_markdown
from supportkit.render.scope import scope_line
from supportkit.render.words import words
from supportkit.result import Result


def as_markdown(results: Sequence[Result]) -> str:
    """The results as sections."""
    return "\n".join(_one(result) for result in results)


def _one(result: Result) -> str:
    currency = result.scope.currency
    lines = [f"## {for_markdown(result.title)}", "", for_markdown(result.definition), ""]
    if result.facts:
        shown = (
            f"{for_markdown(column.label)} **{for_markdown(words(result.facts[column.name], column.kind, currency))}**"
            for column in result.fact_columns
        )
        lines += [" · ".join(shown), ""]
    if result.columns and not _repeats_facts(result):
        lines.append("| " + " | ".join(for_markdown(column.label) for column in result.columns) + " |")
        lines.append(
            "|" + "|".join(" --- " if c.kind in ("text", "period") else " ---: " for c in result.columns) + "|"
        )
        for row in result.rows:
            cells = (for_markdown(words(v, c.kind)) for v, c in zip(row, result.columns, strict=True))
            lines.append("| " + " | ".join(cells) + " |")
        lines.append("")
    lines += [f"- {for_markdown(note)}" for note in result.notes]
    lines += ["", f"<small>{for_markdown(scope_line(result.scope))}</small>", ""]
    return "\n".join(lines)


def _repeats_facts(result: Result) -> bool:
    return len(result.rows) == 1 and result.rows[0] == tuple(result.facts.values())
