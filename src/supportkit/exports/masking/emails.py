"""E-mail addresses in a text, in words too: `name (at) host.de`, `name at host dot com`, `имя собака почта.рф`."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from typing import Final

from supportkit.exports.masking.literals import has_one
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
    in_words = written or _SPACED.search(text) is not None
    ways = [_EMAIL]
    if in_words:
        ways += [_IN_WORDS, *([_WITH_AT] if has_one(folded, (" at ", " ät ")) else [])]
        ways += [_HYPHENED] if "-at-" in folded else []
    for match in heapq.merge(*(way.finditer(text) for way in ways), key=re.Match.start):
        if match.start() >= at:
            at = match.end()
            yield max(match.start(), match.start("local")), at, "EMAIL"
