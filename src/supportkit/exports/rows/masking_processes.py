"""Cells that are masked by processes beside this one: Python masks on one core a process, and DuckDB has several.

DuckDB hands over the cells of a chunk one by one, and twice: at first they are gathered, and the place of each is what
DuckDB gets; when the first of them is asked for by its place, they go together to a process that waits for such, and
the other threads go on meanwhile. Where no process can be started, or it ends before its time, cells are masked here,
with the same bytes.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, get_ident
from typing import IO, Final

from supportkit.exports.masking import Masked
from supportkit.exports.masking.column import Column
from supportkit.system.machine import is_limited

Cell = tuple[str, ...]
"""A text, or a header and a text."""

ALONE: Final = 20_000
"""Cells that one process masks sooner than others have started."""
FEW: Final = 4
"""Cells that go to no other process."""
SECONDS: Final = 5.0
"""How long an idle process may take to end."""
SERVER: Final = (
    "import sys; sys.path[:0] = sys.argv[1:]; from supportkit.exports.rows.mask_server import serve; serve()"
)


class Gathered:
    """The cells of one function that DuckDB calls, by thread: `ask` gives a cell its place, `answer` what became of it.

    A cell that is answered elsewhere than where it was asked is masked by itself.
    """

    def __init__(self, alone: Callable[..., Masked], together: Callable[[list[Cell]], Mapping[Cell, Masked]]) -> None:
        self._alone, self._together = alone, together
        self._asked: dict[int, list[Cell]] = {}
        self._done: dict[int, Mapping[Cell, Masked]] = {}

    def ask(self, *cell: str) -> int:
        """The place of a cell; the first one after an answer begins a chunk."""
        thread = get_ident()
        if thread in self._done:
            del self._done[thread]
            self._asked[thread] = []
        asked = self._asked.setdefault(thread, [])
        asked.append(cell)
        return len(asked) - 1

    def answer(self, place: int, *cell: str) -> Masked:
        """What became of the cell at a place."""
        thread = get_ident()
        asked = self._asked.get(thread, ())
        if place >= len(asked) or asked[place] != cell:
            return self._alone(*cell)
        done = self._done.get(thread)
        if done is None:
            done = self._done[thread] = self._together(self._asked[thread])
        return done[cell]


class MaskingProcesses:
    """As many processes as DuckDB has threads, which start when so many cells have been masked that it pays."""

    def __init__(self, threads: int) -> None:
        self._most = 0 if threads < 2 or is_limited() or not sys.executable else threads
        self._running: list[_Server] = []
        self._idle: SimpleQueue[_Server] = SimpleQueue()
        self._starting = Lock()
        self._before = 0

    def mask(
        self,
        what: str,
        cells: Iterable[Cell],
        columns: Mapping[str, Column],
        here: Callable[..., Masked],
    ) -> dict[Cell, Masked]:
        """What becomes of the different cells, as `here` masks each; `columns` are known of the headers in them."""
        different = list(dict.fromkeys(cells))
        if len(different) >= FEW and self._has_started(len(different)):
            server = self._idle.get()
            with suppress(OSError, EOFError, pickle.UnpicklingError):
                headers = {cell[0] for cell in different if len(cell) > 1}
                known = {header: columns[header] for header in headers if header in columns}
                done = server.ask((what, different, known))
                self._idle.put(server)
                return dict(zip(different, done, strict=True))
            self._idle.put(server)
        return {cell: here(*cell) for cell in different}

    def end(self) -> None:
        """End the processes, which wait for cells."""
        for server in self._running:
            server.end()

    def _has_started(self, cells: int) -> bool:
        """Whether there are processes, which there are once so many cells have been met."""
        with self._starting:
            self._before += cells
            if self._most and self._before >= ALONE:
                for _ in range(self._most):
                    with suppress(OSError):
                        self._running.append(_Server())
                for server in self._running:
                    self._idle.put(server)
                self._most = 0
            return bool(self._running)


class _Server:
    """One of the processes."""

    def __init__(self) -> None:
        """Raises OSError where none can be started."""
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", SERVER, str(Path(__file__).parents[3])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, cells: tuple[str, list[Cell], dict[str, Column]]) -> list[Masked]:
        """What becomes of cells. Raises OSError, EOFError and UnpicklingError where the process has ended."""
        to_it, from_it = self._pipes()
        pickle.dump(cells, to_it, pickle.HIGHEST_PROTOCOL)
        to_it.flush()
        done: list[Masked] = pickle.load(from_it)
        return done

    def end(self) -> None:
        """End the process."""
        to_it, from_it = self._pipes()
        with suppress(OSError):
            to_it.close()
        try:
            self._process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        from_it.close()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout
