"""The signs between the cells of a file, and which quote of a line closes which cell."""

from __future__ import annotations

from typing import Final

from supportkit.system.named import NamedTuple

BLANKS: Final = "  "


class Dialect(NamedTuple):
    """How cells are set apart. The delimiter BLANKS stands for any run of blanks."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether blanks set the cells apart, which stand between the words of a text too."""
        return self.delimiter in (" ", BLANKS)


def closing(text: str, at: int, dialect: Dialect) -> int:
    """The place of the quote that closes a cell, from the place behind the one that opens it; the length of the text
    where none does."""
    while at < len(text):
        escaped = dialect.escape and text[at] == dialect.escape
        if escaped or text[at : at + 2] == dialect.quote * 2:
            at += 2
        elif text[at] == dialect.quote:
            return at
        else:
            at += 1
    return len(text)


def closes_another(text: str, dialect: Dialect) -> bool:
    """Whether a cell that no quote opens ends in one: `9"Sofa, red",` has a comma in what was meant for one cell.

    A mark for inches behind a figure closes nothing, unless a quote stands open in a cell before it.
    """
    at, is_open = 0, False
    text = text.rstrip("\r\n")
    while at < len(text):
        while text[at : at + 1] == " ":
            at += 1
        begun = at
        if text[at : at + 1] == dialect.quote:
            at = closing(text, at + 1, dialect)
            begun = -1
        found = text.find(dialect.delimiter, at)
        end = len(text) if found < 0 else found
        if begun >= 0:
            cell = text[begun:end]
            if cell.endswith(dialect.quote) and (is_open or not cell[-2:-1].isdigit()):
                return True
            is_open = is_open or dialect.quote in cell
        at = end + 1
    return False
