"""A text in plain signs: entities, percent and quoted-printable signs, digits of any script, what cannot be seen.

People and programs write one address in many ways (`anna&#64;x.de`, `anna%40x.de`). It is looked for in the
plain text, and taken out where it stands in the other.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final

from supportkit.exports.masking.identity_numbers import card
from supportkit.exports.masking.literals import has_one
from supportkit.exports.masking.sign_classes import AT_SIGNS, HIDDEN, OTHER_DIGITS
from supportkit.system.frozen import dataclass

Span = tuple[int, int, str]

_BROKEN: Final = re.compile(
    r"""[@\r\n=](?:(?<=@)[ \t]*\r?\n[ \t]*(?=\w)|(?:(?<=\r)\n|(?<=\n))(?=@\w)|(?<==)\r?\n
        |(?:(?<=\w\.\r)\n|(?<=\w\.\n))(?=(?:com|net|org|de|ru|co|uk|fr|es|it)\b))""",
    re.VERBOSE,
)
"""Where an address goes on in the next line, with the at sign before it. This pattern and most below begin with a class
of signs, by which the places of a text that they may stand at are found ten times as fast."""

_ODD_SIGN: Final = re.compile(f"[&%=_*>|→⇒➜\\t\\\\{AT_SIGNS}．。｡ａ-ｚＡ-Ｚ{HIDDEN}{OTHER_DIGITS}]")
_ODD_LINE: Final = re.compile(r"[0-9][ \t]{0,8}\r?\n[ \t\r\n]{0,3}[0-9(]")
_ODD_QUOTE: Final = re.compile("[\"'`][ ]?:")
_NEXT_LINE: Final = re.compile(r"\n[0-9(]")
_ONE_FOR_ONE: Final = re.compile(f"[{AT_SIGNS}．。｡ａ-ｚＡ-Ｚ{OTHER_DIGITS}]")
_OTHER_LENGTH: Final = re.compile(
    rf"""[&%=\\{HIDDEN}](?:(?<=&)(?:amp;){{0,4}}(?:\#[0-9]{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[a-zA-Z]{{2,8}});
      |(?<=%)(?:25){{0,4}}(?:2[0-9a-fA-F]|[3-7][0-9a-fA-F])|(?<==)(?:40(?![0-9])|2E)|(?<=[{HIDDEN}])[{HIDDEN}]*
      |(?<=\\)\\{{0,3}}(?:u00[2-7][0-9a-fA-F]|(?=["'])))""",
    re.VERBOSE,
)
_TAG: Final = re.compile(
    r"</?(?:(?P<inline>b|strong|i|em|u|s|span|font|code|tt|mark|small|big)|(?P<cell>t[dh]|d[td])"
    r"|br|p|div|t(?:able|r|head|body)|li|ul|ol|dl|pre|h[1-6])(?:[ ][^<>\n]{0,200})?/?>",
    re.IGNORECASE,
)
_FIGURE: Final = re.compile(r"(?:\s|<[^<>\n]{0,80}>){0,6}[^\s<>|]{0,40}[0-9]")
"""A cell that begins with a figure, or with a word that has one."""

_PARTED: Final = re.compile(
    r"""[:"'`)\ =–—→⇒➜|\t-](?<=[^\W\d_].)(?:(?<=:)[ ]?\t[ \t]{0,8}|(?<=["'`])[ ]?:[ ]?["'`]?
      |(?:(?:(?<=["'`)])[ ]{0,2}|(?<=[ ])[ ]?)(?:[-=–—]>|[→⇒➜])|(?<=[-=–—])>|(?<=[→⇒➜]))[ ]{0,2}["'`]?
      |(?<=[^\W\d_]{3}.)(?<![0-9]\t[A-Z]{4}.)(?:(?:(?<=[)])[ ]?|(?<=[ ]))[|\t]|(?<=[|\t]))[ |]{0,8}(?:[|\t][ |]{0,8})*
        ["'`]?(?=[^\s<>|]{0,40}[0-9]))""",
    re.VERBOSE,
)
"""What parts a name from a value in JSON, in a log or in a table."""

_PARTING: Final = ("|", "\t", ">", "→", "⇒", "➜", '":', "':", "`:", '" :', "' :", "` :")
"""One of these stands in each text with such."""

_EMPHASIS: Final = re.compile(
    r"[*_](?:(?<![\w*].)(?:(?<=\*)\*{0,2}|(?<=_)_{0,2})(?=[^\W\d_])"
    r"|(?<=[^\W\d_].)(?:(?<=\*)\*{0,2}|(?<=_)_{0,2})(?![\w*])|(?<=:\*)\*{0,2})"
)
"""Signs around a word that is bold or slanted in Markdown."""

_QUOTED: Final = re.compile(r"\r?\n(?:[ ]?>){1,8}[ ]?")
"""Before a line of an earlier message."""

_WRAPPED: Final = re.compile(r"[+0](?:(?<=\+)|(?<![0-9]0))[0-9][0-9 ()./-]{1,14}?(\r?\n)(?=[0-9(][0-9 -]{2})")
"""A phone that goes on in the next line."""

_FOURS: Final = re.compile(r"[0-9](?<![0-9][0-9])[0-9]{3}(?:[ -]?\s?[0-9]{4}){2}[ -]?\s?[0-9]{1,7}(?![0-9])")
"""A card, which may go on in the next line."""

_GAP: Final = (
    r"(?:[ \t]?(?:\r?\n[ \t]?){1,2}(?:>[ ]?){0,4}|[ \t]{0,3}[|\t][ \t]{0,3}"
    r"|[ \t]?(?:\r?\n)?(?:</?t[dhr](?:[ ][^<>\n]{0,80})?>\s{0,4}){1,4})"
)
_PIECES: Final = re.compile(rf"[0-9](?<![0-9][0-9])[0-9]{{3}}(?:{_GAP}[0-9]{{4,6}}(?![0-9]))++")
"""Groups of digits each of which stands in a line or a cell of its own."""

_OF_CARDS: Final = ([4, 4, 4, 4], [4, 6, 5])
_BETWEEN_PIECES: Final = re.compile("[^0-9]+")

_LINE: Final = re.compile(r"\r?\n")

_SCORED: Final = re.compile(
    r"[+0-9](?:(?<=\+)[0-9]{1,3}(?:[_*][0-9]{1,8}){2,5}|(?<=[0-9])(?<![0-9].)[0-9]{3}(?:[_*][0-9]{4}){2}[_*][0-9]{1,7})"
)
_SCORE: Final = re.compile("[_*]")


@dataclass(frozen=True)
class Plain:
    """A text in plain signs, and which of them stand for others in the text as it is written."""

    written: str
    text: str
    changes: list[Span]
    """Where others are written, first to last, and what stands for them here; none where both are as long."""

    begins: list[int]
    """Where what stands for each begins in the plain text."""

    def without(self, spans: list[Span]) -> Plain:
        """The same with a token in place of each span of the plain text."""
        text = replaced(self.text, spans)
        if self.written is self.text:
            return Plain(text, text, [], [])
        written = [(self._written(start), self._written(end, bisect_left), kind) for start, end, kind in spans]
        changes: list[Span] = []
        begins: list[int] = []
        one = moved = moved_here = 0
        for (start, end, kind), (here, there, _) in zip(
            [*written, (len(self.written), -1, "")], [*spans, (-1, -1, "")], strict=True
        ):
            while one < len(self.changes) and self.changes[one][0] < max(start, end):
                first, last, sign = self.changes[one]
                if last <= start:
                    changes.append((first + moved, last + moved, sign))
                    begins.append(self.begins[one] + moved_here)
                one += 1
            moved += len(kind) + 2 - (end - start)
            moved_here += len(kind) + 2 - (there - here)
        return Plain(replaced(self.written, written), text, changes, begins)

    def _written(self, place: int, bisect: Callable[[list[int], int], int] = bisect_right) -> int:
        """Where a place of the plain text is in the one that is written: behind what is not seen there, and before it
        by `bisect_left`."""
        last = bisect(self.begins, place) - 1
        if last < 0:
            return place
        start, end, sign = self.changes[last]
        beyond = place - self.begins[last] - len(sign)
        return start if beyond < 0 else end + beyond


def replaced(text: str, spans: Iterable[Span]) -> str:
    """A text with a token in place of each span."""
    pieces: list[str] = []
    at = 0
    for start, end, kind in spans:
        pieces += (text[at:start], f"[{kind}]")
        at = end
    return "".join([*pieces, text[at:]])


def plainly(text: str) -> Plain:
    """The text in plain signs."""
    if not _is_odd(text):
        return Plain(text, text, [], [])
    found = sorted(_changes(text), key=_longest_first)
    written = text
    if _ONE_FOR_ONE.search(text):
        text = text.translate(_singly())
    pieces: list[str] = []
    changes: list[Span] = []
    begins: list[int] = []
    at = length = 0
    for change in found:
        start, end, sign = change
        if start < at:
            continue
        pieces += (text[at:start], sign)
        begins.append(length + start - at)
        length += start - at + len(sign)
        changes.append(change)
        at = end
    return Plain(written, "".join([*pieces, text[at:]]), changes, begins)


def _longest_first(change: Span) -> tuple[int, int, str]:
    start, end, sign = change
    return start, -end, sign


def _is_odd(text: str) -> bool:
    """Whether something may stand in a text that is not in plain signs."""
    if _ODD_SIGN.search(text) or (has_one(text, ('"', "'", "`")) and _ODD_QUOTE.search(text)):
        return True
    return "\n" in text and (_ODD_LINE.search(text) is not None or _BROKEN.search(text) is not None)


def _changes(text: str) -> Iterator[Span]:
    """What is written in plain signs of another length: start, end, the signs."""
    for match in _OTHER_LENGTH.finditer(text):
        written = match[0]
        sign = _sign(written)
        if sign != written:
            yield *match.span(), sign
    if "<" in text:
        yield from _tags(text)
    for match in _PIECES.finditer(text) if has_one(text, ("|", "\n", "\t", "<")) else ():
        groups = _BETWEEN_PIECES.split(match[0])
        if [len(group) for group in groups] in _OF_CARDS and card("".join(groups)):
            for gap in _BETWEEN_PIECES.finditer(text, match.start(), match.end()):
                yield *gap.span(), " "
    if has_one(text, _PARTING):
        for match in _PARTED.finditer(text):
            yield *match.span(), ": "
    if "\n>" in text or "\n >" in text:
        for match in _QUOTED.finditer(text):
            joined = (
                text[match.start() - 1 : match.start()].isdecimal() and text[match.end() : match.end() + 1].isdecimal()
            )
            yield *match.span(), " " if joined else "\n"
    if "\n" in text:
        for match in _BROKEN.finditer(text):
            yield match.start() + (text[match.start()] == "@"), match.end(), ""
    if "\n" in text and _NEXT_LINE.search(text):
        for match in _WRAPPED.finditer(text):
            yield match.start(1), match.end(1), " "
        for match in _FOURS.finditer(text):
            for line in _LINE.finditer(text, match.start(), match.end()):
                yield line.start(), line.end(), " "
    if "_" in text or "*" in text:
        for match in _EMPHASIS.finditer(text):
            yield *match.span(), ""
        for match in _SCORED.finditer(text):
            for score in _SCORE.finditer(text, match.start(), match.end()):
                yield score.start(), score.end(), " "


def _tags(text: str) -> Iterator[Span]:
    """Tags of HTML as what is seen of them: nothing, the edge of a cell, the end of a line (once for several)."""
    line = edge = last = -1
    for match in _TAG.finditer(text):
        start, end = match.span()
        if text[last:start].strip() or last < 0:
            edge = start
        elif start > last:
            yield last, start, ""
        last = end
        if match["inline"]:
            yield start, end, ""
        elif match["cell"]:
            named = text[edge - 1 : edge].isalpha() and _FIGURE.match(text, end)
            yield start, end, "" if text[start + 1] == "/" else ": " if named else " |"
        else:
            yield start, end, "" if start == line else "\n"
            line = end


@cache
def _sign(written: str) -> str:
    """The plain signs for what is written otherwise."""
    if written[0] == "&":
        name = written[1:].replace("amp;", "")
        return html.unescape(f"&{name}").replace("\u00a0", " ") if name else "&"
    if written[0] == "%" or "u00" in written:
        return chr(int(written[-2:], 16))
    return {"=40": "@", "=2E": "."}.get(written, "")


@cache
def _singly() -> dict[int, str]:
    """The plain sign for each that is written by another one."""
    signs = dict.fromkeys(map(ord, AT_SIGNS), "@") | dict.fromkeys(map(ord, "．。｡"), ".")
    signs |= {place: unicodedata.normalize("NFKC", chr(place)) for place in _places("ａ-ｚＡ-Ｚ")}
    return signs | {place: str(unicodedata.digit(chr(place))) for place in _places(OTHER_DIGITS)}


def _places(inside: str) -> Iterator[int]:
    """The signs of a character class."""
    for first, last in re.findall("(.)(?:-(.))?", inside):
        yield from range(ord(first), ord(last or first) + 1)
