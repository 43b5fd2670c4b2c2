"""Contacts and the orders that they come after: each contact belongs to the last order of its customer before it.

All tickets and all orders are read whatever the period, since a contact of the next week may be about an order of this
one; `is_begun` and `is_before_end` say whether a contact itself lies in the period, `order_at` is its order in it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from supportkit.explaining.stated_work import WORK_S, WORK_TEXT, Unit, stated_work
from supportkit.period import Period, midnight
from supportkit.store import Selection, Store
from supportkit.store.purchases import PURCHASE
from supportkit.system.named import NamedTuple

OF_ORDERS: Final = ("country", "customer_id", "currency")
"""Columns whose conditions hold for orders too."""

SQL_ORDERS = f"""
with {PURCHASE.strip()}
select (select count(*) from sale) as orders,
       (select count(*) from purchase
         where ordered_at + to_days(cast($within as integer)) <= cast($until as timestamptz)) as followed
"""
_CONTACT = f"""
with {PURCHASE.strip()},
     moment as (
        select customer_id, ordered_at as placed_at, ordered_at, null as source, null as ticket_id
          from purchase
         union all
        select distinct customer_id, created_at, null, source, ticket_id
          from tickets
         where customer_id <> ''),
     preceded as (
        select source, ticket_id, placed_at, max(ordered_at) over (
                   partition by customer_id order by placed_at, ticket_id nulls first, source
                   rows between unbounded preceding and current row) as order_at
          from moment),
     owed as (
        select source, ticket_id, order_at
          from preceded
         where ticket_id is not null
           and placed_at <= order_at + to_days(cast($within as integer))
           and order_at + to_days(cast($within as integer)) <= cast($until as timestamptz)
           and order_at >= coalesce(cast($first_at as timestamptz), order_at)
           and (order_at < cast($end_at as timestamptz) or cast($end_at as timestamptz) is null)),
     contact as (
        select tickets.source, tickets.ticket_id, by_1, by_2, over_start, created_at, customer_id, cost, order_at,
               $first_at is null or created_at >= cast($first_at as timestamptz) as is_begun,
               $end_at is null or created_at < cast($end_at as timestamptz) as is_before_end,
               {WORK_S} as work_s
          from (select *, {WORK_TEXT} from tickets) as tickets
          left join owed on owed.source = tickets.source and owed.ticket_id = tickets.ticket_id)"""
SQL = f"""{_CONTACT}
select grouping(by_1, by_2) <> 0 as is_total, by_1, by_2,
       count(*) filter (where is_begun and is_before_end) as contacts,
       count(nullif(customer_id, '')) as with_customer, count(order_at) as after_order,
       count(work_s) filter (where is_begun and is_before_end) as with_work,
       sum(cast(work_s as decimal(18, 3))) filter (where is_begun and is_before_end) as work_s,
       count(cost) filter (where is_begun and is_before_end) as costed,
       sum(cost) filter (where is_begun and is_before_end) as cost
  from contact
 group by grouping sets ((), (by_1, by_2))
 order by is_total desc, by_1, by_2
"""
SQL_CASES = f"""{_CONTACT},
     behind as materialized (
        select *, is_begun and is_before_end as is_inside, created_at as dated_at from contact
         where (is_begun and is_before_end) or order_at is not null)
"""


class Contacts(NamedTuple):
    """The contacts of a group, or of all: a row of SQL."""

    is_total: bool
    by_1: str | None
    by_2: str | None
    contacts: int
    with_customer: int
    after_order: int
    with_work: int
    work_s: Decimal | None
    costed: int
    cost: Decimal | None

    @property
    def owed(self) -> int | None:
        """The contacts that came after an order; not known where no ticket has a customer."""
        return self.after_order if self.with_customer else None


def contacts_and_orders(
    store: Store, by: str, period: Period, work: str | None, unit: Unit | None, within: int
) -> tuple[Selection, Selection, str, dict[str, Any]]:
    """The tickets, the orders, what goes where COLUMN stands, and the parameters of SQL."""
    tickets = store.select("tickets", by=by)
    orders = of_country(store).select("orders")
    column, given = stated_work(store, work, unit)
    bounds = [None if day is None else midnight(day, store.zone) for day in (period.start, period.end)]
    until: datetime | None = store.unfiltered.latest("tickets", "orders")
    given = {**given, "first_at": bounds[0], "end_at": bounds[1], "until": until, "within": within}
    return tickets, orders, column, given | {"currency": store.currency}


def of_country(store: Store) -> Store:
    """The store for orders: a country is the customer's, while a channel or a category is said of the ticket."""
    return replace(store, conditions=tuple(one for one in store.conditions if one.column in OF_ORDERS))
