"""Spark over a folder of Parquet files: each query of ours in Spark's SQL, for metrics that were proved equal there."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from supportkit.errors import DataError
from supportkit.store.engines.pushed import pushed
from supportkit.store.engines.spark_translation import PREFIX, translated
from supportkit.store.parquet_manifest import Manifest, place_of, readable
from supportkit.store.schema import REGISTERS, columns_of
from supportkit.store.written_query import with_values
from supportkit.system.frozen import dataclass

PROVED: Final = "spark_proved.txt"
COMPARED: Final = "spark_compared.txt"
SETTINGS: Final = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
"""What our queries mean depends on these; the session is asked whether it holds them."""
ALONE: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.driver.memory": "2g",
}
"""For a Spark that runs in this process's machine alone, where nothing else is said."""
PORT: Final = 15_002
"""Where Spark Connect listens if nothing else is said."""
PATIENCE: Final = 20.0
"""Seconds in which a server of Spark Connect has to take a connection."""
HERE: Final = frozenset({"topics", "emerging"})
"""What is no counting of rows but statistics over all texts: it stays on one machine."""
_GLOB: Final = re.compile(r"[\[\]{}*?\\]")
"""Signs that stand for others in the name of a file, as Spark reads it."""
TYPES: Final = {"varchar": "string", "json": "string", "timestamptz": "timestamp", "blob": "binary"}


