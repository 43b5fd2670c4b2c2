"""The words of `ltv`: the formula with its numbers and units, its check, the second opinion, and what to beware of."""

from __future__ import annotations

from supportkit.stats.lifetime_value import CustomerBase
from supportkit.system.frozen import dataclass
from supportkit.worth.ltv_sql import BuyerGroup

TOO_FEW, FEW = 5, 30  # customers for an interval, for a claim
ENOUGH = 400  # from here on the interval holds the truth in 92 of 100 samples or more, benchmarks/ltv_interval.py
APART = 0.1  # the product and the observed value, before the reader is told


@dataclass(frozen=True)
class LtvOptions:
    """The options of `ltv`, checked: `discount` per day, `margin` 1 where none is given."""

    gap: int
    horizon: int | None
    margin: float
    discount: float
    newcomers: bool


def ltv_notes(
    total: CustomerBase, split: list[tuple[BuyerGroup, CustomerBase]], asked: LtvOptions, currency: str | None
) -> tuple[str, ...]:
    """The notes; `split` is by (dimension, dimension, currency), and several currencies are told one by one."""
    several = len({key.currency for key, _ in split}) > 1
    if not total.customers:
        return _nobodys(total, currency, several)
    if several:
        groups = [(key.currency, group) for key, group in split] if not any(key.by_1 for key, _ in split) else []
        lines = [line for name, group in groups for line in _formula(group, asked, name)]
        start = "amounts in several currencies are never added: one row for each, no money in the total"
        return (start, *lines, *_nobodys(total, currency, several), *_extrapolated(split, asked))
    lines = _formula(total, asked, currency)
    if not lines:
        return ("no time has passed since the first orders: there is no rate and no lifetime yet",)
    return (
        *lines,
        *_nobodys(total, currency, several),
        *_second_opinion(total, asked),
        *_cautions(total, asked),
        *_extrapolated(split, asked),
    )


def _nobodys(total: CustomerBase, currency: str | None, several: bool) -> tuple[str, ...]:
    """The orders without a customer, and the revenue per order of the others, of which ltv is made."""
    if not total.nobodys_orders:
        return ()
    unit = f" {currency}" if currency else ""
    told = f"{total.nobodys_orders:,} orders without a customer"
    if several:
        return (f"{told} are in revenue, orders and aov, and in no figure per customer",)
    told += f" ({total.nobodys_revenue:,.2f}{unit})"
    if not total.orders:
        return (f"{told}: there is revenue and an aov, and no figure per customer",)
    own = f"{float(total.revenue) / total.orders:,.2f}{unit}"
    return (f"{told} are in revenue, orders and aov, and in no figure per customer: ltv is made of {own} per order",)


def _formula(group: CustomerBase, asked: LtvOptions, currency: str | None) -> list[str]:
    worth = group.value(asked.horizon or 0, asked.discount)
    if worth is None:
        return []
    unit = f" {currency}" if currency else ""
    factors = [f" × margin {asked.margin:g}"] if asked.margin != 1 else []
    factors += [f" × discounting {worth.present:.4f}"] if asked.discount else []
    value, watched = asked.margin * worth.value, worth.aov * worth.rate * worth.watched
    return [
        f"ltv = aov × repeat rate × lifetime: {value:,.2f}{unit} = {worth.aov:,.2f}{unit} per order × {worth.rate:.4f} "
        f"orders per customer-month × {worth.lifetime:.3f} months{''.join(factors)} (gap {asked.gap} d, horizon "
        f"{asked.horizon} d, {group.customers:,} customers, {group.orders:,} orders)",
        f"check: aov × repeat rate × {worth.watched:.4f} months watched = {watched:,.4f}{unit} = revenue per customer",
    ]


