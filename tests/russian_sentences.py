"""Sentences of English in Russian output: runs of words that are neither data nor names, by rule."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from supportkit.cli import COMMANDS
from supportkit.exports.sources import sources
from supportkit.metrics import METRICS
from supportkit.store.schema import TABLES
from tests.untranslated import UNTRANSLATED

MOST = 2
"""Words of English that may stand beside each other: a name of two words is no sentence."""
TYPED = re.compile(
    r"supportkit [^\n·|<]*"  # a command, to the end of its line
    r"|`[^`]*`|«[^»]*»|\"[^\"]*\"|'[^']*'"  # quoted: names, subjects of tickets, what is typed
    r"|--[\w-]+|\[[\w.<>-]+\]|\S+[=*/\\@]\S*|\w+(?:[_.]\w+)+"  # options, sections, conditions, files, columns
    r"|\b[A-Z]{2,}\b|\b[a-z]{2,}_?\d+\b"  # abbreviations, p50
)
LETTERS = re.compile(r"[A-Za-z]{2,}|[А-Яа-яЁё]")
PIECES = re.compile(r"\s{2,}|[│┃|\n]")
UNSEEN = re.compile(r"<(style|script|code)\b.*?</\1>", re.DOTALL)
TOLD = re.compile(r"(?:aria-label|title|alt)=\"([^\"]*)\"")


def names() -> Iterator[str]:
    """What is called so in every language: commands, metrics, their facts, tables and columns, vendors."""
    yield from UNTRANSLATED
    yield from (command.name for command in COMMANDS)
    for name, metric in METRICS.items():
        yield from (name, *(fact.name for fact in metric.facts))
        yield from re.findall(r"[A-Z][\w-]+", metric.source)  # the authors of a method
    for table in TABLES.values():
        yield from (table.name, *table.names)
    for vendor in sources():
        yield from (vendor.name, *re.findall(r"[A-Z]\w+", vendor.title))


def known(data: Iterable[str]) -> re.Pattern[str]:
    """The words that may stand anywhere: names of ours, and what the data holds, the longest first."""
    words = {word for word in (*names(), *data) if re.search(r"[A-Za-z]{2}", word)}
    longest = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)


def pieces(text: str) -> Iterator[str]:
    """The texts that a person reads one by one: lines, cells, the texts of a page and of its pictures."""
    if "<html" in text:
        text = UNSEEN.sub("\n", text)
        told = "\n".join(TOLD.findall(text))
        text = f"{re.sub('<[^>]*>', chr(10), text)}\n{told}"
    yield from (piece.strip() for piece in PIECES.split(html.unescape(text)))


def english(text: str, allowed: re.Pattern[str]) -> list[str]:
    """The pieces with more words of English beside each other than a name has."""
    found = []
    for piece in dict.fromkeys(pieces(text)):
        rest = "" if allowed.fullmatch(piece) else allowed.sub("", TYPED.sub("", piece))
        run = longest = 0
        for word in LETTERS.findall(rest):
            run = run + 1 if word[0].isascii() else 0
            longest = max(longest, run)
        if longest > MOST:
            found.append(piece)
    return found
