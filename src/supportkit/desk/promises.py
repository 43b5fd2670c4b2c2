"""Which tickets kept their promises: their targets against the clock, else the vendor's own verdict.

`verdicts` reads the selections `tickets` and `messages` and ends in the CTE `verdict`: a row per ticket with by_1,
by_2, over_start, its times and its states. Where there are working hours (see business_time) targets are kept by
their clock. A dimension that is the agent is who wrote the answer, and the assignee where no message says so. `kept`
is 1, 0, or null where the ticket is open in time, has no target or is impossible (see impossible), as is a span that
ends before it begins: those are in no figure. Of a ticket that is solved at no known time it is not to be
read whether it kept the promise of its resolution. What came after $known_until (as-of, else the last load) is not
known yet: such a reply or solve has not happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from supportkit.desk.aims import (
    PAUSED,
    PAUSED_WITHIN_HOURS,
    TARGET,
    Targets,
    aimed_at,
    for_targets,
    paused_states,
    promises,
)
from supportkit.desk.business_time import CALENDAR, WORKED, slot, worked_until
from supportkit.desk.definitions import DEFINITIONS, Name
from supportkit.desk.impossible import IMPOSSIBLE, IS_ORDERED, unordered
from supportkit.desk.replies import ANSWERED_AT, HAS_MESSAGES, REPLIES, RESOLVED_AT
from supportkit.desk.standing import known_until
from supportkit.desk.untold import FIRST_REPLIES, HEARD, OUTCOMES, TOLD, untold_files
from supportkit.desk.verdicts import UNREAD_FIRST_REPLY, UNREAD_RESOLUTION
from supportkit.store import Store

LOG: Final = ("messages.sender", "messages.kind", "messages.public", "tickets.opener")
"""The columns whose words decide what a reply is."""
SLA: Final = ("tickets.sla_first_reply", "tickets.sla_resolution")
"""The columns whose words are a vendor's verdicts."""

_TICKET: Final = f"""{{told}},
     {TARGET},
     {{writer}}{{name}} as (
        select {{by_1}} as by_1, {{by_2}} as by_2, over_start, tickets.ticket_id, channel, priority, category, country,
               language, team, created_at,
               {{reply_from}} as reply_from,
               {RESOLVED_AT} as resolved_at,
               {ANSWERED_AT} as answered_at,
               {HAS_MESSAGES} as has_messages, {{has_writer}} as has_writer,
               begins_with_agent, is_opened_by_agent, first_reply_at, tickets.source,
               coalesce(solved_at, closed_at) is null as has_no_end, solved_at is null as has_no_solve,
               vendor_first_reply_s is not null as has_vendor_reply, vendor_resolution_s is not null as has_vendor_end,
               status in ('solved', 'closed') as is_told_solved, {TOLD} as is_end_told, {HEARD} as is_reply_told,
               {IS_ORDERED} as is_ordered,
               case when {UNREAD_FIRST_REPLY} then 'unread' else sla_first_reply end as sla_first_reply,
               case when {UNREAD_RESOLUTION} then 'unread' else sla_resolution end as sla_resolution
          from tickets
          left join {{answer}} on answer.source = tickets.source and answer.ticket_id = tickets.ticket_id{{with_writer}}
         where not {{left_out}})"""

_WRITER: Final = """writer as (
        select source, ticket_id, sent_at as wrote_at, min(nullif(agent, '')) as writer
          from entry
         where sender = 'agent' and public
         group by source, ticket_id, sent_at),
     """
_WITH_WRITER: Final = """
          left join writer on writer.source = answer.source and writer.ticket_id = answer.ticket_id
           and wrote_at = replied_at"""

_WITH_PAUSED: Final = """
          left join paused on paused.source = timed.source and paused.ticket_id = timed.ticket_id"""

_WITHOUT_HOURS: Final = """,
     clocked as (
        select ticket.*, cast(null as double) as reply_work_s, cast(null as double) as resolved_work_s,
               cast(null as double) as age_work_s, cast(null as bigint) as reply_work_us,
               cast(null as bigint) as resolved_work_us
          from ticket)"""
_WITHIN_HOURS: Final = f""",
     {WORKED},
     placed as (select ticket.*, {CALENDAR} as calendar from ticket),
     clocked as (
        select placed.*,
               {worked_until("replied", "answered_at")} - {worked_until("asked", "reply_from")} as reply_work_us,
               {worked_until("ended", "resolved_at")} - {worked_until("begun", "created_at")} as resolved_work_us,
               reply_work_us / 1e6 as reply_work_s, resolved_work_us / 1e6 as resolved_work_s,
               ({worked_until("now", "cast($as_of as timestamptz)")} - {worked_until("begun", "created_at")}) / 1e6
               as age_work_s
          from placed
          left join worked as begun on begun.slot = {slot("calendar", "created_at")}
          left join worked as asked on asked.slot = {slot("calendar", "reply_from")}
          left join worked as replied on replied.slot = {slot("calendar", "answered_at")}
          left join worked as ended on ended.slot = {slot("calendar", "resolved_at")}
          left join worked as now on now.slot = {slot("calendar", "cast($as_of as timestamptz)")})"""

