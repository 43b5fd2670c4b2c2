"""Who writes to the sample shop when, from where and about what: the usual weeks, and the planted rises."""

from __future__ import annotations

import math
from bisect import bisect
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.shop_data.dice import Deck, Dice
from benchmarks.shop_data.plan import (
    CATEGORIES,
    COUNTRIES,
    COUNTRY_MIX,
    FIRST_MONDAY,
    PART_WEEK,
    PLANTED,
    WEEKS,
    ZONE,
    Rise,
    week_index,
)
from benchmarks.shop_data.trade import Customer, Trade, moment_in, season

Cell = tuple[str, str]  # category, country
#: products that tickets are about, of 24
PRODUCTS = (
    ("annual plan", 9),
    ("monthly plan", 4),
    ("beans", 4),
    ("beans xl", 3),
    ("carafe", 1),
    ("grinder", 1),
    ("kettle", 1),
    ("machine", 1),
)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
STEADY_FROM = week_index("2026-W38")


@dataclass
class Draft:
    """A ticket that is about to be written."""

    week: int
    category: str
    country: str
    plant: str  # "b", "c" or ""
    created: datetime = NEVER
    customer: Customer | None = None
    order: str = ""
    product: str = ""
    amount: float = 0.0


def make_drafts(seed: str, trade: Trade) -> list[Draft]:
    """Who writes when, where and about what; oldest first."""
    dice = Dice(f"{seed} drafts")
    drafts: list[Draft] = []
    before: list[Cell] = []
    for week in range(WEEKS + 1):
        steady = "strictly" if week == WEEKS - 1 else "nearly" if STEADY_FROM <= week < WEEKS else ""
        before = usual_week(dice, _means(week), before, steady)
        drafts += [Draft(week, category, country, "") for category, country in before]
        for letter, rise in (("b", PLANTED.b), ("c", PLANTED.c)):
            for country in _planted_countries(rise, week):
                drafts.append(Draft(week, rise.category, country, letter))
    _attach(dice, drafts, trade)
    drafts.sort(key=lambda draft: (draft.created, draft.customer.email if draft.customer else "", draft.category))
    return drafts


def _means(week: int) -> dict[Cell, float]:
    """Usual tickets of that week by category and country, without the planted ones."""
    size = season(week) / season(WEEKS // 2) * (PART_WEEK if week == WEEKS else 1.0)
    means: dict[Cell, float] = {}
    for category, (tickets, _, _) in CATEGORIES.items():
        mix = COUNTRY_MIX.get(category, {country: plan[0] for country, plan in COUNTRIES.items()})
        for country, share in mix.items():
            planted = any(
                rise.category == category and country in dict(rise.countries) and week >= week_index(rise.start_week)
                for rise in (PLANTED.b, PLANTED.c)
            )
            means[category, country] = 0.0 if planted else tickets * size * share
    return means


def usual_week(dice: Dice, means: dict[Cell, float], before: list[Cell], steady: str) -> list[Cell]:
    """The tickets of a week without a trouble in it, drawn anew until chance has planted none of its own.

    No category, country or pair of them stands out from its mean; in a steady week none rises much on the week before.
    """
    while True:
        week = [cell for category in CATEGORIES for cell in _usual_tickets(dice, means, before, category, steady)]
        totals = Counter(country for _, country in week)
        past = Counter(cell[1] for cell in before if means[cell] > 0)
        of = {name: sum(mean for cell, mean in means.items() if cell[1] == name) for name in COUNTRIES}
        if usual(len(week), sum(means.values())) and all(
            usual(totals[name], of[name]) and level(totals[name], past[name], of[name], steady) for name in COUNTRIES
        ):
            return week


def _usual_tickets(dice: Dice, means: dict[Cell, float], before: list[Cell], category: str, steady: str) -> list[Cell]:
    here = {cell: mean for cell, mean in means.items() if cell[0] == category}
    past, mean = sum(here.get(cell, 0.0) > 0 for cell in before), sum(here.values())
    while True:
        cells = [cell for cell, usually in here.items() for _ in range(dice.poisson(usually))]
        peak = any(count > 3 and poisson_tail(count, means[cell]) < 0.02 for cell, count in Counter(cells).items())
        fall = steady == "strictly" and len(cells) < past * 3 / 4
        if not peak and not fall and usual(len(cells), mean) and level(len(cells), past, mean, steady):
            return cells


def usual(count: int, mean: float) -> bool:
    """Whether a count is within what chance does to that mean in 9 weeks of 10."""
    return poisson_tail(count, mean) >= 0.05 and 1 - poisson_tail(count + 1, mean) >= 0.05


def level(count: int, before: int, mean: float, steady: str) -> bool:
    """Whether a count is no rise on the week before: by a third, or in a nearly steady week by one or to the mean."""
    if not steady or count <= before * 4 / 3:
        return True
    return steady == "nearly" and count <= max(before + 1, mean if before >= mean / 2 else 0)


def poisson_tail(count: int, mean: float) -> float:
    """Chance of `count` or more where `mean` is usual."""
    return 1 - sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(count))


