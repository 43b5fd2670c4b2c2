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
from supportkit.exports.masking.cues import CARD_CUE, PLAIN
from supportkit.exports.masking.digits import CHAIN, GROUP, Number, Span, russian
from supportkit.exports.masking.phones import certain_phone, international_phone, likely_phone
from supportkit.system.late_patterns import late

_LISTED: Final = 24  # groups of digits; two phones or cards have fewer
_SHORT: Final = 4  # digits
_GROUPED: Final = late(
    r"""(?P<card>(?<![0-9])[0-9]{4}(?:[ -][0-9]{4}){3}(?![0-9]))
      | (?P<phone>(?<![0-9])(?:[78][ -]?)?[(]?[3489][0-9]{2}[)]?[ -][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}(?![0-9])
          | (?<![0-9])(?:1[ -])?[2-9][0-9]{2}[ .-][2-9][0-9]{2}[ .-][0-9]{4}(?![0-9])
          | (?<![0-9])0[1-9][0-9]?(?:[ .-][0-9]{2}){4}(?![0-9]))""",
    re.VERBOSE,
)


def numbers(text: str, patience: int = 2000) -> Iterator[Span]:
    """Start, end and kind of every number in the text that names a person.

    As many numbers as `patience` are read one by one; the rest of a longer list is masked, so that no text is slow.
    """
    floor = looked = 0
    for run in CHAIN.finditer(text):
        if run.end() - run.start() < 6:
            continue  # a candidate has six digits
        groups = [match.span() for match in GROUP.finditer(text, run.start(), run.end())]
        lists = _lists(groups, text) if len(groups) > _LISTED else {}
        at = 0
        while at < len(groups):
            if at in lists:
                yield from _listed(text, groups[at][0], groups[lists[at] - 1][1])
                at = lists[at]
                floor = groups[at - 1][1]
                continue
            looked += 1
            if looked > patience:
                yield groups[at][0], run.end(), "PHONE"
                break
            candidate = Number(text, groups, at, floor)
            end, token = _read(candidate)
            if token:
                start, stop = candidate.outer(end)
                yield start, stop, token
                floor = stop
            at = end


def _lists(groups: list[tuple[int, int]], text: str) -> dict[int, int]:
    """Where lists of short numbers begin and end among the groups of a run, as in a table that somebody pasted."""
    found: dict[int, int] = {}
    first = 0
    for at in range(len(groups) + 1):
        if at < len(groups):
            start, end = groups[at]
            gap = text[groups[at - 1][1] : start] if at > first else ""
            if end - start <= _SHORT and "+" not in gap and "(" not in gap:
                continue
        if at - first > _LISTED:
            found[first] = at
        first = at if at < len(groups) and groups[at][1] - groups[at][0] <= _SHORT else at + 1
    return found


def _listed(text: str, start: int, end: int) -> Iterator[Span]:
    """The phones and cards in a list of short numbers: those that are grouped as one, and only those."""
    for match in _GROUPED.finditer(text, start, end):
        if match.lastgroup == "phone" or identity_numbers.card("".join(filter(str.isdecimal, match[0]))):
            yield *match.span(), "PHONE" if match.lastgroup == "phone" else "CARD"


def _read(number: Number) -> tuple[int, str]:
    """One past the last group read, and what the number is; an empty kind means that it is kept."""
    if number.clock or number.offset or not number.ends or (len(number.longest) < 5 and not number.plus):
        return number.at + 1, ""
    if not number.plus:
        plain = PLAIN.match(number.text, number.start)
        if plain and not (plain["short"] and number.called):
            return _past(number, plain.end()), ""
    if number.glued and not number.called:
        card = _card_end(number)
        return (card, "CARD") if card else (number.at + 1, "")
    if number.plus:
        end = international_phone(number)
        return (end, "PHONE") if end else (number.at + 1, "")
    strong, card = certain_phone(number), _card_end(number)
    end, kind = (card, "CARD") if card else _paper(number)
    if not kind:
        end = strong or likely_phone(number)
        kind = "PHONE" if end else ""
    if card and _is_usual_card(number.ends[card]):
        return card, "CARD"
    if kind and max(strong, card) <= number.at + 1 and (number.named or (not card and number.numbered)):
        return _id_end(number), ""
    return (end, kind) if kind else (number.at + 1, "")


def _is_usual_card(digits: str) -> bool:
    """Whether digits pass for a card of the length that nearly all have, which no word before them outweighs."""
    return len(digits) in (15, 16) and identity_numbers.card(digits)


def _past(number: Number, position: int) -> int:
    return next(
        (i for i in range(number.at + 1, len(number.groups)) if number.groups[i][0] >= position), len(number.groups)
    )


def _id_end(number: Number) -> int:
    """An id goes on over hyphens and slashes, and over single spaces until something that is surely a phone begins."""
    end = number.at + 1
    while end < len(number.groups):
        gap = number.gap(end)
        if gap not in ("-", "/", ".", " ") or (
            gap == " " and certain_phone(Number(number.text, number.groups, end, number.groups[end - 1][1]))
        ):
            break
        end += 1
    return end


def _card_shape(shape: tuple[int, ...]) -> bool:
    return len(shape) == 1 or shape[:-1] in ((4, 4, 4), (4, 4, 4, 4), (4, 6)) or shape[:2] == (8, 8)


def _card_end(number: Number) -> int:
    """One past the last group of a card, or 0: beside the word for it Luhn is enough, elsewhere the issuer is known."""
    if len(number.longest) < 12:
        return 0
    cue = bool(CARD_CUE.search(number.before))
    for end, digits in reversed(number.ends.items()):
        if len(digits) < 12:
            break
        shaped = _card_shape(number.shape(end))
        if (identity_numbers.card(digits) and (shaped or cue)) or (cue and shaped and identity_numbers.luhn(digits)):
            return end
    return 0


def _paper(number: Number) -> tuple[int, str]:
    """One past the last group, and TAX or PASSPORT, for a number with the checksum or the shape of one."""
    cue = len(number.longest) >= 9 and number.taxed
    for end, digits in reversed(number.ends.items()):
        if 9 <= len(digits) <= 12 and (kind := _kind_of_paper(number, end, digits, cue)):
            return end, kind
    return 0, ""


def _kind_of_paper(number: Number, end: int, digits: str, cue: bool) -> str:
    shape, gaps = number.shape(end), number.gaps(end)
    if cue or (shape == (3, 3, 3, 2) and gaps <= {"-", ""}):
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
