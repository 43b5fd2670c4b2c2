"""A bar for people who wait longer than two seconds: only on a terminal, only on stderr."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import Any, Final

from supportkit.commands.messages import keep_waiting

AFTER: Final = 2.0  # seconds
_WIDE: Final = 24
_PIECE: Final = 6
_EACH: Final = 0.2  # seconds
Told = Callable[[str, int, int, int], None]


def is_watched(*, quiet: bool = False) -> bool:
    """Whether somebody sees what is drawn on stderr."""
    return not quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Told | None]:
    """A function that is told file, bytes done, all bytes and rows, and draws them once two seconds are over; None
    where nobody watches."""
    if not is_watched(quiet=quiet):
        yield None
        return
    start = monotonic()
    with ExitStack() as drawn:
        bar: Any = None
        tasks: dict[str, Any] = {}

        def told(file: str, done: int, total: int, rows: int) -> None:
            nonlocal bar
            if bar is None:
                if monotonic() - start < AFTER:
                    return
                bar = drawn.enter_context(_bar())
            if file not in tasks:
                from supportkit.render.escaping import for_terminal

                tasks[file] = bar.add_task(for_terminal(file), total=total, rows="")
            bar.update(tasks[file], completed=done, rows=f"{rows:,} rows")

        yield told


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]}"),
        console=Console(stderr=True),
        transient=True,
    )


class _Waiting:
    """A bar that moves while a command reckons, of which nobody knows how long it takes; messages go above it."""

    def __init__(self, after: float) -> None:
        self._after = after
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._drawn = False
        self._thread = threading.Thread(target=self._draw, name="waiting", daemon=True)
        self._thread.start()

    def _draw(self) -> None:
        start = monotonic()
        if self._over.wait(self._after):
            return
        while not self._over.is_set():
            seconds = monotonic() - start
            with self._lock:
                sys.stderr.write(f"\r{moving(seconds)} {seconds:.0f} s ")
                sys.stderr.flush()
                self._drawn = True
            self._over.wait(_EACH)

    def clear(self) -> None:
        """Take the bar off its line."""
        with self._lock:
            if self._drawn:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
                self._drawn = False

    def end(self) -> None:
        self._over.set()
        self._thread.join()
        self.clear()


def moving(seconds: float) -> str:
    """The bar at a moment: a piece that goes to and fro."""
    span = _WIDE - _PIECE
    place = int(seconds / _EACH) % (2 * span)
    place = min(place, 2 * span - place)
    return "─" * place + "━" * _PIECE + "─" * (span - place)


def begin_waiting(*, quiet: bool = False, after: float = AFTER) -> None:
    """From here on a bar is drawn when two seconds are over, until `stop_waiting`; none where nobody watches."""
    if is_watched(quiet=quiet):
        drawn = _Waiting(after)
        keep_waiting(drawn.clear, drawn.end)
