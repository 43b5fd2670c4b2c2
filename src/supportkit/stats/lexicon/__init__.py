"""Our own short word lists: stop words, support phrases that say nothing of the problem, words of one meaning."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of `<name>.txt` beside this file, without blank lines and `#` comments, in their order."""
    text = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def word_list(name: str) -> frozenset[str]:
    """All the words of `<name>.txt`, lower case."""
    return frozenset(" ".join(lines(name)).lower().split())


@cache
def roles(name: str) -> dict[str, tuple[str, ...]]:
    """What each role of `<name>.txt` has, whose lines are `role: words and phrases, …`."""
    found: dict[str, list[str]] = {}
    for line in lines(name):
        role, _, listed = line.partition(": ")
        found.setdefault(role, []).extend(one for part in listed.lower().split(",") if (one := part.strip()))
    return {role: tuple(dict.fromkeys(all_of)) for role, all_of in found.items()}
