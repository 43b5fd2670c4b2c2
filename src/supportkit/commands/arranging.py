"""The rows of a result as asked for: sorted by a column, the first so many, some of the columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

import typer

from supportkit.errors import UsageError, unknown
from supportkit.result import Column, Result, Value
from supportkit.system.named import NamedTuple

Top = Annotated[int | None, typer.Option("--top", help="The first so many rows [default: all].", show_default=False)]
Columns = Annotated[
    str | None, typer.Option("--columns", help="These columns alone, comma-separated.", show_default=False)
]


class Arrangement(NamedTuple):
    """How the rows are shown; nothing of it changes a figure."""

    sort: str | None = None
    """A column, with a minus before it for the greatest first."""
    columns: tuple[str, ...] = ()
    top: int | None = None


def take_arrangement(given: dict[str, Any], *, own_top: bool) -> Arrangement:
    """What --sort, --columns and --top ask for; they are taken out of the options, unless --top is the metric's own."""
    columns = given.pop("columns", None)
    names = tuple(name.strip() for name in columns.split(",") if name.strip()) if columns else ()
    top = None if own_top else given.pop("top", None)
    if top is not None and top < 1:
        raise UsageError(f"--top {top}: at least one row", hint="--top 10")
    return Arrangement(given.pop("sort", None), names, top)


def arranged(result: Result, asked: Arrangement) -> Result:
    """The result with its rows so; a note says how many there are. Raises UsageError for a column that it has not."""
    if asked.sort is not None:
        result = replace(result, rows=tuple(_sorted(result, asked.sort)))
    if asked.top is not None and asked.top < len(result.rows):
        told = f"the first {asked.top:,} of {len(result.rows):,} rows, as --top asks"
        result = replace(result, rows=result.rows[: asked.top], notes=(*result.notes, told))
    if asked.columns:
        result = result.only(list(dict.fromkeys(_named(result, name, "--columns").name for name in asked.columns)))
        result = replace(result, columns=tuple(replace(column, aside=False) for column in result.columns))
    return result


def _sorted(result: Result, asked: str) -> list[tuple[Value, ...]]:
    """The rows in the order of a column, those without a value last; equal ones stay as they were."""
    falling = asked.startswith("-")
    column = _named(result, asked.removeprefix("-"), "--sort")
    place = result.columns.index(column)
    known = [row for row in result.rows if row[place] is not None]
    known.sort(key=lambda row: _comparable(row[place]), reverse=falling)
    return [*known, *(row for row in result.rows if row[place] is None)]


def _comparable(value: Value) -> Any:
    return float(value) if isinstance(value, int | float | Decimal) else value


def _named(result: Result, name: str, option: str) -> Column:
    """A column by its name, else by its words, else by either in other capitals."""
    wanted = name.casefold()
    ways: Sequence[Callable[[Column], bool]] = (
        lambda column: column.name == name,
        lambda column: column.label == name,
        lambda column: column.name.casefold() == wanted,
        lambda column: column.label.casefold() == wanted,
    )
    for is_meant in ways:
        found = [column for column in result.columns if is_meant(column)]
        if len(found) == 1:
            return found[0]
        if found:
            break
    raise unknown(f"column for {option}", name, [column.name for column in result.columns])
