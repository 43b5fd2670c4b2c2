"""Handoffs: how often a customer had to say it twice, against the number that chance alone would give.

A ticket is said twice when the same customer has another one on the same topic after it, at the latest seven days after
its last public message (--within); merged tickets count here, for that is what they are. Topics are categories, or
what --topic names. Chance: of one customer's pairs of tickets far apart in time so many share the topic, and near ones
as many would, were they no repeats (Knox 1964). Left out and counted are tickets whose window is not over, without a
customer, a topic or messages. Switched is a ticket whose customer wrote in two channels, reassigned one with two agents
or owners.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, NamedTuple

from supportkit.desk.known_customers import NO_CUSTOMER
from supportkit.desk.promises import LOG
from supportkit.desk.repeats_findings import findings as findings
from supportkit.desk.repeats_sql import pieces
from supportkit.desk.replies import as_needed
from supportkit.errors import UsageError
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import ALL, Over, Period
from supportkit.result import Result, Value, count, detail, figure, named_apart, picture_by
from supportkit.stats.excess_counts import excess_interval
from supportkit.stats.intervals import wilson
from supportkit.store import Selection, Store
from supportkit.store.parameters import Dimension
from supportkit.store.selection import SEVERAL

TITLE = "Handoffs: what customers had to say twice"
TABLES = ("tickets", "messages")
REQUIRES = ("messages", "tickets.customer_id")
HEADLINE = ("tickets",)
FOLLOWS = ("within", "tickets")
NEEDS = {"tickets": "tickets with a customer, a category (or --topic topic) and messages, whose days are over"}
SOURCE = "repeat contacts within seven days (COPC); chance by Knox's test of 1964"
EXAMPLES = ("handoffs", "handoffs --by category", "handoffs --rows repeats --top 10")
FACTS = (
    count("tickets", "tickets, window over"),
    figure("repeats", "count", "said twice", n="tickets", better="down"),
    figure("repeat_share", "share", n="tickets", better="down"),
    figure("repeat_share_low", "share", n="tickets", aside=True),
    figure("repeat_share_high", "share", n="tickets", aside=True),
    figure("by_chance", "count", "by chance alone", n="tickets"),
    figure("excess", "count", "more than chance", n="tickets", better="down"),
    figure("excess_low", "count", "more, low", n="tickets"),
    figure("excess_high", "count", "more, high", n="tickets"),
    figure("in_another_channel", "count", "in another channel", n="tickets", better="down"),
    figure("by_chance_in_another", "count", "there by chance", n="tickets", aside=True),
    count("with_channels", "whose messages have a channel", aside=True),
    figure("switched", "share", "channel switched within", n="with_channels", better="down"),
    count("with_agents", "whose agents are known", aside=True),
    figure("reassigned", "share", n="with_agents", better="down"),
)
RESTS = dict.fromkeys((fact.name for fact in FACTS), LOG)
"""The figures of which the words of some columns decide."""
TOPIC = "{topic}"

SQL = f"""
with {pieces(TOPIC)},
     by_topic as (
        select grouping(by_1, by_2, over_start) <> 0 as is_total, by_1, by_2, over_start, topic,
               count(*) as all_tickets, count(*) filter (where is_over) as tickets,
               count(*) filter (where is_over and is_repeated) as repeats,
               count(*) filter (where is_over and is_in_another_channel) as in_another_channel,
               sum(cast(by_chance as decimal(18, 9))) as by_chance,
               sum(cast(by_chance_elsewhere as decimal(18, 9))) as by_chance_in_another,
               any_value(pairs) as pairs, count(is_switched) as with_channels,
               count(*) filter (where is_switched) as switched, count(is_reassigned) as with_agents,
               count(*) filter (where is_reassigned) as reassigned,
               count(*) filter (where coalesce(customer_id, '') = '') as no_customer,
               count(*) filter (where customer_id <> '' and topic is null) as no_topic,
               count(*) filter (where customer_id <> '' and topic is not null and last_at is null) as no_messages,
               count(*) filter (where customer_id <> '' and topic is not null and last_at is not null and not is_over)
                 as not_over
          from piece
         group by grouping sets ((topic), (by_1, by_2, over_start, topic)))
