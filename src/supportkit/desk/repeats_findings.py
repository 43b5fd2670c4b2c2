"""What stands out in what customers say twice: that it is more than chance, or in another channel."""

from __future__ import annotations

from supportkit.offers.finding import MINIMUM, Finding, figure_text, is_number
from supportkit.render.language import Language
from supportkit.result import Result


def findings(result: Result, language: Language) -> list[Finding]:
    """How many tickets were said twice, where it is more than chance."""
    facts = result.facts
    tickets, repeats, low, chance = (facts.get(name) for name in ("tickets", "repeats", "excess_low", "by_chance"))
    if not isinstance(tickets, int) or tickets < MINIMUM or not is_number(repeats) or not is_number(chance):
        return []
    if not is_number(low) or low <= 0:
        return []
    text = language.say(
        "{n} of {tickets} tickets were said twice within days, {chance} by chance alone",
        n=figure_text(repeats, language),
        tickets=figure_text(tickets, language),
        chance=figure_text(round(chance), language),
    )
    place = language.text("said twice")
    return [Finding("look", float(repeats) - float(chance), text, "handoffs", place, ("handoffs", "--rows", "repeats"))]
