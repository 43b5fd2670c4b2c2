"""Closed tickets counted by who was asked, who answered and how the ticket went: what survey-quality reasons from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Line(NamedTuple):
    """One finding: the figure with its interval, whether to look into it (None: cannot be told), and what it means."""

    check: str
    slice: str
    value: float | None
    low: float | None
    high: float | None
    flag: bool | None
    says: str


class Group(NamedTuple):
    """Closed tickets alike in channel, agent, outcome and half of the period, and what became of their surveys."""

    channel: str
    agent: str
    breached: bool
    reopened: bool
    complaint: bool
    later: bool
    closed: int
    offered: int
    answered: int
    satisfied: int

    @property
    def bad(self) -> bool:
        """Whether the tickets objectively went badly: a broken promise or a reopening."""
        return self.breached or self.reopened


class Scored(NamedTuple):
    """Answers alike in agent, outcome and score; the score from 0 (lowest of its scale) to 1 (highest)."""

    agent: str
    breached: bool
    reopened: bool
    complaint: bool
    score: float
    satisfied: bool
    answers: int

    @property
    def bad(self) -> bool:
        """Whether the answers are about tickets that objectively went badly."""
        return self.breached or self.reopened


class Count(NamedTuple):
    """Closed tickets, those with a survey, those with an answer, those with a satisfied answer."""

    closed: int = 0
    offered: int = 0
    answered: int = 0
    satisfied: int = 0

    def less(self, other: Count) -> Count:
        """What is left without another count."""
        return Count(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


def total(groups: Iterable[Group]) -> Count:
    """The groups as one."""
    sums = [0, 0, 0, 0]
    for group in groups:
        for place, value in enumerate(group[6:]):
            sums[place] += value
    return Count(*sums)


def by(groups: Iterable[Group], name: Callable[[Group], str]) -> dict[str, Count]:
    """The groups put together by a name, in the order of the names."""
    members: dict[str, list[Group]] = {}
    for group in groups:
        members.setdefault(name(group), []).append(group)
    return {key: total(members[key]) for key in sorted(members)}


def histogram(scored: Iterable[Scored]) -> dict[float, int]:
    """Answers by score."""
    counts: Counter[float] = Counter()
    for one in scored:
        counts[one.score] += one.answers
    return dict(counts)


def percent(share: float) -> str:
    """A share for a sentence."""
    return f"{100 * share:.0f} %"


def points(difference: float) -> str:
    """A difference of shares for a sentence."""
    whole = round(100 * difference)
    return f"{whole:+d} points" if whole else "0 points"
