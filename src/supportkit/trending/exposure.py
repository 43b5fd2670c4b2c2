"""What tickets are measured against: orders, else active customers, else all tickets; per block and per series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from supportkit.period import Period
from supportkit.store import Store
from supportkit.trending.blocks import Blocks

if TYPE_CHECKING:
    from supportkit.stats.outbreak import Array

LEAST_ORDERS: Final = 20  # a block on average: smaller countries are measured against all orders

SQL_ORDERS = """
select by_1, over_start as day, count(*) as orders
  from orders
 group by by_1, over_start
 order by by_1, over_start
"""
SQL_CUSTOMERS = """
with dated as (
        select user_id,
               cast(floor(coalesce(date_diff('month', cast($start as date), over_start) / nullif($months, 0),
                                   date_diff('day', cast($start as date), over_start) / nullif($days, 0))) as integer)
               as block
          from events)
select block, count(distinct user_id) as customers
  from dated
 where block > -$blocks
 group by block
 order by block
"""


@dataclass(frozen=True)
class Exposure:
    """`amounts` is what expected tickets follow (orders moved by the lag to their tickets), `counted` divides rates."""

    kind: Literal["orders", "customers", "tickets"]
    amounts: Array  # (1 or series, blocks)
    counted: Array  # (1 or series, blocks), not moved
    notes: tuple[str, ...] = ()

    def shared(self, days: Sequence[int]) -> Array:
        """What all series together are measured against: the amounts, or time where these are all tickets."""
        import numpy as np

        return np.array([days], float) if self.kind == "tickets" else self.amounts


def exposure(
    store: Store, past: Period, blocks: Blocks, total: Array, keys: Sequence[tuple[str, ...]], by: Sequence[str]
) -> Exposure:
    """Orders where this period has some (by country those of the country), else active customers, else tickets."""
    selection = store.select("orders", period=past, by="country", over="day")
    notes = tuple(f"orders are not cut to {each}: they have no such column" for each in selection.ignored)
    rows = store.rows(SQL_ORDERS, selection)
    if any(blocks.number(day) == 0 for _, day, _ in rows):
        place = by.index("country") if "country" in by else None
        return _orders(rows, blocks, [key[place] for key in keys] if place is not None else None, notes)
    if rows:
        notes = (f"there are no orders in {past.name}: rates are shares of all tickets",)
        return Exposure("tickets", total[None, :], total[None, :], notes)
    users = total * 0
    events = store.select("events", period=past, over="day")
    for block, customers in store.rows(SQL_CUSTOMERS, events, **blocks.parameters):
        users[block + blocks.count - 1] = customers
    if users[-1]:
        return Exposure("customers", users[None, :], users[None, :])
    return Exposure("tickets", total[None, :], total[None, :])


def _orders(
    rows: Sequence[tuple[Any, ...]], blocks: Blocks, countries: list[str] | None, notes: tuple[str, ...]
) -> Exposure:
    import numpy as np

    from supportkit.stats.lag import moved, sums

    first: date = min(day for _, day, _ in rows)
    block = np.array([blocks.index(first + timedelta(days=each)) for each in range((blocks.day(1) - first).days)])
    names = sorted({name for name, _, _ in rows})
    daily = np.zeros((len(names), len(block)))
    for name, day, orders in rows:
        daily[names.index(name), (day - first).days] += orders
    lagged, counted = sums(moved(daily), block, blocks.count), sums(daily, block, blocks.count)
    everything = lagged.sum(0)[None, :]
    if countries is None or len(names) < 2:
        return Exposure("orders", everything, counted.sum(0)[None, :], notes)
    own = np.array([names.index(name) if name in names else -1 for name in countries], dtype=int)
    large = (own >= 0) & (lagged[own].mean(1) >= LEAST_ORDERS)
    return Exposure(
        "orders",
        np.where(large[:, None], lagged[own], everything),
        np.where(own[:, None] >= 0, counted[own], 0.0),
        notes,
    )
