"""The words for scores in `score.toml`: scales of words, and which of them the words of a column are from."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from supportkit.exports.meanings.vocabulary import spelled_out
from supportkit.exports.meanings.words import key, plain
from supportkit.exports.toml_tables import toml_table
from supportkit.system.frozen import dataclass

_FILE: Final = Path(__file__).parent / "score.toml"


@dataclass(frozen=True)
class ScoreScale:
    """A scale of words, in levels from the lowest; they are looked up only where an answer may be of it."""

    low: int
    levels: int
    kind: str | None
    written: Mapping[str, Sequence[Sequence[str]]]
    """The texts of each level, by language."""

    @cached_property
    def words(self) -> dict[str, dict[str, int]]:
        """The level of each word, as words are compared, in each language."""
        return {
            language: {key(word): level for level, texts in enumerate(levels) for word in _all({language: texts})}
            for language, levels in self.written.items()
        }

    @cached_property
    def known(self) -> dict[str, int]:
        """The level of each word in any language."""
        return {word: level for words in self.words.values() for word, level in words.items()}

    def reads(self, words: Collection[str]) -> tuple[int, int]:
        """How well it reads words: how many, and how few of them are one level as another word of their language."""
        read = [word for word in words if word in self.known]
        alike = 0
        if any(all(word in language for word in read) for language in self.words.values()):
            alike = len(read) - len({self.known[word] for word in read})
        return len(read), -alike


@dataclass(frozen=True)
class ScoreWords:
    """All words for scores, as they are compared."""

    scales: tuple[ScoreScale, ...]
    no_answer: frozenset[str]
    measures: frozenset[str]
    out_of_pattern: str
    stars_pattern: str


@cache
def score_words() -> ScoreWords:
    """The words of the file."""
    content = toml_table(_FILE)
    return ScoreWords(
        tuple(_scale(part) for part in content["scale"]),
        frozenset(key(word) for word in _all(content["no_answer"])),
        frozenset(plain(word) for word in _all(content["measures"])),
        _pattern(content["out_of"]),
        _pattern(content["stars"]),
    )


def read_by_scales(words: Collection[str], kind: str) -> dict[str, tuple[ScoreScale, int]]:
    """The scale and the level of each word that one has; the scale that reads most of them comes first."""
    found: dict[str, tuple[ScoreScale, int]] = {}
    left = set(words)
    while left:
        scale = max(_for_kind(kind), key=lambda one: one.reads(left))  # the first of equals
        read = {word for word in left if word in scale.known}
        if not read:
            break
        found |= {word: (scale, scale.known[word]) for word in read}
        left -= read
    return found


def levels_of(labels: Collection[str], kind: str) -> dict[str, int]:
    """The levels of labels on the one scale that reads most of them."""
    scale = max(_for_kind(kind), key=lambda one: one.reads(labels))
    return {label: scale.known[label] for label in labels if label in scale.known}


def _for_kind(kind: str) -> list[ScoreScale]:
    """The scales for a kind of survey: its own alone where it has some, since on 0-10 no other word has a place."""
    own = [scale for scale in score_words().scales if scale.kind == kind]
    return own or [scale for scale in score_words().scales if scale.kind is None]


def _scale(part: Mapping[str, Any]) -> ScoreScale:
    written = {language: levels for language, levels in part.items() if isinstance(levels, list)}
    lengths = {len(levels) for levels in written.values()}
    assert len(lengths) == 1, f"score.toml: a scale has {sorted(lengths)} levels"
    return ScoreScale(part.get("low", 1), lengths.pop(), part.get("kind"), written)


def _all(by_language: Mapping[str, Any]) -> list[str]:
    return list(spelled_out(by_language))


def _pattern(by_language: Mapping[str, Any]) -> str:
    """A pattern for one of these words, the longest first, in text without case and with its accents."""
    words = {word.casefold() for word in _all(by_language)}
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
