"""What stands out in scores and in what customers are worth, and whether a score can be believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from supportkit.findings.finding import MINIMUM, Finding, figure, is_number
from supportkit.period import Grain, containing
from supportkit.render.language import Language
from supportkit.render.words import words
from supportkit.result import Result, Value

SURVEYED: Final = (
    "{slice} is surveyed {points} points [{low}, {high}] more often after good conversations than after bad ones"
)


def score(result: Result, language: Language) -> list[Finding]:
    """Scores that differ from the period before beyond chance, by the interval of the difference and its p-value."""
    names = [column.name for column in result.columns]
    score = result.metric
    if not {"difference", "difference_low", "difference_high", "p", "answers", score} <= set(names):
        return []
    rows = [row for row in result.records() if row["p"] is not None and _is_last(result, row)]
    found = []
    for row in rows:
        low, high, p = row["difference_low"], row["difference_high"], row["p"]
        if not (is_number(low) and is_number(high) and is_number(p)) or low * high <= 0 or p * len(rows) > 0.05:
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
            n=figure(row["answers"], language),
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


def ltv(result: Result, language: Language) -> list[Finding]:
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
        found.append(
            Finding("look", 0.0, text, "ltv", str(row[names[0]]), ("ltv", "--by", result.columns[0].dimension))
        )
    return found


def quality(result: Result, language: Language) -> list[Finding]:
    """Who asks only after good conversations: the score cannot be believed there."""
    found = []
    for row in result.records():
        low, high, value = row["low"], row["high"], row["value"]
        if row["check"] != "cherry-picking" or row["flag"] is not True or row["slice"] == "all":
            continue
        if not (is_number(low) and is_number(high) and is_number(value)):
            continue
        where = language.text(str(row["slice"]))
        text = language.say(
            SURVEYED,
            slice=where,
            points=f"{100 * value:.0f}",
            low=f"{100 * low:.0f}",
            high=f"{100 * high:.0f}",
        )
        found.append(Finding("look", 1.0, text, f"survey {where}", where, ("survey-quality",)))
    return found
