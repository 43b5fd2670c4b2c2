"""The rows a metric reads: a table cut to conditions, as-of and period, with its dimensions as columns.

A selection is a CTE that shadows its table. It is put together from fixed clauses; every value is bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from typing import Any, Final

from supportkit.errors import UsageError, unknown
from supportkit.period import Over, Period, containing, midnight
from supportkit.result import Column, Value, key
from supportkit.store.conditions import Condition
from supportkit.store.day_columns import DayColumns, day_zone_sql, whole_days_sql
from supportkit.store.deciding import deciding
from supportkit.store.dimension_names import TOPIC, WORDING, dimension_names, has_topic, no_column
from supportkit.store.lined_orders import LINED, property_path
from supportkit.store.matching import ComparedColumn, kind_of, selects
from supportkit.store.order_states import REVENUE, counted, state_sql
from supportkit.store.parameters import Dimension
from supportkit.store.schema import PROVENANCE, Table
from supportkit.store.ticket_bands import BANDS, band
from supportkit.store.ticket_states import COUNTED as COUNTED_TICKET
from supportkit.store.ticket_states import COUNTED_WITH_MERGED, GONE, GONE_BUT_MERGED, asks_for_state
from supportkit.system.frozen import dataclass

__all__ = ["Dimension", "Selection", "split_dimensions"]

SEVERAL: Final = "a ticket with several tags is in several rows, so the rows may exceed the total"
SQL_TOPIC: Final = """coalesce((select place.{name} from ticket_topic as place
                 where place.source = tickets.source and place.ticket_id = tickets.ticket_id), 'unassigned')"""
SQL_TOPIC_OF_TICKET: Final = """(select min(coalesce(place.{name}, 'unassigned')) from ticket_topic as place
                 where place.ticket_id = {table}.ticket_id)"""


@dataclass(frozen=True)
class Selection:
    """A table as a metric sees it: `sql` replaces the table, `parameters` are bound with it.

    `left_out` are the tickets that do not count, as the end of a query with its parameters; None where there are none.
    """

    table: Table
    sql: str
    parameters: Mapping[str, Any]
    period: Period
    by: tuple[str, ...] = ()
    over: Over | None = None
    coverage: tuple[str, Mapping[str, Any]] = ("", field(default_factory=dict))
    ignored: tuple[Condition, ...] = ()
    left_out: tuple[str, Mapping[str, Any]] | None = None
    lined: frozenset[str] = frozenset()
    """Columns of the lines of orders that are asked for: the rows are lines then."""

    @property
    def by_line(self) -> tuple[str, ...]:
        """The dimensions that differ within orders; see NOTE in lined_orders."""
        return tuple(name for name in self.by if name in self.lined)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The dimensions asked for as columns of a result: `--by` first, then the period of `--over`."""
        dimensions = tuple(key(name) for name in self.by)
        return (*dimensions, key("period", "period")) if self.over else dimensions

    @property
    def several(self) -> bool:
        """Whether a row of the table may be several rows here, as a ticket split by its tags; see SEVERAL."""
        return "tags" in self.by and "tags" in self.table.names

    def values(self, by_1: str | None, by_2: str | None, over_start: date | None) -> tuple[Value, ...]:
        """The dimension values of one row, along `columns`."""
        dimensions: tuple[Value, ...] = (by_1, by_2)[: len(self.by)]
        if self.over is None:
            return dimensions
        return (*dimensions, containing(over_start, self.over).name if over_start else None)


def split_dimensions(by: str | None) -> tuple[str, ...]:
    """The names in a `--by`: at most two, none twice."""
    names = tuple(name.strip() for name in (by or "").split(",") if name.strip())
    if len(names) > 2 or len(set(names)) != len(names):
        raise UsageError(f"--by {by}: at most two different dimensions", hint="for example --by country,channel")
    return names


