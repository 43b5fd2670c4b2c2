"""The encoding of lines that are no UTF-8: a detector tells the script, letters tell apart what Latin ones are in.

The detector is charset-normalizer. It tells Cyrillic, Greek, Chinese or Japanese from a few lines, and takes western,
central European and Turkish texts for one another; there the letters decide. Where both are unsure, nobody guesses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from supportkit.exports.reading.letters import Guess, guesses
from supportkit.system.named import NamedTuple

_SURE: Final = 4.0
"""By how much the likeliest encoding must be likelier than the next that reads other letters, in natural logarithms."""

_CHAOS: Final = 0.1
"""The detector's share of what it takes for a mess, above which it is not believed."""

_USUAL: Final = -3.6
"""The mean of a letter's logarithm in a text of the languages that are known; those of others have less."""

_CHINESE: Final = (0xA1, 0xA3, *range(0xB0, 0xD8))
_JAPANESE: Final = (*range(0x81, 0x84), *range(0x88, 0x98))
_KOREAN: Final = (0xA1, 0xA3, *range(0xB0, 0xC9))
_USUAL_SIGNS: Final = {
    "gb": ("gb2312", _CHINESE),
    "cp932": ("shift_jis", _JAPANESE),
    "shift_jis": ("shift_jis", _JAPANESE),
    "euc_j": ("shift_jis", _JAPANESE),
    "big5": ("big5", range(0xA1, 0xC7)),
    "cp950": ("big5", range(0xA1, 0xC7)),
    "cp949": ("euc_kr", _KOREAN),
    "euc_k": ("euc_kr", _KOREAN),
    "johab": ("euc_kr", _KOREAN),
}
"""For encodings the standard of their usual signs, which come first in it, and the first bytes of these: kana are
Japanese alone, though the standards of others have them too."""

_KANA: Final = re.compile("[\u3041-\u30fa]")
_SIGNS: Final = re.compile(r"[^\x00-\x7f]+")
_AT_LETTERS: Final = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f]+|[^\x00-\x7f]+(?=[A-Za-z])")
_WITHOUT_KANA: Final = 12
"""Signs from which on a Japanese text has kana among them."""

_RUN: Final = re.compile(rb"[\x80-\xff]+")
_FEWEST: Final = 6
"""Bytes beyond ASCII, of runs that differ, that say something of a script."""

_ENOUGH: Final = 100
"""Such bytes from which on the detector is believed where the letters know no language; with fewer it also reads a few
words of Chinese as Thai, of Japanese as Korean or of Greek in another encoding of Greek."""

_CLOSE: Final = 0.05
"""By how much more of a mess another reading of few bytes may be and be as likely."""

_MOST_SIGNS: Final = 0.9
_BYTES: Final = 2
"""Of a sign; Korean syllables beyond the standard are spelled out in more."""

_INVERTED: Final = (True, False, False, True)
_CAPITALISED: Final = (False, True, True, False)
"""Two letters of which one is small: which of them are small, which are capitals."""

_GREEK: Final = "\u0370"
_SHOWN: Final = 3


class Found(NamedTuple):
    """An encoding; where it is doubted, those that it may be instead, and it is only the likeliest."""

    encoding: str
    doubt: tuple[str, ...] = ()


def find_encoding(lines: Sequence[bytes]) -> Found:
    """The encoding of lines that hold other characters than ASCII and are no UTF-8."""
    ranked = guesses(lines)
    data = b"\n".join(lines)
    known = sum(map(len, set(_RUN.findall(data))))
    is_short = known < _FEWEST
    readings = [] if is_short else _readings(data)
    detected = readings[0].guess if readings and readings[0].chaos <= _CHAOS else None
    if detected is not None and not _is_latin(detected.text):
        if ranked[0].text == detected.text:
            return Found(ranked[0].encoding)
        if ranked[0].mean < _USUAL:
            rivals = _rivals(readings) if known < _ENOUGH else []
            return Found(detected.encoding, (detected.encoding, *rivals)[:_SHOWN] if rivals else ())
        same = next((guess for guess in ranked if guess.text == detected.text), None)
        unlike = same is not None and ranked[0].total - same.total >= _SURE
        if not (unlike or _is_latin(ranked[0].text)):
            return Found(detected.encoding, (detected.encoding, ranked[0].encoding))
    elif is_short and not _is_latin(ranked[0].text):
        return _doubted(ranked[0], [guess for guess in ranked if guess.text != ranked[0].text])
    others = [guess for guess in ranked if guess.text != ranked[0].text]
    if ranked[0].mean >= _USUAL and (not others or ranked[0].total - others[0].total >= _SURE):
        return Found(ranked[0].encoding)
    unusual = [readings[0].guess.encoding] if readings and ranked[0].mean < _USUAL else []
    return _doubted(ranked[0], others, unusual)


