"""kill -9 in the middle of a load: nothing that was said to be done is lost, nothing is half, the store opens.

Two ways: at moments spread evenly over the whole time of a load, measured beside; and before each step that a load
takes in the store's folder, one after the other, from taking its lock to removing it.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.reliability.orders import faults, load_and_say, write_orders
from benchmarks.reliability.part import Line

KILLS: Final = 200
BASE_ROWS: Final = 30_000
AGAIN: Final = 8  # kills after which the time of a load is measured again, for a machine is not always equally busy
RECENT: Final = 5
BEYOND: Final = 1.2  # times the usual time of a load: the moments reach past its end
PHASES: Final = ("starting", "locking", "copying", "loading", "publishing", "clearing", "over")
MOST_STEPS: Final = 60


class Trial:
    """A store under loads that are killed, and what was found in it after each."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.context: Any = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(
            ["benchmarks.reliability.orders", "supportkit.exports.into_store", "duckdb"]
        )
        self.folder, self.db, self.said = folder, folder / "shop.duckdb", folder / "said"
        self.lost = self.half = self.unopened = self.files = 0
        self.load(write_orders(folder, "base", 0, rows))

    def start(self, file: Path, fatal: int = -1) -> tuple[Any, Any]:
        """A load in a process of its own, and the phase it is in; with `fatal` it kills itself before that step."""
        phase = self.context.RawValue("i", 0)
        process = self.context.Process(
            target=_watched, args=(str(self.folder), str(self.db), str(file), str(self.said), phase, fatal)
        )
        process.start()
        return process, phase

    def load(self, file: Path) -> tuple[int, float]:
        """Load a file to its end: the exit code, and the seconds from its lock to its end."""
        process, phase = self.start(file)
        started = _begun(process, phase)
        process.join()
        return process.exitcode, time.monotonic() - started

    def next_file(self) -> Path:
        """A file of new orders."""
        self.files += 1
        return write_orders(self.folder, f"f{self.files}", 10_000_000 + self.files * 1000)

    def look(self) -> None:
        """Open the store and count what is wrong."""
        missing, broken, opens = faults(self.db, self.said.read_text().split("\n")[:-1])
        self.lost, self.half, self.unopened = self.lost + missing, self.half + broken, self.unopened + (not opens)

    def lines(self) -> list[Line]:
        """What was found, and whether the next load works and clears what was left."""
        code, _ = self.load(self.next_file())
        left = sorted(path.name for path in self.folder.iterdir() if path.suffix != ".csv")
        after = code == 0 and left == ["said", "shop.duckdb", "shop.duckdb.prev"]
        return [
            Line("  loads that were said to be done and are not there", str(self.lost), "0", self.lost == 0),
            Line("  loads half there, or books that do not add up", str(self.half), "0", self.half == 0),
            Line("  times the store did not open", str(self.unopened), "0", self.unopened == 0),
            Line("  the next load works and clears what was left", str(after), "True", after),
        ]


def run(kills: int = KILLS) -> list[Line]:
    """Both ways."""
    return [*_at_moments(kills), *_at_steps()]


def _at_moments(kills: int) -> list[Line]:
    """Kill load after load, each in its own share of the time; loads that end in time are measured again."""
    rng = random.Random(20261122)
    with _trial() as trial:
        times = [trial.load(trial.next_file())[1] for _ in range(RECENT)]
        places: Counter[str] = Counter()
        for count, number in enumerate(rng.sample(range(kills), kills), 1):
            moment = (number + rng.random()) / kills * BEYOND * statistics.median(times[-RECENT:])
            process, phase = trial.start(trial.next_file())
            process.join(max(0.0, _begun(process, phase) + moment - time.monotonic()))
            if process.is_alive():
                os.kill(process.pid, signal.SIGKILL)
                process.join()
                places[PHASES[phase.value]] += 1
            else:
                places["done"] += 1
            trial.look()
            if count % AGAIN == 0:
                times.append(trial.load(trial.next_file())[1])
        usual = statistics.median(times)
        found = ", ".join(f"{places[name]} {name}" for name in PHASES if places[name])
        done = places["done"]
        first = Line(
            f"kill -9 at {kills} moments of loads of {usual:.2f} s",
            f"{kills - done} killed ({found}), {done} done",
            "",
            None,
        )
        return [first, *trial.lines()]


def _begun(process: Any, phase: Any) -> float:
    """The moment at which a load takes its lock."""
    while not phase.value and process.is_alive():
        time.sleep(0.001)
    return time.monotonic()


def _at_steps() -> list[Line]:
    """Kill a load before its first step, another before its second, and so on, until one ends."""
    with _trial() as trial:
        for step in range(MOST_STEPS):
            process, _ = trial.start(trial.next_file(), fatal=step)
            process.join()
            trial.look()
            if process.exitcode != -signal.SIGKILL:
                break
        first = Line(f"kill -9 before each of the {step} steps in the store's folder", f"{step} killed", "", None)
        ended = Line("  the load after the last step ends", str(process.exitcode == 0), "True", process.exitcode == 0)
        return [first, *trial.lines(), ended]


@contextmanager
def _trial() -> Iterator[Trial]:
    with tempfile.TemporaryDirectory() as name:
        yield Trial(Path(name), BASE_ROWS)


def _watched(folder: str, db: str, file: str, said: str, phase: Any, fatal: int) -> None:
    """Load a file; Python tells each opening, renaming and removing, by which the phase is known."""
    step = 0

    def note(event: str, words: tuple[Any, ...]) -> None:
        nonlocal step
        if not event.startswith(("open", "os.", "shutil.")) or not any(str(word).startswith(folder) for word in words):
            return
        if step == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        step += 1
        reached = {
            ("open", f"{db}.lock"): "locking",
            ("os.mkdir", 0): "copying",
            ("open", file): "loading",
            ("os.chmod", 0): "publishing",
            ("os.rename", db): "clearing",
            ("open", said): "over",
        }
        for (what, where), name in reached.items():
            if event == what and (not where or where in words):
                phase.value = max(phase.value, PHASES.index(name))

    sys.addaudithook(note)
    load_and_say(db, file, said)
