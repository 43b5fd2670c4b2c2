"""Quality sample: conversations for a person to read, drawn so that they speak for all.

A conversation is a ticket with a public message of an agent. Drawn is in proportion from strata of agent and channel
(--by), those of which fewer than two would be drawn put together. Within one, the list in the order of first, last and
other conversations of customers is cut into equal parts, and two are drawn from each, so that these have their
proportion. Each line has its part, its chance to be drawn (inclusion) and a seal over both, which `quality-score`
needs, and the columns of the form: reader, a column for each
criterion of --criteria (yes or no, or a number from 0 to 1; empty is not judged) and a comment. The same --seed draws
the same. Mixes says that the agents' messages mix ты and вы, or du and Sie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

from supportkit.desk.address_findings import findings as findings
from supportkit.desk.conversation_cases import conversation_cases
from supportkit.desk.conversations_sql import ADDRESS, CONVERSATIONS
from supportkit.desk.known_customers import NO_CUSTOMER, knows_customers
from supportkit.desk.promises import LOG
from supportkit.desk.quality_form import TOLD, seal
from supportkit.errors import UsageError
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import Cases
from supportkit.period import ALL, Period
from supportkit.result import Result, Value, count, counted, detail, figure, key
from supportkit.stats.stratified_sample import LEAST as OF_EACH
from supportkit.stats.stratified_sample import SMALL, allocate, strata_for
from supportkit.store import Selection, Store
from supportkit.store.parameters import Dimension

TITLE = "Quality sample: conversations to read"
TABLES = ("tickets", "messages")
REQUIRES = ("messages",)
SOURCE = "stratified sampling, two of each part (Särndal, Swensson & Wretman 1992)"
EXAMPLES = (
    "quality-sample --period 2026-10 -o read.csv",
    "quality-sample --size 40 --seed 7 --period 2026-10",
    "quality-sample --rows mixed --top 10",
)
FACTS = (
    count("conversations"),
    figure("sampled", "count", n="conversations"),
    figure("strata", "count", n="conversations"),
    count("with_address", "that address the customer", aside=True),
    figure("mixed", "share", "mix ты and вы, du and Sie", n="with_address", better="down"),
)
COLUMNS = (
    key("source", aside=True),
    key("ticket_id", label="Ticket"),
    detail("agent", "text"),
    detail("channel", "text"),
    detail("created_at", "date", "created"),
    detail("moment", "text", "of the customer's"),
    detail("replies", "count"),
    detail("mixes", "flag"),
    detail("stratum", "text", aside=True),
    detail("stratum_size", "count", aside=True),
    detail("inclusion", "number"),
    detail("part", "count", aside=True),
    detail("seal", "text", aside=True),
)
RESTS = {"conversations": LOG, "mixed": LOG}
"""The figures of which the words of some columns decide."""

_STRATUM = "concat_ws(' / ', by_1, by_2)"
SQL_STRATA = f"""
with {CONVERSATIONS}
select {_STRATUM} as stratum, count(*) as conversations, count(*) filter (where has_address) as with_address,
       count(*) filter (where is_mixed) as mixed
  from conversation
 group by stratum
 order by stratum
"""
SQL = f"""
with {CONVERSATIONS},
     design as (
        select unnest(cast($strata as varchar[])) as stratum, unnest(cast($homes as varchar[])) as home,
               unnest(cast($sizes as bigint[])) as size, unnest(cast($wanted as bigint[])) as wanted,
               unnest(cast($parts as bigint[])) as parts),
     placed as (
        select conversation.*, home, size, wanted, parts,
               row_number() over (partition by home
                                  order by stratum, moment, md5(concat_ws('|', $seed, source, ticket_id)), source,
                                           ticket_id) as place
          from conversation
          join design on design.stratum = {_STRATUM}),
     parted as (
        select *, ((place - 1) * parts) // size + 1 as part
          from placed),
     lots as (
        select *, count(*) over (partition by home, part) as part_size,
               case when part = 1 then wanted - {OF_EACH} * (parts - 1) else {OF_EACH} end as drawn,
               row_number() over (partition by home, part
                                  order by md5(concat_ws('|', 'lot', $seed, source, ticket_id)), source, ticket_id)
                 as lot
          from parted)
select source, ticket_id, agent, channel, created_at, moment, replies, is_mixed, home, size, part, part_size, drawn
  from lots
 where lot <= drawn
 order by home, moment, source, ticket_id
"""


class Stratum(NamedTuple):
    """The conversations of an agent in a channel: a row of SQL_STRATA."""

    stratum: str
    conversations: int
    with_address: int
    mixed: int


class Drawn(NamedTuple):
    """A conversation that is drawn, with its stratum's size, its part and how many of that are drawn: a row of SQL."""

    source: str | None
    ticket_id: str
    agent: str | None
    channel: str | None
    created_at: datetime
    moment: str | None
    replies: int
    is_mixed: bool
    home: str
    size: int
    part: int
    part_size: int
    drawn: int


