"""Durations as people write them: 90s, 3m, 4h, 7d, 1h30m."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

_UNITS: Final = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}


def parse_duration(text: str | int | float | timedelta) -> timedelta:
    """A duration from `90s`, `3m`, `4h`, `7d`, `1h30m` or a number of seconds. Raises ValueError."""
    if isinstance(text, timedelta):
        return text
    if isinstance(text, int | float):
        return _of_seconds(text, str(text))
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([a-z]*)", text.strip().lower())
    if not parts or "".join(a + b for a, b in parts) != re.sub(r"\s+", "", text.strip().lower()):
        raise ValueError(f"{text!r} is no duration; write 90s, 3m, 4h or 7d")
    seconds = 0.0
    for amount, unit in parts:
        if unit and unit not in _UNITS:
            raise ValueError(f"{text!r}: unknown unit {unit!r}; known: {', '.join(_UNITS)}")
        seconds += float(amount) * _UNITS[unit or "s"]
    return _of_seconds(seconds, text)


def _of_seconds(seconds: float, text: str) -> timedelta:
    if not seconds >= 0:
        raise ValueError(f"{text!r} is no duration; write 90s, 3m, 4h or 7d")
    try:
        return timedelta(seconds=seconds)
    except OverflowError as error:
        raise ValueError(f"{text!r} is too long") from error
