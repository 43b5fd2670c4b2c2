"""What a verdict means after those before it: new, still, recovered or dead; and who knows of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from supportkit.checks.history import History
from supportkit.checks.verdict import Verdict
from supportkit.period import Period
from supportkit.system.frozen import dataclass

Course = Literal["", "new", "still", "recovering", "recovered", "dead"]
TROUBLE = ("fail", "warn")
SILENCE = ("no verdict", "skipped")
NOTHING: Final[Mapping[Period, Period]] = MappingProxyType({})
"""Periods of which the days that are there are asked for: none."""


@dataclass(frozen=True)
class Patience:
    """After how many clean periods a trouble is over, and after how many with nothing to judge a rule is dead."""

    recovered_after: int = 2
    dead_after: int = 4


def remembered(
    verdicts: Iterable[Verdict],
    history: History,
    today: date,
    patience: Patience = Patience(),
    part_of: Mapping[Period, Period] = NOTHING,
) -> Iterator[Verdict]:
    """The verdicts with their course since earlier periods, and with what acknowledges them on a day; one of the days
    that are there of a period is `part_of` it, and follows those before that."""
    for verdict in verdicts:
        found = verdict
        if found.span is not None and found.span.end is not None:
            span = part_of.get(found.span, found.span)
            course, since = _course([*_states(history, verdict, span), (span.name, found.state)], patience)
            found = replace(found, course=course, since=since)
        yield _acknowledged(found, history, today)


def _states(history: History, verdict: Verdict, span: Period) -> Iterator[tuple[str, str]]:
    """The states of a slice in the periods before."""
    for period, entries in history.before(verdict.rule, span):
        entry = entries.get(verdict.slice)
        if entry is not None:
            yield period.name, str(entry["state"])


def _course(states: list[tuple[str, str]], patience: Patience) -> tuple[Course, str]:
    """What the last state means after the others, and since which period.

    A trouble that is found again before it has recovered is the same one; a period with nothing to judge neither ends
    it nor counts as clean.
    """
    course: Course = ""
    trouble, silent, since, clean, silences = "", "", "", 0, 0
    for name, state in states:
        if state in SILENCE:
            silences, silent = silences + 1, silent or name
            dead = silences >= patience.dead_after
            course = "dead" if dead else "" if state == "skipped" else "new" if silences == 1 else "still"
            since = silent if course in ("dead", "still") else ""
            continue
        silences, silent = 0, ""
        if state in TROUBLE:
            course, since = ("still", trouble) if trouble else ("new", "")
            trouble, clean = trouble or name, 0
        elif trouble:
            clean += 1
            course, since = ("recovered" if clean >= patience.recovered_after else "recovering"), trouble
            trouble = "" if course == "recovered" else trouble
        else:
            course, since = "", ""
    return course, since


def _acknowledged(verdict: Verdict, history: History, today: date) -> Verdict:
    """The verdict with what acknowledges it; a slice that is known to be gone is no missing one."""
    covering = [one for one in history.acknowledged if one.covers(verdict)]
    holding = max((one for one in covering if one.until >= today), key=lambda one: one.until, default=None)
    if holding is not None:
        state = "skipped" if verdict.gone and verdict.state == "no verdict" else verdict.state
        return replace(verdict, state=state, acknowledged=f"until {holding.until}: {holding.why}")
    if covering and verdict.state not in ("pass", "skipped"):
        ended = max(one.until for one in covering)
        return replace(verdict, reason=f"{verdict.reason}; its acknowledgement ended on {ended}")
    return verdict