select is_total, by_1, by_2, over_start, cast(sum(all_tickets) as bigint) as all_tickets,
       cast(sum(tickets) as bigint) as tickets, cast(sum(repeats) as bigint) as repeats,
       cast(sum(in_another_channel) as bigint) as in_another_channel,
       cast(coalesce(sum(by_chance), 0) as double) as by_chance,
       cast(coalesce(sum(by_chance_in_another), 0) as double) as by_chance_in_another,
       coalesce(sum(cast(cast(by_chance as double) * by_chance / nullif(pairs, 0) as decimal(18, 9))), 0)
         as chance_variance,
       cast(sum(with_channels) as bigint) as with_channels, cast(sum(switched) as bigint) as switched,
       cast(sum(with_agents) as bigint) as with_agents, cast(sum(reassigned) as bigint) as reassigned,
       cast(sum(no_customer) as bigint) as no_customer, cast(sum(no_topic) as bigint) as no_topic,
       cast(sum(no_messages) as bigint) as no_messages, cast(sum(not_over) as bigint) as not_over
  from by_topic
 group by is_total, by_1, by_2, over_start
 order by is_total desc, by_1, by_2, over_start
"""
SQL_CASES = f"""
with {pieces(TOPIC)},
     following as (
        select source, ticket_id, lead(ticket_id) over alike as again, lead(created_at) over alike as again_at,
               lead(channel) over alike as again_channel
          from person
        window alike as (partition by customer_id, topic order by created_at, source, ticket_id)),
     behind as materialized (
        select piece.*, case when is_over and is_repeated then again end as again,
               case when is_over and is_repeated then again_at end as again_at,
               case when is_over and is_repeated then again_channel end as again_channel
          from piece
          left join following on following.source = piece.source and following.ticket_id = piece.ticket_id)
"""


class Repeated(NamedTuple):
    """The tickets of a group, or all, and how many were said twice: a row of SQL."""

    is_total: bool
    by_1: str | None
    by_2: str | None
    over_start: date | None
    all_tickets: int
    tickets: int
    repeats: int
    in_another_channel: int
    by_chance: float
    by_chance_in_another: float
    chance_variance: Any
    with_channels: int
    switched: int
    with_agents: int
    reassigned: int
    no_customer: int
    no_topic: int
    no_messages: int
    not_over: int


def handoffs(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("tickets")] = None,
    over: Annotated[Over | None, "one row per day, week or month"] = None,
    within: Annotated[int, "days after the last message in which it is the same again"] = 7,
    topic: Annotated[str, Dimension("tickets"), "what tickets of one topic share: category, topic, …"] = "category",
) -> Result:
    """How often a customer had to say it twice, against chance; channel switches and reassignments."""
    selection, messages = _selections(store, period, by, over)
    scope, notes = store.scope(selection, messages, figures=RESTS)
    sql, given = _asked(store, SQL, within, topic)
    total, *groups = _records(store, sql, selection, messages, given)
    if selection.several:
        total, *_ = _records(store, sql, _selections(store, period, None, over)[0], messages, given)
        notes += (SEVERAL,)
    facts = _facts(total)
    rows = [facts]
    if selection.columns:
        rows = [selection.values(g.by_1, g.by_2, g.over_start) + _facts(g) for g in groups]
    keys = named_apart(selection.columns, FACTS)
    return Result(
        metric="handoffs",
        title=TITLE,
        definition=f"tickets with another of the same customer and {topic} within {within} days after the last message",
        columns=keys + FACTS,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=(*notes, *_notes(total, within, topic)),
        scope=scope,
        chart=picture_by(keys, "repeat_share", low="repeat_share_low", high="repeat_share_high"),
    )


def cases(
    store: Store,
    *,
    period: Period = ALL,
    by: str | None = None,
    over: Over | None = None,
    within: int = 7,
    topic: str = "category",
    **options: Any,
) -> Cases:
    """The tickets with the next of the same customer and topic, those that were said twice first."""
    selection, messages = _selections(store, period, by, over)
    scope, notes = store.scope(selection, messages)
    sql, given = _asked(store, SQL_CASES, within, topic)
    return Cases(
        unit=TICKETS,
        sql=as_needed(store, sql),
        selections=(selection, messages),
        values=(
            detail("customer_id", "text", "customer"),
            detail("topic", "text"),
            detail("last_at", "date", "last message"),
            detail("again", "text", "said again in"),
            detail("again_at", "date"),
            detail("again_channel", "text"),
        ),
        parts={
            EVERY: "true",
            "tickets": "is_over",
            "repeats": "is_over and is_repeated",
            "in_another_channel": "is_over and is_in_another_channel",
            "switched": "is_switched",
            "reassigned": "is_reassigned",
            "with_channels": "is_switched is not null",
            "with_agents": "is_reassigned is not null",
        },
        order=("again_at desc nulls last", "last_at desc nulls last", "source", "ticket_id", "by_1", "by_2"),
        parameters=given,
        scope=scope,
        notes=notes,
        among={
            **dict.fromkeys(("repeats", "in_another_channel"), "is_over"),
            "switched": "is_switched is not null",
            "reassigned": "is_reassigned is not null",
        },
        tells=dict.fromkeys(("repeat_share", "excess"), "repeats"),
    )


def _selections(store: Store, period: Period, by: str | None, over: Over | None) -> tuple[Selection, Selection]:
    tickets = store.select("tickets", period=period, by=by, over=over, merged=True)
    return tickets, store.select("messages", joined=True)


def _asked(store: Store, sql: str, within: int, topic: str) -> tuple[str, dict[str, Any]]:
    """The query with the topic's column in it, and its parameters."""
    if within < 1:
        raise UsageError(f"--within {within}: at least one day", hint="for example --within 7")
    column, given = store.expression("tickets", topic, "topic")
    until = store.unfiltered.latest(*TABLES)
    bounds = {"within": within, "until": until, "known_until": store.last_instant()}
    return sql.replace(TOPIC, column), {**given, **bounds}


