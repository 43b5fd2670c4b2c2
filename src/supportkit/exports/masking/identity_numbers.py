"""Checksums and shapes of the numbers that name a person: cards, bank accounts, tax and insurance numbers.

Every function takes the bare digits (or letters and digits) without separators and says whether they can be such a
number. Sources: ISO/IEC 7812-1 (Luhn), ISO 13616 (IBAN, mod 97), the Federal Tax Service's order on INN, SNILS as
issued by the pension fund, ISO/IEC 7064 MOD 11,10 (German Steuer-IdNr. and USt-IdNr.), the Spanish DNI/NIE letter.
"""

from __future__ import annotations

IBAN_LENGTH = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
    "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18,
    "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31,
    "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22,
    "VG": 24, "XK": 20,
}  # fmt: skip

_DOUBLED = str.maketrans("0123456789", "0246813579")
"""The digit for each when it is doubled, less nine where that has two."""

_SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE"


def luhn(digits: str) -> bool:
    """Whether the digits pass the Luhn test."""
    doubled = digits[-2::-2].translate(_DOUBLED)
    return sum(map(int, digits[-1::-2] + doubled)) % 10 == 0


def of_parcel(digits: str) -> bool:
    """Whether this is the number of a parcel as DHL, DPD and the American post write it: 18, 20 or 22 digits, the last
    of which is the control digit of GS1."""
    if len(digits) not in (18, 20, 22):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))) % 10 == 0


def of_issuer(digits: str) -> bool:
    """Whether 13 to 19 digits begin as an issuer of payment cards has them."""
    length, two, four = len(digits), int(digits[:2] or 0), int(digits[:4] or 0)
    return (
        (digits[:1] == "4" and length in (13, 16, 19))
        or (length == 16 and (51 <= two <= 55 or 2221 <= four <= 2720))
        or (length == 15 and (two in (34, 37) or four in (1800, 2131)))
        or (length == 14 and (two in (36, 38, 39) or 300 <= int(digits[:3]) <= 305))
        or (16 <= length <= 19 and (four == 6011 or two in (62, 64, 65, 35) or 2200 <= four <= 2204))
        or (16 <= length <= 19 and (two == 50 or 56 <= two <= 69))
        or (12 < length < 16 and (56 <= two <= 58 or two == 67 or four in (5018, 5020, 5038, 6304, 6390)))
    )


def card(digits: str) -> bool:
    """Whether this is a payment card: 13 to 19 digits, a known issuer's prefix, and Luhn."""
    return of_issuer(digits) and len(set(digits)) > 1 and luhn(digits)


def iban(compact: str) -> bool:
    """Whether this is an account number: its country's length, and 1 as the remainder by 97."""
    text = compact.upper()
    if IBAN_LENGTH.get(text[:2]) != len(text) or not text.isalnum() or not text.isascii():
        return False
    return int("".join(str(int(char, 36)) for char in text[4:] + text[:4])) % 97 == 1


def inn(digits: str) -> bool:
    """Whether this is a Russian taxpayer number of a person (12 digits) or a firm (10)."""

    def control(weights: tuple[int, ...]) -> int:
        return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False)) % 11 % 10

    if digits[:2] == "00":
        return False
    if len(digits) == 10:
        return control((2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(digits[9])
    if len(digits) == 12:
        eleventh = control((7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
        return eleventh == int(digits[10]) and control((3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(digits[11])
    return False


def snils(digits: str) -> bool:
    """Whether this is a Russian insurance number: nine digits and a control number of two."""
    if len(digits) != 11 or int(digits[:9]) <= 1001998:
        return False
    total = sum((9 - place) * int(digit) for place, digit in enumerate(digits[:9]))
    return total % 101 % 100 == int(digits[9:])


def _iso_7064(digits: str) -> bool:
    product = 10
    for char in digits[:-1]:
        total = (int(char) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(digits[-1])


def steuer_id(digits: str) -> bool:
    """Whether this is a German tax identification number: 11 digits, one digit of the first ten repeated, MOD 11,10."""
    if len(digits) != 11 or digits[0] == "0" or len(set(digits[:10])) not in (8, 9):
        return False
    return _iso_7064(digits)


def german_vat(digits: str) -> bool:
    """Whether these nine digits, after DE, are a German VAT number."""
    return len(digits) == 9 and digits[0] != "0" and _iso_7064(digits)


def spanish_nif(compact: str) -> bool:
    """Whether this is a Spanish DNI (12345678Z) or NIE (X1234567L)."""
    text = compact.upper()
    number = {"X": "0", "Y": "1", "Z": "2"}.get(text[:1], text[:1]) + text[1:-1]
    return len(text) == 9 and number.isdecimal() and _SPANISH[int(number) % 23] == text[-1]


def social_security(digits: str) -> bool:
    """Whether the US administration could have issued these nine digits."""
    return (
        len(digits) == 9 and digits[:3] not in ("000", "666") and digits[0] != "9" and digits[3:5] != "00"
    ) and digits[5:] != "0000"
