"""What stands out in what waits for an answer: tickets that nobody answered, and those whose customer wrote last."""

from __future__ import annotations

from supportkit.offers.finding import Finding, figure_text
from supportkit.render.language import Language
from supportkit.render.value_text import value_text
from supportkit.result import Result


def findings(result: Result, language: Language) -> list[Finding]:
    """How many wait at the end of the period, and how old the oldest of them is, where the tickets are listed."""
    never, last, ended = (result.facts.get(name) for name in ("unanswered", "customer_wrote_last", "ended_unanswered"))
    if not isinstance(never, int) or not isinstance(last, int) or not isinstance(ended, int):
        return []
    never -= ended
    if not never + last:
        return []
    text = language.say(
        "open without any answer: {never}; the customer wrote last: {last}",
        never=figure_text(never, language),
        last=figure_text(last, language),
    )
    oldest = next(result.records(), {}).get("age_s")
    if oldest is not None:
        text += language.say("; the oldest is {age} old", age=value_text(oldest, "duration", None, language))
    place = language.text("unanswered tickets")
    sharpness = 0.0 if oldest is None else 1.0  # of two sentences on the same tickets, the one with the oldest is said
    return [Finding("look", float(never + last), text, "unanswered", place, ("unanswered",), sharpness)]
