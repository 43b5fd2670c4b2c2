"""Figures set for a page: as many decimals in all rows of a column, changes signed, the ends of an interval joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from supportkit.render.language import Language
from supportkit.render.value_text import value_text
from supportkit.result import Column, Result, Value

CHANGES: Final = ("change", "difference", "drop_difference")  # and their ends
_NOT_NOUGHT: Final = re.compile("[1-9]")
LARGE_MONEY: Final = 10_000  # from here on cents say nothing
THOUSANDS: Final = 1_000  # a column of money that reaches them has no cents in any row


def headline(result: Result, language: Language) -> list[tuple[str, str]]:
    """The facts that people read, each with its label; the ends of an interval as one."""
    shown: list[tuple[str, str]] = []
    columns = [one for one in result.fact_columns if result.facts[one.name] is not None and not one.aside]
    figures = [_fact(result.facts[one.name], one, result.scope.currency, language) for one in columns]
    index = 0
    while index < len(columns):
        pair = index + 1 < len(columns) and _is_pair(columns[index], columns[index + 1])
        if pair and _is_low(columns[index], language):
            shown.append((language.text("95 % interval"), between(figures[index], figures[index + 1], language)))
            index += 2
        else:
            shown.append((columns[index].label, figures[index]))
            index += 1
    return shown


def in_columns(table: Result, language: Language) -> Result:
    """The table with its plain numbers written out, as many decimals in each row of a column, and changes signed."""
    columns = []
    for index, column in enumerate(table.columns):
        values = [row[index] for row in table.rows]
        if column.shown == "number":
            columns.append(_aligned(values, column, language))
        elif column.kind == "money" and _largest(table, column) >= THOUSANDS:
            columns.append([_whole(value, language) for value in values])
        elif _changes(column):
            columns.append([_signed(value, value_text(value, column.shown, None, language)) for value in values])
        else:
            columns.append(values)
    return replace(table, rows=tuple(zip(*columns, strict=True)) if columns else table.rows)


def _largest(table: Result, column: Column) -> float:
    """The largest amount of a figure and of the ends of its interval."""
    alike = [place for place, one in enumerate(table.columns) if one.kind == "money" and _stem(one) == _stem(column)]
    amounts = [row[place] for row in table.rows for place in alike]
    return max((abs(float(one)) for one in amounts if isinstance(one, int | float | Decimal)), default=0.0)


def _stem(column: Column) -> str:
    """The name of a figure without that of an end: value of value_at_risk, value_low and value_high."""
    return column.name.removesuffix("_low").removesuffix("_high").removesuffix("_at_risk")


def _whole(value: Value, language: Language) -> Value:
    return language.figures(f"{value:,.0f}") if isinstance(value, int | float | Decimal) else value


def intervals_joined(table: Result, language: Language) -> Result:
    """The table with each lower and upper end that stand side by side in one column, as an interval."""
    columns: list[Column] = []
    places: list[tuple[int, ...]] = []
    index = 0
    while index < len(table.columns):
        column, after = table.columns[index], next(iter(table.columns[index + 1 : index + 2]), None)
        if _is_pair(column, after):
            columns.append(replace(column, label=language.text("95 % interval")))
            places.append((index, index + 1))
        else:
            columns.append(column)
            places.append((index,))
        index += len(places[-1])

    def joined(row: tuple[Value, ...], place: tuple[int, ...]) -> Value:
        if len(place) == 1 or row[place[0]] is None:
            return row[place[0]]
        low, high = (value_text(row[one], table.columns[one].shown, None, language) for one in place)
        return between(low, high, language)

    rows = tuple(tuple(joined(row, place) for place in places) for row in table.rows)
    return replace(table, columns=tuple(columns), rows=rows, chart=None)


def _is_pair(column: Column, after: Column | None) -> bool:
    return after is not None and column.name.endswith("low") and after.name == f"{column.name[:-3]}high"


def _is_low(column: Column, language: Language) -> bool:
    """Whether a fact is named as an interval's lower end: the bounds of a worst and a best case are none."""
    return column.label.lower() == language.text("low").lower()


def between(low: str, high: str, language: Language, currency: str | None = None) -> str:
    """An interval, its unit said once."""
    for unit in ("%", language.text("points"), *([currency] if currency else [])):
        for blank in (" ", "\u00a0"):
            if low.endswith(blank + unit) and high.endswith(blank + unit):
                return f"{low.removesuffix(blank + unit)} – {high}"
    return f"{low} – {high}"


def _changes(column: Column) -> bool:
    return column.name.removesuffix("_low").removesuffix("_high") in CHANGES


def _fact(value: Value, column: Column, currency: str | None, language: Language) -> str:
    if column.kind == "money" and not isinstance(value, str | None) and abs(float(value)) >= LARGE_MONEY:  # type: ignore[arg-type]
        return language.figures(f"{value:,.0f}" + (f" {currency}" if currency else ""))
    shown = value_text(value, column.shown, currency, language)
    return _plus(value, shown) if _changes(column) else shown


def _aligned(values: Sequence[Value], column: Column, language: Language) -> list[Value]:
    """Numbers with the decimals that the largest of them needs; what is no number stays."""
    sizes = [abs(float(value)) for value in values if isinstance(value, int | float)]
    largest = max(sizes, default=0.0)
    decimals = 1 if largest >= 10 else 2 if largest >= 1 else 3
    if all(isinstance(value, int | None) for value in values):
        decimals = 0
    found: list[Value] = []
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float):
            found.append(value)
            continue
        shown = language.figures(f"{value:,.{decimals}f}")
        found.append(_plus(value, shown) if _changes(column) else shown)
    return found


def _signed(value: Value, shown: str) -> Value:
    return value if value is None else _plus(value, shown)


def _plus(value: Value, shown: str) -> str:
    """A change that is up, with its sign."""
    return f"+{shown}" if isinstance(value, int | float) and value > 0 and _NOT_NOUGHT.search(shown) else shown
