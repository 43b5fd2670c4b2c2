"""What a row must be to be loaded in its columns: as many cells as the header, no header itself, quotes in their cells.

A surplus cell shifts what follows it, whether it is empty or not: only where every row ends in the same surplus of
empty cells are these no cells of the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from supportkit.exports.reading.header_place import filled, is_figure

AGAIN: Final = "the header once more"
OTHER_TABLE: Final = "the header of another table"


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
        return f"{len(cells)} cells where the {whose} {self.width}"

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether a row is the header once more, as where files were put behind each other."""
        return bool(self.header) and cells[0] == self.header[0] and tuple(cells) == self.header

    def is_text(self, cells: Sequence[str]) -> bool:
        """Whether a row has a text in most columns of figures."""
        texts = sum(not is_figure(cells[place]) for place in self.figures if cells[place].strip())
        return 2 * texts > len(self.figures)

    def is_other_header(self, cells: Sequence[str]) -> bool:
        """Whether a row behind a blank line is the header of another table: names alone, as many as the header has at
        least, and none of them twice."""
        names = [cell for cell in cells if cell.strip()]
        named = self.header and self.figures and len(set(names)) == len(names) >= filled(self.header)
        return bool(named) and not any(map(is_figure, names))
