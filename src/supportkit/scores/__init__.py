"""What the score metrics share: survey answers summed by group, compared, weighted, and put into a Result."""

from __future__ import annotations

from supportkit.scores.answers import Against, Asked, Counted, Measure, Moments, Sums, mean_moments, number_of
from supportkit.scores.result import score
from supportkit.scores.scales import Scale, parse_scale, scale_notes, scales_in_use

__all__ = [
    "Against",
    "Asked",
    "Counted",
    "Measure",
    "Moments",
    "Scale",
    "Sums",
    "mean_moments",
    "number_of",
    "parse_scale",
    "scale_notes",
    "scales_in_use",
    "score",
]
