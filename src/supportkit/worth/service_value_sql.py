"""The queries of `service-value`: first complaints and promoter questions, how they were handled, and what followed.

A unit has an exposure, its level, a landmark, and what it is compared within. Orders up to the landmark are orders
before; those after it and within the horizon are what is asked for.
"""

from __future__ import annotations

from typing import Final

from supportkit.desk.aims import TARGET, aimed_at
from supportkit.desk.business_time import CALENDAR, WORKED, slot, worked_until
from supportkit.desk.replies import REPLIES
from supportkit.desk.verdicts import BROKE_FIRST_REPLY, BROKE_RESOLUTION, UNREAD_FIRST_REPLY, UNREAD_RESOLUTION
from supportkit.store.purchases import PURCHASE

_REPLIED_AT: Final = "coalesce(case when answer.ticket_id is null then first_reply_at else replied_at end, landmark)"
_ENDED_AT: Final = "coalesce(solved_at, landmark)"
_REPLY_S: Final = f"date_diff('second', created_at, {_REPLIED_AT})"
_ENDED_S: Final = f"date_diff('second', created_at, {_ENDED_AT})"
_BEGUN: Final = worked_until("begun", "created_at")
_WORKED_REPLY_S: Final = f"coalesce(({worked_until('replied', _REPLIED_AT)} - {_BEGUN}) / 1e6, {_REPLY_S})"
_WORKED_ENDED_S: Final = f"coalesce(({worked_until('ended', _ENDED_AT)} - {_BEGUN}) / 1e6, {_ENDED_S})"
_COMPLAINT: Final = "complaint as (\n  select tickets.*,"
_ANSWERED: Final = "left join answer on answer.source = complaint.source and answer.ticket_id = complaint.ticket_id"
_ANSWERED_WITHIN_HOURS: Final = f"""{_ANSWERED}
    left join worked as begun on begun.slot = {slot("calendar", "created_at")}
    left join worked as replied on replied.slot = {slot("calendar", _REPLIED_AT)}
    left join worked as ended on ended.slot = {slot("calendar", _ENDED_AT)}"""
