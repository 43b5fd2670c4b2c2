"""Lifetime value: revenue per order × orders per customer-month × months a customer stays.

Each term has its unit, so that the product is money per customer: aov is net revenue / orders; repeat_rate is orders /
months lived by customers; lifetime_months is the mean time that a customer stays, up to the horizon. A customer has
lapsed after --gap days of silence and has then lived from the first order to the last plus the gap; one who has not
is still watched. The mean time is the area under the Kaplan-Meier curve of those times. Over the time watched alone,
the same product is revenue per customer exactly. By a dimension, a customer goes by the first order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from math import log1p
from typing import Annotated, Any

from supportkit.errors import UsageError
from supportkit.parameters import Dimension
from supportkit.period import ALL, Period
from supportkit.result import Chart, Column, Result, Value
from supportkit.stats.bootstrap import Cell
from supportkit.stats.value import CustomerBase
from supportkit.store import Store
from supportkit.store.purchases import PURCHASE, PURCHASE_DAY, left_out, observed_until

TITLE = "Lifetime value"
TABLES = ("orders",)
SOURCE = (
    "aov × purchase rate × lifetime; Kaplan & Meier 1958, Nelson 1988 for the observed one, Efron 1979 for the interval"
)
FACTS = (
    Column("ltv", "money", "LTV", better="up"),
    Column("aov", "money", "Revenue per order", better="up"),
    Column("repeat_rate", "number", "Orders per customer-month", better="up"),
    Column("lifetime_months", "number", "Lifetime, months", better="up"),
    Column("repeat_share", "share", "Bought again", better="up"),
    Column("orders", "count", better="up"),
    Column("customers", "count", better="up"),
    Column("revenue", "money", better="up"),
    Column("revenue_per_customer", "money", better="up"),
    Column("gap_days", "count", "Gap, days"),
    Column("horizon_days", "count", "Horizon, days"),
    Column("ltv_low", "money", "LTV low"),
    Column("ltv_high", "money", "LTV high"),
    Column("observed_ltv", "money", "Observed LTV", better="up"),
    Column("median_revenue", "money", "Median customer", better="up"),
    Column("top_decile_share", "share", "Top tenth's share"),
)
GAPS = (60, 90, 180)
FEW, TOO_FEW = 30, 5
INTERVALS = 100

_LIFE = """
life as (
  select customer_id, by_1, by_2, currency, orders, revenue, first_day,
         date_diff('day', first_day, last_day) as span,
         date_diff('day', last_day, cast($until as date)) as silence,
         date_diff('day', first_day, cast($until as date)) as follow_up
    from (select *, cast(first_at at time zone $zone as date) as first_day,
                 cast(last_at at time zone $zone as date) as last_day
            from buyer)
),
watched as (
  select by_1, by_2, currency, gap, orders, revenue, silence > gap as lapsed,
         case when silence > gap then span + gap else follow_up end as duration
    from life
    cross join (select unnest(cast($gaps as integer[])) as gap)
),
middle as (
  select by_1, by_2, currency, median(revenue) as median_revenue, quantile_disc(revenue, 0.9) as threshold,
         count(*) as customers
    from life
   group by by_1, by_2, currency
),
top as (
  select by_1, by_2, currency, any_value(median_revenue) as median_revenue,
         sum(revenue) as revenue,
         coalesce(sum(revenue) filter (where revenue > threshold), 0)
           + any_value(threshold) * (any_value(customers) / 10.0 - count(*) filter (where revenue > threshold)) as top
    from life
    join middle using (by_1, by_2, currency)
   group by by_1, by_2, currency
)
select by_1, by_2, currency, 'watched' as part, gap, duration as day, lapsed,
       count(*) as customers, sum(orders) as orders, count(*) filter (where orders > 1) as repeaters,
       sum(revenue) as revenue, sum(cast(revenue as decimal(18, 2)) * cast(revenue as decimal(18, 2))) as squared
  from watched
 group by by_1, by_2, currency, gap, duration, lapsed
