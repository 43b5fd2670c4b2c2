"""The rows behind a figure: a metric says what its cases are, and one query shows those of a name, most telling first.

A metric's `cases()` gives `Cases`. Its query ends in the CTE `behind`, a row for each case and group: by_1, by_2 and
over_start as in the figure's own query, what names the case, and its values. Of each name (`all`, `detractors`) there
is a condition over `behind`; a figure that is a count is the number of those rows, a share, a mean or a quantile is
reckoned from them, and a sum adds them up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from supportkit.errors import UsageError, unknown
from supportkit.result import Column, Result, Scope, Value, count, detail, figure, key, named_apart
from supportkit.store import Selection, Store
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

ALL: Final = "all"
FACTS: Final = (figure("rows", "count", n="of"), count("of", "of all"))


class Unit(NamedTuple):
    """What a case is: its noun, the columns that name it, and those that tell it apart for people, before and after
    the values; of `table`, where they are read when the cases are chosen, else of `behind`."""

    noun: str
    keys: tuple[Column, ...]
    first: tuple[Column, ...] = ()
    last: tuple[Column, ...] = ()
    table: str = ""
    by: tuple[str, ...] = ()
    """The columns by which a case is found in the table, where those are not all that name it."""

    @property
    def join(self) -> str:
        """The end of a query on `chosen` that reads the columns of the table as `told`."""
        if not self.table:
            return ""
        names = self.by or tuple(key.name for key in self.keys)
        same = " and ".join(f"told.{name} = chosen.{name}" for name in names)
        return f"left join main.{self.table} as told on {same}"


TICKETS: Final = Unit(
    "tickets",
    (key("source", aside=True), key("ticket_id", label="Ticket")),
    (detail("created_at", "date", "created"), detail("channel", "text"), detail("agent", "text")),
    (detail("status", "text"), detail("subject", "text")),
    table="tickets",
)
ANSWERS: Final = Unit(
    "answers",
    (key("file_id", "count", aside=True), key("row", "count", aside=True)),
    (detail("answered_at", "date", "answered"), detail("channel", "text"), detail("agent", "text")),
    (
        detail("ticket_id", "text", "ticket"),
        detail("customer_id", "text", "customer"),
        detail("comment", "text"),
        detail("file", "text", aside=True),
    ),
)
RESPONDENTS: Final = Unit(
    "respondents",
    (
        key("customer_id", label="Customer"),
        key("answered_at", "date", "answered"),
        key("ticket_id", label="Ticket"),
        key("order_id", label="Order", aside=True),
    ),
)
ORDERS: Final = Unit(
    "orders",
    (key("source", aside=True), key("order_id", label="Order")),
    (detail("ordered_at", "date", "ordered"), detail("customer_id", "text", "customer")),
    (detail("channel", "text"), detail("product", "text")),
    table="orders",
)
CUSTOMERS: Final = Unit("customers", (key("customer_id", label="Customer"),))
USERS: Final = Unit("users", (key("user_id", label="User"),))


@dataclass(frozen=True)
class Cases:
    """The rows behind a metric's figures, not yet read: `values` are columns of `behind`, `parts` the names that may be
    asked for with their conditions, `order` the columns that sort, most telling first and without ties.

    `beside` are parts of another unit. `every` counts of how many the cases are, where those are not all of `behind`,
    and `among` has the condition on them for a name whose cases are some of others: of those of which it is known;
    `told_later` gives of the rows that are shown what takes long to tell of all: values of some columns for each.
    `tells` says which rows make a figure that is no count what it is, `counts` which are the number that a figure of
    another name is. `first` are columns that sort the rows of a name before `order` does.
    """

    unit: Unit
    sql: str
    selections: tuple[Selection, ...]
    values: tuple[Column, ...]
    parts: Mapping[str, str]
    order: tuple[str, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    scope: Scope = field(default_factory=Scope)
    notes: tuple[str, ...] = ()
    beside: Mapping[str, Cases] = field(default_factory=dict)
    every: str = "count(*)"
    among: Mapping[str, str] = field(default_factory=dict)
    told_later: Callable[[Sequence[Mapping[str, Value]]], Sequence[Mapping[str, Value]]] | None = None
    tells: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, str] = field(default_factory=dict)
    first: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """What may be asked for."""
        return (*self.parts, *self.beside)

    def telling(self, figure: str, place: Mapping[str, str]) -> str:
        """The name of the rows that made a figure what it is: what it counts, else what `tells` says of it; empty where
        nothing does.

        `place` are the values of a slice: of a funnel those who dropped at its step are meant.
        """
        at_step = f"dropped:{place.get('step', '')}"
        if at_step in self.parts:
            return at_step
        return self.tells.get(figure, figure if figure in self.names else self.counts.get(figure, ""))

    def named(self, asked: str, figures: Sequence[Column]) -> str:
        """The name of the rows that are asked for by theirs or by a figure's: those that a count counts, and of a
        share, a mean or a quantile those of its n. Raises UsageError for another figure, with the names known."""
        n = next((one.n for one in figures if one.name == asked and one.kind != "count"), "")
        found = next((self.counts.get(one, one) for one in (asked, n) if one in {*self.names, *self.counts}), "")
        if not found and any(one.name == asked for one in figures):
            raise UsageError(
                f"--rows {asked}: this figure is no number of {self.unit.noun}, nor reckoned from a part of them alone",
                hint=f"--rows {self.names[0]} lists the {self.unit.noun} behind it; known: {', '.join(self.names)}",
            )
        return found or asked

    def of(self, name: str) -> Cases:
        """The cases that have this name. Raises UsageError with the known ones."""
        if name in self.parts:
            return self
        if name not in self.beside:
            raise unknown("value for --rows", name, self.names)
        return self.beside[name]


def rows_behind(
    store: Store,
    cases: Cases,
    name: str,
    top: int | None,
    metric: str,
    title: str,
    place: Mapping[str, str] | None = None,
) -> Result:
    """The rows of a name as a Result, at most `top` of them; `rows` says how many there are, `of` of how many.

    Where there is a `place`, the rows that have these values of the dimensions asked for.
    """
    if top is not None and top < 1:
        raise UsageError(f"--top {top}: at least 1", hint="for example --top 10")
    asked = cases.of(name)
    selection = asked.selections[0]
    columns = _shown(asked, selection)
    values = [(place or {}).get(dimension) for dimension in selection.by]
    held = {f"place_{number}": value for number, value in enumerate(values, 1) if value is not None}
    inside = "".join(f" and by_{slot.removeprefix('place_')} = ${slot}" for slot in held)
    every = f"count(*) filter (where {asked.among[name]})" if name in asked.among else asked.every
    order = (*asked.first.get(name, ()), *asked.order)
    sql = _query(asked, f"({asked.parts[name]}){inside}", every, columns, order)
    found = store.rows(sql, *asked.selections, **asked.parameters, **held, top_rows=top)
    (chosen, known, *_), *_ = found
    zone = ZoneInfo(store.zone)
    rows = [
        tuple(_plain(value, zone) for value in (*selection.values(by_1, by_2, start), *own))
        for _, _, by_1, by_2, start, *own in found
        if chosen
    ]
    keys = named_apart(selection.columns, (*columns, *FACTS))
    arranged = [_arranged(columns, len(keys), row) for row in rows]
    shown = (*_keys(columns), *keys, *_details(columns))
    if asked.told_later is not None:
        records = [dict(zip((column.name for column in shown), row, strict=True)) for row in arranged]
        told = zip(records, asked.told_later(records), strict=True)
        arranged = [tuple({**record, **later}.values()) for record, later in told]
    return Result(
        metric=metric,
        title=f"{title}: {asked.unit.noun}, {name}",
        definition=f"the {asked.unit.noun} behind the figures of {metric}; most telling first",
        columns=_with_unsaid_aside(shown, arranged),
        rows=tuple(arranged),
        facts={"rows": chosen if known else None, "of": known},
        fact_columns=FACTS,
        notes=(*((f"the first {top:,} of {chosen:,}",) if top is not None and chosen > top else ()), *asked.notes),
        scope=asked.scope,
    )


def _shown(cases: Cases, selection: Selection) -> tuple[Column, ...]:
    """The columns of the rows without the dimensions, which stand for those of their names."""
    unit = cases.unit
    every = (*unit.keys, *unit.first, *cases.values, *unit.last)
    return tuple(column for column in every if column.role == "key" or column.name not in selection.by)


def _query(cases: Cases, condition: str, every: str, columns: Sequence[Column], order: Sequence[str]) -> str:
    unit = cases.unit
    told = {column.name for column in (*unit.first, *unit.last)} if unit.table else set()
    shown = ", ".join(f"{'told' if column.name in told else 'chosen'}.{column.name}" for column in columns)
    return f"""{cases.sql.rstrip()},
     total as (
        select count(*) filter (where {condition}) as chosen_rows, {every} as every_row
          from behind),
     chosen as (
        select *
          from behind
         where {condition}
         order by {", ".join(order)}
         limit $top_rows)
