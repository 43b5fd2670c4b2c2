"""One customer's way: what the person bought, did, wrote, was answered and said, in the order of time.

Rows of all tables stand as they are stored: texts are masked, ids are pseudonyms. Promises are those of `service`, what
was bought that of `ltv`; both are asked as they are everywhere else. A ticket's promise stands beside it: kept, broken,
open in time, or nothing where none was made or nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from supportkit.desk.known_customers import NO_CUSTOMER, knows_customers
from supportkit.errors import DataError
from supportkit.metrics import METRICS
from supportkit.period import Period
from supportkit.request import read_request, run
from supportkit.request import rows as rows_behind
from supportkit.result import Result, Value, count, detail, figure, key
from supportkit.store import Store
from supportkit.store.conditions import Condition
from supportkit.store.purchases import CURRENCY, NET
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from supportkit.config import Config

TITLE: Final = "One customer's way"
TABLES: Final = ("tickets", "messages", "orders", "surveys", "events")
FACTS: Final = (
    count("orders"),
    figure("revenue", "money", "bought, net", n="orders"),
    count("events"),
    count("tickets", better="down"),
    count("messages"),
    count("answers"),
    count("promises", "promises that were made"),
    figure("kept", "count", n="promises", better="up"),
    figure("broken", "count", n="promises", better="down"),
)
COLUMNS: Final = (
    key("number", "count", "#"),
    detail("at", "date"),
    detail("what", "text"),
    detail("id", "text"),
    detail("who", "text"),
    detail("channel", "text"),
    detail("about", "text"),
    detail("says", "text", "said"),
    detail("promise", "text"),
    detail("amount", "money", "net"),
    detail("currency", "text"),
    detail("source", "text", aside=True),
    detail("text", "text", aside=True),
)
NOUNS: Final = ("order", "event", "ticket", "message", "answer")
MERGED: Final = "merged ticket"
INTO: Final = ("mergedinto", "mergedintoticket", "mergedintoticketid", "mergedto", "mergedwith", "mergetarget")
"""Headers in which exports say which ticket another one was merged into, without what is between their letters."""
TARGET: Final = "{target}"

SQL: Final = f"""
with people as (select unnest(cast($people as varchar[])) as person),
     ours as (
        select source, ticket_id, created_at, channel, category, subject, body, product,
               coalesce(status = 'merged', false) as is_merged,
               case when status = 'merged' then concat_ws(' into ', 'merged', nullif({TARGET}, ''))
                    else status end as told_status
          from tickets
         where customer_id in (select person from people)),
     said as (
        select messages.*
          from messages
          join ours on ours.ticket_id = messages.ticket_id
           and (ours.source = messages.source or messages.source not in (select distinct source from main.tickets)))
select 1 as place, ordered_at as happened_at, 'order' as what, order_id as id, cast(null as varchar) as who, channel,
       product as about, order_state as says, {NET} as amount, {CURRENCY} as currency, source,
       cast(null as varchar) as text
  from orders
 where customer_id in (select person from people)
 union all
select 2, occurred_at, 'event', coalesce(session_id, ''), null, device, plan, step, null, null, source, null
  from events
 where user_id in (select person from people)
 union all
select 3, created_at, case when is_merged then '{MERGED}' else 'ticket' end, ticket_id, null, channel,
       coalesce(nullif(category, ''), product), concat_ws(': ', told_status, nullif(subject, '')), null, null, source,
       nullif(trim(body), '')
  from ours
 union all
select 4, sent_at, 'message', ticket_id, coalesce(nullif(agent, ''), sender), channel,
       case when coalesce(kind, 'message') <> 'message' then kind when not public then 'private' end,
       coalesce(nullif(text, ''), concat_ws(' > ', nullif(from_value, ''), nullif(to_value, ''))), null, null, source,
       null
  from said
 union all
select 5, coalesce(responded_at, invited_at), 'answer', coalesce(ticket_id, order_id, ''), null, channel,
       concat_ws(' ', kind, nullif(item, '')),
       case when score is null then 'asked, no answer'
            else concat_ws(': ', printf('%g', score), nullif(comment, '')) end, null, null, source, null
  from surveys
 where not superseded and customer_id in (select person from people)
 order by happened_at, place, source, id, about, says
"""
SQL_KNOWN: Final = """
select (select count(customer_id) from main.tickets) + (select count(customer_id) from main.orders)
       + (select count(customer_id) from main.surveys) + (select count(user_id) from main.events) as known
