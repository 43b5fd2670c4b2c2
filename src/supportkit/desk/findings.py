"""What stands out in how people are served: promises that are broken, tickets without an answer."""

from __future__ import annotations

from typing import Final

from supportkit.findings import MINIMUM, Finding, figure
from supportkit.render.language import Language
from supportkit.result import Result

BROKEN: Final = 0.5  # a promise kept less often than this is a finding


def findings(result: Result, language: Language) -> list[Finding]:
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