STATES: Final = ("within", "open", "unread", "breached")
"""What a promise may be, by the numbers that stand for it here: of two promises the larger decides."""
_WITHIN, _OPEN, UNREAD, _BREACHED = range(len(STATES))
_TOLD_STATE: Final = (
    f"case {{0}} when 'within' then {_WITHIN} when 'unread' then {UNREAD} when 'breached' then {_BREACHED} end"
)
STILL_OPEN: Final = "resolved_at is null and not (has_no_end and coalesce(is_told_solved, false))"
_LATE: Final = f"""coalesce(not impossible and {STILL_OPEN} and state = {_BREACHED}
                 and (reply_state = {_BREACHED} and answered_at is null and reply_target_s is not null
                      or resolution_state = {_BREACHED} and resolved_at is null
                         and resolution_target_s is not null), false)"""
_EARLY: Final = f"coalesce(not impossible and {STILL_OPEN} and state = {_OPEN}, false)"
_JUDGED: Final = f""",
     timed as (
        select clocked.*,
               epoch_us(answered_at) - epoch_us(reply_from) as reply_us, reply_us / 1e6 as reply_s,
               epoch_us(resolved_at) - epoch_us(created_at) as resolved_us, resolved_us / 1e6 as resolved_s,
               (epoch_us(cast($as_of as timestamptz)) - epoch_us(created_at)) / 1e6 as age_s,
               coalesce(own.reply_target_s, other.reply_target_s) as reply_target_s,
               coalesce(own.resolution_target_s, other.resolution_target_s) as resolution_target_s{{pause}}
          from clocked
          {aimed_at("clocked")}){{paused}},
     judged as (
        select timed.*,
               answered_at is not null as is_replied,
               coalesce(reply_s < 0, false) or {IMPOSSIBLE} as impossible,
               case when reply_target_s is not null and not is_reply_told
                    then coalesce({_TOLD_STATE.format("sla_first_reply")}, {UNREAD})
                    when reply_target_s is not null
                    then case when coalesce(reply_work_s, reply_s, age_work_s, age_s) > reply_target_s then {_BREACHED}
                              when reply_s is null then {_OPEN} else {_WITHIN} end
                    else {_TOLD_STATE.format("sla_first_reply")}
                end as reply_state,
               case when resolution_target_s is not null
                      and (not is_end_told or resolved_at is null and not ({STILL_OPEN}))
                    then coalesce({_TOLD_STATE.format("sla_resolution")}, {UNREAD})
                    when resolution_target_s is not null
                    then case when coalesce(resolved_work_s, resolved_s, age_work_s, age_s){{less}}
                                   > resolution_target_s then {_BREACHED}
                              when resolved_s is null then {_OPEN} else {_WITHIN} end
                    else {_TOLD_STATE.format("sla_resolution")}
                end as resolution_state
          from timed{{with_paused}}),
     stated as (select judged.*, greatest(reply_state, resolution_state) as state from judged),
     verdict as (
        select stated.*,
               case when impossible then null
                    when {{late}} then null
                    when {{early}} then 1
                    when state = {_BREACHED} then 0
                    when state = {_WITHIN} then 1
                end as kept,
               {_LATE} as is_open_late, {_EARLY} as is_open_in_time
          from stated)"""


def verdicts(
    definition: Name = "ours",
    *,
    targets: Targets | None = None,
    within_hours: bool = False,
    by: Sequence[str] = (),
    dated: str = "",
) -> str:
    """The CTEs up to `verdict`, by a definition of the first reply, on the clock or within working hours; `by` are the
    dimensions of the tickets, `dated` the CTE that leaves those of a period (desk/dating), where that is not their
    creation's."""
    ours, read = definition == "ours", DEFINITIONS[definition]
    ticket = _TICKET.format(
        told=REPLIES if ours else REPLIES + read.ctes,
        name="undated" if dated else "ticket",
        answer="answer" if ours else "told_answer as answer",
        reply_from="created_at" if ours else "coalesce(answer.reply_from, created_at)",
        left_out=read.left_out,
        by_1="coalesce(writer, by_1)" if by[:1] == ("agent",) else "by_1",
        by_2="coalesce(writer, by_2)" if by[1:2] == ("agent",) else "by_2",
        writer=_WRITER if "agent" in by else "",
        has_writer="writer is not null" if "agent" in by else "false",
        with_writer=_WITH_WRITER if "agent" in by else "",
    )
    open_ones = {"late ones broken": ("false", "false"), "left out": (_LATE, "false"), "kept": ("false", _EARLY)}
    late, early = open_ones[read.open_tickets]
    paused = bool(paused_states(targets))
    judged = _JUDGED.format(
        late=late,
        early=early,
        pause=", own.pause" if paused else "",
        paused=(PAUSED_WITHIN_HOURS if within_hours else PAUSED) if paused else "",
        less=" - coalesce(paused_s, 0)" if paused else "",
        with_paused=_WITH_PAUSED if paused else "",
    )
    return for_targets(
        ticket + dated + (_WITHIN_HOURS if within_hours else _WITHOUT_HOURS) + judged, targets, "clocked"
    )


def verdict_parameters(store: Store, targets: Targets | None) -> dict[str, Any]:
    """The parameters of `verdicts`, beside those of working hours."""
    told = {"untold": untold_files(store, OUTCOMES), "unheard": untold_files(store, FIRST_REPLIES)}
    known = {"as_of": known_until(store), "known_until": store.last_instant()}
    return told | known | unordered(store) | promises(targets)
