"""Brief: the problems of a period by what is at risk with them, each customer counted once.

A problem is a complaint that rises (`trends`), a place that loses more customers at a step than the others (`funnel`),
or both in one place. Customers are those who wrote of it in the period and those who dropped out there; silent are
those of the latter who have not written since. Who has ordered since, by whatever way, is not lost: told, and not at
risk. What is at risk is the number of the others × the share of them beyond what was to be expected × the lifetime
value (`ltv`) of a customer of the place: what they would have been worth, if none of those beyond ordered again. It is
no loss that was measured, and no cause. A customer of two problems counts in the larger one, so that the values add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from supportkit.errors import UnsetError
from supportkit.explaining.brief_notes import notes_on
from supportkit.explaining.brief_request import BriefRequest
from supportkit.explaining.drop_off_begin import dated
from supportkit.explaining.problem_customers import funnel_of_chosen_places, together, touched, with_the_others
from supportkit.explaining.problem_values import (
    Priced,
    counted_once,
    currency_of_total,
    customers_by_currency,
    notes_of_currencies,
    worth_of,
)
from supportkit.explaining.problems import NO_PLACE, Problem, in_words, problems
from supportkit.explaining.suggestions import that_finds
from supportkit.render.at_risk import NO_PLACE_KNOWN
from supportkit.request import Answers
from supportkit.result import Column, Result, Value, count, detail, figure, key
from supportkit.store.conditions import Condition, equals
from supportkit.trending.spellings import spelt_alike

TITLE: Final = "What is at risk"
DEFINITION: Final = (
    "customers of each problem who have not ordered since × the share beyond what was to be expected × LTV: neither a "
    "loss that was measured nor a cause"
)
TABLES: Final = ("tickets", "orders", "events")
FACTS: Final = (
    figure("problems", "count", n="examined", better="down"),
    figure("value_at_risk", "money", "at risk", n="customers", better="down"),
    figure("value_low", "money", "low", n="customers"),
    figure("value_high", "money", "high", n="customers"),
    count("customers", better="down"),
    figure("ordered_since", "count", "ordered since", n="customers"),
    figure("silent", "count", n="customers"),
    count("examined", "series and places examined", aside=True),
)
COLUMNS: Final = (
    key("problem"),
    key("place"),
    detail("since", "date"),
    detail("since_unknown", "text", "why no since", aside=True),
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
    figure("ordered_since", "count", "ordered since", n="customers"),
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
    detail("currency", "text", aside=True),
    detail("owner", "text"),
    detail("next", "text", "next command", aside=True),
)


def brief(answers: Answers, asked: BriefRequest) -> Result:
    """The problems, the most at risk first. Raises UsageError as the metrics do."""
    period, notes = asked.period, []
    rises, placed = (
        answers(answers.request("trends", {"by": by, "past": False}, period=period))
        for by in (asked.by, f"{asked.by},{asked.place}")
    )
    wider = with_the_others(answers, asked.place)
    funnel: Result | None = None
    if answers.store.unfiltered.has_rows("events", "true"):
        try:
            funnel = funnel_of_chosen_places(answers, wider, asked)
        except UnsetError as error:
            how = f", {error.hint}" if asked.takes_steps else ""
            notes.append(f"no drop-off is looked at: {error.message}{how}")
    else:
        notes.append("no drop-off is looked at: there are no events")
    ltv = answers(answers.request("ltv", {"by": asked.place}, period=period.history()))
    found = [touched(answers, wider, asked, dated(wider, asked, one)) for one in problems(rises, placed, funnel)]
    counted = ("trends", *(("funnel",) if funnel else ()))
    lacks = dict.fromkeys(days for name in counted if not rises.scope.part and (days := asked.missing(name, period)))
    notes += [f"counted on the days that are there: {days}" for days in lacks]
    currencies = customers_by_currency(ltv)
    worths = [worth_of(ltv, asked.place, one.problem) for one in found if one.customers]
    currency = currency_of_total(ltv, answers.store, worths)

    priced = counted_once(found, lambda problem: worth_of(ltv, asked.place, problem), currency)
    known = [one.value for one in priced if one.value and one.currency == currency]
    totals: dict[str | None, float] = defaultdict(float)
    for one in priced:
        totals[one.currency] += one.value.value if one.value else 0.0
    total = totals[currency] if known else None
    everyone, at_risk = together(one.customers for one in found), together(one.at_risk for one in found)
    has_orders = bool(ltv.scope.rows)
    dropping = any(one.dropped for one in found)
    examined = len(rises.rows) + (len(funnel.rows) if funnel else 0)
    low, high = (sum(one.low for one in known), sum(one.high for one in known)) if known else (None, None)
    facts = {
        "problems": len(found) if examined else None,
        "value_at_risk": total,
        "value_low": low,
        "value_high": high,
        "customers": len(everyone),
        "ordered_since": len(everyone - at_risk) if everyone and has_orders else None,
        "silent": len(together(one.silent for one in found)) if dropping else None,
        "examined": examined,
    }
    return Result(
        metric="brief",
        title=TITLE,
        definition=DEFINITION,
        columns=tuple(_column(one, asked.place, several=len(currencies) > 1) for one in COLUMNS),
        rows=tuple(
            _row(
                one,
                totals[one.currency],
                asked,
                _next(one.touched.problem, wider, asked),
                _place(one, placed),
                has_orders=has_orders,
            )
            for one in priced
        ),
        facts=facts,
        fact_columns=FACTS,
        notes=(
            *notes_on(rises, priced, ltv, answers.store),
            *notes_of_currencies(priced, sorted(currencies), currency),
            *notes,
        ),
        scope=replace(rises.scope, currency=currency if known else ltv.scope.currency),
    )


def _column(column: Column, place: str, *, several: bool) -> Column:
    """A column; where orders are in several currencies people see which a value is in."""
    if column.name == "place":
        return replace(column, dimension=place)
    return replace(column, aside=False) if several and column.name == "currency" else column


def _place(one: Priced, placed: Result) -> str:
    """Where a problem is; everywhere is said only where places are known at all."""
    place = one.touched.problem.place
    return in_words(place) if place or any(row[1] not in NO_PLACE for row in placed.rows) else NO_PLACE_KNOWN


def _row(
    one: Priced, total: float | None, asked: BriefRequest, further: Sequence[str], place: str, *, has_orders: bool
) -> tuple[Value, ...]:
    problem, value, worth = one.touched.problem, one.value, one.worth
    complaint, drop = problem.complaint, problem.drop_off
    customers = len(one.touched.customers)
    dropping: tuple[Value, ...] = (None,) * 7
    if drop:
        share = drop.dropped / drop.users
        dropping = (share, share - drop.difference.value, *drop.difference, drop.dropped, drop.users)
    return (
        problem.name,
        place,
        problem.since,
        drop.unknown or None if drop else None,
        complaint.tickets if complaint else None,
        complaint.expected if complaint else None,
        drop.step if drop else None,
        one.touched.mostly,
        *dropping,
        customers,
        len(one.touched.ordered) if customers and has_orders else None,
        len(one.touched.silent) if drop else None,
        one.counted,
        one.beyond.value / one.counted if one.counted else None,
        *(worth.value if worth else (None,) * 3),
        worth.customers if worth else 0,
        *(value if value else (None,) * 3),
        (value.value / total if total else None) if value else None,
        one.currency,
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
        steps = ("--steps", asked.steps) if asked.steps else ()
        further = that_finds(answers, ("why", "funnel", "--step", drop.step, "--group", group, *steps), asked.period)
    if further or complaint is None:
        return further or ("funnel", "--by", asked.place)
    places = tuple(word for pair in complaint.place for word in ("--where", str(equals(*pair))))
    return ("tickets", "--where", str(equals(asked.by, complaint.text)), *places)