select total.chosen_rows, total.every_row, chosen.by_1, chosen.by_2, chosen.over_start, {shown}
  from total
  left join chosen on true
  {unit.join}
 order by {", ".join(f"chosen.{one}" for one in order)}
"""


def _keys(columns: Sequence[Column]) -> tuple[Column, ...]:
    return tuple(column for column in columns if column.role == "key")


def _details(columns: Sequence[Column]) -> tuple[Column, ...]:
    return tuple(column for column in columns if column.role != "key")


def _arranged(columns: Sequence[Column], dimensions: int, row: tuple[Value, ...]) -> tuple[Value, ...]:
    """The values of a row, dimensions first, with what names the case before them."""
    own = dict(zip((column.name for column in columns), row[dimensions:], strict=True))
    keys, rest = _keys(columns), _details(columns)
    return (*(own[one.name] for one in keys), *row[:dimensions], *(own[one.name] for one in rest))


def _with_unsaid_aside(columns: Sequence[Column], rows: Sequence[tuple[Value, ...]]) -> tuple[Column, ...]:
    """The columns; a table for people has none of which no row says anything."""
    said = [any(row[place] is not None for row in rows) for place in range(len(columns))]
    return tuple(
        column if told or column.role == "key" else replace(column, aside=True)
        for column, told in zip(columns, said, strict=True)
    )


def _plain(value: Any, zone: ZoneInfo) -> Value:
    """A value of a query as a Result has it: instants in the time zone of the store, what is empty is null."""
    if isinstance(value, datetime):
        return value.astimezone(zone)
    if isinstance(value, str):
        return value.strip() or None
    found: Value = value
    return found
