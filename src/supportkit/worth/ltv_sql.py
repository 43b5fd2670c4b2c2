"""The query of `ltv`: per customer once, then every count and sum that the figures need, in one pass.

Rows come in parts: `watched` (customers by length of life, lapsed or not), `watched otherwise` (the same by other gaps,
counts only), `follow_up` (customers by days since their first order), `age` (orders and revenue by age) and `spread`
(median, share of the top tenth). `follow_up` and `age` are counted apart for the older half of the customers, who first
ordered no later than the middle one of them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal

from supportkit.store.purchases import PURCHASE, PURCHASE_CONVERTED, PURCHASE_DAY, shared
from supportkit.system.named import NamedTuple

_LIFE: Final = """
life as materialized (
  select customer_id, by_1, by_2, currency, orders, revenue, first_at, first_day,
         date_diff('day', first_day, last_day) as span,
         date_diff('day', last_day, cast($until as date)) as silence,
         date_diff('day', first_day, cast($until as date)) as follow_up
    from (select *, cast(first_at at time zone $zone as date) as first_day,
                 cast(last_at at time zone $zone as date) as last_day
            from buyer)
)"""
_WATCHED: Final = """
watched as (
  select by_1, by_2, currency, orders, revenue, silence > $gap as lapsed, span + least(silence, $gap) as duration
    from life
),
watched_otherwise as (
  select by_1, by_2, currency, gap, silence > gap as lapsed, span + least(silence, gap) as duration
    from life
    cross join (select unnest(cast($gaps as integer[])) as gap)
),"""
_MIDDLE: Final = """
middle as (
  select by_1, by_2, currency, cast(median(cast(revenue as double)) as decimal(38, 4)) as median_revenue,
         quantile_disc(revenue, 0.9) as threshold,
         count(*) as customers, quantile_disc(follow_up, 0.5) as middle_age
    from life
   group by by_1, by_2, currency
),"""
_AGED: Final = """
aged as (
  select {customer}, by_1, by_2, currency, first_day, follow_up, follow_up >= middle_age as older
    from life
    join middle using (by_1, by_2, currency)
)"""
_TOP: Final = """,
top as (
  select by_1, by_2, currency, any_value(median_revenue) as median_revenue,
         sum(revenue) as revenue,
         coalesce(sum(revenue) filter (where revenue > threshold), 0)
           + any_value(threshold) * (any_value(customers) / 10.0 - count(*) filter (where revenue > threshold)) as top
    from life
    join middle using (by_1, by_2, currency)
   group by by_1, by_2, currency
)"""
_PARTS: Final = """
select by_1, by_2, currency, 'watched' as part, cast($gap as integer) as gap, duration as day, lapsed,
       cast(null as boolean) as older, count(*) as customers, sum(orders) as orders,
       count(*) filter (where orders > 1) as repeaters, sum(revenue) as revenue, cast(null as double) as share
  from watched
 group by by_1, by_2, currency, duration, lapsed
union all
select by_1, by_2, currency, 'watched otherwise', gap, duration, lapsed, null, count(*), null, null, null, null
  from watched_otherwise
 group by by_1, by_2, currency, gap, duration, lapsed
union all
select by_1, by_2, currency, 'follow_up', null, follow_up, null, older, count(*), null, null, null, null
  from aged
 group by by_1, by_2, currency, follow_up, older
union all
select aged.by_1, aged.by_2, aged.currency, 'age' as part, null,
       {age} as age,
       null, older, null, count(*), null, sum(net), null
  from {source} as paid
  join aged on aged.{customer} = paid.{customer}{same_currency}
 group by aged.by_1, aged.by_2, aged.currency, older, age"""
_SPREAD: Final = """
union all
select by_1, by_2, currency, 'spread', null, null, null, null, null, null, null, median_revenue,
       top / nullif(revenue, 0)
  from top
 order by by_1, by_2, currency, part, gap, day, lapsed, older
"""
_COUNTS: Final = _WATCHED + _MIDDLE + _AGED + _TOP + _PARTS + _SPREAD
_HELD: Final = """
select by_1, by_2, currency, follow_up, revenue, grouping(revenue) = 1 as is_length, count(*) as customers
  from life
 group by grouping sets ((by_1, by_2, currency, follow_up), (by_1, by_2, currency, revenue))
