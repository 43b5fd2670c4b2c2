"""The words of a file's deciding columns for people: the known ones in a line, each unknown one with what to paste."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from supportkit.exports.meanings import key, vocabulary
from supportkit.exports.meanings.beside import APART
from supportkit.exports.meanings.deciding_words import Given, Word
from supportkit.exports.meanings.scores import NO_ANSWER
from supportkit.result import numbered
from supportkit.store.deciding import Deciding
from supportkit.store.unknown_words import shown_word

MOST: Final = 20
"""Words of one column that are listed; the rest is counted."""


def known_words(words: Sequence[Word]) -> list[str]:
    """A line for each column: what its words mean, with their rows and money."""
    lines = []
    for column, found in groupby(words, key=lambda word: word.column):
        known = [word for word in found if word.meaning.value is not None]
        if column.kind in ("name", "score"):
            known = [word for word in known if word.stored != word.text]
        shown, rest = known[:MOST], known[MOST:]
        meanings = list(dict.fromkeys(word.stored for word in shown))
        told = [_told(one, [word for word in shown if word.stored == one]) for one in meanings]
        if rest:
            told.append(f"and {len(rest):,} more words")
        if told:
            lines.append(f"{column.column}: {'; '.join(told)}")
    return lines


def unknown_words(words: Sequence[Word]) -> list[str]:
    """A line for each word that nobody knows: its rows, its money, how it counts, and how to say what it means."""
    lines = []
    for column, found in groupby(words, key=lambda word: word.column):
        unknown = [word for word in found if word.meaning.value is None]
        lines += [
            f"unknown {column.column} {_with_rows(word)} {column.counts}: {_paste(word)}" for word in unknown[:MOST]
        ]
        if (count := number_of(unknown)) > MOST:
            lines.append(f"and {count - MOST:,} more unknown words for {column.column}")
        if unknown and column.kind == "score":
            lines.append(
                f"SCORE is a number, with its scale where it has one, as 4/5, or {NO_ANSWER!r}; to keep it: "
                f"[values.{column.place}] in supportkit.toml"
            )
        if unknown and column.kind not in ("name", "score"):
            words_for = vocabulary(column.vocabulary)
            known = ", ".join((*words_for.meanings, *(("a score as 4 or 4/5",) if words_for.numbers else ())))
            lines.append(f"MEANING is {known}; to keep it: [values.{column.place}] in supportkit.toml")
    return lines


def number_of(words: Iterable[Word]) -> int:
    """How many words these are, with those that are only counted."""
    return sum(1 + word.more for word in words)


def read_again_words(words: Iterable[Word]) -> list[str]:
    """A line for the rows of each word that were loaded before and mean something else from now on."""
    return [
        f"{numbered(word.rows, 'row')} loaded before: "
        f"{word.column.column} {shown_word(word.text)} is {word.stored} from now on"
        for word in words
    ]


def unused_words(given: Given, words: Iterable[Word]) -> list[str]:
    """A line for each word of `--value` that no row has."""
    used = {key(part) for word in words for part in (word.text, *word.text.split(APART))}
    asked = dict.fromkeys(word for meanings in given.values() for word in meanings)
    return [f"--value: no row has the word {shown_word(word)}" for word in asked if key(word) not in used]


def _told(meaning: str | None, words: Sequence[Word]) -> str:
    """The words of a meaning; it is said once where it is the only one."""
    listed = ", ".join(_with_rows(word) for word in words)
    return listed if [word.text for word in words] == [meaning] else f"{meaning} = {listed}"


def _with_rows(word: Word) -> str:
    money = [f"{one.amount:,.2f} {one.currency or ''}".strip() for one in word.amounts[:3]]
    return f"{shown_word(word.text)} ({', '.join([f'{word.rows:,}', *money])})"


def _paste(word: Word) -> str:
    column: Deciding = word.column
    meaning = {"name": "CODE", "score": "SCORE"}.get(column.kind, "MEANING")
    return f"--value {shlex.quote(f'{column.column}:{shown_word(word.text)}={meaning}')}"
