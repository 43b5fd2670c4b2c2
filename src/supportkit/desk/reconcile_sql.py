"""Our times beside the vendor's own, ticket by ticket: what `reconcile` asks, over the CTE `verdict` (desk/promises).

COMPARED ends in a row per group, figure and clock; a time within working hours is null where there are none. CASES ends
in `behind` and WORST in the tickets furthest apart, both by the clocks that $replies_worked and $solves_worked choose:
within working hours or not. IMPOSSIBLE counts the tickets that none of these compares.
"""

from __future__ import annotations

from typing import Final

MINUTE: Final = 60
FURTHEST: Final = 10
REPLY, SOLVED = "first reply", "resolution"

_APART: Final = "(has_messages or told.first_reply_at is not null and told.vendor_first_reply_s is not null)"
"""Our first reply rests on something else than the vendor's."""
_BESIDE: Final = f""",
     beside as (
        select verdict.source, verdict.ticket_id, verdict.by_1, verdict.by_2, verdict.over_start,
               case when {_APART} then reply_s end as reply_s,
               case when {_APART} then reply_work_s end as reply_work_s,
               coalesce(told.vendor_first_reply_s,
                        (epoch_us(told.first_reply_at) - epoch_us(told.created_at)) / 1e6) as vendor_reply_s,
               case when not has_no_end then resolved_s end as resolved_s,
               case when not has_no_end then resolved_work_s end as resolved_work_s,
               told.vendor_resolution_s as vendor_resolved_s, has_messages
          from verdict
          join main.tickets as told on told.source = verdict.source and told.ticket_id = verdict.ticket_id
         where not impossible)"""
COMPARED: Final = f"""{_BESIDE},
     pair as (
        select by_1, by_2, '{REPLY}' as figure, false as is_worked, reply_s as ours_s, vendor_reply_s as vendor_s,
               has_messages
          from beside
         union all
        select by_1, by_2, '{REPLY}', true, reply_work_s, vendor_reply_s, has_messages from beside
         union all
        select by_1, by_2, '{SOLVED}', false, resolved_s, vendor_resolved_s, has_messages from beside
         union all
        select by_1, by_2, '{SOLVED}', true, resolved_work_s, vendor_resolved_s, has_messages from beside)
select by_1, by_2, figure, is_worked, count(*) as tickets,
       quantile_cont(abs(ours_s - vendor_s), 0.5) as median_difference_s,
       count(*) filter (where abs(ours_s - vendor_s) <= {MINUTE}) as near,
       quantile_cont(ours_s, 0.5) as ours_p50_s, quantile_cont(vendor_s, 0.5) as vendor_p50_s,
       count(*) filter (where has_messages) as logged
  from pair
 where ours_s is not null and vendor_s is not null
 group by by_1, by_2, figure, is_worked
 order by by_1, by_2, figure, is_worked
"""
_DIFFERING: Final = f"""{_BESIDE},
     differing as (
        select beside.*,
               abs(case when $replies_worked then reply_work_s else reply_s end - vendor_reply_s) as difference_s,
               abs(case when $solves_worked then resolved_work_s else resolved_s end - vendor_resolved_s)
               as resolution_difference_s
          from beside)"""
CASES: Final = f"""{_DIFFERING},
     behind as materialized (
        select source, ticket_id, by_1, by_2, over_start, reply_s as first_reply_s,
               reply_work_s as first_reply_business_s, vendor_reply_s, difference_s, resolved_s as resolution_s,
               resolved_work_s as resolution_business_s, vendor_resolved_s, resolution_difference_s
          from differing)
"""
WORST: Final = f"""{_DIFFERING}
select ticket_id
  from differing
 where difference_s > {MINUTE}
 order by difference_s desc, source, ticket_id
 limit {FURTHEST}
"""
IMPOSSIBLE: Final = """
select count(*) as tickets
  from verdict
 where impossible
"""
