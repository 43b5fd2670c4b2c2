"""What a header's text says: its name without case and marks, the time zone in it, whether it is of contacts."""

from __future__ import annotations

import re
import unicodedata
from zoneinfo import ZoneInfo

_SUFFIX = re.compile(r"\s*\[(list|txt|flag|int|dec|date|regexp|multi)\]$")
_CUSTOM = re.compile(r"(?:custom field|campo personalizado|benutzerdefiniertes feld)\s*\((.*)\)$")
_ZONE = re.compile(r"\s*\(([A-Za-z]+/[A-Za-z_/+-]+|utc|gmt)\)$", re.IGNORECASE)


def normal_header(header: str) -> str:
    """A header in the form by which headers are compared: without case, marks, type suffix and time zone."""
    text = unicodedata.normalize("NFKC", header).replace("\ufeff", "").strip().casefold()
    text = _SUFFIX.sub("", " ".join(text.split()))
    if match := _CUSTOM.fullmatch(text):
        text = match[1]
    return _ZONE.sub("", text)


def zone_of(header: str) -> str | None:
    """The time zone that a header names, as in `Updated at (America/New_York)`."""
    match = _ZONE.search(header.strip())
    if not match:
        return None
    name = "UTC" if match[1].upper() in ("UTC", "GMT") else match[1]
    return name if is_zone(name) else None


def is_zone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def contact_kind(header: str) -> str:
    """Whether a column holds e-mails, phones or ids, by its name."""
    text = normal_header(header)
    if re.search(r"e-?mail", text):
        return "email"
    return "phone" if re.search(r"phone|telefon|mobile|телефон", text) else "id"
