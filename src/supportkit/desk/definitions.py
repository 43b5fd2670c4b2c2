"""The first reply as others define it, over the same tickets: who stops the clock, and from when it runs.

| definition | the clock starts | who stops it | a ticket that an agent opened | dated by |
|---|---|---|---|---|
| ours | creation | the first public message of a human agent | the second one stops it | creation |
| zendesk | creation | any public comment of an agent, a bot's too | the second one stops it | creation |
| intercom | the customer's first message | a human agent's | as any other | the reply |
| chatwoot | the last message of a bot or reopening before the answer | a human agent's | as any other | creation |
| plain | the customer's first message | a human agent's | is left out | the reply |

Chatwoot counts every solve and not the last alone. Of the SLA, zendesk leaves out what is open, also where it is late;
chatwoot counts what is open in time as kept. Each gives the CTE `told_answer`, the columns of `answer` (desk/replies)
with `reply_from`; null means the creation.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from supportkit.system.named import NamedTuple

Name = Literal["ours", "zendesk", "intercom", "chatwoot", "plain"]


class Definition(NamedTuple):
    """A definition: the CTEs that read the first reply so, which tickets are left out, how the SLA takes open ones, and
    what dates a ticket (desk/dating), and which solves count (desk/every_solve)."""

    words: str
    ctes: str
    left_out: str = "false"
    open_tickets: Literal["late ones broken", "left out", "kept"] = "late ones broken"
    dated_by: Literal["creation", "reply"] = "creation"
    solves: Literal["last", "every"] = "last"


_HEARD: Final = "coalesce(kind, 'message') in ('message', 'note') and public"
_OURS: Final = """,
     told_answer as (select answer.*, cast(null as timestamptz) as reply_from from answer)"""
_ANYBODY: Final = f""",
     anybody as (
        select source, ticket_id, min(sent_at, 2) as any_at
          from entry
         where {_HEARD} and sender in ('agent', 'bot')
         group by source, ticket_id),
     told_answer as (
        select answer.* replace (case when is_opened_by_agent then any_at[2] else any_at[1] end as replied_at),
               cast(null as timestamptz) as reply_from
          from answer
          left join anybody on anybody.source = answer.source and anybody.ticket_id = answer.ticket_id)"""
_LACKS_OPENING: Final = "(begins_with_agent and not is_opened_by_agent)"
_FROM_CUSTOMER: Final = f""",
     first_word as (
        select source, ticket_id, min(sent_at) as customer_at
          from entry
         where {_HEARD} and sender = 'customer'
         group by source, ticket_id),
     after_it as (
        select entry.source, entry.ticket_id, any_value(customer_at) as customer_at,
               min(sent_at) filter (where sender = 'agent' and {_HEARD} and sent_at >= customer_at) as agent_at
          from entry
          join first_word on first_word.source = entry.source and first_word.ticket_id = entry.ticket_id
         group by entry.source, entry.ticket_id),
     told_answer as (
        select answer.* replace (case when customer_at is null or {_LACKS_OPENING} then replied_at else agent_at end
                                 as replied_at),
               case when not {_LACKS_OPENING} then customer_at end as reply_from
          from answer
          left join after_it on after_it.source = answer.source and after_it.ticket_id = answer.ticket_id)"""
_OVER: Final = "('solved', 'closed')"
_FROM_RESTART: Final = f""",
     turn as (
        select source, ticket_id, sent_at as changed_at, to_value in {_OVER} as is_over,
               coalesce(lag(to_value) over (partition by source, ticket_id order by sent_at, source_row),
                        from_value, '') in {_OVER} as was_over
          from entry
         where kind = 'status' and to_value <> ''),
     restart as (
        select source, ticket_id, sent_at as restart_at
          from entry
         where {_HEARD} and sender = 'bot'
         union all
        select source, ticket_id, changed_at
          from turn
         where was_over and not is_over),
     human as (
        select source, ticket_id, min(sent_at) as human_at
          from entry
         where {_HEARD} and sender = 'agent'
         group by source, ticket_id),
     handed as (
        select human.source, human.ticket_id, any_value(human_at) as human_at,
               max(restart_at) filter (where restart_at <= human_at) as begun_at
          from human
          left join restart on restart.source = human.source and restart.ticket_id = human.ticket_id
         group by human.source, human.ticket_id),
     told_answer as (
        select answer.* replace (human_at as replied_at), begun_at as reply_from
          from answer
          left join handed on handed.source = answer.source and handed.ticket_id = answer.ticket_id)"""

DEFINITIONS: Final[dict[str, Definition]] = {
    "ours": Definition("first public reply of a human agent, from creation", _OURS),
    "zendesk": Definition(
        "first public comment of an agent or a bot, from creation", _ANYBODY, open_tickets="left out"
    ),
    "intercom": Definition(
        "first reply of a human agent, from the customer's first message",
        _FROM_CUSTOMER,
        dated_by="reply",
    ),
    "chatwoot": Definition(
        "first reply of a human agent, from where a bot handed over or the ticket was reopened",
        _FROM_RESTART,
        open_tickets="kept",
        solves="every",
    ),
    "plain": Definition(
        "first reply of a human agent, from the customer's first message, without tickets that agents opened",
        _FROM_CUSTOMER,
        left_out="coalesce(answer.is_opened_by_agent, false)",
        dated_by="reply",
    ),
}
assert set(DEFINITIONS) == set(get_args(Name))
