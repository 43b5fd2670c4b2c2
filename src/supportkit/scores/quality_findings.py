"""What stands out in who is asked and who answers: whether a score can be believed."""

from __future__ import annotations

from typing import Final

from supportkit.offers.finding import Finding, is_number
from supportkit.render.language import Language
from supportkit.result import Result

SURVEYED: Final = (
    "{slice} is surveyed {points} points [{low}, {high}] more often after good conversations than after bad ones"
)


def findings(result: Result, language: Language) -> list[Finding]:
    """Who asks only after good conversations: the score cannot be believed there."""
    found = []
    for row in result.records():
        low, high, value = row["low"], row["high"], row["value"]
        if row["check"] != "cherry-picking" or row["flag"] is not True or row["slice"] == "all":
            continue
        if not (is_number(low) and is_number(high) and is_number(value)):
            continue
        where = language.text(str(row["slice"]))
        text = language.say(
            SURVEYED,
            slice=where,
            points=f"{100 * value:.0f}",
            low=f"{100 * low:.0f}",
            high=f"{100 * high:.0f}",
        )
        found.append(Finding("look", 1.0, text, f"survey {where}", where, ("survey-quality",)))
    return found
