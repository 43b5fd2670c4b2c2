"""What a ticket takes, piece by piece: replies, who wrote them, the first solve, whose turn it was, what came again.

PIECES reads the selections `tickets` and `messages` and gives, beside the CTEs of desk/replies:

    said     the public messages of customers and agents, each with the one before and the next of an agent
    question a row for each: a customer's first message after an agent's, with the seconds until the next answer; one
             that has none is the first since then that is no mere thanks (desk/thanks)
    piece    a row per ticket with its pieces; what is not known of it is null; is_impossible is that of desk/impossible

`within_hours` gives such a query the first solve within working hours too, which is null without.

States are turned into whose turn it was: new and open ours, pending the customer's, hold a third party's. Time runs
from the creation to the last solve, and only of tickets that are solved and have a log of states.
"""

from __future__ import annotations

from typing import Final

from supportkit.desk.business_time import CALENDAR, WORKED, slot, worked_until
from supportkit.desk.impossible import IMPOSSIBLE, IS_ORDERED
from supportkit.desk.replies import ANSWERED_AT, HAS_MESSAGES, REPLIES, RESOLVED_AT
from supportkit.desk.thanks import CLOSINGS

_OVER: Final = "('solved', 'closed')"

_FIRST_SOLVE_AT: Final = "coalesce(first_solve_at, case when coalesce(reopens_stated, 0) = 0 then resolved_at end)"
_NO_WORK: Final = "cast(null as double) as first_solve_work_s"
_WORK: Final = f"""({worked_until("ended", _FIRST_SOLVE_AT)} - {worked_until("begun", "created_at")}) / 1e6
                 as first_solve_work_s"""
_NO_CALENDAR: Final = "cast(null as bigint) as calendar"
_NO_SLOTS: Final = "known.by_2 is not distinct from turns.by_2"
_SLOTS: Final = f"""{_NO_SLOTS}
          left join worked as begun on begun.slot = {slot("calendar", "created_at")}
          left join worked as ended on ended.slot = {slot("calendar", _FIRST_SOLVE_AT)}"""

