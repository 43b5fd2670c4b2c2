"""Personal data in free text: found by shape and checksum, and replaced by a token that says what stood there.

Found: e-mail addresses, phone numbers, payment cards (Luhn), bank accounts (IBAN), passport-like numbers, and tax
or insurance numbers (INN, SNILS, German Steuer-IdNr., pension and VAT number, US SSN, UK NINO, Italian codice
fiscale, Spanish DNI and NIE). Not found: names, addresses, and anything that has no shape of its own.
"""

from __future__ import annotations

from supportkit.exports.masking.first_look import MAY_BE_PERSONAL, may_be_masked, may_be_personal

Masked = tuple[str, dict[str, int]]
"""A text without personal data, and how many of each kind were found in it."""

__all__ = ["MAY_BE_PERSONAL", "Masked", "certain", "contacts", "mask_text", "may_be_personal"]


def mask_text(text: str) -> Masked:
    """The text with personal data replaced by `[EMAIL]`, `[PHONE]`, … and how many of each were found.

    Masking a masked text changes nothing.
    """
    if not may_be_masked(text):
        return text, {}
    from supportkit.exports.masking.masked_text import masked

    return masked(text)


def certain(code: str, ids: frozenset[int]) -> Masked:
    """A cell of a column of codes without what can be nothing else: account numbers, and cards of other lengths than
    those that `ids` have in this column."""
    if len(code) < 13:
        return code, {}
    from supportkit.exports.masking.masked_text import certain as masked

    return masked(code, ids)


def contacts(text: str) -> list[tuple[int, int]]:
    """Where the e-mails and phones of a text stand, first to last."""
    if not may_be_personal(text):
        return []
    from supportkit.exports.masking.masked_text import contacts as found

    return found(text)