union all
select by_1, by_2, currency, 'follow_up', null, follow_up, null, count(*), null, null, null, null
  from life
 group by by_1, by_2, currency, follow_up
union all
select life.by_1, life.by_2, life.currency, 'age', null,
       date_diff('day', first_day, cast(ordered_at at time zone $zone as date)) as age,
       null, null, count(*), null, sum(net), null
  from {source} as paid
  join life on life.customer_id = paid.customer_id{same_currency}
 group by life.by_1, life.by_2, life.currency, age
union all
select by_1, by_2, currency, 'spread', null, null, null, null, null, null, median_revenue, top / nullif(revenue, 0)
  from top
 order by by_1, by_2, currency, part, gap, day, lapsed
"""
_BUYER = """
buyer as materialized (
  select customer_id, '' as by_1, '' as by_2, '' as currency,
         min(ordered_at) as first_at, max(ordered_at) as last_at, count(*) as orders, sum(net) as revenue
    from {source}
   group by customer_id
),"""
_BUYER_BY = """
buyer as materialized (
  select customer_id, first_order.by_1 as by_1, first_order.by_2 as by_2, currency, first_at, last_at, orders, revenue
    from (select customer_id, currency,
                 min({{'at': ordered_at, 'by_1': coalesce(by_1, ''), 'by_2': coalesce(by_2, '')}}) as first_order,
                 min(ordered_at) as first_at, max(ordered_at) as last_at, count(*) as orders, sum(net) as revenue
            from {source}
           group by customer_id, currency)
),"""
_SAME = " and life.currency = paid.currency"

SQL = "with" + PURCHASE + "," + (_BUYER + _LIFE).format(source="purchase", same_currency="")
SQL_BY = "with" + PURCHASE + "," + (_BUYER_BY + _LIFE).format(source="purchase", same_currency=_SAME)
_DAYS = "with" + PURCHASE + "," + PURCHASE_DAY + ","
SQL_MERGED = _DAYS + (_BUYER + _LIFE).format(source="purchase_day", same_currency="")
SQL_MERGED_BY = _DAYS + (_BUYER_BY + _LIFE).format(source="purchase_day", same_currency=_SAME)


def ltv(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("orders")] = None,
    gap: Annotated[int, "days of silence after which a customer has lapsed"] = 90,
    horizon: Annotated[int | None, "days of life to count [default: the longest follow-up]"] = None,
    merge_days: Annotated[bool, "count the orders of a customer on one day as one"] = False,
    margin: Annotated[float | None, "share of revenue that is kept, as one more factor"] = None,
    discount: Annotated[float | None, "yearly rate that later money is discounted by, as one more factor"] = None,
) -> Result:
    """Lifetime value as aov × repeat rate × lifetime, with its three terms."""
    asked = _asked(gap, horizon, margin, discount)
    selection = store.select("orders", period=period, by=by)
    scope, notes = store.scope(selection)
    told, until = left_out(store, selection), observed_until(store, period)
    several = len(told.currencies) > 1

    def groups(sql: str, gaps: Iterable[int]) -> list[tuple[tuple[str, ...], CustomerBase]]:
        days = sorted({asked.gap, *gaps})
        given = {"zone": store.zone, "until": until, "gaps": days, "currency": store.currency}
        rows = store.rows(sql, selection, **given)
        return [(key, _group(part)) for key, part in groupby(rows, key=lambda row: row[:3])]

    whole = groups(SQL_MERGED if merge_days else SQL, GAPS)
    total = whole[0][1] if whole else CustomerBase()
    asked = replace(asked, horizon=asked.horizon or max(total.follow_up, default=0))
    facts = _facts(total, asked, money=not several)
    split, columns, rows = [], selection.columns, [facts]
    if whole and (selection.columns or several):
        split = groups(SQL_MERGED_BY if merge_days else SQL_BY, ())
        named = several and "currency" not in selection.by
        columns += (Column("currency", "text"),) if named else ()
        drawn = set(sorted(range(len(split)), key=lambda n: -split[n][1].customers)[:INTERVALS])
        rows = [
            selection.values(key[0], key[1], None) + ((key[2],) if named else ()) + _facts(group, asked, n in drawn)
            for n, (key, group) in enumerate(split)
        ]
    return Result(
        metric="ltv",
        title=TITLE,
        definition="net revenue per order × orders per customer-month × months a customer stays, up to the horizon",
        columns=columns + FACTS,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=_notes(total, split, asked, several, told.currency) + notes + told.notes(),
        scope=replace(scope, currency=told.currency, as_of=store.as_of or scope.as_of),
        chart=Chart("interval", x=columns[0].name, y="ltv", low="ltv_low", high="ltv_high") if columns else None,
    )


@dataclass(frozen=True)
class _Asked:
    """The options, checked: `discount` per day."""

    gap: int
    horizon: int | None
    margin: float
    discount: float
    factors: tuple[str, ...]


def _asked(gap: int, horizon: int | None, margin: float | None, discount: float | None) -> _Asked:
    if gap < 1:
        raise UsageError(f"--gap {gap}: at least one day", hint="for example --gap 90")
    if horizon is not None and horizon < 1:
        raise UsageError(f"--horizon {horizon}: at least one day", hint="for example --horizon 365")
    if margin is not None and not 0 < margin <= 1:
        raise UsageError(f"--margin {margin:g}: a share above 0 and up to 1", hint="for example --margin 0.42")
    if discount is not None and not 0 <= discount < 10:
        raise UsageError(f"--discount {discount:g}: a yearly rate as a share", hint="for example --discount 0.1")
    factors = (f"margin {margin:g}",) if margin is not None else ()
    return _Asked(gap, horizon, margin or 1.0, log1p(discount or 0) / 365.25, factors)


def _group(rows: Iterable[tuple[Any, ...]]) -> CustomerBase:
    """Rows of the query for one group, sorted by part and gap."""
    found = CustomerBase()
    for _, _, _, part, gap, day, lapsed, customers, orders, repeaters, revenue, squared in rows:
        if part == "watched":
            found.cells.setdefault(gap, []).append(Cell(day, lapsed, customers, float(revenue), float(squared)))
            if len(found.cells) == 1:  # the other gaps cut the same customers another way
                found.orders += orders
                found.repeaters += repeaters
                found.customers += customers
                found.revenue += revenue
        elif part == "follow_up":
            found.follow_up[day] = customers
        elif part == "age":
            found.ages[day] = (orders, float(revenue))
        else:
            found.median, found.top_share = float(revenue), None if squared is None else float(squared)
    return found


def _facts(group: CustomerBase, asked: _Asked, interval: bool = True, money: bool = True) -> tuple[Value, ...]:
    if not group.customers:
        return (None,) * 5 + (0, 0) + (None,) * 9
    horizon = asked.horizon or 0
    worth = group.value(asked.gap, horizon, asked.discount)
    low = high = None
    if worth is not None and interval and money and group.customers >= TOO_FEW:
        low, high = (asked.margin * end for end in group.interval(asked.gap, horizon, asked.discount))
    observed = group.observed(horizon, asked.discount)
    return (
        asked.margin * worth.value if worth and money else None,
        float(group.revenue) / group.orders if money else None,
        worth.rate if worth else None,
        worth.lifetime if worth else None,
        group.repeaters / group.customers,
        group.orders,
        group.customers,
        group.revenue if money else None,
        float(group.revenue) / group.customers if money else None,
        asked.gap,
        horizon,
        low,
        high,
        asked.margin * observed if observed is not None and money else None,
        group.median if money else None,
        group.top_share if money else None,
    )


def _notes(
    total: CustomerBase,
    split: list[tuple[tuple[str, ...], CustomerBase]],
    asked: _Asked,
    several: bool,
    currency: str | None,
) -> tuple[str, ...]:
    """The formula with its numbers, its check, the second opinion, and what to beware of."""
    if not total.customers:
        return ()
    if several:
        groups = [(key[2], group) for key, group in split] if not any(key[0] for key, _ in split) else []
        lines = [line for name, group in groups for line in _formula(group, asked, name)]
        return ("amounts in several currencies are never added: one row for each, no money in the total", *lines)
    lines = _formula(total, asked, currency)
    if not lines:
        return ("no time has passed since the first orders: there is no rate and no lifetime yet",)
    return (*lines, *_second_opinion(total, asked), *_cautions(total, asked))


def _formula(group: CustomerBase, asked: _Asked, currency: str | None) -> list[str]:
    worth = group.value(asked.gap, asked.horizon or 0, asked.discount)
    if worth is None:
        return []
    unit = f" {currency}" if currency else ""
    factors = [*(f" × {factor}" for factor in asked.factors)]
    if asked.discount:
        factors.append(f" × discounting {worth.present:.4f}")
    value, watched = asked.margin * worth.value, worth.aov * worth.rate * worth.watched
    return [
        f"ltv = aov × repeat rate × lifetime: {value:,.2f}{unit} = {worth.aov:,.2f}{unit} per order × {worth.rate:.4f} "
        f"orders per customer-month × {worth.lifetime:.3f} months{''.join(factors)} (gap {asked.gap} d, horizon "
        f"{asked.horizon} d, {group.customers:,} customers, {group.orders:,} orders)",
        f"check: aov × repeat rate × {worth.watched:.4f} months watched = {watched:,.4f}{unit} = revenue per customer",
    ]


def _second_opinion(total: CustomerBase, asked: _Asked) -> list[str]:
    """What stands beside the headline: the value without a churn rule, first orders, and other gaps."""
    values = []
    for gap in sorted(total.cells):
        worth = total.value(gap, asked.horizon or 0, asked.discount)
        values.append(f"{asked.margin * worth.value:,.2f} at {gap} d" if worth else f"none at {gap} d")
    first_orders, first_revenue = total.ages.get(0, (0, 0.0))
    lines = [
        "observed_ltv is revenue per customer watched to each age, without any rule of churn; the interval is the "
        "middle 95 % of 1,000 draws of customers",
        f"ltv by gap: {', '.join(values)}; the repeat rate and the lifetime alone cannot be compared across gaps",
    ]
    later = total.orders - first_orders
    if first_orders and later:
        spent = float(total.revenue) - first_revenue
        lines.append(
            f"an order of a customer's first day brings {first_revenue / first_orders:,.2f}, a later one "
            f"{spent / later:,.2f}; {total.repeaters:,} of {total.customers:,} customers ordered again"
        )
    return lines


def _cautions(total: CustomerBase, asked: _Asked) -> list[str]:
    """Where the figures rest on little, or on something that was not seen."""
    lines, horizon = [], asked.horizon or 0
    worth = total.value(asked.gap, horizon)
    longest = max(cell.duration for cell in total.cells[asked.gap])
    if total.customers < FEW:
        lines.append(f"small n: {total.customers} customers")
    if worth and worth.extrapolated:
        lines.append(
            f"extrapolated: no customer was watched beyond {longest:.0f} days of life; from there to {horizon} days "
            "the lifetime assumes that no one else lapses, and observed_ltv that no one orders"
        )
    elif worth and worth.at_risk < FEW:
        lines.append(
            f"only {worth.at_risk} customers were still watched at {horizon} days: the end of the curve is rough"
        )
    start = max(total.follow_up)
    early = sum(count for days, count in total.follow_up.items() if days >= start - asked.gap)
    lines.append(
        f"{early:,} of {total.customers:,} customers first ordered within {asked.gap} days of the start of the data: "
        "if they had ordered before it, they have lived longer than is seen here"
    )
    return lines
