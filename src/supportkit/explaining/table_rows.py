"""The rows of a table as they are: tickets, orders, answers and users under the conditions and the period asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Final

from supportkit.desk.standing import known_until
from supportkit.errors import UsageError
from supportkit.offers.cases import ALL, ANSWERS, ORDERS, USERS, Cases, rows_behind
from supportkit.offers.ticket_cases import ticket_cases
from supportkit.period import Period
from supportkit.result import Column, Result, detail
from supportkit.store import Store
from supportkit.store.purchases import CURRENCY

SQL_TICKETS: Final = """
with behind as materialized (
        select source, ticket_id, by_1, by_2, over_start, created_at as dated_at, customer_id, category,
               case when status in ('new', 'open', 'pending', 'hold')
                    then date_diff('microsecond', created_at, cast($until as timestamptz)) / 1e6 end as age_s,
               not $chosen or list_contains(cast($names as varchar[]), source || chr(31) || ticket_id) as is_asked_for
          from tickets)
"""
SQL_TEXTS: Final = """
select source, ticket_id, subject, body
  from tickets
 where not exists (select 1
                     from (select unnest(cast($beginnings as varchar[])) as beginning)
                    where not contains(translate(lower(concat_ws(' ', subject, body)), 'äöüё', 'aouе'), beginning))
 order by source, ticket_id
"""
SQL_ORDERS: Final = f"""
with behind as materialized (
        select source, order_id, by_1, by_2, over_start, ordered_at as dated_at, amount, refunded,
               {CURRENCY} as currency, order_state as state
          from orders)
"""
SQL_ANSWERS: Final = """
with behind as materialized (
        select file_id, source_row as row, source_file as file, by_1, by_2, over_start, kind, item, score,
               coalesce(responded_at, invited_at) as answered_at, channel, agent, ticket_id, customer_id, comment
          from surveys
         where score is not null and not superseded)
"""
SQL_USERS: Final = """
with behind as materialized (
        select user_id, cast(null as varchar) as by_1, cast(null as varchar) as by_2,
               cast(null as date) as over_start, count(*) as events, min(occurred_at) as first_at,
               max(occurred_at) as last_at, arg_max(step, (occurred_at, step)) as last_step
          from events
         group by user_id)
"""
AGE: Final = detail("age_s", "duration", "age")
LEAST_BEGINNING: Final = 3
WITHOUT_DOTS: Final = str.maketrans("äöüё", "aouе")
"""Letters that may be others in another form of a word."""


def table_rows(store: Store, noun: str, period: Period, top: int | None, like: str | None = None) -> Result:
    """The rows of the table that the noun names, the latest first, at most `top`; tickets with all words of `like`."""
    cases = _tickets(store, period, like) if noun == "tickets" else _TABLES[noun](store, period)
    found = rows_behind(store, cases, ALL, top, noun, noun.capitalize())
    told = f"{noun} as they are loaded, the latest first"
    return replace(found, title=noun.capitalize(), definition=told + (f"; with the words: {like}" if like else ""))


def _tickets(store: Store, period: Period, like: str | None) -> Cases:
    until = known_until(store)
    names = _tickets_with(store, period, like) if like is not None else []
    texts = (detail("customer_id", "text", "customer"), detail("category", "text"))
    given = {"until": until, "chosen": like is not None, "names": names}
    cases = ticket_cases(store, sql=SQL_TICKETS, period=period, values=(*texts, AGE), parameters=given)
    return replace(cases, parts={ALL: "is_asked_for"}, scope=replace(cases.scope, as_of=until))


def _tickets_with(store: Store, period: Period, like: str) -> list[str]:
    """The tickets whose subject and body have every word, by its stem in any of the languages that are stemmed."""
    from supportkit.stats.ticket_words import word_stems

    asked = word_stems(like)
    if not asked:
        raise UsageError(f"--like {like}: there is no word in it", hint='for example --like "money back"')
    beginnings = [_beginning(word, stems) for word, stems in asked.items()]
    rows = store.rows(SQL_TEXTS, store.select("tickets", period=period), beginnings=beginnings)
    found = []
    for source, number, subject, body in rows:
        have = {stem for stems in word_stems(f"{subject or ''}\n{body or ''}").values() for stem in stems}
        if all(stems & have for stems in asked.values()):
            found.append(f"{source}\x1f{number}")
    return found


def _beginning(word: str, stems: frozenset[str]) -> str:
    """What every text with a form of the word has in it: what the word and its stems begin with alike."""
    alike = min((_alike(word.translate(WITHOUT_DOTS), stem.translate(WITHOUT_DOTS)) for stem in stems), key=len)
    return alike if len(alike) >= LEAST_BEGINNING else ""


def _alike(word: str, other: str) -> str:
    """The letters that two words begin with."""
    return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))


def _orders(store: Store, period: Period) -> Cases:
    values = (
        detail("amount", "money"),
        detail("refunded", "money"),
        detail("currency", "text"),
        detail("state", "text"),
    )
    parameters = {"currency": store.currency}
    order = ("dated_at desc", "source", "order_id")
    return _whole(store, "orders", replace(_EMPTY, unit=ORDERS, sql=SQL_ORDERS), period, values, order, parameters)


def _answers(store: Store, period: Period) -> Cases:
    values = (detail("kind", "text"), detail("item", "text"), detail("score", "number"))
    order = ("answered_at desc", "file_id", "row", "kind", "item")
    return _whole(store, "surveys", replace(_EMPTY, unit=ANSWERS, sql=SQL_ANSWERS), period, values, order, {})


def _users(store: Store, period: Period) -> Cases:
    values = (
        detail("events", "count"),
        detail("first_at", "date", "first event"),
        detail("last_at", "date", "last event"),
        detail("last_step", "text"),
    )
    order = ("last_at desc", "user_id")
    return _whole(store, "events", replace(_EMPTY, unit=USERS, sql=SQL_USERS), period, values, order, {})


def _whole(
    store: Store,
    table: str,
    cases: Cases,
    period: Period,
    values: tuple[Column, ...],
    order: tuple[str, ...],
    parameters: Mapping[str, object],
) -> Cases:
    selection = store.select(table, period=period)
    scope, notes = store.scope(selection)
    return replace(
        cases, selections=(selection,), values=values, order=order, parameters=parameters, scope=scope, notes=notes
    )


_EMPTY: Final = Cases(unit=USERS, sql="", selections=(), values=(), parts={ALL: "true"}, order=())
_TABLES: Final[Mapping[str, Callable[[Store, Period], Cases]]] = {
    "orders": _orders,
    "answers": _answers,
    "users": _users,
}
NOUNS: Final[Mapping[str, str]] = {"tickets": "tickets", "orders": "orders", "answers": "surveys", "users": "events"}
"""What may be listed, and the table that holds it."""
