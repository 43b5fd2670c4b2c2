"""The first answer to each ticket, read from its log: the first public message of a human agent.

A log is written under its ticket's source: two vendors use the same ids, so a message goes to the ticket of its own
source; only where no ticket came from that source (messages exported by themselves) it goes by the id alone.

Many exports leave the opening out of the log, whose first message then is the answer. An agent opened a ticket where
the export says so (`opener`), or where his public message is the first of its log, stands within two seconds of its
creation, and no text of a customer is there: then the second one is the answer.

REPLIES reads the selections `tickets` and `messages` and gives these CTEs:

    entry    (source, ticket_id, sent_at, sender, public, kind, from_value, to_value, agent, channel, text,
             source_row, day_zone): a log's lines; ENTRY gives it alone, where nothing is asked of the answers
    answer   (source, ticket_id, replied_at, begins_with_agent, is_opened_by_agent, day_zone): one row per ticket with
             messages; replied_at is null where no agent answered, day_zone is null where messages have times

HAS_MESSAGES says of `tickets` left joined to `answer` whether there is such a row, by a column that is never null in it
and costs less to carry through the join than its ticket_id.

ANSWERED_AT and RESOLVED_AT are the instants of the first answer and of the last solve, over `tickets` joined to
`answer`: from the log, else from the ticket's own times, else from the vendor's durations. What came after $known_until
(as-of, else the last load) is not known yet: such a reply or solve has not happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from supportkit.store import Store

ENTRY: Final = """vendor as (select distinct source from main.tickets),
     stray as (
        select owner.source as of_source, apart.source, apart.ticket_id
          from (select distinct source, ticket_id from messages
                 where source not in (select source from vendor)) as apart
          join main.tickets as owner on owner.ticket_id = apart.ticket_id),
     entry as (
        select coalesce(stray.of_source, messages.source) as source, messages.ticket_id, sent_at, sender, public, kind,
               from_value, to_value, agent, channel, text, source_row, day_zone
          from messages
          left join stray on stray.source = messages.source and stray.ticket_id = messages.ticket_id)"""
_AT_HOME: Final = """stray as (
        select cast(null as varchar) as of_source, cast(null as varchar) as source, cast(null as varchar) as ticket_id
         where false),
     entry as (
        select source, ticket_id, sent_at, sender, public, kind, from_value, to_value, agent, channel, text,
               source_row, day_zone
          from messages)"""
SQL_ASTRAY: Final = """
select 1
  from (select distinct source from main.messages)
 where source not in (select source from main.tickets)
 limit 1
"""
_DAY_ZONE: Final = "max(day_zone) as day_zone"
_NO_DAY_ZONE: Final = "cast(null as varchar) as day_zone"

_ANSWERS: Final = "sender = 'agent' and public"
_LAST_ROW: Final = 1 << 41
_PLACE: Final = f"""cast(epoch_us(sent_at) as hugeint) * {2 * _LAST_ROW} + 2 * coalesce(source_row, {_LAST_ROW - 1})
                   + case when {_ANSWERS} then 1 else 0 end"""
"""The place of a line in its log, by time and then by row, as one number, which is odd where the line is an answer."""

REPLIES: Final = f"""{ENTRY},
     heard as materialized (
        select source, ticket_id, min(sent_at) filter (where {_ANSWERS}) as agent_at,
               min({_PLACE}) & 1 = 1 as begins_with_agent,
               {_DAY_ZONE}
          from entry
         where coalesce(kind, 'message') in ('message', 'note')
         group by source, ticket_id),
     opening as (
        select heard.source, heard.ticket_id, opener, created_at
          from heard
          join main.tickets as opened on opened.source = heard.source and opened.ticket_id = heard.ticket_id
         where begins_with_agent
           and (opener = 'agent'
                or day_zone is null and coalesce(opener, 'unknown') = 'unknown' and coalesce(trim(body), '') = ''
                   and abs(date_diff('microsecond', created_at, agent_at)) <= 2000000)),
     outbound as (
        select opening.source, opening.ticket_id, (min(sent_at, 2) filter (where {_ANSWERS}))[2] as second_at
          from opening
          join entry on entry.source = opening.source and entry.ticket_id = opening.ticket_id
         where coalesce(kind, 'message') in ('message', 'note')
         group by opening.source, opening.ticket_id, opener, created_at
        having opener = 'agent'
            or coalesce(date_diff('microsecond', created_at, min(sent_at) filter (where sender = 'customer'))
                        > 2000000, true)),
     answer as (
        select heard.source, heard.ticket_id, begins_with_agent, day_zone,
               outbound.ticket_id is not null as is_opened_by_agent,
               case when outbound.ticket_id is not null then second_at else agent_at end as replied_at
          from heard
          left join outbound on outbound.source = heard.source and outbound.ticket_id = heard.ticket_id)"""

HAS_MESSAGES: Final = "begins_with_agent is not null"
_ZONE: Final = "coalesce(tickets.day_zone, answer.day_zone)"
_DAYS: Final = ", ".join(f"cast(timezone({_ZONE}, {name}) as date)" for name in ("created_at", "replied_at"))
_REPLIED_AT: Final = f"""case when {_ZONE} is null then replied_at
                         else created_at + to_hours(cast(24 * date_diff('day', {_DAYS}) as integer)) end"""
ANSWERED_AT: Final = f"""case when {HAS_MESSAGES} then {_REPLIED_AT}
                    when coalesce(first_reply_at, created_at + to_seconds(vendor_first_reply_s))
                         <= cast($known_until as timestamptz)
                    then coalesce(first_reply_at, created_at + to_seconds(vendor_first_reply_s)) end"""
_ENDED_AT: Final = """coalesce(solved_at, closed_at, case when coalesce(status, 'solved') in ('solved', 'closed')
                                                         then created_at + to_seconds(vendor_resolution_s) end)"""
RESOLVED_AT: Final = f"case when {_ENDED_AT} <= cast($known_until as timestamptz) then {_ENDED_AT} end"


def as_needed(store: Store, sql: str) -> str:
    """A query with ENTRY or REPLIES without what has no use in this store: without messages of a source of no ticket
    nobody looks for the tickets of such, which takes as long as all the rest, and without days for the zone of one."""
    if not store.fixed(SQL_ASTRAY):
        sql = sql.replace(ENTRY, _AT_HOME)
    if "sent_at" in store.day_columns("messages"):
        return sql
    sql = sql.replace(_DAY_ZONE, _NO_DAY_ZONE)
    return sql if "created_at" in store.day_columns("tickets") else sql.replace(_REPLIED_AT, "replied_at")
