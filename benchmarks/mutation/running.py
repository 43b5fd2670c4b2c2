"""Runs a metric's tests against mutants: each in a process of its own, which reads the file with its fault.

A process is forked from one that has imported what the tests need from others, so that a run costs little more than its
tests. It stops at the first failure, and begins with the tests that have noticed most for the time they take. One that
computes longer than twice the run without a fault, and five seconds, is killed: that counts as noticed, as does a
file that cannot be imported. Files on disk stay as they are.
"""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import IO, TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pytest

ROOT: Final = Path(__file__).parent.parent.parent
SRC: Final = ROOT / "src" / "supportkit"
OURS: Final = ("supportkit", "tests", "benchmarks")
PASSED: Final = 0
MARGIN: Final = 5.0  # seconds


class _Faulty(importlib.machinery.SourceFileLoader):
    """Loads one module from a text instead of its file."""

    text = ""

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.text, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the module of a file in a text."""

    def __init__(self, file: str, text: str) -> None:
        self.name = "supportkit." + file.removesuffix(".py").replace("/", ".")
        self.path, self.text = SRC / file, text

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        loader = _Faulty(fullname, str(self.path))
        loader.text = self.text
        return importlib.util.spec_from_file_location(fullname, self.path, loader=loader)


class Suite:
    """The tests of a file, to be run against the source with and without faults."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seconds = 0.0
        self.lasted: dict[str, float] = {}
        self.noticed: Counter[str] = Counter()

    def prepare(self) -> None:
        """Import what they import from others, and note how long they compute without a fault.

        Raises RuntimeError where they fail, or there are none.
        """
        run = self._forked(None)
        _, status, used = os.wait4(run.process, 0)
        if os.waitstatus_to_exitcode(status) != PASSED:
            raise RuntimeError(f"{self.path}: fails without a fault, or has no test")
        notes = run.notes()
        self.seconds, self.lasted = used.ru_utime + used.ru_stime, notes["lasted"]
        for name in notes["modules"]:
            with contextlib.suppress(Exception):  # what a test run has in sys.modules that cannot be imported
                importlib.import_module(name)

    def start(self, file: str, text: str) -> Run:
        """Start them against a text in place of a file."""
        return self._forked(_Finder(file, text))

    def learn(self, run: Run) -> None:
        """Take into the order of the next runs which test has noticed the fault."""
        if test := run.notes().get("noticed"):
            self.noticed[test] += 1

    def worth(self, test: str) -> float:
        """How many faults a test has noticed for the time it takes."""
        return (1 + self.noticed[test]) / (0.01 + self.lasted.get(test, 0.0))

    def _forked(self, finder: _Finder | None) -> Run:
        told = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed when its notes are read, here and in the child
        child = os.fork()
        if child:
            return Run(child, told)
        code = 70
        try:
            os.setpgid(0, 0)
            silent = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(silent, number)
            if finder:
                sys.meta_path.insert(0, finder)
                limit = int(2 * self.seconds + MARGIN)
                resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
            watch = _Watch(self.worth)
            code = self._run(watch)
            json.dump(watch.notes(), told)
            told.flush()
        finally:
            os._exit(code)

    def _run(self, watch: _Watch) -> int:
        import pytest

        os.chdir(ROOT)
        os.environ.pop("SUPPORTKIT_REAL", None)
        sys.dont_write_bytecode = True
        folder = tempfile.mkdtemp(prefix="mutant-")
        words = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "--basetemp"]
        try:
            return int(pytest.main([*words, f"{folder}/tests", str(self.path)], plugins=[watch]))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class _Watch:
    """A plugin of pytest: begins with the tests of most worth, notes how long each takes and which one fails."""

    def __init__(self, worth: Callable[[str], float]) -> None:
        self.worth = worth
        self.lasted: dict[str, float] = {}
        self.noticed = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self.worth(item.nodeid), reverse=True)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.lasted[report.nodeid] = self.lasted.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self.noticed = report.nodeid

    def notes(self) -> dict[str, Any]:
        others = [name for name in sys.modules if name.split(".")[0] not in OURS]
        return {"lasted": self.lasted, "noticed": self.noticed, "modules": others}


@dataclass(frozen=True)
class Run:
    """The tests in a process of their own, and what that notes at its end."""

    process: int
    told: IO[str]

    def notes(self) -> dict[str, Any]:
        """What it noted; nothing where it was killed."""
        with self.told:
            self.told.seek(0)
            notes: dict[str, Any] = json.loads(self.told.read() or "{}")
        return notes


def lived(runs: Iterable[tuple[Suite, str, str]], jobs: int) -> Iterator[tuple[int, bool]]:
    """For each (tests, file, text) its number and whether the tests pass all the same, as they end."""
    waiting = iter(enumerate(runs))
    running: dict[int, tuple[int, float, Suite, Run]] = {}
    try:
        while True:
            while len(running) < jobs and (given := next(waiting, None)) is not None:
                number, (tests, file, text) = given
                deadline = time.monotonic() + 20 * (tests.seconds + MARGIN)
                run = tests.start(file, text)
                running[run.process] = (number, deadline, tests, run)
            if not running:
                return
            ended = [(child, status) for child in running for child, status in [os.waitpid(child, os.WNOHANG)] if child]
            for child, status in ended:
                number, _, tests, run = running.pop(child)
                tests.learn(run)
                yield number, os.waitstatus_to_exitcode(status) == PASSED
            for child, (_, deadline, *_) in running.items():
                if time.monotonic() > deadline:
                    os.killpg(child, signal.SIGKILL)
            if not ended:
                time.sleep(0.02)
    finally:
        for child in running:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
