"""What a brief says of itself: what was not looked at, what is not priced, who counts, and how wide its interval is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from supportkit.explaining.problem_customers import together
from supportkit.explaining.problem_values import Priced, customers_by_currency
from supportkit.explaining.problems import in_words
from supportkit.result import Result
from supportkit.store import Store
from supportkit.trending.data_gaps import untested


def notes_on(rises: Result, priced: Sequence[Priced], ltv: Result, store: Store) -> list[str]:
    """The sentences, in the order in which they are read."""
    told = []
    if not store.unfiltered.has_rows("tickets", "true"):
        told.append("no complaint is looked at: there are no tickets")
    elif rises.scope.part:
        told.append(f"{rises.scope.period} is a part period: no complaint is tested")
    elif not priced:
        tested = rises.facts.get("tested")
        told.append("no problem is beyond chance" if tested else untested(rises))
    for one in priced:
        if (complaint := one.touched.problem.complaint) and complaint.window:
            told.append(f"{complaint.text}: found by {complaint.window}; its tickets here are those of the period")
    for one in priced:
        if (drop := one.touched.problem.drop_off) and drop.unknown:
            told.append(f"{in_words(drop.place)}, {drop.step}: since when is not known: {drop.unknown}")
    unpriced = [one for one in priced if one.value is None]
    nobody = ", ".join(one.touched.problem.name for one in unpriced if not one.touched.customers)
    if nobody:
        told.append(f"{nobody}: no ticket names its customer, so nothing tells what is at risk")
    unknown = ", ".join(one.touched.problem.name for one in unpriced if one.touched.customers)
    if unknown and len(customers_by_currency(ltv)) > 1:
        told.append(f"{unknown}: customers pay in several currencies, so nothing tells what they are worth")
    elif unknown:
        told.append(f"nothing tells what a customer is worth: {_why_not(ltv)}")
    if still := sum(drop.still_open for one in priced if (drop := one.touched.problem.drop_off)):
        whose = "1 of those who dropped out" if still == 1 else f"{still} of those who dropped out"
        told.append(f"{whose} can still go on: the window of the funnel is open")
    customers = together(one.touched.customers for one in priced)
    at_risk = together(one.touched.at_risk for one in priced)
    if ordered := len(customers - at_risk):
        who = "1 customer has" if ordered == 1 else f"{ordered} customers have"
        told.append(f"{who} ordered since the trouble, by whatever way: not lost, and not counted in what is at risk")
    twice = sum(len(one.touched.at_risk) - one.counted for one in priced)
    if twice:
        who = "1 customer of two problems counts" if twice == 1 else f"{twice} customers of several problems count"
        told.append(f"{who} once, in the one with most at risk")
    if max(Counter(one.currency for one in priced if one.value).values(), default=0) > 1:
        told.append("the interval of all is the widest: the ends of its problems added up")
    return told


def _why_not(ltv: Result) -> str:
    return "too few customers were watched" if ltv.scope.rows else "there are no orders"
