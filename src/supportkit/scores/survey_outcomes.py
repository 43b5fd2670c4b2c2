"""Closed tickets counted by who was asked, who answered and how the ticket went: what survey-quality reasons from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from supportkit.result import percent
from supportkit.stats.intervals import benjamini_hochberg, two_proportion, wilson
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

MOST_ROWS = 12  # channels or agents that get a line of their own, besides the flagged ones
FEWEST_TO_SHOW = 5
FEWEST_TO_CLAIM = 30


@dataclass(frozen=True)
class Alarms:
    """From where on a line is flagged; the levels are suggestions."""

    gap: float = 0.1
    """A difference of shares."""
    representativeness: float = 0.8
    variation: float = 0.5
    auc: float = 0.6
    ceiling: float = 0.9
    """The share of highest scores."""
    mismatch: float = 0.05
    """The share of highest scores with words of complaint."""


class QualityLine(NamedTuple):
    """One finding: the figure with its interval and its n, whether to look into it (None: cannot be told), in words."""

    check: str
    slice: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    flag: bool | None
    says: str


class TicketGroup(NamedTuple):
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
    by_1: str | None = None
    by_2: str | None = None

    @property
    def bad(self) -> bool:
        """Whether the tickets objectively went badly: a broken promise or a reopening."""
        return self.breached or self.reopened


class ScoredAnswers(NamedTuple):
    """Answers alike in agent, outcome and score; the score from 0 (lowest of its scale) to 1 (highest)."""

    agent: str
    breached: bool
    reopened: bool
    complaint: bool
    score: float
    satisfied: bool
    answers: int
    by_1: str | None = None
    by_2: str | None = None

    @property
    def bad(self) -> bool:
        """Whether the answers are about tickets that objectively went badly."""
        return self.breached or self.reopened


class LeftOut(NamedTuple):
    """Of the closed tickets of a group, or of all: answers off their scale, silent invitations, tickets without a
    promise, with a count of reopenings, with a target, and those that kept it."""

    off_scale: int = 0
    silent: int = 0
    unpromised: int = 0
    with_reopens: int = 0
    with_target: int = 0
    kept: int = 0
    by_1: str | None = None
    by_2: str | None = None


class SurveyCount(NamedTuple):
    """Closed tickets, those with a survey, those with an answer, those with a satisfied answer."""

    closed: int = 0
    offered: int = 0
    answered: int = 0
    satisfied: int = 0

    def less(self, other: SurveyCount) -> SurveyCount:
        """What is left without another count."""
        return SurveyCount(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


def total(groups: Iterable[TicketGroup]) -> SurveyCount:
    """The groups as one."""
    counts = [(group.closed, group.offered, group.answered, group.satisfied) for group in groups]
    return SurveyCount(*map(sum, zip(*counts, strict=True)))


def grouped_by(groups: Iterable[TicketGroup], name: Callable[[TicketGroup], str]) -> dict[str, SurveyCount]:
    """The groups put together by a name, in the order of the names."""
    members: dict[str, list[TicketGroup]] = {}
    for group in groups:
        members.setdefault(name(group), []).append(group)
    return {key: total(members[key]) for key in sorted(members)}


def histogram(scored: Iterable[ScoredAnswers]) -> dict[float, int]:
    """Answers by score."""
    counts: Counter[float] = Counter()
    for one in scored:
        counts[one.score] += one.answers
    return dict(counts)


def points(difference: float) -> str:
    """A difference of shares for a sentence."""
    whole = round(100 * difference)
    return f"{whole:+d} points" if whole else "0 points"


def rate_lines(
    groups: Sequence[TicketGroup],
    check: Literal["offered", "answered"],
    name: Literal["channel", "agent"],
    alarms: Alarms,
) -> list[QualityLine]:
    """The rate of each channel or agent (offered of closed, answered of offered); those unlike the rest are flagged."""
    part, whole = (1, 0) if check == "offered" else (2, 1)
    counts = grouped_by(groups, lambda group: group.channel if name == "channel" else group.agent)
    everything = total(groups)
    shown = [key for key, one in counts.items() if one[whole] >= FEWEST_TO_SHOW]
    if len(shown) < 2:
        return []
    rest = {key: everything.less(counts[key]) for key in shown}
    tests = [two_proportion(counts[key][part], counts[key][whole], rest[key][part], rest[key][whole]) for key in shown]
    lines, sizes = [], []
    for key, q in zip(shown, benjamini_hochberg(tests), strict=True):
        one, other = counts[key], rest[key]
        rate, other_rate = one[part] / one[whole], other[part] / other[whole]
        low, high = wilson(one[part], one[whole])
        flag = q <= 0.05 and abs(rate - other_rate) >= alarms.gap and one[whole] >= FEWEST_TO_CLAIM
        text = (
            f"{one[part]} of {one[whole]} {'closed tickets got a survey' if check == 'offered' else 'asked answered'}"
        )
        text += (
            f", of the others {percent(other_rate)}. Ask why: a score compares only where all do alike."
            if flag
            else "."
        )
        lines.append(QualityLine(check, f"{name} {key}", rate, low, high, one[whole], flag, text))
        sizes.append((not flag, -one[whole], key))
    kept = sorted(range(len(lines)), key=lambda index: sizes[index])[
        : MOST_ROWS + sum(bool(line.flag) for line in lines)
    ]
    return [lines[index] for index in sorted(kept)]
