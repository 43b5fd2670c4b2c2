"""State at an instant: which tickets are open, how old they are, and whose turn it is.

A stock (backlog, unanswered, SLA at risk; `CUT = "stock"`) is counted at instants and not over a period: its tickets
are all up to the end of the period, and its log is whole. A metric of one asks so, and counts the rows of `standing` or
of `waiting`:

    tickets = store.select("tickets", period=period.up_to_end(), by=by)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(tickets, messages, asked_period=period)
    until = known_until(store)
    instants = ends(store, tickets, period, over, until)
    rows = store.rows(SQL, tickets, messages, **at_instants(store, instants))

where SQL begins with f"with {STANDING}", or f"with {TURNS}" to know whose turn it is. Where a ticket is in several rows
(--by tags) the total is counted over `store.without_dimensions(tickets)`. Without an instant there is nothing to count.
The end of a day is a microsecond before midnight: ages are rounded where they are shown. `known_until` is the last
instant that tickets and messages tell of, whatever happened then: a ticket, an answer, a solve, a change of state.

**Open** at an instant is a ticket that was created by then and not resolved by then. Its log says what it was when: a
status entry holds until the next one, and the first one's from_value before it. Without a log it is open until
solved_at, else closed_at; the same ends what a log leaves open before it. Where the export's own status contradicts
all that (open, but solved once; solved, but no date says when) it holds from updated_at on, and without one from the
last change that has a date: so a ticket solved at no known time is in no stock. Merged, spam and deleted tickets are
not open.

**Whose turn**: `never answered` (desk/replies says what an answer is), `on hold` (and no word of the customer since),
`customer wrote last`, `agent wrote last`, or `not known`, for an answered ticket without messages that say what came
after. Public messages of customers and agents count; a bot takes no turn, nor does a customer's mere thanks
(desk/thanks). A pending ticket without messages waits for its customer: the agent wrote last.

STANDING gives, beside the CTEs of desk/replies:

    dated       the tickets, each once (per tag), with resolved_at, answered_at, has_messages and three flags for
                notes: is_undated (solved, but no date says when), is_reopened (open again, but no date says since
                when), is_impossible (desk/impossible: in no stock and in no n)
    existing    a row per instant and group (by_1, by_2), with moment, day and the number of its tickets created by
                then: the n of a stock; a group of which nothing is open has its row here, and none in `standing`;
                is_told is false of one whose tickets are all of sources that are left out
    standing    a row per instant and ticket that is open at it: the columns of `dated` and
                  moment, day          the instant, and its day in the store's zone: the over_start of Selection.values
                  age_s                seconds since the ticket was created
                  open_from            when it was created, or opened again
                  state, state_from    the last status known of this span, and since when

TURNS gives these and `waiting`: the columns of `standing`, customer_at and agent_at (the last public message of either
by then, no mere thanks), turn, and turn_from: since when it is that turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from supportkit.desk.impossible import IMPOSSIBLE, IS_ORDERED, unordered
from supportkit.desk.replies import ANSWERED_AT, HAS_MESSAGES, REPLIES, RESOLVED_AT
from supportkit.desk.thanks import CLOSINGS
from supportkit.desk.untold import TOLD
from supportkit.period import Over, Period, containing, local_day, midnight
from supportkit.store import Selection, Store

MOMENT: Final = timedelta(microseconds=1)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_OVER: Final = "('solved', 'closed', 'merged', 'spam', 'deleted')"
_OPEN: Final = "('new', 'open', 'pending', 'hold')"

_TOLD: Final = (
    *("first_reply_at", "solved_at", "closed_at", "updated_at"),
    *("created_at + to_seconds(vendor_first_reply_s)", "created_at + to_seconds(vendor_resolution_s)"),
)
_LATEST: Final = ", ".join(f"max(case when {told} <= $loaded_at then {told} end)" for told in _TOLD)
SQL_TOLD: Final = f"""
select epoch_us(greatest({_LATEST})) as last_us
  from tickets
"""
"""The last instant that a column of a ticket tells of, beside its creation, of those that are not after the load."""

SQL_ANSWERED_DAY: Final = """
select epoch_us(max(sent_at)) as last_us
  from messages
 where sender = 'agent' and coalesce(kind, 'message') in ('message', 'note') and sent_at <= $loaded_at
