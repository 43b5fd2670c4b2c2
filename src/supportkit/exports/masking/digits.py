"""One number in a text: its groups of digits, what stands before it, and where it may end."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import Final

from supportkit.exports.masking.cues import NAMED, NUMBERED, TAX_CUE, TAX_STEMS, TELEPHONE, TELEPHONE_STEMS, THING_STEMS
from supportkit.exports.masking.first_look import DIGIT
from supportkit.exports.masking.literals import has_one
from supportkit.exports.masking.sign_classes import DIGITS, SEPARATOR
from supportkit.system.late_patterns import late

Span = tuple[int, int, str]

GROUP: Final = late(f"{DIGIT}+")
CHAIN: Final = late(f"{DIGIT}+(?:[{SEPARATOR}]{{1,4}}{DIGIT}+)*+")
_GLUED = late(r"(?:\b[A-Z]{1,6}-|\b[0-9A-Za-z-]*[0-9][A-Za-z][0-9A-Za-z]*-|\b[A-Za-z][0-9][0-9A-Za-z]*-)\Z")
_ASCII_DIGITS: Final = tuple("0123456789")
_OFFSET = late(r"[0-9]:[0-9]{2}(?:[.,][0-9]{1,9})?[ ]?(?:GMT|UTC)?[ ]?[+\u2212-]\Z")
_IN_BRACKET = late(rf"[{SEPARATOR}{DIGITS}]{{0,16}}\)")
_A_DAY = late(r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9-])")
_EXTENSION = late(
    r"[ ,]{0,2}(?:ext(?:ension|n)?|доб(?:авочный)?|вн(?:утренний)?|x|durchwahl|dw|app(?:arat)?)"
    r"[.:]?[ ]?[0-9]{1,6}(?![0-9])",
    re.IGNORECASE,
)
_LONGEST = 19  # digits of the longest card
_CONTEXT = 64  # characters read before a number for the words that name it


class Number:
    """The groups of digits from one group on: what stands before them, and where a number may end."""

    def __init__(self, text: str, groups: list[tuple[int, int]], at: int, floor: int) -> None:
        self.text, self.groups, self.at = text, groups, at
        self.start = groups[at][0]
        self.before = text[max(floor, self.start - _CONTEXT) : self.start].rpartition("]")[2]
        self.plus = self.before.rstrip(" (").endswith("+")
        last = self.before[-1:]
        self.clock = last == ":" and self.before[-2:-1] in _ASCII_DIGITS and groups[at][1] - self.start <= 2
        self.glued = last == "_" or last.isalpha() or (last == "-" and _GLUED.search(self.before) is not None)
        self.follows = at > 0 and groups[at - 1][1] > floor and self._joined(at)
        self.ends: dict[int, str] = {}  # one past the last group -> the digits up to there
        digits = self.longest = ""
        for end in range(at, len(groups)):
            start, stop = groups[end]
            if len(digits) + stop - start > _LONGEST or (end > at and self._begins(end)):
                break
            digits += ascii_digits(text[start:stop])
            if not self.glued_after(stop):
                self.ends[end + 1] = self.longest = digits

    @cached_property
    def offset(self) -> bool:
        """Whether this is how far a clock is from UTC, as in `10:20:30 +0000 2017`."""
        width = self.groups[self.at][1] - self.start
        return width in (2, 4) and _OFFSET.search(self.before) is not None

    def _begins(self, group: int) -> bool:
        """Whether another number begins with a group: with a plus, in a bracket that holds more than its digits, or
        as a day behind a blank."""
        gap = self.gap(group)
        if gap == " " and _A_DAY.match(self.text, self.groups[group][0]):
            return True
        return "+" in gap or ("(" in gap and _IN_BRACKET.match(self.text, self.groups[group][1]) is None)

    @cached_property
    def called(self) -> bool:
        """Whether the words before it speak of telephoning."""
        return _has_one_of(TELEPHONE_STEMS, self.before) and bool(TELEPHONE.search(self.before))

    @cached_property
    def named(self) -> bool:
        """Whether the words before it name a thing that has a number, and no number of a person."""
        return _has_one_of(THING_STEMS, self.before) and bool(NAMED.search(self.before)) and not self.taxed

    @cached_property
    def numbered(self) -> bool:
        """Whether a bare sign for "number" stands before it."""
        return not self.called and bool(NUMBERED.search(self.before)) and not self.taxed

    @cached_property
    def taxed(self) -> bool:
        """Whether the name of a tax or insurance number stands before it."""
        return _has_one_of(TAX_STEMS, self.before) and bool(TAX_CUE.search(self.before))

    def gap(self, group: int) -> str:
        """What stands between the group before this one and this one."""
        return self.text[self.groups[group - 1][1] : self.groups[group][0]]

    def glued_after(self, stop: int) -> bool:
        after = self.text[stop : stop + 2]
        return after[:1].isalpha() and not (after[:1] in "xX" and after[1:].isdecimal())

    def shape(self, end: int) -> tuple[int, ...]:
        """The lengths of the groups up to there."""
        return tuple(stop - start for start, stop in self.groups[self.at : end])

    def alone(self, end: int) -> bool:
        """Whether no more digits stand before or after it as if they belonged to it."""
        return not (self.follows or (end < len(self.groups) and self._joined(end)))

    def _joined(self, group: int) -> bool:
        return "+" not in self.gap(group) and len(self.gap(group)) == 1

    def gaps(self, end: int) -> set[str]:
        return {self.gap(group).strip() for group in range(self.at + 1, end)}

    def outer(self, end: int) -> tuple[int, int]:
        """Where the number begins and ends, with its plus, its brackets and its extension."""
        start, stop = self.start, self.groups[end - 1][1]
        prefix = len(self.before) - len(self.before.rstrip(" (+"))
        if prefix and (signs := self.before[-prefix:].lstrip()):
            start -= len(signs)
        if self.text[stop : stop + 1] == ")" and "(" in self.text[start:stop]:
            stop += 1
        if extension := _EXTENSION.match(self.text, stop):
            stop = extension.end()
        return start, stop


def _has_one_of(stems: tuple[str, ...], before: str) -> bool:
    """Whether one of the words may stand there, which is asked sooner than the pattern; of other letters any may."""
    folded = before.casefold()
    return not before.isascii() or has_one(folded, stems)


def ascii_digits(digits: str) -> str:
    """The digits of any script as 0 to 9."""
    return digits if digits.isascii() else "".join(str(unicodedata.digit(char)) for char in digits)


def russian(digits: str) -> bool:
    """Eleven digits as Russian and Kazakh phones are dialled, with 8 or 7 in front."""
    return len(digits) == 11 and digits[0] in "78" and digits[1] in "34589"


def russian_mobile(digits: str) -> bool:
    """The ten digits of a Russian mobile without the 8."""
    return len(digits) == 10 and digits[0] == "9"
