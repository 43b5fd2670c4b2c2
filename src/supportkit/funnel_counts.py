"""The plain counts of a funnel at scale: DuckDB reads the events once and keeps them narrow, numpy sorts them in parts.

No times, no groups. A part holds some of the persons with all their events, so that memory stays in bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from supportkit.funnel_sql import Plan, narrow_sql
from supportkit.stats.levels import MOST_STEPS, STEP_BITS, users_by_step
from supportkit.store import Selection, Store

PART_ROWS: Final = 12_000_000
"""Events that are sorted at once."""
ROOM: Final = 2**62
NAME: Final = "funnel_event"

SQL_SPREAD: Final = f"""
select min(x), max(x), count(*), count(*) filter (step = 1),
       coalesce(bool_and(x % 1000000 = 0), true), coalesce(bool_and(x % 1000 = 0), true)
  from {NAME}
"""
SQL_KEYS: Final = f"""
with part as not materialized (
        select person, x, step from {NAME} where person % cast($parts as ubigint) = cast($part as ubigint)),
     entered as (
        select person, row_number() over () as number from (select distinct person from part where step = 1))
select (number * $span + (x - $origin_us) // $unit_us) * 8 + step as key
  from part join entered using (person)
"""


def countable(plan: Plan) -> bool:
    """Whether the plain counts of a plan can be had this way: one window, best attempts, steps that differ."""
    simple = Plan(plan.sources, plan.steps, window=plan.window, identities=plan.identities)
    return replace(plan, hashed=False, top=0) == simple and plan.steps <= MOST_STEPS


def quick_counts(
    store: Store, plan: Plan, sources: tuple[Selection, ...], parameters: Mapping[str, Any]
) -> list[int] | None:
    """Users at each step; None where times and persons do not fit into one number (then the chain counts them)."""
    bound = dict(parameters)
    window = bound.pop("window_us", None)
    bound.pop("until_us", None)
    with store.kept(NAME, narrow_sql(replace(plan, hashed=True, dimensions=())), *sources, **bound):
        first, last, rows, entries, seconds, milliseconds = store.rows(SQL_SPREAD)[0]
        if not entries:
            return [0] * plan.steps
        unit = 1_000_000 if seconds else 1_000 if milliseconds else 1
        reach = last - first if window is None else min(window, last - first)
        span = (last - first) // unit + reach // unit + 2
        if (entries + 1) * span << STEP_BITS >= ROOM:
            return None
        parts = -(-rows // PART_ROWS)
        totals = [0] * plan.steps
        for part in range(parts):
            keys = store.column(SQL_KEYS, origin_us=first, unit_us=unit, span=span, parts=parts, part=part)
            counts = users_by_step(keys, plan.steps, reach // unit, span)
            totals = [total + count for total, count in zip(totals, counts, strict=True)]
        return totals
