"""Two engines in the place of one: what the first one answers is the answer, and is compared with the second's."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from supportkit.errors import DataError
from supportkit.store.engines import Engine
from supportkit.store.engines.pushed import pushed
from supportkit.store.engines.spark import HERE, refusal
from supportkit.store.engines.spark_translation import kinds_of, translated
from supportkit.store.migrations import OURS
from supportkit.store.written_query import with_values

Rows = list[tuple[Any, ...]]

OTHER_ROWS: Final = "other rows"


@dataclass
class Both:
    """Two engines over the same rows; without a second one it is only seen what would be asked of it."""

    first: Engine
    second: Engine | None
    rows_are: str = ""
    """Which rows they are, for the digests."""

    seconds: list[float] = field(default_factory=lambda: [0.0, 0.0])
    """What each engine took for the queries that were run."""

    queries: int = 0
    run: int = 0
    faults: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    """The digests of queries whose rows and columns were equal: asked again of the same rows, they are not run."""

    asked: set[str] = field(default_factory=set)
    """The digests of all queries."""

    instants: dict[str, list[str]] = field(default_factory=dict)
    """The queries that differ in instants alone, by their common digest, as they were first asked."""

    made: dict[str, str] = field(default_factory=dict)
    """What the tables are that are kept, as digests."""

    @property
    def told(self) -> str:
        """What answers."""
        return self.first.told

    @property
    def kept(self) -> frozenset[str]:
        """The tables that are kept."""
        return self.first.kept

    def refuses(self, metric: str) -> str:
        """Why it is not tried; what is not proved is tried, for that is the question."""
        return refusal(metric) if metric in HERE else ""

    @property
    def spreads(self) -> bool:
        """Whether many machines share what is asked at once, as they do for the second one."""
        return True

    def rows(self, sql: str, parameters: Mapping[str, Any]) -> Rows:
        """The rows of the first, compared with the second's."""
        return self.named_rows(sql, parameters)[1]

    def named_rows(self, sql: str, parameters: Mapping[str, Any]) -> tuple[tuple[str, ...], Rows]:
        """The same with the names, of which those that a query gives are compared too: a record is made by them."""
        start = time.perf_counter()
        names, rows = self.first.named_rows(sql, parameters)
        took = time.perf_counter() - start
        text = with_values(sql, parameters)
        self.asked.add(digest := self._digest(text))
        if self.second is None:
            return names, rows
        self.queries += 1
        if digest not in self.known:
            start = time.perf_counter()
            try:
                others = self.second.named_rows(sql, parameters)
            except DataError as error:
                self.faults.append(error.message)
                return names, rows
            self.run += 1
            self.seconds[0] += took
            self.seconds[1] += time.perf_counter() - start
            if given(others[0]) != given(names) or [alike(row) for row in rows] != [alike(row) for row in others[1]]:
                self.faults.append(f"{OTHER_ROWS}: {' '.join(sql.split())[:80]} …")
                return names, rows
            self.known.add(digest)
        self.kinds |= kinds_of(text)
        return names, rows

    def _digest(self, text: str) -> str:
        """A query in DuckDB's words and in Spark's, and what the kept tables are that it reads, as a digest; without
        instants, which may be those of a load: of those that differ in these alone, each has its number."""
        try:
            other = translated(text, dict.fromkeys(OURS))
        except DataError as error:
            other = error.message
        made = [what for name, what in sorted(self.made.items()) if name in text]
        words = "\n".join((self.rows_are, text, other, *made))
        digest = sha256(re.sub(r"'\d{4}-\d\d-\d\d[ T][^']*'", "''", words).encode()).hexdigest()[:12]
        alike = self.instants.setdefault(digest, [])
        if words not in alike:
            alike.append(words)
        return f"{digest}-{alike.index(words)}" if alike.index(words) else digest

    def column(self, sql: str, parameters: Mapping[str, Any]) -> Any:
        """One column as an array."""
        self.named_rows(sql, parameters)
        return self.first.column(sql, parameters)

    def has(self, table: str) -> bool:
        """Whether both have a table."""
        found = self.first.has(table)
        assert self.second is None or self.second.has(table) == found or table in self.first.kept, table
        return found

    def keep(self, name: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Keep a table in both."""
        self.first.keep(name, sql, parameters)
        self.made[name] = self._digest(with_values(sql, parameters))
        if self.second is not None:
            try:
                self.second.keep(name, sql, parameters)
            except DataError as error:
                self.faults.append(error.message)

    def push(self, name: str, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Keep a small table in both."""
        values = list(rows)
        self.first.push(name, columns, values)
        self.made[name] = self._digest(with_values(*pushed(columns, values)))
        if self.second is not None:
            try:
                self.second.push(name, columns, values)
            except DataError as error:
                self.faults.append(error.message)

    def drop(self, name: str) -> None:
        """Drop it in both."""
        self.first.drop(name)
        del self.made[name]
        if self.second is not None and name in self.second.kept:
            self.second.drop(name)

    def interrupt(self) -> None:
        """Stop both."""
        self.first.interrupt()
        if self.second is not None:
            self.second.interrupt()

    def let_go(self) -> None:
        """Close both."""
        self.close()

    def close(self) -> None:
        """Let go of both."""
        self.first.close()
        if self.second is not None:
            self.second.close()


def given(names: Iterable[str]) -> list[str]:
    """The names that a query gives, and for an expression without one, which each engine calls as it likes, none."""
    return [name if name.isidentifier() else "" for name in names]


def alike(value: Any) -> Any:
    """A value by which two engines' answers are compared: numbers to nine digits, whatever their type."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        number = float(value)
        return "nan" if math.isnan(number) else float(f"{number:.9e}")
    return tuple(alike(one) for one in value) if isinstance(value, list | tuple) else value
