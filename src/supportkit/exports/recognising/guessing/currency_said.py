"""The currency of amounts that only their header says: "Total (EUR)", "Amount USD", "Betrag in €"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from supportkit.exports.meanings.currencies import currency, usual_codes
from supportkit.exports.meanings.words import tokens
from supportkit.exports.recognising.guessing.settled import File, Found, Question, Settled

_WORD: Final = re.compile(r"[A-Z]{3}(?![\w])|[€£₽₴₹₺₪]|zł|Kč|[A-Z]{0,3}\$", re.UNICODE)
_DOLLAR: Final = "$"
"""A sign of several currencies, which is told and kept."""
_PLACE: Final = re.compile(r"(?:^|[\s(\[_/,-])$")
_SMALL: Final = frozenset((
    "usd", "eur", "gbp", "chf", "rub", "pln", "czk", "sek", "nok", "dkk", "uah", "brl", "cad", "aud", "jpy", "cny",
    "inr",
))  # fmt: skip
"""Codes that are no other word in small letters."""
_FIGURE: Final = re.compile(r"[\d.,'’\s\u00a0\u202f+−-]+")
_LETTERS: Final = re.compile(r"[^\W\d_]|[$€£¥₽₴₹₺₪]")


def find_the_currency(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> None:
    """Add the currency that the header of the amount says, where no amount has a sign; it goes before a column of
    currencies that has others, which is of another amount."""
    if "currency" in given or "currency" in settled.questions:
        return
    asked, amount = settled.questions.get("amount"), settled.found.get("amount")
    if asked is not None and not asked.also and len(asked.places) == len(asked.readings):
        _with_each(settled, file, asked)
    places = given.get("amount") or (amount.places if amount else ())
    if len(places) == 1 and (beside := _in_one_object(file.headers[places[0]], settled.doubtful.get("currency"))):
        del settled.doubtful["currency"]
        place = file.headers.index(beside)
        settled.found["currency"] = Found("currency", beside, "of the same object as the amount", "sure", (place,))
        return
    code = _code(settled, file, places[0]) if len(places) == 1 else None
    why = "the header of the amount says so"
    if code is None and "currency" not in settled.found and amount is not None and len(amount.places) > 1:
        code, why = _sign_of(file, amount.places), "the signs of the amounts say so"
    if code is not None:
        settled.doubtful.pop("currency", None)
        settled.found["currency"] = Found("currency", f"'{code}'", why, "sure")


def _sign_of(file: File, places: tuple[int, ...]) -> str | None:
    """The one currency of the signs beside amounts that are calculated with, in which they are lost."""
    signs = {_FIGURE.sub("", cell) for place in places for cell in file.cells[place] or ()} - {""}
    return currency(signs.pop()) if len(signs) == 1 else None


def _with_each(settled: Settled, file: File, asked: Question) -> None:
    """Add to each reading of the amount the currency that its header says, and to the others the column of currencies:
    a sum in dollars stands beside one in that of the customer."""
    codes = [_code(settled, file, place) for place in asked.places]
    if any(codes):
        column = settled.found.pop("currency", None)
        other = f"currency={column.text}" if column else ""
        if all(codes):
            settled.doubtful.pop("currency", None)
        also = tuple(f"currency='{code}'" if code else other for code in codes)
        settled.questions["amount"] = asked._replace(also=also)


def _code(settled: Settled, file: File, place: int) -> str | None:
    """The currency that the header of an amount says; None where it says none, its cells have a sign, or a column of
    currencies has no other one."""
    code, cells = currency_in(file.headers[place]), file.cells[place] or ()
    if code is None or any(_LETTERS.search(cell) for cell in cells):
        return None
    column = settled.found.get("currency")
    words = {currency(word) for of in (column.places if column else ()) for word in set(file.cells[of] or ()) if word}
    if code == _DOLLAR and words:
        return None if all(currency(_DOLLAR, word) == word for word in words if word) else code
    return None if words == {code} else code


def _in_one_object(amount: str, asked: Question | None) -> str | None:
    """Of several columns that may be the currency, that of the object which the amount is of: `amount.currency` beside
    `amount.value`."""
    inner, dot, _ = amount.rpartition(".")
    same = [header for header in (asked.readings if asked and dot else ()) if header.rpartition(".")[0] == inner]
    return same[0] if len(same) == 1 else None


def currency_in(header: str) -> str | None:
    """The one currency that a header names by its code, by a sign of its own, or at its end as `price_in_usd` does."""
    codes = set()
    for found in _WORD.finditer(header):
        if _PLACE.search(header[: found.start()]) and (len(header) > len(found[0])):
            code = _DOLLAR if found[0] == _DOLLAR else currency(found[0])
            codes.update([code] if code == _DOLLAR or code in usual_codes() else [])
    words = tokens(header)
    if not codes and len(words) > 1 and words[-1] in _SMALL:
        return words[-1].upper()
    return codes.pop() if len(codes) == 1 else None
