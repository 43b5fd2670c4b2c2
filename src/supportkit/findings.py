"""Sentences from results: what stands out, where, with its figure; they read columns and know no metric's code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from supportkit.result import Result
from supportkit.stats.intervals import newcombe

MINIMUM: Final = 30
LOUD: Final = ("new", "rising", "ongoing")


@dataclass(frozen=True)
class Finding:
    """One sentence; `weight` is how many customers it touches, `sharpness` how far they differ."""

    weight: float
    text: str
    subject: str
    sharpness: float = 0.0


def findings(results: list[Result], most: int = 3) -> list[Finding]:
    """What stands out in results, the weightiest first, each subject once."""
    found = [one for result in results for one in _READERS.get(result.metric, _nothing)(result)]
    subjects: dict[str, list[Finding]] = defaultdict(list)
    for one in found:
        subjects[one.subject].append(one)
    best = [_sharpest(group) for group in subjects.values()]
    return sorted(best, key=lambda one: (-one.weight, one.text))[:most]


def _sharpest(group: list[Finding]) -> Finding:
    """The clearest finding among those that explain nearly as much as the largest."""
    most = max(one.weight for one in group)
    return max((one for one in group if one.weight >= 0.8 * most), key=lambda one: one.sharpness)


def _nothing(result: Result) -> list[Finding]:
    return []


def _trends(result: Result) -> list[Finding]:
    """Series that rose beyond what their past explains; where no expectation is known, nothing is said."""
    names = [column.name for column in result.columns]
    if "state" not in names:
        return []
    keys = names[: names.index("tickets")]
    found = []
    for row in result.records():
        if row["state"] not in LOUD:
            continue
        tickets, expected, excess, since = (row[name] for name in ("tickets", "expected", "excess", "since"))
        if not isinstance(expected, int | float) or not isinstance(excess, int | float):
            continue
        where = ", ".join(str(row[key]) for key in keys)
        text = f"{where}: {tickets} tickets where {expected:.0f} were expected"
        text += f", {row['state']} since {since}" if since else f", {row['state']}"
        found.append(Finding(float(excess), text, str(row[keys[0]])))
    return found


def _funnel(result: Result) -> list[Finding]:
    """Groups that lose more at a step than the others do, by Newcombe's interval corrected for all comparisons."""
    names = [column.name for column in result.columns]
    keys = names[: names.index("step_number")]
    if not keys:
        return []
    steps: Mapping[Any, list[tuple[str, int, int, str]]] = defaultdict(list)
    for row in result.records():
        if row["dropped"] is not None:
            where = ", ".join(str(row[key]) for key in keys)
            steps[row["step_number"]].append(
                (where, int(str(row["dropped"])), int(str(row["users"])), str(row["step"]))
            )
    comparisons = sum(len(rows) for rows in steps.values())
    found = []
    for rows in steps.values():
        all_dropped, all_users = sum(row[1] for row in rows), sum(row[2] for row in rows)
        for where, dropped, users, step in rows:
            others = all_users - users
            if users < MINIMUM or others < MINIMUM:
                continue
            lost = all_dropped - dropped
            low, high = newcombe(dropped, users, lost, others, 1 - 0.05 / comparisons)
            if low <= 0:
                continue
            share, other_share = dropped / users, lost / others
            text = (
                f"{where} loses {dropped} of {users} at {step} ({share:.0%}), the others {other_share:.0%}: "
                f"{100 * (share - other_share):+.0f} points [{100 * low:.0f}, {100 * high:.0f}]"
            )
            found.append(Finding(dropped - users * other_share, text, f"funnel {step}", share - other_share))
    return found


def _service(result: Result) -> list[Finding]:
    """A channel that breaks its promise more often than it keeps it."""
    names = [column.name for column in result.columns]
    if names[0] == "tickets" or "sla_met" not in names:
        return []
    found = []
    for row in result.records():
        met, tickets = row["sla_met"], row["tickets"]
        if isinstance(met, int | float) and met < 0.5 and isinstance(tickets, int) and tickets >= MINIMUM:
            text = f"{row[names[0]]} keeps its promise in {met:.0%} of {tickets} tickets"
            found.append(Finding(0.0, text, f"service {row[names[0]]}"))
    return found


_READERS: Final[Mapping[str, Callable[[Result], list[Finding]]]] = {
    "trends": _trends,
    "funnel": _funnel,
    "service": _service,
}
