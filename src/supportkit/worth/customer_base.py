"""A group of customers as counts and sums, by length of life and by age, and what it is worth by either definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from math import exp, hypot, sqrt

from supportkit.stats.first_orders import Fall
from supportkit.stats.intervals import two_sided_p
from supportkit.stats.lifetime_value import LifetimeValue, lifetime_value
from supportkit.stats.new_alone import Half, NewAlone, new_alone
from supportkit.stats.skewed_mean import FEWEST, PowerSums, skewed_interval
from supportkit.stats.survival import Curve, grouped_kaplan_meier
from supportkit.stats.value_by_age import (
    Brought,
    Step,
    ValueByAge,
    age_watched,
    brought_by,
    last_age,
    later_customers,
    steps,
    usual_age,
    value_at,
)
from supportkit.system.named import NamedTuple

Z = 1.96
APART = 0.05
"""The chance of so large a difference between the halves of customers who are alike, under which they are not."""


class HalfCounts(NamedTuple):
    """Half of the customers, the older or the younger: by length of follow-up, and what they brought at each age."""

    follow_up: dict[int, int]
    ages: dict[int, Brought]


class FirstDays(NamedTuple):
    """What customers brought on the first day, after that in their first days, and of that in the last half of them."""

    first: float
    later: float
    late: float


class Halves(NamedTuple):
    """What the older and the younger half brought in so many first days, the chance of that if they were alike, and the
    error of the logarithm of how much more or less the younger bring after the first day; that day is known of all."""

    days: int
    older: FirstDays
    younger: FirstDays
    p: float
    error: float

    @property
    def apart(self) -> bool:
        """Whether customers of today are not like those of whom the late ages are known."""
        return self.p < APART

    @property
    def ratio(self) -> float:
        """What the younger bring after the first day, over what the older do."""
        return self.younger.later / self.older.later

    @property
    def furthest(self) -> float:
        """How far the ratio may lie from 1 at late ages: the end of its 95 % interval, or of that of the last half of
        the first days, whose error grows as there are fewer orders in it. Who returns less often is further off late.
        """
        more = self.ratio > 1
        found = self.ratio * exp(Z * self.error if more else -Z * self.error)
        if not (self.older.late > 0 and self.younger.late > 0):
            return found
        part = min(self.older.late / self.older.later, self.younger.late / self.younger.later)
        off = Z * self.error / sqrt(part)
        late = self.younger.late / self.older.late * exp(off if more else -off)
        return max(found, late) if more else min(found, late)


@dataclass
class CustomerBase:
    """What has to be known of a group of customers.

    Orders of nobody, and of customers from before the data, are in revenue and orders and in nothing else. `error`
    holds what each customer adds to the error of the value, in shares of it, and `halves_errors` the variance of what
    each half brings on the first day and after it in its first days, in shares of what both halves do, added up.
    """

    lives: dict[tuple[float, bool], int] = field(default_factory=dict)
    otherwise: dict[int, dict[tuple[float, bool], int]] = field(default_factory=dict)  # lives by other gaps
    orders: int = 0
    repeaters: int = 0
    customers: int = 0
    revenue: Decimal = Decimal()
    older: HalfCounts = field(default_factory=lambda: HalfCounts({}, {}))
    younger: HalfCounts = field(default_factory=lambda: HalfCounts({}, {}))
    median: float = 0.0
    top_share: float | None = None
    nobodys_orders: int = 0
    nobodys_revenue: Decimal = Decimal()
    earlier_customers: int = 0
    earlier_orders: int = 0
    earlier_revenue: Decimal = Decimal()
    error: PowerSums | None = None
    halves_errors: tuple[float, float] | None = None

    @property
    def all_orders(self) -> int:
        """Orders of whomever."""
        return self.orders + self.nobodys_orders + self.earlier_orders

    @property
    def all_revenue(self) -> Decimal:
        """Revenue of whomever."""
        return self.revenue + self.nobodys_revenue + self.earlier_revenue

    @cached_property
    def follow_up(self) -> dict[int, int]:
        """Customers by days from their first order to the end."""
        found = dict(self.older.follow_up)
        for days, customers in self.younger.follow_up.items():
            found[days] = found.get(days, 0) + customers
        return found

    @cached_property
    def ages(self) -> dict[int, Brought]:
        """Orders and revenue by age in days."""
        found = dict(self.older.ages)
        for age, (orders, revenue) in self.younger.ages.items():
            before = found.get(age, Brought(0, 0.0))
            found[age] = Brought(before.orders + orders, before.revenue + revenue)
        return found

    @cached_property
    def steps(self) -> list[Step]:
        """What a customer brings at each age."""
        return steps(self.ages, self.follow_up)

    @cached_property
    def curve(self) -> Curve:
        """How long customers stay."""
        return grouped_kaplan_meier(self.lives)

    @property
    def usual_age(self) -> int:
        """The age that the value is taken to where none is asked for."""
        return usual_age(self.follow_up)

    def last_age(self, *, group: bool = False) -> int:
        """The age past which the value is a forecast; of a `group` of all customers, where nobody was watched."""
        return max(self.follow_up, default=0) if group else last_age(self.follow_up)

    def watched(self, age: int) -> int:
        """How many customers were watched to an age."""
        return sum(customers for days, customers in self.follow_up.items() if days >= age)

    def came_within(self, days: int) -> int:
        """How many customers first ordered on one of the last days: on the last itself, or up to so many before it."""
        return sum(customers for follow_up, customers in self.follow_up.items() if follow_up <= days)

    def is_forecast(self, age: int, *, classic: bool = False, group: bool = False) -> bool:
        """Whether an age lies past what was watched."""
        return age > (max(self.follow_up, default=0) if classic else self.last_age(group=group))

    def value(self, age: int, discount: float = 0.0, *, group: bool = False) -> ValueByAge | None:
        """The product by age; of a group of all customers with `group`."""
        if not self.lives:
            return None
        last = self.last_age(group=group)
        return value_at(self.steps, self.follow_up, self.curve, age, last=last, base=self.usual_age, discount=discount)

    def classic(self, horizon: float, discount: float = 0.0, gap: int | None = None) -> LifetimeValue | None:
        """The product with one rate, by another gap where one is named."""
        lives = self.lives if gap is None else self.otherwise[gap]
        return lifetime_value(lives, self.orders, float(self.revenue), horizon, discount=discount)

    def observed(self, age: float, discount: float = 0.0) -> float | None:
        """Revenue per customer watched to each age, without any rule of churn; None where nobody was watched."""
        return brought_by(self.steps, age, discount).revenue if self.steps else None

    @property
    def has_interval(self) -> bool:
        """Whether there are customers enough for one."""
        return self.customers >= FEWEST

    def first_days(self, age: int) -> int:
        """How many first days both halves were watched for, up to an age: those of which 30 of the younger saw all."""
        return min(age, age_watched(self.younger.follow_up, min(30, -(-sum(self.younger.follow_up.values()) // 2))))

    def halves(self, age: int) -> Halves | None:
        """The halves compared; None where there is nothing to compare."""
        days, usual = self.first_days(age), self.usual_first_days(age)
        older, younger = (_brought_in(half, days) for half in self.both)
        if self.halves_errors is None or not (older.later > 0 and younger.later >= 0 and usual.first > 0):
            return None
        apart = (older.first - younger.first) / usual.first + (older.later - younger.later) / usual.later
        error = sqrt(sum(self.halves_errors))
        of_both = zip(self.halves_errors, (older.later, younger.later), strict=True)
        off = hypot(*(sqrt(variance) * usual.later / later for variance, later in of_both if later))
        return Halves(days, older, younger, two_sided_p(apart / error) if error else float(not apart), off)

    def usual_first_days(self, age: int) -> FirstDays:
        """What both halves bring in their first days, each counted alike."""
        older, younger = (_brought_in(half, self.first_days(age)) for half in self.both)
        return FirstDays(*((one + other) / 2 for one, other in zip(older, younger, strict=True)))

    @property
    def both(self) -> tuple[HalfCounts, HalfCounts]:
        """The older half and the younger."""
        return self.older, self.younger

    def old_share(self, fall: Fall) -> float:
        """The share of those who look new that are old customers, by the fall of first orders."""
        return _old_share(self.follow_up, fall)

    def new_alone(self, fall: Fall, age: int, discount: float = 0.0) -> NewAlone | None:
        """What new customers alone bring to an age; None where nothing tells."""
        if self.halves_errors is None:
            return None
        days, usual = self.first_days(age), self.usual_first_days(age)
        older, younger = (
            Half(*_brought_in(half, days)[:2], sqrt(variance) * usual.later, _old_share(half.follow_up, fall))
            for half, variance in zip(self.both, self.halves_errors, strict=True)
        )
        return new_alone(self.steps, self._old_by_age(fall), older, younger, age, discount)

    def _old_by_age(self, fall: Fall) -> dict[int, float]:
        """The share of old customers among those who were watched to each age at which anything was ordered."""
        found, lengths, watched, old = {}, sorted(self.follow_up, reverse=True), 0, 0.0
        for step in reversed(self.steps):
            while lengths and lengths[0] >= step.age:
                days = lengths.pop(0)
                watched += self.follow_up[days]
                old += self.follow_up[days] * fall.old_share(days)
            found[step.age] = old / watched
        return found

    def interval(self, age: int, discount: float = 0.0, fall: Fall | None = None) -> tuple[float, float] | None:
        """The 95 % interval of the value at a watched age. Where the halves differ, it reaches to what the value is if
        late ages will differ as much; where first orders fall, to what new customers alone may bring, and as far up."""
        whole = self.observed(age, discount)
        if self.error is None or not whole:
            return None
        found = skewed_interval(1.0, self.error)
        if found is None:
            return None
        low, high = found
        halves = self.halves(age)
        if halves is not None and halves.apart:
            reach = later_customers(self.steps, self.follow_up, age, halves.furthest, discount) / whole
            low, high = min(low, low * reach), max(high, high * reach)
        alone = self.new_alone(fall, age, discount) if fall else None
        if alone is not None:
            new, of_chance = alone.value / whole, sqrt(self.error.second) / self.error.n
            error = Z * hypot(alone.error / whole, new * of_chance)
            low, high = min(low, new - error), max(high, new + error)
            high = max(high, 2 - low)  # old customers who order slowly are seen last, and may bring less than new ones
        return max(0.0, low * whole), high * whole


def _old_share(follow_up: Mapping[int, int], fall: Fall) -> float:
    return sum(count * fall.old_share(days) for days, count in follow_up.items()) / sum(follow_up.values())


def _brought_in(half: HalfCounts, days: int) -> FirstDays:
    """What a half brings in its first days."""
    known = steps(half.ages, half.follow_up)
    first = brought_by(known, 0).revenue
    whole, early = (brought_by(known, upto).revenue for upto in (days, days / 2))
    return FirstDays(first, whole - first, whole - max(first, early))
