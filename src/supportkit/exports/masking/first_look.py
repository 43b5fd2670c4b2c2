"""The cheap first look: whether a text could hold personal data at all."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from supportkit.exports.masking.secrets import LITERALS, WORDS, may_hold_secrets
from supportkit.system.late_patterns import late

OTHER_DIGITS: Final = "\u00b2\u00b3\u00b9\u2070⁴-⁹₀-₉٠-٩۰-۹०-९০-৯੦-੯૦-૯௦-௯๐-๙０-９\U0001d7ce-\U0001d7ff"
DIGITS: Final = f"0-9{OTHER_DIGITS}"
DIGIT: Final = f"[{DIGITS}]"
AT_SIGNS: Final = "＠ⓐ﹫"
SEPARATOR: Final = " \\t\u00a0\u00ad\u2007\u2009-\u200d\u202f\u2060\ufeff\\-\u00b7\u2010-\u2014\u2212./()+"
"""What may stand between the digits of one number, inside a character class."""

_NUMBER: Final = f"{DIGIT}(?:[{SEPARATOR}]{{0,4}}{DIGIT}){{5}}"
_PARTS: Final = (
    f"[@{AT_SIGNS}]|%40|=40|&(?:commat|#0{{0,4}}64|#x0{{0,4}}40);",
    "[ ](?:at|ät)[ ][^ ]{2,64}[ ](?:dot|punkt)[ ]",
    "[0-9](?:&(?:nbsp|[a-z]{0,3}sp|#[0-9]{2,5}|#x[0-9a-f]{2,4}|plus|hyphen|minus|ndash);|%20|%2D|[_*])+[0-9]",
    _NUMBER,
    r"[(\[{<][ ]?(?:at|ät|a|собака|собачка)[ ]?[)\]}>]",
    "[ ](?:собака|собачка|sobaka)[ ]",
    r"[a-zа-я0-9][ ]at[ ][a-zа-я0-9.-]{1,64}\.[a-zа-я]{2}",
    "[a-z]{2}[0-9]{2}[ -]?[a-z0-9]{4}",
    "[a-z]{6}[0-9]{2}[a-z][0-9]{2}",
    "(?:pass|pasaporte|(?:id|identity)[ -]card|nino|national insurance|паспорт|ausweis|führerschein"
    "|удостоверени)[^0-9]{0,64}[0-9]",
    WORDS,
)
MAY_BE_PERSONAL: Final = "(?i)" + "|".join(_PARTS)
"""Selects every text that could hold personal data; the same meaning in RE2 (DuckDB's regexp_matches) and in Python."""

_SIGNS: Final = f"[@{AT_SIGNS}%=&(\\[{{<{DIGITS}]"
_TELLING: Final = (" at ", " собак", " sobaka ", *LITERALS)


@cache
def _looks() -> tuple[re.Pattern[str], ...]:
    """A sign that some part of the pattern needs; a number; what is left of the parts that have signs."""
    others = [part for part in _PARTS if part not in (_NUMBER, WORDS)]
    return late(_SIGNS), re.compile(_NUMBER), re.compile("(?i)" + "|".join(others))


def may_be_personal(text: str) -> bool:
    """Whether a text could hold personal data: the pattern above, asked for in the order of what is cheap."""
    sign, number, others = _looks()
    signs = sign.search(text) is not None
    if signs and number.search(text):
        return True
    folded = text.casefold()
    told = any(word in folded for word in _TELLING)
    if told and may_hold_secrets(text):
        return True
    return (signs or told) and others.search(text) is not None
