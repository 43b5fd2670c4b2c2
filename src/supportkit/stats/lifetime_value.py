"""What a customer is worth: the product of three terms with units, and the same without any rule of churn.

The product is (revenue / orders) x (orders / time lived) x (mean lifetime up to a horizon). Its check is that with the
mean time watched in place of the lifetime it is revenue / customers exactly. The second opinion is Nelson's mean
cumulative function (1988): at every age, revenue of that age over the customers who were watched that long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import exp

from supportkit.stats.bootstrap import CustomerCell, lifetime_value_draws, percentile_interval
from supportkit.stats.survival import Curve, area, falling_rate, grouped_kaplan_meier, restricted_mean

DAYS_PER_MONTH = 30.4375  # 365.25 / 12


@dataclass(frozen=True)
class LifetimeValue:
    """The terms of the product; times in months, `present` is the share of the value that discounting leaves."""

    aov: float
    rate: float
    lifetime: float
    lifetime_error: float
    watched: float
    present: float
    extrapolated: bool
    at_risk: int

    @property
    def value(self) -> float:
        """Revenue per customer up to the horizon."""
        return self.aov * self.rate * self.lifetime * self.present


def lifetime_value(
    cells: Iterable[CustomerCell], orders: int, revenue: float, horizon: float, *, discount: float = 0.0
) -> LifetimeValue | None:
    """The product from customers by (duration in days, ended), their orders and revenue.

    None where no time was lived or nothing was ordered. `discount` is a rate per day, continuously compounded; it
    weighs the time lived by exp(-discount x age).
    """
    known = list(cells)
    customers = sum(cell.customers for cell in known)
    lived = sum(cell.duration * cell.customers for cell in known)
    if not (orders and lived):
        return None
    curve = _curve(known)
    lifetime = restricted_mean(curve, horizon)
    present = 1.0
    if discount and lifetime.mean:
        aged = [CustomerCell(aged_time(cell.duration, discount), cell.ended, cell.customers, 0, 0) for cell in known]
        present = restricted_mean(_curve(aged), aged_time(horizon, discount)).mean / lifetime.mean
    return LifetimeValue(
        aov=revenue / orders,
        rate=orders / lived * DAYS_PER_MONTH,
        lifetime=lifetime.mean / DAYS_PER_MONTH,
        lifetime_error=lifetime.standard_error / DAYS_PER_MONTH,
        watched=lived / customers / DAYS_PER_MONTH,
        present=present,
        extrapolated=lifetime.extrapolated,
        at_risk=curve.watched(horizon),
    )


def aged_time(time: float, discount: float) -> float:
    """The present worth of one unit a day until `time`: time itself without a discount."""
    return (1 - exp(-discount * time)) / discount if discount else time


def mean_cumulative(
    revenue: Mapping[int, float], watched: Mapping[int, int], horizon: float, *, discount: float = 0.0
) -> float | None:
    """Revenue per customer up to age `horizon`, from revenue by age and customers by length of follow-up (both days).

    None where nobody was watched. Nothing is assumed about when a customer is lost.
    """
    if not watched:
        return None
    lengths, at_risk, total = sorted(watched, reverse=True), 0, 0.0
    for age in sorted(revenue, reverse=True):
        while lengths and lengths[0] >= age:
            at_risk += watched[lengths.pop(0)]
        if age <= horizon and at_risk:
            total += revenue[age] * exp(-discount * age) / at_risk
    return total


def orders_ahead(cells: Iterable[CustomerCell], orders: int, ages: Mapping[int, int], ahead: float) -> float | None:
    """Orders that the product expects of customers of known ages (days: customers) in the next `ahead` days.

    It is the rate times the area under the lifetime curve from each age on; past the end of the curve, lapsing goes
    on at its mean rate. None where no time was lived.
    """
    known = list(cells)
    lived = sum(cell.duration * cell.customers for cell in known)
    if not lived:
        return None
    curve = _curve(known)
    tail = falling_rate(curve)
    return orders / lived * sum(count * area(curve, age, age + ahead, tail=tail) for age, count in ages.items())


@dataclass
class CustomerBase:
    """What has to be known of a group of customers: counts and sums, by length of life and by age."""

    cells: list[CustomerCell] = field(default_factory=list)
    otherwise: dict[int, dict[tuple[float, bool], int]] = field(default_factory=dict)  # customers by other gaps
    orders: int = 0
    repeaters: int = 0
    customers: int = 0
    revenue: Decimal = Decimal()
    ages: dict[int, tuple[int, float]] = field(default_factory=dict)  # orders and revenue by age in days
    follow_up: dict[int, int] = field(default_factory=dict)  # customers by days from their first order to the end
    median: float = 0.0
    top_share: float | None = None
    nobodys_orders: int = 0  # without a customer: in revenue and orders, and in nothing else
    nobodys_revenue: Decimal = Decimal()

    def value(self, horizon: float, discount: float = 0.0, gap: int | None = None) -> LifetimeValue | None:
        """The product of the three terms, by another gap where one is named."""
        cells = self.cells
        if gap is not None:
            cells = [CustomerCell(duration, ended, n, 0.0, 0.0) for (duration, ended), n in self.otherwise[gap].items()]
        return lifetime_value(cells, self.orders, float(self.revenue), horizon, discount=discount)

    def interval(self, horizon: float, discount: float = 0.0) -> tuple[float, float]:
        """The middle 95 % of 1,000 draws of customers."""
        return percentile_interval(lifetime_value_draws(self.cells, horizon, discount=discount))

    def observed(self, horizon: float, discount: float = 0.0) -> float | None:
        """Revenue per customer watched to each age, without any rule of churn."""
        revenue = {age: spent for age, (_, spent) in self.ages.items()}
        return mean_cumulative(revenue, self.follow_up, horizon, discount=discount)


def _curve(cells: Sequence[CustomerCell]) -> Curve:
    counts: dict[tuple[float, bool], int] = {}
    for cell in cells:
        key = (cell.duration, cell.ended)
        counts[key] = counts.get(key, 0) + cell.customers
    return grouped_kaplan_meier(counts)
