"""The table for a pipe or a file: every row on one line, however long and however many; no terminal is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from supportkit.render import Display
from supportkit.render.cell_width import width_of
from supportkit.render.escaping import for_terminal
from supportkit.render.headings import heading
from supportkit.render.language import Language
from supportkit.render.scope_line import scope_line
from supportkit.render.value_text import cell, value_text
from supportkit.result import Result

LEFT: Final = ("text", "period", "date")


def as_plain(results: Sequence[Result], display: Display) -> str:
    """The results one after the other, apart by an empty line."""
    texts = ("\n".join(line.rstrip() for line in _lines(result, display)).rstrip() for result in results)
    return "\n\n".join(texts) + "\n"


def _lines(result: Result, display: Display) -> Iterator[str]:
    language = display.language
    shown = result.for_people()
    yield for_terminal(result.title)
    yield from (for_terminal(line) for line in result.definition.splitlines())
    yield ""
    if result.facts:
        currency = result.scope.currency
        facts = [
            (
                heading(column.label),
                for_terminal(value_text(result.facts[column.name], column.shown, currency, language)),
            )
            for column in result.told_facts
        ]
        yield from _aligned(facts, (True, False))
        yield ""
    if display.chart:
        from supportkit.render.terminal_chart import drawn

        yield from drawn(result, None, language)
        yield ""
    if shown.columns and shown.rows and not result.repeats_facts:
        yield from _table(shown, language)
        yield ""
    elif not shown.rows:
        yield language.text("no rows")
        yield ""
    yield from (f"· {for_terminal(note)}" for note in result.notes)
    yield for_terminal(scope_line(result.scope, language, named=display.named))


def _table(result: Result, language: Language) -> Iterator[str]:
    kinds = [column.kind for column in result.columns]
    header = tuple(heading(column.label) for column in result.columns)
    rows = [
        tuple(for_terminal(cell(value, column, language)) for value, column in zip(row, result.columns, strict=True))
        for row in result.rows
    ]
    head, *body = _aligned([header, *rows], [kind in LEFT for kind in kinds])
    yield head
    yield "─" * width_of(head)
    yield from body


def _aligned(rows: Sequence[Sequence[str]], left: Sequence[bool]) -> Iterator[str]:
    """The rows with their cells two blanks apart, each column as wide as its widest cell."""
    sizes = [[width_of(cell) for cell in row] for row in rows]
    widest = [max(column) for column in zip(*sizes, strict=True)]
    for row, size in zip(rows, sizes, strict=True):
        cells = []
        for text, taken, room, is_left in zip(row, size, widest, left, strict=True):
            blank = " " * (room - taken)
            cells.append(text + blank if is_left else blank + text)
        yield "  ".join(cells)
