"""What a customer is worth at an age: what customers who were watched that long have brought by then.

At every age the orders and the revenue of that age are divided by the customers who were watched to it, and added up:
Nelson's mean cumulative function (1988). With the lifetime to that age the sum is a product of three terms with units:
revenue per order, orders per month of life, months of life. Past the watched age repeat orders are taken to go on
growing as a power of the age, which customers who order less as they age do (Duane 1964); that is a forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import exp, log2

from supportkit.stats.survival import Curve, area, falling_rate, restricted_mean
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

DAYS_PER_MONTH = 30.4375  # 365.25 / 12
ENOUGH_WATCHED = 30


class Brought(NamedTuple):
    """Orders and revenue, of an age or per customer."""

    orders: float
    revenue: float


class Step(NamedTuple):
    """What a customer brings at an age: orders and revenue over the customers watched to it."""

    age: int
    watched: int
    brought: Brought


@dataclass(frozen=True)
class ValueByAge:
    """The terms of the product to an age in days; times in months, `present` is what discounting leaves of the value.

    `orders` per customer are the first one and the repeats. `forecast` where the age lies past what was watched.
    """

    age: int
    aov: float
    rate: float
    lifetime: float
    lifetime_error: float
    present: float
    orders: float
    watched: int
    forecast: bool
    level_lifetime: bool

    @property
    def value(self) -> float:
        """Revenue per customer to the age."""
        return self.aov * self.rate * self.lifetime * self.present


def age_watched(follow_up: Mapping[int, int], least: int) -> int:
    """The greatest age in days to which at least so many customers were watched; 0 where fewer are there."""
    seen = 0
    for days in sorted(follow_up, reverse=True):
        seen += follow_up[days]
        if seen >= least:
            return days
    return 0


def usual_age(follow_up: Mapping[int, int]) -> int:
    """The age that figures are taken to: watched by 30 customers; of fewer customers, by half of them."""
    customers = sum(follow_up.values())
    enough = age_watched(follow_up, ENOUGH_WATCHED)
    return enough or age_watched(follow_up, -(-customers // 2))


def last_age(follow_up: Mapping[int, int]) -> int:
    """The age past which a figure of all customers is a forecast: the usual one; of fewer than 30, the longest."""
    if sum(follow_up.values()) < ENOUGH_WATCHED:
        return max(follow_up, default=0)
    return usual_age(follow_up)


def steps(ages: Mapping[int, Brought], follow_up: Mapping[int, int]) -> list[Step]:
    """What a customer brings at each age at which anything was ordered, by age."""
    found, lengths, watched = [], sorted(follow_up, reverse=True), 0
    for age in sorted(ages, reverse=True):
        while lengths and lengths[0] >= age:
            watched += follow_up[lengths.pop(0)]
        if watched:
            orders, revenue = ages[age]
            found.append(Step(age, watched, Brought(orders / watched, revenue / watched)))
    return found[::-1]


def brought_by(known: Iterable[Step], age: float, discount: float = 0.0) -> Brought:
    """Orders and revenue per customer up to an age, later ones worth less by `discount` a day."""
    orders = revenue = 0.0
    for step in known:
        if step.age <= age:
            orders += step.brought.orders
            revenue += step.brought.revenue * (exp(-discount * step.age) if discount else 1)
    return Brought(orders, revenue)


def growth(known: Iterable[Step], watched: int) -> float:
    """The power of the age with which repeat orders grow, from the second half of the watched age; between 0 and 1."""
    known = list(known)
    first = brought_by(known, 0).orders
    half, whole = (brought_by(known, age).orders - first for age in (watched / 2, watched))
    if whole <= 0:
        return 0.0
    return 1.0 if half <= 0 else min(1.0, max(0.0, log2(whole / half)))


def forecast_by(known: Iterable[Step], watched: int, age: int, discount: float = 0.0) -> Brought:
    """The same for an age past the watched one."""
    known = list(known)
    first, seen, today = brought_by(known, 0), brought_by(known, watched), brought_by(known, watched, discount)
    power = growth(known, watched)
    whole = (age / watched) ** power - 1 if watched else 0.0
    present = whole
    if discount and whole:
        present = sum(
            ((day / watched) ** power - ((day - 1) / watched) ** power) * exp(-discount * day)
            for day in range(watched + 1, age + 1)
        )
    orders = seen.orders + (seen.orders - first.orders) * whole
    return Brought(orders, today.revenue + (seen.revenue - first.revenue) * present)


def value_at(
    known: list[Step],
    follow_up: Mapping[int, int],
    lives: Curve,
    age: int,
    *,
    last: int,
    base: int,
    discount: float = 0.0,
) -> ValueByAge | None:
    """The product at an age; past `last` it is a forecast from what was watched to `base`.

    None where no time was lived or nothing was ordered.
    """
    beyond = age > last
    plain = forecast_by(known, base, age) if beyond else brought_by(known, age)
    mean = restricted_mean(lives, age)
    lifetime = area(lives, 0, age, tail=falling_rate(lives)) if beyond else mean.mean
    if not (plain.orders and lifetime):
        return None
    present = 1.0
    if discount and plain.revenue:
        now = forecast_by(known, base, age, discount) if beyond else brought_by(known, age, discount)
        present = now.revenue / plain.revenue
    return ValueByAge(
        age=age,
        aov=plain.revenue / plain.orders,
        rate=plain.orders / lifetime * DAYS_PER_MONTH,
        lifetime=lifetime / DAYS_PER_MONTH,
        lifetime_error=mean.standard_error / DAYS_PER_MONTH,
        present=present,
        orders=plain.orders,
        watched=sum(customers for days, customers in follow_up.items() if days >= age),
        forecast=beyond,
        level_lifetime=mean.extrapolated and not beyond,
    )


def later_customers(
    known: Iterable[Step], follow_up: Mapping[int, int], age: float, ratio: float, discount: float = 0.0
) -> float:
    """Revenue per customer to an age if those not watched to each age bring `ratio` times what those watched bring."""
    customers = sum(follow_up.values())
    return sum(
        step.brought.revenue
        * (exp(-discount * step.age) if discount else 1)
        * (step.watched + (customers - step.watched) * ratio)
        / customers
        for step in known
        if step.age <= age
    )
