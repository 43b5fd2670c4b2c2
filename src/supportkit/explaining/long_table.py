"""The figures of all metrics as one long table: a row a figure, for dbt, BI and whoever joins them with their own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final, get_args

from supportkit.errors import DataError, UsageError
from supportkit.metrics import METRICS
from supportkit.period import ALL, Period
from supportkit.request import Answers, metric_parameters
from supportkit.result import Column, Result, Scope, Value, count, detail, figure, interval_names, key, number_of
from supportkit.store.schema import TABLES
from supportkit.store.selection import split_dimensions
from supportkit.system.named import NamedTuple

COLUMNS: Final = (
    key("metric"),
    key("dimensions"),
    key("period"),
    key("figure"),
    figure("value", "number", n="n"),
    figure("low", "number", n="n"),
    figure("high", "number", n="n"),
    count("n", "n"),
    detail("kind", "text"),
    detail("currency", "text"),
)
ENDS: Final = ("low", "high")


class Split(NamedTuple):
    """How the metrics are split, each that can be: by dimensions, over periods."""

    by: str | None = None
    over: str | None = None


def long_table(answers: Answers, period: Period = ALL, split: Split | None = None) -> Result:
    """The facts of every metric, and of each of its rows the figures.

    `dimensions` is a JSON object of the keys that name the row, {} for the whole; `low` and `high` are the ends of the
    interval where the figure has one; units are those of JSON. A note names each metric that is left out, and why.
    Raises UsageError for a dimension that no table has.
    """
    for dimension in split_dimensions(split.by if split else None):
        if (strange := answers.store.without_column(TABLES, dimension)) is not None:
            raise strange
    rows: list[tuple[Value, ...]] = []
    notes: list[str] = []
    scopes: list[Scope] = []
    for name in METRICS:
        given = _asked(name, split or Split())
        try:
            found = _answer(answers, name, given, period, notes)
        except (UsageError, DataError) as error:
            notes.append(f"left out: {name}: {error.message}")
            continue
        if found.empty:
            notes.append(f"left out: {name}: it has no data")
            continue
        scopes.append(found.scope)
        rows += figures_of(found, over="over" in given)
    scope = scopes[0] if scopes else Scope()
    return Result(
        "export",
        "Figures of all metrics",
        "a row a figure: its metric, dimensions and period, the interval where it has one, and its n",
        COLUMNS,
        tuple(rows),
        notes=tuple(notes),
        scope=replace(scope, period=period.name if period is not ALL else "all", rows=len(rows), part=False),
    )


def _asked(name: str, split: Split) -> dict[str, str]:
    """The part of a split that a metric has options for."""
    parameters = metric_parameters(METRICS[name])
    given = {option: value for option, value in split._asdict().items() if value and option in parameters}
    if "over" in given and given["over"] not in get_args(parameters["over"].kind):
        del given["over"]
    return given


def _answer(answers: Answers, name: str, given: Mapping[str, str], period: Period, notes: list[str]) -> Result:
    """A metric's result, whole where its table has not what it was to be split by, which is noted."""
    try:
        return answers(answers.request(name, given, period=period))
    except UsageError as error:
        if "by" not in given:
            raise
        left = {option: value for option, value in given.items() if option != "by"}
        found = answers(answers.request(name, left, period=period))
        notes.append(f"{name} is not split: {error.message}")
        return found


def figures_of(result: Result, *, over: bool = False) -> Iterator[tuple[Value, ...]]:
    """The rows of a result's facts, then of its rows; with `over` the key of kind period is the row's period.

    A row that is the whole again, as the one month of a month, is not told twice.
    """
    told: set[tuple[Value, ...]] = set()
    rows = [_figures(result, result.fact_columns, result.facts, {}, result.scope.period)]
    for record in result.records():
        names: dict[str, Value] = {}
        period = result.scope.period
        for one in result.keys:
            if over and one.kind == "period":
                period = str(record[one.name])
            else:
                names[one.dimension] = record[one.name]
        rows.append(_figures(result, result.columns, record, names, period))
    for row in chain.from_iterable(rows):
        if row[:4] not in told:
            told.add(row[:4])
            yield row


def _figures(
    result: Result, columns: Sequence[Column], record: Mapping[str, Value], names: Mapping[str, Value], period: str
) -> Iterator[tuple[Value, ...]]:
    said = json.dumps(
        {name: value if isinstance(value, str | int | None) else str(value) for name, value in names.items()}
    )
    currency = next((str(names[one]) for one in names if one == "currency"), result.scope.currency)
    ends = _ends(result, columns)
    taken = {end for pair in ends.values() for end in pair}
    for column in columns:
        if column.role not in ("figure", "n") or column.name in taken:
            continue
        value = number_of(record[column.name])
        low, high = (number_of(record[end]) for end in ends[column.name]) if column.name in ends else (None, None)
        n = record[column.n] if column.n else None
        money = currency if column.kind == "money" else None
        yield (result.metric, said, period, column.name, value, low, high, n, column.kind, money)


def _ends(result: Result, columns: Sequence[Column]) -> dict[str, tuple[str, str]]:
    """The columns that are the ends of a figure's interval, by the figure: `nps_low` and `nps_high` of `nps`, `low` and
    `high` of the figure before them."""
    names = [column.name for column in columns]
    found = {name: ends for name in names if set(ends := interval_names(name)) <= set(names)}
    if set(ENDS) <= set(names) and (place := names.index("low")) > 0:
        found[names[place - 1]] = ENDS
    return found
