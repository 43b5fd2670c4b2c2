"""The plain counts of a funnel at scale: DuckDB reads, numpy sorts once; no times, no groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from supportkit.funnel_sql import Plan, keys_sql, spread_sql
from supportkit.stats.levels import MOST_STEPS, STEP_BITS, users_by_step
from supportkit.store import Selection, Store

PART_ROWS: Final = 12_000_000
"""Events held at once; the rest waits in another part of the persons, so that memory stays in bounds."""
ROOM: Final = 2**62


def countable(plan: Plan) -> bool:
    """Whether the plain counts of a plan can be had this way: one window, best attempts, steps that differ."""
    simple = Plan(plan.sources, plan.steps, window=plan.window, identities=plan.identities)
    return replace(plan, hashed=False, top=0) == simple and plan.steps <= MOST_STEPS


def quick_counts(
    store: Store, plan: Plan, sources: tuple[Selection, ...], parameters: Mapping[str, Any]
) -> list[int] | None:
    """Users at each step; None where times and persons do not fit into one number (then the chain counts them)."""
    plan = replace(plan, hashed=True, dimensions=())
    bound = dict(parameters)
    ends = bound.pop("ends_us")
    window = bound.pop("window_us", None)
    bound.pop("until_us", None)
    first, last, rows, entries, seconds, milliseconds = store.rows(spread_sql(plan), *sources, **bound)[0]
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
        numbers = {"ends_us": ends, "origin_us": first, "unit_us": unit, "span": span, "parts": parts, "part": part}
        keys = store.column(keys_sql(plan), *sources, **bound, **numbers)
        counts = users_by_step(keys, plan.steps, reach // unit, span)
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
    return totals
