"""The scales on which survey answers were given, as declared in the data, by an option, or by custom."""

from __future__ import annotations

import re
from typing import NamedTuple

from supportkit.errors import DataError, UsageError
from supportkit.scores.answers import listed, number_of
from supportkit.store import Selection, Store

SQL_SCALES = """
select scale_min, scale_max, count(*) as answers, max(score) as highest,
       count(*) filter (where score < coalesce(scale_min, $low) or score > coalesce(scale_max, $high)
                           or score <> floor(score)) as off_scale
  from surveys
 where kind = $kind and score is not null
 group by scale_min, scale_max
 order by answers desc, scale_min, scale_max
"""


class Scale(NamedTuple):
    """The lowest and the highest score that can be given, in whole steps."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


class ScaleUse(NamedTuple):
    """Answers on one scale (None where the data declare none), the highest among them, and those off the scale."""

    scale: Scale | None
    answers: int
    highest: float
    off_scale: int


def parse_scale(text: str) -> Scale:
    """A scale from words such as 1-5. Raises UsageError."""
    match = re.fullmatch(r"\s*(-?\d+)\s*(?:-|\.\.|to)\s*(\d+)\s*", text)
    if not match or int(match[1]) >= int(match[2]):
        raise UsageError(f"--scale {text}: not a scale", hint="write the lowest and the highest score, such as 1-5")
    return Scale(int(match[1]), int(match[2]))


def scales_in_use(store: Store, selection: Selection, kind: str, usual: Scale) -> tuple[ScaleUse, ...]:
    """The scales of the answers of a kind, the most used first.

    Raises DataError where most answers that declare no scale lie off the usual one: they were given on another.
    """
    found = []
    rows = store.rows(SQL_SCALES, selection, kind=kind, low=usual.low, high=usual.high)
    for low, high, answers, highest, off_scale in rows:
        scale = Scale(int(low), int(high)) if low is not None and high is not None and low < high else None
        found.append(ScaleUse(scale, answers, highest, off_scale))
        if scale is None and off_scale * 2 > answers:
            raise DataError(
                f"{off_scale} of {answers} {kind} answers lie off the {usual} scale, and none is declared",
                hint="say which it is: --scale 1-5, or map scale_min and scale_max when loading",
            )
    return tuple(found)


def scale_notes(uses: tuple[ScaleUse, ...], usual: Scale) -> tuple[str, ...]:
    """Notes on answers that declare no scale and on several scales side by side."""
    notes = []
    silent = sum(use.answers for use in uses if use.scale is None)
    if silent:
        notes.append(f"{number_of(silent, 'answer')} without a declared scale, read as {usual}")
    if len({use.scale or usual for use in uses}) > 1:
        named = [f"{use.scale or usual} ({number_of(use.answers, 'answer')})" for use in uses]
        notes.append(f"several scales: {listed(named)}")
    return tuple(notes)
