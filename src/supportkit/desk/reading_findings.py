"""What stands out in what was read: what is judged worst, and that readers do not agree."""

from __future__ import annotations

from supportkit.desk.address_findings import findings as address
from supportkit.offers.finding import MINIMUM, Finding, figure_text, is_number
from supportkit.render.language import Language
from supportkit.result import Result

AGREED = 0.667
"""Krippendorff's least alpha for tentative conclusions."""


def findings(result: Result, language: Language) -> list[Finding]:
    """The score with its interval, and that readers agree too little for it."""
    facts = result.facts
    read, score, low, high = (facts.get(name) for name in ("conversations", "score", "score_low", "score_high"))
    if not isinstance(read, int) or read < MINIMUM or not (is_number(score) and is_number(low) and is_number(high)):
        return address(result, language)
    text = language.say(
        "quality {score} [{low}, {high}] of {n} conversations read",
        score=language.percent(score),
        low=language.percent(low),
        high=language.percent(high),
        n=figure_text(read, language),
    )
    alpha, twice = facts.get("alpha"), facts.get("read_twice")
    if is_number(alpha) and alpha < AGREED and isinstance(twice, int) and twice >= 10:
        text += language.say("; readers agree too little for it (alpha {alpha})", alpha=f"{alpha:.2f}")
    found = Finding("look", read * (1 - score), text, "quality-score", language.text("quality"), ("quality-score",))
    return [found, *address(result, language)]
