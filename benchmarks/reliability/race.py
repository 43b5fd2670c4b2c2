"""Six processes load at once while two read: nothing is lost, and no reader meets an error."""

from __future__ import annotations

import multiprocessing
import random
import sys
import tempfile
import time
from multiprocessing.synchronize import Event
from pathlib import Path

from benchmarks.reliability.orders import BOOKS, faults, load_and_say, write_orders
from benchmarks.reliability.part import Line

WRITERS = 6
READERS = 2
LOADS = 15


def writer(db: str, folder: str, said: str, number: int) -> None:
    """Load one file after another, and try again where the store is busy."""
    rng = random.Random(number)
    for load in range(LOADS):
        file = write_orders(Path(folder), f"w{number}_{load}", (number * 100 + load) * 1000)
        while True:
            try:
                load_and_say(db, str(file), said)
                break
            except SystemExit as stop:
                if stop.code != 75:
                    raise
                time.sleep(rng.uniform(0.01, 0.1))


def reader(db: str, over: Event, counts: str) -> None:
    """Open, count, check the books and close, again and again; write down the queries and the errors."""
    from supportkit.store import open_store

    queries = errors = 0
    while not over.is_set():
        try:
            with open_store(Path(db)) as store:
                errors += store.connection.execute(BOOKS).fetchone() != (True, 0)
        except Exception as error:
            print(f"reader: {error}", file=sys.stderr)
            errors += 1
        queries += 1
    with open(counts, "a", encoding="ascii") as file:
        file.write(f"{queries} {errors}\n")


def run() -> list[Line]:
    """Let them all loose on one store."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.reliability.orders", "supportkit.exports.into_store", "duckdb"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db, said, counts = folder / "shop.duckdb", folder / "said", folder / "counts"
        load_and_say(str(db), str(write_orders(folder, "base", 10_000_000, 1000)), str(said))
        over = context.Event()
        reading = [context.Process(target=reader, args=(str(db), over, str(counts))) for _ in range(READERS)]
        writing = [context.Process(target=writer, args=(str(db), name, str(said), n)) for n in range(1, WRITERS + 1)]
        for process in (*reading, *writing):
            process.start()
        for process in writing:
            process.join()
        over.set()
        for process in reading:
            process.join()
        done = said.read_text().split("\n")[:-1]
        lost, half, opens = faults(db, done)
        seen = [tuple(map(int, line.split())) for line in counts.read_text().splitlines()]
    queries, errors = sum(q for q, _ in seen), sum(e for _, e in seen)
    wanted = WRITERS * LOADS + 1
    return [
        Line(
            f"{WRITERS} processes × {LOADS} loads at once",
            f"{len(done)} said to be done",
            str(wanted),
            len(done) == wanted,
        ),
        Line("  of these not there, or half there", str(lost + half), "0", lost + half == 0 and opens),
        Line(f"  errors of {READERS} readers meanwhile", f"{errors} of {queries} queries", "0", errors == 0),
    ]
