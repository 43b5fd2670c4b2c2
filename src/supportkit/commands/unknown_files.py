"""What is printed where a load stops at a file that nobody knows, or of which it is not said what is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from supportkit.commands.guessed_sheets import guessed_sheets, say_which
from supportkit.commands.guesses import guesses
from supportkit.commands.output import print_results
from supportkit.commands.shared_options import SharedOptions
from supportkit.errors import DataError, MissingColumnsError, SheetsError, UndecidedExportError, UnknownExportError
from supportkit.exports import LoadOptions


@contextmanager
def guessing(
    files: Sequence[Path],
    options: LoadOptions,
    shared: SharedOptions,
    said: Sequence[str],
    *,
    command: Sequence[str] = ("load",),
    refused: Callable[[DataError], None] = lambda _: None,
) -> Iterator[None]:
    """Prints what a file may be where a load stops at one that nobody knows, and says how to load it; where there is
    nothing to print, and where it stops for something else, it is `refused`."""
    try:
        yield
    except (UnknownExportError, MissingColumnsError, UndecidedExportError) as error:
        made = guesses(files, options, said, command)
        if not made:
            refused(error)
            raise
        print_results([one.result for one in made], shared)
        raise type(error)(error.message, hint="\n".join(one.hint for one in made)) from error
    except SheetsError as error:
        sheets = guessed_sheets(files, options, said, command)
        if results := [result for one in sheets for result in one.results]:
            print_results(results, shared)
        else:
            refused(error)
        if not sheets:
            raise
        hint = "\n".join((say_which(sheets), *(one.hint for one in sheets)))
        raise SheetsError(error.message, hint=hint, sheets=error.sheets) from error
    except DataError as error:
        refused(error)
        raise
