"""Numbers of accounts, passports, taxes and insurances that have letters in them or their word before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from supportkit.exports.masking import identity_numbers, paper_words
from supportkit.exports.masking.literals import has_one, matches, places, small_letters
from supportkit.system.late_patterns import late

Span = tuple[int, int, str]

_END = r"(?![^\W_])"
_BETWEEN = " \\t\u00a0\u2000-\u200a\u202f\u3000./_-"
"""What may stand between the letters and digits of an account number, inside a character class."""

_iban_start = late(  # from its first digit on, which are fewer than letters
    r"[0-9](?<=[a-z ].)(?:(?<=[a-z]{2}.)(?:(?<![^\W_][a-z]{2}.)|(?<=iban[a-z]{2}.))"
    r"|(?<=[a-z]{2}[ ].)(?<![^\W_][a-z]{2}[ ].))"
    rf"[0-9](?=(?:[{_BETWEEN}]|\r?\n)?[a-z0-9]{{4}})"
)
"""Of a text in small letters."""

_beside_a_letter = late(r"[0-9][ -]?[a-z](?:(?![^\W\d_])|(?<=[0-9]{6}[hmx])[a-z]{5})")
_german = late("de[ ]?[0-9]{3}")
_lettered = late(
    rf"""[0-9a-z](?<![^\W_].)(?:
        (?P<vat>(?<=d)e[ ]?[0-9]{{3}}[ ]?[0-9]{{3}}[ ]?[0-9]{{3}})
      | (?P<nino>(?<=[a-ceghj-pr-tw-z])[a-ceghj-npr-tw-z][ ]?[0-9]{{2}}[ ]?[0-9]{{2}}[ ]?[0-9]{{2}}[ ]?[a-d])
      | (?P<fiscale>(?<=[a-z])[a-z]{{5}}[0-9]{{2}}[a-ehlmprst][0-9]{{2}}[a-z][0-9]{{3}}[a-z])
      | (?P<curp>(?<=[a-z])[a-z]{{3}}[0-9]{{2}}[01][0-9][0-3][0-9][hmx][a-z]{{5}}[a-z0-9][0-9])
      | (?P<pension>(?<=[0-9])[0-9][ ]?[0-3][0-9][01][0-9]{{3}}[ ]?[a-z][ ]?[0-9]{{3}})
      | (?P<nif>(?:(?<=[xyz])[ -]?[0-9]{{7}}|(?<=[0-9])(?:[0-9]{{7}}|[0-9][.][0-9]{{3}}[.][0-9]{{3}}))[ -]?[a-z])
    ){_END}""",
    re.VERBOSE,
)
"""The first sign of each stands before its group. This and the two before are of a text in small letters."""

_paper_cell = late(r"(?=(?:[^0-9]*+[0-9]){6})[^\W_]{1,20}(?:[ ./-]{1,2}[^\W_]{1,20}){0,5}")
_LONGEST_PAPER = 24
_day = late(r"(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:19|20)[0-9]{2}")
_series = late(r"сери[яиюе][ ]{0,2}[0-9]{2}[ ]?[0-9]{2}[ ,]{0,3}(?:номер|№)[ ]?[0-9]{6}(?![0-9])", re.IGNORECASE)
_insured = late(
    r"(?:nino|national insurance|ni(?=[ ]n(?:o|umber)\b))(?:[ ]?(?:number|no|is|[.:#])){0,3}[ ]?"
    rf"(?P<number>[A-Z]{{2}}(?:[ ]?[0-9]{{2}}){{3}}[ ]?[A-D]){_END}",
    re.IGNORECASE,
)
_account = late(r"4(?<![0-9]4)(?:08[ ]?(?:1[ ]?7|2[ ]?0)|2[36][ ]?[0-9][ ]?[0-9])(?:[ ]?[0-9]){15}(?![0-9])")
"""A Russian account of a person, which has no check digit of its own."""


def ibans(text: str) -> Iterator[Span]:
    at = 0
    for match in _iban_start.finditer(small_letters(text)):
        start = match.start() - 2 - (text[match.start() - 1] == " ")
        length = identity_numbers.IBAN_LENGTH.get(text[start : start + 2].upper())
        if length is None or start < at:
            continue
        written = _written_iban(length).match(text, start)
        if written and identity_numbers.iban("".join(filter(str.isalnum, written[0]))):
            at = written.end()
            yield start, at, "IBAN"


def accounts(text: str) -> Iterator[Span]:
    if not has_one(text, ("408", "423", "426")):
        return
    for match in _account.finditer(text):
        yield *match.span(), "IBAN"


@cache
def _written_iban(length: int) -> re.Pattern[str]:
    return late(rf"[A-Z0-9](?:(?:[{_BETWEEN}]|\r?\n)?[A-Z0-9]){{{length - 1}}}(?![0-9])", re.IGNORECASE)


def passports(text: str) -> Iterator[Span]:
    folded = text.casefold()
    if not has_one(folded, paper_words.STEMS):
        return
    small = small_letters(text)
    for match in matches(paper_words.PAPER, small, places(small, paper_words.BEGINS)):
        start, end = match.span(match.lastgroup or 0)
        parted = text[start : start + 4].partition(" ")
        if parted[1] and not parted[0].isdecimal() and not parted[0].isupper():
            continue  # a word and a number: "pass on 1234567"
        yield start, end, "PASSPORT"


def is_paper(cell: str) -> bool:
    """Whether a cell under the name of a paper is the number of one, in whatever groups of letters and digits."""
    if len(cell) > _LONGEST_PAPER or _paper_cell.fullmatch(cell) is None:
        return False
    return _day.fullmatch(cell) is None


def series_and_numbers(text: str) -> Iterator[Span]:
    if text.isascii() or "сери" not in text.casefold():
        return
    for match in _series.finditer(text):
        yield *match.span(), "PASSPORT"


def insurances(text: str) -> Iterator[Span]:
    folded = text.casefold()
    if not has_one(folded, ("nino", "national insurance", "ni n")):
        return
    for match in _insured.finditer(text):
        yield *match.span("number"), "TAX"


def tax_with_letters(text: str) -> Iterator[Span]:
    small = small_letters(text)
    if _beside_a_letter.search(small) is None and _german.search(small) is None:
        return
    for match in _lettered.finditer(small):
        compact = "".join(filter(str.isalnum, match[0]))
        if (
            match["fiscale"]
            or match["curp"]
            or match["pension"]
            or (match["vat"] and identity_numbers.german_vat(compact[2:]))
            or (match["nino"] and compact[:2].upper() not in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ"))
            or (match["nif"] and identity_numbers.spanish_nif(compact))
        ):
            yield match.start(), match.end(), "TAX"
