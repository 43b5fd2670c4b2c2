"""The customers of a problem: who wrote of it, who dropped out there, who of these is silent or has ordered since, and
what most had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from supportkit.explaining.affected import affected
from supportkit.explaining.brief_request import BriefRequest
from supportkit.explaining.ordered_since import ordered_since
from supportkit.explaining.problems import NO_PLACE, Complaint, DropOff, Problem
from supportkit.offers.leaves import Lost
from supportkit.request import Answers, lost
from supportkit.result import Result
from supportkit.stats.estimates import Estimate, weighted_sum
from supportkit.store import Store
from supportkit.system.named import NamedTuple
from supportkit.trending.spellings import SPELT_ALIKE, spelt_alike

MOST_OF: Final = ("plan", "payment_method", "device")
"""Along which it is told what most of those who dropped out had."""
MOST: Final = 0.8
SQL: Final = f"""
select customer_id, max(created_at) as wrote_at
  from tickets
 where customer_id is not null and {SPELT_ALIKE} = $complaint and ($everywhere or by_2 = $place)
 group by customer_id
 order by customer_id
"""


class Touched(NamedTuple):
    """The customers of a problem: who wrote, who dropped out, who of these is silent, who of all has ordered since the
    last of it, and what most of those who dropped out had."""

    problem: Problem
    wrote: frozenset[str]
    dropped: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    mostly: str | None = None
    ordered: frozenset[str] = frozenset()

    @property
    def customers(self) -> frozenset[str]:
        return self.wrote | self.dropped

    @property
    def at_risk(self) -> frozenset[str]:
        """Those who have not ordered since."""
        return self.customers - self.ordered

    def beyond(self, but: frozenset[str] = frozenset()) -> Estimate:
        """How many are beyond what was to be expected, of those at risk who are not counted elsewhere.

        Who wrote and dropped out counts as one who dropped out.
        """
        parts, but = [], but | self.ordered
        if self.problem.drop_off:
            parts.append((float(len(self.dropped - but)), self.problem.drop_off.share))
        if self.problem.complaint:
            parts.append((float(len(self.wrote - self.dropped - but)), self.problem.complaint.share))
        return weighted_sum(parts)


def together(each: Iterable[frozenset[str]]) -> frozenset[str]:
    """The customers of several problems, each once."""
    return frozenset[str]().union(*each)


def with_the_others(answers: Answers, place: str) -> Answers:
    """The same where conditions choose places: with those that are not chosen, which tell what is usual elsewhere."""
    rest = tuple(one for one in answers.store.conditions if one.column.casefold() != place.casefold())
    if len(rest) == len(answers.store.conditions):
        return answers
    return Answers(answers.store.unfiltered.filtered(rest), answers.config)


def funnel_of_chosen_places(answers: Answers, wider: Answers, asked: BriefRequest) -> Result:
    """The funnel by place, each compared with all others, of the places that are chosen. Raises UnsetError."""
    given = {"by": asked.place, **asked.funnel_options}
    found = wider(wider.request("funnel", given, period=asked.period))
    if wider is answers:
        return found
    chosen = answers(answers.request("funnel", given, period=asked.period))
    places = {row[0] for row in chosen.rows}
    return replace(found, rows=tuple(row for row in found.rows if row[0] in places))


def touched(answers: Answers, wider: Answers, asked: BriefRequest, problem: Problem) -> Touched:
    wrote = _writers(answers.store, asked, problem.complaint) if problem.complaint else {}
    if problem.drop_off is None:
        return Touched(problem, frozenset(wrote), ordered=ordered_since(answers.store, wrote))
    inside, silent = _dropped(wider, asked, problem.drop_off)
    dropped = frozenset(one.name for one in inside)
    last = dict(wrote)
    for one in inside:
        last[one.name] = max(one.at, last.get(one.name, one.at))
    ordered = ordered_since(answers.store, last)
    return Touched(problem, frozenset(wrote), dropped, silent, _mostly(inside, _examined(asked)), ordered)


def _writers(store: Store, asked: BriefRequest, complaint: Complaint) -> dict[str, datetime]:
    """The customers who wrote of a complaint in its place, and when they last did."""
    place = dict(complaint.place).get(asked.place)
    selection = store.select("tickets", period=asked.period, by=f"{asked.by},{asked.place}")
    bound: dict[str, Any] = {"complaint": spelt_alike(complaint.text), "everywhere": place is None, "place": place}
    return dict(store.rows(SQL, selection, **bound))


def _dropped(answers: Answers, asked: BriefRequest, drop: DropOff) -> tuple[list[Lost], frozenset[str]]:
    """Who dropped out, and who of them has not written since."""
    dimensions = (asked.place, *_examined(asked))
    request = answers.request("funnel", asked.funnel_options, period=asked.period)
    request = replace(request, options={**request.options, "step": drop.step, "dimensions": dimensions})
    place, store = dict(drop.place), answers.store
    everyone = lost(store, request)
    inside = [one for one in everyone if all(one.values[dimensions.index(name)] == v for name, v in place.items())]
    scope, _ = store.scope(store.select("events", period=asked.period))
    told = affected(store, inside, dimensions, place, step=drop.step, period=asked.period, scope=scope)
    return inside, frozenset(str(row[0]) for row in told.rows)


def _examined(asked: BriefRequest) -> tuple[str, ...]:
    """Along what it is told what most of those who dropped out had."""
    return tuple(name for name in MOST_OF if name != asked.place)


def _mostly(inside: Sequence[Lost], names: Sequence[str]) -> str | None:
    """What most of those who dropped out had: plan annual (208 of 231); payment method card (190 of 231)."""
    told = []
    for name, values in zip(names, zip(*(one.values[1:] for one in inside), strict=True), strict=True):
        value, most = max(Counter(values).items(), key=lambda pair: (pair[1], pair[0]))
        if most >= MOST * len(inside) and value not in NO_PLACE:
            told.append(f"{name.replace('_', ' ')} {value} ({most:,} of {len(inside):,})")
    return "; ".join(told) or None