def _planted_countries(rise: Rise, week: int) -> list[str]:
    place = week - week_index(rise.start_week)
    if place < 0:
        return []
    count = rise.part_week if week == WEEKS else rise.tickets[place]
    countries = [country for country, share in rise.countries for _ in range(round(count * share))]
    return (countries + [rise.countries[0][0]] * count)[:count]


def _attach(dice: Dice, drafts: list[Draft], trade: Trade) -> None:
    """A customer, an order and a moment for each draft."""
    bought: dict[str, list[tuple[datetime, str, Customer]]] = {country: [] for country in COUNTRIES}
    product = {row["order_id"]: row["product"] for row in trade.orders}
    amount = {row["order_id"]: float(row["amount"]) for row in trade.orders}
    wanted = Deck(dice, [name for name, cards in PRODUCTS for _ in range(cards)])
    for customer in trade.customers:
        bought[customer.country] += [(moment, order, customer) for moment, order, _ in customer.orders]
    for orders in bought.values():
        orders.sort(key=lambda item: (item[0], item[1]))
    gone = _left_at_payment(trade)
    for draft in drafts:
        if draft.plant == "b":
            while plan_week(draft.created) != draft.week:  # who left late on Sunday writes next week: take another
                moment, draft.customer = gone[draft.week].pop()
                draft.created = moment + timedelta(seconds=dice.whole(240, 3300))
            draft.product, draft.amount = "annual plan", 96.0
            continue
        draft.created = moment_in(dice, draft.week)
        orders = bought[draft.country]
        end = bisect(orders, draft.created, key=lambda item: item[0])
        recent = orders[max(0, end - 80) : end] or orders[:1]  # or wrote before the first order on record
        about = wanted.deal()
        _, draft.order, draft.customer = dice.pick([item for item in recent if product[item[1]] == about] or recent)
        draft.product, draft.amount = product[draft.order], amount[draft.order]


def _left_at_payment(trade: Trade) -> dict[int, list[tuple[datetime, Customer]]]:
    """Who left at the payment step of the annual renewal with a card, by week, in an order of chance."""
    dice = Dice("left at payment")
    by_email = {customer.email: customer for customer in trade.customers}
    paid = {row["session_id"] for row in trade.events if row["step"] == "paid"}
    gone: dict[int, list[tuple[datetime, Customer]]] = {}
    for row in trade.events:
        key = (row["country"], row["plan"], row["step"], row["payment_method"])
        if (
            key == (PLANTED.a.country, PLANTED.a.plan, PLANTED.a.step, PLANTED.a.method)
            and row["session_id"] not in paid
        ):
            moment = datetime.fromisoformat(row["occurred_at"])
            gone.setdefault(plan_week(moment), []).append((moment, by_email[row["user_id"]]))
    return {week: [people[k] for k in dice.shuffled_places(len(people))] for week, people in gone.items()}


def plan_week(moment: datetime) -> int:
    """The plan's week of a moment, cut at midnight in the shop's zone."""
    return (moment.astimezone(ZONE).date() - FIRST_MONDAY).days // 7
