"""Where a command's words go: data to stdout or --output, everything else to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from supportkit.render import render
from supportkit.render.safe import for_terminal
from supportkit.result import Result
from supportkit.session import Shared


def say(text: str) -> None:
    """A message for people: to stderr, made safe for a terminal line by line."""
    for line in text.splitlines():
        sys.stderr.write(for_terminal(line) + "\n")


def emit(results: Sequence[Result], shared: Shared) -> None:
    """Results to stdout or to --output, in the format asked for."""
    form = shared.form()
    terminal = shared.output is None and sys.stdout.isatty()
    width = None
    if terminal and form == "table":
        import shutil

        width = shutil.get_terminal_size((80, 24)).columns
    text = render(results, form, width=width, colour=terminal and "NO_COLOR" not in os.environ)
    if shared.output is None:
        to_stdout(text)
        return
    from supportkit.writing import write_text

    write_text(shared.output, text)


def to_stdout(text: str) -> None:
    """Data to stdout; a reader that has gone away, as in `| head`, is no fault."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
