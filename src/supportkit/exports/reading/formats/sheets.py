"""Which of several tables of a file is meant."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from supportkit.errors import NotAnExportError, SheetsError
from supportkit.exports.reading.formats import Source

SHOWN = 20


def chosen(source: Source, what: str, names: Sequence[str], filled: Sequence[str]) -> str:
    """The sheet or table asked for, by its name or its number from 1, else the only one that has rows.

    Raises NotAnExportError where there is none, or where there are several and none is named.
    """
    listed = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
    if source.sheet is not None:
        if source.sheet in names:
            return source.sheet
        if source.sheet.isdecimal() and 0 < int(source.sheet) <= len(names):
            return names[int(source.sheet) - 1]
        raise NotAnExportError(f"{source.name}: has no {what} {source.sheet!r}", hint=f"it has {listed or 'none'}")
    if not filled:
        raise NotAnExportError(f"{source.name}: has no {what} with rows", hint=f"it has {listed or 'none'}")
    if len(filled) > 1:
        raise SheetsError(
            f"{source.name}: has rows in {len(filled)} {what}s: {', '.join(filled[:SHOWN])}",
            hint=f"say which: --sheet {shlex.quote(filled[0])}, or its number; with --guess beside it, where no vendor "
            "writes it",
            sheets=filled,
        )
    return filled[0]