"""


class Moment(NamedTuple):
    """Something that happened: a row of SQL."""

    place: int
    happened_at: datetime
    what: str
    id: str
    who: str | None
    channel: str | None
    about: str | None
    says: str | None
    amount: Decimal | None
    currency: str | None
    source: str | None
    text: str | None


def customer(store: Store, people: Sequence[str], config: Config | None = None, *, period: Period) -> Result:
    """The way of a person, who is known under these ids in the store, oldest first.

    Raises DataError where no table says whose its rows are, or none has this person.
    """
    ((known,),) = store.rows(SQL_KNOWN)
    if not known:
        raise DataError(
            "no row says whose it is: there is no customer_id",
            hint="exports of tickets with the requester's e-mail and of orders with the buyer's have it; see tables",
        )
    selections = [store.select(name, period=period, joined=True, merged=name == "tickets") for name in TABLES]
    target, given = _merge_target(store)
    sql = SQL.replace(TARGET, target)
    found = store.records(Moment, sql, *selections, people=list(people), currency=store.currency, **given)
    if not found:
        raise DataError(
            "no table has this person in that time",
            hint="an e-mail is found with the key of the load alone; an id is written as `tickets` shows it",
        )
    promises, scope = _promises(store, people, config, period)
    whole = store.filtered([_is(people)])
    bought = run(whole, replace(read_request(METRICS["ltv"], {}, config), period=period))
    zone = ZoneInfo(store.zone)
    rows: list[tuple[Value, ...]] = [
        (
            *(
                number,
                one.happened_at.astimezone(zone),
                one.what,
                one.id,
                one.who,
                one.channel,
                one.about,
                _text(one.says),
            ),
            *(promises.get((one.source, one.id)) if one.what == "ticket" else None, one.amount),
            *(one.currency if one.amount is not None else None, one.source, one.text),
        )
        for number, one in enumerate(found, 1)
    ]
    counts = {noun: sum(one.what == noun for one in found) for noun in NOUNS}
    told = [word for word in promises.values() if word is not None]
    orders = bought.facts["orders"] if not period.start else counts["order"]
    revenue = bought.facts["revenue"] if not period.start else None
    kept: tuple[Value, ...] = (told.count("kept"), told.count("broken")) if told else (None, None)
    facts = (orders, revenue, counts["event"], counts["ticket"], counts["message"], counts["answer"], len(told), *kept)
    return Result(
        metric="customer",
        title=f"{TITLE}: {', '.join(people)}",
        definition="what one person bought, did, wrote, was answered and said, in the order of time",
        columns=COLUMNS,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=tuple(_notes(store, people, found, bought, period)),
        scope=replace(scope, rows=len(rows), filters=(), currency=bought.scope.currency or store.currency),
    )


def _is(people: Sequence[str]) -> Condition:
    return Condition("customer_id", "in", people[0], tuple(people[1:]))


def _promises(store: Store, people: Sequence[str], config: Config | None, period: Period) -> tuple[dict[Any, Any], Any]:
    """By source and ticket what became of its promise, as `service` lists it."""
    request = read_request(METRICS["service"], {}, config)
    request = replace(request, period=period, conditions=(_is(people),))
    found = rows_behind(store, request, "all")
    return {(row["source"], row["ticket_id"]): row["promise"] for row in found.records()}, found.scope


def _merge_target(store: Store) -> tuple[str, dict[str, Any]]:
    """The column that names the ticket which another one was merged into, and its parameters; null where none does."""
    for name in sorted(store.properties("tickets")):
        if "".join(letter for letter in name.casefold() if letter.isalpha()) in INTO:
            return store.expression("tickets", name, "target")
    return "cast(null as varchar)", {}


def _text(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def _notes(
    store: Store, people: Sequence[str], found: Sequence[Moment], bought: Result, period: Period
) -> Iterator[str]:
    if len(people) > 1:
        yield f"{len(people)} ids are taken for one person"
    first, last = (one.happened_at.astimezone(ZoneInfo(store.zone)) for one in (found[0], found[-1]))
    yield f"from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    if period.start:
        yield "what was bought is not added up where days before the period are left out"
    else:
        yield from (note for note in bought.notes if note.startswith("orders left out"))
    if any(one.what == MERGED for one in found):
        yield "merged tickets stand where they were written; they are in no figure"
    if store.has_rows("tickets", "true") and not knows_customers(store):
        yield f"{NO_CUSTOMER}; what the person wrote is not known without"
    for table, why in (("messages", "what was said"), ("orders", "what was bought"), ("surveys", "what was answered")):
        if not store.has_rows(table, "true"):
            yield f"{why} is not known: no {table} are loaded; supportkit sources names the exports that have them"
