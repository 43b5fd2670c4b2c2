"""The words of `ltv --definition classic`: one rate of orders for all ages, its check, and why not to believe it."""

from __future__ import annotations

from supportkit.result import counted, numbered
from supportkit.stats.value_by_age import ENOUGH_WATCHED
from supportkit.worth.customer_base import CustomerBase
from supportkit.worth.ltv_options import LtvOptions, factors

APART = 0.1  # the product and the observed value, before the reader is told


def classic_formula(group: CustomerBase, asked: LtvOptions, currency: str | None) -> list[str]:
    """The product with its numbers, and its check."""
    worth = group.classic(asked.age, asked.discount)
    if worth is None:
        return []
    unit = f" {currency}" if currency else ""
    if not group.repeaters:
        return [
            "no ltv by one rate: nobody has ordered again, and it would count each customer's only order as if it came "
            f"again ({asked.margin * worth.value:,.2f}{unit}); what is known is observed_ltv, "
            f"{asked.margin * (group.observed(asked.age, asked.discount) or 0):,.2f}{unit}"
        ]
    lived = worth.aov * worth.rate * worth.lived
    return [
        f"ltv = aov × repeat rate × lifetime: {asked.margin * worth.value:,.2f}{unit} = {worth.aov:,.2f}{unit} per "
        f"order × {worth.rate:.4f} orders per customer-month × {worth.lifetime:.3f} months"
        f"{factors(asked, worth.present)} (gap {asked.gap} d, horizon {asked.age} d, "
        f"{numbered(group.customers, 'customer')}, {numbered(group.orders, 'order')})",
        f"check: aov × repeat rate × {worth.lived:.4f} months watched = {lived:,.4f}{unit} = revenue per customer",
    ]


def classic_rest(total: CustomerBase, asked: LtvOptions) -> list[str]:
    """What stands beside the product, and where it rests on little, or on something that was not seen."""
    return (_beside(total, asked) if total.repeaters else []) + _cautions(total, asked)


def _beside(total: CustomerBase, asked: LtvOptions) -> list[str]:
    """The value without a churn rule, first orders, and other gaps."""
    values = []
    for gap in sorted({asked.gap, *total.otherwise}):
        other = total.classic(asked.age, asked.discount, None if gap == asked.gap else gap)
        values.append(f"{asked.margin * other.value:,.2f} at {gap} d" if other else f"none at {gap} d")
    lines = [
        "observed_ltv is revenue per customer watched to each age, without any rule of churn; one rate for all ages "
        "has no interval: what it is off by is not chance",
        f"ltv by gap: {', '.join(values)}; the repeat rate and the lifetime alone cannot be compared across gaps",
    ]
    first = total.ages.get(0)
    worth = total.classic(asked.age)
    again = ""
    if worth:
        again = f", {worth.rate * (1 - total.customers / total.orders):.4f} times per customer-month"
        if max(total.follow_up) > asked.gap:
            lines[0] += f"; the standard error of the lifetime is {worth.lifetime_error:.3f} months"
    if first and total.orders > first.orders:
        spent = float(total.revenue) - first.revenue
        lines.append(
            f"an order of a customer's first day brings {first.revenue / first.orders:,.2f}, a later one "
            f"{spent / (total.orders - first.orders):,.2f}; {total.repeaters:,} of {total.customers:,} customers "
            f"ordered again{again}"
        )
    return lines


def _cautions(total: CustomerBase, asked: LtvOptions) -> list[str]:
    lines: list[str] = []
    worth = total.classic(asked.age)
    longest = max(duration for duration, _ in total.lives)
    if total.customers < ENOUGH_WATCHED:
        lines.append(counted(total.customers, "small n: {n} customer", "small n: {n} customers"))
    if worth and worth.extrapolated:
        lines.append(
            f"extrapolated: no customer's life was watched beyond {longest:.0f} days; from there to {asked.age} days "
            "the lifetime assumes that nobody else lapses"
        )
    elif worth and worth.watched < ENOUGH_WATCHED:
        rough = f"still watched at {numbered(asked.age, 'day')}: the end of the curve is rough"
        lines.append(counted(worth.watched, f"only {{n}} customer was {rough}", f"only {{n}} customers were {rough}"))
    start = max(total.follow_up)
    if start <= asked.gap:
        lines.append(
            f"the first customer is {numbered(start, 'day')} old, no more than the gap of {asked.gap}: nobody can have "
            "lapsed yet, and the lifetime is the horizon"
        )
    if asked.age > start:
        lines.append(f"extrapolated: no customer was followed beyond {start} days, where observed_ltv ends")
    observed = total.observed(asked.age)
    if worth and observed and total.repeaters and not worth.extrapolated and abs(worth.value / observed - 1) > APART:
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
