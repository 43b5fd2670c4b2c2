"""What stands out at the desk: series that rise, promises that are broken, tickets without an answer."""

from __future__ import annotations

from datetime import date
from typing import Final

from supportkit.findings.finding import MINIMUM, Finding, figure, is_number
from supportkit.render.language import Language
from supportkit.result import Result

LOUD: Final = ("new", "rising", "ongoing")
BROKEN: Final = 0.5  # a promise kept less often than this is a finding


def trends(result: Result, language: Language) -> list[Finding]:
    """Series that rose beyond what their past explains and are above it; without an expectation nothing is said."""
    names = [column.name for column in result.columns]
    if "state" not in names:
        return []
    keys = result.columns[: names.index("tickets")]
    found = []
    for row in result.records():
        expected, excess, since = (row[name] for name in ("expected", "excess", "since"))
        if row["state"] not in LOUD or not keys or not is_number(expected) or not is_number(excess):
            continue
        if float(excess) <= 0:  # a part of a day of a series that goes on: no rise by its own figures
            continue
        where = ", ".join(str(row[key.name]) for key in keys)
        usual = f"{float(expected):.0f}"
        said = "{where}: {tickets} tickets where {expected} were expected, {state}"
        if usual == "1":
            said = "{where}: {tickets} tickets where {expected} was expected, {state}"
        said += " since {since}" if since else ""
        text = language.say(
            said,
            where=where,
            tickets=figure(row["tickets"], language),
            expected=language.figures(usual),
            state=language.text(str(row["state"])),
            since=language.day(since) if isinstance(since, date) else "",
        )
        first = str(row[keys[0].name])
        by = ",".join(key.dimension for key in keys)
        command = ("trends", "--by", by, "--where", f"{keys[0].dimension}={first}")
        found.append(Finding("changed", float(excess), text, first, where, command, float(excess), compares=True))
    return found


def service(result: Result, language: Language) -> list[Finding]:
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
                    met=language.percent(met),
                    n=figure(tickets, language),
                )
                deeper = ("service", "--by", "agent", "--where", f"{result.columns[0].dimension}={row[key]}")
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
