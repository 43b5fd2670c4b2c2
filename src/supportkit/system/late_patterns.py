"""Patterns that are compiled when they are first asked: a run that meets no such text never pays for them."""

from __future__ import annotations

import re
from typing import Any, cast


class _Late:
    """What stands for a pattern until a method of it is asked."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._asked = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._asked), name)
        setattr(self, name, found)  # from here on the method is found at once
        return found


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern as re.compile gives it, compiled when its first method is called."""
    return cast("re.Pattern[str]", _Late(pattern, flags))
