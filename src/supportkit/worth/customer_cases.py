"""The customers behind lifetime value and cohorts, each with the orders and what they come to; and those orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import CUSTOMERS, ORDERS, Cases, Unit
from supportkit.result import detail, key
from supportkit.store import Selection, Store
from supportkit.store.purchases import CURRENCY, NET, PURCHASE

LIVES: Final = """
behind as materialized (
  select customer_id, nullif(by_1, '') as by_1, nullif(by_2, '') as by_2, cast(null as date) as over_start,
         nullif(currency, '') as currency, first_at, last_at, orders, revenue,
         date_diff('day', cast(last_at at time zone $zone as date), cast($until as date)) as silent_days,
         date_diff('day', cast(first_at at time zone $zone as date), cast($until as date)) as watched_days
    from buyer
)
"""
SQL_ORDERS: Final = f"""
with behind as materialized (
  select source, order_id, by_1, by_2, over_start, {CURRENCY} as currency, {NET} as net,
         customer_id is null as is_nobodys, ordered_at as placed_at
    from orders
   where counts and amount >= 0
)
"""
_MONTHS: Final = """
active as (
  select customer_id, {currency} as currency, date_trunc('month', ordered_at at time zone $zone) as month,
         {group} as own_group,
         min({{'at': ordered_at, 'by_1': coalesce(by_1, ''), 'by_2': coalesce(by_2, '')}}) as first_order,
         count(*) as orders, sum(net) as revenue
    from purchase
   group by all
),
buyer as (
  select customer_id, currency, own_group, min(month) as cohort_month, min(first_order) as first_order
    from active
   group by customer_id, currency, own_group
),
lived as (
  select active.customer_id, nullif(buyer.first_order.by_1, '') as by_1, nullif(buyer.first_order.by_2, '') as by_2,
         cast(null as date) as over_start, nullif(active.currency, '') as currency,
         strftime(cohort_month, '%Y-%m') as cohort, date_diff('month', cohort_month, month) as age_months,
         orders, active.revenue
    from active
    join buyer on buyer.customer_id = active.customer_id and buyer.currency = active.currency
     and buyer.own_group = active.own_group
),
"""
_EACH_MONTH: Final = "behind as materialized (from lived)"
_EACH_CUSTOMER: Final = """
behind as materialized (
  select customer_id, by_1, by_2, over_start, currency, cohort, sum(orders) as orders, sum(revenue) as revenue,
         max(age_months) as last_age_months
    from lived
   group by customer_id, by_1, by_2, over_start, currency, cohort
)
"""
_GROUP_OF_LINES: Final = "{'by_1': coalesce(by_1, ''), 'by_2': coalesce(by_2, '')}"
CURRENCY_KEY: Final = key("currency", aside=True)
BUYERS: Final = Unit("customers", (*CUSTOMERS.keys, CURRENCY_KEY))
MONTHS: Final = Unit("customers by month", (*CUSTOMERS.keys, key("age_months", "count", "age, months"), CURRENCY_KEY))
MONEY: Final = (detail("orders", "count"), detail("revenue", "money"))


def customer_cases(
    store: Store, sql: str, selection: Selection, until: date | None, gap: int, horizon: int, **parameters: Any
) -> Cases:
    """The customers of `sql`, which ends in the CTE `buyer`: the largest first. Those who were watched to the horizon
    are known by their first order."""
    scope, notes = store.scope(selection)
    days = (detail("first_at", "date", "first order"), detail("last_at", "date", "last order"))
    return Cases(
        unit=BUYERS,
        sql=sql + LIVES,
        selections=(selection,),
        values=(*days, *MONEY, detail("silent_days", "count", "days since")),
        parts={
            EVERY: "true",
            "repeated": "orders > 1",
            "once": "orders = 1",
            "lapsed": f"silent_days > {int(gap)}",
            "watched_customers": f"watched_days >= {int(horizon)}",
        },
        order=("revenue desc", "customer_id", "currency", "by_1", "by_2"),
        parameters={"zone": store.zone, "until": until, **parameters},
        scope=scope,
        notes=notes,
        beside={"orders": order_cases(store, selection)},
        counts={"customers": EVERY},
    )


def order_cases(store: Store, selection: Selection) -> Cases:
    """The orders that are revenue, those of nobody too: the largest first."""
    scope, notes = store.scope(selection)
    return Cases(
        unit=ORDERS,
        sql=SQL_ORDERS,
        selections=(selection,),
        values=(detail("net", "money"), detail("currency", "text")),
        parts={"orders": "true"},
        order=("net desc", "source", "order_id", "by_1", "by_2"),
        parameters={"currency": store.currency},
        scope=scope,
        notes=notes,
    )


def cohort_cases(store: Store, selection: Selection, *, apart: bool) -> Cases:
    """The customers with their cohort, and each month in which one ordered; `apart` by currency."""
    scope, notes = store.scope(selection)
    group = _GROUP_OF_LINES if selection.by_line else "''"
    head = f"with{PURCHASE},{_MONTHS.format(currency='currency' if apart else repr(''), group=group)}"
    cases = Cases(
        unit=BUYERS,
        sql=head + _EACH_CUSTOMER,
        selections=(selection,),
        values=(detail("cohort", "period"), *MONEY, detail("last_age_months", "count", "last month of age")),
        parts={EVERY: "true", "returned": "last_age_months > 0", "once": "last_age_months = 0"},
        order=("revenue desc", "customer_id", "currency", "by_1", "by_2"),
        parameters={"zone": store.zone, "currency": store.currency},
        scope=scope,
        notes=notes,
        counts={"customers": EVERY},
    )
    months = Cases(
        unit=MONTHS,
        sql=head + _EACH_MONTH,
        selections=(selection,),
        values=(detail("cohort", "period"), *MONEY),
        parts={"retained": "true"},
        order=("cohort", "age_months", "revenue desc", "customer_id", "currency", "by_1", "by_2"),
        parameters=cases.parameters,
        scope=scope,
        notes=notes,
    )
    return replace(cases, beside={"retained": months})
