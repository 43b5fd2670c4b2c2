"""Who says it twice: for each ticket, what the same customer wrote in the days after its last message.

`pieces` reads the selections `tickets` and `messages` and gives the CTE `piece`, a row for each ticket and group:
whether its window is over, whether a ticket of the same customer and topic came in it, and how many came by chance.
$within are the days, $until is how far the data reach, $known_until what is known at all. What came is counted by
numbering the tickets and the ends of the windows of a customer together in the order of time: no pair is made, so
that a customer with a hundred thousand tickets costs no more than as many customers.

Chance is what Knox's test (1964) takes: of the pairs of tickets of one customer that are far apart in time, so many
share the topic; of those near each other as many would, were they no repeats. The share is that of the first ticket's
topic, where its share of all tickets counts as much as PRIOR pairs.
"""

from __future__ import annotations

from typing import Final

from supportkit.desk.replies import ENTRY

PRIOR: Final = 10
_OF: Final = {
    "all": "customer_id",
    "topic": "customer_id, topic",
    "channel": "customer_id, channel",
    "both": "customer_id, topic, channel",
}
_NUMBERS: Final = ",\n               ".join(
    f"count(*) filter (where not is_end) over (partition by {keys} order by placed_at, is_end, source, ticket_id "
    f"rows between unbounded preceding and current row) as of_{name}"
    for name, keys in _OF.items()
)
_NEAR: Final = ",\n               ".join(
    f"max(of_{name}) filter (where is_end) - max(of_{name}) filter (where not is_end) as near_{name}" for name in _OF
)


def pieces(topic: str) -> str:
    """The CTEs up to `piece`, where tickets are of the same topic by this SQL expression over `tickets`."""
    return f"""{ENTRY},
     told as (
        select source, ticket_id, max(sent_at) filter (where is_word) as last_at,
               min(channel) filter (where is_word and sender = 'customer' and channel <> '') as one_channel,
               max(channel) filter (where is_word and sender = 'customer' and channel <> '') as other_channel,
               min(agent) filter (where sender = 'agent' and agent <> '' and kind <> 'assign') as one_agent,
               max(agent) filter (where sender = 'agent' and agent <> '' and kind <> 'assign') as other_agent,
               min(to_value) filter (where kind = 'assign' and to_value <> '') as one_owner,
               max(to_value) filter (where kind = 'assign' and to_value <> '') as other_owner,
               bool_or(kind = 'assign' and from_value <> '' and from_value <> to_value) as is_passed_on
          from (select * replace (coalesce(kind, 'message') as kind),
                       coalesce(kind, 'message') = 'message' and public and sender in ('customer', 'agent') as is_word
                  from entry)
         group by source, ticket_id),
     ticket as (
        select source, ticket_id, customer_id, coalesce(channel, '') as channel, created_at,
               nullif(nullif(trim({topic}), ''), 'unassigned') as topic
          from main.tickets
         where created_at <= cast($known_until as timestamptz)
           and (status is null or status not in ('spam', 'deleted'))),
     person as (
        select * from ticket where customer_id <> '' and topic is not null),
     point as (
        select source, ticket_id, customer_id, topic, channel, created_at as placed_at, false as is_end
          from person
         union all
        select person.source, person.ticket_id, customer_id, topic, channel,
               greatest(last_at, created_at) + to_days(cast($within as integer)), true
          from person
          join told on told.source = person.source and told.ticket_id = person.ticket_id
         where last_at is not null
           and greatest(last_at, created_at) + to_days(cast($within as integer)) <= cast($until as timestamptz)),
     placed as (
        select source, ticket_id, topic, is_end,
               {_NUMBERS},
               count(*) filter (where not is_end) over (partition by customer_id) as every_all,
               count(*) filter (where not is_end) over (partition by customer_id, topic) as every_topic
          from point),
     followed as (
        select source, ticket_id, topic,
               {_NEAR},
               any_value(every_all) - max(of_all) filter (where is_end) as far_all,
               any_value(every_topic) - max(of_topic) filter (where is_end) as far_topic
          from placed
         group by source, ticket_id, topic
        having bool_or(is_end)),
     common as (
        select topic, count(*) / sum(count(*)) over () as share from person group by topic),
     apart as (
        select topic, (far_topic + {PRIOR} * share) / (far_all + {PRIOR}) as alike, far_topic + {PRIOR} * share as pairs
          from (select topic, sum(far_all) as far_all, sum(far_topic) as far_topic from followed group by topic)
          join common using (topic)),
     piece as (
        select tickets.source, tickets.ticket_id, by_1, by_2, over_start, tickets.customer_id, ticket.topic,
               followed.ticket_id is not null as is_over, last_at,
               near_topic > 0 as is_repeated, near_topic > near_both as is_in_another_channel, pairs,
               case when followed.ticket_id is not null
                    then 1 - pow(1 - alike, near_all) end as by_chance,
               case when followed.ticket_id is not null
                    then 1 - pow(1 - alike, near_all - near_channel) end as by_chance_elsewhere,
               one_channel <> other_channel as is_switched,
               case when one_agent is not null or one_owner is not null or is_passed_on
                    then coalesce(one_agent <> other_agent, false) or coalesce(one_owner <> other_owner, false)
                      or coalesce(is_passed_on, false) end as is_reassigned
          from tickets
          left join ticket on ticket.source = tickets.source and ticket.ticket_id = tickets.ticket_id
          left join told on told.source = tickets.source and told.ticket_id = tickets.ticket_id
          left join followed on followed.source = tickets.source and followed.ticket_id = tickets.ticket_id
          left join apart on apart.topic = followed.topic)"""
