"""The words of `ltv`: the formula with its numbers and units, what it rests on, and what to beware of."""

from __future__ import annotations

from itertools import pairwise

from supportkit.result import counted, numbered
from supportkit.stats.skewed_mean import FEWEST, freedom
from supportkit.stats.value_by_age import ENOUGH_WATCHED, ValueByAge, brought_by, growth
from supportkit.worth.backtest import Backtest
from supportkit.worth.buyer_groups import LAUNCHED
from supportkit.worth.classic_notes import classic_formula, classic_rest
from supportkit.worth.customer_base import CustomerBase
from supportkit.worth.ltv_options import LtvOptions, factors
from supportkit.worth.ltv_sql import BuyerGroup

BANDS = (0, 30, 90, 180, 365, 730, 1095)
NAMED = 5  # rows that are named in a note
MOSTLY_OLD = 0.25  # share of customers from before the data from which on the value is theirs as much
UNEVEN = 10  # degrees of freedom of the spread of spending: with fewer it rests on a few customers


Named = list[tuple[BuyerGroup, CustomerBase]]


def ltv_notes(
    total: CustomerBase, split: Named, asked: LtvOptions, currency: str | None, past: Backtest | None
) -> tuple[str, ...]:
    """The notes; `split` is by (dimension, dimension, currency), and several currencies are told one by one."""
    formula = classic_formula if asked.classic else by_age_formula
    several = len({key.currency for key, _ in split}) > 1
    if not total.customers:
        return nobodys_note(total, asked, currency, several)
    if several:
        groups = [(key.currency, group) for key, group in split] if not any(key.by_1 for key, _ in split) else []
        lines = [line for name, group in groups for line in formula(group, asked, name)]
        start = "amounts in several currencies are never added: one row for each, no money in the total"
        return (start, *lines, *nobodys_note(total, asked, currency, several), *_rows(split, asked))
    lines = formula(total, asked, currency)
    if not lines:
        return ("no time has passed since the first orders: there is no rate and no lifetime yet",)
    rest = classic_rest(total, asked) if asked.classic else by_age_rest(total, asked, currency, past)
    return (*lines, *nobodys_note(total, asked, currency, several), *rest, *_rows(split, asked))


def nobodys_note(total: CustomerBase, asked: LtvOptions, currency: str | None, several: bool) -> tuple[str, ...]:
    """The orders without a customer, which no term of ltv is made of, and the revenue per order with them."""
    if not total.nobodys_orders:
        return ()
    unit = f" {currency}" if currency else ""
    number = total.nobodys_orders
    told = "1 order without a customer" if number == 1 else f"{number:,} orders without a customer"
    be = "is" if number == 1 else "are"
    if several:
        return (f"{told} {be} in revenue and orders, and in no figure per customer",)
    told += f" ({total.nobodys_revenue:,.2f}{unit})"
    if not total.orders:
        return (f"{told}: there is revenue and an aov, and no figure per customer",)
    every = f"{float(total.all_revenue) / total.all_orders:,.2f}{unit}"
    return (f"{told} {be} in revenue and orders, and in no term of ltv: all orders bring {every} per order",)


def by_age_formula(group: CustomerBase, asked: LtvOptions, currency: str | None) -> list[str]:
    """The product with its numbers, its parts, and the sum over ages that it is."""
    worth = group.value(asked.age, asked.discount)
    if worth is None:
        return []
    unit = f" {currency}" if currency else ""
    lines = [
        f"ltv = aov × repeat rate × lifetime: {asked.margin * worth.value:,.2f}{unit} = {worth.aov:,.2f}{unit} per "
        f"order × {worth.rate:.4f} orders per customer-month × {worth.lifetime:.3f} months"
        f"{factors(asked, worth.present)} (gap {asked.gap} d, horizon {asked.age} d, "
        f"{numbered(group.customers, 'customer')}, {numbered(group.orders, 'order')})",
        f"orders per customer to the age of {numbered(asked.age, 'day')}: 1 first order + {worth.orders - 1:.4f} "
        f"repeat orders = {worth.orders:.4f}; {numbered(worth.watched, 'customer was', 'customers were')} watched that "
        "long",
    ]
    if not worth.forecast:
        lines.append(_sum_over_ages(group, asked.age, unit))
    return lines


