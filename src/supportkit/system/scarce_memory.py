"""Where the memory of the process is limited: what ends it when there is none does not speak for a command.

OpenBLAS ends the process with 1 where it gets no memory, which is the code of a check that failed, and interrupts it
where it can start no thread. The system's loader ends it with 127, and others by a signal, which only a process that
watches it can tell.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from typing import Final

CODE: Final = 3
_TOLD: Final = b"""error: the memory does not suffice
hint: close other programs, or raise the limit (ulimit -v, the container's)
"""
_kept: list[object] = []
_NO_COMMAND: Final = 127
_ASKED: Final = ("SIGINT", "SIGTERM", "SIGHUP")
_ENDED: Final = ("SIGABRT", "SIGSEGV", "SIGBUS", "SIGKILL", "SIGILL")
_DIES_WITH_PARENT: Final = 1


def watched() -> None:
    """From here on the command runs in a process of its own: this one waits for it, hands on what it is asked by
    signals, and ends as it does, or with 3 and a remedy where no memory was left to end in words."""
    if sys.platform == "linux":
        _watched()


if sys.platform == "linux":

    def _watched() -> None:
        asked = {getattr(signal, name) for name in (*_ASKED, "SIGCHLD")}
        before = signal.pthread_sigmask(signal.SIG_BLOCK, asked)
        me = os.getpid()
        try:
            child = os.fork()
        except OSError:  # too little for that
            child = 0
        if child:
            _end_as(_status_of(child, asked))
        if os.getpid() != me:
            _die_with(me)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _status_of(child: int, asked: set[signal.Signals]) -> int:
        """How a process ended; what a terminal asks of this one it asks of that one too."""
        while True:
            told = signal.sigwaitinfo(asked)
            if told.si_signo == signal.SIGCHLD:
                ended, status = os.waitpid(child, os.WNOHANG)
                if ended:
                    return status
            elif told.si_code <= 0:  # of another process
                with suppress(ProcessLookupError):
                    os.kill(child, told.si_signo)

    def _end_as(status: int) -> None:
        code = os.waitstatus_to_exitcode(status)
        if code == _NO_COMMAND or -code in {getattr(signal, name) for name in _ENDED}:
            _say_so(None)
        if code < 0:
            signal.signal(-code, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {-code})
            os.kill(os.getpid(), -code)
        os._exit(code)

    def _die_with(parent: int) -> None:
        """Who kills the process that watches kills this one."""
        import ctypes

        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, int(signal.SIGKILL))
        if os.getppid() != parent:
            os._exit(_NO_COMMAND)


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
