"""The query of `ltv`: per customer once, then every count and sum that the figures need, in one pass.

Rows come in parts: `watched` (customers by length of life, lapsed or not), `watched otherwise` (the same by other gaps,
counts only), `follow_up` (customers by days since their first order), `age` (orders and revenue by age) and `spread`
(median, share of the top tenth).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from supportkit.store.purchases import PURCHASE, PURCHASE_CONVERTED, PURCHASE_DAY

_LIFE: Final = """
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
  select by_1, by_2, currency, orders, revenue, silence > $gap as lapsed, span + least(silence, $gap) as duration
    from life
),
watched_otherwise as (
  select by_1, by_2, currency, gap, silence > gap as lapsed, span + least(silence, gap) as duration
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
select by_1, by_2, currency, 'watched' as part, cast($gap as integer) as gap, duration as day, lapsed,
       count(*) as customers, sum(orders) as orders, count(*) filter (where orders > 1) as repeaters,
       sum(revenue) as revenue, sum(cast(pow(cast(revenue as double), 2) as decimal(38, 4))) as squared
  from watched
 group by by_1, by_2, currency, duration, lapsed
union all
select by_1, by_2, currency, 'watched otherwise', gap, duration, lapsed, count(*), null, null, null, null
  from watched_otherwise
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
_BUYER: Final = """
buyer as materialized (
  select customer_id, '' as by_1, '' as by_2, '' as currency,
         min(ordered_at) as first_at, max(ordered_at) as last_at, count(*) as orders, sum(net) as revenue
    from {source}
   group by customer_id
  having min(ordered_at) >= coalesce(cast($entered as timestamptz), min(ordered_at))
),"""
_BUYER_BY: Final = """
buyer as materialized (
  select customer_id, first_order.by_1 as by_1, first_order.by_2 as by_2, currency, first_at, last_at, orders, revenue
    from (select customer_id, currency,
                 min({{'at': ordered_at, 'by_1': coalesce(by_1, ''), 'by_2': coalesce(by_2, '')}}) as first_order,
                 min(ordered_at) as first_at, max(ordered_at) as last_at, count(*) as orders, sum(net) as revenue
            from {source}
           group by customer_id, currency
          having min(ordered_at) >= coalesce(cast($entered as timestamptz), min(ordered_at)))
),"""


_BUYER_OF_LINES: Final = """
buyer as materialized (
  select customer_id, coalesce(by_1, '') as by_1, coalesce(by_2, '') as by_2, currency,
         min(ordered_at) as first_at, max(ordered_at) as last_at, count(*) as orders, sum(net) as revenue
    from {source}
   group by customer_id, coalesce(by_1, ''), coalesce(by_2, ''), currency
  having min(ordered_at) >= coalesce(cast($entered as timestamptz), min(ordered_at))
),"""


_NOBODYS: Final = """
select coalesce(by_1, '') as by_1, coalesce(by_2, '') as by_2, currency, count(*) as orders, sum(net) as revenue
  from sale
 where customer_id is null
 group by all
 order by by_1, by_2, currency
"""


class BuyerGroup(NamedTuple):
    """The customers of up to two dimensions and a currency, each empty where it splits nothing."""

    by_1: str
    by_2: str
    currency: str


class LifeRow(NamedTuple):
    """A row of the query; which columns are filled depends on the part, see above."""

    by_1: str
    by_2: str
    currency: str
    part: str
    gap: int
    day: int
    lapsed: bool
    customers: int
    orders: int
    repeaters: int
    revenue: Decimal
    squared: Decimal | None

    @property
    def group(self) -> BuyerGroup:
        """The customers that it is about."""
        return BuyerGroup(self.by_1, self.by_2, self.currency)


def nobodys(*, converted: bool = False) -> str:
    """The query for the orders without a customer: their number and what they come to, by dimensions and currency."""
    return "with" + (PURCHASE_CONVERTED if converted else PURCHASE) + _NOBODYS


def query_of(*, split: bool = False, merged: bool = False, converted: bool = False, lines: bool = False) -> str:
    """The query for all customers, or split by dimensions and currency; orders as they are or merged by day. Split by
    what their `lines` are of, a customer is in the group of each line, with those lines alone."""
    source = "purchase_day" if merged else "purchase"
    same = " and life.currency = paid.currency" if split else ""
    if split and lines:
        same += "".join(f" and life.by_{n} = coalesce(paid.by_{n}, '')" for n in (1, 2))
    buyers = buyers_of(split=split, merged=merged, converted=converted, lines=lines)
    return buyers + _LIFE.format(source=source, same_currency=same)


def buyers_of(*, split: bool = False, merged: bool = False, converted: bool = False, lines: bool = False) -> str:
    """The beginning of that query, up to the CTE `buyer`: a customer of a group, with the first and the last order."""
    source = "purchase_day" if merged else "purchase"
    purchase = PURCHASE_CONVERTED if converted else PURCHASE
    days = PURCHASE_DAY + "," if merged else ""
    buyer = (_BUYER_OF_LINES if lines else _BUYER_BY) if split else _BUYER
    return "with" + purchase + "," + days + buyer.format(source=source)
