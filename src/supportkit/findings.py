"""Sentences from results: what stands out, where, with its figure; they read columns and know no metric's code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeGuard

from supportkit.period import Grain, containing
from supportkit.render.language import ENGLISH, Language
from supportkit.render.words import words
from supportkit.result import Result, Value
from supportkit.stats.intervals import newcombe

MINIMUM: Final = 30
LOUD: Final = ("new", "rising", "ongoing")
LOSES: Final = (
    "{where} loses {dropped} of {users} at {step} ({share}), the others {others}: {points} points [{low}, {high}]"
)
BROKEN: Final = 0.5  # a promise kept less often than this is a finding

Role = Literal["changed", "where", "look"]


@dataclass(frozen=True)
class Finding:
    """One sentence; `weight` is how many customers it touches, `sharpness` how far they differ from the others.

    `place` is where to look, `command` the words that go deeper; one that `compares` with the past says nothing in a
    part period.
    """

    role: Role
    weight: float
    text: str
    subject: str
    place: str
    command: tuple[str, ...]
    sharpness: float = 0.0
    compares: bool = False


Reader = Callable[[Result, Language], list[Finding]]


def findings(result: Result, language: Language = ENGLISH) -> list[Finding]:
    """What stands out in a result."""
    reader = _READERS.get(result.metric)
    return reader(result, language) if reader else []


def _trends(result: Result, language: Language) -> list[Finding]:
    """Series that rose beyond what their past explains; where no expectation is known, nothing is said."""
    names = [column.name for column in result.columns]
    if "state" not in names:
        return []
    keys = names[: names.index("tickets")]
    found = []
    for row in result.records():
        expected, excess, since = (row[name] for name in ("expected", "excess", "since"))
        if row["state"] not in LOUD or not keys or not _is_number(expected) or not _is_number(excess):
            continue
        where = ", ".join(str(row[key]) for key in keys)
        said = "{where}: {tickets} tickets where {expected} were expected, {state}"
        said += " since {since}" if since else ""
        text = language.say(
            said,
            where=where,
            tickets=_figure(row["tickets"], language),
            expected=language.figures(f"{float(expected):.0f}"),
            state=language.text(str(row["state"])),
            since=language.day(since) if isinstance(since, date) else "",
        )
        command = ("trends", "--by", ",".join(keys), "--where", f"{keys[0]}={row[keys[0]]}")
        found.append(
            Finding("changed", float(excess), text, str(row[keys[0]]), where, command, float(excess), compares=True)
        )
    return found


def _funnel(result: Result, language: Language) -> list[Finding]:
    """Groups that lose more at a step than the others do, by Newcombe's interval corrected for all comparisons."""
    names = [column.name for column in result.columns]
    keys = names[: names.index("step_number")]
    if not keys or "period" in keys:
        return []
    steps: Mapping[Any, list[tuple[tuple[str, ...], int, int, str]]] = defaultdict(list)
    for row in result.records():
        if row["dropped"] is not None:
            where = tuple(str(row[key]) for key in keys)
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
            text = language.say(
                LOSES,
                where=", ".join(where),
                dropped=_figure(dropped, language),
                users=_figure(users, language),
                step=step,
                share=f"{share:.0%}",
                others=f"{other_share:.0%}",
                points=f"{100 * (share - other_share):+.0f}",
                low=f"{100 * low:.0f}",
                high=f"{100 * high:.0f}",
            )
            place = language.say("{step} in {where}", step=step, where=", ".join(where))
            excess = dropped - users * other_share
            command = _why(step, keys, where)
            found.append(Finding("where", excess, text, f"funnel {step}", place, command, share - other_share))
    return found


def _why(step: str, keys: list[str], where: tuple[str, ...]) -> tuple[str, ...]:
    """The words that compare a group with the others: the first key is the group, a second one a condition."""
    rest = [f"{key}={value}" for key, value in zip(keys[1:], where[1:], strict=True) if value != "(none)"]
    conditions = tuple(word for one in rest for word in ("--where", one))
    return ("why", "funnel", "--step", step, "--group", f"{keys[0]}={where[0]}", *conditions)


