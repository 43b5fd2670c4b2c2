"""Two things at once: what DuckDB does by itself, while Python loads what comes next."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Given = TypeVar("Given")


def in_thread(call: Callable[[], Given]) -> Callable[[], Given]:
    """Start a call in a thread of its own; what is returned waits for its result, or raises what it raised."""
    found: list[Given] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            found.append(call())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, name="started")
    thread.start()

    def wait() -> Given:
        thread.join()
        if raised:
            raise raised[0]
        return found[0]

    return wait