def _doubted(first: Guess, others: Sequence[Guess], unusual: Sequence[str] = ()) -> Found:
    """An encoding with those that it may be instead."""
    close = [guess.encoding for guess in others if first.total - guess.total < _SURE] or [others[0].encoding]
    return Found(first.encoding, tuple(dict.fromkeys((*unusual, first.encoding, *close)))[:_SHOWN])


def find_signs(lines: Sequence[bytes]) -> str:
    """The encoding of Chinese, Japanese or Korean in which all lines are a usual text; empty where there is none."""
    readings = _readings(b"\n".join(lines))
    found = readings[0].guess.encoding if readings and readings[0].chaos <= _CHAOS else ""
    return found if _signs_of(found) is not None else ""


class _Reading(NamedTuple):
    guess: Guess
    chaos: float


def _readings(data: bytes) -> list[_Reading]:
    """What the detector takes bytes for, the likeliest first, where that is a usual text."""
    from charset_normalizer import from_bytes

    found = []
    for match in from_bytes(data):
        text = data.decode(match.encoding, "replace")
        if _is_usual(text, match.encoding):
            found.append(_Reading(Guess(match.encoding, 0.0, 0.0, text), match.chaos))
    return found


def _rivals(readings: Sequence[_Reading]) -> list[str]:
    """Other encodings of no Latin letters that make another text of the bytes, and hardly more of a mess."""
    detected, *others = readings
    least = min(one.chaos for one in readings)
    return [
        guess.encoding
        for guess, chaos in others
        if chaos <= min(least + _CLOSE, _CHAOS) and guess.text != detected.guess.text and not _is_latin(guess.text)
    ]


def _is_usual(text: str, encoding: str) -> bool:
    """Whether a text may be one: no words that begin small and go on in capitals, and where it is Chinese, Japanese or
    Korean the usual signs of its standard, most of them at no Latin letter; a few bytes of another alphabet make rare
    ones."""
    pairs = [(one.islower(), other.islower(), one.isupper(), other.isupper()) for one, other in pairwise(text)]
    if pairs.count(_INVERTED) > pairs.count(_CAPITALISED):
        return False
    rule = _signs_of(encoding)
    if rule is None:
        return True
    standard, leads = rule
    signs = [char for char in text if char > "\x7f"]
    if 2 * len(_AT_LETTERS.findall(text)) > len(_SIGNS.findall(text)):
        return False
    if leads is _JAPANESE and len(signs) >= _WITHOUT_KANA and not _KANA.search(text):
        return False
    return sum(_lead(char, standard) in leads for char in signs) >= _MOST_SIGNS * len(signs)


def _signs_of(encoding: str) -> tuple[str, Sequence[int]] | None:
    """The usual signs of an encoding of Chinese, Japanese or Korean; None for another one."""
    return next((rule for name, rule in _USUAL_SIGNS.items() if encoding.startswith(name)), None)


def _lead(char: str, standard: str) -> int:
    """The first byte of a sign, 0 where it has none in a standard."""
    try:
        found = char.encode(standard)
    except UnicodeEncodeError:
        return 0
    return found[0] if len(found) <= _BYTES else 0


def _is_latin(text: str) -> bool:
    letters = [char for char in text if char > "\x7f" and char.isalpha()]
    return sum(char < _GREEK for char in letters) * 2 >= len(letters)
