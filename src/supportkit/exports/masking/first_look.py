"""The cheap first look: whether a text could hold personal data at all."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

DIGITS: Final = "0-9０-９٠-٩۰-۹"
DIGIT: Final = f"[{DIGITS}]"
SEPARATOR: Final = " \\t\u00a0\u00ad\u2007\u2009-\u200d\u202f\u2060\ufeff\\-\u2010-\u2014\u2212./()+"
"""What may stand between the digits of one number, inside a character class."""

MAY_BE_PERSONAL: Final = (
    "(?i)[@＠]"
    f"|{DIGIT}(?:[{SEPARATOR}]{{0,4}}{DIGIT}){{5}}"
    r"|[(\[{][ ]?(?:at|ät|собака)[ ]?[)\]}]|[ ]собака[ ]"
    "|[a-z]{2}[0-9]{2}[ -]?[a-z0-9]{4}"
    "|[a-z]{6}[0-9]{2}[a-z][0-9]{2}"
    "|(?:pass|паспорт|ausweis)[^0-9]{0,64}[0-9]"
)
"""Selects every text that could hold personal data; the same meaning in RE2 (DuckDB's regexp_matches) and in Python."""


@cache
def _candidate() -> re.Pattern[str]:
    return re.compile(MAY_BE_PERSONAL)


def may_be_personal(text: str) -> bool:
    """Whether a text could hold personal data."""
    return _candidate().search(text) is not None
