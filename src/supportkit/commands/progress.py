"""A bar for people who wait: only on a terminal, only on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Callable[[str, int, int, int], None] | None]:
    """A function that is told file, bytes done, all bytes and rows, and draws them; None where nobody watches."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    from supportkit.render.escaping import for_terminal

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def told(file: str, done: int, total: int, rows: int) -> None:
            if file not in tasks:
                tasks[file] = bar.add_task(for_terminal(file), total=total, rows="")
            bar.update(tasks[file], completed=done, rows=f"{rows:,} rows")

        yield told