def _service(result: Result, language: Language) -> list[Finding]:
    """A group that breaks its promise more often than it keeps it, and the tickets that nobody answered."""
    names = [column.name for column in result.columns]
    found = []
    key = names[0]
    if key not in ("tickets", "period") and "sla_met" in names:
        for row in result.records():
            met, tickets = row["sla_met"], row["tickets"]
            if isinstance(met, int | float) and met < BROKEN and isinstance(tickets, int) and tickets >= MINIMUM // 2:
                text = language.say(
                    "{where} keeps its promise in {met} of {n} tickets",
                    where=str(row[key]),
                    met=f"{met:.0%}",
                    n=_figure(tickets, language),
                )
                deeper = ("service", "--by", "agent", "--where", f"{key}={row[key]}")
                weight = tickets * (1 - met)
                found.append(Finding("look", weight, text, f"service {row[key]}", str(row[key]), deeper))
    unanswered = result.facts.get("unanswered")
    if isinstance(unanswered, int) and unanswered:
        text = language.plural("nobody has answered {n} ticket", "nobody has answered {n} tickets", unanswered)
        command = ("service", "--by", "channel,category")
        found.append(
            Finding("look", float(unanswered), text, "unanswered", language.text("unanswered tickets"), command)
        )
    return found


def _score(result: Result, language: Language) -> list[Finding]:
    """Scores that differ from the period before beyond chance, by the interval of the difference and its p-value."""
    names = [column.name for column in result.columns]
    score = result.metric
    if not {"difference", "difference_low", "difference_high", "p", "answers", score} <= set(names):
        return []
    rows = [row for row in result.records() if row["p"] is not None and _is_last(result, row)]
    found = []
    for row in rows:
        low, high, p = row["difference_low"], row["difference_high"], row["p"]
        if not (_is_number(low) and _is_number(high) and _is_number(p)) or low * high <= 0 or p * len(rows) > 0.05:
            continue
        where = ", ".join(str(row[name]) for name in names[: names.index(score)] if name != "period")
        kind = next(column.kind for column in result.columns if column.name == "difference")
        scale, kind_of_score = (100 if kind == "share" else 1), next(c.kind for c in result.columns if c.name == score)
        text = language.say(
            "{score} {where} {change} points [{low}, {high}] against the period before, now {now} of {n} answers",
            score=language.text(result.title),
            where=where,
            change=language.figures(f"{scale * float(str(row['difference'])):+.1f}"),
            low=language.figures(f"{scale * low:.1f}"),
            high=language.figures(f"{scale * high:.1f}"),
            now=words(row[score], kind_of_score, None, language),
            n=_figure(row["answers"], language),
        ).replace("  ", " ")
        command = (score, "--by", "channel", "--against", "rest")
        weight = abs(float(str(row["difference"]))) * scale / 100 * float(str(row["answers"]))
        found.append(Finding("changed", weight, text, f"{score} {where}", where or score, command, compares=True))
    return found


def _is_last(result: Result, row: Mapping[str, Value]) -> bool:
    """Whether a row is of the last whole period of a history; every row where there is no history."""
    if "period" not in row:
        return True
    end, name = result.scope.end, str(row["period"])
    if not isinstance(end, date):
        return False
    grain: Grain = "week" if "W" in name else "month" if len(name) == 7 else "day"
    last = containing(end - timedelta(days=1), grain)
    return last.name == name and last.end == end


def _ltv(result: Result, language: Language) -> list[Finding]:
    """Groups whose value lies wholly below, or above, the interval of all customers."""
    names = [column.name for column in result.columns]
    low, high = result.facts.get("ltv_low"), result.facts.get("ltv_high")
    if names[0] == "ltv" or not {"ltv_low", "ltv_high", "customers"} <= set(names) or low is None or high is None:
        return []
    found = []
    for row in result.records():
        if row["ltv_low"] is None or row["ltv_high"] is None or int(str(row["customers"])) < MINIMUM:
            continue
        below = float(str(row["ltv_high"])) < float(str(low))
        above = float(str(row["ltv_low"])) > float(str(high))
        if not (below or above):
            continue
        currency = result.scope.currency
        text = language.say(
            "a customer of {where} is worth {value} [{low}, {high}], one of all {whole}",
            where=str(row[names[0]]),
            value=words(row["ltv"], "money", currency, language),
            low=words(row["ltv_low"], "money", None, language),
            high=words(row["ltv_high"], "money", None, language),
            whole=words(result.facts["ltv"], "money", currency, language),
        )
        found.append(Finding("look", 0.0, text, "ltv", str(row[names[0]]), ("ltv", "--by", names[0])))
    return found


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _figure(value: Value, language: Language) -> str:
    return words(value, "count", None, language)


_READERS: Final[Mapping[str, Reader]] = {
    "trends": _trends,
    "funnel": _funnel,
    "service": _service,
    "nps": _score,
    "csat": _score,
    "csi": _score,
    "ces": _score,
    "ltv": _ltv,
}
