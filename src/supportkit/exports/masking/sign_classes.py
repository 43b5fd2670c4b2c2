"""Signs by what they stand for in a text: digits of any script, at signs, what stands between digits, what is not seen.

Each is the inside of a character class, the same in RE2 and in Python.
"""

from __future__ import annotations

from typing import Final

OTHER_DIGITS: Final = "\u00b2\u00b3\u00b9\u2070⁴-⁹₀-₉٠-٩۰-۹०-९০-৯੦-੯૦-૯௦-௯๐-๙０-９\U0001d7ce-\U0001d7ff"
DIGITS: Final = f"0-9{OTHER_DIGITS}"
AT_SIGNS: Final = "＠ⓐ﹫"
SEPARATOR: Final = " \\t\u00a0\u00ad\u2007\u2009-\u200d\u202f\u2060\ufeff\\-\u00b7\u2010-\u2014\u2212./()+"
"""What may stand between the digits of one number."""

HIDDEN: Final = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
