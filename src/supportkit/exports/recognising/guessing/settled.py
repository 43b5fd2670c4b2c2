"""What a guess is made of: the file that is looked at, what was found in it, what must be asked, what is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from supportkit.exports.meanings.words import key
from supportkit.exports.recognising.guessing.column_shapes import Shape, instant_in_utc
from supportkit.exports.recognising.guessing.known_names import (
    parts,
)
from supportkit.store.schema import Table
from supportkit.system.named import NamedTuple

RECORD: Final = "record"
_SIMPLE: Final = re.compile(r"[^\W\d]\w*(?: \w+)*")
_SAME: Final = 50
"""Rows in which two columns are equal, before they are taken for one."""
_DIFFERENT: Final = 12
"""Values of two equal columns that need no more rows for it."""
_FEW: Final = 3
"""Rows in which two columns are the same instants, before that is no chance."""
Sure = Literal["sure", "likely", "asked"]


class Found(NamedTuple):
    """What one of our columns is made from, as in a map, why, and how sure that is."""

    ours: str
    text: str
    why: str
    sure: Sure = "sure"
    places: tuple[int, ...] = ()


class Question(NamedTuple):
    """One of our columns that may be made in several ways, or in none; it `stands_in` where no name speaks for it."""

    ours: str
    readings: tuple[str, ...]
    why: str
    stands_in: bool = False
    places: tuple[int, ...] = ()
    also: tuple[str, ...] = ()
    """What else each reading says, as in a map: of a score, the kind of survey that it is of."""
    and_also: tuple[str, ...] = ()


@dataclass
class Settled:
    """What a file is as one table: what was found, what must be asked, what may be two and is left out."""

    table: Table
    found: dict[str, Found] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    doubtful: dict[str, Question] = field(default_factory=dict)
    two_sided: bool = False
    """Whether each row is a booking on one of two sides, with an amount of its own."""
    values: dict[str, str] = field(default_factory=dict)
    """What words of the column of states mean in this file."""


class File(NamedTuple):
    """What is looked at: the name, the headers, and for each the values and what they look like, None where that is
    not known."""

    name: str
    headers: Sequence[str]
    shapes: Sequence[Shape | None]
    cells: Sequence[Sequence[str] | None]
    zone: str = "UTC"
    zone_is_said: bool = False
    amount_of: str = ""
    """Whose an amount is that stands on each line of an order, where somebody said it: `order` or `line`."""

    def joined(self, places: Sequence[int]) -> list[str]:
        """The cells of columns with a blank between them, of each row."""
        columns = [self.cells[place] for place in places]
        return [" ".join(cells).strip() for cells in zip(*(one for one in columns if one is not None), strict=True)]

    def shape_of(self, found: Found | None) -> Shape | None:
        """What the values look like of the one column that something is made from; None of several."""
        return self.shapes[found.places[0]] if found is not None and len(found.places) == 1 else None

    def same(self, places: Sequence[int]) -> bool:
        """Whether these columns have the same values, in so many rows that it is no chance."""
        first, *rest = (self.cells[place] for place in places)
        many = first is not None and (len(first) >= _SAME or len(set(first)) >= _DIFFERENT)
        return many and all(other == first for other in rest)

    def most_precise(self, places: Sequence[int]) -> int | None:
        """The column whose times have the day of each other column in each row and say more; None where there is none:
        `2026-05-03` beside `2026-05-03 10:15`."""
        columns = {place: [_as_text(cell) for cell in self.cells[place] or ()] for place in places}
        longest = max(columns, key=lambda place: sum(map(len, columns[place])))
        days = [column for place, column in columns.items() if place != longest]
        if len(columns[longest]) <= _FEW or not any(":" in cell for cell in columns[longest]):
            return None
        is_it = all(
            cell.startswith(day) and 0 < len(day) < len(cell) and ":" not in day
            for column in days
            for day, cell in zip(column, columns[longest], strict=True)
            if day or cell
        )
        return longest if is_it else None

    def same_instants(self, places: Sequence[int]) -> bool:
        """Whether these columns are the same times in UTC, as ISO 8601 and as what has passed since 1970."""
        columns = [self.cells[place] for place in places]
        first, *rest = ([instant_in_utc(cell) for cell in column] if column else [None] for column in columns)
        return len(first) > _FEW and None not in first and all(other == first for other in rest)


def _as_text(cell: str) -> str:
    """A time as it is written; one that is counted since 1970, as ISO 8601."""
    found = instant_in_utc(cell) if cell.isdigit() else None
    return cell if found is None else found.isoformat(" ")


def required(table: Table) -> tuple[str, ...]:
    """Our columns that a row must have."""
    stated = tuple(one.name for one in table.fields if one.required)
    return (*stated, "score", "responded_at") if table.name == "surveys" else stated


def in_sum(header: str) -> str:
    """A header as a part of an expression in a map."""
    return header if _SIMPLE.fullmatch(header) else f"[{header}]"


def part_named(file: File, part: str, skip: set[int]) -> int | None:
    """The one column that is named as a part of something."""
    found = [
        place
        for place, header in enumerate(file.headers)
        if place not in skip and key(header) in parts()[part] and file.shapes[place] is not None
    ]
    return found[0] if len(found) == 1 else None
