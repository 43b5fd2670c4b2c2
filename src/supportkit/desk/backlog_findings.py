"""What stands out in a stock of tickets: that more came in than went out."""

from __future__ import annotations

from supportkit.offers.finding import Finding, figure_text
from supportkit.render.language import Language
from supportkit.result import Result


def findings(result: Result, language: Language) -> list[Finding]:
    """The backlog before and after the period, where it grew, with what came in and what went out."""
    before, after = result.facts.get("backlog_before"), result.facts.get("backlog")
    came, went = result.facts.get("inflow"), result.facts.get("outflow")
    if not (isinstance(before, int) and isinstance(after, int)) or result.scope.start is None or after <= before:
        return []
    text = language.say(
        "the backlog grew from {before} to {after}: {came} came in, {went} went out",
        before=figure_text(before, language),
        after=figure_text(after, language),
        came=figure_text(came, language),
        went=figure_text(went, language),
    )
    place = language.text("open tickets")
    return [Finding("changed", float(after - before), text, "backlog", place, ("backlog", "--by", "channel"))]