_UNITS: Final = f"""
{REPLIES},
{TARGET},
marked as (select coalesce(bool_or(is_complaint), false) as any_marked from tickets),
{_COMPLAINT} coalesce(closed_at, solved_at) as landmark,
         row_number() over (partition by customer_id order by created_at, ticket_id) as place
    from tickets, marked
   where customer_id is not null and (is_complaint or not any_marked)
),
handled as (
  select complaint.*,
         {_REPLY_S}
           > coalesce(own.reply_target_s, other.reply_target_s) as late_reply,
         {_ENDED_S}
           > coalesce(own.resolution_target_s, other.resolution_target_s) as late_end,
         {BROKE_FIRST_REPLY} as told_late_reply, {BROKE_RESOLUTION} as told_late_end,
         {UNREAD_FIRST_REPLY} as unread_reply, {UNREAD_RESOLUTION} as unread_end
    from complaint
    {_ANSWERED}
    {aimed_at("complaint")}
   where place = 1
),
verdict as (
  select handled.*, coalesce(late_reply, told_late_reply) as reply_breached,
         coalesce(late_end, told_late_end) as end_breached,
         late_reply is null and unread_reply or late_end is null and unread_end as unread
    from handled
),
rating as (
  select ticket_id, min(responded_at) as rated_at,
         arg_min((score - coalesce(scale_min, 1)) / nullif(coalesce(scale_max, 5) - coalesce(scale_min, 1), 0),
                 {{'at': responded_at, 'score': score}}) as rated
    from surveys
   where kind = 'csat' and ticket_id is not null and score is not null and responded_at is not null
     and not superseded
   group by ticket_id
),
asked as (
  select customer_id, score, responded_at, invited_at, channel,
         coalesce(invited_at + to_days(7), responded_at) as landmark,
         row_number() over (partition by customer_id order by coalesce(invited_at, responded_at), score) as place
    from surveys
   where kind = 'nps' and customer_id is not null
),
unit as (
  select 'sla' as exposure, by_1, by_2, customer_id, landmark, category, priority, channel,
         case when reply_breached or end_breached then 'breached' when unread then null
              when coalesce(reply_breached, end_breached) is not null then 'met' end as level
    from verdict
  union all
  select 'reopened', by_1, by_2, customer_id, landmark, category, priority, channel,
         case when reopens > 0 then 'yes' when reopens = 0 then 'no' end
    from verdict
  union all
  select 'csat', by_1, by_2, customer_id, landmark + to_days(7), category, priority, channel,
         case when rated_at > landmark + to_days(7) or rated is null then 'no answer'
              when rated >= 0.75 then 'satisfied' else 'not satisfied' end
    from verdict
    left join rating on rating.ticket_id = verdict.ticket_id
   where exists (select 1 from rating)
  union all
  select 'nps', null, null, customer_id, landmark, null, null, channel,
         case when responded_at > landmark or score is null then 'no answer'
              when score >= 9 then 'promoter' when score >= 7 then 'passive' else 'detractor' end
    from asked
   where place = 1 and not $split
),
followed as (
  select exposure, unit.by_1, unit.by_2, level, category, priority, channel, unit.customer_id,
         count(net) filter (where ordered_at <= landmark) as before,
         coalesce(bool_or(ordered_at > landmark and ordered_at <= landmark + to_days($horizon)), false) as again
    from unit
    left join purchase on purchase.customer_id = unit.customer_id
   where level is not null and landmark + to_days($horizon) <= cast($until as timestamptz)
   group by exposure, unit.by_1, unit.by_2, level, category, priority, channel, unit.customer_id
)
"""
SQL_CASES: Final = f"""
with {PURCHASE.strip()},{_UNITS.rstrip()},
behind as materialized (
  select verdict.source, verdict.ticket_id, verdict.by_1, verdict.by_2, cast(null as date) as over_start,
         verdict.customer_id, verdict.landmark as closed_at,
         case when reply_breached or end_breached then 'breached' when unread then null
              when coalesce(reply_breached, end_breached) is not null then 'met' end as sla,
         case when reopens > 0 then 'yes' when reopens = 0 then 'no' end as reopened,
         coalesce(bool_or(ordered_at > verdict.landmark
                          and ordered_at <= verdict.landmark + to_days($horizon)), false) as reordered
    from verdict
    left join purchase on purchase.customer_id = verdict.customer_id
   where verdict.landmark + to_days($horizon) <= cast($until as timestamptz)
   group by all
)
"""
SQL: Final = f"""
with {PURCHASE.strip()},{_UNITS}
select by_1, by_2, exposure, coalesce(category, '') as category, coalesce(priority, '') as priority,
       coalesce(channel, '') as channel, least(before, 3) as orders_before, level,
       count(*) as units, count(*) filter (where again) as reordered, sum(before) as before,
       sum(before * before) as before_squared, count(*) filter (where before = 0 and not again) as strangers
  from followed
 group by all
 order by by_1, by_2, exposure, category, priority, channel, orders_before, level
"""
SQL_COMPLAINTS: Final = """
with marked as (select coalesce(bool_or(is_complaint), false) as any_marked from tickets),
complaint as (
  select customer_id, coalesce(closed_at, solved_at) as landmark, any_marked,
         row_number() over (partition by customer_id order by created_at, ticket_id) as place
    from tickets, marked
   where is_complaint or not any_marked
)
select count(*) filter (where customer_id is null) as without_customer,
       count(*) filter (where customer_id is not null and place > 1) as later,
       count(*) filter (where customer_id is not null and place = 1 and landmark is null) as still_open,
       count(*) filter (where customer_id is not null and place = 1
                          and landmark + to_days($horizon) > cast($until as timestamptz)) as too_late,
       count(*) filter (where customer_id is not null and place = 1
                          and landmark + to_days($horizon) <= cast($until as timestamptz)) as followed,
       coalesce(bool_or(any_marked), false) as any_marked
  from complaint
"""


def within_hours(sql: str) -> str:
    """A query whose promises are kept by the clock of working hours, as desk/business_time has them."""
    placed = _COMPLAINT.replace("tickets.*,", f"tickets.*, {CALENDAR} as calendar,")
    sql = sql.replace(_COMPLAINT, f"{WORKED},\n{placed}").replace(_ANSWERED, _ANSWERED_WITHIN_HOURS)
    return sql.replace(f" {_REPLY_S}", f" {_WORKED_REPLY_S}").replace(f" {_ENDED_S}", f" {_WORKED_ENDED_S}")
