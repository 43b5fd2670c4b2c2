"""Brief: the problems of a period by what is at risk with them, each customer counted once.

A problem is a complaint that rises (`trends`), a place that loses more customers at a step than the others (`funnel`),
or both in one place. Customers are those who wrote of it in the period and those who dropped out there; silent are
those of the latter who have not written since. What is at risk is their number × the share of them beyond what was to
be expected × the lifetime value (`ltv`) of a customer of the place: what they would have been worth, if none of those
beyond ordered again. It is no loss that was measured, and no cause. A customer of two problems counts in the larger
one, so that the values add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, Final

from supportkit.errors import UnsetError
from supportkit.explaining.affected import affected
from supportkit.explaining.problems import NO_PLACE, Complaint, DropOff, Problem, in_words, problems
from supportkit.explaining.suggestions import that_finds
from supportkit.offers.leaves import Lost
from supportkit.period import Period
from supportkit.request import Answers, lost
from supportkit.result import Result, Value, count, detail, figure, key
from supportkit.stats.estimates import Estimate, product, weighted_sum
from supportkit.store import Store
from supportkit.store.conditions import Condition, equals
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple
from supportkit.trending.data_gaps import untested
from supportkit.trending.spellings import SPELT_ALIKE, spelt_alike

TITLE: Final = "What is at risk"
DEFINITION: Final = (
    "customers of each problem × the share beyond what was to be expected × LTV: neither a loss that was measured nor "
    "a cause"
)
TABLES: Final = ("tickets", "orders", "events")
MOST_OF: Final = ("plan", "payment_method", "device")
"""Along which it is told what most of those who dropped out had."""
MOST: Final = 0.8
FACTS: Final = (
    figure("problems", "count", n="examined", better="down"),
    figure("value_at_risk", "money", "at risk", n="customers", better="down"),
    figure("value_low", "money", "low", n="customers"),
    figure("value_high", "money", "high", n="customers"),
    count("customers", better="down"),
    figure("silent", "count", n="customers"),
    count("examined", "series and places examined", aside=True),
)
COLUMNS: Final = (
    key("problem"),
    key("place"),
    detail("since", "date"),
    count("tickets", better="down"),
    figure("expected", "count", n="tickets"),
    detail("step", "text", "drop-off at"),
    detail("mostly", "text", "most of whom", aside=True),
    figure("drop_share", "share", "drop", n="at_step", better="down"),
    figure("others_share", "share", "others", n="at_step"),
    figure("drop_difference", "share", "difference", n="at_step", aside=True, points=True),
    figure("drop_difference_low", "share", "difference low", n="at_step", aside=True, points=True),
    figure("drop_difference_high", "share", "difference high", n="at_step", aside=True, points=True),
    figure("dropped", "count", n="at_step", aside=True),
    count("at_step", "users at the step", aside=True),
    count("customers", better="down"),
    figure("silent", "count", n="at_step"),
    count("counted", "counted here", aside=True),
    figure("excess_share", "share", "beyond", n="counted", aside=True),
    figure("ltv", "money", "LTV", n="ltv_customers", aside=True),
    figure("ltv_low", "money", "LTV low", n="ltv_customers", aside=True),
    figure("ltv_high", "money", "LTV high", n="ltv_customers", aside=True),
    count("ltv_customers", "customers of the LTV", aside=True),
    figure("value_at_risk", "money", "at risk", n="customers", better="down"),
    figure("value_low", "money", "low", n="customers"),
    figure("value_high", "money", "high", n="customers"),
    figure("share", "share", "of all", n="customers"),
    detail("owner", "text"),
    detail("next", "text", "next command", aside=True),
)

SQL: Final = f"""
select distinct customer_id
  from tickets
 where customer_id is not null and {SPELT_ALIKE} = $complaint and ($everywhere or by_2 = $place)
 order by customer_id
