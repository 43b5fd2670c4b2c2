"""The query of `cohorts`, and how the cells of very many orders are counted share by share of the customers.

What one query would keep of every customer at once does not fit into memory from some ten million orders on. The cells
of a share are small, and those of all shares are added up.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from supportkit.store import Selection, Store
from supportkit.store.purchases import PURCHASE, shared
from supportkit.store.shares import SHARE_ORDERS, rows_of_shares, shares_of
from supportkit.system.named import NamedTuple

Split = Literal["", "by", "by line"]
"""Whether cohorts are split: by dimensions or currency, where a customer goes by the first order; or by what the lines
of orders are of, where a customer is in the group of each, with those lines alone."""

_ACTIVE: Final = """
active as materialized (
  select customer_id, '' as currency, date_trunc('month', ordered_at at time zone $zone) as month, sum(net) as net
    from purchase
   group by customer_id, month
),
buyer as (
  select customer_id, '' as currency, '' as by_1, '' as by_2, min(month) as cohort
    from active
   group by customer_id
),"""
_ACTIVE_BY: Final = """
active as materialized (
  select customer_id, currency, date_trunc('month', ordered_at at time zone $zone) as month, sum(net) as net,
         min({'at': ordered_at, 'by_1': coalesce(by_1, ''), 'by_2': coalesce(by_2, '')}) as first_order
    from purchase
   group by customer_id, currency, month
),
buyer as (
  select customer_id, currency, first_order.by_1 as by_1, first_order.by_2 as by_2, cohort
    from (select customer_id, currency, min(month) as cohort, min(first_order) as first_order
            from active
           group by customer_id, currency)
),"""
_ACTIVE_BY_LINE: Final = """
active as materialized (
  select customer_id, currency, date_trunc('month', ordered_at at time zone $zone) as month, sum(net) as net,
         {'by_1': coalesce(by_1, ''), 'by_2': coalesce(by_2, '')} as line_of
    from purchase
   group by customer_id, currency, month, line_of
),
buyer as (
  select customer_id, currency, line_of, line_of.by_1 as by_1, line_of.by_2 as by_2, min(month) as cohort
    from active
   group by customer_id, currency, line_of
),"""
_CELL: Final = """
cell as (
  select by_1, by_2, buyer.currency, cohort, date_diff('month', cohort, month) as age,
         count(*) as retained, sum(net) as revenue
    from active
    join buyer on buyer.customer_id = active.customer_id and buyer.currency = active.currency{same_line}
   group by by_1, by_2, buyer.currency, cohort, age
)"""
_REACHED: Final = """,
reached as (
  select by_1, by_2, currency, cohort, retained as customers,
         unnest(range(date_diff('month', cohort, cast($until as timestamp)) + 1)) as age
    from cell
   where age = 0
)
select reached.by_1, reached.by_2, reached.currency, cast(reached.cohort as date) as cohort, reached.age,
       reached.customers, coalesce(retained, 0) as retained,
       sum(coalesce(revenue, 0)) over (partition by reached.by_1, reached.by_2, reached.currency, reached.cohort
                                           order by reached.age) as revenue
  from reached
  left join cell using (by_1, by_2, currency, cohort, age)
 order by reached.by_1, reached.by_2, reached.currency, cohort, reached.age
"""
SQL_CUSTOMERS: Final = f"""
with {PURCHASE.strip()}
select count(*) as customers from (select customer_id from purchase group by customer_id)"""


class CohortMonth(NamedTuple):
    """A cohort at an age in months; revenue adds up from age 0. A row of SQL."""

    by_1: str
    by_2: str
    currency: str
    cohort: date
    age: int
    customers: int
    retained: int
    revenue: Decimal


def cells_of(store: Store, selection: Selection, split: Split, orders: int, **parameters: Any) -> list[CohortMonth]:
    """The cells of every cohort, of so many orders."""
    shares, given = shares_of(store, orders, SHARE_ORDERS), {"zone": store.zone, **parameters}
    if shares == 1:
        return store.records(CohortMonth, _cells_sql(split), selection, **given)
    until = given.pop("until")
    query = "with" + shared(PURCHASE) + "," + _cell_sql(split) + " from cell"
    with rows_of_shares(store, "cohort_cell", query, shares, (selection,), given) as cells:
        return store.records(CohortMonth, _merged_sql(cells), until=until)


def _cells_sql(split: Split) -> str:
    """The one query."""
    return "with" + PURCHASE + "," + _cell_sql(split) + _REACHED


def _cell_sql(split: Split) -> str:
    """The CTEs up to `cell`: the customers of a cohort who ordered at an age, and what they paid then."""
    active = {"": _ACTIVE, "by": _ACTIVE_BY, "by line": _ACTIVE_BY_LINE}[split]
    return active + _CELL.format(same_line=" and buyer.line_of = active.line_of" if split == "by line" else "")


def _merged_sql(cells: str) -> str:
    """The query from the cells of all shares."""
    return f"""with
cell as (
  select by_1, by_2, currency, cohort, age, cast(sum(retained) as bigint) as retained, sum(revenue) as revenue
    from ({cells})
   group by by_1, by_2, currency, cohort, age
){_REACHED}"""
