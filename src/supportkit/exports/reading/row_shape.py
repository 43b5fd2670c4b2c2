"""What a row must be to be loaded in its columns: as many cells as the header, no header itself, quotes in their cells.

A surplus cell shifts what follows it, whether it is empty or not: only where every row ends in the same surplus of
empty cells are these no cells of the row. Below a table another may begin, with names where this one has figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from supportkit.exports.reading.header_place import filled, is_figure
from supportkit.result import numbered
from supportkit.system.named import NamedTuple

AGAIN: Final = "the header once more"
OTHER_TABLE: Final = "the header of another table"
OF_OTHER: Final = "a row of another table, whose header is line"
_CODE: Final = re.compile(r"(?i:.*\bid)|[A-Za-z]+(?:_[A-Za-z]+)+")
"""How names of columns are written, and texts are not: `order_id`, `Order ID`."""
_LONGEST: Final = 60
"""Letters of a name, at most."""


class Shape(NamedTuple):
    """The number of cells of a row, the surplus of empty ones that every row may have, and the cells of the header
    (none: there is no header); at `figures` nearly all rows hold figures."""

    width: int
    surplus: int = 0
    header: tuple[str, ...] = ()
    figures: frozenset[int] = frozenset()

    def fitted(self, cells: list[str]) -> list[str] | None:
        """The cells in their columns; None where they are not as many."""
        if len(cells) == self.width:
            return cells
        if self.surplus and len(cells) == self.width + self.surplus and not any(cells[self.width :]):
            return cells[: self.width]
        return None

    def number_fault(self, cells: Sequence[str]) -> str:
        """That a row has another number of cells, in words."""
        whose = "header has" if self.header else "rows have"
        return f"{numbered(len(cells), 'cell')} where the {whose} {self.width}"

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether a row is the header once more, as where files were put behind each other."""
        return bool(self.header) and cells[0] == self.header[0] and tuple(cells) == self.header

    def is_text(self, cells: Sequence[str]) -> bool:
        """Whether a row has a text in most columns of figures."""
        texts = sum(not is_figure(cells[place]) for place in self.figures if cells[place].strip())
        return 2 * texts > len(self.figures)

    def is_other_header(self, cells: Sequence[str], *, is_set_off: bool) -> bool:
        """Whether a row is the header of another table: names alone, none of them twice, where this table has figures.

        Behind a blank line or a title it `is_set_off`; else it must be as full as the header, and half of its cells be
        names of it or written as names are. A row whose first cell has a digit, or with a long cell, is a broken one.
        """
        if any(cells[place][:1].isdigit() for place in self.figures):
            return False
        names = [cell for cell in cells if cell.strip()]
        if len(names) < 2 or len(set(names)) < len(names) or not all(any(map(str.isalpha, name)) for name in names):
            return False
        if any(map(is_figure, names)):
            return False
        if any(map(str.isdigit, names[0])) or max(map(len, names)) > _LONGEST or "@" in "".join(names):
            return False
        if is_set_off:
            return True
        is_full = len(names) >= filled(self.header) and all(cells[place].strip() for place in self.figures)
        written = sum(name in self.header or _CODE.fullmatch(name) is not None for name in names)
        return is_full and written > 1 and 2 * written >= len(names)

    def is_back(self, cells: Sequence[str], named: Sequence[int]) -> bool:
        """Whether a row below another table, which has names at these places, is one of this table again."""
        outside = any(cell for place, cell in enumerate(cells) if place not in named)
        return outside and all(is_figure(cells[place]) for place in self.figures)
