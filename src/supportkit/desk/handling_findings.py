"""What stands out in what tickets take: that many are opened again."""

from __future__ import annotations

from typing import Final

from supportkit.offers.finding import MINIMUM, Finding, figure_text, is_number
from supportkit.render.language import Language
from supportkit.result import Result

OFTEN: Final = 0.1  # of the solved tickets, from which on reopenings are a finding


def findings(result: Result, language: Language) -> list[Finding]:
    """How many solved tickets were opened again, where they are many."""
    rate, known = result.facts.get("reopen_rate"), result.facts.get("with_reopens")
    if not is_number(rate) or not isinstance(known, int) or known < MINIMUM or rate < OFTEN:
        return []
    text = language.say(
        "{share} of {n} solved tickets were opened again", share=language.percent(rate), n=figure_text(known, language)
    )
    place = language.text("reopened tickets")
    return [Finding("look", known * float(rate), text, "handling", place, ("handling", "--rows", "reopened"))]
