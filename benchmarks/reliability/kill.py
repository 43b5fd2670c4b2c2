"""kill -9 at random moments of a load: nothing that was said to be done is lost, nothing is half, the store opens."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import tempfile
import time
from pathlib import Path

from benchmarks.reliability.orders import faults, load_and_say, write_orders
from benchmarks.reliability.part import Line

KILLS = 200
BASE_ROWS = 30_000


def run(kills: int = KILLS) -> list[Line]:
    """Load file after file, and kill each load at a moment between its start and well after its usual end."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.reliability.orders", "supportkit.loading", "duckdb"])
    rng = random.Random(20261122)
    killed = lost = half = unopened = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db, said = folder / "shop.duckdb", folder / "said"
        usual = 0.0
        for number in range(kills + 4):
            first = 10_000_000 + number * 1000
            warm = number < 4
            file = (
                write_orders(folder, "base", 0, BASE_ROWS) if number == 0 else write_orders(folder, f"f{number}", first)
            )
            started = time.monotonic()
            process = context.Process(target=load_and_say, args=(str(db), str(file), str(said)))
            process.start()
            if warm:
                process.join()
                usual = time.monotonic() - started
                continue
            process.join(rng.uniform(0, usual * 1.6))
            if process.is_alive() and process.pid:
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
            process.join()
            missing, broken, opens = faults(db, said.read_text().split("\n")[:-1])
            lost, half, unopened = lost + missing, half + broken, unopened + (not opens)
        done = len(said.read_text().split("\n")) - 1
        final = write_orders(folder, "final", 1)
        process = context.Process(target=load_and_say, args=(str(db), str(final), str(said)))
        process.start()
        process.join()
        after = process.exitcode == 0
        left = sorted(path.name for path in folder.iterdir() if path.suffix != ".csv")
    tidy = left == ["said", "shop.duckdb", "shop.duckdb.prev"]
    return [
        Line(
            f"kill -9, {kills} loads of {usual:.2f} s, at random moments", f"{killed} killed, {done - 4} done", "", None
        ),
        Line("  loads that were said to be done and are not there", str(lost), "0", lost == 0),
        Line("  loads half there, or books that do not add up", str(half), "0", half == 0),
        Line("  times the store did not open", str(unopened), "0", unopened == 0),
        Line("  the next load works and clears what was left", str(after and tidy), "True", after and tidy),
    ]
