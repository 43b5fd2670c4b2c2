"""The colours of pages and pictures: ink, greys and one accent, told apart without colour vision, light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

INK: Final = "#1b2430"
SOFT: Final = "#5a6675"
LINE: Final = "#d8dee6"
FILL: Final = "#aab6c5"
ACCENT: Final = "#0b5cad"
FAIL: Final = "#b3261e"
PAPER: Final = "#ffffff"

NAMES: Final[Mapping[str, str]] = {
    INK: "var(--ink)",
    SOFT: "var(--soft)",
    LINE: "var(--line)",
    FILL: "var(--fill)",
    ACCENT: "var(--accent)",
    FAIL: "var(--fail)",
    PAPER: "var(--paper)",
}
