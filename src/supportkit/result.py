"""What every metric returns: a table of plain values, its headline facts, its definition and what it covers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    import pandas

Kind = Literal["text", "count", "number", "share", "money", "duration", "date", "period", "flag"]
Shown = Literal[Kind, "points", "of_100"]
Better = Literal["up", "down"]
Role = Literal["key", "n", "figure", "detail"]
Value = str | int | float | Decimal | bool | date | datetime | None
PLAIN = (str, int, float, Decimal, bool, date, datetime)


@dataclass(frozen=True)
class Column:
    """A column or a fact: its JSON name, its kind, the words for people, which way is better, and its role.

    A `key` names a row, together with the other keys; `dimension` is what `--by` and `--where` call it, where the
    result has it under another name. An `n` says over how many something is: nothing is known where it is 0, and where
    it is null the row has no such figure at all, as a funnel's last step has no drop. A `figure` is measured, and `n`
    names the column of its n. A `detail` says more of the row, as a date or a word. What is `aside` is in JSON and CSV,
    and left out of tables for people. `link` is the address of what a value names, with {id} in its place. A share
    in `points` is the difference of two, a number is of 100. Made by `key`, `count`, `figure` and `detail`.
    """

    name: str
    kind: Kind
    label: str = ""
    better: Better | None = None
    role: Role = "figure"
    n: str | None = None
    aside: bool = False
    dimension: str = ""
    link: str = ""
    points: bool = False

    def __post_init__(self) -> None:
        if not self.label:
            object.__setattr__(self, "label", label_of(self.name))
        if not self.dimension:
            object.__setattr__(self, "dimension", self.name)

    @property
    def shown(self) -> Shown:
        """How people read it: by its kind, a difference of shares in points, and what is of 100 with one decimal."""
        if not self.points:
            return self.kind
        return "points" if self.kind == "share" else "of_100"


def key(name: str, kind: Kind = "text", label: str = "", *, aside: bool = False) -> Column:
    """A column that names a row, together with the other keys."""
    return Column(name, kind, label, role="key", aside=aside)


def count(name: str, label: str = "", *, better: Better | None = None, aside: bool = False) -> Column:
    """An n: a number of tickets, answers, users, … that figures are over; its own n is itself."""
    return Column(name, "count", label, better, role="n", n=name, aside=aside)


def figure(
    name: str,
    kind: Kind,
    label: str = "",
    *,
    n: str,
    better: Better | None = None,
    aside: bool = False,
    points: bool = False,
) -> Column:
    """Something measured, over the `n` of the column named; `points` as Column has it."""
    return Column(name, kind, label, better, n=n, aside=aside, points=points)


def detail(name: str, kind: Kind, label: str = "", *, n: str | None = None, aside: bool = False) -> Column:
    """What else is said of a row; a fact that is one names its n."""
    return Column(name, kind, label, role="detail", n=n, aside=aside)


@dataclass(frozen=True)
class Chart:
    """Which columns make the picture of a result.

    `low` and `high` are the ends of a band, `middle` what was expected, `before` what `y` was; rows where `mark` is
    above 0 stand out; `part` is `y` as a share of the whole, and in a matrix the n of `series`.
    """

    kind: Literal["line", "bar", "interval", "change", "funnel", "matrix", "heatmap", "pareto", "waterfall"]
    x: str
    y: str
    series: str | None = None
    low: str | None = None
    high: str | None = None
    middle: str | None = None
    mark: str | None = None
    part: str | None = None
    before: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that it needs."""
        drawn = (self.x, self.y, self.series, self.low, self.high, self.middle, self.mark, self.part, self.before)
        return tuple(name for name in drawn if name is not None)


class Quoting(str):
    """A note that quotes what customers wrote; `unquoted` is what it says without that, nothing where it is empty."""

    unquoted: str

    def __new__(cls, note: str, unquoted: str = "") -> Quoting:
        """A note and the same without its quotations."""
        found = super().__new__(cls, note)
        found.unquoted = unquoted
        return found


