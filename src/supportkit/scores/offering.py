"""Who is asked: which closed tickets got a survey, and whether somebody picks them."""

from __future__ import annotations

from collections.abc import Sequence

from supportkit.result import percent
from supportkit.scores.survey_outcomes import (
    Alarms,
    QualityLine,
    SurveyCount,
    TicketGroup,
    grouped_by,
    rate_lines,
    total,
)
from supportkit.stats.intervals import benjamini_hochberg, newcombe, two_proportion, wilson

FEWEST = 10  # tickets of each outcome from which on an agent's surveys are judged
FEWEST_TO_CLAIM = 30  # tickets of an agent from which on something is said of him or her


def asked_lines(groups: Sequence[TicketGroup], offers_known: bool, alarms: Alarms) -> list[QualityLine]:
    """Which closed tickets got a survey: in all, by channel, agent and outcome, and the agents who pick."""
    whole = total(groups)
    if not offers_known:
        text = (
            "only answers are recorded, no invitations: who was asked is unknown. "
            "Export the unanswered invitations too (invited_at without a score)."
        )
        return [QualityLine("offered", "all", None, None, None, 0, None, text)]
    low, high = wilson(whole.offered, whole.closed)
    text = f"{whole.offered} of {whole.closed} closed tickets got a survey; the score knows nothing of the others."
    lines = [QualityLine("offered", "all", whole.offered / whole.closed, low, high, whole.closed, None, text)]
    lines += rate_lines(groups, "offered", "channel", alarms) + rate_lines(groups, "offered", "agent", alarms)
    outcome = grouped_by(groups, lambda group: "bad" if group.bad else "clean")
    if len(outcome) == 2:
        lines.append(_picking("all", outcome["clean"], outcome["bad"], None, alarms))
        lines += _picking_agents(groups, alarms)
    return lines


def _picking_agents(groups: Sequence[TicketGroup], alarms: Alarms) -> list[QualityLine]:
    """Agents who offer surveys after clean tickets more than after bad ones, and all the others together."""
    clean = grouped_by([group for group in groups if not group.bad], lambda group: group.agent)
    bad = grouped_by([group for group in groups if group.bad], lambda group: group.agent)
    judged = [name for name in clean if name in bad and _enough(clean[name], bad[name])]
    if len(judged) < 2:
        return []
    tests = [
        two_proportion(clean[name].offered, clean[name].closed, bad[name].offered, bad[name].closed) for name in judged
    ]
    picking = []
    for name, q in zip(judged, benjamini_hochberg(tests), strict=True):
        gap = clean[name].offered / clean[name].closed - bad[name].offered / bad[name].closed
        if q <= 0.05 and gap >= alarms.gap:
            picking.append(name)
    lines = [_picking(f"agent {name}", clean[name], bad[name], name, alarms) for name in picking]
    others = [group for group in groups if group.agent not in picking]
    rest = grouped_by(others, lambda group: "bad" if group.bad else "clean")
    if picking and len(rest) == 2:
        lines.append(_picking("all other agents", rest["clean"], rest["bad"], None, alarms))
    return lines


def _picking(name: str, clean: SurveyCount, bad: SurveyCount, agent: str | None, alarms: Alarms) -> QualityLine:
    """How much more often a clean ticket gets a survey than a bad one."""
    rate, bad_rate = clean.offered / clean.closed, bad.offered / bad.closed
    low, high = newcombe(clean.offered, clean.closed, bad.offered, bad.closed)
    flag = low > 0 and rate - bad_rate >= alarms.gap
    fact = (
        f"surveys after {percent(rate)} of {clean.closed} clean tickets, {percent(bad_rate)} of {bad.closed} bad ones"
    )
    if agent is not None:
        text = f"{fact}: {agent} asks only after good conversations. Send surveys automatically, leave this score out."
    elif flag:
        text = f"{fact}: those who had a bad time are asked less. Send surveys to all, or to a random part."
    else:
        text = f"{fact}: bad tickets are asked about as well."
    return QualityLine("cherry-picking", name, rate - bad_rate, low, high, clean.closed + bad.closed, flag, text)


def _enough(clean: SurveyCount, bad: SurveyCount) -> bool:
    return min(clean.closed, bad.closed) >= FEWEST and clean.closed + bad.closed >= FEWEST_TO_CLAIM
