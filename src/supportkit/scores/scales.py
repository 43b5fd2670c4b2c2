"""Answers counted by scale and score, judged on the scale that the data, an option or custom give them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from supportkit.errors import DataError, UsageError
from supportkit.scores.answers import AnswerCounts, GroupKey, Sums, listed, number_of
from supportkit.system.named import NamedTuple

SQL_SCORES: Final = """
with level as (
    select by_1, by_2, over_start, scale_min, scale_max, score, count(*) as answers
      from surveys
     where kind = $kind and not superseded
     group by all)
select by_1, by_2, over_start, scale_min, scale_max,
       case when score is null or score between -1000 and 1000 and score = floor(score) then score
            else cast('nan' as double) end as whole_score,
       sum(answers) as answers
  from level
 group by all
 order by all
"""


class Scale(NamedTuple):
    """The lowest and the highest score that can be given, in whole steps."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


class AnswersAtScore(NamedTuple):
    """Answers alike in group, scale and score; a score that is no whole number is nan, a missing one None."""

    key: GroupKey
    scale: Scale
    declared: bool
    score: float | None
    answers: int

    @property
    def on_scale(self) -> bool:
        """Whether the score can be given on the scale."""
        return self.score is not None and self.scale.low <= self.score <= self.scale.high


class ScaleUse(NamedTuple):
    """The answers on one scale, how many of them are off it, and the highest on it."""

    scale: Scale
    declared: bool
    answers: int
    off_scale: int
    highest: float


Judge = Callable[[AnswersAtScore], Sums | None]
"""What an answer adds to the sums; None leaves it out as given on another scale."""


def levels(rows: Iterable[tuple[Any, ...]], usual: Scale) -> list[AnswersAtScore]:
    """The rows of SQL_SCORES; an end of the scale that the data do not declare is that of the usual one."""
    found = []
    for by_1, by_2, start, low, high, score, answers in rows:
        scale = Scale(usual.low if low is None else int(low), usual.high if high is None else int(high))
        found.append(AnswersAtScore(GroupKey(by_1, by_2, start), scale, high is not None, score, answers))
    return found


def tally(rows: Sequence[tuple[Any, ...]], usual: Scale, width: int, judge: Judge) -> AnswerCounts:
    """The sums over the rows of SQL_SCORES, and what was left out: unanswered, off_scale, other_scale."""
    total = [0.0] * width
    groups: dict[GroupKey, list[float]] = {}
    left_out = Counter(unanswered=0, off_scale=0, other_scale=0)
    for level in levels(rows, usual):
        sums = groups.setdefault(level.key, [0.0] * width)
        if level.score is None:
            left_out["unanswered"] += level.answers
            continue
        added = judge(level)
        if added is None:
            left_out["other_scale"] += level.answers
        elif not level.on_scale:
            left_out["off_scale"] += level.answers
        else:
            for place, value in enumerate(added):
                sums[place] += value * level.answers
                total[place] += value * level.answers
    return AnswerCounts(tuple(total), {key: tuple(sums) for key, sums in groups.items()}, left_out)


def parse_scale(text: str) -> Scale:
    """A scale from words such as 1-5. Raises UsageError."""
    match = re.fullmatch(r"\s*(-?\d+)\s*(?:-|\.\.|to)\s*(\d+)\s*", text)
    if not match or int(match[1]) >= int(match[2]):
        raise UsageError(f"--scale {text}: not a scale", hint="write the lowest and the highest score, such as 1-5")
    return Scale(int(match[1]), int(match[2]))


def scales_in_use(found: Iterable[AnswersAtScore]) -> tuple[ScaleUse, ...]:
    """The scales of the answers, the most used first."""
    members: dict[tuple[Scale, bool], list[AnswersAtScore]] = {}
    for level in found:
        if level.score is not None:
            members.setdefault((level.scale, level.declared), []).append(level)
    uses = []
    for (scale, declared), answered in members.items():
        on = [level for level in answered if level.on_scale]
        answers = sum(level.answers for level in answered)
        highest = max((float(level.score or 0) for level in on), default=scale.low)
        uses.append(ScaleUse(scale, declared, answers, answers - sum(level.answers for level in on), highest))
    return tuple(sorted(uses, key=lambda use: (-use.answers, use.scale, use.declared)))


def refuse_another_scale(uses: Iterable[ScaleUse], kind: str) -> None:
    """DataError where most answers that declare no scale lie off the usual one: they were given on another."""
    for use in uses:
        if not use.declared and use.off_scale * 2 > use.answers:
            raise DataError(
                f"{use.off_scale} of {use.answers} {kind} answers lie off the {use.scale} scale, and none is declared",
                hint="say which it is: --scale 1-10, or map scale_min and scale_max when loading",
            )


def scale_notes(uses: tuple[ScaleUse, ...]) -> tuple[str, ...]:
    """Notes on answers that declare no scale, and on several scales side by side."""
    notes = []
    for use in uses:
        if not use.declared:
            notes.append(f"{number_of(use.answers, 'answer')} without a declared scale, read as {use.scale}")
    if len({use.scale for use in uses}) > 1:
        named = [f"{use.scale} ({number_of(use.answers, 'answer')})" for use in uses]
        notes.append(f"several scales: {listed(named)}")
    return tuple(notes)


def left_out_notes(counted: AnswerCounts) -> tuple[str, ...]:
    """Notes on the answers that count for nothing, and why."""
    reasons = (
        ("other_scale", "answer", "on another scale"),
        ("off_scale", "answer", "off their scale"),
        ("unanswered", "invitation", "without an answer"),
    )
    left_out = counted.left_out
    return tuple(f"{number_of(left_out[key], thing)} {why} left out" for key, thing, why in reasons if left_out[key])
