"""The customers of very many orders as counts and sums, asked share by share: flat memory, exact medians.

What one query keeps of every customer at once does not fit into memory from some ten million orders on. Of each share
it is kept how many customers have which revenue and which length of follow-up; from these come the medians of all, and
with them the counts of each share, which are added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from supportkit.store import Selection, Store
from supportkit.store.shares import rows_of_shares
from supportkit.worth.ltv_sql import LifeRow, ShareRow

_GROUP: Final = "by_1, by_2, currency"
# A value of all customers at a share q of them: as quantile_disc has it, the first that so many do not exceed; as
# quantile_cont, what lies at the place (n - 1) x q, in proportion between two values.
_MIDDLE: Final = """
with held as (
  select {group}, is_length, follow_up, revenue, cast(sum(customers) as bigint) as customers
    from ({held})
   group by {group}, is_length, follow_up, revenue
),
ranked as (
  select *, cast(sum(customers) over (partition by {group}, is_length order by follow_up, revenue) as bigint) as upto,
         cast(sum(customers) over (partition by {group}, is_length) as bigint) as every
    from held
),
middle as (
  select {group}, any_value(every) as customers,
         min(follow_up) filter (is_length and 2 * upto >= every) as middle_age,
         min(revenue) filter (not is_length and 10 * upto >= 9 * every) as threshold,
         min(revenue) filter (not is_length and upto > (every - 1) // 2) as below,
         min(revenue) filter (not is_length and upto > every // 2) as above
    from ranked
   group by {group}
)
select {group}, any_value(middle.customers) as customers, any_value(middle_age) as middle_age,
       cast((cast(any_value(below) as double) + cast(any_value(above) as double)) / 2 as decimal(38, 4))
         as median_revenue,
       sum(revenue * held.customers) as revenue,
       coalesce(sum(revenue * held.customers) filter (revenue > threshold), 0)
         + any_value(threshold) * (any_value(middle.customers) / 10.0
           - coalesce(cast(sum(held.customers) filter (revenue > threshold) as bigint), 0)) as top
  from held
  join middle using ({group})
 where not is_length
 group by {group}
"""
_LIFE_ROWS: Final = """
select {group}, part, gap, day, lapsed, older, cast(sum(customers) as bigint) as customers,
       cast(sum(orders) as bigint) as orders, cast(sum(repeaters) as bigint) as repeaters, sum(revenue) as revenue,
       cast(null as double) as share
  from ({parts})
 group by {group}, part, gap, day, lapsed, older
union all
select {group}, 'spread', null, null, null, null, null, null, null, median_revenue, top / nullif(revenue, 0)
  from ltv_middle
 order by {group}, part, gap, day, lapsed, older
"""
_ERROR_ROWS: Final = """
select place, older, cast(sum(customers) as bigint) as customers, sum(second) as second, sum(third) as third,
       sum(fourth) as fourth, sum(early_second) as early_second
  from ({errors})
 group by place, older
 order by place, older
"""


def life_rows(
    store: Store, held: str, parts: str, shares: int, rows: Selection, given: Mapping[str, Any], gaps: list[int]
) -> list[LifeRow]:
    """The rows of the query for the counts, from those for what a share holds and for its parts."""
    known = {name: value for name, value in given.items() if name != "gap"}
    with rows_of_shares(store, "ltv_held", held, shares, (rows,), known) as all_held:
        middle = store.temporary_table("ltv_middle", _MIDDLE.format(group=_GROUP, held=all_held))
        with middle, rows_of_shares(store, "ltv_part", parts, shares, (rows,), {**given, "gaps": gaps}) as all_parts:
            return store.records(LifeRow, _LIFE_ROWS.format(group=_GROUP, parts=all_parts))


def error_rows(store: Store, errors: str, shares: int, rows: Selection, given: Mapping[str, Any]) -> list[ShareRow]:
    """The rows of the query for the errors."""
    with rows_of_shares(store, "ltv_error", errors, shares, (rows,), given) as every:
        return store.records(ShareRow, _ERROR_ROWS.format(errors=every))