PIECES: Final = f"""{REPLIES},
     said as (
        select source, ticket_id, sent_at, sender, agent, source_row, text,
               lag(sender) over (partition by source, ticket_id order by sent_at, source_row) as sender_before,
               count(*) filter (where sender = 'agent')
                 over (partition by source, ticket_id order by sent_at, source_row) as answers_so_far,
               min(sent_at) filter (where sender = 'agent')
                 over (partition by source, ticket_id order by sent_at, source_row
                        rows between 1 following and unbounded following) as answered_next_at
          from entry
         where coalesce(kind, 'message') = 'message' and public and sender in ('customer', 'agent')),
     words as (
        select source, ticket_id, sent_at, source_row, text
          from said
         where sender = 'customer' and answers_so_far > 0 and answered_next_at is null),{CLOSINGS}
     question as (
        select source, ticket_id, sent_at as asked_at, (epoch_us(answered_next_at) - epoch_us(sent_at)) / 1e6 as next_s
          from said
         where sender = 'customer' and sender_before = 'agent' and answers_so_far > 0 and answered_next_at is not null
         union all
        select words.source, words.ticket_id, min(words.sent_at), cast(null as double)
          from words
          left join courtesy on courtesy.source = words.source and courtesy.ticket_id = words.ticket_id
           and courtesy.sent_at = words.sent_at and courtesy.source_row is not distinct from words.source_row
         where courtesy.ticket_id is null
         group by words.source, words.ticket_id),
     asked as (
        select source, ticket_id, count(next_s) as next_replies, max(next_s) as longest_next_s
          from question
         where next_s is not null
         group by source, ticket_id),
     wrote as (
        select source, ticket_id, agent, sent_at, source_row,
               lag(agent) over (partition by source, ticket_id order by sent_at, source_row) as agent_before
          from entry
         where sender = 'agent' and agent <> '' and coalesce(kind, 'message') in ('message', 'note')),
     hands as (
        select source, ticket_id, count(*) filter (where agent <> agent_before) as hand_overs
          from wrote
         group by source, ticket_id),
     touch as (
        select source, ticket_id, count(*) filter (where sender = 'agent') as replies
          from said
         group by source, ticket_id),
     change as (
        select source, ticket_id, sent_at as changed_at, to_value as state, from_value as state_before,
               lag(to_value) over (partition by source, ticket_id order by sent_at, source_row) as state_told_before,
               lead(sent_at) over (partition by source, ticket_id order by sent_at, source_row) as next_at,
               row_number() over (partition by source, ticket_id order by sent_at, source_row) as place
          from entry
         where kind = 'status' and to_value <> ''),
     logged as (
        select source, ticket_id, min(changed_at) as first_at,
               max(state_before) filter (where place = 1) as first_state,
               min(changed_at) filter (where state in {_OVER}) as first_solve_at,
               min(changed_at) filter (where is_reopening) as first_reopened_at,
               count(*) filter (where is_reopening) as reopens_told
          from (select *, state not in {_OVER} and coalesce(state_told_before, state_before) in {_OVER} as is_reopening
                  from change)
         group by source, ticket_id),
     known as (
        select tickets.source, tickets.ticket_id, by_1, by_2, over_start, created_at, reopens as reopens_stated,
               tickets.replies as replies_stated, {RESOLVED_AT} as resolved_at, {ANSWERED_AT} as answered_at,
               {HAS_MESSAGES} as has_messages, {_NO_CALENDAR},
               first_at is not null and {RESOLVED_AT} is not null as has_turns, first_at, {IS_ORDERED} as is_ordered,
               coalesce(first_state, 'open') as first_state, first_solve_at, first_reopened_at, reopens_told,
               touch.replies as replies_told, next_replies, longest_next_s, hand_overs
          from tickets
          left join answer on answer.source = tickets.source and answer.ticket_id = tickets.ticket_id
          left join logged on logged.source = tickets.source and logged.ticket_id = tickets.ticket_id
          left join touch on touch.source = tickets.source and touch.ticket_id = tickets.ticket_id
          left join asked on asked.source = tickets.source and asked.ticket_id = tickets.ticket_id
          left join hands on hands.source = tickets.source and hands.ticket_id = tickets.ticket_id),
     stretch as (
        select source, ticket_id, by_1, by_2, first_state as state, created_at as begun_at,
               least(first_at, resolved_at) as ended_at
          from known
         where first_at is not null
         union all
        select known.source, known.ticket_id, by_1, by_2, state, changed_at,
               least(coalesce(next_at, resolved_at), resolved_at)
          from known
          join change on change.source = known.source and change.ticket_id = known.ticket_id),
     turns as (
        select source, ticket_id, by_1, by_2,
               sum(epoch_us(ended_at) - epoch_us(begun_at)) filter (where state in ('new', 'open')) as ours_us,
               sum(epoch_us(ended_at) - epoch_us(begun_at)) filter (where state = 'pending') as customers_us,
               sum(epoch_us(ended_at) - epoch_us(begun_at)) filter (where state = 'hold') as third_us
          from stretch
         where ended_at > begun_at
         group by source, ticket_id, by_1, by_2),
     piece as (
        select known.source, known.ticket_id, known.by_1, known.by_2, over_start, resolved_at is not null as is_solved,
               {IMPOSSIBLE} as is_impossible,
               coalesce(next_replies, 0) as next_replies, longest_next_s,
               coalesce(replies_told, replies_stated, case when has_messages then 0 end) as replies,
               coalesce(case when first_at is not null then reopens_told end, reopens_stated) as reopens, hand_overs,
               (epoch_us({_FIRST_SOLVE_AT}) - epoch_us(created_at)) / 1e6 as first_solve_s,
               {_NO_WORK},
               (epoch_us(first_reopened_at) - epoch_us(first_solve_at)) / 1e6 as reopened_after_s,
               case when has_turns then coalesce(ours_us, 0) / 1e6 end as ours_s,
               case when has_turns then coalesce(customers_us, 0) / 1e6 end as customers_s,
               case when has_turns then coalesce(third_us, 0) / 1e6 end as third_s
          from known
          left join turns on turns.source = known.source and turns.ticket_id = known.ticket_id
           and turns.by_1 is not distinct from known.by_1 and {_NO_SLOTS})"""


def within_hours(sql: str) -> str:
    """A query with PIECES with the first solve within working hours, by the parameters of these."""
    asked = sql.replace(REPLIES, f"{WORKED},\n     {REPLIES}", 1).replace(_NO_CALENDAR, f"{CALENDAR} as calendar")
    return asked.replace(_NO_WORK, _WORK).replace(_NO_SLOTS, _SLOTS)
