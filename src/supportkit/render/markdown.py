"""Markdown: a heading, the facts, the table, the notes; text from data holds no markup."""

from __future__ import annotations

from collections.abc import Sequence

from supportkit.render import PLAIN, Display
from supportkit.render.commands_in_text import COMMAND
from supportkit.render.escaping import for_markdown, for_markdown_code
from supportkit.render.headings import heading
from supportkit.render.scope_line import scope_line
from supportkit.render.value_text import cell, value_text
from supportkit.result import Result


def from_results(results: Sequence[Result], display: Display = PLAIN) -> str:
    """The results as sections."""
    return "\n".join(_one(result, display) for result in results)


def _one(result: Result, display: Display) -> str:
    language = display.language
    currency = result.scope.currency
    lines = [f"## {for_markdown(result.title)}", "", for_markdown(result.definition), ""]
    if result.facts:
        valued = (
            (column, value_text(result.facts[column.name], column.shown, currency, language))
            for column in result.told_facts
        )
        facts = (f"{for_markdown(heading(column.label))} **{for_markdown(text)}**" for column, text in valued)
        lines += [" · ".join(facts), ""]
    if result.columns and not result.repeats_facts:
        shown = result.for_people()
        lines.append("| " + " | ".join(for_markdown(heading(column.label)) for column in shown.columns) + " |")
        lines.append("|" + "|".join(" --- " if c.kind in ("text", "period") else " ---: " for c in shown.columns) + "|")
        for row in shown.rows:
            cells = (for_markdown(cell(v, c, language)) for v, c in zip(row, shown.columns, strict=True))
            lines.append("| " + " | ".join(cells) + " |")
        lines.append("")
    lines += [f"- {_note(note)}" for note in result.notes]
    scope = scope_line(result.scope, language, named=display.named)
    lines += ["", f"<small>{for_markdown(scope)}</small>", ""] if scope else [""]
    return "\n".join(lines)


def _note(note: str) -> str:
    """A note; a command in it as code, so that it can be pasted as it stands in the file."""
    found = COMMAND.search(note)
    if found is None:
        return for_markdown(note)
    before, after = note[: found.start()], note[found.end() :]
    return for_markdown(before) + for_markdown_code(found[0]) + for_markdown(after)
