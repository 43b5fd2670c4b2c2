"""What the score metrics share: survey answers summed by group, compared, weighted, and put into a Result."""

from __future__ import annotations

from supportkit.scores.answers import (
    Against,
    AnswerCounts,
    Behind,
    GroupKey,
    Measure,
    Moments,
    ScoreOptions,
    ScoreQuery,
    Sums,
    mean_moments,
    number_of,
    rows_of,
    summed,
)
from supportkit.scores.repeated_answers import repeated_answers
from supportkit.scores.score_result import score

__all__ = [
    "Against",
    "AnswerCounts",
    "Behind",
    "GroupKey",
    "Measure",
    "Moments",
    "ScoreOptions",
    "ScoreQuery",
    "Sums",
    "mean_moments",
    "number_of",
    "repeated_answers",
    "rows_of",
    "score",
    "summed",
]
