"""What is at risk, in words for people: the total, and a problem each with its figures, its customers and its owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from supportkit.render.language import Language
from supportkit.render.names import in_text
from supportkit.render.value_text import expected_text, value_text
from supportkit.result import Result, Scope, Value, number_of
from supportkit.system.named import NamedTuple

Record = Mapping[str, Value]
NO_PLACE_KNOWN: Final = "place not known"
NOBODY_NAMED: Final = "customers not known"


class ProblemInWords(NamedTuple):
    """A problem as it stands on a page."""

    name: str
    says: tuple[str, ...]
    who: str
    value: str
    interval: str
    share: str


class BriefInWords(NamedTuple):
    """A brief as it stands on a page."""

    title: str
    definition: str
    total: str
    problems: tuple[ProblemInWords, ...]
    notes: tuple[str, ...]


def as_known(brief: Result) -> Result:
    """The brief without a number of customers where no ticket names one, for who is touched is not known, not nobody;
    and without places where no ticket has one."""
    place = next(number for number, column in enumerate(brief.columns) if column.name == "customers")
    rows = tuple((*row[:place], row[place] or None, *row[place + 1 :]) for row in brief.rows)
    facts = {**brief.facts, "customers": brief.facts["customers"] or None} if rows else brief.facts
    told = replace(brief, rows=rows, facts=facts)
    if not rows or any(row["place"] != NO_PLACE_KNOWN for row in brief.records()):
        return told
    return told.only([column.name for column in brief.columns if column.name != "place"])


def brief_in_words(brief: Result, language: Language) -> BriefInWords:
    """The brief, its title, its total and its problems in words."""
    total = at_risk(brief, language) if brief.facts.get("value_at_risk") is not None else ""
    told = tuple(_problem(row, brief.scope, language, several=len(brief.rows) > 1) for row in brief.records())
    return BriefInWords(brief.title, brief.definition, total, told, brief.notes)


def at_risk(brief: Result, language: Language) -> str:
    """The total in a sentence."""
    facts, currency = brief.facts, brief.scope.currency
    if facts["customers"] is None:
        return language.text("who is touched is not known: no ticket names its customer")
    everyone, since = (int(number_of(facts[name]) or 0) for name in ("customers", "ordered_since"))
    if facts["value_at_risk"] is None:
        return language.plural("{n} customer is touched", "{n} customers are touched", everyone)
    one, many = (f"{{value}} at risk [{{low}}, {{high}}], {{n}} {who}" for who in ("customer", "customers"))
    more = "; {since} more have ordered since" if since else ""
    return language.plural(
        one + more,
        many + more,
        everyone - since,
        value=_money(facts["value_at_risk"], currency, language),
        low=_money(facts["value_low"], None, language),
        high=_money(facts["value_high"], None, language),
        since=value_text(since, "count", None, language),
    )


def _problem(row: Record, scope: Scope, language: Language, *, several: bool) -> ProblemInWords:
    name = language.text(str(row["problem"]))
    place = f", {language.text(str(row['place']))}" if "place" in row else ""
    value = row["value_at_risk"]
    low, high = (_money(row[end], None, language) for end in ("value_low", "value_high"))
    return ProblemInWords(
        f"{name[:1].upper()}{name[1:]}{place}",
        tuple(_says(row, scope.period, language)),
        _who(row, language),
        _money(value, str(row["currency"] or "") or scope.currency, language) if value is not None else "",
        f"{language.text('95 % interval')} {low} – {high}",
        language.say("{share} of all", share=value_text(row["share"], "share", None, language)) if several else "",
    )


def _says(row: Record, period: str, language: Language) -> list[str]:
    """The complaint, and the drop-off in the same place."""
    told = []
    if row["tickets"] is not None:
        since = row["since"]
        one = "{n} ticket ({period}) where {expected} were expected"
        many = "{n} tickets ({period}) where {expected} were expected"
        end = ", since {since}" if isinstance(since, date) else ""
        said = language.plural(
            one + end,
            many + end,
            int(number_of(row["tickets"]) or 0),
            period=language.period(period, week=False),
            expected=language.figures(expected_text(number_of(row["expected"]) or 0)),
            since=language.since(since, period) if isinstance(since, date) else "",
        )
        told.append(said if said.endswith(".") else f"{said}.")
    if row["step"] is not None:
        begun = row["since"] if row["tickets"] is None else None
        end = ", since {since}." if isinstance(begun, date) else "."
        told.append(
            language.say(
                "{share} leave at {step} ({dropped} of {users}), of the others {others}" + end,
                share=language.percent(number_of(row["drop_share"]) or 0),
                step=str(row["step"]),
                dropped=value_text(row["dropped"], "count", None, language),
                users=value_text(row["at_step"], "count", None, language),
                others=language.percent(number_of(row["others_share"]) or 0),
                since=language.since(begun, period) if isinstance(begun, date) else "",
            )
        )
    if row["since_unknown"]:
        why = in_text(language.text(str(row["since_unknown"])), language)
        told.append(language.say("Since when is not known: {why}.", why=why))
    if row["mostly"]:
        parts = "; ".join(language.text(part) for part in str(row["mostly"]).split("; "))
        told.append(language.say("Most of them: {examples}.", examples=parts))
    return told


def _who(row: Record, language: Language) -> str:
    """How many customers, how many of them silent, and who owns it."""
    customers = number_of(row["customers"])
    parts = [
        language.text(NOBODY_NAMED)
        if customers is None
        else language.plural("{n} customer", "{n} customers", int(customers))
    ]
    if row["ordered_since"]:
        since = value_text(row["ordered_since"], "count", None, language)
        parts.append(language.say("{since} of them have ordered since: not counted", since=since))
    if row["silent"] is not None:
        silent = value_text(row["silent"], "count", None, language)
        parts.append(language.say("{silent} dropped out and have not written", silent=silent))
    owner = row["owner"]
    parts.append(language.say("owner: {name}", name=str(owner)) if owner else language.text("no owner is named"))
    return " · ".join(parts)


def _money(value: Value, currency: str | None, language: Language) -> str:
    """An amount without cents, of which nothing is known here."""
    number = number_of(value)
    return "–" if number is None else language.figures(f"{number:,.0f} {currency or ''}".rstrip())
