"""Which metrics Spark answers as DuckDB does: every query of a metric is run on both, and the rows are compared.

    python -m benchmarks conformance            the table of metrics and engines, for docs/scale.md
    python -m benchmarks conformance --only nps csat
    python -m benchmarks conformance --write    write the list of what is proved, too

The data are the samples and a generated shop; each metric is asked as it is, by country and month, and by channel
under a condition. Rows are compared in their order, numbers to nine digits. A metric is proved where every query of
each of these questions was translated and gave the same rows. The kinds of expressions in queries with equal rows are
listed, too: Spark is asked nothing else, whatever options bring it.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from supportkit.config import Config, read_config
from supportkit.errors import DataError, SupportkitError
from supportkit.metrics import METRICS
from supportkit.request import metric_parameters, read_request, run
from supportkit.store import Store, open_store
from supportkit.store.conditions import parse_conditions
from supportkit.store.engines import Engine
from supportkit.store.engines.spark import COMPARED, HERE, PROVED, Spark, proved, refusal, words_of
from supportkit.store.engines.spark_sql import kinds_of
from supportkit.store.written_query import with_values

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
CONFIG = SAMPLES / "supportkit.toml"
LISTS = Path(__file__).parent.parent / "src" / "supportkit" / "store" / "engines"
QUESTIONS: tuple[tuple[dict[str, Any], tuple[str, ...]], ...] = (
    ({}, ()),
    ({"by": "country", "over": "month"}, ()),
    ({"by": "channel"}, ("country=DE",)),
)
MORE: dict[str, tuple[tuple[dict[str, Any], tuple[str, ...]], ...]] = {
    "causes": (({"by": "category"}, ()),),
    "funnel": (
        ({"order": "strict"}, ()),
        ({"entry": "first", "over": "month"}, ()),
        ({"by": "country", "attribution": "last"}, ("country=DE",)),
    ),
    "ltv": (({"definition": "classic", "merge_days": True}, ()),),
}
"""What is asked of a metric besides, for options that make other queries."""


@dataclass
class Both:
    """Two engines over the same rows: what the first one answers is the answer, and is compared with the second's."""

    first: Engine
    second: Engine
    seconds: float = 0.0
    queries: int = 0
    run: int = 0
    faults: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    compared: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The queries whose rows were equal, and the columns: asked again of the same rows, they are not run again."""

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
        """Whether many machines share what is asked at once."""
        return self.second.spreads

    def rows(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows of the first, compared with the second's."""
        return self._compared(sql, parameters)[1]

    def named_rows(self, sql: str, parameters: Mapping[str, Any]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The same with the names, which are compared too: a record is made by them."""
        names, rows, others = self._compared(sql, parameters)
        if others and others != names:
            self.faults.append(f"other columns: {', '.join(others)}")
        return names, rows

    def _compared(
        self, sql: str, parameters: Mapping[str, Any]
    ) -> tuple[tuple[str, ...], list[tuple[Any, ...]], tuple[str, ...]]:
        names, rows = self.first.named_rows(sql, parameters)
        text = with_values(sql, parameters)
        self.queries += 1
        if text in self.compared:
            self.kinds |= kinds_of(text)
            return names, rows, self.compared[text]
        self.run += 1
        start = time.perf_counter()
        try:
            other_names, others = self.second.named_rows(sql, parameters)
        except DataError as error:
            self.faults.append(error.message)
            return names, rows, ()
        self.seconds += time.perf_counter() - start
        if [alike(row) for row in rows] != [alike(row) for row in others]:
            self.faults.append(f"other rows: {' '.join(sql.split())[:80]} …")
        else:
            self.kinds |= kinds_of(text)
            if not any(name in text for name in self.first.kept):
                self.compared[text] = other_names
        return names, rows, other_names

    def column(self, sql: str, parameters: Mapping[str, Any]) -> Any:
        """One column as an array."""
        self._compared(sql, parameters)
        return self.first.column(sql, parameters)

    def has(self, table: str) -> bool:
        """Whether both have a table."""
        assert self.first.has(table) == self.second.has(table) or table in self.first.kept, table
        return self.first.has(table)

    def keep(self, name: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Keep a table in both."""
        self.first.keep(name, sql, parameters)
        try:
            self.second.keep(name, sql, parameters)
        except DataError as error:
            self.faults.append(error.message)

    def push(self, name: str, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Keep a small table in both."""
        given = list(rows)
        self.first.push(name, columns, given)
        try:
            self.second.push(name, columns, given)
        except DataError as error:
            self.faults.append(error.message)

    def drop(self, name: str) -> None:
        """Drop it in both."""
        self.first.drop(name)
        if name in self.second.kept:
            self.second.drop(name)

    def interrupt(self) -> None:
        """Stop both."""
        self.first.interrupt()
        self.second.interrupt()

    def close(self) -> None:
        """Let go of both."""
        self.first.close()
        self.second.close()


def alike(value: Any) -> Any:
    """A value by which two engines' answers are compared: numbers to nine digits, whatever their type."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        number = float(value)
        return "nan" if math.isnan(number) else float(f"{number:.9e}")
    return tuple(alike(one) for one in value) if isinstance(value, list | tuple) else value


@dataclass
class Verdict:
    """What became of a metric: its faults, how many questions were answered to the end, how many queries compared, how
    many of them run (the others had been, of another metric), the seconds that the second engine took for these, and
    the kinds of expressions in queries with equal rows."""

    faults: list[str] = field(default_factory=list)
    answered: int = 0
    queries: int = 0
    run: int = 0
    seconds: float = 0.0
    kinds: set[str] = field(default_factory=set)

    @property
    def is_proved(self) -> bool:
        """Whether a question at least was answered, and nothing was ever other than it should be."""
        return bool(self.answered and self.queries and not self.faults)

    @property
    def said(self) -> str:
        """In a cell."""
        if self.is_proved:
            return "equal"
        return f"refused: {self.faults[0] if self.faults else 'no question was answered'}"


def folders(place: Path) -> Iterator[tuple[Path, Config]]:
    """The samples and a generated shop as folders, each with its configuration."""
    from benchmarks import scale
    from supportkit.cli import run as command
    from supportkit.store.parquet_export import write_parquet

    db = place / "samples.duckdb"
    words = ["load", str(SAMPLES), "--db", str(db), "--config", str(CONFIG), "-q"]
    assert command(words) == 0
    with open_store(db, folder=place) as store:
        write_parquet(store, place / "samples")
    yield place / "samples", read_config(CONFIG)
    scale.make_places(place, 4_000, scale.TABLES, "month")
    (place / "shop.toml").write_text(scale.CONFIG, encoding="utf-8")
    yield place / "4000", read_config(place / "shop.toml")


def try_on(store: Store, both: Both, config: Config, name: str, verdict: Verdict) -> None:
    """Ask a metric of both engines in every way that it can be asked, and add to the verdict on it."""
    metric = METRICS[name]
    for options, conditions in (*QUESTIONS, *MORE.get(name, ())):
        given = {option: value for option, value in options.items() if option in metric_parameters(metric)}
        engine = Both(both.first, both.second, compared=both.compared)
        asked = replace(store, engine=engine).filtered(parse_conditions(conditions))
        with suppress(SupportkitError):  # a shop without what a metric needs
            run(asked, read_request(metric, given, config))
            verdict.answered += 1
        verdict.faults += [fault for fault in dict.fromkeys(engine.faults) if fault not in verdict.faults]
        verdict.queries += engine.queries
        verdict.run += engine.run
        verdict.seconds += engine.seconds
        verdict.kinds |= engine.kinds
    print(f"{name}: {verdict.said}, {verdict.queries} queries, {verdict.seconds:.0f} s", file=sys.stderr, flush=True)


def verdicts(names: Iterable[str], master: str = "local[2]") -> dict[str, Verdict]:
    """The verdict on each metric."""
    found = {name: Verdict() for name in names if name not in HERE}
    with tempfile.TemporaryDirectory() as spare:
        for folder, config in folders(Path(spare)):
            duck = replace(open_store(Path(f"parquet:{folder}")), zone=config.data.time_zone)
            spark = open_store(Path(f"spark:{master}?path={folder}")).engine
            assert isinstance(spark, Spark)
            both = Both(duck.engine, replace(spark, compared=None))
            for name, verdict in found.items():
                try_on(duck, both, config, name, verdict)
    return found


def table(found: Mapping[str, Verdict]) -> str:
    """The table of metrics and engines, as Markdown. That a folder answers as the file does, the tests see to."""
    lines = [
        "| metric | DuckDB, folder | Spark | queries | seconds a query |",
        "|---|---|---|--:|--:|",
    ]
    for name in METRICS:
        if name in HERE:
            lines.append(f"| {name} | equal | stays on one machine | | |")
        elif name in found:
            one = found[name]
            each = f"{one.seconds / one.run:.2f}" if one.run else ""
            lines.append(f"| {name} | equal | {one.said.replace('|', '/')} | {one.queries} | {each} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table; write the list of what is proved where that is asked for."""
    names = [word for word in sys.argv[1:] if word in METRICS] or list(METRICS)
    found = verdicts(names)
    print(table(found))
    for name, one in found.items():
        for fault in one.faults[1:4]:
            print(f"{name}: {fault}", file=sys.stderr)
    if "--write" in sys.argv:
        others = proved() - set(found)
        write_list(PROVED, others | {name for name, one in found.items() if one.is_proved})
        kinds = {kind for one in found.values() if one.is_proved for kind in one.kinds}
        write_list(COMPARED, kinds | (words_of(COMPARED) if others else set()))


def write_list(name: str, words: Iterable[str]) -> None:
    """A list that the engine reads, a word a line."""
    (LISTS / name).write_text("\n".join(sorted(words)) + "\n", encoding="utf-8")
