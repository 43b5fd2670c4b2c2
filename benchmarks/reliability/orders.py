"""Files of orders for the tests of writing, and what a store must say of each: all of it or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

ROWS = 200

BOOKS = """
select (select count(*) from orders)
       = (select coalesce(sum(loaded), 0) from loads),
       (select count(*) from (
            select source_file from orders group by source_file
            having count(*) <> (select sum(loaded) from loads where file = source_file)))
"""


def write_orders(folder: Path, name: str, first: int, rows: int = ROWS) -> Path:
    """A file of orders with ids that no other file has."""
    file = folder / f"{name}.csv"
    lines = (f"{first + n},2026-01-02T10:00:00Z,customer {first + n},{n}.50\n" for n in range(rows))
    file.write_text("order_id,ordered_at,customer_id,amount\n" + "".join(lines), encoding="utf-8")
    return file


def load_and_say(db: str, file: str, said: str) -> None:
    """Load a file, and write its name down only when the load has returned. Runs in a process of its own."""
    import sys

    from supportkit.errors import BusyError, SupportkitError
    from supportkit.exports import LoadOptions
    from supportkit.exports.into_store import load_into

    try:
        load_into(Path(db), [Path(file)], LoadOptions())
    except BusyError:
        sys.exit(75)
    except SupportkitError as error:
        sys.exit(int(error.exit_code))
    handle = os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, f"{Path(file).name}\n".encode())
    os.close(handle)


def faults(db: Path, said: Iterable[str]) -> tuple[int, int, bool]:
    """How many loads that were said to be done are not there, how many are half there, and whether the store opens."""
    from supportkit.errors import DataError
    from supportkit.store import open_store

    try:
        with open_store(db) as store:
            there = dict(store.connection.execute("select source_file, count(*) from orders group by all").fetchall())
            books = store.connection.execute(BOOKS).fetchone()
    except DataError:
        return 0, 0, False
    lost = sum(name not in there for name in said)
    half = sum(count != ROWS for name, count in there.items() if name != "base.csv")
    return lost, half + (books != (True, 0)), True
