"""Buyers as rows: what each did up to the end of the data, and up to the end of its first half."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from supportkit.store.purchases import PURCHASE

SQL = f"""
with {PURCHASE.strip()},
purchase_day as (
  select customer_id, cast(ordered_at at time zone $zone as date) as day,
         count(*) as orders, max(ordered_at) as last_at, sum(net) as net
    from purchase
   group by customer_id, cast(ordered_at at time zone $zone as date)
),
buyer as (
  select customer_id, min(day) as first_day, sum(orders) as orders, max(last_at) as last_at,
         count(*) as days, max(day) as last_day, sum(net) as net, arg_min(net, day) as first_net,
         count(*) filter (where day <= $cut) as days_before, max(day) filter (where day <= $cut) as last_before,
         sum(net) filter (where day <= $cut) as net_before, sum(net) filter (where day > $cut) as net_after
    from purchase_day
   group by customer_id
)
select customer_id, orders, last_at,
       days - 1 as repeats, date_diff('day', first_day, last_day) as last_age,
       date_diff('day', first_day, $until) as age, cast(net - first_net as double) as spent,
       days_before - 1 as repeats_before, date_diff('day', first_day, last_before) as last_age_before,
       date_diff('day', first_day, $cut) as age_before, cast(net_before - first_net as double) as spent_before,
       cast(net_before as double) as revenue_before, days - days_before as days_after,
       cast(coalesce(net_after, 0) as double) as revenue_after
  from buyer
 order by customer_id
"""
SQL_SPAN = f"""
with {PURCHASE.strip()}
select min(cast(ordered_at at time zone $zone as date)) as first_day,
       max(cast(ordered_at at time zone $zone as date)) as last_day
  from purchase
"""


class Buying(NamedTuple):
    """What the models know of a customer: repeat days, the age at the last of them and now, the money they brought."""

    repeats: int
    last_age: int
    age: int
    spent: float


class Buyer(NamedTuple):
    """A customer at the end of the data, and at the end of its first half: a row of SQL; ages are in days."""

    customer_id: str
    orders: int
    last_at: datetime
    repeats: int
    last_age: int
    age: int
    spent: float
    repeats_before: int
    last_age_before: int | None
    age_before: int
    spent_before: float | None
    revenue_before: float | None
    days_after: int
    revenue_after: float

    @property
    def history(self) -> Buying:
        """All of it."""
        return Buying(self.repeats, self.last_age, self.age, self.spent)

    @property
    def first_half(self) -> Buying | None:
        """What was known at the end of the first half; None of one who came later."""
        if self.last_age_before is None or self.spent_before is None:
            return None
        return Buying(self.repeats_before, self.last_age_before, self.age_before, self.spent_before)