"""


@dataclass(frozen=True)
class BriefRequest:
    """What a brief is of: the period, what a complaint and a place are, who owns what, and how a command is written."""

    period: Period
    by: str = "category"
    place: str = "country"
    owners: Mapping[str, str] = field(default_factory=dict)
    command: Callable[[Sequence[str]], str] = " ".join


class Touched(NamedTuple):
    """The customers of a problem: who wrote, who dropped out, who of these is silent, and what most of them had."""

    problem: Problem
    wrote: frozenset[str]
    dropped: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    mostly: str | None = None

    @property
    def customers(self) -> frozenset[str]:
        return self.wrote | self.dropped

    def beyond(self, but: frozenset[str] = frozenset()) -> Estimate:
        """How many are beyond what was to be expected, of those who are not counted elsewhere.

        Who wrote and dropped out counts as one who dropped out.
        """
        parts = []
        if self.problem.drop_off:
            parts.append((float(len(self.dropped - but)), self.problem.drop_off.share))
        if self.problem.complaint:
            parts.append((float(len(self.wrote - self.dropped - but)), self.problem.complaint.share))
        return weighted_sum(parts)


class Worth(NamedTuple):
    """The lifetime value of a slice with its interval, over how many customers, and in which currency."""

    value: Estimate
    customers: int
    currency: str | None = None


class Priced(NamedTuple):
    """A problem with the customers that count in it, how many of them are beyond, and what these are worth."""

    touched: Touched
    counted: int
    beyond: Estimate
    worth: Worth | None

    @property
    def value(self) -> Estimate | None:
        return product(self.beyond, self.worth.value) if self.worth and self.touched.customers else None

    @property
    def rank(self) -> tuple[float, float, str, str]:
        name, place = self.touched.problem.name, in_words(self.touched.problem.place)
        return (-(self.value.value if self.value else 0.0), -self.beyond.value, name, place)


def brief(answers: Answers, asked: BriefRequest) -> Result:
    """The problems, the most at risk first. Raises UsageError as the metrics do."""
    period, notes = asked.period, []
    rises, placed = (
        answers(answers.request("trends", {"by": by, "past": False}, period=period))
        for by in (asked.by, f"{asked.by},{asked.place}")
    )
    funnel: Result | None = None
    try:
        funnel = answers(answers.request("funnel", {"by": asked.place}, period=period))
    except UnsetError as error:
        notes.append(f"no drop-off is looked at: {error.message}")
    ltv = answers(answers.request("ltv", {"by": asked.place}, period=period.history()))
    found = [_touched(answers, asked, one) for one in problems(rises, placed, funnel)]
    currency = _currency(ltv, answers.store)

    def worth(problem: Problem) -> Worth | None:
        one = worth_of(ltv, asked.place, problem)
        return one if one and one.currency == currency else None

    priced = counted_once(found, worth)
    values = [one.value for one in priced]
    known = [one for one in values if one]
    total = sum(one.value for one in known) if known else None
    everyone = frozenset[str]().union(*(one.customers for one in found))
    dropping = any(one.dropped for one in found)
    examined = len(rises.rows) + (len(funnel.rows) if funnel else 0)
    low, high = (sum(one.low for one in known), sum(one.high for one in known)) if known else (None, None)
    facts = {
        "problems": len(found) if examined else None,
        "value_at_risk": total,
        "value_low": low,
        "value_high": high,
        "customers": len(everyone),
        "silent": len(frozenset[str]().union(*(one.silent for one in found))) if dropping else None,
        "examined": examined,
    }
    return Result(
        metric="brief",
        title=TITLE,
        definition=DEFINITION,
        columns=tuple(replace(one, dimension=asked.place) if one.name == "place" else one for one in COLUMNS),
        rows=tuple(_row(one, total, asked, _next(one.touched.problem, answers, asked)) for one in priced),
        facts=facts,
        fact_columns=FACTS,
        notes=(*_notes(rises, priced, ltv), *notes),
        scope=replace(rises.scope, currency=currency if known else ltv.scope.currency),
    )


def _currency(ltv: Result, store: Store) -> str | None:
    """What values are in: of several currencies, which are never added, the shop's own, else that of most customers."""
    customers: Counter[str] = Counter()
    for record in ltv.records():
        if record.get("currency") is not None:
            customers[str(record["currency"])] += int(str(record["customers"]))
    most = max(customers, key=lambda name: (customers[name], name), default=None)
    return ltv.scope.currency or store.currency or most


def counted_once(found: Sequence[Touched], worth: Callable[[Problem], Worth | None]) -> list[Priced]:
    """The problems with their values, each customer in the first that has it of those with all their customers."""
    whole = [Priced(one, len(one.customers), one.beyond(), worth(one.problem)) for one in found]
    seen: frozenset[str] = frozenset()
    priced = []
    for one in sorted(whole, key=lambda one: one.rank):
        left = len(one.touched.customers - seen)
        priced.append(one._replace(counted=left, beyond=one.touched.beyond(seen)))
        seen |= one.touched.customers
    return sorted(priced, key=lambda one: one.rank)


def worth_of(ltv: Result, place: str, problem: Problem) -> Worth | None:
    """The lifetime value of the customers of a problem's place, else of all; None where nothing tells it."""
    own = dict(problem.place).get(place)
    rows = [row for row in ltv.records() if row[ltv.keys[0].name] == own] if own and ltv.keys else []
    for record in (*(rows if len(rows) == 1 else ()), ltv.facts):
        value, customers = record.get("ltv"), record.get("customers")
        if value is None or not isinstance(customers, int):
            continue
        low, high = (record.get(f"ltv_{end}") for end in ("low", "high"))
        middle = float(str(value))
        known = (middle if end is None else float(str(end)) for end in (low, high))
        own_currency = record.get("currency", ltv.scope.currency)
        return Worth(Estimate(middle, *known), customers, str(own_currency) if own_currency is not None else None)
    return None