@dataclass(frozen=True)
class Spark:
    """A session, the folder whose tables are views in it once they are asked for, and the names of what is kept."""

    session: Any
    master: str
    folder: Path
    manifest: Manifest
    tables: frozenset[str]
    compared: frozenset[str] | None = None
    """The kinds of expressions that may be asked; None where the suite finds out which."""

    _kept: set[str] = field(default_factory=set, repr=False, compare=False)
    _seen: set[str] = field(default_factory=set, repr=False, compare=False)

    @property
    def told(self) -> str:
        """What answers, in words."""
        return f"Spark {self.session.version} at {self.master} over {len(self.manifest.files):,} Parquet files"

    def refuses(self, metric: str) -> str:
        """Why a metric is not asked here; empty for one that the suite has proved."""
        return refusal(metric)

    @property
    def kept(self) -> frozenset[str]:
        """The names of the tables that are kept for a while."""
        return frozenset(self._kept)

    @property
    def spreads(self) -> bool:
        """Whether many machines share what is asked at once."""
        return True

    def rows(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows of a query; `$name` in it is a parameter."""
        return self.named_rows(sql, parameters)[1]

    def named_rows(self, sql: str, parameters: Mapping[str, Any]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The names of a query's columns, and its rows."""
        found = self._frame(sql, parameters)
        try:
            rows = found.collect()
        except Exception as error:
            raise _failed(error) from error
        return tuple(found.columns), [tuple(_value(value) for value in row) for row in rows]

    def column(self, sql: str, parameters: Mapping[str, Any]) -> Any:
        """The one column of a query as a numpy array."""
        import numpy as np

        return np.array([value for (value,) in self.rows(sql, parameters)])

    def has(self, table: str) -> bool:
        """Whether there is such a table: one of ours that an older store may lack, or one that is kept."""
        return table in self._kept or table not in REGISTERS or bool(self.manifest.of(table))

    def keep(self, name: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Keep the rows of a query as a table."""
        self._frame(sql, parameters).cache().createOrReplaceTempView(name)
        self._kept.add(name)

    def push(self, name: str, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Keep a small table of these columns (with their types) and rows."""
        self.keep(name, *pushed(columns, rows))

    def drop(self, name: str) -> None:
        """Keep a table no longer."""
        self.session.catalog.uncacheTable(name)
        self.session.catalog.dropTempView(name)
        self._kept.discard(name)

    def interrupt(self) -> None:
        """Stop the query that runs."""
        self.session.interruptAll()

    def let_go(self) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of what was kept; the session ends with the process."""
        for name in self.kept:
            self.drop(name)

    def _frame(self, sql: str, parameters: Mapping[str, Any]) -> Any:
        text = translated(with_values(sql, parameters), dict.fromkeys(self.tables), self.compared)
        try:
            for table in set(re.findall(rf"\b{PREFIX}(\w+)", text)) & self.tables - self._seen:
                self._show(table)
            return self.session.sql(text)
        except Exception as error:
            raise _failed(error) from error

    def _show(self, table: str) -> None:
        """Make a table of the folder a view; each costs a job that looks at its files."""
        files = [_GLOB.sub(r"\\\g<0>", str(place_of(self.folder, one).resolve())) for one in self.manifest.of(table)]
        columns = [
            f"cast({one.name if files else 'null'} as {type_of(one.type)}) as {one.name}" for one in columns_of(table)
        ]
        found = self.session.read.parquet(*files) if files else self.session.range(0)
        found.selectExpr(*columns).createOrReplaceTempView(PREFIX + table)
        self._seen.add(table)


def open_spark(master: str, folder: Path) -> Spark:
    """A session at a master, which sees the tables of a folder that `export --parquet` wrote.

    Raises DataError where pyspark is not installed, there is no Java, or the folder is none.
    """
    from supportkit.store.migrations import OURS

    manifest = readable(folder)
    return Spark(session_at(master), master, folder, manifest, frozenset(OURS), words_of(COMPARED))


def type_of(ours: str) -> str:
    """The name that Spark has for a type of a column."""
    if ours.endswith("[]"):
        return f"array<{type_of(ours.removesuffix('[]'))}>"
    return TYPES.get(ours, ours)


def session_at(master: str) -> Any:
    """A session of its own at a master, whose tables no other one sees."""
    logging.getLogger("SQLQueryContextLogger").disabled = True
    try:
        session = _remote(master) if master.startswith("sc:") else _here(master).newSession()
        for name, value in SETTINGS.items():
            session.conf.set(name, value)
        held = {name: session.conf.get(name) for name in SETTINGS}
    except ImportError as error:
        if master.startswith("sc:"):
            raise DataError(
                "spark: Spark Connect wants more than pyspark alone", hint="pip install '.[spark]' 'pyspark[connect]'"
            ) from error
        raise DataError("spark: pyspark is not installed", hint="pip install '.[spark]'") from error
    except Exception as error:
        told = str(error).strip().splitlines()
        raise DataError(
            f"spark: no session at {master}: {told[0] if told else type(error).__name__}",
            hint="Spark wants Java 17 (JAVA_HOME), and a master that answers: --db 'spark:local[2]?path=FOLDER'",
        ) from error
    if held != SETTINGS:
        raise DataError(f"spark: the session at {master} does not take {SETTINGS}", hint="ask whoever keeps it")
    return session


def _remote(master: str) -> Any:
    """A session of a server, which is knocked at before: pyspark would ask one that is not there for many minutes."""
    import socket
    from urllib.parse import urlsplit

    from pyspark.sql import SparkSession

    place = urlsplit(master)
    socket.create_connection((place.hostname or "", place.port or PORT), timeout=PATIENCE).close()
    return SparkSession.builder.remote(master).create()


@cache
def _here(master: str) -> Any:
    """The first session of this process, which begins what the others share."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("supportkit").master(master)
    for name, value in {**SETTINGS, **(ALONE if master.startswith("local") else {})}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def refusal(asked: str) -> str:
    """Why something is not asked of Spark; empty for a metric that the suite has proved."""
    if asked in HERE:
        return f"{asked} stays on one machine: it reads all texts there, which is no counting that Spark does"
    if asked in proved():
        return ""
    return f"{asked} is not among what was proved equal on Spark: {', '.join(sorted(proved()))}"


def proved() -> frozenset[str]:
    """The metrics whose every query gave DuckDB's rows."""
    return words_of(PROVED)


@cache
def words_of(list_: str) -> frozenset[str]:
    """A list that the suite has written beside this file."""
    from importlib.resources import files

    return frozenset((files(__package__) / list_).read_text(encoding="utf-8").split())


def _value(value: Any) -> Any:
    """A value as DuckDB gives it: an instant has a zone, of whatever zone this machine is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return [_value(one) for one in value] if isinstance(value, list) else value


def _failed(error: Exception) -> DataError:
    lines = (
        line.strip(": ") for line in str(error).splitlines() if not line.startswith("An error occurred while calling")
    )
    told = next((line for line in lines if line), type(error).__name__)
    return DataError(f"spark: {told}", hint="ask the same of the folder on one machine: --db parquet:FOLDER")
