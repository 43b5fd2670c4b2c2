"""What stands out beside the vendor's figures: that ours are others, and whose definition is theirs."""

from __future__ import annotations

from typing import Final

from supportkit.offers.finding import MINIMUM, Finding, figure_text, is_number
from supportkit.render.language import Language
from supportkit.result import Result

ALIKE: Final = 0.9  # of the tickets within a minute, from which on nothing stands out


def findings(result: Result, language: Language) -> list[Finding]:
    """How few first replies are within a minute of the vendor's, and which definition fits best."""
    near, compared, best = (result.facts.get(name) for name in ("within_a_minute", "compared", "best_definition"))
    if not is_number(near) or not isinstance(compared, int) or compared < MINIMUM or near >= ALIKE:
        return []
    text = language.say(
        "{share} of {n} first replies are within a minute of the vendor's own; its definition is nearest to: {best}",
        share=language.percent(near),
        n=figure_text(compared, language),
        best=str(best),
    )
    place = language.text("first replies")
    return [Finding("look", compared * (1 - float(near)), text, "reconcile", place, ("reconcile", "--rows", "apart"))]
