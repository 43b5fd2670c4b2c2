"""What tickets are measured against, per block and per series: orders that are revenue, else active customers, else all
tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from supportkit.period import Period
from supportkit.store import Store
from supportkit.store.purchases import left_out
from supportkit.store.unknown_words import unknown_words
from supportkit.system.frozen import dataclass
from supportkit.trending.equal_periods import Blocks
from supportkit.trending.judged_days import is_silent

if TYPE_CHECKING:
    from supportkit.stats.outbreak import Array

LEAST_ORDERS: Final = 20  # a block on average: smaller countries are measured against all orders
LEAST_LEFT: Final = 0.2  # of a country's usual orders: with fewer, its tickets still come from the orders before
SHOWN: Final = 3
TOLD: Final = 8  # blocks back that missing days are told of

SQL_ORDERS = """
select by_1, over_start as day, count(*) as orders
  from orders
 where counts and amount >= 0
 group by by_1, over_start
 order by by_1, over_start
"""
SQL_CUSTOMERS = """
with dated as (
        select user_id, over_start,
               cast(floor(coalesce(date_diff('month', cast($start as date), over_start) / nullif($months, 0),
                                   date_diff('day', cast($start as date), over_start) / nullif($stride, 0))) as integer)
               as block
          from events)
select block, count(distinct user_id) as customers
  from dated
 where block > -$blocks and date_diff('day', cast($start as date), over_start) - block * $stride < $days
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
    store: Store,
    past: Period,
    blocks: Blocks,
    days: Mapping[date, int],
    total: Array,
    keys: Sequence[tuple[str, ...]],
    by: Sequence[str],
) -> Exposure:
    """Orders where this period has some (by country those of the country), else active customers, else tickets.

    `days` are the daily tickets: orders that end earlier than these, inside the period, are no measure of it.
    """
    selection = store.select("orders", period=past, by="country", over="day")
    notes = tuple(f"orders are not cut to {each}: they have no such column" for each in selection.ignored)
    rows = store.rows(SQL_ORDERS, selection)
    sold: dict[date, int] = {}
    for _, day, orders in rows:
        sold[day] = sold.get(day, 0) + orders
    end = min(blocks.end, max(days, default=blocks.start) + timedelta(days=1))
    if sold and is_silent(sold, max(sold) + timedelta(days=1), end, step=-1):
        notes = (*notes, f"orders end on {max(sold)}, before the tickets do: rates are shares of all tickets")
        return Exposure("tickets", total[None, :], total[None, :], notes)
    if any(blocks.holding(day) == blocks.count - 1 for day in sold):
        place = by.index("country") if "country" in by else None
        whole = store.select("orders", period=past)
        notes += left_out(store, whole).left_out_notes()
        notes += tuple(unknown.note() for unknown in unknown_words(store, whole) if unknown.column.decides == "whether")
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

    from supportkit.stats.order_lag import moved, sums

    first: date = min(day for _, day, _ in rows)
    block = np.array([blocks.holding(first + timedelta(days=each)) for each in range((blocks.end - first).days)])
    names = sorted({name for name, _, _ in rows})
    daily = np.zeros((len(names), len(block)))
    for name, day, orders in rows:
        daily[names.index(name), (day - first).days] += orders
    counted = sums(daily, block, blocks.count)
    daily, missing = _filled(daily)
    lagged = sums(moved(daily), block, blocks.count)
    everything = lagged.sum(0)[None, :]
    if missing and blocks.number(first + timedelta(days=missing[-1])) > -TOLD:
        notes = (
            *notes,
            f"data: few or no orders on {_days(first, missing, blocks)}: taken as usual for these weekdays",
        )
    if countries is None or len(names) < 2:
        return Exposure("orders", everything, counted.sum(0)[None, :], notes)
    own = np.array([names.index(name) if name in names else -1 for name in countries], dtype=int)
    usual = lagged[own].mean(1)
    large = (own >= 0) & (usual >= LEAST_ORDERS)
    return Exposure(
        "orders",
        np.where(large[:, None], np.maximum(lagged[own], LEAST_LEFT * usual[:, None] * (everything > 0)), everything),
        np.where(own[:, None] >= 0, counted[own], 0.0),
        notes,
    )


def _filled(daily: Array) -> tuple[Array, list[int]]:
    """Daily orders (countries, days) with the days that are missing from the export at their usual, and those days."""
    import numpy as np

    from supportkit.stats.gaps import gaps, usual_day

    total, filled = daily.sum(0), daily.copy()
    normal = np.nan_to_num(usual_day(total))
    share = daily.sum(1) / max(total.sum(), 1)
    missing = [day for gap in gaps(total) for day in range(gap.first, gap.last + 1)]
    for day in missing:
        filled[:, day] = share * normal[day]
    return filled, missing


def _days(first: date, missing: Sequence[int], blocks: Blocks) -> str:
    """The missing days of the blocks that are told of, in words."""
    days = [first + timedelta(days=day) for day in missing]
    recent = [str(day) for day in days if blocks.number(day) > -TOLD]
    return ", ".join(recent[:SHOWN]) + (f" and {len(recent) - SHOWN} more days" if len(recent) > SHOWN else "")
