"""The classic reading of lifetime value: one rate of orders for all ages, times the mean lifetime.

The product is (revenue / orders) x (orders / time lived) x (mean lifetime up to a horizon). Its check is that with the
mean time watched in place of the lifetime it is revenue / customers exactly. It counts the certain first order as if it
came again at that rate, which makes it too high where customers are young or do not return. Lives are counts of
customers by (duration in days, whether it ended).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp

from supportkit.stats.survival import area, falling_rate, grouped_kaplan_meier, restricted_mean
from supportkit.stats.value_by_age import DAYS_PER_MONTH
from supportkit.system.frozen import dataclass

Lives = Mapping[tuple[float, bool], int]


@dataclass(frozen=True)
class LifetimeValue:
    """The terms of the product; times in months, `present` is the share of the value that discounting leaves."""

    aov: float
    rate: float
    lifetime: float
    lifetime_error: float
    lived: float
    present: float
    extrapolated: bool
    watched: int

    @property
    def value(self) -> float:
        """Revenue per customer up to the horizon."""
        return self.aov * self.rate * self.lifetime * self.present


def lifetime_value(
    lives: Lives, orders: int, revenue: float, horizon: float, *, discount: float = 0.0
) -> LifetimeValue | None:
    """The product from customers' lives, their orders and revenue.

    None where no time was lived or nothing was ordered. `discount` is a rate per day, continuously compounded; it
    weighs the time lived by exp(-discount x age).
    """
    lived = time_lived(lives)
    if not (orders and lived):
        return None
    curve = grouped_kaplan_meier(lives)
    lifetime = restricted_mean(curve, horizon)
    present = 1.0
    if discount and lifetime.mean:
        aged = {(aged_time(duration, discount), ended): customers for (duration, ended), customers in lives.items()}
        present = restricted_mean(grouped_kaplan_meier(aged), aged_time(horizon, discount)).mean / lifetime.mean
    return LifetimeValue(
        aov=revenue / orders,
        rate=orders / lived * DAYS_PER_MONTH,
        lifetime=lifetime.mean / DAYS_PER_MONTH,
        lifetime_error=lifetime.standard_error / DAYS_PER_MONTH,
        lived=lived / sum(lives.values()) / DAYS_PER_MONTH,
        present=present,
        extrapolated=lifetime.extrapolated,
        watched=curve.watched(horizon),
    )


def time_lived(lives: Lives) -> float:
    """The days that all customers lived together."""
    return sum(duration * customers for (duration, _), customers in lives.items())


def aged_time(time: float, discount: float) -> float:
    """The present worth of one unit a day until `time`: time itself without a discount."""
    return (1 - exp(-discount * time)) / discount if discount else time


def orders_ahead(lives: Lives, orders: int, ages: Mapping[int, int], ahead: float) -> float | None:
    """Orders that the product expects of customers of known ages (days: customers) in the next `ahead` days.

    It is the rate times the area under the lifetime curve from each age on; past the end of the curve, lapsing goes
    on at its mean rate. None where no time was lived.
    """
    lived = time_lived(lives)
    if not lived:
        return None
    curve = grouped_kaplan_meier(lives)
    tail = falling_rate(curve)
    return orders / lived * sum(count * area(curve, age, age + ahead, tail=tail) for age, count in ages.items())
