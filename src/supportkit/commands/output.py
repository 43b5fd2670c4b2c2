"""Where a command's words go: data to stdout or --output, everything else to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from supportkit.commands.messages import reader, say, stop_waiting
from supportkit.commands.shared_options import SharedOptions
from supportkit.errors import DataError, UsageError
from supportkit.render import FORMATS, Display, report_as, results_as
from supportkit.render.language import Language
from supportkit.result import Result

if TYPE_CHECKING:
    from supportkit.render.document import Document

__all__ = ["formatted", "formatted_report", "print_results", "say", "to_stdout", "write_output"]


def print_results(
    results: Sequence[Result], shared: SharedOptions, *, chart: bool = False, named: bool = False
) -> None:
    """Results to stdout or to --output, in the format asked for; with `chart` a table has its picture above it, and
    with `named` its period in words."""
    write_output(formatted(results, shared, chart=chart, named=named), shared)


def formatted(results: Sequence[Result], shared: SharedOptions, *, chart: bool = False, named: bool = False) -> bytes:
    """Results in the format asked for; a table on a terminal has its width and colours."""
    display = _display(shared, reader())
    return _as_bytes(results_as(results, shared.form(), replace(display, chart=chart, named=named)), shared)


def formatted_report(made: Document, shared: SharedOptions) -> bytes:
    """A report in the format asked for."""
    return _as_bytes(report_as(made, shared.form(), _display(shared, made.language)), shared)


def _display(shared: SharedOptions, language: Language) -> Display:
    if not _to_terminal(shared):
        return Display(language=language)
    import shutil

    width = shutil.get_terminal_size((80, 24)).columns
    return Display(width, colour="NO_COLOR" not in os.environ, language=language)


def _as_bytes(content: str | bytes, shared: SharedOptions) -> bytes:
    if isinstance(content, str):
        return content.encode("utf-8", "replace")
    if _to_terminal(shared):
        form = shared.form()
        raise UsageError(f"{form} is nothing for a terminal", hint=f"--output FILE{FORMATS[form][0]}")
    return content


def _to_terminal(shared: SharedOptions) -> bool:
    return shared.output is None and sys.stdout.isatty()


def write_output(content: bytes, shared: SharedOptions) -> None:
    """Content to stdout or to --output."""
    if shared.output is None:
        if shared.no_pager or not _to_terminal(shared) or not _paged(content):
            to_stdout(content)
        return
    from supportkit.system.atomic_files import write_bytes

    for read in (*shared.data, *((shared.config,) if shared.config else ())):
        if read.is_file() and shared.output.is_file() and read.samefile(shared.output):
            raise UsageError(f"--output {shared.output}: is what is read", hint="name another file")
    write_bytes(shared.output, content)


def _paged(content: bytes) -> bool:
    """Whether a pager has shown it: where it is longer than the screen, and there is one."""
    from supportkit.commands.pager import is_longer_than_screen, page, pager_of

    program = pager_of()
    if not program or not is_longer_than_screen(content.decode("utf-8", "replace")):
        return False
    stop_waiting()
    return page(content, program)


def to_stdout(content: str | bytes) -> None:
    """Data to stdout; a reader that has gone away, as in `| head`, is no fault."""
    stop_waiting()
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise DataError(f"stdout: cannot be written: {error.strerror}") from error
