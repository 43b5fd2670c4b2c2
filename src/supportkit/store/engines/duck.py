"""DuckDB on this machine: a store's file, or memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportkit.store.engines.local_times import quick_in_utc
from supportkit.store.engines.pushed import pushed
from supportkit.store.identifiers import quoted
from supportkit.store.ours import is_there
from supportkit.system.ending import left_to_the_end
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Duck:
    """A connection of ours, and the names of the temporary tables that were made on it."""

    connection: DuckDBPyConnection
    _kept: set[str] = field(default_factory=set, repr=False, compare=False)

    def refuses(self, metric: str) -> str:
        """Why a metric is not asked here: no query of ours is another than DuckDB's."""
        return ""

    @property
    def kept(self) -> frozenset[str]:
        """The names of the tables that are kept for a while."""
        return frozenset(self._kept)

    @property
    def told(self) -> str:
        """What answers, in words."""
        from supportkit.system.duckdb_engine import duckdb

        return f"DuckDB {duckdb.__version__}"

    @property
    def spreads(self) -> bool:
        """Whether many machines share what is asked at once."""
        return False

    def rows(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows of a query; `$name` in it is a parameter."""
        return self._asked(sql, parameters).fetchall()

    def named_rows(self, sql: str, parameters: Mapping[str, Any]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The names of a query's columns, and its rows."""
        found = self._asked(sql, parameters)
        return tuple(name for name, *_ in found.description or ()), found.fetchall()

    def column(self, sql: str, parameters: Mapping[str, Any]) -> Any:
        """The one column of a query as a numpy array."""
        (found,) = self._asked(sql, parameters).fetchnumpy().values()
        return found

    def _asked(self, sql: str, parameters: Mapping[str, Any]) -> DuckDBPyConnection:
        return self.connection.execute(quick_in_utc(sql), dict(parameters))

    def has(self, table: str) -> bool:
        """Whether there is such a table: one of ours that an older store may lack, or one that is kept."""
        return table in self._kept or is_there(self.connection, table)

    def keep(self, name: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Keep the rows of a query as a table."""
        self._asked(f"create or replace temp table {quoted(name)} as {sql}", parameters)
        self._kept.add(name)

    def push(self, name: str, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Keep a small table of these columns (with their types) and rows."""
        self.keep(name, *pushed(columns, rows))

    def drop(self, name: str) -> None:
        """Keep a table no longer."""
        self.connection.execute(f"drop table temp.{quoted(name)}")
        self._kept.discard(name)

    def interrupt(self) -> None:
        """Stop the query that runs."""
        self.connection.interrupt()

    def let_go(self) -> None:
        """Close it, or leave that to the end of the process where it is near and nothing was spilled."""
        spill = self.rows("select current_setting('temp_directory')", {})[0][0]
        if (spill and Path(spill).exists()) or not left_to_the_end(self.connection):
            self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()
