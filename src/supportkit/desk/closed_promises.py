"""Which closed tickets kept their promises, by the times in the tickets alone: what surveys are set against.

CLOSED_PROMISES reads the selection `tickets` and gives the CTE `promise`: a row for each closed ticket with the names
of its channel and agent, its targets, and whether the first reply (late_reply) or the end (late_end) came too late, by
the target or else the vendor's verdict; `unread` where nobody can read that. `closed_judged` puts a query with it right
for targets and working hours; their parameters are `promises` of aims and those of the hours.
"""

from __future__ import annotations

from typing import Final

from supportkit.desk.aims import TARGET, Targets, aimed_at, for_targets
from supportkit.desk.business_time import CALENDAR, WORKED, Hours, slot, worked_until
from supportkit.desk.verdicts import BROKE_FIRST_REPLY, BROKE_RESOLUTION, UNREAD_FIRST_REPLY, UNREAD_RESOLUTION

_IS_DONE: Final = "status in ('solved', 'closed') or solved_at is not null or closed_at is not null"
_ENDED_AT: Final = "coalesce(solved_at, closed_at)"
_NAMES: Final = """coalesce(nullif(channel, ''), '(none)') as channel_name,
           coalesce(nullif(agent, ''), '(none)') as agent_name,"""
_REPLY_S: Final = "coalesce(date_diff('second', created_at, first_reply_at), vendor_first_reply_s)"
_RESOLVED_S: Final = f"date_diff('second', created_at, {_ENDED_AT})"
_TIMED: Final = f"""timed as (
    select tickets.*,
           {_NAMES}
           {_REPLY_S} as reply_s,
           {_RESOLVED_S} as resolved_s
      from tickets
     where {_IS_DONE})"""
_WORKED_AT_FIRST: Final = worked_until("begun", "created_at")
_TIMED_WITHIN_HOURS: Final = f"""{WORKED},
     placed as (
    select tickets.*, {CALENDAR} as calendar
      from tickets
     where {_IS_DONE}),
     timed as (
    select placed.*,
           {_NAMES}
           coalesce(({worked_until("replied", "first_reply_at")} - {_WORKED_AT_FIRST}) / 1e6, {_REPLY_S}) as reply_s,
           coalesce(({worked_until("ended", _ENDED_AT)} - {_WORKED_AT_FIRST}) / 1e6, {_RESOLVED_S}) as resolved_s
      from placed
      left join worked as begun on begun.slot = {slot("calendar", "created_at")}
      left join worked as replied on replied.slot = {slot("calendar", "first_reply_at")}
      left join worked as ended on ended.slot = {slot("calendar", _ENDED_AT)})"""
CLOSED_PROMISES: Final = f"""{TARGET},
     {_TIMED},
     targeted as (
    select timed.*, coalesce(own.reply_target_s, other.reply_target_s) as reply_target_s,
           coalesce(own.resolution_target_s, other.resolution_target_s) as resolution_target_s
      from timed
          {aimed_at("timed")}),
     promise as (
    select targeted.*,
           coalesce(reply_s > reply_target_s, {BROKE_FIRST_REPLY}) as late_reply,
           coalesce(resolved_s > resolution_target_s, {BROKE_RESOLUTION}) as late_end,
           (reply_s > reply_target_s) is null and {UNREAD_FIRST_REPLY}
             or (resolved_s > resolution_target_s) is null and {UNREAD_RESOLUTION} as unread
      from targeted)"""


def closed_judged(sql: str, targets: Targets | None, hours: Hours | None) -> str:
    """A query with CLOSED_PROMISES for targets, within working hours where there are such."""
    return for_targets(sql.replace(_TIMED, _TIMED_WITHIN_HOURS) if hours else sql, targets, "timed")
