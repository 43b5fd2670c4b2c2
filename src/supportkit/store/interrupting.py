"""Stopping a running query: Ctrl-C reaches DuckDB at once, although Python is waiting inside it.

Python's own handler runs only when the query is over. A signal also writes a byte to the wake-up descriptor, and a
thread that waits there tells DuckDB to stop.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@contextlib.contextmanager
def interruptible(connection: DuckDBPyConnection) -> Iterator[None]:
    """While this lasts, Ctrl-C stops the connection's query at once, and raises KeyboardInterrupt."""
    import duckdb

    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return
    waiting, woken = socket.socketpair()
    woken.setblocking(False)
    over = threading.Event()

    def watch() -> None:
        while waiting.recv(1) and not over.is_set():
            while not over.wait(0.05):  # until the query that may only now be starting has stopped too
                connection.interrupt()

    before = signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
    watcher = threading.Thread(target=watch, name="interrupt", daemon=True)
    watcher.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except RuntimeError as error:  # what the binding makes of it when Python's own handler was first
        if "interrupted" in str(error):
            raise KeyboardInterrupt from error
        raise
    finally:
        over.set()
        signal.set_wakeup_fd(before)
        woken.close()
        watcher.join()
        waiting.close()