@dataclass(frozen=True)
class Goal:
    """What a figure should be from a day on, in the rows that have these values of their dimensions.

    It holds in rows `along` these dimensions alone, and in any where that is not said; one that is not `judged` is
    drawn, and no figure fails by it, nor one over fewer than `least`.
    """

    figure: str
    value: float
    start: date | None = None
    where: tuple[tuple[str, str], ...] = ()
    along: tuple[str, ...] | None = None
    judged: bool = True
    least: int = 0


@dataclass(frozen=True)
class Event:
    """Something that was declared to have happened on a day, in the rows that have these values: for pictures."""

    at: date
    text: str
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Scope:
    """What the figures cover; dates are half-open [start, end) in `time_zone`; `part` where the data ends inside.

    `unknown_shares` says how much of the figures rests on words that nobody knows: by the keys of a row, of all by ();
    `unknown_figures` the same of single figures, of whatever row by None.
    """

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
    unknown_shares: Mapping[tuple[Value, ...], float] = field(default_factory=dict)
    unknown_figures: Mapping[str, Mapping[tuple[Value, ...] | None, float]] = field(default_factory=dict)

    @property
    def unknown_share(self) -> float:
        """How much of all figures rests on words that nobody knows."""
        return self.unknown_shares.get((), 0.0)


@dataclass(frozen=True)
class Result:
    """One metric, computed: `rows` are tuples along `columns`, `facts` the headline figures by name.

    Raises ValueError for nan, inf, ragged rows, a fact without a column, values that are not plain Python, and a figure
    or a fact whose n is not there. Of what is not `whole`, a table cut for people, the n may be left out.
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
    whole: bool = True
    goals: tuple[Goal, ...] = ()
    claimed: Mapping[str, frozenset[tuple[Value, ...]]] = field(default_factory=dict)
    """Of figures that are compared in several rows at once: the rows, by their keys, where one is beyond chance."""
    events: tuple[Event, ...] = ()

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
        if self.whole:
            _check_roles(self.metric, self.columns)
            _check_roles(self.metric, self.fact_columns, facts=True)
        for part in self.chart.names if self.chart else ():
            if part not in names:
                raise ValueError(f"{self.metric}: the chart wants column {part!r}, which is not there")

    @property
    def told_facts(self) -> tuple[Column, ...]:
        """The facts for people: all but those that stand aside and are not known, or are as large an n as the one
        before that does not. Of no data each n is 0; of some, a 0 says that something is not known."""
        told, before = list[Column](), None
        first = next((self.facts[one.name] for one in self.fact_columns if one.role == "n"), None)
        for one in self.fact_columns:
            value = self.facts[one.name]
            if not one.aside:
                before = value if one.role == "n" else before
                told.append(one)
            elif value is not None and not (one.role == "n" and value == before and (value or not first)):
                told.append(one)
        return tuple(told)

    @property
    def keys(self) -> tuple[Column, ...]:
        """The columns that name a row."""
        return tuple(column for column in self.columns if column.role == "key")

    def records(self) -> Iterator[dict[str, Value]]:
        """The rows as dicts, in order."""
        names = [column.name for column in self.columns]
        for row in self.rows:
            yield dict(zip(names, row, strict=True))

    def only(self, names: Sequence[str]) -> Result:
        """The same result with these columns alone, in their order; without its picture."""
        places = [index for name in names for index, column in enumerate(self.columns) if column.name == name]
        rows = tuple(tuple(row[index] for index in places) for row in self.rows)
        columns = tuple(self.columns[index] for index in places)
        return replace(self, columns=columns, rows=rows, chart=None, whole=False)

    def for_people(self) -> Result:
        """The same result without the columns that stand aside."""
        shown = [column.name for column in self.columns if not column.aside]
        return self if len(shown) == len(self.columns) else self.only(shown)

    def _repr_html_(self) -> str | None:
        """The table for a notebook, as made by what `show_in_notebooks` was given; without it there is none."""
        return _as_html(self) if _as_html is not None else None

    @property
    def repeats_facts(self) -> bool:
        """The table would say nothing that the facts do not."""
        return len(self.rows) == 1 and bool(self.facts) and self.rows[0] == tuple(self.facts.values())

    @property
    def empty(self) -> bool:
        """There is no data: every n of the facts is 0; of a listing without facts, there is no row."""
        if not self.facts:
            return not self.rows
        return not any(self.facts[column.name] for column in self.fact_columns if column.role == "n")

    def to_frame(self) -> pandas.DataFrame:
        """The rows as a pandas DataFrame, one column each (needs pandas)."""
        import pandas

        return pandas.DataFrame.from_records(
            [list(row) for row in self.rows], columns=[column.name for column in self.columns]
        )


_as_html: Callable[[Result], str] | None = None


def show_in_notebooks(as_html: Callable[[Result], str]) -> None:
    """From here on, notebooks show results by this function; the library gives its renderer when it opens a store."""
    global _as_html
    _as_html = as_html


def picture_by(keys: Sequence[Column], y: str, *, low: str | None = None, high: str | None = None) -> Chart | None:
    """The picture of a figure: a line over its periods, for each group one, else a bar or an interval for each group.

    The key of the periods is the last one; without keys there is no picture.
    """
    if not keys:
        return None
    first, *others = (key.name for key in keys)
    if keys[-1].kind == "period":
        return Chart("line", x=keys[-1].name, y=y, series=first if others else None, low=low, high=high)
    return Chart("interval" if low else "bar", x=first, y=y, low=low, high=high)


def named_apart(keys: Sequence[Column], others: Iterable[Column]) -> tuple[Column, ...]:
    """The keys of a result under names of their own: one of a figure's name is called `by_` and its name, and so for
    people one of a figure's words.

    The period of `--over` keeps its name.
    """
    others = tuple(others)
    periods = [key.name for key in keys if key.kind == "period"]
    labels = {column.label.casefold() for column in others}
    others_names = {*periods, *(column.name for column in others)}
    asked = {key.name for key in keys if key.kind != "period"}
    found = []
    for key in keys:
        name = key.name
        while key.kind != "period" and (name in others_names or (name != key.name and name in asked)):
            name = f"by_{name}"
        told = name if name != key.name or key.label.casefold() not in labels else f"by_{name}"
        found.append(
            replace(key, name=name, label=key.label if told == key.name else label_of(told), dimension=key.name)
        )
    return tuple(found)


def plain_rows(rows: Sequence[Sequence[Any]]) -> tuple[tuple[Value, ...], ...]:
    """Rows of a query as a Result wants them."""
    return tuple(tuple(row) for row in rows)


def number_of(value: Value) -> float | None:
    """A value as a number; None where it is none."""
    return None if value is None or isinstance(value, str | date) else float(value)


def interval_names(figure: str) -> tuple[str, str]:
    """The columns that are the ends of a figure's interval; a duration keeps its unit at the end of its name."""
    stem = figure.removesuffix("_s")
    unit = figure.removeprefix(stem)
    return f"{stem}_low{unit}", f"{stem}_high{unit}"


