"""The counts behind the figures of `service` as SQL: one query for the whole and for the groups.

The whole and the groups are counted each by itself, from the tickets judged once: what notes say is of the whole alone,
and a count of it by groups would take as long as the figures.
"""

from __future__ import annotations

import re
from typing import Final

_WAITED: Final = "coalesce(reply_work_s, reply_s, age_work_s, age_s)"
_FIGURES: Final = """
       count(*) as tickets,
       count(*) filter (where is_replied) as replied,
       quantile_cont(reply_us, [0.5, 0.9]) filter (where not impossible) as reply_us,
       avg(reply_us) filter (where not impossible) as reply_mean_us,
       {within},
       quantile_cont(reply_work_us, [0.5, 0.9]) filter (where not impossible) as reply_work_us,
       count(resolved_at) as solved,
       quantile_cont(resolved_us, [0.5, 0.9]) filter (where not impossible) as resolution_us,
       avg(resolved_us) filter (where not impossible) as resolution_mean_us,
       quantile_cont(resolved_work_us, [0.5, 0.9]) filter (where not impossible) as resolution_work_us,
       count(kept) as with_target,
       count(*) filter (where kept = 1) as kept,
       count(*) filter (where is_open_in_time) as open_in_time,
       count(*) filter (where is_open_late) as open_late,
       count(*) filter (where has_messages or answered_at is not null) as told"""
_WITHIN: Final = f"""count(*) filter (where not impossible and (is_replied or {_WAITED} > $within_s)) as within_judged,
       count(*) filter (where not impossible and is_replied and {_WAITED} <= $within_s) as within_bound"""
_NOT_WITHIN: Final = "0 as within_judged, 0 as within_bound"
_TOLD: Final = """,
       count(*) filter (where impossible) as impossible,
       count(*) filter (where has_messages) as with_messages,
       count(answered_at) filter (where not has_messages and first_reply_at is not null) as by_column,
       count(answered_at) filter (where not has_messages and first_reply_at is null) as by_vendor,
       count(answered_at) filter (where not has_messages and first_reply_at is null
                                    and list_contains(cast($reply_hours as varchar[]), source)) as by_vendor_hours,
       count(resolved_at) filter (where has_no_end) as ends_by_vendor,
       count(resolved_at) filter (where has_no_end and list_contains(cast($resolution_hours as varchar[]), source))
       as ends_by_vendor_hours,
       count(*) filter (where kept is not null and reply_target_s is null and resolution_target_s is null)
       as told_by_vendor,
       count(*) filter (where resolved_at is null and has_no_end and is_told_solved) as undated,
       count(resolved_at) filter (where not has_no_end and list_contains(cast($first_close as varchar[]), source))
       as first_closes,
       count(*) filter (where begins_with_agent) as agent_first,
       count(*) filter (where is_opened_by_agent) as opened_by_agent,
       count(*) filter (where has_messages and first_reply_at is not null
                          and not list_contains(cast($days as varchar[]), source)
                          and coalesce(abs(date_diff('second', first_reply_at, answered_at)) > 60, true)) as differing,
       count(*) filter (where has_writer) as with_writer"""
_NAME: Final = re.compile(r" as (\w+)(?=,|$)")
_WORKED: Final = re.compile(r"quantile_cont\(\w+_work_us, \[0\.5, 0\.9\]\) filter \(where not impossible\)")


def counts_sql(*, grouped: bool, noted: bool, within_hours: bool, bounded: bool) -> str:
    """The query over the CTE `verdict`: the row of the whole, then those of the groups where they are asked for.

    Without working hours and without a bound there is nothing to take those figures of, and to plan them takes long;
    the counts of notes are 0 where nobody reads them.
    """
    figures = _FIGURES.format(within=_WITHIN if bounded else _NOT_WITHIN)
    if not within_hours:
        figures = _WORKED.sub("cast(null as double[])", figures)
    untold = "".join(f", 0 as {name}" for name in _NAME.findall(_TOLD))
    groups = f"""
 union all
select false, by_1, by_2, over_start,{figures}{untold}
  from verdict
 group by by_1, by_2, over_start"""
    return f"""
select true as is_total, cast(null as varchar) as by_1, cast(null as varchar) as by_2, cast(null as date) as over_start,
       {figures.lstrip()}{_TOLD if noted else untold}
  from verdict{groups if grouped else ""}
 order by is_total desc, by_1, by_2, over_start
"""