"""
SQL_FIRST: Final = "select cast(min(created_at) at time zone $zone as date) as first_day from tickets"

STANDING: Final = f"""{REPLIES},
     change as (
        select source, ticket_id, sent_at as changed_at, to_value as state, from_value as state_before,
               row_number() over (partition by source, ticket_id order by sent_at, source_row) as place,
               lead(sent_at) over (partition by source, ticket_id order by sent_at, source_row) as next_at
          from entry
         where kind = 'status' and to_value <> ''),
     logged as (
        select source, ticket_id, min(changed_at) as first_at, max(changed_at) as last_at,
               max(state_before) filter (where place = 1) as first_state,
               max(state) filter (where next_at is null) as last_state
          from change
         group by source, ticket_id),
     known as (
        select tickets.*, first_at, last_at, first_state, last_state in {_OVER} as is_over,
               {RESOLVED_AT} as resolved_at,
               {ANSWERED_AT} as answered_at,
               {HAS_MESSAGES} as has_messages, {IS_ORDERED} as is_ordered,
               case when coalesce(updated_at, solved_at, closed_at, created_at) <= cast($known_until as timestamptz)
                    then status end as told_state
          from tickets
          left join answer on answer.source = tickets.source and answer.ticket_id = tickets.ticket_id
          left join logged on logged.source = tickets.source and logged.ticket_id = tickets.ticket_id
         where {TOLD}),
     ended as (
        select known.*,
               case when is_over or last_at is null or resolved_at >= last_at
                    then greatest(resolved_at, last_at) end as over_at,
               {IMPOSSIBLE} as is_impossible
          from known),
     dated as (
        select ended.*,
               over_at is null and coalesce(told_state in ('solved', 'closed'), false) as is_undated,
               over_at is not null and coalesce(told_state in {_OPEN}, false) as is_reopened
          from ended),
     course as (
        select dated.*, created_at as open_from, first_state as span_state,
               coalesce(first_at, resolved_at) as span_until, first_at is null as is_last
          from dated
         where not is_impossible and (first_state is null or first_state not in {_OVER})
         union all
        select dated.*, changed_at, change.state,
               coalesce(next_at, case when resolved_at >= changed_at then resolved_at end), next_at is null
          from dated
          join change on change.source = dated.source and change.ticket_id = dated.ticket_id
         where not is_impossible and change.state not in {_OVER}
         union all
        select dated.*, greatest(over_at, updated_at), told_state, null, true
          from dated
         where not is_impossible and is_reopened),
     span as (
        select course.*,
               coalesce(span_until, case when is_last and told_state in {_OVER}
                                         then greatest(open_from, updated_at) end) as open_until,
               is_last and span_until is null and coalesce(told_state in {_OPEN}, false)
                 and told_state is distinct from span_state as is_told
          from course),
     instant as (
        select moment, cast(moment at time zone $zone as date) as day, lag(moment) over (order by moment) as earlier
          from (select unnest(cast($instants as timestamptz[])) as moment)),
     arrival as (
        select by_1, by_2, moment, count(*) as arrivals
          from dated
          join instant on created_at <= moment and (created_at > earlier or earlier is null)
         where not is_impossible
         group by by_1, by_2, moment),
     existing as (
        select known_group.by_1, known_group.by_2, known_group.is_told, instant.moment, day,
               cast(sum(coalesce(arrivals, 0)) over (partition by known_group.by_1, known_group.by_2
                                                         order by instant.moment) as bigint) as tickets
          from (select by_1, by_2, bool_or({TOLD}) as is_told from tickets group by by_1, by_2) as known_group
          cross join instant
          left join arrival on arrival.by_1 is not distinct from known_group.by_1
           and arrival.by_2 is not distinct from known_group.by_2 and arrival.moment = instant.moment),
     standing as (
        select span.*, moment, day,
               date_diff('microsecond', created_at, moment) / 1e6 as age_s,
               case when is_told then told_state else span_state end as state,
               case when is_told then greatest(open_from, updated_at) else open_from end as state_from
          from span
          join instant on greatest(created_at, open_from) <= moment and (open_until > moment or open_until is null))"""

TURNS: Final = f"""{STANDING},
     words as materialized (
        select coalesce(stray.of_source, messages.source) as source, messages.ticket_id, sent_at, source_row, text
          from messages
          left join stray on stray.source = messages.source and stray.ticket_id = messages.ticket_id
         where sender = 'customer' and messages.ticket_id in (select ticket_id from standing)),{CLOSINGS}
     line as (
        select asked.source, asked.ticket_id, moment, entry.sent_at, sender,
               row_number() over (partition by asked.source, asked.ticket_id, moment
                                  order by entry.sent_at, entry.source_row) as place
          from (select distinct source, ticket_id, moment from standing) as asked
          join entry on entry.source = asked.source and entry.ticket_id = asked.ticket_id and entry.sent_at <= moment
          left join courtesy on courtesy.source = entry.source and courtesy.ticket_id = entry.ticket_id
           and courtesy.sent_at = entry.sent_at and courtesy.source_row is not distinct from entry.source_row
         where coalesce(kind, 'message') = 'message' and public and sender in ('customer', 'agent')
           and (sender = 'agent' or courtesy.ticket_id is null)),
     talk as (
        select line.*,
               max(case when sender = 'agent' then place else 0 end)
                 over (partition by source, ticket_id, moment) as answered_place
          from line),
     said as (
        select source, ticket_id, moment, max(sent_at) filter (where sender = 'agent') as agent_at,
               max(sent_at) filter (where sender = 'customer') as customer_at,
               min(sent_at) filter (where sender = 'customer' and place > answered_place) as waits_from
          from talk
         group by source, ticket_id, moment),
     turned as (
        select standing.*, agent_at, customer_at, waits_from,
               case when answered_at is null or answered_at > standing.moment then 'never answered'
                    when state = 'hold' and state_from <= standing.moment and coalesce(customer_at <= state_from, true)
                    then 'on hold'
                    when waits_from is not null then 'customer wrote last'
                    when agent_at is not null or state = 'pending' and state_from <= standing.moment
                    then 'agent wrote last'
                    else 'not known' end as turn
          from standing
          left join said on said.source = standing.source and said.ticket_id = standing.ticket_id
           and said.moment = standing.moment),
     waiting as (
        select turned.*,
               case turn when 'never answered' then created_at when 'on hold' then state_from
                         when 'customer wrote last' then waits_from
                         when 'agent wrote last' then coalesce(agent_at, state_from) else answered_at end as turn_from
          from turned)"""


def ends(store: Store, tickets: Selection, period: Period, over: Over | None, until: datetime | None) -> list[datetime]:
    """The instants that a stock of a period is counted at: the last moment of each day, week or month in it.

    The first is of the unit that holds the period's start, or the first ticket where that is later; the last is
    `until` (as-of) where that comes before the end of its unit. Without `over` it is the last one alone. None where
    there is no ticket, or the period begins after `until`.
    """
    (first,) = store.rows(SQL_FIRST, tickets, zone=store.zone)[0]
    if first is None or until is None:
        return []
    last = until.astimezone(ZoneInfo(store.zone)).date()
    end = last + timedelta(days=1) if period.end is None else min(period.end, last + timedelta(days=1))
    start = max(first, period.start) if period.start else first
    if start >= end:
        return []
    days: list[date] = [end]
    if over is not None:
        days = []
        while start < end:
            unit = containing(start, over)
            assert unit.end is not None
            days.append(min(unit.end, end))
            start = unit.end
    return [min(midnight(day, store.zone) - MOMENT, until) for day in days]


def known_until(store: Store) -> datetime | None:
    """The instant up to which it is known what is open and who was answered: as-of, else the last one that any time of
    a ticket or a message tells of, whoever is looked at, and the whole day of an answer that has a day alone. What is
    dated after the load has not happened yet."""
    if store.as_of is not None:
        return store.as_of
    whole = store.unfiltered
    last, loaded_at = whole.latest("tickets", "messages"), store.last_instant()
    if last is None or loaded_at is None:
        return last
    if store.day_columns("messages").get("sent_at"):
        ((day_us,),) = whole.rows(SQL_ANSWERED_DAY, whole.select("messages"), loaded_at=loaded_at)
        if day_us is not None:
            day = local_day(EPOCH + timedelta(microseconds=day_us), store.zone)
            last = max(last, min(loaded_at, midnight(day + timedelta(days=1), store.zone) - MOMENT))
    ((told_us,),) = whole.rows(SQL_TOLD, whole.select("tickets"), loaded_at=loaded_at)
    return last if told_us is None else max(last, EPOCH + timedelta(microseconds=told_us))


def at_instants(store: Store, instants: list[datetime], untold: Sequence[int] = ()) -> dict[str, Any]:
    """The parameters of STANDING and TURNS; the tickets of the files in `untold` are left out."""
    given = {"instants": instants, "zone": store.zone, "known_until": store.last_instant()}
    return given | {"untold": list(untold)} | unordered(store)
