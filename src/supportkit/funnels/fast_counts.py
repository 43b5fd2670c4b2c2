"""The plain counts of a funnel at scale: DuckDB keeps the events as narrow rows, numpy sorts them in parts.

No times, no groups. The persons are divided into shares, of which one at a time is kept, so that it fits into memory
and is read but once from the store; and a share into parts, of which one at a time is sorted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from supportkit.funnels.step_sql import FunnelQuery, narrow_sql, spread_sql
from supportkit.stats.funnel_counts import MOST_STEPS, STEP_BITS, users_by_step
from supportkit.store import Selection, Store

SHARE_ROWS: Final = 60_000_000
"""Events that are kept at once, at 13 bytes each."""
PART_ROWS: Final = 12_000_000
"""Events that are sorted at once."""
ROOM: Final = 2**62
NAME: Final = "funnel_event"

SQL_ROWS: Final = f"select count(*), count(*) filter (step = 1) from {NAME}"
SQL_KEYS: Final = f"""
with part as not materialized (
        select person, moment, step
          from {NAME}
         where person // cast($shares as ubigint) % cast($parts as ubigint) = cast($part as ubigint)),
     entered as (
        select person, row_number() over () as number from (select distinct person from part where step = 1))
select (number * $span + moment) * 8 + step as key
  from part join entered using (person)
"""


def countable(plan: FunnelQuery) -> bool:
    """Whether the plain counts of a plan can be had this way: one window, best attempts, steps that differ."""
    simple = FunnelQuery(plan.sources, plan.steps, window=plan.window, identities=plan.identities)
    return replace(plan, hashed=False, top=0) == simple and plan.steps <= MOST_STEPS


def quick_counts(
    store: Store, plan: FunnelQuery, sources: tuple[Selection, ...], parameters: Mapping[str, Any]
) -> list[int] | None:
    """Users at each step; None where times and persons do not fit into one number (then the chain counts them)."""
    plan = replace(plan, hashed=True, dimensions=())
    bound = dict(parameters)
    window = bound.pop("window_us", None)
    bound.pop("until_us", None)
    first, last, seconds, milliseconds, events = store.rows(spread_sql(plan), *sources, starts_us=bound["starts_us"])[0]
    if first is None:
        return [0] * plan.steps
    unit = 1_000_000 if seconds else 1_000 if milliseconds else 1
    reach = last - first if window is None else min(window, last - first)
    span = (last - first) // unit + reach // unit + 2
    narrow = narrow_sql(plan, "uinteger" if span < 1 << 32 else "bigint")
    shares = -(-events // SHARE_ROWS)
    totals = [0] * plan.steps
    for share in range(shares):
        divided = {"shares": shares, "share": share}
        with store.temporary_table(NAME, narrow, *sources, **bound, **divided, origin_us=first, unit_us=unit):
            rows, entries = store.rows(SQL_ROWS)[0]
            if (entries + 1) * span << STEP_BITS >= ROOM:
                return None
            parts = -(-rows // PART_ROWS)
            for part in range(parts):
                keys = store.column(SQL_KEYS, span=span, shares=shares, parts=parts, part=part)
                counts = users_by_step(keys, plan.steps, reach // unit, span)
                totals = [total + count for total, count in zip(totals, counts, strict=True)]
    return totals
