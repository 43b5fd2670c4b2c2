"""Unanswered: the tickets that wait for an answer at the end of the period, the oldest first.

Never answered is a ticket without a first reply by then, which is what `service` calls unanswered; some of these ended
unanswered: solved or closed by then, they wait no more and stand last. The customer wrote last where an open ticket was
answered and the last public message of either side is the customer's, a mere thanks not counting. Tickets on hold wait
for nobody until the customer writes. It is counted at an instant, the last one of the period, or of each day, week or
month in it; all tickets created by then belong to it, however long before the period, and those that are merged, spam
or deleted do not. Age runs from the creation, waiting from the first message that waits, both in calendar time. Promise
is what `service` judges of the ticket at that instant: by its targets ([sla], within working hours where a calendar is
set), else by the vendor's verdict; promised is the target that it waits on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, NamedTuple

from supportkit.desk.aims import Targets
from supportkit.desk.business_time import Calendars
from supportkit.desk.impossible import impossible_notes
from supportkit.desk.promises import LOG
from supportkit.desk.replies import as_needed
from supportkit.desk.standing import TURNS, at_instants, ends, known_until
from supportkit.desk.standing_cases import waiting_tickets
from supportkit.desk.untold import FIRST_REPLIES, untold_files, untold_notes
from supportkit.desk.waiting_findings import findings as findings
from supportkit.desk.waiting_promises import Promise, promises_at
from supportkit.desk.waiting_sql import ANSWERS, ENDED, LISTED
from supportkit.offers.cases import Cases
from supportkit.period import ALL, Over, Period
from supportkit.result import Column, Result, Value, count, counted, detail, figure, key, named_apart, picture_by
from supportkit.store import Store
from supportkit.store.parameters import Dimension, FromConfig
from supportkit.store.selection import SEVERAL

TITLE = "Unanswered: tickets that wait for an answer"
TABLES = ("tickets", "messages")
CUT = "stock"
REQUIRES = ("tickets.first_reply_at or tickets.vendor_first_reply_s or messages",)
SOURCE = "stock at an instant; Zendesk: public agent reply; what a mere thanks is, is ours"
EXAMPLES = ("unanswered", "unanswered --by channel", "unanswered --period 2026-W45 -f csv")
FACTS = (
    figure("unanswered", "count", "never answered", n="tickets", better="down"),
    figure("customer_wrote_last", "count", "customer wrote last", n="tickets", better="down"),
    figure("ended_unanswered", "count", "ended unanswered", n="tickets", better="down"),
    count("tickets", "created by then", aside=True),
)
COLUMNS = (
    key("source", aside=True),
    key("ticket_id", label="Ticket"),
    detail("channel", "text"),
    detail("age_s", "duration", "age"),
    detail("waiting_s", "duration", "waiting"),
    detail("state", "text"),
    detail("priority", "text"),
    detail("promise", "text"),
    detail("promised_s", "duration", "promised"),
    detail("subject", "text"),
)
"""The list, a row per ticket, where no dimension is asked for."""
RESTS = {"unanswered": LOG, "customer_wrote_last": LOG, "ended_unanswered": LOG}
"""The figures of which the words of some columns decide."""

SQL = f"""
with {TURNS},{ANSWERS},
     turns as (
        select existing.by_1, existing.by_2, existing.moment, existing.day,
               count(*) filter (where turn = 'never answered') as waits,
               count(*) filter (where turn = 'customer wrote last') as customer_wrote_last,
               any_value(existing.tickets) as tickets, any_value(existing.is_told) as is_told
          from existing
          left join waiting on waiting.by_1 is not distinct from existing.by_1
           and waiting.by_2 is not distinct from existing.by_2 and waiting.moment = existing.moment
         group by existing.by_1, existing.by_2, existing.moment, existing.day),
     never as (
        select turns.*,
               tickets - cast(sum(coalesce(answered, 0)) over (partition by turns.by_1, turns.by_2
                                                                   order by turns.moment) as bigint) as unanswered
          from turns
          left join answers on answers.by_1 is not distinct from turns.by_1
           and answers.by_2 is not distinct from turns.by_2 and answers.moment = turns.moment)
select by_1, by_2, moment, day, unanswered, customer_wrote_last, unanswered - waits as ended_unanswered, tickets
  from never
 where tickets > 0 or not is_told
 order by by_1, by_2, moment
"""
SQL_LIST = f"""
with {LISTED}
select source, ticket_id, nullif(channel, '') as channel, round(age_s) as age_s, round(waiting_s) as waiting_s, state,
       nullif(priority, '') as priority, cast(null as varchar) as promise, cast(null as double) as promised_s,
       nullif(trim(subject), '') as subject
  from listed
 order by state = '{ENDED}', listed.age_s desc, source, ticket_id
"""
SQL_KNOWN = f"""
with {TURNS}
select (select count(*) from waiting where turn = 'not known') as turn_unknown,
       (select count(*) from waiting where turn = 'on hold') as on_hold,
       count(*) filter (where is_impossible) as impossible
  from dated
 where created_at <= (select max(moment) from instant)
