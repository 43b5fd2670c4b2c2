"""Which of a file's first rows is its header: a row of names of the rows' width, or one that rows below agree with.

A row with one filled cell is a title, however many delimiters stand behind it. A header may end in a delimiter less, or
more, than the rows. One whose number of cells no row has is no header of theirs: the columns then have no names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Final

from supportkit.system.named import NamedTuple

_FIGURE: Final = re.compile(r"[-+]?[$€£]?\d[\d\s.,:/T+-]*(?:E[-+]?\d+|[AP]M|Z)?%?", re.IGNORECASE)
_LOOKED_AT: Final = 20
_MOSTLY: Final = 0.9

Rows = Sequence[Sequence[str]]


class Place(NamedTuple):
    """The header's row and its names, else the first row of data and no names; how many cells a row has.

    Of `surplus` empty cells every row may end in more. `misfit` is a row of names that would be the header, but has a
    number of cells that no row has.
    """

    row: int
    names: tuple[str, ...]
    width: int
    surplus: int = 0
    misfit: int | None = None


def find_place(rows: Rows) -> Place:
    """The header among the first rows of a file, of which there is at least one."""
    counts = [filled(row) for row in rows]
    celled = [n for n, count in enumerate(counts) if count > 1]
    if not celled:
        return _header_or_data(rows, 0, len(rows[0]))
    width = _width_of_most([len(rows[n]) for n in celled])
    first, full = celled[0], _first_full(rows, celled, counts, width)
    if len(rows[first]) == width:
        return _header_or_data(rows, full, width)
    if (fitted := _fitted(rows, celled, width)) is not None:
        return fitted
    is_named, own = _is_names(rows[first]), _agreed_width(rows, celled)
    is_pair = own == 2 and width > 3 and _is_names(rows[full])  # as `Exported by,Anna` above a header
    if is_named and own and not is_pair:
        return Place(first, tuple(rows[first][:own]), own)
    found = _header_or_data(rows, full, width)
    return found if found.names or not is_named else found._replace(misfit=first)


def place_as_said(rows: Rows, *, headed: bool) -> Place:
    """The first row as the header, or as data where there is no header: as a person says."""
    width = _width_of_most([len(row) for row in rows[headed:] or rows])
    if not headed:
        return Place(0, (), width)
    fitted = _fitted(rows, range(len(rows)), width) if len(rows[0]) != width else None
    return fitted or Place(0, tuple(rows[0]), len(rows[0]))


def filled(cells: Sequence[str]) -> int:
    """How many cells of a row hold something."""
    return sum(map(bool, map(str.strip, cells)))


def is_figure(cell: str) -> bool:
    """Whether a cell holds a number, an amount, a day or a time."""
    return bool(_FIGURE.fullmatch(cell.strip()))


def is_data(header: Sequence[str], below: Rows) -> bool:
    """Whether a first row has figures in a column whose next cells are figures too."""
    rows = [row for row in below[:_LOOKED_AT] if len(row) == len(header)]
    return any(
        is_figure(cell) and all(is_figure(row[place]) for row in rows if row[place].strip())
        for place, cell in enumerate(header)
    )


def figure_columns(rows: Rows, width: int) -> frozenset[int]:
    """The places at which nearly all rows that have figures hold one, as most rows do; those without may be names."""
    whole = [row for row in rows if len(row) == width]
    fitting = [row for row in whole if any(map(is_figure, row))]
    if 2 * len(fitting) < len(whole):
        return frozenset()
    found = set()
    for place in range(width):
        cells = [cell for row in fitting if (cell := row[place].strip())]
        if cells and sum(map(bool, map(_FIGURE.fullmatch, cells))) >= _MOSTLY * len(cells):
            found.add(place)
    return frozenset(found)


def _width_of_most(widths: Sequence[int]) -> int:
    return max(Counter(widths).items(), key=lambda item: (item[1], item[0]))[0]


def _agreed_width(rows: Rows, celled: Sequence[int]) -> int:
    """The number of the first row's cells, or without the empty ones in its end, where another row has as many; 0 where
    none has."""
    first, *others = (rows[n] for n in celled)
    ended = max(place for place, cell in enumerate(first, 1) if cell.strip())
    widths = Counter(map(len, others))
    return next((width for width in dict.fromkeys((len(first), ended)) if widths[width]), 0)


def _first_full(rows: Rows, celled: Sequence[int], counts: Sequence[int], width: int) -> int:
    """The first row of a width that is not much emptier than the others of it, by the filled cells of each row."""
    fitting = [n for n in celled if len(rows[n]) == width]
    usual = median(counts[n] for n in fitting)
    return next(n for n in fitting if 2 * counts[n] >= usual)


def _header_or_data(rows: Rows, place: int, width: int) -> Place:
    """A row as the header; where it is data, the row above it where that names the first column alone."""
    if not is_data(rows[place], rows[place + 1 :]):
        return Place(place, tuple(rows[place]), width)
    if place and len(rows[place - 1]) == width and filled(rows[place - 1][:1]) == filled(rows[place - 1]) == 1:
        return Place(place - 1, tuple(rows[place - 1]), width)
    return Place(place, (), width)


def _is_names(row: Sequence[str]) -> bool:
    return filled(row) > 1 and not any(map(is_figure, row))


def _fitted(rows: Rows, celled: Sequence[int], width: int) -> Place | None:
    """A header of names that fits the rows but for empty cells: those in which every row ends, or its own."""
    first = celled[0]
    names = rows[first]
    if not _is_names(names):
        return None
    others = [rows[n] for n in celled[1:] if len(rows[n]) == width]
    if width > len(names):
        ended = sum(not any(row[len(names) :]) for row in others)
        if ended >= _MOSTLY * len(others):
            return Place(first, tuple(names), len(names), width - len(names))
        return None
    named = tuple(name for name in names if name.strip())
    if not any(names[width:]):
        return Place(first, tuple(names[:width]), width)
    return Place(first, named, width) if len(named) == width else None
