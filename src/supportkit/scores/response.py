"""Who of those asked answers, and what the silent ones could change."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from supportkit.result import percent
from supportkit.scores.survey_outcomes import (
    Alarms,
    QualityLine,
    SurveyCount,
    TicketGroup,
    grouped_by,
    points,
    rate_lines,
    total,
)
from supportkit.stats.intervals import share_difference, wilson, z_value
from supportkit.stats.score_quality import Representativeness, break_even, representativeness, worst_case_bounds
from supportkit.stats.weights import AnswerCell, merge_small, post_stratification, trimmed, weighted_mean

FEWEST = 10  # tickets on either side from which on they are compared
STRATUM = 20  # answers under which a stratum is merged with others


def answer_lines(groups: Sequence[TicketGroup], offers_known: bool, target: float, alarms: Alarms) -> list[QualityLine]:
    """Who of those asked answers, and what the silent ones could change."""
    whole = total(groups)
    lines = []
    if offers_known and whole.offered:
        rate = whole.answered / whole.offered
        low, high = wilson(whole.answered, whole.offered)
        text = f"{whole.answered} of {whole.offered} asked answered; {percent(1 - rate)} kept silent."
        lines.append(QualityLine("answered", "all", rate, low, high, whole.offered, None, text))
        lines += _answered_by_outcome(groups)
        lines += rate_lines(groups, "answered", "channel", alarms) + rate_lines(groups, "answered", "agent", alarms)
        if whole.answered:
            lines += _silent(whole.answered / whole.offered, whole, "those asked", target)
    if whole.answered:
        lines += _silent(whole.answered / whole.closed, whole, "all closed tickets", target)
        lines += _representative(groups, alarms) + _bad_heard(groups) + _weighted(groups)
    return lines


def _answered_by_outcome(groups: Sequence[TicketGroup]) -> list[QualityLine]:
    lines = []
    outcome = grouped_by(groups, lambda group: "bad tickets" if group.bad else "clean tickets")
    for name, one in outcome.items():
        if one.offered >= FEWEST:
            low, high = wilson(one.answered, one.offered)
            text = f"{one.answered} of {one.offered} asked answered."
            lines.append(QualityLine("answered", name, one.answered / one.offered, low, high, one.offered, None, text))
    return lines


def _silent(rate: float, whole: SurveyCount, name: str, target: float) -> list[QualityLine]:
    """The worst-case bounds of the share satisfied among a population, and the break-even of the silent part."""
    share = whole.satisfied / whole.answered
    low, high = worst_case_bounds(rate, share)
    text = (
        f"{percent(share)} of the answers are good, but only {percent(rate)} of {name} answered: "
        f"the true share may lie anywhere from {percent(low)} to {percent(high)}. More answers narrow it, nothing else."
    )
    lines = [QualityLine("worst case", name, share, low, high, whole.answered, None, text)]
    needed = break_even(rate, share, target)
    if needed is None:
        return lines
    if needed > 1:
        text = f"even if every silent customer were satisfied, {name} would not reach {percent(target)}."
    elif needed < 0:
        text = f"even if no silent customer were satisfied, {name} would be above {percent(target)}."
    else:
        text = f"{name} reach {percent(target)} if {percent(needed)} of the silent ones are satisfied. Believe that?"
    lines.append(QualityLine("break-even", name, needed, None, None, whole.answered, needed > 1, text))
    return lines


def representative(groups: Sequence[TicketGroup]) -> Representativeness | None:
    """The R-indicator over channel and outcome, small groups put together; None where nobody answered."""
    closed, answered = _strata(groups)
    if sum(answered.values()) == 0:
        return None
    merged = merge_small(closed, closed, STRATUM)
    joined: dict[str, int] = {}
    for name, group in merged.group.items():
        joined[group] = joined.get(group, 0) + answered[name]
    return representativeness(joined, merged.population)


def _representative(groups: Sequence[TicketGroup], alarms: Alarms) -> list[QualityLine]:
    found = representative(groups)
    if found is None:
        return []
    closed, answered = _strata(groups)
    rates = {name: answered[name] / closed[name] for name in closed if closed[name] >= STRATUM}
    if len(rates) < 2:
        return []
    least, most = min(rates, key=lambda name: (rates[name], name)), max(rates, key=lambda name: (rates[name], name))
    flag = found.indicator < alarms.representativeness or found.variation > alarms.variation
    text = (
        f"answers come from {percent(rates[least])} of {least} and {percent(rates[most])} of {most} "
        f"(1 would be all alike; variation {found.variation:.2f}). "
        + ("Weight the score (--weigh-by) and ask where few answer." if flag else "No channel speaks for the others.")
    )
    n = sum(answered.values())
    return [QualityLine("representativeness", "channel and outcome", found.indicator, None, None, n, flag, text)]


def _bad_heard(groups: Sequence[TicketGroup]) -> list[QualityLine]:
    """Whether bad tickets are as common among those who answered as among those who did not."""
    outcome = grouped_by(groups, lambda group: "bad" if group.bad else "clean")
    if len(outcome) < 2:
        return []
    whole, bad = total(groups), outcome["bad"]
    silent = whole.closed - whole.answered
    if min(silent, whole.answered) < FEWEST:
        return []
    found = share_difference(bad.answered, whole.answered, bad.closed - bad.answered, silent)
    flag = found.high < 0
    text = (
        f"{percent(bad.answered / whole.answered)} of the answers are about bad tickets; of the tickets without an "
        f"answer {percent((bad.closed - bad.answered) / silent)} are bad. "
        + ("Those who had a bad time are not heard: the true score is lower." if flag else "Bad tickets are heard.")
    )
    n = whole.closed
    return [QualityLine("bad tickets heard", "all", found.difference, found.low, found.high, n, flag, text)]


def _weighted(groups: Sequence[TicketGroup]) -> list[QualityLine]:
    """The share satisfied weighted to the closed tickets by channel and outcome, beside the raw one."""
    whole = total(groups)
    closed, answered = _strata(groups)
    merged = merge_small(answered, closed, STRATUM)
    satisfied: dict[str, int] = {}
    for name, count in grouped_by(groups, _stratum).items():
        satisfied[merged.group[name]] = satisfied.get(merged.group[name], 0) + count.satisfied
    names = [name for name in sorted(merged.population) if merged.answered[name]]
    if len(names) < 2 or whole.answered < FEWEST:
        return []
    weights, _ = trimmed(post_stratification(merged.answered, merged.population), merged.answered)
    cells = []
    for name in names:
        share = satisfied[name] / merged.answered[name]
        cells.append(AnswerCell(merged.answered[name], share, share * (1 - share)))
    found = weighted_mean(cells, [weights[name] for name in names])
    raw = whole.satisfied / whole.answered
    margin = z_value() * sqrt(raw * (1 - raw) / whole.answered)
    half = z_value() * found.standard_error
    flag = abs(raw - found.mean) > margin / 2
    text = (
        f"weighted to the closed tickets {percent(found.mean)} are satisfied, raw {percent(raw)} "
        f"(design effect {found.design_effect:.2f}, effective answers {found.effective_n:.0f}). "
        + (
            f"Report the weighted figure: it moves by {points(found.mean - raw)}."
            if flag
            else "The mix changes little."
        )
    )
    low, high = max(0.0, found.mean - half), min(1.0, found.mean + half)
    return [QualityLine("weighted score", "channel and outcome", found.mean, low, high, whole.answered, flag, text)]


def _stratum(group: TicketGroup) -> str:
    return f"{'bad' if group.bad else 'clean'} {group.channel} tickets"


def _strata(groups: Sequence[TicketGroup]) -> tuple[dict[str, int], dict[str, int]]:
    """Closed tickets and answers by channel and outcome."""
    counts = grouped_by(groups, _stratum)
    return {name: one.closed for name, one in counts.items()}, {name: one.answered for name, one in counts.items()}
