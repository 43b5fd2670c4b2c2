"""The words of a column over its figures: one way to begin them, with a capital letter."""

from __future__ import annotations

from supportkit.render.escaping import for_terminal


def heading(label: str) -> str:
    """The label with a capital, safe to print; a letter that stands for a figure (n, p, q) stays what it is."""
    first = label.split(" ", 1)[0]
    is_sign = len(first) == 1 and first.isascii() and (first != "a" or first == label)  # "a question" is no sign
    return for_terminal(label if is_sign else label[:1].upper() + label[1:])
