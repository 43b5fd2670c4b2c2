"""An open store: where its rows lie, what it is cut to, and the one way a metric asks it for rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import field, replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from supportkit.errors import DataError, UsageError, unknown
from supportkit.period import ALL, Over, Period
from supportkit.result import Scope
from supportkit.store.conditions import Condition
from supportkit.store.customer_texts import refuse_texts
from supportkit.store.day_columns import SQL as DAYS_SQL
from supportkit.store.day_columns import DayColumns, day_columns
from supportkit.store.dimension_names import TOPIC, WORDING, dimension_names, has_topic, no_column
from supportkit.store.engines import Engine
from supportkit.store.engines.duck import Duck
from supportkit.store.file_errors import with_named_errors
from supportkit.store.lined_orders import lined_names
from supportkit.store.order_states import OLD_WORDS, REVENUE
from supportkit.store.ours import confine
from supportkit.store.reach import coverage, instant_of, scope_of
from supportkit.store.schema import TABLES, Table
from supportkit.store.selection import (
    Selection,
    as_called,
    column_of,
    condition_clauses,
    select,
    split_dimensions,
)
from supportkit.store.ticket_states import GONE
from supportkit.store.written_query import with_values
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple
from supportkit.system.signals import interruptible

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


Row = TypeVar("Row", bound=NamedTuple)


class AskedQuery(NamedTuple):
    """A query: as the metric has it, as it was run, and whether it reads a table that is kept for one run."""

    sql: str
    run: str
    passing: bool


@dataclass(frozen=True)
class Store:
    """A store open for reading; close it, or use it in a `with`."""

    engine: Engine
    path: Path | None = None
    zone: str = "UTC"
    currency: str | None = None
    revenue: tuple[str, ...] = REVENUE
    """The states of an order that are revenue."""

    complete_from: date | None = None
    """The day from which on the orders are complete: whoever first ordered before it had perhaps ordered earlier."""

    conditions: tuple[Condition, ...] = ()
    as_of: datetime | None = None
    known_as: Callable[[str], str] = str
    """How a customer's id that a person writes stands in this store: an e-mail there is a pseudonym."""

    settled: bool = False
    """Whether nothing is loaded into it any more, as into no file that is open for reading."""

    read_once: bool = False
    """Whether a command reads it and is done: then closing it may be left to the end of the process."""

    figures_only: bool = False
    """Whether nobody reads the notes of a Result: what is asked for notes alone is then left out."""

    texts_only_by: tuple[Condition, ...] | None = None
    """Where it is not None, no figure is split by what customers wrote nor cut to it, but by these conditions."""

    queries: list[AskedQuery] | None = field(default=None, repr=False, compare=False)
    """Where there is a list, each query of a metric is kept in it."""

    _closing: ExitStack = field(default_factory=ExitStack, repr=False, compare=False)
    _known_rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict, repr=False, compare=False)

    def __enter__(self) -> Store:
        self._closing.enter_context(with_named_errors(self.path))
        self._closing.enter_context(interruptible(self.engine.interrupt))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._closing.__exit__(kind, error, trace)
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self.read_once:
            self.engine.let_go()
        else:
            self.engine.close()

    @property
    def connection(self) -> DuckDBPyConnection:
        """DuckDB's own connection, for what writes a store; nothing else asks for it."""
        assert isinstance(self.engine, Duck)
        return self.engine.connection

    def filtered(self, conditions: Iterable[Condition] = (), as_of: datetime | None = None) -> Store:
        """The same store, filtered by conditions, and to what was known at an instant."""
        return replace(self, conditions=(*self.conditions, *conditions), as_of=as_of or self.as_of)

    @property
    def unfiltered(self) -> Store:
        """The same store without its conditions: how far the data reach does not depend on who is looked at."""
        return replace(self, conditions=())

    def select(
        self,
        table: str,
        *,
        period: Period = ALL,
        by: str | None = None,
        over: Over | None = None,
        joined: bool = False,
        merged: bool = False,
    ) -> Selection:
        """The rows of a table in a period, with `by_1`, `by_2` and `over_start`; see `store.rows`.

        A `joined` table only serves rows of another one, so the conditions are not for it. With `merged`, tickets that
        were merged into others count too.
        Raises UsageError for an unknown table or dimension.
        """
        conditioned = () if joined else self.conditions
        refuse_texts(self, table, split_dimensions(by), conditioned)
        self._place_topics(table, *split_dimensions(by), *(condition.column for condition in conditioned))
        asked = (*split_dimensions(by), *(condition.column for condition in conditioned))
        return select(
            self._table(table),
            self.properties(table),
            lined=lined_names(self, asked, self.properties(table)) if table == "orders" else frozenset(),
            zone=self.zone,
            bound=self.last_instant(),
            conditions=conditioned,
            period=period,
            by=by,
            over=over,
            revenue=self.revenue,
            days=self.day_columns(table) if table in ("tickets", "messages") else None,
            gone=table == "tickets" and self.has_rows(table, GONE),
            merged=merged,
            old_words=table == "orders" and self.has_rows(table, OLD_WORDS),
        )

    def as_called(self, table: str, by: str) -> str:
        """The columns of a `--by` as the table calls them: country for COUNTRY, State for state."""
        found = self._table(table)
        return ",".join(as_called(found, name, self.properties(table)) for name in split_dimensions(by))

    def without_dimensions(self, selection: Selection) -> Selection:
        """The same rows, each once: a selection without its dimensions, for the total."""
        return self.select(selection.table.name, period=selection.period, over=selection.over)

    @property
    def spreads(self) -> bool:
        """Whether many machines share what is asked at once, which need not be asked in shares."""
        return self.engine.spreads

    def rows(self, sql: str, *selections: Selection, **parameters: Any) -> list[tuple[Any, ...]]:
        """Run a metric's query; inside it each selected table is cut, and has its dimension columns."""
        return self.engine.rows(*self._asked(sql, selections, parameters))

    def records(self, row: type[Row], sql: str, *selections: Selection, **parameters: Any) -> list[Row]:
        """The same, each row a named tuple; its fields are the query's columns, name for name and in their order."""
        names, rows = self.engine.named_rows(*self._asked(sql, selections, parameters))
        assert names == row._fields, f"{row.__name__} has the fields {row._fields}, its query the columns {names}"
        return [row._make(values) for values in rows]

    def column(self, sql: str, *selections: Selection, **parameters: Any) -> Any:
        """The one column of a query as a numpy array, for counting at scale."""
        return self.engine.column(*self._asked(sql, selections, parameters))

    def _asked(
        self, sql: str, selections: Iterable[Selection], parameters: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        text = with_selections(sql, selections)
        bound = {name: value for part in selections for name, value in part.parameters.items()} | dict(parameters)
        if self.queries is not None:
            passing = any(re.search(rf"\b{re.escape(name)}\b", text) for name in self.engine.kept)
            self.queries.append(AskedQuery(sql, with_values(text, bound), passing))
        return text, bound

    @contextmanager
    def temporary_table(self, name: str, sql: str, *selections: Selection, **parameters: Any) -> Iterator[None]:
        """While this lasts, the rows of a query are a table: for what is read several times."""
        self.engine.keep(name, *self._asked(sql, selections, parameters))
        try:
            yield
        finally:
            self.engine.drop(name)

    def refuse_unproved(self, asked: str) -> None:
        """Raise DataError for what the engine has not been proved to answer as DuckDB does."""
        if why := self.engine.refuses(asked):
            raise DataError(why, hint="ask the same of the folder on one machine: --db parquet:FOLDER")

    def confine(self, folder: Path | None = None) -> None:
        """Let no query reach a file from here on, but to write to a folder."""
        confine(self.connection, folder)

    def has(self, table: str) -> bool:
        """Whether there is such a table: one that an older store may lack, or one that is kept."""
        return self.engine.has(table)

    def clause(self, table: str, conditions: tuple[Condition, ...], place: str) -> tuple[str, dict[str, Any]]:
        """Conditions as SQL over a selected table, with its parameters; `place` keeps their names apart.

        Raises UsageError for a column that the table does not have.
        """
        parameters: dict[str, Any] = {}
        found = self._table(table)
        refuse_texts(self, table, (), conditions)
        self._place_topics(table, *(condition.column for condition in conditions))
        clauses, others = condition_clauses(found, conditions, self.properties(table), parameters, self.zone, place)
        for condition in others:
            raise no_column(found, condition.column, self.properties(table))
        return " and ".join(clauses) or "true", parameters

    def expression(self, table: str, name: str, place: str) -> tuple[str, dict[str, Any]]:
        """A column of a selected table as text, an extra one too, with its parameters.

        Raises UsageError for a column that the table does not have.
        """
        parameters: dict[str, Any] = {}
        found = self._table(table)
        refuse_texts(self, table, (name,), ())
        self._place_topics(table, name)
        return column_of(found, name, place, self.properties(table), parameters), parameters

    def without_column(self, tables: Iterable[str], name: str) -> UsageError | None:
        """The error for a column that none of these tables has, with the nearest that one has; None where one does.

        Of what was read for one run, which has the tables that were asked for and no others, nothing is said where one
        of these is empty.
        """
        known: list[str] = []
        for table in tables:
            found, extra = self._table(table), self.properties(table)
            lined = lined_names(self, (name,), extra) if table == "orders" else frozenset()
            try:
                column_of(found, name, "asked", extra, {}, lined)
                return None
            except UsageError:
                known += self.known_columns(found)
        if self.path is None and not all(self.has_rows(table, "true") for table in tables):
            return None
        return unknown("column", name, known)

    def properties(self, table: str) -> frozenset[str]:
        """The names of the extra columns that the exports of a table had."""
        query = "select table_name, name from property_names"
        names: dict[str, set[str]] = {}
        for of, name in self.fixed(query):
            names.setdefault(of, set()).add(name)
        return frozenset(names.get(table, ()))

    def day_columns(self, table: str) -> DayColumns:
        """The columns of instants of a table that hold days, with the sources of which they do."""
        return day_columns(self.fixed(DAYS_SQL), table)

    def last_instant(self) -> datetime | None:
        """The last instant that counts: as-of when given, else the last load."""
        if self.as_of is not None:
            return self.as_of
        (row,) = self.fixed("select epoch_us(max(loaded_at)) from loads")
        return instant_of(row[0])

    def fixed(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """What does not change in a store that is settled, as one that is open for reading: asked for once."""
        asked = f"{query} {sorted(parameters.items())}"
        if not (self.path or self.settled) or asked not in self._known_rows:
            self._known_rows[asked] = self.engine.rows(query, parameters)
        return self._known_rows[asked]

    def latest(self, *tables: str) -> datetime | None:
        """The latest instant in tables that is not after `last_instant`: the default as-of of a metric."""
        found = [coverage(self, self.select(table)).latest for table in tables]
        return max((instant for instant in found if instant is not None), default=None)

    def scope(
        self,
        selection: Selection,
        *others: Selection,
        by: Sequence[str] = (),
        figures: Mapping[str, Sequence[str]] | None = None,
        asked_period: Period | None = None,
    ) -> tuple[Scope, tuple[str, ...]]:
        """What figures from these selections cover, and notes on what was left out of them and on words that nobody
        knows; `by` are columns that a metric groups by itself, `figures` those of which the words of some columns
        (`tickets.sla_resolution`) decide; `asked_period` is the period that a stock is asked for, which selects all
        days up to its end."""
        return scope_of(self, selection, *others, by=by, figures=figures or {}, asked_period=asked_period)

    def has_rows(self, table: str, condition: str) -> bool:
        """Whether a row of a table meets a condition, one of our own."""
        return bool(self.fixed(f"select 1 from main.{table} where {condition} limit 1"))

    def met(self, table: str, conditions: Sequence[str]) -> list[bool]:
        """The same of several conditions, asked at once."""
        asked = (f"(select {number} from main.{table} where {one} limit 1)" for number, one in enumerate(conditions))
        found = {number for (number,) in self.fixed(" union all ".join(asked))} if conditions else set()
        return [number in found for number in range(len(conditions))]

    def _table(self, name: str) -> Table:
        if name not in TABLES:
            raise unknown("table", name, TABLES)
        return TABLES[name]

    def _place_topics(self, table: str, *columns: str) -> None:
        """Give the tickets their topics, the first time that a column asks for them."""
        if {TOPIC, WORDING} & set(columns) and has_topic(self._table(table)):
            from supportkit.store.ticket_topics import place_topics

            self.refuse_unproved("topics")
            place_topics(self.engine, self.zone)

    def known_columns(self, table: Table) -> tuple[str, ...]:
        """All that `--by` takes of a table."""
        return dimension_names(table, self.properties(table.name))


def with_selections(sql: str, selections: Iterable[Selection]) -> str:
    """The query as run: the selections as CTEs before the metric's own."""
    ctes = ",\n     ".join(f"{part.table.name} as not materialized ({part.sql})" for part in selections)
    if not ctes:
        return sql
    body = re.sub(r"^\s*with\s", "", sql, count=1)
    joined = "," if body != sql else ""
    return f"with {ctes}{joined}\n{body}"
