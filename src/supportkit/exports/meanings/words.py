"""A word as it is compared with others: without case, accents, punctuation and the spelling of its blanks."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from supportkit.system.late_patterns import late

LONGEST: Final = 120
"""A longer text is no word for a state."""

_HUMP: Final = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])")
_TOKEN: Final = re.compile(r"(?<!\S)-\d+|[^\W_]+")
_BETWEEN_CLAUSES: Final = late(r"[,;:/|()\[\]{}–—·•→>+&\n]|\s-(?=\s)")
_SIMPLE: Final = re.compile(r"[a-zа-я]+(?: [a-zа-я]+)*")
_BLANK: Final = re.compile(r"(?<!\d) | (?!\d)")
_LATIN_MARK: Final = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")


def plain(text: str) -> str:
    """A text without case and accents, its words apart; `partiallyRefunded` is two words, and `isn't` is `is not`."""
    text = _HUMP.sub(" ", text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFC", _LATIN_MARK.sub("", unicodedata.normalize("NFD", text)))
        text = text.replace("ё", "е").replace("’", "'")
    return text.replace("n't", " not").removeprefix("wc-").strip()


def clauses(text: str) -> list[tuple[str, ...]]:
    """The words of each part of a text, which punctuation sets apart: `Paid (by card)` is two parts."""
    return clauses_of(plain(text))


def clauses_of(text: str) -> list[tuple[str, ...]]:
    """The same of a plain text."""
    parts = [tuple(_TOKEN.findall(part)) for part in _BETWEEN_CLAUSES.split(text)]
    return [part for part in parts if part]


def tokens(text: str) -> tuple[str, ...]:
    """All the words of a text."""
    return tuple(_TOKEN.findall(plain(text)))


def joined(words: tuple[str, ...]) -> str:
    """Words as one text by which phrases are found: without blanks (`on hold` is `onhold`), but for those of digits."""
    return _BLANK.sub("", " ".join(words))


def key(text: str) -> str:
    """What two spellings of one phrase have in common; of a text without letters and digits, all its signs."""
    if _SIMPLE.fullmatch(text):
        return text.replace(" ", "")
    return key_of(plain(text))


def key_of(text: str) -> str:
    """The same of a plain text."""
    return joined(tuple(_TOKEN.findall(text))) or text
