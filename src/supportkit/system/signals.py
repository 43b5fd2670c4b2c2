"""Stopping a running query: Ctrl-C reaches DuckDB at once, although Python is waiting inside it.

Python's own handler runs only when the query is over. A signal also writes a byte to the wake-up descriptor, and a
thread that waits there tells the database to stop.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator

_asked = threading.Event()


def remember_interrupts() -> None:
    """Remember Ctrl-C, for libraries turn the KeyboardInterrupt that it raises into errors of their own."""

    def note(number: int, frame: object) -> None:
        _asked.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, note)


def was_interrupted() -> bool:
    """Whether Ctrl-C was pressed since `remember_interrupts`."""
    return _asked.is_set()


@contextlib.contextmanager
def interruptible(stop: Callable[[], None]) -> Iterator[None]:
    """While this lasts, Ctrl-C stops the query that runs at once, and raises KeyboardInterrupt."""
    import socket

    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return
    waiting, woken = socket.socketpair()
    woken.setblocking(False)
    over, asked = threading.Event(), threading.Event()

    def watch() -> None:
        while (signals := waiting.recv(1)) and not over.is_set():
            if signals[0] != signal.SIGINT:
                continue
            asked.set()
            _asked.set()
            while not over.wait(0.05):  # until the query that may only now be starting has stopped too
                stop()

    watcher = threading.Thread(target=watch, name="interrupt", daemon=True)
    try:
        watcher.start()
    except RuntimeError:  # there is no memory for it
        woken.close()
        waiting.close()
        raise
    before = signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
    try:
        yield
    except Exception as error:  # DuckDB's, the binding's, or that of a function of ours in the middle of a query
        if (
            asked.is_set()
            or was_interrupted()
            or type(error).__name__ == "InterruptException"
            or "KeyboardInterrupt" in str(error)
            or str(error) == "Query interrupted"  # the binding's own look for signals, before the watcher has run
        ):
            raise KeyboardInterrupt from error
        raise
    finally:
        over.set()
        signal.set_wakeup_fd(before)
        woken.close()
        watcher.join()
        waiting.close()
