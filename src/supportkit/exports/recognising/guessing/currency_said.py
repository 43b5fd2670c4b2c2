"""The currency of amounts that only their header says: "Total (EUR)", "Amount USD", "Betrag in €"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from supportkit.exports.meanings.currencies import currency, usual_codes
from supportkit.exports.recognising.guessing.settling import File, Found, Settled

_WORD: Final = re.compile(r"[A-Z]{3}(?![\w])|[€£₽₴₹₺₪]|zł|Kč", re.UNICODE)
_PLACE: Final = re.compile(r"(?:^|[\s(\[_/,-])$")
_LETTERS: Final = re.compile(r"[^\W\d_]|[$€£¥₽₴₹₺₪]")


def find_the_currency(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> None:
    """Add the currency that the header of the amount says, where no column is one and no amount has a sign."""
    amount = settled.found.get("amount")
    places = given.get("amount") or (amount.places if amount else ())
    if len(places) != 1 or any("currency" in named for named in (given, settled.found, settled.questions)):
        return
    header, cells = file.headers[places[0]], file.cells[places[0]] or ()
    code = currency_in(header)
    if code is not None and not any(_LETTERS.search(cell) for cell in cells):
        settled.doubtful.pop("currency", None)
        settled.found["currency"] = Found("currency", f"'{code}'", "the header of the amount says so", "sure")


def currency_in(header: str) -> str | None:
    """The one currency that a header names by its code or a sign of its own."""
    codes = set()
    for found in _WORD.finditer(header):
        if _PLACE.search(header[: found.start()]) and (len(header) > len(found[0])):
            code = currency(found[0])
            codes.update([code] if code in usual_codes() else [])
    return codes.pop() if len(codes) == 1 else None