def _extrapolated(split: list[tuple[BuyerGroup, CustomerBase]], asked: LtvOptions) -> list[str]:
    """The rows in which nobody was watched up to the horizon."""
    names = []
    parts = 3 if len({key.currency for key, _ in split}) > 1 else 2
    for key, group in split:
        worth = group.value(asked.horizon or 0)
        if worth and worth.extrapolated:
            names.append(" ".join(part for part in key[:parts] if part))
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return [f"extrapolated rows, where nobody was watched up to {asked.horizon} days: {shown}"] if names else []


def _second_opinion(total: CustomerBase, asked: LtvOptions) -> list[str]:
    """What stands beside the headline: the value without a churn rule, first orders, and other gaps."""
    values = []
    for gap in sorted({asked.gap, *total.otherwise}):
        other = None if gap == asked.gap else gap
        worth = total.value(asked.horizon or 0, asked.discount, other)
        values.append(f"{asked.margin * worth.value:,.2f} at {gap} d" if worth else f"none at {gap} d")
    first_orders, first_revenue = total.ages.get(0, (0, 0.0))
    lines = [
        "observed_ltv is revenue per customer watched to each age, without any rule of churn; the interval is the "
        "middle 95 % of 1,000 draws of customers",
        f"ltv by gap: {', '.join(values)}; the repeat rate and the lifetime alone cannot be compared across gaps",
    ]
    later = total.orders - first_orders
    worth = total.value(asked.horizon or 0)
    again = ""
    if worth:
        again = f", {worth.rate * (1 - total.customers / total.orders):.4f} times per customer-month"
        lines[0] += f"; the standard error of the lifetime is {worth.lifetime_error:.3f} months"
    if first_orders and later:
        spent = float(total.revenue) - first_revenue
        lines.append(
            f"an order of a customer's first day brings {first_revenue / first_orders:,.2f}, a later one "
            f"{spent / later:,.2f}; {total.repeaters:,} of {total.customers:,} customers ordered again{again}"
        )
    return lines


def _cautions(total: CustomerBase, asked: LtvOptions) -> list[str]:
    """Where the figures rest on little, or on something that was not seen."""
    lines, horizon = [], asked.horizon or 0
    worth = total.value(horizon)
    longest = max(cell.duration for cell in total.cells)
    if total.customers < FEW:
        lines.append(f"small n: {total.customers} customers")
    if TOO_FEW <= total.customers < ENOUGH:
        lines.append(
            f"under {ENOUGH} customers the interval tends to end too low: those who spend most may not have come yet"
        )
    if worth and worth.extrapolated:
        lines.append(
            f"extrapolated: no customer's life was watched beyond {longest:.0f} days; from there to {horizon} days the "
            "lifetime assumes that nobody else lapses"
        )
    elif worth and worth.at_risk < FEW:
        lines.append(
            f"only {worth.at_risk} customers were still watched at {horizon} days: the end of the curve is rough"
        )
    start = max(total.follow_up)
    if start <= asked.gap:
        lines.append(
            f"the first customer is {start} days old, no more than the gap of {asked.gap}: nobody can have lapsed yet, "
            "and the lifetime is the horizon"
        )
    if horizon > start:
        lines.append(f"extrapolated: no customer was followed beyond {start} days, where observed_ltv ends")
    observed = total.observed(horizon)
    if worth and observed and not worth.extrapolated and abs(worth.value / observed - 1) > APART:
        apart = 100 * (worth.value / observed - 1)
        more, as_they = ("above", "less") if apart > 0 else ("below", "more")
        lines.append(
            f"ltv is {abs(apart):.0f} % {more} observed_ltv: customers order {as_they} as they age, which one rate for "
            "all ages cannot know; believe observed_ltv"
        )
    early = sum(count for days, count in total.follow_up.items() if days >= start - asked.gap)
    if asked.newcomers:
        lines.append(f"only customers who first ordered more than {asked.gap} days after the data begin")
    else:
        lines.append(
            f"{early:,} of {total.customers:,} customers first ordered within {asked.gap} days of the start of the "
            "data: if they had ordered before it, they have lived longer than is seen here (--newcomers drops them)"
        )
    return lines
