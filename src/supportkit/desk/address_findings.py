"""What stands out in how customers are addressed: that agents mix the familiar and the formal form."""

from __future__ import annotations

from supportkit.offers.finding import MINIMUM, Finding, figure_text, is_number
from supportkit.render.language import Language
from supportkit.result import Result

OFTEN = 0.05


def findings(result: Result, language: Language) -> list[Finding]:
    """How many conversations mix them, where it is one in twenty or more."""
    share, known = result.facts.get("mixed"), result.facts.get("with_address")
    if not is_number(share) or not isinstance(known, int) or known < MINIMUM or share < OFTEN:
        return []
    text = language.say(
        "{share} of {n} conversations mix the familiar and the formal address",
        share=language.percent(share),
        n=figure_text(known, language),
    )
    place = language.text("form of address")
    return [Finding("look", known * share, text, result.metric, place, (result.metric, "--rows", "mixed"))]