def _records(
    store: Store, sql: str, selection: Selection, messages: Selection, given: dict[str, Any]
) -> list[Repeated]:
    found = store.records(Repeated, as_needed(store, sql), selection, messages, **given)
    return found or [Repeated(True, None, None, None, *(0,) * 4, 0.0, 0.0, 0, *(0,) * 8)]


def _facts(one: Repeated) -> tuple[Value, ...]:
    known: tuple[Value, ...] = (0, *(None,) * 10)
    if one.tickets:
        chance, repeats = one.by_chance, one.repeats
        more = (repeats - chance, *excess_interval(repeats, chance, float(one.chance_variance)))
        share = (repeats / one.tickets, *wilson(repeats, one.tickets))
        known = (one.tickets, repeats, *share, chance, *more, one.in_another_channel, one.by_chance_in_another)
    return (
        *known,
        *(one.with_channels, one.switched / one.with_channels if one.with_channels else None),
        *(one.with_agents, one.reassigned / one.with_agents if one.with_agents else None),
    )


def _notes(total: Repeated, within: int, topic: str) -> Iterator[str]:
    """What is left out, what is not known and the export that has it, and what chance is."""
    if not total.all_tickets:
        return
    left = (
        (total.not_over, f"whose {within} days are not over"),
        (total.no_customer, "without a customer"),
        (total.no_topic, f"without a {topic}"),
        (total.no_messages, "without messages, so that the last is not known"),
    )
    told = ", ".join(f"{number:,} {words}" for number, words in left if number)
    if told:
        yield f"left out of what is said twice: {told}"
    if total.no_customer == total.all_tickets:
        yield NO_CUSTOMER
    if total.no_topic and total.no_topic + total.no_customer == total.all_tickets and topic == "category":
        yield "no ticket has a category: --topic topic finds what they are about in their words"
    if total.tickets:
        yield (
            "by chance alone: as often as one customer's tickets far apart in time share the topic; a figure is more "
            "than chance only where the low end is above 0"
        )
    if not total.with_channels:
        yield "a switch of the channel within a ticket is not known: no message of a customer has a channel"
    if not total.with_agents:
        yield "reassignments are not known: messages with their agent, or of kind assign, have them"