def quality_sample(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str, Dimension("tickets"), "the strata"] = "agent,channel",
    size: Annotated[int, "conversations to draw"] = 60,
    seed: Annotated[int, "another one draws others"] = 1,
    criteria: Annotated[tuple[str, ...], "the columns to judge"] = ("solved", "correct", "clear", "polite"),
) -> Result:
    """Conversations for a person to read, stratified, with their chance to be drawn and a form."""
    _refuse(size, criteria)
    tickets, messages = _selections(store, period, by)
    scope, notes = store.scope(tickets, messages, figures=RESTS)
    strata = store.records(Stratum, SQL_STRATA, tickets, messages, **ADDRESS)
    homes = strata_for({one.stratum: one.conversations for one in strata}, size)
    sizes: dict[str, int] = {}
    for one in strata:
        sizes[homes[one.stratum]] = sizes.get(homes[one.stratum], 0) + one.conversations
    wanted = allocate(sizes, size)
    drawn = _drawn(store, tickets, messages, homes, sizes, wanted, seed) if strata else []
    whole = sum(one.conversations for one in strata)
    addressed = sum(one.with_address for one in strata)
    mixed = sum(one.mixed for one in strata)
    facts: tuple[Value, ...] = (
        whole,
        len(drawn) if whole else None,
        len(sizes) if whole else None,
        addressed,
        mixed / addressed if addressed else None,
    )
    form = (detail("reader", "text"), *(detail(name, "text") for name in criteria), detail("comment", "text"))
    return Result(
        metric="quality-sample",
        title=TITLE,
        definition=f"conversations drawn by {by}, each with its chance to be drawn; the form is empty",
        columns=COLUMNS + form,
        rows=tuple(_row(one, ZoneInfo(store.zone), len(form)) for one in drawn),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=(*notes, *_notes(store, homes, size, seed, whole, addressed)),
        scope=scope,
    )


def cases(store: Store, *, period: Period = ALL, by: str = "agent,channel", **options: Any) -> Cases:
    """All conversations that may be drawn, the latest first."""
    return replace(conversation_cases(store, *_selections(store, period, by)), counts={"conversations": EVERY})


def _refuse(size: int, criteria: tuple[str, ...]) -> None:
    if size < 2:
        raise UsageError(f"--size {size}: at least 2", hint="60 tell a score to about a tenth")
    taken = [name for name in criteria if name in TOLD or criteria.count(name) > 1]
    if taken or not criteria:
        told = f"{taken[0]!r} is a column already" if taken else "no column to judge"
        raise UsageError(f"--criteria: {told}", hint="for example --criteria solved,correct,polite")


def _selections(store: Store, period: Period, by: str) -> tuple[Selection, Selection]:
    tickets = store.select("tickets", period=period, by=by)
    if tickets.several:
        raise UsageError(f"--by {by}: a ticket with several tags would be drawn twice", hint="--by agent,channel")
    return tickets, store.select("messages", joined=True)


def _drawn(
    store: Store,
    tickets: Selection,
    messages: Selection,
    homes: dict[str, str],
    sizes: dict[str, int],
    wanted: dict[str, int],
    seed: int,
) -> list[Drawn]:
    """The conversations of a seed: of each part of a stratum two by lot; three of the first where they are odd."""
    names = list(homes)
    design = {
        "strata": names,
        "homes": [homes[name] for name in names],
        "sizes": [sizes[homes[name]] for name in names],
        "wanted": [wanted[homes[name]] for name in names],
        "parts": [max(1, wanted[homes[name]] // OF_EACH) for name in names],
    }
    return store.records(Drawn, SQL, tickets, messages, **design, seed=str(seed), **ADDRESS)


def _row(one: Drawn, zone: ZoneInfo, blanks: int) -> tuple[Value, ...]:
    inclusion = one.drawn / one.part_size
    sealed = seal(one.source, one.ticket_id, one.agent, one.channel, one.home, one.size, inclusion, one.part)
    return (
        *(one.source, one.ticket_id, one.agent or None, one.channel or None, one.created_at.astimezone(zone)),
        *(one.moment, one.replies, one.is_mixed, one.home, one.size, inclusion, one.part, sealed),
        *(None,) * blanks,
    )


def _notes(store: Store, homes: dict[str, str], size: int, seed: int, whole: int, addressed: int) -> Iterator[str]:
    if not whole:
        return
    yield f"seed {seed}: the same data, size and seed draw the same conversations"
    small = [name for name, home in homes.items() if home == SMALL]
    if small:
        reach = counted(size, "{n} conversation does", "{n} conversations do")
        strata = counted(len(small), "{n} small stratum is", "{n} small strata are")
        yield f"{strata} put together: {reach} not reach to two of each"
    if whole <= size:
        yield "all conversations are drawn"
    if not knows_customers(store):
        yield f"{NO_CUSTOMER}; which conversation is the first or the last of one is not known without"
    if not addressed:
        yield "how customers are addressed is not known: no reply of an agent has ты, вы, du or Sie in its text"
