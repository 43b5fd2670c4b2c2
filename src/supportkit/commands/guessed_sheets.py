"""What the sheets of a workbook may be, or the tables of a database, where a load stops at the question which is meant:
then the answer has the sheet and what else is to be said in one command."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from supportkit.commands.guesses import guesses, pasted
from supportkit.errors import DataError, SheetsError
from supportkit.exports import LoadOptions
from supportkit.result import Result
from supportkit.system.named import NamedTuple

_MOST: Final = 8
"""Sheets that are looked into."""


class GuessedSheet(NamedTuple):
    """A sheet that is a table: how much speaks for it, what it may be, and in words what to paste."""

    name: str
    known: int
    columns: int
    lacking: int
    """What a row needs and no column has."""
    results: tuple[Result, ...]
    hint: str


def guessed_sheets(
    files: Sequence[Path], options: LoadOptions, said: Sequence[str], command: Sequence[str]
) -> list[GuessedSheet]:
    """The sheets of files that are tables, the likeliest first, without those that lack more than another of what a row
    needs; `said` are the options of the command."""
    found = [one for path, sheet in _sheets(files, options) if (one := _guessed(path, sheet, options, said, command))]
    least = min((one.lacking for one in found), default=0)
    likely = [one for one in found if one.lacking <= max(least, 1)]
    return sorted(likely, key=lambda one: (-one.known, one.lacking, -one.columns))


def say_which(sheets: Sequence[GuessedSheet]) -> str:
    """What names the likeliest sheet."""
    return f"say which: --sheet {shlex.quote(sheets[0].name)}, or its number; with --guess beside it"


def _sheets(files: Sequence[Path], options: LoadOptions) -> Iterator[tuple[Path, str]]:
    """The files of which it is asked which sheet is meant, with their first sheets."""
    from supportkit.exports.reading.files import open_export
    from supportkit.exports.reading.found_files import find_files

    for path in find_files(files):
        try:
            with open_export(path, name=path.name, sheet=options.sheet, usual_sheet=options.usual_sheet):
                continue
        except SheetsError as error:
            yield from ((path, sheet) for sheet in error.sheets[:_MOST])
        except DataError:  # which a load tells of
            continue


def _guessed(
    path: Path, sheet: str, options: LoadOptions, said: Sequence[str], command: Sequence[str]
) -> GuessedSheet | None:
    """What one sheet may be; None where it is no table that can be guessed."""
    of_sheet, words = replace(options, sheet=sheet), [*said, "--sheet", sheet]
    made = guesses([path], of_sheet, words, command)
    if not made and _is_known(path, of_sheet):
        return GuessedSheet(
            sheet, 1, 0, 0, (), f"{sheet} is known: {pasted(['supportkit', *command, str(path), *words])}"
        )
    if not made or (found := made[0].found) is None:
        return None
    what = " or ".join((found.table, *found.rivals))
    lacking = sum(one.stands_in for one in found.questions)
    return GuessedSheet(
        sheet, 0, len(found.columns), lacking, (made[0].result,), f"{sheet} may be {what}: {made[0].hint}"
    )


def _is_known(path: Path, options: LoadOptions) -> bool:
    from supportkit.exports.reading.files import open_export
    from supportkit.exports.recognising.guessing.of_file import is_known
    from supportkit.exports.recognising.recognised_file import layout_of

    try:
        with open_export(path, name=path.name, sheet=options.sheet) as export:
            _, layout = layout_of(export, options)
            return layout is not None and is_known(export, layout, options)
    except DataError:
        return False
