"""The spellings of a series: names that differ in case or spaces alone are one, in SQL as in stats.series_grid."""

from __future__ import annotations

from typing import Final

SPELT_ALIKE: Final = r"lower(regexp_replace(trim(by_1), '\s+', ' ', 'g'))"
"""The SQL for what all spellings of the first dimension have in common."""


def spelt_alike(name: str) -> str:
    """The same of a name in Python."""
    return " ".join(name.split()).lower()