def _sum_over_ages(group: CustomerBase, age: int, unit: str) -> str:
    """Revenue per customer of each span of ages, which come to the value."""
    cuts = [*(cut for cut in BANDS if cut < age), age]
    parts = [f"first day {brought_by(group.steps, 0).revenue:,.2f}"]
    for before, cut in pairwise(cuts):
        spent = brought_by(group.steps, cut).revenue - brought_by(group.steps, before).revenue
        parts.append(f"to day {cut} {spent:,.2f}")
    whole = f"{group.observed(age):,.2f}{unit}"
    return f"check: {whole} is the sum over ages of revenue per customer watched to each: {'; '.join(parts)}"


def by_age_rest(total: CustomerBase, asked: LtvOptions, currency: str | None, past: Backtest | None) -> list[str]:
    """What the value rests on, and what to beware of."""
    worth = total.value(asked.age, asked.discount)
    assert worth is not None
    lines = _forecast(total, asked, currency, past) if worth.forecast else []
    lines += _interval(total, asked, worth) + _first_and_later(total)
    longest = max(total.follow_up)
    if longest > asked.gap:
        lines.append(
            f"the standard error of the lifetime is {worth.lifetime_error:.3f} months; another gap moves the repeat "
            "rate and the lifetime against each other, and not ltv"
        )
    if total.customers < ENOUGH_WATCHED:
        lines.append(counted(total.customers, "small n: {n} customer", "small n: {n} customers"))
    elif not worth.forecast and (watched := total.watched(asked.age)) < ENOUGH_WATCHED:
        lines.append(f"small n: {watched} of {total.customers} customers were watched to {asked.age} days")
    if longest <= asked.gap:
        lines.append(
            f"the first customer is {numbered(longest, 'day')} old, no more than the gap of {asked.gap}: nobody can "
            "have lapsed yet, and the lifetime is the horizon"
        )
    elif worth.level_lifetime:
        lines.append(
            "at the end of the horizon only lapsed customers were watched: the lifetime takes the others to stay"
        )
    return lines + _halves(total, asked, currency) + _earlier(total, asked, currency) + _falling(total, asked, currency)


def _forecast(total: CustomerBase, asked: LtvOptions, currency: str | None, past: Backtest | None) -> list[str]:
    """That the value is a forecast, from what, and how one like it would have done."""
    unit, base = f" {currency}" if currency else "", total.usual_age
    grow = growth(total.steps, base)
    lines = [
        f"forecast: customers were watched to {base} days, where they had brought {total.observed(base):,.2f}{unit}; "
        f"from there to {asked.age} days repeat orders are taken to grow on as the age to the power of {grow:.2f}, "
        "and nothing of it has been measured"
    ]
    if past is None or past.reason:
        return [*lines, f"no backtest: {past.reason if past else 'amounts are in several currencies'}"]
    off = round(100 * (past.forecast / past.seen - 1), 1) or 0.0
    return [
        *lines,
        f"backtest: from the orders up to {past.day}, with {past.watched} days watched, {past.forecast:,.2f}{unit} at "
        f"{past.age} days; seen by now {past.seen:,.2f}{unit} ({off:+.1f} %)",
    ]


def _interval(total: CustomerBase, asked: LtvOptions, worth: ValueByAge) -> list[str]:
    if worth.forecast:
        return ["no interval: a forecast is off by more than chance"]
    if not total.has_interval:
        return [
            f"no interval: of under {FEWEST} customers those who spend most may be missing, and none is known to hold "
            "the truth as often as it says"
        ]
    if total.error is None or total.error.second <= 0:
        return ["no interval: all customers brought the same, and nothing tells how far others may be off"]
    lines = ["the interval is for other customers like these (Hall, by customer, 95 %)"]
    if freedom(total.error) < UNEVEN:
        lines.append(
            "a few customers make most of the spread of spending: with one of them more or fewer ltv would be far off, "
            "and the interval reaches far up"
        )
    return lines


def _first_and_later(total: CustomerBase) -> list[str]:
    """What first and later orders bring."""
    first = total.ages.get(0)
    if first is None or total.orders <= first.orders:
        return []
    later = total.orders - first.orders
    return [
        f"an order of a customer's first day brings {first.revenue / first.orders:,.2f}, a later one "
        f"{(float(total.revenue) - first.revenue) / later:,.2f}; {total.repeaters:,} of {total.customers:,} customers "
        "ordered again"
    ]


