"""A small line of a figure's periods beside it: drawn by hand, in the colours of the page, with its target."""

from __future__ import annotations

from html import escape
from typing import Final

from supportkit.render.document import HeadlineFigure
from supportkit.render.language import Language

WIDE: Final = 132.0
HIGH: Final = 34.0
ROOM: Final = 4.0
LEAST: Final = 3
"""Values that make a line."""


def small_line(figure: HeadlineFigure, language: Language) -> str:
    """An SVG element; nothing of fewer than three values."""
    known = [value for value in figure.course if value is not None]
    if len(known) < LEAST:
        return ""
    ends: list[float] = [*known, *((figure.goal,) if figure.goal is not None else ())]
    low: float = min(ends)
    high: float = max(ends)
    step = (WIDE - 2 * ROOM) / (len(figure.course) - 1)

    def down(value: float) -> float:
        """How far below the top a value stands."""
        return HIGH - ROOM - (value - low) / ((high - low) or 1.0) * (HIGH - 2 * ROOM)

    pieces: list[list[str]] = [[]]
    for place, value in enumerate(figure.course):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{ROOM + place * step:.1f},{down(value):.1f}")
    lines = "".join(
        f'<polyline points="{" ".join(piece)}"/>'
        if len(piece) > 1
        else '<circle cx="{}" cy="{}" r="1.5"/>'.format(*piece[0].split(","))
        for piece in pieces
        if piece
    )
    last = pieces[-1][-1] if pieces[-1] else ""
    dot = '<circle cx="{}" cy="{}" r="3"/>'.format(*last.split(",")) if last else ""
    aim = "" if figure.goal is None else f'<path d="M0 {down(figure.goal):.1f}H{WIDE:.0f}"/>'
    said = language.say("{n} periods, from {first} on", n=str(len(figure.course)), first=figure.first)
    return (
        f'<svg class="course" viewBox="0 0 {WIDE:.0f} {HIGH:.0f}" role="img" '
        f'aria-label="{escape(f"{figure.label}: {said}")}">{aim}{lines}{dot}</svg>'
    )
