"""Who waits for an answer at an instant, and who got none before the ticket was over: on desk/standing's CTEs.

LISTED gives `listed`: a row per instant and ticket with its state, `never answered` and `customer wrote last` for those
that wait, `ended unanswered` for those that wait no more. ANSWERS gives `answers`: how many tickets of a group were
first answered between an instant and the one before, so that those never answered are counted without listing them.
"""

from __future__ import annotations

from typing import Final

from supportkit.desk.standing import TURNS

ENDED: Final = "ended unanswered"
LISTED: Final = f"""{TURNS},
     ended_unanswered as (
        select dated.source, dated.ticket_id, dated.by_1, dated.by_2, instant.moment, instant.day, dated.channel,
               dated.priority, dated.subject, date_diff('microsecond', created_at, instant.moment) / 1e6 as age_s
          from dated
          join instant on created_at <= instant.moment and (answered_at is null or answered_at > instant.moment)
          left join (select distinct source, ticket_id, moment from standing) as still
            on still.source = dated.source and still.ticket_id = dated.ticket_id and still.moment = instant.moment
         where not is_impossible and still.ticket_id is null),
     listed as (
        select source, ticket_id, by_1, by_2, moment, day, channel, priority, subject, age_s,
               date_diff('microsecond', turn_from, moment) / 1e6 as waiting_s, turn as state
          from waiting
         where turn in ('never answered', 'customer wrote last')
         union all
        select source, ticket_id, by_1, by_2, moment, day, channel, priority, subject, age_s,
               cast(null as double), '{ENDED}'
          from ended_unanswered)"""
ANSWERS: Final = """
     answers as (
        select by_1, by_2, moment, count(*) as answered
          from dated
          join instant on answered_at <= moment and (answered_at > earlier or earlier is null)
         where not is_impossible
         group by by_1, by_2, moment)"""
