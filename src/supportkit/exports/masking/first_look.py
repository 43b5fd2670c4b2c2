"""The cheap first look: whether a text could hold personal data at all."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

DIGITS: Final = "0-9０-９٠-٩۰-۹"
DIGIT: Final = f"[{DIGITS}]"
SEPARATOR: Final = " \\t\u00a0\u00ad\u2007\u2009-\u200d\u202f\u2060\ufeff\\-\u2010-\u2014\u2212./()+"
"""What may stand between the digits of one number, inside a character class."""

_PARTS: Final = (
    "[@＠]",
    f"{DIGIT}(?:[{SEPARATOR}]{{0,4}}{DIGIT}){{5}}",
    r"[(\[{][ ]?(?:at|ät|собака)[ ]?[)\]}]",
    "[ ]собака[ ]",
    "[a-z]{2}[0-9]{2}[ -]?[a-z0-9]{4}",
    "[a-z]{6}[0-9]{2}[a-z][0-9]{2}",
    "(?:pass|паспорт|ausweis)[^0-9]{0,64}[0-9]",
)
MAY_BE_PERSONAL: Final = "(?i)" + "|".join(_PARTS)
"""Selects every text that could hold personal data; the same meaning in RE2 (DuckDB's regexp_matches) and in Python."""


@cache
def _looks() -> tuple[re.Pattern[str], ...]:
    """The parts of the pattern, each by itself: so Python finds where one may begin without trying all at each sign."""
    return tuple(re.compile(f"(?i){part}") for part in _PARTS)


def may_be_personal(text: str) -> bool:
    """Whether a text could hold personal data."""
    return any(look.search(text) for look in _looks())
