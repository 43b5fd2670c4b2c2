"""The users of very many events by step and group, counted share by share of the persons: flat memory, exact medians.

What one query would sort at once does not fit into memory from some ten million events on. Users are added up over the
shares; for medians each share keeps how many users took which time, and the shares' counts of a time are added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from supportkit.funnels.step_sql import FunnelQuery, times_sql
from supportkit.store import Selection, Store
from supportkit.store.shares import rows_of_shares

SHARE_ROWS: Final = 15_000_000
"""Events of which one query counts the users; of more it is asked for a share of the persons at a time."""
NAME: Final = "funnel_time"

_LARGEST: Final = """
     largest_{name} as (
        select {name} as kept from taken
         where step_number = 1 and not total and not is_gap
         group by {name} order by sum(users) desc, {name} limit {top})"""
_SHOWN: Final = """case when {name} = '(none)' or {name} in (select kept from largest_{name}) then {name}
             else '(other)' end as {name}"""

# The value below and above which a share of all users lies, from how many have each: as quantile_cont has it, which
# takes the place (n - 1) x share and what lies between two places in proportion.
_SIDE: Final = "min(value) filter (is_gap = {gap} and upto > {round}((every - 1) * {share}))"
_PART: Final = "any_value((every - 1) * {share} - floor((every - 1) * {share})) filter (is_gap = {gap})"


def _quantile(share: str, gap: str) -> str:
    low, high = (_SIDE.format(gap=gap, round=side, share=share) for side in ("floor", "ceil"))
    part = _PART.format(gap=gap, share=share)
    return f"({low} + ({high} - {low}) * {part}) / 1e6"


def rows_in_shares(
    store: Store, plan: FunnelQuery, shares: int, sources: tuple[Selection, ...], parameters: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """The rows of `steps_sql`, from so many shares of the persons."""
    sql = times_sql(replace(plan, top=0, hashed=True, shared=True))
    with rows_of_shares(store, NAME, sql, shares, sources, parameters) as times:
        return store.rows(_merged_sql(plan, times))


def _merged_sql(plan: FunnelQuery, times: str) -> str:
    """The query for the rows, from the rows of all shares."""
    names = (*plan.dimensions, *(("over_start",) if plan.over else ()))
    keys = ", ".join((*names, "total", "step_number"))
    cut = plan.top and plan.dimensions and plan.attribution != "all"
    shown = {name: _SHOWN.format(name=name) if cut and name in plan.dimensions else name for name in names}
    largest = [_LARGEST.format(name=name, top=int(plan.top)) + "," for name in plan.dimensions] if cut else []
    sums = ", ".join(f"sum({name}) as {name}" for name in ("users", "open", "matured", "tied"))
    never = "bool_and(never_open) as never_open, bool_and(never_matured) as never_matured"
    columns = ", ".join((*shown.values(), "total", "step_number"))
    totals = ", ".join((*(f"null as {name}" for name in names), "true as total", "step_number"))
    placed = [f"select {columns}, * exclude ({keys}) from taken"] if names else []
    placed += [] if plan.groups else [f"select {totals}, * exclude ({keys}) from taken"]
    order = ", ".join(["total desc", *(f"{name} nulls first" for name in names), "step_number"])
    return f"""
with taken as not materialized ({times}),{"".join(largest)}
     placed as (
        {" union all ".join(placed)}),
     summed as (
        select {keys}, is_gap, value, {sums}, {never}
          from placed
         group by {keys}, is_gap, value),
     ranked as (
        select *, cast(sum(timed) over (partition by {keys}, is_gap order by value) as bigint) as upto,
               cast(sum(timed) over (partition by {keys}, is_gap) as bigint) as every
          from (select *, case when value is not null then users end as timed from summed))
select {keys}, cast(sum(users) filter (not is_gap) as bigint) as users,
       {_quantile("5e-1", "false")} as time_p50_s, {_quantile("9e-1", "false")} as time_p90_s,
       {_quantile("5e-1", "true")} as step_p50_s,
       case when not bool_and(never_open) then cast(sum(open) filter (not is_gap) as bigint) end as open,
       case when not bool_and(never_matured) then cast(sum(matured) filter (not is_gap) as bigint) end as matured,
       cast(sum(tied) filter (not is_gap) as bigint) as tied
  from ranked
 group by {keys}
 order by {order}
"""
