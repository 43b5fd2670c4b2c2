"""Which of the numbers in a text name a person (phones, cards, passports, tax numbers) and which are kept.

A run of digits is read group by group, left to right. At each group the questions are, in this order: is it a date,
an amount or another plain figure; does a word before it say that it is an order, ticket, parcel or article; is it a
card, a tax number, a passport; is it a phone. What none of these answers is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from supportkit.exports.masking import identity_numbers
from supportkit.exports.masking.cues import CARD_CUE, PLAIN, TELEPHONE_STEMS
from supportkit.exports.masking.digits import CHAIN, CONTEXT, GROUP, Number, Run, Span, has_other_letters, russian
from supportkit.exports.masking.first_look import DIGIT
from supportkit.exports.masking.literals import has_one
from supportkit.exports.masking.phones import certain_phone, international_phone, likely_phone
from supportkit.exports.masking.sign_classes import SEPARATOR
from supportkit.system.late_patterns import late

_LISTED: Final = 24  # groups of digits; two phones or cards have fewer
_SHORTS: Final = late(
    rf"(?<!{DIGIT}){DIGIT}{{1,4}}+(?!{DIGIT})(?:[{SEPARATOR.replace('+', '').replace('(', '')}]{{1,4}}"
    rf"{DIGIT}{{1,4}}+(?!{DIGIT}))*+"
)
"""Short groups of digits, as in a table that somebody pasted, without a plus and an opening bracket between."""

_SINGLES: Final = late(rf"(?<!{DIGIT}){DIGIT}(?!{DIGIT})(?:[{SEPARATOR}]{{1,4}}{DIGIT}(?!{DIGIT}))*+")
"""Single digits, whatever stands between them."""

_LONG_ENOUGH: Final = late(f"{DIGIT}(?:[{SEPARATOR}]{{0,4}}{DIGIT}){{6}}(?:[{SEPARATOR}]{{0,4}}{DIGIT})*+")
"""A chain of seven digits and more: where nothing speaks of telephoning, no shorter one names a person."""

_FIVE: Final = late(f"{DIGIT}(?:[{SEPARATOR}]{{0,4}}{DIGIT}){{4}}")
"""The fewest digits that name a person, behind a word for telephoning."""

_A_DIGIT: Final = late(DIGIT)
_ASKED: Final = 4  # looks that asking a numbering plan takes as long as
_MORE_GROUPS: Final = 6  # groups of digits in a chain for which a look in it counts as one more, in a dense text
_LONG_TEXT: Final = 2000  # signs of a text that may be dense
_LOOKS: Final = 48  # numbers of a text that are looked at however short it is
_A_LOOK: Final = 85  # signs of a long text for each number that is looked at
_AHEAD: Final = 48  # signs behind a chain that say what it is
_PAPERS: Final = frozenset(((3, 3, 3, 2), (3, 2, 4), (11,), (2, 3, 3, 3), (12,), (4, 6), (2, 2, 6)))
_YEAR_OF_AN_ID: Final = late(r"(?:19|20)[0-9]{2}[-/][0-9]+[-/][0-9]+(?![0-9/-])")
_NUMBER_OF_A_THING: Final = late(r"[^\W\d_.]\.?[ -]{0,2}(?:nr|nummer)[ .:]{0,3}\Z")
_GROUPED: Final = late(
    r"""(?P<card>(?<![0-9])[0-9]{4}(?:[ -][0-9]{4}){3}(?![0-9]))
      | (?P<phone>(?<![0-9])(?:[78][ -]?)?[(]?[3489][0-9]{2}[)]?[ -][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}(?![0-9])
          | (?<![0-9])(?:1[ -])?[2-9][0-9]{2}[ .-][2-9][0-9]{2}[ .-][0-9]{4}(?![0-9])
          | (?<![0-9])0[1-9][0-9]?(?:[ .-][0-9]{2}){4}(?![0-9]))""",
    re.VERBOSE,
)


class Patience:
    """How many numbers of a text are still looked at, and what was seen of those that were; a text is dense that is
    long, and of which a third is figures."""

    def __init__(self) -> None:
        self.left = 0
        self.dense = False
        self.seen: dict[tuple[int, str], tuple[list[Span], int]] = {}


def numbers(text: str, patience: Patience | None = None) -> Iterator[Span]:
    """Start, end and kind of every number in the text that names a person.

    As many numbers are read as suffices for what people write; of a text with more of them every
    further chain that could be one and is no day is masked, so that no text is slow.
    """
    if _A_DIGIT.search(text) is None:
        return
    patience = patience or Patience()
    patience.left = max(_LOOKS, len(text) // _A_LOOK)
    patience.dense = len(text) >= _LONG_TEXT and 3 * sum(map(text.count, "0123456789")) > len(text)
    floor = 0
    may_be_called = has_other_letters(text) or has_one(text.casefold(), TELEPHONE_STEMS)
    for chain in (CHAIN if may_be_called else _LONG_ENOUGH).finditer(text):
        start, end = chain.span()
        if end - start < 6:
            continue  # a candidate has six digits
        for one, two, kind in _looked_up(text, start, end, floor, patience):
            floor = start + two
            yield start + one, floor, kind


def _looked_up(text: str, start: int, end: int, floor: int, patience: Patience) -> list[Span]:
    """The numbers of one chain, counted from its begin, as they were found when it was last looked at; that costs as
    much patience as looking, so that a text is read to where it is when it is masked once more."""
    if patience.left < 0:
        must = _FIVE.match(text, start) and not _is_plain(text, start, end, floor)
        return [(0, end - start, "PHONE")] if must else []
    before = max(floor, start - CONTEXT - 1)
    key = start - before, text[before : end + _AHEAD]
    spans, cost = patience.seen.get(key, ([], patience.left + 1))
    if cost <= patience.left:
        patience.left -= cost
    else:  # or it was looked at with more patience than is left, and some of it has to be masked unseen
        left, spans = patience.left, []
        if not _is_plain(text, start, end, floor):
            found = _in_chain(text, start, end, floor, patience)
            spans = [(one - start, two - start, kind) for one, two, kind in found]
        if patience.left >= 0:
            patience.seen[key] = spans, left - patience.left
    return spans


def _is_plain(text: str, start: int, end: int, floor: int) -> bool:
    """Whether the whole of a chain is a day or another plain figure, and nothing makes it a phone."""
    plain = PLAIN.match(text, start)
    if plain is None or plain.end() < end or plain["short"]:
        return False
    return not text[max(floor, start - CONTEXT) : start].rstrip(" (").endswith("+")


def _in_chain(text: str, start: int, end: int, floor: int, patience: Patience) -> Iterator[Span]:
    """The numbers of one chain."""
    lists = _lists(text, start, end) if end - start > 2 * _LISTED else {}
    if lists.get(start) == end:
        yield from _listed(text, start, end)
        return
    run = Run(text, start, end)
    groups = run.groups
    if _is_parcel(run, floor):
        return
    at, a_look = 0, 1 + len(groups) // _MORE_GROUPS if patience.dense else 1
    while at < len(groups):
        if stop := lists.get(groups[at][0]):
            yield from _listed(text, groups[at][0], stop)
            while at < len(groups) and groups[at][0] < stop:
                at += 1
            floor = stop
            continue
        if patience.left < 0:
            yield groups[at][0], end, "PHONE"
            return
        candidate = Number(run, at, floor)
        at, token = _read(candidate)
        patience.left -= a_look + _ASKED * candidate.asked
        if token:
            begun, floor = candidate.outer(at)
            yield begun, floor, token


def _is_parcel(run: Run, floor: int) -> bool:
    """Whether a chain is the number of a parcel in groups of four, as it is printed."""
    if not 5 <= len(run.groups) <= 6 or set(run.widths[:-1]) != {4} or run.widths[-1] > 4 or set(run.between) != {""}:
        return False
    if identity_numbers.card(run.digits[:16]) or len(run.digits) not in (18, 20, 22):
        return False
    first = Number(run, 0, floor)
    return not first.plus and not first.called and (first.named or identity_numbers.of_parcel(run.digits))


def _lists(text: str, start: int, end: int) -> dict[int, int]:
    """Where lists of short numbers begin and end in a chain."""
    for kind in (_SHORTS, _SINGLES):
        long = (match for match in kind.finditer(text, start, end) if match.end() - match.start() > 2 * _LISTED)
        if lists := {match.start(): match.end() for match in long if len(GROUP.findall(match[0])) > _LISTED}:
            return lists
    return {}


def _listed(text: str, start: int, end: int) -> Iterator[Span]:
    """The phones and cards in a list of short numbers: those that are grouped as one, and only those."""
    for match in _GROUPED.finditer(text, start, end):
        if match.lastgroup == "phone" or identity_numbers.card("".join(filter(str.isdecimal, match[0]))):
            yield *match.span(), "PHONE" if match.lastgroup == "phone" else "CARD"


def _read(number: Number) -> tuple[int, str]:
    """One past the last group read, and what the number is; an empty kind means that it is kept."""
    if number.clock() or number.offset() or not number.count or (number.count < 5 and not number.plus):
        return number.at + 1, ""
    if not number.plus:
        plain = PLAIN.match(number.text, number.start)
        if plain and not (plain["short"] and number.called):
            return _past(number, plain.end()), ""
    if number.glued() and not number.beside_telephone:
        card = _card_end(number)
        return (card, "CARD") if card else (number.at + 1, "")
    if number.plus:
        end = international_phone(number)
        return (end, "PHONE") if end else (number.at + 1, "")
    strong, card = certain_phone(number), _card_end(number)
    end, kind = (card, "CARD") if card else _paper(number)
    if not kind or (not card and strong > end):
        end = strong or likely_phone(number)
        kind = "PHONE" if end else ""
    if card and _is_usual_card(number.digits(card)):
        return card, "CARD"
    if number.named and not card and _is_of_a_thing(number, strong):
        return _id_end(number), ""
    if kind and max(strong, card) <= number.at + 1 and (number.named or (not card and number.numbered)):
        return _id_end(number), ""
    return (end, kind) if kind else (number.at + 1, "")


def _is_usual_card(digits: str) -> bool:
    """Whether digits pass for a card of the length that nearly all have, which no word before them outweighs."""
    return len(digits) in (15, 16) and identity_numbers.card(digits)


def _past(number: Number, position: int) -> int:
    groups = number.run.groups
    return next((i for i in range(number.at + 1, len(groups)) if groups[i][0] >= position), len(groups))


def _id_end(number: Number) -> int:
    """An id goes on over hyphens and slashes, and over single spaces until something that is surely a phone begins."""
    run, end = number.run, number.at + 1
    while end < len(run.groups):
        gap = number.gap(end)
        if gap not in ("-", "/", ".", " ") or (gap == " " and certain_phone(Number(run, end, run.groups[end - 1][1]))):
            break
        end += 1
    return end


def _is_of_a_thing(number: Number, strong: int) -> bool:
    """Whether groups that hyphens and slashes join begin with a year behind the word for a thing, or stand behind a
    word for its number (`contract 2024/0412/345678`, `Art.-Nr. 0711-123456`)."""
    if number.called:
        return False
    if strong and _NUMBER_OF_A_THING.search(number.small):
        return True
    return _YEAR_OF_AN_ID.match(number.text, number.start) is not None


def _card_shape(shape: tuple[int, ...]) -> bool:
    return (
        len(shape) == 1
        or shape[:-1] in ((4, 4, 4), (4, 4, 4, 4), (4, 6))
        or shape in ((6, 10), (6, 6, 4))
        or (sum(shape) == 16 and not any(one % 4 for one in shape))
    )


def _is_spelled(number: Number, end: int) -> bool:
    """Whether every digit of a card stands by itself, and no more of them beside it."""
    return end - number.at in (15, 16) and set(number.shape(end)) == {1} and number.alone(end)


def _card_end(number: Number) -> int:
    """One past the last group of a card, or 0: beside the word for it Luhn is enough, elsewhere the issuer is known."""
    ends = number.ends(12, 19)
    if not ends:
        return 0
    cue = CARD_CUE.search(number.small) is not None
    for end in reversed(ends):
        shaped = _card_shape(number.shape(end)) or _is_spelled(number, end)
        if not (shaped or cue):
            continue
        digits = number.digits(end)
        if identity_numbers.card(digits) or (cue and shaped and identity_numbers.luhn(digits)):
            return end
    return 0


def _paper(number: Number) -> tuple[int, str]:
    """One past the last group, and TAX or PASSPORT, for a number with the checksum or the shape of one."""
    fewest = 8 if number.taxed and "dni" in number.small else 9
    if number.count < fewest:
        return 0, ""
    for end in reversed(number.ends(fewest, 15 if number.taxed else 12)):
        if number.taxed:
            return end, "TAX" if len(number.digits(end)) > 8 else "PASSPORT"
        shape = number.shape(end)
        if shape in _PAPERS and (kind := _kind_of_paper(number, end, shape)):
            return end, kind
    return 0, ""


def _kind_of_paper(number: Number, end: int, shape: tuple[int, ...]) -> str:
    digits, gaps = number.digits(end), number.gaps(end)
    if shape == (3, 3, 3, 2) and gaps <= {"-", ""}:
        return "TAX"
    if shape == (3, 2, 4) and gaps == {"-"} and identity_numbers.social_security(digits):
        return "TAX"
    if gaps > {""} or number.called:
        return ""
    if shape in ((11,), (2, 3, 3, 3)) and not russian(digits):
        return "TAX" if identity_numbers.steuer_id(digits) or identity_numbers.snils(digits) else ""
    if shape == (12,) and identity_numbers.inn(digits):
        return "TAX"  # ten digits name a firm, and any ten pass its one control digit once in ten
    return "PASSPORT" if shape in ((4, 6), (2, 2, 6)) and digits[0] != "0" else ""