def counted(number: int, one: str, many: str) -> str:
    """A sentence on a number of things: `one` of a single one, else `many`, with the number for {n}."""
    return (one if number == 1 else many).format(n=f"{number:,}")


def numbered(number: int, one: str, many: str | None = None) -> str:
    """`1 customer`, `1,200 customers`; `many` is the plural where an s does not make it."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(share: float, decimals: int = 0) -> str:
    """A share in words, as tables print it: 45 %, or with one decimal 45.1 %."""
    return f"{100 * share:.{decimals}f} %"


def label_of(name: str) -> str:
    """Words for a column name: `first_reply_p90_s` is "First reply p90"."""
    words = name.removesuffix("_s").replace("_", " ").strip()
    return (words[:1].upper() + words[1:]) if words else name


def _check_roles(metric: str, columns: Sequence[Column], *, facts: bool = False) -> None:
    """Raise ValueError for a figure, and for any fact, that does not name an n which is there."""
    counts = [column.name for column in columns if column.role == "n"]
    for column in columns:
        if column.n not in counts and (facts or column.role == "figure" or column.n is not None):
            raise ValueError(f"{metric}.{column.name}: its n is {column.n!r}, which is none of {counts}")


def _check(metric: str, name: str, value: Value) -> None:
    if value is None:
        return
    if not isinstance(value, PLAIN):
        raise ValueError(f"{metric}.{name}: {type(value).__name__} is not a plain Python value")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{metric}.{name}: {value} is not a number that can be shown")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"{metric}.{name}: {value} is not a number that can be shown")
