"""A table for people: title, definition, the headline, rows, notes and scope; wide tables are folded, never cropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from textwrap import wrap
from typing import TYPE_CHECKING

from supportkit.render import PLAIN, Display
from supportkit.render.cell_width import width_of
from supportkit.render.escaping import for_terminal
from supportkit.render.headings import heading
from supportkit.render.language import Language
from supportkit.render.links import address_of
from supportkit.render.scope_line import scope_line
from supportkit.render.value_text import cell, value_text
from supportkit.result import Column, Result, Value

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from supportkit.render.senses import Sense

    Senses = Sequence[Mapping[str, Sense]]

UNBOUND = 100_000
TEXT_WIDTH = 30
MOST_ROWS = 400
CUT = "the first {top} of {n} rows; --format csv has all of them"
LEFT = ("text", "period", "date")


def from_results(results: Sequence[Result], display: Display = PLAIN) -> str:
    """The results as text; without a width every row stands on one line, however long."""
    width, colour = display.width, display.colour
    if width is None and not colour:
        from supportkit.render.plain_table import as_plain

        return as_plain(results, display)
    import io

    from rich.console import Console
    from rich.text import Text

    console = Console(
        file=io.StringIO(),
        width=width or UNBOUND,
        force_terminal=colour,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for number, result in enumerate(results):
        if number:
            console.print()
        for part in _parts(result, display):
            console.print(part, soft_wrap=isinstance(part, Text) and bool(part.no_wrap))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in str(text).rstrip().splitlines()) + "\n"


def _parts(result: Result, display: Display) -> list[RenderableType]:
    from rich.text import Text

    width, language = display.width, display.language
    shown = result.for_people()
    parts: list[RenderableType] = [
        Text(for_terminal(result.title), style="bold"),
        *(Text(for_terminal(line), style="dim") for line in _reflowed(result.definition)),
        Text(),
    ]
    if result.facts:
        parts += [_facts(result, language), Text()]
    if display.chart:
        from supportkit.render.terminal_chart import drawn

        parts += [*(Text(line, no_wrap=True) for line in drawn(result, width, language)), Text()]
    if shown.columns and shown.rows and not result.repeats_facts:
        head = replace(shown, rows=shown.rows[:MOST_ROWS])  # the others are not shown, and not measured
        told = _meant(result) if display.colour else [{}] * len(head.rows)
        for block in _blocks(_in_cells(head, language), width, told):
            parts += [block, Text()]
    elif not shown.rows:
        parts += [Text(language.text("no rows")), Text()]
    cut = language.say(CUT, top=str(MOST_ROWS), n=language.figures(f"{len(shown.rows):,}"))
    for note in ((cut,) if len(shown.rows) > MOST_ROWS else ()) + result.notes:
        parts += _note(for_terminal(note), width)
    scope = scope_line(result.scope, language, named=display.named)
    if scope:
        parts.append(Text(for_terminal(scope), style="dim"))
    return parts


def _in_cells(result: Result, language: Language) -> Result:
    """The table with its values written in another language; English ones are written where they are shown."""
    if language.code == "en":
        return result
    rows = tuple(
        tuple(cell(value, column, language) for value, column in zip(row, result.columns, strict=True))
        for row in result.rows
    )
    return replace(result, rows=rows)


def _note(text: str, width: int | None) -> list[RenderableType]:
    """A note under a dot, its further lines beside it; a command at its end stands whole on a line of its own."""
    from rich.text import Text

    said, mark, command = text.partition(": supportkit ")
    lines = wrap(f"{said}{mark.rstrip()[:1]}", (width or UNBOUND) - 2, break_long_words=False, break_on_hyphens=False)
    parts: list[RenderableType] = [
        Text(f"{'  ' if number else '· '}{line}", overflow="fold") for number, line in enumerate(lines)
    ]
    if mark:
        parts.append(Text(f"  supportkit {command}", no_wrap=True))
    return parts


def _reflowed(text: str) -> list[str]:
    """The lines of a text; those of one paragraph are one, for the terminal breaks it at its own width."""
    lines: list[str] = []
    for line in text.splitlines():
        if lines and line[:1].strip() and lines[-1][:1].strip():
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return lines


def _facts(result: Result, language: Language) -> Table:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    grid.add_column(justify="right")
    for column in result.told_facts:
        shown = value_text(result.facts[column.name], column.shown, result.scope.currency, language)
        grid.add_row(Text(heading(column.label)), Text(for_terminal(shown), style="bold"))
    return grid


def _blocks(result: Result, width: int | None, told: Senses) -> list[Table]:
    """The table, cut into blocks of columns where it is wider than the terminal; what leads its rows repeats."""
    everything = list(range(len(result.columns)))
    if width is None or _width(result, everything) <= width:
        return [_table(result, everything, width, told)]
    keys = _leading(result, width)
    blocks, current = [], list(keys)
    for index in everything[len(keys) :]:
        if len(current) > len(keys) and _width(result, [*current, index]) > width:
            blocks.append(_table(result, current, width, told))
            current = list(keys)
        current.append(index)
    return [*blocks, _table(result, current, width, told)]


def _leading(result: Result, width: int) -> list[int]:
    """The columns by which a row is known again in every block: its leading keys, else what tells equal ones apart."""
    everything = range(len(result.columns))
    first = next((index for index in everything if result.columns[index].role == "key"), 0)
    run = takewhile(lambda index: result.columns[index].role == "key", everything[first:])
    keys = list(range(first + max(1, len(list(run)))))
    if _width(result, keys) > width // 2:
        keys = keys[:1]
    for last in everything[len(keys) : -1]:
        if len({tuple(map(str, row[: len(keys)])) for row in result.rows}) == len(result.rows):
            break
        wider = [*range(last + 1)]
        if _width(result, wider) > 2 * width // 3:
            break
        keys = wider
    return keys


def _table(result: Result, indexes: list[int], width: int | None, told: Senses) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for index in indexes:
        column = result.columns[index]
        left = column.kind in LEFT
        label = heading(column.label)
        need = _need(result, index)
        if width is not None:
            label = "\n".join(wrap(label, need)) or label
        folds = left and width is not None and _longest(result, index) > need
        table.add_column(label, justify="left" if left else "right", no_wrap=not folds, overflow="fold", min_width=need)
    for row, meant in zip(result.rows, told, strict=True):
        columns = [(row[index], result.columns[index]) for index in indexes]
        table.add_row(*(_cell(value, column, meant.get(column.name)) for value, column in columns))
    return table


def _width(result: Result, indexes: list[int]) -> int:
    """The least width of a table of these columns."""
    return sum(_need(result, index) + 2 for index in indexes) - 2


def _need(result: Result, index: int) -> int:
    """The least width of a column: its longest header word and its values; a long text may fold."""
    word = max((width_of(part) for part in heading(result.columns[index].label).split()), default=1)
    longest = _longest(result, index)
    return max(word, min(longest, TEXT_WIDTH) if result.columns[index].kind == "text" else longest)


def _longest(result: Result, index: int) -> int:
    kind = result.columns[index].shown
    return max((width_of(for_terminal(value_text(row[index], kind))) for row in result.rows), default=1)


def _meant(result: Result) -> Senses:
    """What the figures of each row that is shown mean."""
    from supportkit.render.senses import senses

    return [senses(result, record) for record in replace(result, rows=result.rows[:MOST_ROWS]).records()]


def _cell(value: Value, column: Column, sense: Sense | None) -> RenderableType:
    from rich.style import Style
    from rich.text import Text

    text = Text(for_terminal(value_text(value, column.shown)))
    if sense is not None:
        from supportkit.render.senses import STYLES

        text.stylize(STYLES[sense])
    if address := address_of(value, column):
        text.stylize(Style(link=address))
    return text
