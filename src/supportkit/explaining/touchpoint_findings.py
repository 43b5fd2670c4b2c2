"""What stands out at touchpoints: those with a sign of trouble, each with its owner."""

from __future__ import annotations

from supportkit.offers.finding import MINIMUM, Finding, is_number
from supportkit.render.language import Language
from supportkit.result import Result


def findings(result: Result, language: Language) -> list[Finding]:
    """A sentence for each touchpoint with a sign of trouble and contacts or users enough."""
    found = []
    for row in result.records():
        contacts, users, complaints = row["contacts"], row["users"], row["complaints"]
        size = max(one if isinstance(one, int) else 0 for one in (contacts, users))
        if not row["signs"] or size < MINIMUM:
            continue
        signs = ", ".join(language.text(sign) for sign in str(row["signs"]).split(", "))
        name = f"{row['touchpoint']} ({row['owner']})" if row["owner"] else str(row["touchpoint"])
        text = language.say("touchpoint {name}: {signs}", name=name, signs=signs)
        weight = float(complaints) if is_number(complaints) else 0.0
        found.append(Finding("look", weight, text, f"touchpoint {row['touchpoint']}", name, ("touchpoints",)))
    return found
