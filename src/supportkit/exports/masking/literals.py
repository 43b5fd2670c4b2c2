"""Whether one of some words stands in a text: what is asked of every text, most of which have none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator


def has_one(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in the text; a loop, which takes half the time of any()."""
    for word in words:  # noqa: SIM110
        if word in text:
            return True
    return False


def places(text: str, words: Iterable[str]) -> list[int]:
    """Where one of the words begins in the text, first to last."""
    found: list[int] = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            found.append(at)
            at = text.find(word, at + 1)
    return sorted(found)


def matches(pattern: re.Pattern[str], text: str, begins: Iterable[int]) -> Iterator[re.Match[str]]:
    """What finditer finds with a pattern that can match at these places only, which takes a tenth of its time."""
    at = 0
    for place in begins:
        if place >= at and (match := pattern.match(text, place)):
            at = max(match.end(), place + 1)
            yield match


def small_letters(text: str) -> str:
    """The text in small letters, each in its place: a pattern of these is ten times as fast as one of any letters."""
    small = text.lower()
    return small if len(small) == len(text) else text.translate({0x130: "i"}).lower()
