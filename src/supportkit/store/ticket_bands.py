"""Bands of tickets to split any figure by: how much a ticket took (complexity), through how many hands it went
(handovers), how long it lasted (resolution).

Complexity is by the public replies of agents and by how many agents wrote, read from the messages, else by the ticket's
own number of replies: simple is at most one reply by one agent, complex four replies or more or three agents or more.
A hand-over is another agent's message or note after one's, as `handling` counts them. Resolution runs from the creation
to solved_at, else closed_at. A band begins with a number, so that bands stand in their order; what is not known is
(none). What comes later than as-of counts: a band is a kind of ticket, not a figure.
"""

from __future__ import annotations

from typing import Final

_REPLIES: Final = "case when told.lines > 0 then told.replies else tickets.replies end"
_OF_TICKET: Final = """m.ticket_id = tickets.ticket_id
                          and (m.source = tickets.source
                               or m.source not in (select source from main.tickets))"""
_COMPLEXITY: Final = f"""(select case when {_REPLIES} >= 4 or told.agents >= 3 then '3 complex'
                      when {_REPLIES} >= 2 or told.agents = 2 then '2 middling'
                      when {_REPLIES} >= 0 then '1 simple' end
                 from (select count(*) as lines,
                              count(*) filter (where sender = 'agent' and public
                                               and coalesce(kind, 'message') = 'message') as replies,
                              count(distinct nullif(agent, '')) filter (where sender = 'agent') as agents
                         from main.messages as m
                        where {_OF_TICKET}) as told)"""
_HANDOVERS: Final = f"""(select case when count(*) = 0 then null
                             when count(*) filter (where agent <> agent_before) = 0 then '0 no hand-over'
                             when count(*) filter (where agent <> agent_before) = 1 then '1 one'
                             else '2 two or more' end
                 from (select agent, lag(agent) over (order by sent_at, source_row) as agent_before
                         from main.messages as m
                        where sender = 'agent' and agent <> '' and coalesce(kind, 'message') in ('message', 'note')
                          and {_OF_TICKET}) as wrote)"""
_TOOK: Final = "(epoch(coalesce(solved_at, closed_at)) - epoch(created_at))"
_RESOLUTION: Final = f"""case when coalesce(solved_at, closed_at) is null then '7 not resolved'
                 when {_TOOK} < 0 then null
                 when {_TOOK} < 3600 then '1 under an hour'
                 when {_TOOK} < 4 * 3600 then '2 one to four hours'
                 when {_TOOK} < 86400 then '3 four hours to a day'
                 when {_TOOK} < 3 * 86400 then '4 one to three days'
                 when {_TOOK} < 7 * 86400 then '5 three to seven days'
                 else '6 a week or more' end"""
BANDS: Final = {"complexity": _COMPLEXITY, "handovers": _HANDOVERS, "resolution": _RESOLUTION}
"""The SQL for the band of a ticket, by its name as a dimension."""
KNOWN_BY: Final = {"handovers": "sender = 'agent' and agent <> ''"}
"""The messages without which a band is known of no ticket."""
UNKNOWN: Final = {
    "handovers": "hand-overs are not known: no message says which agent wrote it; supportkit sources names the exports "
    "that do",
}
TABLES: Final = ("tickets", "messages")
"""What they are read from."""


def band(name: str, table: str) -> str:
    """The SQL for the band of a row of tickets, or of the ticket that a row of another table belongs to."""
    if table == "tickets":
        return BANDS[name]
    of = f"select {BANDS[name]} as found from main.tickets as tickets where tickets.ticket_id = {table}.ticket_id"
    return f"(select min(found) from ({of}))"
