"""What a secret value is, and where it ends; those of an address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from supportkit.exports.masking.secret_patterns import BESIDE, IN_URL, LETS_IN, LONG_PART, NAMED_SECRET, TO_LET_IN

AROUND: Final = 48
"""How far before a code or a password stands what tells what it is."""
ENDS: Final = ".,;:!?)]}»”"


def in_url(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the values stand in an address that let somebody in."""
    for match in IN_URL.finditer(text, start, end):
        if is_value(match["value"]) or NAMED_SECRET.search(match[0]):
            yield match.span("value")
    if LETS_IN.search(text, max(0, start - BESIDE), end) or TO_LET_IN.match(text, end):
        for match in LONG_PART.finditer(text, start, end):
            yield match.span("value")


def within(text: str, start: int, end: int) -> tuple[int, int]:
    """A value without the sign that ends its sentence."""
    while end - start > 4 and text[end - 1] in ENDS:
        end -= 1
    return start, end


def is_value(value: str) -> bool:
    """Whether this is no word: it has a digit in it, or is long."""
    return any(char.isdecimal() for char in value) or len(value) >= 20
