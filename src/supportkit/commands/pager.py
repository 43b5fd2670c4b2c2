"""A pager as git has it: for what is longer than the screen, on a terminal, by the program that the user named."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress

from supportkit.render.cell_width import width_of
from supportkit.render.escaping import without_styles

USUAL = "less"
_OPTIONS = {"LESS": "FRX", "LV": "-c"}
"""What git sets where the user has set nothing: no paging of one screen, colours, and what was shown stays."""


def pager_of() -> str:
    """The program: SUPPORTKIT_PAGER, else PAGER, else less where there is one; empty for none, and so is cat."""
    named = next((os.environ[name] for name in ("SUPPORTKIT_PAGER", "PAGER") if name in os.environ), None)
    if named is None:
        return USUAL if shutil.which(USUAL) else ""
    return "" if named.strip() in ("", "cat") else named


def is_longer_than_screen(text: str) -> bool:
    """Whether a text takes more lines than the terminal has, less one for what comes after it."""
    screen = shutil.get_terminal_size((80, 24))
    room = screen.lines - 1
    for line in text.splitlines():
        room -= max(1, -(-width_of(without_styles(line)) // screen.columns))
        if room < 0:
            return True
    return False


def page(content: bytes, program: str) -> bool:
    """Show a text by a pager, and wait until it is left; False where the pager cannot be started.

    Ctrl-C is the pager's as long as it runs.
    """
    environment = {**_OPTIONS, **os.environ}
    sys.stdout.flush()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with subprocess.Popen(program, shell=True, stdin=subprocess.PIPE, env=environment) as running:
            assert running.stdin is not None
            with suppress(OSError):  # left before it was read to its end
                running.stdin.write(content)
            with suppress(OSError):
                running.stdin.close()
            code = running.wait()
    except OSError:
        return False
    finally:
        signal.signal(signal.SIGINT, before)
    return code not in (126, 127)  # of the shell: not to be run, not found
