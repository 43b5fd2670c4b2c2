"""What every metric returns: a table of plain values, its headline facts, its definition and what it covers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas

Kind = Literal["text", "count", "number", "share", "money", "duration", "date", "period", "flag"]
Value = str | int | float | Decimal | bool | date | datetime | None
PLAIN = (str, int, float, Decimal, bool, date, datetime)


@dataclass(frozen=True)
class Column:
    """A column or a fact: its JSON name, its kind, the words for people, and which way is better.

    A `detail` column is in JSON and CSV, and left out of tables for people. `n` is the column that says over how many
    a figure is. A figure that is not `everywhere` has no value in some rows by nature, as the last step of a funnel has
    no drop: there it is no missing data. `dimension` is what `--by` and `--where` call a key, where the result has it
    under another name.
    """

    name: str
    kind: Kind
    label: str = ""
    better: Literal["up", "down"] | None = None
    detail: bool = False
    n: str | None = None
    everywhere: bool = True
    dimension: str = ""

    def __post_init__(self) -> None:
        if not self.label:
            object.__setattr__(self, "label", label_of(self.name))
        if not self.dimension:
            object.__setattr__(self, "dimension", self.name)


@dataclass(frozen=True)
class Chart:
    """Which columns make the picture of a result."""

    kind: Literal["line", "bar", "interval", "funnel", "heatmap", "pareto", "waterfall"]
    x: str
    y: str
    series: str | None = None
    low: str | None = None
    high: str | None = None
    middle: str | None = None


@dataclass(frozen=True)
class Scope:
    """What the figures cover; dates are half-open [start, end) in `time_zone`; `part` where the data ends inside."""

    period: str = "all"
    start: date | None = None
    end: date | None = None
    as_of: datetime | None = None
    data_through: datetime | None = None
    time_zone: str = "UTC"
    currency: str | None = None
    filters: tuple[str, ...] = ()
    rows: int = 0
    part: bool = False


@dataclass(frozen=True)
class Result:
    """One metric, computed: `rows` are tuples along `columns`, `facts` the headline figures by name.

    Raises ValueError for nan, inf, ragged rows, a fact without a column and values that are not plain Python.
    """

    metric: str
    title: str
    definition: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    facts: Mapping[str, Value] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    scope: Scope = field(default_factory=Scope)
    chart: Chart | None = None
    fact_columns: tuple[Column, ...] = ()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.metric}: a column name occurs twice in {names}")
        for row in self.rows:
            if len(row) != len(names):
                raise ValueError(f"{self.metric}: a row has {len(row)} values for {len(names)} columns: {row!r}")
            for name, value in zip(names, row, strict=True):
                _check(self.metric, name, value)
        if [column.name for column in self.fact_columns] != list(self.facts):
            raise ValueError(f"{self.metric}: facts {list(self.facts)} do not follow their columns")
        for name, value in self.facts.items():
            _check(self.metric, name, value)
        if self.chart is not None:
            drawn = (self.chart.x, self.chart.y, self.chart.series, self.chart.low, self.chart.high, self.chart.middle)
            for part in drawn:
                if part is not None and part not in names:
                    raise ValueError(f"{self.metric}: the chart wants column {part!r}, which is not there")

    def records(self) -> Iterator[dict[str, Value]]:
        """The rows as dicts, in order."""
        names = [column.name for column in self.columns]
        for row in self.rows:
            yield dict(zip(names, row, strict=True))

    def for_people(self) -> Result:
        """The same result without its detail columns."""
        kept = [index for index, column in enumerate(self.columns) if not column.detail]
        if len(kept) == len(self.columns):
            return self
        rows = tuple(tuple(row[index] for index in kept) for row in self.rows)
        return replace(self, columns=tuple(self.columns[index] for index in kept), rows=rows, chart=None)

    def _repr_html_(self) -> str:
        """The table for a notebook."""
        from importlib import import_module

        return str(import_module("supportkit.render.notebook").as_fragment(self))

    @property
    def repeats_facts(self) -> bool:
        """The table would say nothing that the facts do not."""
        return len(self.rows) == 1 and bool(self.facts) and self.rows[0] == tuple(self.facts.values())

    @property
    def empty(self) -> bool:
        """No row was in scope: every fact is null or zero."""
        return all(value is None or value == 0 for value in self.facts.values()) if self.facts else not self.rows

    def to_frame(self) -> pandas.DataFrame:
        """The rows as a pandas DataFrame, one column each (needs pandas)."""
        import pandas

        return pandas.DataFrame.from_records(
            [list(row) for row in self.rows], columns=[column.name for column in self.columns]
        )


def named_apart(keys: Sequence[Column], others: Iterable[Column]) -> tuple[Column, ...]:
    """The keys of a result under names of their own: one of a figure's name is called `by_` and its name.

    The period of `--over` keeps its name.
    """
    periods = [key.name for key in keys if key.kind == "period"]
    others_names = {*periods, *(column.name for column in others)}
    asked = {key.name for key in keys if key.kind != "period"}
    found = []
    for key in keys:
        name = key.name
        while key.kind != "period" and (name in others_names or (name != key.name and name in asked)):
            name = f"by_{name}"
        found.append(key if name == key.name else replace(key, name=name, label=label_of(name), dimension=key.name))
    return tuple(found)


def plain_rows(rows: Sequence[Sequence[Any]]) -> tuple[tuple[Value, ...], ...]:
    """Rows of a query as a Result wants them."""
    return tuple(tuple(row) for row in rows)


def label_of(name: str) -> str:
    """Words for a column name: `first_reply_p90_s` is "First reply p90"."""
    words = name.removesuffix("_s").replace("_", " ").strip()
    return (words[:1].upper() + words[1:]) if words else name


def _check(metric: str, name: str, value: Value) -> None:
    if value is None:
        return
    if not isinstance(value, PLAIN):
        raise ValueError(f"{metric}.{name}: {type(value).__name__} is not a plain Python value")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{metric}.{name}: {value} is not a number that can be shown")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"{metric}.{name}: {value} is not a number that can be shown")
