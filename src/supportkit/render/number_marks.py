"""Numbers and units of English texts, written as another language does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_NUMBER: Final = re.compile(r"(?<![\w.-])([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w]|\.\d|-\d)")
_TOGETHER: Final = re.compile(
    r"(?<=\d) (?=%|(?:[A-Z]{3}|s|min|h|d|points|с|мин|ч|дн|п\. п|г\.)(?!\w))"
    r"|(?<=\bn) (?=\d|= )|(?<=\bn =) (?=\d)"
)
_INTERVAL: Final = re.compile(r"\[[+−-]?\d[^\[\]]{1,30}\]")
_MINUS: Final = re.compile(r"(?<![\w.,:/–-])-(?=\d)")
_RANGE: Final = re.compile(r"(?<![\w.,:/–-])(\d{1,3})-(\d{1,3})(?![\w/-]|[.,:]\d)")
_UNIT: Final = re.compile(r"(?<=\d)[ \u00a0](s|min|h|d|points)\b")


def localised(shown: str, decimal: str, group: str, units: Mapping[str, str]) -> str:
    """English figures in a text with other marks; ids, weeks (2026-W45) and dates (2026-11-08) stay."""

    def number(match: re.Match[str]) -> str:
        sign, whole, part = match.groups()
        return sign + whole.replace(",", group) + (part.replace(".", decimal) if part else "")

    return _UNIT.sub(lambda match: f"\u00a0{units[match[1]]}", _NUMBER.sub(number, shown))


def set_signs(shown: str) -> str:
    """A text with a minus before a number below nought, and a dash between two small ones; a command as it is typed."""
    return shown if "--" in shown else _RANGE.sub(r"\1–\2", _MINUS.sub("−", shown))


def unbroken(shown: str) -> str:
    """A text in which no line breaks between a number and its unit or within an interval; a command stays as typed."""
    if "--" in shown:
        return shown
    return _INTERVAL.sub(lambda match: match[0].replace(" ", "\u00a0"), _TOGETHER.sub("\u00a0", shown))
