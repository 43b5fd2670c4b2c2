"""What stands out in how people are served: promises that are broken, tickets without an answer."""

from __future__ import annotations

from typing import Final

from supportkit.offers.finding import MINIMUM, Finding
from supportkit.render.language import Language
from supportkit.result import Result
from supportkit.store.conditions import equals

BROKEN: Final = 0.5  # a promise kept less often than this is a finding


def findings(result: Result, language: Language) -> list[Finding]:
    """A group that breaks its promise more often than it keeps it, and the tickets that nobody answered."""
    found = []
    key = next(iter(result.keys), None)
    if key is not None and key.kind != "period":
        for row in result.records():
            name = str(row[key.name])
            met, tickets = row["sla_met"], row["with_target"]
            if isinstance(met, int | float) and met < BROKEN and isinstance(tickets, int) and tickets >= MINIMUM // 2:
                where = language.place([(key.dimension, name)])
                text = language.plural(
                    "{where} keeps its promise in {met} of {n} ticket",
                    "{where} keeps its promise in {met} of {n} tickets",
                    tickets,
                    where=where,
                    met=language.percent(met),
                )
                deeper = ("service", "--by", "agent", "--where", str(equals(key.dimension, name)))
                weight = tickets * (1 - met)
                found.append(Finding("look", weight, text, f"service {name}", where, deeper))
    unanswered = result.facts.get("unanswered")
    if isinstance(unanswered, int) and unanswered:
        text = language.plural("nobody has answered {n} ticket", "nobody has answered {n} tickets", unanswered)
        command = ("service", "--by", "channel,category")
        found.append(
            Finding("look", float(unanswered), text, "unanswered", language.text("unanswered tickets"), command)
        )
    return found