def _touched(answers: Answers, asked: BriefRequest, problem: Problem) -> Touched:
    wrote = _writers(answers.store, asked, problem.complaint) if problem.complaint else frozenset()
    if problem.drop_off is None:
        return Touched(problem, wrote)
    inside, silent = _dropped(answers, asked, problem.drop_off)
    return Touched(problem, wrote, frozenset(one.name for one in inside), silent, _mostly(inside, _examined(asked)))


def _writers(store: Store, asked: BriefRequest, complaint: Complaint) -> frozenset[str]:
    """The customers who wrote of a complaint in its place."""
    place = dict(complaint.place).get(asked.place)
    selection = store.select("tickets", period=asked.period, by=f"{asked.by},{asked.place}")
    bound: dict[str, Any] = {"complaint": spelt_alike(complaint.text), "everywhere": place is None, "place": place}
    return frozenset(name for (name,) in store.rows(SQL, selection, **bound))


def _dropped(answers: Answers, asked: BriefRequest, drop: DropOff) -> tuple[list[Lost], frozenset[str]]:
    """Who dropped out, and who of them has not written since."""
    dimensions = (asked.place, *_examined(asked))
    request = answers.request("funnel", {}, period=asked.period)
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


def _row(one: Priced, total: float | None, asked: BriefRequest, further: Sequence[str]) -> tuple[Value, ...]:
    problem, value, worth = one.touched.problem, one.value, one.worth
    complaint, drop = problem.complaint, problem.drop_off
    customers = len(one.touched.customers)
    dropping: tuple[Value, ...] = (None,) * 7
    if drop:
        share = drop.dropped / drop.users
        dropping = (share, share - drop.difference.value, *drop.difference, drop.dropped, drop.users)
    return (
        problem.name,
        in_words(problem.place),
        complaint.since if complaint else None,
        complaint.tickets if complaint else None,
        complaint.expected if complaint else None,
        drop.step if drop else None,
        one.touched.mostly,
        *dropping,
        customers,
        len(one.touched.silent) if drop else None,
        one.counted,
        one.beyond.value / one.counted if one.counted else None,
        *(worth.value if worth else (None,) * 3),
        worth.customers if worth else 0,
        *(value if value else (None,) * 3),
        (value.value / total if total else None) if value else None,
        owner_of(problem, asked.owners),
        asked.command(further),
    )


def owner_of(problem: Problem, owners: Mapping[str, str]) -> str | None:
    """Who owns a problem: by its complaint, else by the step, else by a value of its place."""
    known = {spelt_alike(name): owner for name, owner in owners.items()}
    names = [problem.name, *((problem.drop_off.step,) if problem.drop_off else ())]
    names += [value for _, value in problem.place]
    return next((known[name] for one in names if (name := spelt_alike(one)) in known), None)


def _next(problem: Problem, answers: Answers, asked: BriefRequest) -> tuple[str, ...]:
    """The words of the command that goes deeper: why the place loses more, where that is found, else the complaint."""
    drop, complaint = problem.drop_off, problem.complaint
    further: tuple[str, ...] = ()
    if drop:
        ((name, value),) = drop.place
        group = str(Condition(name, "=", value))
        further = that_finds(answers, ("why", "funnel", "--step", drop.step, "--group", group), asked.period)
    if further or complaint is None:
        return further or ("funnel", "--by", asked.place)
    places = tuple(word for pair in complaint.place for word in ("--where", str(equals(*pair))))
    return ("tickets", "--where", str(equals(asked.by, complaint.text)), *places)


def _notes(rises: Result, priced: Sequence[Priced], ltv: Result) -> list[str]:
    told = []
    if rises.scope.part:
        told.append(f"{rises.scope.period} is a part period: no complaint is tested")
    elif not priced:
        tested = rises.facts.get("tested")
        told.append("no problem is beyond chance" if tested else untested(rises))
    unpriced = [one for one in priced if one.value is None]
    nobody = ", ".join(one.touched.problem.name for one in unpriced if not one.touched.customers)
    if nobody:
        told.append(f"{nobody}: no ticket names its customer, so nothing tells what is at risk")
    if len(unpriced) > len([one for one in unpriced if not one.touched.customers]):
        told.append(f"nothing tells what a customer is worth: {_why_not(ltv)}")
    twice = sum(len(one.touched.customers) - one.counted for one in priced)
    if twice:
        who = "1 customer of two problems counts" if twice == 1 else f"{twice} customers of several problems count"
        told.append(f"{who} once, in the one with most at risk")
    if len(priced) - len(unpriced) > 1:
        told.append("the interval of all is the widest: the ends of its problems added up")
    return told


def _why_not(ltv: Result) -> str:
    if not ltv.scope.rows:
        return "there are no orders"
    return "the orders are in several currencies" if ltv.scope.currency is None else "too few customers were watched"
