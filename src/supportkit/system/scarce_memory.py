"""Where the memory of the process is limited: libraries that leave when they get none do not speak for a command.

OpenBLAS ends the process with 1 where it gets no memory, which is the code of a check that failed, and interrupts it
where it can start no thread.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import Final

CODE: Final = 3
_TOLD: Final = b"""error: the memory does not suffice
hint: close other programs, or raise the limit (ulimit -v, the container's)
"""
_kept: list[object] = []


def speak_for_libraries() -> None:
    """From here on a library that ends the process ends it with 3 and a remedy; leave by `leave` yourself."""
    import ctypes

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    called = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(_say_so)
    _kept.append(called)  # the system calls it at the very end
    with suppress(AttributeError):  # a system without it
        ctypes.CDLL(None).__cxa_atexit(called, None, None)


def leave(code: int) -> None:
    """End the process with this code, when the threads are done that somebody waits for."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    os._exit(code)


def _say_so(_: object) -> None:
    os.write(2, _TOLD)
    os._exit(CODE)
