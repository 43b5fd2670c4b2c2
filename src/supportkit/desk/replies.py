"""The first answer to each ticket, read from its log: the first public message of a human agent.

A log is written under its ticket's source: two vendors use the same ids, so a message goes to the ticket of its own
source; only where no ticket came from that source (messages exported by themselves) it goes by the id alone. Where a
public message of an agent opens the log, the second one is the answer.

REPLIES reads the selections `tickets` and `messages` and gives these CTEs:

    entry    (source, ticket_id, sent_at, sender, public, kind, from_value, to_value, source_row): a log's entries
    answer   (source, ticket_id, replied_at): one row per ticket with messages; null where no agent answered
"""

from __future__ import annotations

from typing import Final

REPLIES: Final = """vendor as (select distinct source from main.tickets),
     stray as (
        select owner.source as of_source, apart.source, apart.ticket_id
          from (select distinct source, ticket_id from messages
                 where source not in (select source from vendor)) as apart
          join main.tickets as owner on owner.ticket_id = apart.ticket_id),
     entry as (
        select coalesce(stray.of_source, messages.source) as source, messages.ticket_id, sent_at, sender, public, kind,
               from_value, to_value, source_row
          from messages
          left join stray on stray.source = messages.source and stray.ticket_id = messages.ticket_id),
     heard as (
        select source, ticket_id, min(sent_at, 2) filter (where sender = 'agent' and public) as agent_at,
               arg_min(coalesce(sender = 'agent' and public, false), (sent_at, source_row)) as is_opened_by_agent
          from entry
         where coalesce(kind, 'message') in ('message', 'note')
         group by source, ticket_id),
     answer as (
        select source, ticket_id, case when is_opened_by_agent then agent_at[2] else agent_at[1] end as replied_at
          from heard)"""
