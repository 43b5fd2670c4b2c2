"""In which old encoding a text is written, by how usual its letters are in the languages that are written in it.

An encoding of one byte a letter reads any bytes; only the wrong one makes letters of them that no language has, or in
places where none stands: a capital inside a word, a letter at a figure. Which letters are usual stands in
`letters.toml`. https://en.wikipedia.org/wiki/Letter_frequency has them for most languages.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import log
from operator import add
from typing import Final

from supportkit.system.named import NamedTuple

_NEUTRAL: Final = frozenset("ºª€£¥§©®°±·«»„“”‚‘’–—…™№ ½¼²³")
_IN_WORDS: Final = frozenset("‘’–—·")
_BEHIND: Final = frozenset("©®™¦¶")
"""Signs that stand before no small letter."""
_NO_WORD: Final = frozenset("şșŗє")
"""Letters that make no word of an N alone: in another encoding they are the sign of `Nº`."""
_SIGN: Final = log(0.05)
_UNUSUAL: Final = log(0.0001)
_MISPLACED: Final = log(0.02)
_CAPITAL: Final = log(1 / 4)
_GREEK: Final = "\u0370"
"""The first letter beyond the Latin ones."""


class Guess(NamedTuple):
    """An encoding, the logarithms of its letters' shares, added and their mean, and what it makes of the lines."""

    encoding: str
    total: float
    mean: float
    text: str


class _Encoding(NamedTuple):
    name: str
    languages: tuple[Mapping[str, float], ...]
    rarer: float


def guesses(lines: Sequence[bytes]) -> list[Guess]:
    """The encodings that can read lines, the likeliest first."""
    data = b"\n".join(lines)
    found = []
    for encoding in _encodings():
        try:
            text = data.decode(encoding.name)
        except UnicodeDecodeError:
            continue
        cells = dict.fromkeys(cell for cell in re.split(r"[\n,;\t|]", text) if not cell.isascii())
        total = _weigh(cells, encoding.languages)
        letters = max(1, sum(char > "\x7f" for cell in cells for char in cell))
        found.append(Guess(encoding.name, total - encoding.rarer, total / letters, text))
    return sorted(found, key=lambda guess: -guess.total)


def _weigh(cells: Collection[str], languages: Sequence[Mapping[str, float]]) -> float:
    """The logarithms of the letters of cells, each cell in the language that it fits best, which is the likelier the
    more other cells it fits best."""
    found: list[list[float]] = []
    misplaced = 0.0
    for cell in cells:
        places = [place for place, char in enumerate(cell) if char > "\x7f"]
        misplaced += sum(_MISPLACED for place in places if _is_misplaced(cell, place))
        misplaced += sum(
            _CAPITAL for place in places if cell[place].isupper() and not cell[place - 1 : place].isupper()
        )
        found.append([sum(_share(cell[place], shares) for place in places) for shares in languages])
    best = Counter(weights.index(max(weights)) for weights in found)
    usual = [0.5 * log((best[number] + 0.5) / (len(found) + 0.5)) for number in range(len(languages))]
    fitting: list[float] = [max(map(add, weights, usual)) for weights in found]
    return misplaced + sum(fitting)


def _share(char: str, shares: Mapping[str, float]) -> float:
    if char in shares:
        return shares[char]
    return _SIGN if char in _NEUTRAL else shares.get(char.lower(), _UNUSUAL)


def _is_misplaced(cell: str, place: int) -> bool:
    """Whether a letter stands at a figure, in a word of another script or between two letters that are none of ASCII's,
    or is a capital behind a small letter, or a Latin one alone behind a figure, where a currency stands; or whether a
    sign stands in a word, or begins one."""
    char, before, after = cell[place], cell[place - 1 : place], cell[place + 1 : place + 2]
    if not char.isalpha():
        in_front = char in _BEHIND and after.islower()
        return char not in _IN_WORDS and (in_front or (before.isalpha() and after.isalpha()))
    if before.isdigit() or after.isdigit() or (char.isupper() and before.islower()):
        return True
    if char < _GREEK and char.isupper() and not after.isalpha() and cell[:place].rstrip()[-1:].isdigit():
        return True
    if char in _NO_WORD and before in ("N", "n") and not cell[place - 2 : place - 1].isalpha() and not after.isalpha():
        return True
    latin_beside = any(char.isascii() and char.isalpha() for char in (before, after))
    if char >= _GREEK:
        return latin_beside
    return not latin_beside and before.isalpha() and after.isalpha()


@cache
def _encodings() -> tuple[_Encoding, ...]:
    content = tomllib.loads(files("supportkit.exports.reading").joinpath("letters.toml").read_text(encoding="utf-8"))
    shares = {
        name: {letter: log(part / sum(parts.values())) for letter, part in parts.items()}
        for name, parts in content["languages"].items()
    }
    return tuple(
        _Encoding(name, tuple(shares[language] for language in one["languages"]), one["rarer"])
        for name, one in content["encodings"].items()
    )
