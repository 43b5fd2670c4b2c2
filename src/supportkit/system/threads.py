"""Two things at once: what DuckDB does by itself, while Python loads what comes next."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def started(call: Callable[[], Found]) -> Callable[[], Found]:
    """Start a call in a thread of its own; what is returned waits for its result, or raises what it raised."""
    found: list[Found] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            found.append(call())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, name="started")
    thread.start()

    def wait() -> Found:
        thread.join()
        if raised:
            raise raised[0]
        return found[0]

    return wait
