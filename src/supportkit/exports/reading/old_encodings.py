"""The encoding of lines that are no UTF-8: a detector tells the script, letters tell apart what Latin ones are in.

The detector is charset-normalizer. It tells Cyrillic, Greek, Chinese or Japanese from a few lines, and takes western,
central European and Turkish texts for one another; there the letters decide. Where both are unsure, nobody guesses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from supportkit.exports.reading.letters import Guess, guesses

_SURE: Final = 4.0
"""By how much the likeliest encoding must be likelier than the next that reads other letters, in natural logarithms."""

_CHAOS: Final = 0.1
"""The detector's share of what it takes for a mess, above which it is not believed."""

_USUAL: Final = -3.6
"""The mean of a letter's logarithm in a text of the languages that are known; those of others have less."""

_USUAL_SIGNS: Final = {
    "gb": ("gb2312", range(0xA1, 0xD8)),
    "cp932": ("shift_jis", range(0x81, 0x98)),
    "shift_jis": ("shift_jis", range(0x81, 0x98)),
    "euc_j": ("shift_jis", range(0x81, 0x98)),
    "big5": ("big5", range(0xA1, 0xC7)),
    "cp950": ("big5", range(0xA1, 0xC7)),
    "cp949": ("euc_kr", range(0xA1, 0xC9)),
    "euc_k": ("euc_kr", range(0xA1, 0xC9)),
    "johab": ("euc_kr", range(0xA1, 0xC9)),
}
"""For encodings the standard of their usual signs, which come first in it, and the first bytes of these."""

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
    detected = None if is_short else _detected(data)
    if detected is not None and not _is_latin(detected.text):
        if ranked[0].text == detected.text:
            return Found(ranked[0].encoding)
        if ranked[0].mean < _USUAL:
            rivals = _rivals(data, detected) if known < _ENOUGH else []
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
    unusual = [detected.encoding] if detected is not None and ranked[0].mean < _USUAL else []
    return _doubted(ranked[0], others, unusual)


def _doubted(first: Guess, others: Sequence[Guess], unusual: Sequence[str] = ()) -> Found:
    """An encoding with those that it may be instead."""
    close = [guess.encoding for guess in others if first.total - guess.total < _SURE] or [others[0].encoding]
    return Found(first.encoding, tuple(dict.fromkeys((*unusual, first.encoding, *close)))[:_SHOWN])


def _detected(data: bytes) -> Guess | None:
    """What the detector says, where it is confident."""
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None or best.chaos > _CHAOS:
        return None
    text = data.decode(best.encoding, "replace")
    return Guess(best.encoding, 0.0, 0.0, text) if _is_usual(text, best.encoding) else None


def _rivals(data: bytes, detected: Guess) -> list[str]:
    """Other encodings of no Latin letters that make another text of the bytes, and hardly more of a mess."""
    from charset_normalizer import from_bytes

    matches = list(from_bytes(data))
    least = min(match.chaos for match in matches)
    found = []
    for match in matches:
        text = data.decode(match.encoding, "replace")
        is_close = match.chaos <= min(least + _CLOSE, _CHAOS)
        if is_close and text != detected.text and not _is_latin(text) and _is_usual(text, match.encoding):
            found.append(match.encoding)
    return found


def _is_usual(text: str, encoding: str) -> bool:
    """Whether a text may be one: no words that begin small and go on in capitals, and where it is Chinese, Japanese or
    Korean the usual signs of its standard; a few bytes of another alphabet make rare ones."""
    pairs = [(one.islower(), other.islower(), one.isupper(), other.isupper()) for one, other in pairwise(text)]
    if pairs.count(_INVERTED) > pairs.count(_CAPITALISED):
        return False
    standard, leads = next((rule for name, rule in _USUAL_SIGNS.items() if encoding.startswith(name)), ("", ()))
    if not standard:
        return True
    signs = [char for char in text if char > "\x7f"]
    return sum(_lead(char, standard) in leads for char in signs) >= _MOST_SIGNS * len(signs)


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
