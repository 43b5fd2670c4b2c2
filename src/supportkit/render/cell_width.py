"""How many columns of a terminal a text takes, where letters may take two."""

from __future__ import annotations


def width_of(text: str) -> int:
    """The columns that a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def wrapped(text: str, width: int) -> list[str]:
    """A sentence in lines of at most so many columns."""
    import textwrap

    return textwrap.wrap(text, width) if width_of(text) > width else [text]


def fitted(text: str, width: int) -> str:
    """The text in exactly so many columns, cut with an ellipsis where it is longer."""
    if width_of(text) <= width:
        return text + " " * (width - width_of(text))
    from rich.cells import set_cell_size

    return f"{set_cell_size(text, width - 1)}…"
