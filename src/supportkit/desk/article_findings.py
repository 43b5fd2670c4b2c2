"""What stands out among questions: those that an article would answer."""

from __future__ import annotations

from supportkit.offers.finding import MINIMUM, Finding, figure_text
from supportkit.render.language import Language
from supportkit.result import Result


def findings(result: Result, language: Language) -> list[Finding]:
    """The question with most easy tickets, where one is worth an article."""
    for row in result.records():
        tickets, easy = row["with_replies"], row["easy"]
        if not row["worth_an_article"] or not isinstance(tickets, int) or not isinstance(easy, int):
            continue
        if tickets < MINIMUM:
            continue
        name = ", ".join(str(row[key.name]) for key in result.keys)
        text = language.say(
            "{name}: {easy} of {n} tickets were solved by one quick reply, as an article could",
            name=name,
            easy=figure_text(easy, language),
            n=figure_text(tickets, language),
        )
        return [Finding("look", float(easy), text, f"self-service {name}", name, ("self-service", "--rows", "easy"))]
    return []
