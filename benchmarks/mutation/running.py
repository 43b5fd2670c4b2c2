"""Runs a metric's tests against mutants: each in a process of its own, which reads the file with its fault.

A process is forked from one that has imported what the tests need from others, so that a run costs little more than its
tests. It stops at the first failure. One that computes longer than three times the run without a fault, and ten
seconds, is killed: that counts as noticed, as does a file that cannot be imported. Files on disk stay as they are.
"""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent
SRC: Final = ROOT / "src" / "supportkit"
OURS: Final = ("supportkit", "tests", "benchmarks")
PASSED: Final = 0
MARGIN: Final = 10.0  # seconds


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

    def prepare(self) -> None:
        """Import what they import from others, and note how long they compute without a fault.

        Raises RuntimeError where they fail, or there are none.
        """
        reading, writing = os.pipe()

        def report() -> None:
            others = [name for name in sys.modules if name.split(".")[0] not in OURS]
            with os.fdopen(writing, "w") as pipe:
                pipe.write("\n".join(others))

        first = self._forked(None, report)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            names = pipe.read().split("\n")
        os.waitpid(first, 0)
        for name in names:
            with contextlib.suppress(Exception):  # what a test run has in sys.modules that cannot be imported
                importlib.import_module(name)
        _, status, used = os.wait4(self._forked(None), 0)
        if os.waitstatus_to_exitcode(status) != PASSED:
            raise RuntimeError(f"{self.path}: fails without a fault, or has no test")
        self.seconds = used.ru_utime + used.ru_stime

    def start(self, file: str, text: str) -> int:
        """Start them against a text in place of a file; the process."""
        return self._forked(_Finder(file, text))

    def _forked(self, finder: _Finder | None, report: Callable[[], None] | None = None) -> int:
        child = os.fork()
        if child:
            return child
        code = 70
        try:
            os.setpgid(0, 0)
            silent = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(silent, number)
            if finder:
                sys.meta_path.insert(0, finder)
                limit = int(3 * self.seconds + MARGIN)
                resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
            code = self._run()
            if report:
                report()
        finally:
            os._exit(code)

    def _run(self) -> int:
        import pytest

        os.chdir(ROOT)
        os.environ.pop("SUPPORTKIT_REAL", None)
        sys.dont_write_bytecode = True
        folder = tempfile.mkdtemp(prefix="mutant-")
        words = [
            "-x",
            "-q",
            "--assert=plain",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "--basetemp",
            f"{folder}/tests",
        ]
        try:
            return int(pytest.main([*words, str(self.path)]))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def lived(runs: Iterable[tuple[Suite, str, str]], jobs: int) -> Iterator[tuple[int, bool]]:
    """For each (tests, file, text) its number and whether the tests pass all the same, as they end."""
    waiting = iter(enumerate(runs))
    running: dict[int, tuple[int, float]] = {}
    try:
        while True:
            while len(running) < jobs and (given := next(waiting, None)) is not None:
                number, (tests, file, text) = given
                deadline = time.monotonic() + 20 * (tests.seconds + MARGIN)
                running[tests.start(file, text)] = (number, deadline)
            if not running:
                return
            ended = [(child, status) for child in running for child, status in [os.waitpid(child, os.WNOHANG)] if child]
            for child, status in ended:
                number, _ = running.pop(child)
                yield number, os.waitstatus_to_exitcode(status) == PASSED
            for child, (_, deadline) in running.items():
                if time.monotonic() > deadline:
                    os.killpg(child, signal.SIGKILL)
            if not ended:
                time.sleep(0.02)
    finally:
        for child in running:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
