"""Whom to tell before they ask: customers of a slice who dropped at a step and have not written since.

A customer is here who reached the step, not the next, has the slice's values there, and has no ticket after the drop.
Value is what the customer has bought so far, net of refunds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from supportkit.offers.leaves import Lost
from supportkit.period import ALL, Period, local_day, microseconds
from supportkit.result import Result, Scope, Value, count, detail, figure, key
from supportkit.store import Store
from supportkit.store.purchases import PURCHASE, left_out
from supportkit.store.selection import Selection
from supportkit.store.unknown_words import unknown_words
from supportkit.system.named import NamedTuple

TABLES: Final = ("events", "orders", "tickets")
FACTS: Final = (count("customers"), figure("value", "money", n="customers"))
COLUMNS: Final = (
    key("customer_id"),
    detail("dropped_at", "date"),
    detail("step", "text"),
    figure("value", "money", n="orders"),
    key("currency"),
    detail("ordered_since", "flag"),
    count("orders", aside=True),
)

SQL: Final = f"""
with {PURCHASE},
     dropped as (
        select unnest($customers) as customer_id, make_timestamptz(unnest($times)) as dropped_at),
     silent as (
        select customer_id, dropped_at
          from dropped
         where not exists (select 1 from tickets
                            where tickets.customer_id = dropped.customer_id and created_at >= dropped_at)),
     worth as (
        select silent.customer_id, currency,
               sum(net) as value,
               count(*) as orders,
               count(*) filter (where ordered_at > dropped_at) > 0 as later
          from silent
          join purchase on purchase.customer_id = silent.customer_id
         group by all)
select customer_id, dropped_at, value, case when value is not null then currency end as currency,
       coalesce(bool_or(later) over (partition by customer_id), false) as ordered_since,
       coalesce(orders, 0) as orders
  from silent
  left join worth using (customer_id)
qualify value is not null or row_number() over (partition by customer_id order by value is null, currency) = 1
 order by value desc nulls last, dropped_at, customer_id, currency
"""


class Silent(NamedTuple):
    """A customer who dropped and has not written since, with what was bought in a currency: a row of SQL."""

    customer_id: str
    dropped_at: datetime
    value: Decimal | None
    currency: str | None
    ordered_since: bool
    orders: int


def affected(
    store: Store,
    dropped: Sequence[Lost],
    dimensions: Sequence[str],
    place: Mapping[str, str],
    *,
    step: str,
    period: Period,
    scope: Scope,
) -> Result:
    """The customers, those with the largest value first."""
    inside = [one for one in dropped if all(one.values[dimensions.index(name)] == v for name, v in place.items())]
    bound = {"customers": [one.name for one in inside], "times": [microseconds(one.at) for one in inside]}
    selections: tuple[Selection, ...] = tuple(store.select(table, joined=True) for table in ("orders", "tickets"))
    found = store.records(Silent, SQL, *selections, **bound, currency=store.currency) if inside else []
    rows: list[tuple[Value, ...]] = [
        (
            one.customer_id,
            local_day(one.dropped_at, store.zone),
            step,
            one.value,
            one.currency,
            one.ordered_since,
            one.orders,
        )
        for one in found
    ]
    currencies = sorted({one.currency for one in found if one.currency is not None})
    values = [one.value for one in found if one.value is not None]
    customers = {one.customer_id for one in found}
    notes = [f"{len(inside)} dropped, {len(inside) - len(customers)} of them have written since"]
    ordered = len({one.customer_id for one in found if one.ordered_since})
    if ordered:
        notes.append(f"{ordered} have ordered since by another way (ordered_since)")
    notes += [unknown.note() for unknown in unknown_words(store, selections[0])]
    notes += left_out(store, selections[0]).left_out_notes(per_customer=True)
    if len(currencies) > 1:
        notes.append(f"values in {', '.join(currencies)} are not added")
    name = " & ".join(f"{dimension}={value}" for dimension, value in place.items()) or "everybody"
    facts: dict[str, Value] = {
        "customers": len(customers),
        "value": sum(values) if values and len(currencies) == 1 else None,
    }
    return Result(
        metric="affected",
        title=f"To be told before they ask: {name}, dropped at {step}{'' if period is ALL else f' in {period.name}'}",
        definition="reached the step and not the next, and wrote no ticket since; value: net purchases so far",
        columns=COLUMNS,
        rows=tuple(rows),
        facts=facts,
        fact_columns=FACTS,
        notes=tuple(notes),
        scope=replace(scope, currency=currencies[0] if len(currencies) == 1 else scope.currency),
    )
