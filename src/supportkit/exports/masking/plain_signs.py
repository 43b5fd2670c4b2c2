"""A text in plain signs: entities, percent and quoted-printable signs, digits of any script, what cannot be seen.

People and programs write one address in many ways (`anna&#64;x.de`, `anna%40x.de`). It is looked for in the
plain text, and taken out where it stands in the other.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from supportkit.exports.masking.sign_classes import AT_SIGNS, HIDDEN, OTHER_DIGITS
from supportkit.system.frozen import dataclass

Span = tuple[int, int, str]
Find = Callable[[str], Iterable[Span]]

_BROKEN: Final = re.compile(
    r"(?<=@)[ \t]*\r?\n[ \t]*(?=\w)|\r?\n(?=@\w)|(?<=\w\.)\r?\n(?=(?:com|net|org|de|ru|co|uk|fr|es|it)\b)|=\r?\n"
)
"""Where an address goes on in the next line."""

_SOME_ODD: Final = re.compile(f"[&%=_*{AT_SIGNS}．。｡ａ-ｚＡ-Ｚ{HIDDEN}{OTHER_DIGITS}]|[0-9][ \\t]{{0,8}}\\r?\\n[0-9(]")
_ODD: Final = re.compile(
    rf"""(?P<entity>&(?:\#[0-9]{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[a-zA-Z]{{2,8}});)
      | (?P<percent>%(?:2[0-9a-fA-F]|[3-7][0-9a-fA-F]))
      | (?P<at>=40|[{AT_SIGNS}])
      | (?P<dot>=2E|[．。｡])
      | (?P<gone>[{HIDDEN}]+)
      | (?P<digit>[{OTHER_DIGITS}])
      | (?P<wide>[ａ-ｚＡ-Ｚ])""",
    re.VERBOSE,
)
_WRAPPED: Final = re.compile(r"(?:\+|(?<![0-9])0)[0-9][0-9 ()./-]{1,14}?(\r?\n)(?=[0-9(][0-9 -]{2})")
"""A phone that goes on in the next line."""

_FOURS: Final = re.compile(r"(?<![0-9])[0-9]{4}(?:[ -]?\s?[0-9]{4}){2}[ -]?\s?[0-9]{1,7}(?![0-9])")
"""A card, which may go on in the next line."""

_LINE: Final = re.compile(r"\r?\n")

_SCORED: Final = re.compile(r"\+[0-9]{1,3}(?:[_*][0-9]{1,8}){2,5}|(?<![0-9])[0-9]{4}(?:[_*][0-9]{4}){2}[_*][0-9]{1,7}")
_SCORE: Final = re.compile("[_*]")


@dataclass(frozen=True)
class Plain:
    """A text in plain signs, and where each stands in the text as it is written; no places where both are the same."""

    text: str
    places: list[int] | None = None

    def spans(self, find: Find) -> list[Span]:
        """What is found in the plain text, as it stands in the one that is written."""
        places = self.places
        if places is None:
            return list(find(self.text))
        return [(places[start], places[end], token) for start, end, token in find(self.text)]


def plainly(text: str) -> Plain:
    """The text in plain signs."""
    broken = "\n" in text and _BROKEN.search(text)
    changes = sorted(_changes(text)) if broken or _SOME_ODD.search(text) else []
    if not changes:
        return Plain(text)
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for start, end, sign in changes:
        if start < at:
            continue
        pieces += (text[at:start], sign)
        places += [*range(at, start), *[start] * len(sign)]
        at = end
    pieces.append(text[at:])
    places += range(at, len(text) + 1)
    return Plain("".join(pieces), places)


def _changes(text: str) -> Iterator[Span]:
    """What is written in plain signs: start, end, the signs."""
    for match in _ODD.finditer(text):
        sign = _sign(match)
        if sign is not None:
            yield match.start(), match.end(), sign
    for match in _BROKEN.finditer(text):
        yield *match.span(), ""
    for match in _WRAPPED.finditer(text):
        yield match.start(1), match.end(1), " "
    for match in _FOURS.finditer(text):
        for line in _LINE.finditer(text, match.start(), match.end()):
            yield line.start(), line.end(), " "
    for match in _SCORED.finditer(text):
        for score in _SCORE.finditer(text, match.start(), match.end()):
            yield score.start(), score.end(), " "


def _sign(match: re.Match[str]) -> str | None:
    """The plain signs for what is written otherwise; None where it is what it is."""
    written = match[0]
    match match.lastgroup:
        case "entity":
            sign = html.unescape(written)
            return None if sign == written else sign.replace("\u00a0", " ")
        case "percent":
            return chr(int(written[1:], 16))
        case "at":
            return "@"
        case "dot":
            return "."
        case "digit":
            return str(unicodedata.digit(written))
        case "wide":
            return unicodedata.normalize("NFKC", written)
    return ""
