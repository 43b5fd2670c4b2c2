"""E-mail addresses in a text, in words too: `name (at) host.de`, `name at host dot com`, `имя собака почта.рф`."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from typing import Final

from supportkit.exports.masking.literals import has_one, matches, places, small_letters
from supportkit.system.late_patterns import late

Span = tuple[int, int, str]

_AT: Final = (
    r"(?:[ ]?@[ ]?|[ ]?[(\[{<][ ]?(?:at|ät|a|@|собака|собачка|arroba|arobase)[ ]?[)\]}>][ ]?"
    r"|[ ](?:собака|собачка|sobaka|arroba|arobase)[ ])"
)
_POINT: Final = "(?:dot|punkt|точка|punto|point)"
_DOT: Final = rf"(?:\.|[ ]?[(\[{{<][ ]?(?:{_POINT}|\.)[ ]?[)\]}}>][ ]?|[ ]{_POINT}[ ])"
_BRACKETED: Final = rf"[ ]?[(\[{{<][ ]?{_POINT}[ ]?[)\]}}>][ ]?"
_TOP: Final = (
    "(?:com|net|org|info|biz|io|co|eu|de|ru|uk|fr|es|it|at|ch|pl|ua|nl|be|se|no|dk|fi|cz|pt|us|ca|au|in|br|kz|by|рф|su"
    "|me|dev|app|shop|mx|ar|cl|ру|ком|нет|орг)"
)
"""The ends of the domains of addresses that are written in words or with blanks."""

_ALONE: Final = r"(?<![^\W_])"
_END: Final = r"(?![^\W_])"
_WORD: Final = r"[\w-]{1,63}"
_NO_NAME: Final = (
    "(?!(?:look(?:ed|ing)?|shop(?:ped|ping)?|buy|bought|works?|found|sold|available|ordered|cheaper|arrived?|only|here)"
    "[ ]at[ ])"
)
"""Words before a shop's name, as in "look at amazon dot com"."""

_NO_HOST: Final = "(?!(?:the|a|my|your|this|our|der|dem|die)[ ])"

_EMAIL: Final = re.compile(
    rf"""(?:(?<![\w.%+'&~-])[.%+'&~-]*+(?P<local>\w[\w.%+'&~-]*+(?:{_BRACKETED}\w[\w.%+'&~-]*+){{0,3}})|"[^"\n]{{1,64}}"){_AT}
        (?:(?:[\w-]++{_DOT})+(?:xn--[\w-]++|[^\W\d_]{{2,24}})|\[[0-9a-f:.]{{3,45}}\])""",
    re.IGNORECASE | re.VERBOSE,
)
_IN_WORDS: Final = re.compile(
    rf"""(?<![\w.+-])[.+-]*+{_NO_NAME}(?P<local>\w[\w.+-]*+(?:[ ]\.[ ]\w{{1,63}}){{0,3}})
        (?:[ ](?:at|ät)[ ]{_NO_HOST}{_WORD}(?:(?:[ ](?:dot|punkt)[ ]|\.){_WORD}){{0,2}}[ ](?:dot|punkt)[ ]
          |[ ]?@[ ]?{_WORD}(?:[ ]?\.[ ]?{_WORD}){{0,2}}[ ]?[.,][ ]?){_TOP}{_END}""",
    re.IGNORECASE | re.VERBOSE,
)
_WITH_AT: Final = re.compile(
    rf"""{_ALONE}(?P<local>\w{{1,63}}[._+-]\w[\w.+-]{{0,63}}|[^\W\d]{{1,63}}[0-9]{{1,8}})
        [ ][aä]t[ ](?:{_WORD}\.){{1,3}}{_TOP}{_END}""",
    re.IGNORECASE | re.VERBOSE,
)
_HYPHENED: Final = re.compile(
    rf"(?<![\w.+-])(?P<local>\w[\w.+]{{1,63}})-at-\w{{1,63}}(?:(?:-dot-|[.-])\w{{1,63}}){{0,3}}?-dot-{_TOP}{_END}",
    re.IGNORECASE,
)
_WRITTEN_AT: Final = (" at ", " ät ", "собак", "собач", "sobaka", "arroba", "arobase", "-at-")
_IN_BRACKETS: Final = (
    "at)", "at]", "at}", "at>", "ät)", "ät]", "at )", "at ]", "(a)", "[a]", "{a}", "<a>",
)  # fmt: skip
_BRACKET: Final = late(r"[)\]}>]")
_MARK: Final = ("@",)
_MARKS: Final = (
    *_MARK, " at ", " ät ", " собака ", " собачка ", " sobaka ", " arroba ", " arobase ",
)  # fmt: skip
_MARK_IN_BRACKETS: Final = late(r"[(\[{<][ ]?(?:at|ät|a|собака|собачка|arroba|arobase|@)[ ]?[)\]}>]")
_BEFORE_A_NAME: Final = late(rf"(?:[ ]\.[ ]|{_BRACKETED})\Z")
"""A point between two parts of a name."""

