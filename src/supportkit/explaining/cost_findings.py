"""What stands out in what contacts cost: that customers who complained leave more often than customers like them."""

from __future__ import annotations

from supportkit.offers.finding import MINIMUM, Finding, figure_text, is_number
from supportkit.render.language import Language
from supportkit.result import Result


def findings(result: Result, language: Language) -> list[Finding]:
    """How many left after a complaint, where that is more than of like customers."""
    facts = result.facts
    share, low, like = (facts.get(name) for name in ("left_share", "left_share_low", "like_left_share"))
    people = facts.get("complained")
    if not isinstance(people, int) or people < MINIMUM or not is_number(share) or not is_number(low):
        return []
    if not is_number(like) or low <= like:
        return []
    text = language.say(
        "{share} of {n} customers ordered nothing more after a complaint, {like} of customers like them",
        share=language.percent(share),
        n=figure_text(people, language),
        like=language.percent(like),
    )
    return [Finding("look", people * (share - like), text, "cost", language.text("complaints"), ("cost",))]
