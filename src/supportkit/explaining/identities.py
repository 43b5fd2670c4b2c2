"""Addresses that are one person's, from a file of yours: each line says which belong together.

A line may hold all addresses of a person, or a person's number and one address; whatever two lines share makes them one
person's. Under a header the first column may be that number, called person: it joins lines and is nobody's id in the
shop. The file is read on this machine for this one answer, and nothing of it is kept.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Final

from supportkit.errors import UsageError
from supportkit.system.csv_lines import csv_lines

MOST: Final = 50
"""Lines that one value may join: more share a country or a word, and are no person."""

NUMBERED: Final = ("person", "group", "nr", "nr.", "no", "no.", "number", "#", "человек")
"""First headers under which numbers say which lines are one person's."""


def addresses_of(file: Path, person: str) -> list[str]:
    """All that stands in the file for the person who is named by one of them, that one first.

    Raises DataError for a file that cannot be read, UsageError where a value joins more lines than a person has.
    """
    lines, numbers = _lines(file)
    holding: dict[str, list[int]] = defaultdict(list)
    for number, cells in enumerate(lines):
        for cell in dict.fromkeys(_plain(cell) for cell in cells):
            holding[cell].append(number)
    found, waiting, seen = {_plain(person): person}, [_plain(person)], set[int]()
    while waiting:
        shared = holding.get(waiting.pop(), [])
        if len(shared) > MOST:
            raise UsageError(
                f"--identities {file}: one value joins {len(shared)} lines, more than a person has",
                hint="leave only addresses and the person's number in the file",
            )
        for number in shared:
            if number not in seen:
                seen.add(number)
                more = {_plain(cell): cell for cell in lines[number] if _plain(cell) not in found}
                found |= more
                waiting += more
    return [name for plain, name in found.items() if name == person or plain not in numbers]


def _lines(file: Path) -> tuple[list[list[str]], set[str]]:
    """The cells of each line that are not empty, without the header where there is one; and the numbers of persons, of
    which the first header says that they are no ids."""
    lines = [[cell.strip() for cell in cells] for _, cells in csv_lines(file, f"--identities {file}")]
    is_headed = bool(lines) and not any("@" in cell or cell.isdecimal() for cell in lines[0])  # a header has no address
    rest = lines[1:] if is_headed else lines
    is_numbered = is_headed and _plain(lines[0][0]) in NUMBERED
    numbers = {_plain(cells[0]) for cells in rest} if is_numbered else set()
    return [[cell for cell in cells if cell] for cells in rest], numbers


def _plain(cell: str) -> str:
    return cell.strip().casefold()