_OF_A_NAME: Final = frozenset("_.%+'&~-")
_IN_ITS_MIDST: Final = frozenset("%'&~")
_PARTS: Final = 4
_LONGEST_POINT: Final = 14
_LONGEST_QUOTED: Final = 66
_LONGEST_NAME: Final = 128
_SPACED: Final = re.compile(r"[ ]@|@[ ]|@[\w.-]{1,127}[ ,]")
"""An address that may be written with blanks, or with a comma for its point."""


def emails(text: str) -> Iterator[Span]:
    """Where the addresses of a text stand, first to last."""
    folded = text.casefold()
    written = has_one(folded, _WRITTEN_AT)
    written = written or (_BRACKET.search(text) is not None and has_one(folded, _IN_BRACKETS))
    if "@" not in text and not written:
        return
    at = 0
    ends = _ends(text, _MARKS if written else _MARK)
    begins = sorted({begin for end in ends for begin in _begins(text, end)})
    ways = [matches(_EMAIL, text, begins)]
    if written or _SPACED.search(text) is not None:
        ways.append(matches(_IN_WORDS, text, begins))
        if has_one(folded, (" at ", " ät ")):
            shorter = sorted({begin for end in ends for begin in _begins_within(text, end)})
            ways.append(matches(_WITH_AT, text, shorter))
        if "-at-" in folded:
            ways.append(_HYPHENED.finditer(text))
    for match in heapq.merge(*ways, key=re.Match.start) if len(ways) > 1 else ways[0]:
        if match.start() >= at:
            at = match.end()
            yield max(match.start(), match.start("local")), at, "EMAIL"


def _ends(text: str, marked: tuple[str, ...]) -> list[int]:
    """Where names may end that a host follows."""
    small = small_letters(text)
    marks = places(small, marked)
    if has_one(text, "([{<"):
        marks += (match.start() for match in _MARK_IN_BRACKETS.finditer(small))
    return [mark - (small[mark - 1 : mark] == " " and small[mark] != " ") for mark in marks]


def _begins(text: str, end: int) -> Iterator[int]:
    """Where a name may begin that ends here, each of its parts, and the part of it that has letters, digits and points
    only."""
    if text[end - 1 : end] == '"':
        yield from (at for at in range(max(0, end - _LONGEST_QUOTED), end - 1) if text[at] == '"')
    for _ in range(_PARTS):
        first, narrow = end, -1
        while first > 0 and ((sign := text[first - 1]).isalnum() or sign in _OF_A_NAME):
            if narrow < 0 and sign in _IN_ITS_MIDST:
                narrow = first
            first -= 1
        if first == end:
            return
        yield first
        if narrow > 0:
            yield narrow
        point = _BEFORE_A_NAME.search(text, max(0, first - _LONGEST_POINT), first)
        if point is None:
            return
        end = point.start()


def _begins_within(text: str, end: int) -> Iterator[int]:
    """Every place in a name that ends here behind which a shorter one may begin."""
    first = end
    while first > max(0, end - _LONGEST_NAME) and ((sign := text[first - 1]).isalnum() or sign in _OF_A_NAME):
        if not sign.isalnum():
            yield first
        first -= 1
    yield first
