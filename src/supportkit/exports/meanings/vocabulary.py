"""The words of one column from its TOML file: phrases and stems for each meaning, in five languages,
and the usual phrases in Italian, Dutch, Polish, Portuguese and Turkish.

    meanings = [["cancelled", "failed"], ["sale"]]   groups: what is revenue is never mixed with what is not; within a
                                                     group the first wins
    numbers = true                                   a score (`4`, `4/5`) is a meaning too
    whole = ["sale"]                                 meanings that only a text understood in whole can have
    counted = ["solved"]                             meanings that nothing unknown may stand beside, else the last group
    [cancelled]
    phrases.en = ["cancel{ed,led}"]                  braces: one phrase for each ending
    stems.de = ["storniert", "zahlung abgebroch"]    beginnings of words, all of which must be there

Words that are no phrase and that make a stem say nothing (negations, requests) stand in `grammar.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from supportkit.exports.meanings.words import key, tokens
from supportkit.exports.toml_tables import toml_table
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

_HERE: Final = Path(__file__).parent
_BRACES: Final = re.compile(r"(.*?)\{([^}]*)\}(.*)")
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
START: Final = 3
_SECTIONS: Final = ("meanings", "whole", "counted", "numbers")


class Stem(NamedTuple):
    """Beginnings of words that together have a meaning."""

    parts: tuple[str, ...]
    meaning: str


@dataclass(frozen=True)
class Vocabulary:
    """The meanings of a column, in groups, and the words for them."""

    name: str
    groups: tuple[tuple[str, ...], ...]
    whole: frozenset[str]
    phrases: dict[str, str]
    stems: tuple[Stem, ...]
    counted: frozenset[str]
    numbers: bool = False

    @cached_property
    def stems_by_start(self) -> dict[str, list[Stem]]:
        """The stems by the first letters of their first part, of which a word has a few at most."""
        found: dict[str, list[Stem]] = {}
        for stem in self.stems:
            found.setdefault(stem.parts[0][:START], []).append(stem)
        return found

    @cached_property
    def phrase_starts(self) -> frozenset[str]:
        """The first letters of the phrases, by which is soon known that a text begins with none."""
        return frozenset(phrase[:START] for phrase in self.phrases)

    @property
    def meanings(self) -> tuple[str, ...]:
        """All meanings, the weightiest first."""
        return tuple(meaning for group in self.groups for meaning in group)


@dataclass(frozen=True)
class Grammar:
    """Words of all languages: `fillers` say nothing, `hushing` ones make a stem say nothing, after `causes` is why."""

    fillers: frozenset[str]
    hushing: frozenset[str]
    causes: frozenset[str]


@cache
def vocabulary(name: str) -> Vocabulary:
    """The words of a column by the name of its file."""
    content = toml_table(_HERE / f"{name}.toml")
    groups = tuple(tuple(group) for group in content["meanings"])
    phrases: dict[str, str] = {}
    stems: list[Stem] = []
    for meaning, words in content.items():
        if meaning in _SECTIONS:
            continue
        assert any(meaning in group for group in groups), f"{name}.toml: {meaning} is in no group"
        phrases[key(meaning)] = meaning
        for phrase in spelled_out(words.get("phrases", {})):
            known = phrases.setdefault(key(phrase), meaning)
            assert known == meaning, f"{name}.toml: {phrase} is {known} and {meaning}"
        stems += [Stem(tokens(stem), meaning) for stem in spelled_out(words.get("stems", {}))]
    assert all(len(part) >= START for stem in stems for part in stem.parts), f"{name}.toml: a stem is too short"
    whole, counted = (frozenset(content.get(part, given)) for part, given in (("whole", ()), ("counted", groups[-1])))
    return Vocabulary(name, groups, whole, phrases, tuple(stems), counted, content.get("numbers", False))


@cache
def grammar() -> Grammar:
    """The words that stand around others."""
    content = toml_table(_HERE / "grammar.toml")
    parts = {
        name: frozenset(word for text in spelled_out(words) for word in tokens(text)) for name, words in content.items()
    }
    hushing = parts["negations"] | parts["requests"] | parts["limits"]
    return Grammar(parts["fillers"], hushing, parts["causes"])


def spelled_out(by_language: Mapping[str, Any]) -> Iterator[str]:
    """All the texts that words by language stand for."""
    for language, texts in by_language.items():
        for text in texts:
            for spelled in _endings(text):
                yield spelled
                if language == "de" and (other := without_umlauts(spelled)) != spelled:
                    yield other


def without_umlauts(text: str) -> str:
    """A German text as it is written where there are no umlauts: `zurueckgestellt`."""
    return text.translate(_UMLAUTS)


def _endings(text: str) -> Iterator[str]:
    """A text with braces as all the texts it stands for."""
    match = _BRACES.fullmatch(text)
    if match is None:
        yield text
        return
    start, endings, rest = match.groups()
    for ending in endings.split(","):
        yield from _endings(start + ending + rest)