def _halves(total: CustomerBase, asked: LtvOptions, currency: str | None) -> list[str]:
    """That customers of today are not like those of whom the late ages are known."""
    found = total.halves(asked.age)
    if found is None or not found.apart:
        return []
    unit = f" {currency}" if currency else ""
    more, other = ("less", "high") if found.ratio < 1 else ("more", "low")
    younger, older = found.younger, found.older
    return [
        f"customers who came later bring {more}: {younger.first:,.2f}{unit} on the first day and {younger.later:,.2f} "
        f"after it in their first {found.days} days, the older half {older.first:,.2f} and {older.later:,.2f}. What "
        "late ages bring is known of the older alone: for all customers ltv is perhaps "
        f"too {other}, and the interval reaches to what it is if the others stay as far apart"
    ]


def _earlier(total: CustomerBase, asked: LtvOptions, currency: str | None) -> list[str]:
    """What was done about customers from before the data."""
    if asked.newcomers:
        return [f"only customers who first ordered more than {asked.gap} days after the data begin"]
    if asked.too_many_before:
        return [
            f"first orders before {asked.too_many_before} may be of customers from before the data: they are more than "
            "half, and all count as new"
        ]
    if not asked.new_from:
        return []
    unit = f" {currency}" if currency else ""
    why = "[orders] complete_from" if asked.said else "first orders are far above those of later weeks up to then"
    return [
        f"{numbered(total.earlier_customers, 'customer')} whose first order here is before {asked.new_from} may have "
        f"ordered before the data begin ({why}): their {total.earlier_orders:,} orders "
        f"({total.earlier_revenue:,.2f}{unit}) are in revenue and orders, and in no figure per customer"
    ]


def _falling(total: CustomerBase, asked: LtvOptions, currency: str | None) -> list[str]:
    """That first orders fall, so that some customers who look new may not be, and what the new ones alone bring."""
    if not asked.fall:
        return []
    unit, old = f" {currency}" if currency else "", total.old_share(asked.fall)
    weekly = f"{asked.fall.level + asked.fall.excess:,.0f} to {asked.fall.level:,.0f} a week"
    what = "is not to be used for new ones" if old > MOSTLY_OLD else "is in part theirs"
    lines = [
        f"first orders fall from {weekly}, as where old customers are seen for the first time: by that "
        f"{100 * old:.0f} % of the customers counted are from before the data, and ltv {what}. If the shop began with "
        f"its first order, set [orders] complete_from to a day {LAUNCHED} days before it"
    ]
    alone = total.new_alone(asked.fall, asked.age, asked.discount)
    if alone is None:
        return [*lines, "how far ltv of new customers alone is from it cannot be told"]
    value = f"{asked.margin * alone.value:,.2f}{unit}"
    return [
        *lines,
        f"ltv of new customers alone is about {value}, by how the older and the younger half differ: the interval "
        "reaches past that, and as far to the other side",
    ]


def _rows(split: Named, asked: LtvOptions) -> list[str]:
    """The rows in which nobody, or hardly anybody, was watched up to the horizon."""
    parts = 3 if len({key.currency for key, _ in split}) > 1 else 2

    known = [(key, group) for key, group in split if group.customers]
    beyond = [key for key, group in known if group.is_forecast(asked.age, classic=asked.classic, group=True)]
    few = [
        key
        for key, group in known
        if group.customers >= ENOUGH_WATCHED and key not in beyond and group.watched(asked.age) < ENOUGH_WATCHED
    ]
    lines = []
    if beyond:
        shown = [" ".join(part for part in key[:parts] if part) for key in beyond[:NAMED]]
        what = "extrapolated" if asked.classic else "forecast"
        names = ", ".join([*shown, *(["…"] if len(beyond) > NAMED else [])])
        lines.append(f"{what} rows, where nobody was watched up to {asked.age} days: {names}")
    if few and not asked.classic:
        rough = f"{len(few)} of {len(known)} rows are rough at the end"
        lines.append(f"{rough}: under {ENOUGH_WATCHED} of their customers were watched up to {asked.age} days")
    return lines