"""
_MIDDLE_OF_ALL: Final = """
middle as (
  from ltv_middle
),"""
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
    older: bool
    customers: int
    orders: int
    repeaters: int
    revenue: Decimal
    share: Decimal | None

    @property
    def group(self) -> BuyerGroup:
        """The customers that it is about."""
        return BuyerGroup(self.by_1, self.by_2, self.currency)


def nobodys(*, converted: bool = False) -> str:
    """The query for the orders without a customer: their number and what they come to, by dimensions and currency."""
    return "with" + (PURCHASE_CONVERTED if converted else PURCHASE) + _NOBODYS


# What each customer adds to the error of the value: what the orders have brought, each over the customers watched to
# its age, less what those watched so long bring on average. `weight` and `usual` say both in shares of the value;
# `early_weight` and `early_usual` that of the first days, in shares of what both halves bring on the first of them and
# after it, added up.
_SHARES: Final = """,
chosen as (
  select unnest(cast($by_1 as varchar[])) as by_1, unnest(cast($by_2 as varchar[])) as by_2,
         unnest(cast($currencies as varchar[])) as currency, unnest(cast($places as integer[])) as place,
         unnest(cast($middle_ages as integer[])) as middle_age
),
weighed as (
  select unnest(cast($at as integer[])) as place, unnest(cast($halves as boolean[])) as older,
         unnest(cast($ages as integer[])) as age, unnest(cast($weights as double[])) as weight,
         unnest(cast($early_weights as double[])) as early_weight
),
lived as (
  select unnest(cast($lived_at as integer[])) as place, unnest(cast($follow_ups as integer[])) as follow_up,
         unnest(cast($usual as double[])) as usual, unnest(cast($early_usual as double[])) as early_usual
),
member as (
  select {customer}, by_1, by_2, currency, place, follow_up, first_day, follow_up >= middle_age as older
    from life
    join chosen using (by_1, by_2, currency)
),
paid_at as materialized (
  select member.{customer}, member.place, member.older, cast(net as double) as net, {age} as age
    from {source} as paid
    join member on member.{customer} = paid.{customer}{same_currency}
),
brought as (
  select {customer}, place, sum(net * weight) as share, sum(net * early_weight) as early_share
    from paid_at
    join weighed using (place, older, age)
   group by {customer}, place
),
apart as (
  select place, older, round(coalesce(share, 0) - usual, 9) as share,
         round(coalesce(early_share, 0) - early_usual, 9) as early
    from member
    join lived using (place, follow_up)
    left join brought using ({customer}, place)
)
select place, older, count(*) as customers, sum(cast(pow(share, 2) as decimal(38, 9))) as second,
       sum(cast(pow(share, 3) as decimal(38, 9))) as third, sum(cast(pow(share, 4) as decimal(38, 9))) as fourth,
       sum(cast(pow(early, 2) as decimal(38, 9))) as early_second
  from apart
 group by place, older
 order by place, older
"""


class ShareRow(NamedTuple):
    """A half of the customers of a group: the sums of the powers of what each adds to the error of the value."""

    place: int
    older: bool
    customers: int
    second: Decimal
    third: Decimal
    fourth: Decimal
    early_second: Decimal


_NUMBERED: Final = """
select row_number() over () as number, *
  from life
"""
_PAID: Final = """
select number, cast({age} as integer) as age, net
  from {source} as paid
  join ltv_life on ltv_life.customer_id = paid.customer_id{same_currency}
"""
_KEPT_LIFE: Final = """
with life as not materialized (
  from ltv_life where first_at >= coalesce(cast($entered as timestamptz), first_at)
)"""
_AGE: Final = "date_diff('day', first_day, cast(ordered_at at time zone $zone as date))"

Wanted = Literal["counts", "errors", "held", "parts", "lives", "paid"]
"""Counts of all customers; the sums of what each adds to the error of the value; of a share of them, from which the
counts of all are put together: how many have which revenue and follow-up, and the counts that can be added up; and what
both the first two are made of, to be kept as tables: the numbered customers, and their orders by age."""


def query_of(
    wanted: Wanted = "counts",
    *,
    split: bool = False,
    merged: bool = False,
    converted: bool = False,
    lines: bool = False,
    shared: bool = False,
    kept: bool = False,
) -> str:
    """The query for all customers, or split by dimensions and currency; orders as they are or merged by day. Split by
    what their `lines` are of, a customer is in the group of each line, with those lines alone. Where it is `shared`,
    for the customers of a share, of whom the middle ages of all are in the table `ltv_middle`. Where they are `kept`,
    from the tables `ltv_life` and `ltv_paid`, whatever they are made of."""
    ends = {
        "counts": "," + _COUNTS,
        "errors": _SHARES,
        "held": _HELD,
        "parts": "," + _WATCHED + _MIDDLE_OF_ALL + _AGED + _PARTS,
        "lives": _NUMBERED,
        "paid": _PAID,
    }[wanted]
    if kept:
        return (_KEPT_LIFE + ends).format(source="ltv_paid", same_currency="", customer="number", age="age")
    source = "purchase_day" if merged else "purchase"
    of = {"errors": "member", "paid": "ltv_life"}.get(wanted, "aged")
    same = f" and {of}.currency = paid.currency" if split else ""
    if split and lines:
        same += "".join(f" and {of}.by_{n} = coalesce(paid.by_{n}, '')" for n in (1, 2))
    if wanted == "paid":
        before = "with" + (PURCHASE_CONVERTED if converted else PURCHASE) + ("," + PURCHASE_DAY if merged else "")
    else:
        shape = {"split": split, "merged": merged, "converted": converted, "lines": lines, "of_a_share": shared}
        before = buyers_of(**shape) + _LIFE
    return before + ends.format(source=source, same_currency=same, customer="customer_id", age=_AGE)


def buyers_of(
    *,
    split: bool = False,
    merged: bool = False,
    converted: bool = False,
    lines: bool = False,
    of_a_share: bool = False,
) -> str:
    """The beginning of that query, up to the CTE `buyer`: a customer of a group, with the first and the last order."""
    source = "purchase_day" if merged else "purchase"
    purchase = PURCHASE_CONVERTED if converted else PURCHASE
    purchase = shared(purchase) if of_a_share else purchase
    days = PURCHASE_DAY + "," if merged else ""
    buyer = (_BUYER_OF_LINES if lines else _BUYER_BY) if split else _BUYER
    return "with" + purchase + "," + days + buyer.format(source=source)
