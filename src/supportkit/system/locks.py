"""One lock a name, held by one process: by whatever the system has for it, which filelock knows.

The library is imported where a lock is taken, for it takes longer than a short command.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

from supportkit.system.machine import NO_LINKS, QUIET_OPEN

POLL: Final = 0.05
"""Seconds between two tries to get a lock."""


def take(place: Path, *, wait: float = 0) -> int:
    """Take the lock, whose file is made where there is none; returns what holds it.

    Who gets it looks whether the name still leads to the file that he locked. Raises BlockingIOError where another
    process holds it after `wait` seconds, OSError where it cannot be had.
    """
    from time import monotonic, sleep

    from filelock import lock_descriptor

    until = monotonic() + wait
    while True:
        handle = os.open(place, os.O_RDWR | os.O_CREAT | QUIET_OPEN | NO_LINKS, 0o600)
        try:
            got = lock_descriptor(handle, blocking=False)
            with contextlib.suppress(FileNotFoundError):
                if got and os.path.samestat(os.fstat(handle), os.stat(place)):
                    return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        if got:
            continue
        if monotonic() >= until:
            raise BlockingIOError(f"{place}: another process holds it")
        sleep(POLL)


def let_go(handle: int, *, remove: Path | None = None) -> None:
    """Give the lock back; its file is removed while it is held, which Windows does not do to an open one."""
    if remove is not None:
        with contextlib.suppress(OSError):
            os.unlink(remove)
    os.close(handle)
