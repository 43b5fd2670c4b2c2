"""What one query may take: time, memory, rows.

After its time a query is interrupted. A single call inside DuckDB, as `levenshtein` of two books, does not listen to
that, nor to Ctrl-C; then `end` is called, which may end the process, for a thread cannot be ended. DuckDB's memory
limit covers its buffers and makes it spill to the disk; the limit of the process covers the rest: long strings, and
rows on their way.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError
from supportkit.store.shortage import is_shortage, short_of_memory
from supportkit.system.frozen import dataclass
from supportkit.system.machine import Growth
from supportkit.system.signals import was_interrupted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.store.store import Store

INTERRUPT_SECONDS: Final = 0.7  # seconds that an interrupt may take
_SHARE: Final = 0.6  # of the memory: DuckDB's buffers


@dataclass(frozen=True)
class QueryLimits:
    """Seconds, megabytes and rows; `end` is called where a query does not stop: too late, or (None) after Ctrl-C."""

    seconds: float = 60
    megabytes: int = 2_000
    rows: int = 1_000_000
    end: Callable[[DataError | None], None] | None = None

    @property
    def buffers(self) -> str:
        """What DuckDB's buffers may take; the rest is for long strings and rows."""
        return f"{int(self.megabytes * _SHARE)}MB"

    @property
    def too_long(self) -> DataError:
        """The error for a query that takes too long."""
        return DataError(f"the query took longer than {self.seconds:g} s", hint="ask for less, or give --timeout 10m")

    @property
    def too_large(self) -> DataError:
        """The error for a query that takes too much memory."""
        return DataError(
            f"the query needs more than {self.megabytes:,} MB of memory", hint="ask for less, or give --memory 4000"
        )

    @property
    def too_many(self) -> DataError:
        """The error for a query with too many rows."""
        return DataError(
            f"the query has more than {self.rows:,} rows", hint="write a limit, or use supportkit export --parquet"
        )


DEFAULT_LIMITS: Final = QueryLimits()


@contextlib.contextmanager
def within_bounds(store: Store, bounds: QueryLimits) -> Iterator[None]:
    """While this lasts, whatever is asked of a store is bounded together. Raises DataError where it goes beyond."""
    store.connection.execute("set memory_limit = $limit", {"limit": bounds.buffers})
    with bounded(store.connection, bounds):
        yield


@contextlib.contextmanager
def bounded(connection: DuckDBPyConnection, bounds: QueryLimits) -> Iterator[None]:
    """While this lasts, a query is bounded. Raises DataError where it goes beyond."""
    from supportkit.system.duckdb_engine import duckdb

    over, late = threading.Event(), threading.Event()

    def watch() -> None:
        limit, asked = time.monotonic() + bounds.seconds, float("inf")
        while not over.wait(min(0.1, bounds.seconds)):
            now = time.monotonic()
            if was_interrupted():
                asked = min(asked, now)
            if now > limit:
                late.set()
                connection.interrupt()
            if bounds.end is not None and now > min(asked, limit) + INTERRUPT_SECONDS:
                bounds.end(bounds.too_long if now > limit + INTERRUPT_SECONDS else None)

    watcher = threading.Thread(target=watch, name="bounds", daemon=True)
    watcher.start()
    growth = Growth()
    limited = growth.limit(bounds.megabytes)
    try:
        yield
    except duckdb.InterruptException as error:
        if not late.is_set():
            raise
        raise bounds.too_long from error
    except Exception as error:
        if not is_shortage(error):
            raise
        if limited:
            raise bounds.too_large from error
        raise short_of_memory(error, instead=bounds.too_large.hint) from error  # the process may take less than that
    finally:
        growth.free()
        over.set()
        watcher.join()
