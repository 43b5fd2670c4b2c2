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

from supportkit.offers.cases import Cases
from supportkit.period import ALL, Period
from supportkit.result import Chart, Result, Value, count, figure, key, named_apart, numbered
from supportkit.store import Store
from supportkit.store.lined_orders import lined_notes
from supportkit.store.parameters import Dimension
from supportkit.store.purchases import left_out, observed_until
from supportkit.worth.cohort_cells import SQL_CUSTOMERS, CohortMonth, Split, cells_of
from supportkit.worth.customer_cases import cohort_cases

TITLE = "Cohorts"
TABLES = ("orders",)
CUT = "life"
REQUIRES = ("orders.customer_id",)
SOURCE = "cohort tables as in e-commerce analytics; unreached ages masked, not averaged"
EXAMPLES = ("cohorts", "cohorts --by country", "cohorts --until 2026-11-01 -o cohorts.html")
FACTS = (
    figure("cohorts", "count", n="customers"),
    count("customers", better="up"),
)
COLUMNS = (
    key("cohort", "period"),
    key("age_months", "count", "Age, months"),
    count("customers", better="up"),
    figure("retained", "count", n="observed", better="up"),
    figure("retention", "share", n="observed", better="up"),
    figure("revenue_per_customer", "money", n="observed", better="up"),
    count("observed", "customers, month over", aside=True),
)


def cohorts(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("orders")] = None,
) -> Result:
    """Retention and revenue per customer by month of first order and age."""
    selection = store.select("orders", period=period, by=by)
    orders = store.without_dimensions(selection) if selection.by_line else selection
    scope, notes = store.scope(orders)
    told, until = left_out(store, orders), observed_until(store, period)
    several = len(told.currencies) > 1
    split: Split = "by line" if selection.by_line else "by" if several or selection.by else ""
    cells = cells_of(store, selection, split, scope.rows, until=until, currency=store.currency)
    named = several and "currency" not in selection.by
    columns = ((key("currency"),) if named else ()) + COLUMNS
    keys = named_apart(selection.columns, (*columns, *FACTS))
    rows = [
        selection.values(cell.by_1, cell.by_2, None) + ((cell.currency,) if named else ()) + _figures(cell, until)
        for cell in cells
    ]
    customers = sum(cell.customers for cell in cells if cell.age == 0)
    if several or selection.by_line:
        ((customers,),) = store.rows(SQL_CUSTOMERS, orders, currency=store.currency)
    if several:
        notes = ("a customer who paid in several currencies is in the cohorts of each; they are never added", *notes)
    notes = (*lined_notes(selection), *notes)
    masked = sum(observed is None for *_, observed in rows)
    if masked:
        notes = (f"masked: {numbered(masked, 'cell')} of {until:%Y-%m}, which was not over on {until}", *notes)
    return Result(
        metric="cohorts",
        title=TITLE,
        definition="customers by month of first order: share who ordered and net revenue so far per customer, by age",
        columns=keys + columns,
        rows=tuple(rows),
        facts={"cohorts": len({cell.cohort for cell in cells}) or None, "customers": customers},
        fact_columns=FACTS,
        notes=notes + told.notes(),
        scope=replace(scope, currency=told.currency),
        chart=None if keys or named else Chart("heatmap", x="age_months", y="cohort", series="retention"),
    )


def cases(store: Store, *, period: Period = ALL, by: str | None = None, **options: Any) -> Cases:
    """The customers with their cohort, the largest first, and each month in which one ordered."""
    selection = store.select("orders", period=period, by=by)
    orders = store.without_dimensions(selection) if selection.by_line else selection
    several = len(left_out(store, orders).currencies) > 1
    return cohort_cases(store, selection, apart=several or bool(selection.by))


def _figures(cell: CohortMonth, until: date | None) -> tuple[Value, ...]:
    """One cell from its first month on; null where its month was not over."""
    cohort, customers = cell.cohort, cell.customers
    first = cohort.month + cell.age  # the month after the cell's, counted from January of the cohort's year as 0
    end = date(cohort.year + first // 12, first % 12 + 1, 1)
    if until is None or end > until + timedelta(days=1):
        return (f"{cohort:%Y-%m}", cell.age, customers, None, None, None, None)
    per_customer = float(cell.revenue) / customers
    return (f"{cohort:%Y-%m}", cell.age, customers, cell.retained, cell.retained / customers, per_customer, customers)
