"""Where the rows of a store lie, and the little that is asked of that place: another engine is another file here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class Engine(Protocol):
    """A database that runs DuckDB's SQL over our tables. A kept table is found by its bare name until it is dropped."""

    def refuses(self, metric: str) -> str:
        """Why a metric is not asked here, in words; empty for one that is."""

    @property
    def kept(self) -> frozenset[str]:
        """The names of the tables that are kept for a while."""

    @property
    def told(self) -> str:
        """What answers, in words: its name, its version, and what it reads."""

    @property
    def spreads(self) -> bool:
        """Whether many machines share what is asked at once, which need not be asked in shares."""

    def rows(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows of a query; `$name` in it is a parameter."""

    def named_rows(self, sql: str, parameters: Mapping[str, Any]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The names of a query's columns, and its rows."""

    def column(self, sql: str, parameters: Mapping[str, Any]) -> Any:
        """The one column of a query as a numpy array."""

    def has(self, table: str) -> bool:
        """Whether there is such a table: one of ours that an older store may lack, or one that is kept."""

    def keep(self, name: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Keep the rows of a query as a table."""

    def push(self, name: str, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Keep a small table of these columns (with their types) and rows."""

    def drop(self, name: str) -> None:
        """Keep a table no longer."""

    def interrupt(self) -> None:
        """Stop the query that runs."""

    def let_go(self) -> None:
        """Close it, or leave that to the end of the process where it is near."""

    def close(self) -> None:
        """Let go of the database."""
