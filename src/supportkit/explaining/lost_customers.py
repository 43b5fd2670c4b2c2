"""What a lost customer costs: what like customers bring in the days in which those who left brought nothing.

Looked at are customers with a purchase before their first complaint closed, as `service-value` follows them; who
ordered nothing within the horizon after it has left. Like customers never complained: in the month of that close they
had as many orders (1, 2, 3 or more) and their last one as long ago (30, 90 days, more). Each group of like customers
counts as often as it has people who left. The interval is Hall's of a mean, of what each like customer adds to it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from supportkit.offers.cases import CUSTOMERS, Cases
from supportkit.result import detail
from supportkit.stats.intervals import wilson
from supportkit.stats.skewed_mean import FEWEST, PowerSums, skewed_interval
from supportkit.store import Selection, Store
from supportkit.store.purchases import PURCHASE
from supportkit.system.named import NamedTuple

_STATE: Final = """least(count(net) filter (where ordered_at <= moment), 3) as orders_before,
               case when epoch_us(moment) - epoch_us(max(ordered_at) filter (where ordered_at <= moment))
                         <= 30 * 86400000000 then 30
                    when epoch_us(moment) - epoch_us(max(ordered_at) filter (where ordered_at <= moment))
                         <= 90 * 86400000000 then 90 else 999 end as last_days,
               coalesce(sum(net) filter (where ordered_at > moment
                                           and ordered_at <= moment + to_days(cast($horizon as integer))), 0) as worth,
               coalesce(sum(net) filter (where ordered_at <= moment), 0) as before,
               count(net) filter (where ordered_at > moment
                                    and ordered_at <= moment + to_days(cast($horizon as integer))) as later"""
_FOLLOWED: Final = f"""
with {PURCHASE.strip()},
     marked as (select coalesce(bool_or(is_complaint), false) as any_marked from tickets),
     complaint as (
        select customer_id, coalesce(closed_at, solved_at) as moment,
               row_number() over (partition by customer_id order by created_at, ticket_id) as place
          from tickets, marked
         where customer_id is not null and (is_complaint or not any_marked)),
     followed as (
        select customer_id, moment, date_trunc('month', timezone($zone, moment)) as month
          from complaint
         where place = 1 and moment + to_days(cast($horizon as integer)) <= cast($until as timestamptz)),
     complained as (
        select followed.customer_id, month, moment, {_STATE}
          from followed
          join purchase on purchase.customer_id = followed.customer_id
         group by followed.customer_id, month, moment
        having count(net) filter (where ordered_at <= moment) > 0),
     middle as (
        select month, moment
          from (select distinct month, timezone($zone, month + to_days(14)) as moment from followed)
         where moment + to_days(cast($horizon as integer)) <= cast($until as timestamptz)),
     quiet as (
        select customer_id, ordered_at, net
          from purchase
         where customer_id not in (select customer_id from main.tickets, marked
                                    where customer_id is not null and (is_complaint or not any_marked))),
     alike as (
        select quiet.customer_id, month, {_STATE}
          from quiet
          cross join middle
         group by quiet.customer_id, month, moment
        having count(net) filter (where ordered_at <= moment) > 0),
     exposed as (
        select month, orders_before, last_days, count(*) as complained, count(*) filter (where later = 0) as gone
          from complained
         group by month, orders_before, last_days),
     stratum as (
        select month, orders_before, last_days, complained, gone, count(*) as others,
               count(*) filter (where later = 0) as others_gone, avg(cast(worth as double)) as mean,
               avg(cast(before as double)) as before
          from alike
          join exposed using (month, orders_before, last_days)
         group by month, orders_before, last_days, complained, gone)"""
SQL_LOST: Final = f"""{_FOLLOWED},
     whole as (
        select sum(gone) as gone, sum(complained) as complained, sum(others) as others,
               sum(complained * others_gone / others) as others_gone,
               cast(sum(cast(gone * mean as decimal(38, 9))) as double) as worth,
               cast(sum(cast(gone * before as decimal(38, 9))) as double) as others_before
          from stratum),
     part as (
        select customer_id, sum(cast((cast(worth as double) - mean) * gone / others as decimal(38, 9))) as part
          from alike
          join stratum using (month, orders_before, last_days)
         group by customer_id),
     power as (
        select count(*) as people, sum(cast(cast(part as double) ** 2 as decimal(38, 6))) as second,
               sum(cast(cast(part as double) ** 3 as decimal(38, 3))) as third,
               sum(cast(cast(part as double) ** 4 as decimal(38, 0))) as fourth
          from part)
