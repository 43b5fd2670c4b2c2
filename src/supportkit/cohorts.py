"""Cohorts: customers by the month of their first order, and what became of them month by month.

The age of an order is the number of calendar months since the month of the customer's first one; at age 0 all of a
cohort is there. Retained are those with an order at that age; revenue per customer adds up net revenue from age 0 to
that age over all customers of the cohort, whether they came back or not. A month that was not over when the data
ends is masked: it has a row, and no figure.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any

from supportkit.parameters import Dimension
from supportkit.period import ALL, Period
from supportkit.result import Chart, Column, Result, Value
from supportkit.store import Store
from supportkit.store.purchases import PURCHASE, left_out, observed_until

TITLE = "Cohorts"
TABLES = ("orders",)
SOURCE = "cohort tables as in e-commerce analytics; unreached ages masked, not averaged"
FACTS = (
    Column("cohorts", "count"),
    Column("customers", "count", better="up"),
)
COLUMNS = (
    Column("cohort", "period"),
    Column("age_months", "count", "Age, months"),
    Column("customers", "count", better="up"),
    Column("retained", "count", better="up"),
    Column("retention", "share", better="up"),
    Column("revenue_per_customer", "money", better="up"),
)

# A customer goes by the first order; the number stands for the id, because counting distinct numbers is cheap.
SQL = f"""
with {PURCHASE.strip()},
buyer as materialized (
  select customer_id, currency, first_order.by_1 as by_1, first_order.by_2 as by_2,
         date_trunc('month', first_at at time zone $zone) as cohort,
         row_number() over () as number
    from (select customer_id, case when $several then currency else '' end as currency, min(ordered_at) as first_at,
                 min({{'at': ordered_at, 'by_1': coalesce(by_1, ''), 'by_2': coalesce(by_2, '')}}) as first_order
            from purchase
           group by customer_id, case when $several then currency else '' end)
),
size as (
  select by_1, by_2, currency, cohort, count(*) as customers
    from buyer
   group by by_1, by_2, currency, cohort
),
cell as (
  select buyer.by_1, buyer.by_2, buyer.currency, cohort,
         date_diff('month', cohort, date_trunc('month', ordered_at at time zone $zone)) as age,
         count(distinct number) as retained, sum(net) as revenue
    from purchase
    join buyer on buyer.customer_id = purchase.customer_id
     and buyer.currency = case when $several then purchase.currency else '' end
   group by buyer.by_1, buyer.by_2, buyer.currency, cohort, age
),
reached as (
  select by_1, by_2, currency, cohort, customers,
         unnest(range(date_diff('month', cohort, cast($until as timestamp)) + 1)) as age
    from size
)
select reached.by_1, reached.by_2, reached.currency, cast(reached.cohort as date) as cohort, reached.age,
       reached.customers, coalesce(retained, 0) as retained,
       sum(coalesce(revenue, 0)) over (partition by reached.by_1, reached.by_2, reached.currency, reached.cohort
                                           order by reached.age) as revenue
  from reached
  left join cell using (by_1, by_2, currency, cohort, age)
 order by reached.by_1, reached.by_2, reached.currency, cohort, reached.age
"""


SQL_CUSTOMERS = f"with {PURCHASE.strip()} select count(distinct customer_id) as customers from purchase"


def cohorts(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("orders")] = None,
) -> Result:
    """Retention and revenue per customer by month of first order and age."""
    selection = store.select("orders", period=period, by=by)
    scope, notes = store.scope(selection)
    told, until = left_out(store, selection), observed_until(store, period)
    several = len(told.currencies) > 1
    given = {"zone": store.zone, "until": until, "currency": store.currency, "several": several}
    cells = store.rows(SQL, selection, **given)
    named = several and "currency" not in selection.by
    dimensions = selection.columns + ((Column("currency", "text"),) if named else ())
    rows = [
        selection.values(cell[0], cell[1], None) + ((cell[2],) if named else ()) + _figures(cell[3:], until)
        for cell in cells
    ]
    customers = sum(cell[5] for cell in cells if cell[4] == 0)
    if several:
        customers = store.rows(SQL_CUSTOMERS, selection, currency=store.currency)[0][0]
        notes = ("a customer who paid in several currencies is in the cohorts of each; they are never added", *notes)
    masked = sum(row[-1] is None for row in rows)
    if masked:
        notes = (f"masked: {masked} cells of {until:%Y-%m}, which was not over on {until}", *notes)
    return Result(
        metric="cohorts",
        title=TITLE,
        definition="customers by month of first order: share who ordered and net revenue so far per customer, by age",
        columns=dimensions + COLUMNS,
        rows=tuple(rows),
        facts={"cohorts": len({cell[3] for cell in cells}), "customers": customers},
        fact_columns=FACTS,
        notes=notes + told.notes(),
        scope=replace(scope, currency=told.currency),
        chart=None if dimensions else Chart("heatmap", x="age_months", y="cohort", series="retention"),
    )


def _figures(cell: tuple[Any, ...], until: date | None) -> tuple[Value, ...]:
    """One cell from its first month on; null where its month was not over."""
    cohort, age, customers, retained, revenue = cell
    first = cohort.month + age  # the month after the cell's, counted from January of the cohort's year as 0
    end = date(cohort.year + first // 12, first % 12 + 1, 1)
    if until is None or end > until + timedelta(days=1):
        return (f"{cohort:%Y-%m}", age, customers, None, None, None)
    return (f"{cohort:%Y-%m}", age, customers, retained, retained / customers, float(revenue) / customers)
