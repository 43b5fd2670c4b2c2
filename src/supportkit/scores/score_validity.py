"""What the scores give away: whether they see bad tickets, are stuck at the top, and move with the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import sqrt

from supportkit.result import numbered, percent
from supportkit.scores.survey_outcomes import (
    Alarms,
    QualityLine,
    ScoredAnswers,
    TicketGroup,
    grouped_by,
    histogram,
    points,
    total,
)
from supportkit.stats.intervals import Difference, share_difference, wilson
from supportkit.stats.score_quality import area_interval, area_under_curve, evenness
from supportkit.system.named import NamedTuple

FEWEST = 10  # answers on either side from which on a comparison is made
CEILING_SD = 0.125  # of a scale's length: 0.5 on 1-5
CEILING_ANSWERS = 50


class Digging(NamedTuple):
    """How far the score tells bad tickets from clean ones."""

    gap: Difference
    area: float
    area_low: float
    area_high: float
    bad: int
    clean: int


class AnswerHabits(NamedTuple):
    """Counts of how answers are given; see the query in survey_quality."""

    answers: int
    timed: int
    quick: int
    repeated: int
    loyal: int
    loyal_same: int
    commented_top: int
    complaining_top: int
    early: int
    early_satisfied: int
    late: int
    late_satisfied: int
    item_respondents: int
    item_same: int


def digging(
    scored: Sequence[ScoredAnswers], bad: Callable[[ScoredAnswers], bool], worth: float = 1.0
) -> Digging | None:
    """Bad tickets against clean ones (neither breached nor reopened); None where either has too few answers.

    An answer counts for `worth` of an independent one, which is less where customers answered again.
    """
    worse = [one for one in scored if bad(one)]
    clean = [one for one in scored if not bad(one) and not one.bad]
    bad_answers, clean_answers = _answers(worse), _answers(clean)
    if min(bad_answers, clean_answers) < FEWEST:
        return None
    gap = _difference(_satisfied(clean), clean_answers, _satisfied(worse), bad_answers, worth)
    area = area_under_curve(histogram(worse), histogram(clean))
    return Digging(
        gap, area, *area_interval(area, bad_answers * worth, clean_answers * worth), bad_answers, clean_answers
    )


KINDS: Mapping[str, Callable[[ScoredAnswers], bool]] = {
    "bad tickets": lambda one: one.bad,
    "broken promises": lambda one: one.breached,
    "reopened tickets": lambda one: one.reopened,
    "complaints": lambda one: one.complaint,
}


def digging_lines(scored: Sequence[ScoredAnswers], alarms: Alarms, worth: float = 1.0) -> list[QualityLine]:
    """The known-groups test: does the score see the tickets that went badly?"""
    lines = []
    for name, bad in KINDS.items():
        found = digging(scored, bad, worth)
        if found is None:
            count = _answers([one for one in scored if bad(one)])
            told = f"{numbered(count, 'answer')} about {name}: too few to tell whether the score sees them."
            text = f"{told} Ask after such tickets."
            lines.append(QualityLine("digging", name, None, None, None, count, None, text))
            continue
        blind = found.gap.low <= 0 or found.area < alarms.auc
        fact = (
            f"{percent(_share(scored, bad))} are satisfied after {name} ({numbered(found.bad, 'answer')}), "
            f"{percent(_share(scored, bad) + found.gap.difference)} after clean ones; "
            f"a clean ticket scores higher in {percent(found.area)} of pairs"
        )
        if name == "complaints":
            text = f"{fact}. A complaint handled well need not score low."
            blind = False
        elif blind:
            text = f"{fact}: the score hardly sees these failures. Dig: ask about the problem, not about the agent."
        else:
            text = f"{fact}: the score sees these failures."
        n = found.bad + found.clean
        lines.append(QualityLine("digging", name, found.gap.difference, found.gap.low, found.gap.high, n, blind, text))
        if name == "bad tickets":
            text = (
                f"chance that a clean ticket scores above a bad one; 0.5 is a coin, under {alarms.auc:g} it is blind."
            )
            flat = found.area < alarms.auc
            lines.append(QualityLine("digging (AUC)", name, found.area, found.area_low, found.area_high, n, flat, text))
    return lines


def ceiling_lines(scored: Sequence[ScoredAnswers], alarms: Alarms, worth: float = 1.0) -> list[QualityLine]:
    """Answers stuck at the top of the scale: in all, and the agents where they are."""
    counts = histogram(scored)
    answers = sum(counts.values())
    if answers < FEWEST:
        return []
    lines = [_ceiling("all", counts, alarms, worth)]
    for agent in sorted({one.agent for one in scored}):
        line = _ceiling(f"agent {agent}", histogram([one for one in scored if one.agent == agent]), alarms, worth)
        if line.flag:
            lines.append(line)
    return lines


def _ceiling(name: str, counts: Mapping[float, int], alarms: Alarms, worth: float) -> QualityLine:
    answers = sum(counts.values())
    top = counts.get(1.0, 0)
    mean = sum(score * count for score, count in counts.items()) / answers
    sd = sqrt(sum(count * (score - mean) ** 2 for score, count in counts.items()) / answers)
    flag = answers >= CEILING_ANSWERS and top / answers > alarms.ceiling and sd < CEILING_SD
    low, high = wilson(worth * top, worth * answers)
    text = (
        f"{percent(top / answers)} of {numbered(answers, 'answer')} are the highest score "
        f"(spread {100 * sd:.0f} % of the scale, evenness {evenness(counts, max(2, len(counts))):.2f}). "
    )
    text += "Nothing can be learned from it: look at who is asked and what." if flag else "The scale is used."
    return QualityLine("ceiling", name, top / answers, low, high, answers, flag, text)


def habit_lines(habits: AnswerHabits, alarms: Alarms, worth: float = 1.0) -> list[QualityLine]:
    """How answers are given: all the same, against their own text, in a hurry, twice, late."""
    reverse = "cannot be assessed: no question is asked in reverse (one where agreeing is bad). Add one."
    return [
        *_share_line(
            ("same answer", "customers"),
            (habits.loyal_same, habits.loyal, 0.5),
            "customers with four answers or more always gave the same score.",
            "Ask them something else: the score has become a habit.",
        ),
        *_share_line(
            ("same answer", "items"),
            (habits.item_same, habits.item_respondents, 0.25),
            "respondents gave every item of the index the same score.",
            "A straight line down the form is no opinion: shorten it, mix the order.",
        ),
        QualityLine("acquiescence", "all", None, None, None, 0, None, reverse),
        *_share_line(
            ("score against text", "all"),
            (habits.complaining_top, habits.commented_top, alarms.mismatch),
            "highest scores with a comment have words of complaint in it.",
            "Read them: the number and the text do not agree.",
        ),
        *_share_line(
            ("speed", "all"),
            (habits.quick, habits.timed, 0.01),
            "answers came within five seconds of the invitation.",
            "No customer reads that fast: look for mail scanners and agents' own clicks.",
        ),
        *_share_line(
            ("duplicates", "all"),
            (habits.repeated, habits.answers, 0.02),
            "answered tickets were answered more than once; the last answer counts.",
            "Ask whether agents beg for a better score.",
        ),
        *_late(habits, worth),
    ]


def _share_line(name: tuple[str, str], counts: tuple[int, int, float], text: str, advice: str) -> list[QualityLine]:
    """A share with its alarm level; the advice only where the whole interval is above it."""
    count, of, alarm = counts
    if not of:
        return []
    low, high = wilson(count, of)
    flag = low > alarm
    says = f"{count} of {of} {text} {advice}" if flag else f"{count} of {of} {text}"
    return [QualityLine(*name, count / of, low, high, of, flag, says)]


def _late(habits: AnswerHabits, worth: float) -> list[QualityLine]:
    """The slowest quarter of answers against the fastest: silent customers resemble the late ones."""
    if min(habits.early, habits.late) < FEWEST:
        return []
    found = _difference(habits.late_satisfied, habits.late, habits.early_satisfied, habits.early, worth)
    flag = found.high < 0
    text = (
        f"of the slowest quarter of answers {percent(habits.late_satisfied / habits.late)} are good, "
        f"of the fastest {percent(habits.early_satisfied / habits.early)}. "
    )
    text += "Silent customers resemble late ones: expect less of them." if flag else "No sign that the silent differ."
    n = habits.late + habits.early
    return [QualityLine("late answers", "all", found.difference, found.low, found.high, n, flag, text)]


def movement_lines(groups: Sequence[TicketGroup], worth: float = 1.0) -> list[QualityLine]:
    """The second half of the period against the first: does the score move with the work, or with the mix?"""
    earlier = [group for group in groups if not group.later]
    later = [group for group in groups if group.later]
    before, after = total(earlier), total(later)
    if min(before.answered, after.answered) < 3 * FEWEST:
        return []
    score = _difference(after.satisfied, after.answered, before.satisfied, before.answered, worth)
    bad_before, bad_after = (total([group for group in half if group.bad]) for half in (earlier, later))
    work = share_difference(bad_after.closed, after.closed, bad_before.closed, before.closed)
    flag = score.low > 0 and work.high >= 0
    text = (
        f"from the first half to the second satisfaction moved by {points(score.difference)}, "
        f"bad tickets by {points(work.difference)}. "
        + ("The score rose, the work did not get better: inflation." if flag else "No sign of inflation.")
    )
    n = before.answered + after.answered
    lines = [QualityLine("inflation", "halves", score.difference, score.low, score.high, n, flag, text)]
    return lines + _mix_lines(earlier, later, score)


def _mix_lines(earlier: Sequence[TicketGroup], later: Sequence[TicketGroup], score: Difference) -> list[QualityLine]:
    """The change of the share satisfied divided into the channels' mix and their rates (Kitagawa)."""
    from supportkit.stats.mix_and_rate import leaf_table, paradox, split

    def leaves(groups: Sequence[TicketGroup]) -> dict[tuple[str, ...], tuple[int, int]]:
        counts = grouped_by(groups, lambda group: group.channel)
        return {(name,): (one.answered, one.satisfied) for name, one in counts.items() if one.answered}

    table = leaf_table(leaves(earlier), leaves(later), ["channel"])
    parts = split(table)
    hidden = bool(paradox(table)) or (parts.mix * parts.rate < 0 and abs(parts.mix) > abs(parts.rate))
    flag = hidden and (score.low > 0 or score.high < 0)
    text = (
        f"of the change of {points(parts.change)} the channels' own rates make {points(parts.rate)} and their mix "
        f"{points(parts.mix)}. "
        + (
            "The headline moved against the channels: report them apart."
            if flag
            else "The mix of channels hides nothing."
        )
    )
    n = total([*earlier, *later]).answered
    return [QualityLine("mix against rate", "channel", parts.mix, None, None, n, flag, text)]


def _difference(good: int, of: int, other_good: int, of_other: int, worth: float) -> Difference:
    """The difference of two shares of answers that each count for `worth` of an independent one."""
    return share_difference(worth * good, worth * of, worth * other_good, worth * of_other)


def _answers(scored: Sequence[ScoredAnswers]) -> int:
    return sum(one.answers for one in scored)


def _satisfied(scored: Sequence[ScoredAnswers]) -> int:
    return sum(one.answers for one in scored if one.satisfied)


def _share(scored: Sequence[ScoredAnswers], of: Callable[[ScoredAnswers], bool]) -> float:
    chosen = [one for one in scored if of(one)]
    return _satisfied(chosen) / _answers(chosen)
