"""One number in a text: its groups of digits, what stands before it, and where it may end."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import Final

from supportkit.exports.masking.cues import (
    BEFORE_AMOUNT,
    NAMED,
    NUMBERED,
    TAX_CUE,
    TAX_STEMS,
    TELEPHONE,
    TELEPHONE_STEMS,
    THING_STEMS,
)
from supportkit.exports.masking.first_look import DIGIT
from supportkit.exports.masking.literals import has_one, small_letters
from supportkit.exports.masking.sign_classes import DIGITS, SEPARATOR
from supportkit.system.late_patterns import late
from supportkit.system.once import once

Span = tuple[int, int, str]

GROUP: Final = late(f"{DIGIT}{DIGIT}*+")
CHAIN: Final = late(f"{DIGIT}{DIGIT}*+(?:[{SEPARATOR}]{{1,4}}{DIGIT}++)*+")
_GLUED = late(r"(?:\b[A-Z]{1,6}-|\b[0-9A-Za-z-]*[0-9][A-Za-z][0-9A-Za-z]*-|\b[A-Za-z][0-9][0-9A-Za-z]*-)\Z")
_IN_CODE = late(r"(?<![^\W_])[A-Z0-9]{1,8}-[A-Z]{2,8}-\Z")
_BEGINS_A_CODE = late(r"(?<![^\W_])(?!TEL|FAX)[A-Z]{2,8}-?\Z")
_ASCII_DIGITS: Final = tuple("0123456789")
_OFFSET = late(r"[0-9]:[0-9]{2}(?:[.,][0-9]{1,9})?[ ]?(?:GMT|UTC)?[ ]?[+\u2212-]\Z")
_OFFSET_AND_YEAR = late(r"(?:0[0-9]|1[0-4])(?:00|15|30|45) (?:19|20)[0-9]{2}(?![0-9])")
_IN_BRACKET = late(rf"[{SEPARATOR}{DIGITS}]{{0,16}}\)")
_A_DAY = late(r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9-])")
_EXTENSION = late(
    r"[ ,]{0,2}(?:ext(?:ension|n)?|доб(?:авочный)?|вн(?:утренний)?|x|durchwahl|dw|app(?:arat)?)"
    r"[.:]?[ ]?[0-9]{1,6}(?![0-9])",
    re.IGNORECASE,
)
_OTHER_LETTER = late(r"[^\W\d_a-zA-Z]")
_OF_A_CARD = late("exp|cv[vc]|valid|gültig|bis", re.IGNORECASE)
_LONGEST = 19  # digits of the longest card
CONTEXT = 64  # characters read before a number for the words that name it


class Run:
    """The groups of digits of one chain, and what is asked of them for each number that may begin among them."""

    def __init__(self, text: str, start: int, stop: int) -> None:
        self.text = text
        self.groups = [match.span() for match in GROUP.finditer(text, start, stop)]
        self.sums = [0, *accumulate(stop - start for start, stop in self.groups)]
        self.digits = ascii_digits("".join([text[start:stop] for start, stop in self.groups]))

    @once
    def widths(self) -> list[int]:
        """How many digits each group has."""
        return [stop - start for start, stop in self.groups]

    @once
    def between(self) -> list[str]:
        """What stands before each group, without blanks around it."""
        return ["", *(self.gap(group).strip() for group in range(1, len(self.groups)))]

    @once
    def ends(self) -> list[int]:
        """One past the last group that a number which begins with a group can have."""
        ends: list[int] = []
        last = len(self.groups)
        final = last - self.glued_after
        for at in range(last - 1, -1, -1):
            longest = bisect_right(self.sums, self.sums[at] + _LONGEST) - 1
            ends.append(min(longest, last, final) if longest > at else at)
            if at and self._begins(at):
                last = at
        return ends[::-1]

    @once
    def glued_after(self) -> bool:
        """Whether a letter follows the last group; behind the others something stands that may be between digits."""
        stop = self.groups[-1][1]
        after = self.text[stop : stop + 2]
        if not after[:1].isalpha() or (after[:1] in "xX" and after[1:].isdecimal()):
            return False
        return _OF_A_CARD.match(self.text, stop) is None

    def gap(self, group: int) -> str:
        """What stands between the group before this one and this one."""
        return self.text[self.groups[group - 1][1] : self.groups[group][0]]

    def _begins(self, group: int) -> bool:
        """Whether another number begins with a group: with a plus, in a bracket that holds more than its digits, or
        as a day behind a blank."""
        gap = self.gap(group)
        if gap == " ":
            return self.widths[group] == 4 and _A_DAY.match(self.text, self.groups[group][0]) is not None
        return "+" in gap or ("(" in gap and _IN_BRACKET.match(self.text, self.groups[group][1]) is None)


class Number:
    """The groups of digits from one group on: what stands before them, and where a number may end."""

    def __init__(self, run: Run, at: int, floor: int) -> None:
        self.run, self.at, self.floor = run, at, floor
        self.text = run.text
        self.start, self.first_end = run.groups[at]
        self.before = run.text[max(floor, self.start - CONTEXT) : self.start].rpartition("]")[2]
        self.plus = self.before.rstrip(" (").endswith("+")
        self.longest = run.ends[at]
        self.count = run.sums[self.longest] - run.sums[at]
        self.asked = 0
        """How often the numbering plans were asked, which takes long."""

    def clock(self) -> bool:
        """Whether these are the minutes or seconds of a clock."""
        before = self.before
        return before[-1:] == ":" and before[-2:-1] in _ASCII_DIGITS and self.first_end - self.start <= 2

    def glued(self) -> bool:
        """Whether the number hangs on a word or a code."""
        last = self.before[-1:]
        return last == "_" or last.isalpha() or (last == "-" and _GLUED.search(self.before) is not None)

    def offset(self) -> bool:
        """Whether this is how far a clock is from UTC, as in `10:20:30 +0000 2017` or `Nov 08 +0000 2017`."""
        if self.first_end - self.start not in (2, 4):
            return False
        if self.plus and self.before.endswith("+") and _OFFSET_AND_YEAR.match(self.text, self.start):
            return True
        return _OFFSET.search(self.before) is not None

    @once
    def small(self) -> str:
        """What stands before it, in small letters."""
        return small_letters(self.before)

    @once
    def called(self) -> bool:
        """Whether the words before it speak of telephoning."""
        return self.beside_telephone and _BEGINS_A_CODE.search(self.before) is None

    @once
    def beside_telephone(self) -> bool:
        """Whether a word for telephoning stands before it, be it the begin of a code (`CALL-1428713`)."""
        if not self._has_one_of(TELEPHONE_STEMS) or _IN_CODE.search(self.before):
            return False
        return TELEPHONE.search(self.small) is not None

    @once
    def named(self) -> bool:
        """Whether the words before it name a thing that has a number, and no number of a person."""
        return self._has_one_of(THING_STEMS) and bool(NAMED.search(self.small)) and not self.taxed

    @once
    def numbered(self) -> bool:
        """Whether a bare sign for "number" stands before it."""
        return not self.called and bool(NUMBERED.search(self.small)) and not self.taxed

    @once
    def taxed(self) -> bool:
        """Whether the name of a tax or insurance number stands before it."""
        return self._has_one_of(TAX_STEMS) and bool(TAX_CUE.search(self.small))

    @once
    def priced(self) -> bool:
        """Whether a currency stands before it."""
        return BEFORE_AMOUNT.search(self.before) is not None

    def _has_one_of(self, stems: tuple[str, ...]) -> bool:
        """Whether one of the words may stand before it, which is asked sooner than the pattern; of other letters any
        may."""
        small = self.small
        return (small.islower() or not small.isascii()) and (has_one(small, stems) or has_other_letters(self.before))

    def ends(self, fewest: int, most: int) -> range:
        """One past the last group, wherever the number may end with so many digits; shortest first."""
        sums, before = self.run.sums, self.run.sums[self.at]
        first = bisect_left(sums, before + fewest, self.at + 1, self.longest + 1)
        return range(first, bisect_right(sums, before + most, first, self.longest + 1))

    def digits(self, end: int) -> str:
        """The digits up to there, as 0 to 9."""
        return self.run.digits[self.run.sums[self.at] : self.run.sums[end]]

    def gap(self, group: int) -> str:
        """What stands between the group before this one and this one."""
        return self.run.gap(group)

    def shape(self, end: int) -> tuple[int, ...]:
        """The lengths of the groups up to there."""
        return tuple(self.run.widths[self.at : end])

    def alone(self, end: int) -> bool:
        """Whether no more digits stand before or after it as if they belonged to it."""
        return not (self.follows or (end < len(self.run.groups) and self._joined(end)))

    @once
    def follows(self) -> bool:
        """Whether more digits stand before it as if they belonged to it."""
        return self.at > 0 and self.run.groups[self.at - 1][1] > self.floor and self._joined(self.at)

    def _joined(self, group: int) -> bool:
        gap = self.gap(group)
        return len(gap) == 1 and gap != "+"

    def gaps(self, end: int) -> set[str]:
        """What stands between the groups up to there, without blanks around it."""
        return set(self.run.between[self.at + 1 : end])

    def outer(self, end: int) -> tuple[int, int]:
        """Where the number begins and ends, with its plus, its brackets and its extension."""
        start, stop = self.start, self.run.groups[end - 1][1]
        prefix = len(self.before) - len(self.before.rstrip(" (+"))
        if prefix and (signs := self.before[-prefix:].lstrip()):
            start -= len(signs)
        if self.text[stop : stop + 1] == ")" and "(" in self.text[start:stop]:
            stop += 1
        if extension := _EXTENSION.match(self.text, stop):
            stop = extension.end()
        return start, stop


def has_other_letters(text: str) -> bool:
    """Whether letters stand in a text that are not those of English."""
    return not text.isascii() and _OTHER_LETTER.search(text) is not None


def ascii_digits(digits: str) -> str:
    """The digits of any script as 0 to 9."""
    return digits if digits.isascii() else "".join(str(unicodedata.digit(char)) for char in digits)


def russian(digits: str) -> bool:
    """Eleven digits as Russian and Kazakh phones are dialled, with 8 or 7 in front."""
    return len(digits) == 11 and digits[0] in "78" and digits[1] in "34589"


def russian_mobile(digits: str) -> bool:
    """The ten digits of a Russian mobile without the 8."""
    return len(digits) == 10 and digits[0] == "9"
