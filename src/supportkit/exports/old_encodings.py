"""The encoding of lines that are no UTF-8: a detector tells the script, letters tell apart what Latin ones are in.

The detector is charset-normalizer. It tells Cyrillic, Greek, Chinese or Japanese from a few lines, and takes western,
central European and Turkish texts for one another; there the letters decide. Where both are unsure, nobody guesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from supportkit.exports.letters import Guess, guesses

_SURE: Final = 4.0
"""By how much the likeliest encoding must be likelier than the next that reads other letters, in natural logarithms."""

_CHAOS: Final = 0.1
"""The detector's share of what it takes for a mess, above which it is not believed."""

_USUAL: Final = -3.6
"""The mean of a letter's logarithm in a text of the languages that are known; those of others have less."""

_GREEK: Final = "\u0370"
_SHOWN: Final = 3


class Found(NamedTuple):
    """An encoding; where it is doubted, those that it may be instead, and it is only the likeliest."""

    encoding: str
    doubt: tuple[str, ...] = ()


def find_encoding(lines: Sequence[bytes]) -> Found:
    """The encoding of lines that hold other characters than ASCII and are no UTF-8."""
    ranked = guesses(lines)
    detected = _detected(b"\n".join(lines))
    if detected is not None and not _is_latin(detected.text):
        if ranked[0].text == detected.text:
            return Found(ranked[0].encoding)
        if ranked[0].mean < _USUAL:
            return Found(detected.encoding)
        if not _is_latin(ranked[0].text):
            return Found(detected.encoding, (detected.encoding, ranked[0].encoding))
    others = [guess for guess in ranked if guess.text != ranked[0].text]
    if ranked[0].mean >= _USUAL and (not others or ranked[0].total - others[0].total >= _SURE):
        return Found(ranked[0].encoding)
    close = [guess.encoding for guess in others if ranked[0].total - guess.total < _SURE] or [others[0].encoding]
    unusual = [detected.encoding] if detected is not None and ranked[0].mean < _USUAL else []
    return Found(ranked[0].encoding, tuple(dict.fromkeys((*unusual, ranked[0].encoding, *close)))[:_SHOWN])


def _detected(data: bytes) -> Guess | None:
    """What the detector says, where it is confident."""
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None or best.chaos > _CHAOS:
        return None
    return Guess(best.encoding, 0.0, 0.0, data.decode(best.encoding, "replace"))


def _is_latin(text: str) -> bool:
    letters = [char for char in text if char > "\x7f" and char.isalpha()]
    return sum(char < _GREEK for char in letters) * 2 >= len(letters)