select (select count(*) from complained) as complained,
       (select count(*) filter (where later = 0) from complained) as gone,
       (select sum(before) filter (where later = 0) from complained) as gone_before,
       people as alike, coalesce(whole.gone, 0) as matched_gone, coalesce(whole.complained, 0) as matched,
       whole.others_gone, whole.worth, whole.others_before, cast(second as double) as second,
       cast(third as double) as third, cast(fourth as double) as fourth
  from whole, power
"""
SQL_COMPLAINED: Final = f"""{_FOLLOWED},
     behind as materialized (
        select customer_id, cast(null as varchar) as by_1, cast(null as varchar) as by_2,
               cast(null as date) as over_start, moment as closed_at, before as bought, later = 0 as has_left
          from complained)
"""
SQL_ALIKE: Final = f"""{_FOLLOWED},
     behind as materialized (
        select customer_id, cast(null as varchar) as by_1, cast(null as varchar) as by_2,
               cast(null as date) as over_start, sum(complained / others) as weight,
               coalesce(sum(complained / others) filter (where later = 0), 0) as left_weight,
               sum(gone / others) as lost_weight, sum(cast(alike.worth as double) * gone / others) as brought,
               sum(cast(alike.before as double) * gone / others) as bought
          from alike
          join stratum using (month, orders_before, last_days)
         group by customer_id)
"""


class Lost(NamedTuple):
    """The row of SQL_LOST: who complained and who left, and sums over like customers."""

    complained: int
    gone: int
    gone_before: Decimal | None
    alike: int
    matched_gone: int
    matched: int
    others_gone: float | None
    worth: float | None
    others_before: float | None
    second: float | None
    third: float | None
    fourth: float | None

    @property
    def share(self) -> float | None:
        """Of the customers who complained, those who left."""
        return self.gone / self.complained if self.complained else None

    @property
    def share_interval(self) -> tuple[float | None, float | None]:
        """Its interval."""
        return wilson(self.gone, self.complained) if self.complained else (None, None)

    @property
    def like_share(self) -> float | None:
        """Of customers like those who complained, those who ordered nothing in the same days."""
        return float(self.others_gone or 0) / self.matched if self.matched else None

    @property
    def value(self) -> float | None:
        """What a customer like those who left brings within the horizon."""
        return float(self.worth or 0) / self.matched_gone if self.matched_gone else None

    @property
    def left_ltv(self) -> float | None:
        """What those who left have brought, from their first order to the end of the horizon."""
        return float(self.gone_before or 0) / self.gone if self.gone else None

    @property
    def like_ltv(self) -> float | None:
        """What customers like those who left have brought by then."""
        value = self.value
        return None if value is None else value + float(self.others_before or 0) / self.matched_gone

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval of that value; None of fewer than 125 like customers."""
        value = self.value
        if value is None or self.alike < FEWEST:
            return None
        scale = self.alike / self.matched_gone
        powers = [(one or 0.0) * scale**power for power, one in ((2, self.second), (3, self.third), (4, self.fourth))]
        found = skewed_interval(value, PowerSums(self.alike, *powers))
        return (max(0.0, found[0]), found[1]) if found else None


def lost_customers(store: Store, tickets: Selection, orders: Selection, horizon: int, until: datetime | None) -> Lost:
    """Who left after the first complaint, and what customers like them bring within the horizon."""
    return store.records(Lost, SQL_LOST, tickets, orders, **_given(store, horizon, until))[0]


def lost_cases(
    store: Store, tickets: Selection, orders: Selection, horizon: int, until: datetime | None
) -> dict[str, Cases]:
    """Those who complained and of them those who left, the largest first; and the like customers, each as often as in
    the groups of those who complained (`weight`), who left (`left_weight`, of the like), and of those who left
    (`lost_weight`), with what they brought and had bought, for these."""
    scope, notes = store.scope(tickets, orders)
    people = Cases(
        unit=CUSTOMERS,
        sql=SQL_COMPLAINED,
        selections=(tickets, orders),
        values=(
            detail("closed_at", "date", "complaint closed"),
            detail("bought", "money", "bought before"),
            detail("has_left", "flag", "left"),
        ),
        parts={"complained": "true", "left": "has_left"},
        order=("has_left desc", "bought desc", "customer_id"),
        parameters=_given(store, horizon, until),
        scope=scope,
        notes=notes,
    )
    weights = (detail(name, "number") for name in ("weight", "left_weight", "lost_weight"))
    alike = replace(
        people,
        sql=SQL_ALIKE,
        values=(*weights, detail("brought", "money"), detail("bought", "money", "bought before")),
        parts={"alike": "true"},
        order=("lost_weight desc", "weight desc", "customer_id"),
    )
    return {**dict.fromkeys(people.parts, people), "alike": alike}


def _given(store: Store, horizon: int, until: datetime | None) -> dict[str, Any]:
    return {"horizon": horizon, "until": until, "zone": store.zone, "currency": store.currency}
