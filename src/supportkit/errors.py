"""What can go wrong for a person, each with a hint and an exit code.

SupportkitError         what is wrong, where, and (hint) what to do
├── UsageError      2   an option, a name or the configuration
│   └── UnsetError      a setting that this figure needs and nobody gave: a report leaves the section out
├── DataError       3   no data, unreadable data, a store that cannot be used
│   ├── MissingColumnsError  a table of ours without columns that it must have
│   └── NotAnExportError  a file that holds no table of ours: left out where a folder was named and not the file
│       ├── SheetsError         several sheets or tables, of which none is named
│       ├── UnknownExportError  a table, of no vendor that we know: what it may be can be guessed
│       └── UndecidedExportError  a table of which the guess has to ask something
└── BusyError      75   another process is writing the store: try again
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from enum import IntEnum


class ExitCode(IntEnum):
    """Every code that the command line ends with."""

    DONE = 0
    CHECK_FAILED = 1
    USAGE = 2
    NO_DATA = 3
    BUG = 70
    BUSY = 75
    INTERRUPTED = 130


class SupportkitError(Exception):
    """An error that a person caused and can mend; it never shows a traceback."""

    exit_code = ExitCode.USAGE

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SupportkitError):
    """A wrong option, an unknown name, a configuration that does not hold."""


class UnsetError(UsageError):
    """A setting that a figure cannot do without and that neither an option nor the configuration gives."""


class DataError(SupportkitError):
    """Data that is missing, unreadable, refused or too little."""

    exit_code = ExitCode.NO_DATA


class NotAnExportError(DataError):
    """A file that is no export that we know."""


class SheetsError(NotAnExportError):
    """A file of several sheets or tables of which none is named; `sheets` are those with rows."""

    def __init__(self, message: str, *, hint: str = "", sheets: Sequence[str] = ()) -> None:
        super().__init__(message, hint=hint)
        self.sheets = tuple(sheets)


class UnknownExportError(NotAnExportError):
    """A file with columns that no vendor that we know has."""


class UndecidedExportError(NotAnExportError):
    """A file of no vendor that we know, in which something is in doubt that a row needs."""


class MissingColumnsError(DataError):
    """A file that is read as a table of ours and has not all that a row must have."""


class BusyError(SupportkitError):
    """The store is being written by another process."""

    exit_code = ExitCode.BUSY


def unknown(kind: str, name: str, known: Iterable[str]) -> UsageError:
    """The error for a name that is not there: it names the nearest known one and lists the rest."""
    names = sorted(set(known))
    near = get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    start = f"did you mean {near[0]!r}? " if near else ""
    return UsageError(f"unknown {kind} {name!r}", hint=f"{start}known: {', '.join(names) if names else '(none)'}")
