"""A line of the scorecard."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What was tried, what was found, what was wanted, and whether it holds (None: not tried, with the reason)."""

    what: str
    found: str
    wanted: str
    holds: bool | None