def select(
    table: Table,
    properties: frozenset[str],
    *,
    zone: str,
    bound: datetime | None,
    conditions: tuple[Condition, ...],
    period: Period,
    by: str | None,
    over: Over | None,
    revenue: Iterable[str] = REVENUE,
    days: DayColumns | None = None,
    gone: bool = False,
    merged: bool = False,
    lined: frozenset[str] = frozenset(),
    old_words: bool = True,
) -> Selection:
    """The selection of one table; `days` are those of its columns that hold days, `gone` says that there are tickets
    that do not count, `merged` that those merged into others do, `lined` which columns are of the lines of orders, and
    `old_words` that some of these may have a state as an older release wrote it.

    Raises UsageError for a dimension or a condition that it does not have.
    """
    parameters: dict[str, Any] = {}
    dimensions = []
    names = split_dimensions(by)
    for number, name in enumerate((*names, None, None)[:2], 1):
        dimensions.append(f"{_dimension(table, name, number, properties, parameters, lined)} as by_{number}")
    start = "cast(null as date)"
    if over is not None:
        start = f"cast(date_trunc('{_grain(over)}', {table.time} at time zone ${table.name}_zone) as date)"
        parameters[f"{table.name}_zone"] = zone
    clauses, ignored = condition_clauses(table, conditions, properties, parameters, zone, lined=lined)
    base = LINED if lined else f"main.{table.name}"
    left, counted_ones = (GONE_BUT_MERGED, COUNTED_WITH_MERGED) if merged else (GONE, COUNTED_TICKET)
    out = [left, *clauses] if gone and not asks_for_state(conditions) else []
    clauses += [counted_ones] if out else []
    coverage_where = " and ".join(clauses) or "true"
    coverage_parameters = {k: v for k, v in parameters.items() if "_where_" in k}
    inside = []
    if bound is not None:
        inside.append(f"{table.time} <= ${table.name}_bound")
        parameters[f"{table.name}_bound"] = bound
    for side, day, operator in (("start", period.start, ">="), ("end", period.end, "<")):
        if day is not None:
            inside.append(f"{table.time} {operator} ${table.name}_{side}")
            parameters[f"{table.name}_{side}"] = midnight(day, zone)
    where = " and ".join([*clauses, *inside]) or "true"
    judged = ""
    if table.name == "orders":
        state = state_sql(old_words=old_words)
        judged = f", {state} as order_state, list_contains(cast($orders_counted as varchar[]), {state}) as counts"
        parameters["orders_counted"] = counted(revenue)
    if table.name == "surveys":
        since = "superseded_at <= $surveys_bound" if bound is not None else "superseded_at is not null"
        judged = f", coalesce({since}, false) as superseded"
    if table.name in ("tickets", "messages"):
        judged += f", {day_zone_sql(days or {}, table.name, parameters, zone)} as day_zone"
    every = f"*{whole_days_sql(days, parameters, zone)}" if days and table.name == "tickets" else "*"
    sql = f"select {every}, {', '.join(dimensions)}, {start} as over_start{judged} from {base} where {where}"
    coverage = f"from {base} where {coverage_where}"
    left_out = None
    if out:
        sides = ("_bound", "_start", "_end")
        named = {k: v for k, v in parameters.items() if "_where_" in k or k.removeprefix(table.name) in sides}
        left_out = (f"from main.{table.name} where {' and '.join([*out, *inside])}", named)
    return Selection(
        table, sql, parameters, period, names, over, (coverage, coverage_parameters), ignored, left_out, lined
    )


def _grain(over: str) -> str:
    if over not in ("day", "week", "month"):
        raise unknown("grain for --over", over, ("day", "week", "month"))
    return over


def _dimension(
    table: Table,
    name: str | None,
    number: int,
    properties: frozenset[str],
    parameters: dict[str, Any],
    lined: frozenset[str],
) -> str:
    """The SQL for a dimension: a fixed column name, or a property by a bound key; null becomes (none)."""
    if name is None:
        return "cast(null as varchar)"
    if name == "tags" and "tags" in table.names:  # as Selection.several says
        return "unnest(case when len(tags) > 0 then list_distinct(tags) else ['(none)'] end)"
    column = column_of(table, name, f"by_{number}", properties, parameters, lined)
    if name in table.names:  # a third faster on millions of rows than the nullif below
        return f"case when {column} <> '' then {column} else '(none)' end"
    return f"coalesce(nullif({column}, ''), '(none)')"


