"""What stands out in what customers are worth: groups apart from all."""

from __future__ import annotations

from supportkit.offers.finding import MINIMUM, Finding
from supportkit.render.language import Language
from supportkit.render.value_text import value_text
from supportkit.result import Result


def findings(result: Result, language: Language) -> list[Finding]:
    """Groups whose value lies wholly below, or above, the interval of all customers."""
    low, high = result.facts.get("ltv_low"), result.facts.get("ltv_high")
    if not result.keys or low is None or high is None:
        return []
    key = result.keys[0]
    found = []
    for row in result.records():
        if row["ltv_low"] is None or row["ltv_high"] is None or int(str(row["customers"])) < MINIMUM:
            continue
        below = float(str(row["ltv_high"])) < float(str(low))
        above = float(str(row["ltv_low"])) > float(str(high))
        if not (below or above):
            continue
        currency = result.scope.currency
        where = language.place([(key.dimension, str(row[key.name]))])
        text = language.say(
            "a customer of {where} is worth {value} [{low}, {high}], one of all {whole}",
            where=where,
            value=value_text(row["ltv"], "money", currency, language),
            low=value_text(row["ltv_low"], "money", None, language),
            high=value_text(row["ltv_high"], "money", None, language),
            whole=value_text(result.facts["ltv"], "money", currency, language),
        )
        found.append(Finding("look", 0.0, text, "ltv", where, ("ltv", "--by", key.dimension)))
    return found
