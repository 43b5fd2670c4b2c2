"""Closed tickets followed to the survey, as ends of queries on the CTE `done`: who was asked, who answered, and what
came before it. Those of a group, `by_1` and `by_2`, stand apart.
"""

from __future__ import annotations

from typing import Final

COMPLAINING: Final = (
    r"(too slow|too late|so late|twice|never|worst|terrible|awful|useless|rude|angry|disappoint|unacceptable|refund"
    r"|langsam|zu spät|schlecht|nie wieder|enttäusch|unfreundlich|ärger|katastroph"
    r"|медленн|долго|плох|ужас|не реш|не помог|груб|разочаров|верните|хуже)"
)
OUTCOMES: Final = """,
     middle as (select make_timestamptz((epoch_us(min(created_at)) + epoch_us(max(created_at))) // 2) as half from done)
select channel_name as channel, agent_name as agent, breached, reopened, complaint, created_at >= half as later,
       count(*) as closed, count(*) filter (where offered) as offered,
       count(last) as answered, count(*) filter (where last.satisfied) as satisfied, by_1, by_2
  from done, middle
 group by all
 order by all
"""

SCORES: Final = """
select agent_name as agent, breached, reopened, complaint, last.height as score, last.satisfied as satisfied,
       count(*) as answers, by_1, by_2
  from done
 where last is not null and not unreadable
 group by all
 order by all
"""

HABITS: Final = """,
     ranked as (
    select customer_id, answers, last.height as score, last.satisfied as satisfied, lower(last.comment) as comment,
           date_diff('millisecond', last.asked, last.at) / 1000 as delay_s
      from done
     where last is not null),
     edge as (select quantile_disc(delay_s, 0.25) as fast, quantile_disc(delay_s, 0.75) as slow from ranked),
     customer as (
    select count(*) as times, count(distinct score) as scores
      from ranked
     where customer_id is not null
     group by customer_id)
select count(*) as answered, count(delay_s) as timed, count(*) filter (where delay_s < 5) as quick,
       count(*) filter (where answers > 1) as repeated,
       (select count(*) from customer where times >= 4) as loyal,
       (select count(*) from customer where times >= 4 and scores = 1) as loyal_same,
       count(*) filter (where score = 1 and comment <> '') as commented_top,
       count(*) filter (where score = 1 and regexp_matches(comment, $complaining)) as complaining_top,
       count(*) filter (where delay_s <= fast) as early,
       count(*) filter (where delay_s <= fast and satisfied) as early_satisfied,
       count(*) filter (where delay_s >= slow) as late,
       count(*) filter (where delay_s >= slow and satisfied) as late_satisfied
  from ranked, edge
"""

ITEMS: Final = """
with respondent as (
    select count(*) as items, count(distinct score) as scores
      from surveys
     where kind = 'csi' and score is not null
     group by customer_id, ticket_id, order_id, responded_at)
select count(*) filter (where items >= 3) as respondents, count(*) filter (where items >= 3 and scores = 1) as same
  from respondent
"""

AGAIN: Final = """,
     person as (
    select count(*) as answers, count(*) filter (where last.satisfied) as satisfied
      from done
     where last is not null and customer_id is not null
     group by customer_id)
select count(*) as customers, coalesce(sum(answers), 0) as answers, coalesce(sum(answers * answers), 0) as squared,
       coalesce(sum(satisfied), 0) as satisfied, coalesce(sum(satisfied * satisfied / answers), 0) as between_customers
  from person
"""

LEFT_OUT: Final = """
select coalesce(sum(off_scale), 0) as off_scale, coalesce(sum(silent), 0) as silent,
       count(*) filter (where not promised and not unreadable) as unpromised,
       count(*) filter (where counts_reopens) as with_reopens,
       count(*) filter (where judged) as with_target, count(*) filter (where judged and not breached) as kept,
       by_1, by_2
  from done
 group by by_1, by_2
 order by by_1, by_2
"""
CASES: Final = """,
     behind as materialized (
    select source, ticket_id, by_1, by_2, cast(null as date) as over_start,
           created_at as dated_at, offered, last is not null as is_answered,
           last.satisfied as satisfied, last.height as score_height, last.comment as comment,
           breached, reopened, judged, complaint
      from done)
"""
WITHOUT_TICKET: Final = "select count(*) from surveys where kind = $kind and ticket_id is null"