def column_of(
    table: Table,
    name: str,
    slot: str,
    properties: frozenset[str],
    parameters: dict[str, Any],
    lined: frozenset[str] = frozenset(),
) -> str:
    """A column as text, an extra one by a bound key; UsageError for one that the table does not have."""
    if has_topic(table) and (name == TOPIC or (name == WORDING and name not in properties)):
        return (SQL_TOPIC if table.name == "tickets" else SQL_TOPIC_OF_TICKET).format(name=name, table=table.name)
    if name in table.names or name in PROVENANCE[:2] or name in lined - properties:
        return f"cast({name} as varchar)"
    if name in BANDS and has_topic(table) and name not in properties:
        return band(name, table.name)
    if name in properties:
        parameters[f"{table.name}_{slot}"] = property_path(name)
        return f"json_extract_string({'line_properties' if name in lined else 'properties'}, ${table.name}_{slot})"
    if (alike := as_called(table, name, properties)) != name:
        return column_of(table, alike, slot, properties, parameters, lined)
    raise no_column(table, name, properties)


def as_called(table: Table, name: str, properties: frozenset[str]) -> str:
    """A column as the table calls it where a name differs from that in its capitals alone; else the name as it is."""
    known = dict.fromkeys(dimension_names(table, properties))
    alike = [one for one in known if one.casefold() == name.casefold()]
    return alike[0] if name not in known and len(alike) == 1 else name


def condition_clauses(
    table: Table,
    conditions: tuple[Condition, ...],
    properties: frozenset[str],
    parameters: dict[str, Any],
    zone: str,
    place: str = "where",
    lined: frozenset[str] = frozenset(),
) -> tuple[list[str], tuple[Condition, ...]]:
    """Clauses for the conditions whose column the table has, their values added to `parameters`; the others."""
    clauses, ignored = [], []
    for number, condition in enumerate(conditions):
        slot = f"{place}_{number}"

        def bind(value: Any, slot: str = slot) -> str:
            name = f"{table.name}_{slot}"
            name = name if name not in parameters else f"{name}_{len(parameters)}"
            parameters[name] = value
            return f"${name}"

        try:
            column = _compared(table, condition.column, f"{slot}_name", properties, parameters, lined)
        except UsageError:
            ignored.append(condition)
            continue
        clause = selects(column, condition, bind, zone)
        for written in _written(table, condition):
            beside = _compared(table, written, f"{slot}_name", properties, parameters)
            either = "and" if condition.operator in ("!=", "not in", "not like") else "or"
            first, *more = filter(None, condition.values)  # what is empty is told by the meaning alone
            words = replace(condition, value=first, more=tuple(more))
            clause = f"({clause} {either} {selects(beside, words, bind, zone)})"
        clauses.append(clause)
    return clauses, tuple(ignored)


def _written(table: Table, condition: Condition) -> list[str]:
    """The column in which the words of a deciding one stand as written: a condition finds the meaning and the word."""
    if not any(condition.values):
        return []
    return [one.written for one in deciding(table.name) if one.column == condition.column]


def _compared(
    table: Table,
    name: str,
    slot: str,
    properties: frozenset[str],
    parameters: dict[str, Any],
    lined: frozenset[str] = frozenset(),
) -> ComparedColumn:
    """A column as conditions see it. Raises UsageError for one that the table does not have."""
    text = column_of(table, name, slot, properties, parameters, lined)
    field = next((field for field in table.fields if field.name == name), None)
    kind = kind_of(field.type) if field else "any" if name in properties | lined else "text"
    return ComparedColumn(kind, text, name if field else "", f"try_cast({text} as double)")