"""


class Waiting(NamedTuple):
    """The tickets of a group, or of all, that wait for an answer at an instant: a row of SQL."""

    by_1: str | None
    by_2: str | None
    moment: datetime
    day: date
    unanswered: int
    customer_wrote_last: int
    ended_unanswered: int
    tickets: int


class Listed(NamedTuple):
    """A ticket that waits for an answer, or ended without one: a row of SQL_LIST."""

    source: str | None
    ticket_id: str
    channel: str | None
    age_s: float
    waiting_s: float | None
    state: str
    priority: str | None
    promise: str | None
    promised_s: float | None
    subject: str | None


class Known(NamedTuple):
    """What can be said of the tickets that were there: the row of SQL_KNOWN."""

    turn_unknown: int
    on_hold: int
    impossible: int


def unanswered(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("tickets")] = None,
    over: Annotated[Over | None, "one row per day, week or month, at its end"] = None,
    targets: Annotated[Targets | None, FromConfig("sla")] = None,
    calendar: Annotated[Calendars | None, FromConfig("calendar")] = None,
) -> Result:
    """Tickets that nobody answered, or whose customer wrote last, at the end of the period."""
    tickets = store.select("tickets", period=period.up_to_end(), by=by, over=over)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(tickets, messages, figures=RESTS, asked_period=period)
    until = known_until(store)
    instants, unheard = ends(store, tickets, period, over, until), untold_files(store, FIRST_REPLIES)
    every = store.without_dimensions(tickets)
    last = at_instants(store, instants[-1:], unheard)
    total = next(iter(store.records(Waiting, as_needed(store, SQL), every, messages, **last)), None)
    (known,) = store.records(Known, as_needed(store, SQL_KNOWN), every, messages, **last)
    facts = _facts(total)
    columns: tuple[Column, ...]
    rows: list[tuple[Value, ...]]
    keys: tuple[Column, ...] = ()
    if tickets.columns:
        keys = named_apart(tickets.columns, FACTS)
        columns = keys + FACTS
        given = at_instants(store, instants, unheard)
        groups = store.records(Waiting, as_needed(store, SQL), tickets, messages, **given)
        rows = [tickets.values(one.by_1, one.by_2, one.day) + _facts(one) for one in groups]
    else:
        listed = store.records(Listed, as_needed(store, SQL_LIST), every, messages, **last)
        if listed and not store.figures_only:
            listed = _with_promises(store, instants[-1], listed, targets, calendar)
        columns, rows = _columns(listed), [tuple(one) for one in listed]
    if tickets.several:
        notes += (SEVERAL,)
    return Result(
        metric="unanswered",
        title=TITLE,
        definition="tickets that nobody answered by the end of the period, and open ones whose customer wrote last",
        columns=columns,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=(*notes, *untold_notes(store, tickets, FIRST_REPLIES, "all figures"), *_notes(known, total)),
        scope=replace(scope, as_of=until),
        chart=picture_by(keys, "unanswered"),
    )


def cases(
    store: Store,
    *,
    period: Period = ALL,
    by: str | None = None,
    over: Over | None = None,
    targets: Targets | None = None,
    calendar: Calendars | None = None,
) -> Cases:
    """The tickets that wait, the oldest first, and those that ended unanswered."""
    return waiting_tickets(store, period=period, by=by, over=over, targets=targets, calendar=calendar)


def _with_promises(
    store: Store, instant: datetime, listed: list[Listed], targets: Targets | None, calendar: Calendars | None
) -> list[Listed]:
    waiting = [(one.source, one.ticket_id) for one in listed]
    known = promises_at(store, instant, waiting, targets=targets, calendar=calendar)
    promised = (known.get(name, Promise(None, None)) for name in waiting)
    return [one._replace(promise=its.state, promised_s=its.target_s) for one, its in zip(listed, promised, strict=True)]


def _facts(waiting: Waiting | None) -> tuple[Value, ...]:
    if waiting is None or not waiting.tickets:
        return (None, None, None, 0)
    return (waiting.unanswered, waiting.customer_wrote_last, waiting.ended_unanswered, waiting.tickets)


def _columns(listed: list[Listed]) -> tuple[Column, ...]:
    """The columns of the list; a table for people has none of which no ticket says anything."""
    unsaid = {
        name
        for name in ("priority", "promise", "promised_s", "subject")
        if all(getattr(one, name) is None for one in listed)
    }
    return tuple(replace(column, aside=True) if column.name in unsaid else column for column in COLUMNS)


def _notes(known: Known, total: Waiting | None) -> Iterator[str]:
    if total is None:
        return
    yield from impossible_notes(known.impossible)
    if known.on_hold:
        one, many = "is on hold: it waits for nobody here", "are on hold: they wait for nobody here"
        yield counted(known.on_hold, f"{{n}} answered ticket {one}", f"{{n}} answered tickets {many}")
    if known.turn_unknown:
        one = "has no messages that say who wrote last: it is in no row"
        many = "have no messages that say who wrote last: they are in no row"
        yield counted(known.turn_unknown, f"{{n}} answered ticket {one}", f"{{n}} answered tickets {many}")
