"""The sections of supportkit.toml: what each holds, what is so where it says nothing, and how its keys are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from supportkit.configuration.readers import (
    at_least_one,
    day,
    day_or_time,
    duration,
    listed,
    number,
    number_or_text,
    one_of,
    section,
    several,
    text,
    texts,
    whole,
)
from supportkit.errors import UsageError
from supportkit.period import parse_period
from supportkit.store.order_states import REVENUE, STATES
from supportkit.system.named import NamedTuple

NONE: Final[Mapping[str, Any]] = MappingProxyType({})
TELLING: Final = ("customer_id", "country", "channel")
"""What can tell orders of one number apart."""


class Data(NamedTuple):
    """Where the data is and how it is read."""

    db: str | None = None
    time_zone: str = "UTC"
    currency: str | None = None
    privacy: Literal["mask", "keep"] = "mask"
    keep: tuple[str, ...] = ()


class Orders(NamedTuple):
    """Which orders are revenue, by the states that count; the columns that tell orders apart, the number first; and
    the day from which on there is every order, where the export does not begin with the shop."""

    revenue: tuple[str, ...] = REVENUE
    key: tuple[str, ...] = ("order_id",)
    complete_from: date | None = None


class Read(NamedTuple):
    """How the files of a source are written, as `load --encoding` and so on say it."""

    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    header: int | None = None
    skip: int = 0
    sheet: str = ""


class Joined(NamedTuple):
    """The files that are read beside those of a table: `payments.csv on order_id`."""

    files: tuple[str, ...] = ()


PAUSES: Final = ("new", "open", "pending", "hold")
"""States of a ticket in which the clock of a promise may stand."""


class Sla(NamedTuple):
    """Targets of a channel, or of the tickets that they name, and the states in which the clock of a resolution
    stands."""

    first_reply: timedelta | None = None
    resolution: timedelta | None = None
    channel: str | None = None
    priority: str | None = None
    team: str | None = None
    country: str | None = None
    pause: tuple[str, ...] | None = None


class Touchpoint(NamedTuple):
    """A point of contact: who owns it, and what belongs to it: a condition on tickets, a customer's first or last
    contact, a step of the funnel, a score."""

    owner: str | None = None
    tickets: str | None = None
    moment: Literal["first", "last"] | None = None
    step: str | None = None
    score: str | None = None


class Funnel(NamedTuple):
    """The steps of the main funnel."""

    steps: tuple[str, ...] = ()
    window: timedelta | None = None


class Links(NamedTuple):
    """Where the desk and the shop show a ticket, an order, a customer: addresses with {id} in them."""

    ticket: str | None = None
    order: str | None = None
    customer: str | None = None


class Output(NamedTuple):
    """How results are told to people: the language of a catalogue."""

    language: str | None = None


class SqlRule(NamedTuple):
    """A query that must return no row."""

    query: str
    name: str | None = None
    on_missing: Literal["skip"] | None = None


class Check(NamedTuple):
    """A rule: `expect` fails, `warn` warns; see docs/checks."""

    expect: str | None = None
    warn: str | None = None
    name: str | None = None
    period: str | None = None
    min: int | None = None
    by: tuple[str, ...] = ()
    on_missing: Literal["skip"] | None = None
    ci: float | None = None
    expires: date | None = None
    sql: tuple[SqlRule, ...] = ()


class Checks(NamedTuple):
    """What holds for all rules: the period that they judge, the slices that are gone for good, and how many periods
    without trouble end one, how many without a verdict make a rule dead."""

    period: str | None = None
    retired: tuple[str, ...] = ()
    recovered_after: int = 2
    dead_after: int = 4


class Target(NamedTuple):
    """What a figure should be, from a day on; see docs/checks."""

    metric: str
    value: float | str
    where: str | None = None
    start: date | None = None


class Event(NamedTuple):
    """Something that happened on a day: a line in pictures over time."""

    at: datetime | date
    text: str
    where: str | None = None


def _currency(value: Any) -> str:
    name = text(value)
    if not (len(name) == 3 and name.isascii() and name.isalpha()):
        raise ValueError(f"{name!r} is no currency; write for example EUR")
    return name.upper()


def zone(value: Any) -> str:
    """A time zone by its name."""
    name = text(value)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write for example Europe/Berlin") from error
    return name


def _states(value: Any) -> tuple[str, ...]:
    states: tuple[str, ...] = texts(value)
    for state in states:
        if state not in STATES:
            raise ValueError(f"{state!r} is no state of an order; known: {', '.join(STATES)}")
    return states


def _pauses(value: Any) -> tuple[str, ...]:
    states: tuple[str, ...] = listed(value)
    for state in states:
        if state not in PAUSES:
            raise ValueError(f"{state!r} is no state in which a clock may stand; known: {', '.join(PAUSES)}")
    return states


def _number_and_more(value: Any) -> tuple[str, ...]:
    columns: tuple[str, ...] = texts(value)
    if columns[:1] != ("order_id",) or not set(columns[1:]) <= set(TELLING):
        raise ValueError(f"write order_id first, then one of {', '.join(TELLING)}")
    return columns


def _period(value: Any) -> str:
    """The words of a period, which are read when it is known from which day they count."""
    words = text(value)
    try:
        parse_period(words, date(2000, 1, 3))
    except UsageError as error:
        raise ValueError(f"{error.message}; {error.hint}") from error
    return words


def _address(value: Any) -> str:
    """An address of the web with {id} in it: it becomes a link in pages, workbooks and terminals."""
    address = text(value)
    if not address.startswith(("https://", "http://")) or address.count("{id}") != 1 or not address.isprintable():
        raise ValueError(f"{address!r} is no address with one {{id}}; write for example https://desk.example/{{id}}")
    return address


def _level(value: Any) -> float:
    if number(value) != 0.95:
        raise ValueError("ci is 0.95, the level of every interval here")
    return 0.95


_SQL_RULE: Final = section(SqlRule, {"query": text, "name": text, "on_missing": one_of("skip")})
_CHECK: Final = section(
    Check,
    {
        "expect": text,
        "warn": text,
        "name": text,
        "period": _period,
        "min": at_least_one,
        "by": listed,
        "on_missing": one_of("skip"),
        "ci": _level,
        "expires": day,
        "sql": several(_SQL_RULE),
    },
)


def check(value: Any) -> Check:
    """A rule, which has to say something."""
    found: Check = _CHECK(value)
    if not (found.expect or found.warn or found.sql):
        raise ValueError("a check needs expect, warn or sql")
    return found


data: Final = section(
    Data,
    {"db": text, "time_zone": zone, "currency": _currency, "privacy": one_of("mask", "keep"), "keep": texts},
)
orders: Final = section(Orders, {"count": _states, "key": _number_and_more, "complete_from": day})
read: Final = section(
    Read, {"encoding": text, "delimiter": text, "quote": text, "header": whole, "skip": whole, "sheet": text}
)
joined: Final = section(Joined, {"with": texts})
sla: Final = section(
    Sla,
    {
        "first_reply": duration,
        "resolution": duration,
        "channel": text,
        "priority": text,
        "team": text,
        "country": text,
        "pause": _pauses,
    },
)
touchpoint: Final = section(
    Touchpoint, {"owner": text, "tickets": text, "moment": one_of("first", "last"), "step": text, "score": text}
)
links: Final = section(Links, {"ticket": _address, "order": _address, "customer": _address})
output: Final = section(Output, {"language": text})
funnel: Final = section(Funnel, {"steps": texts, "window": duration})
checks: Final = section(
    Checks, {"period": _period, "retired": listed, "recovered_after": at_least_one, "dead_after": at_least_one}
)
target: Final = section(Target, {"metric": text, "value": number_or_text, "where": text, "from": day})
event: Final = section(Event, {"at": day_or_time, "text": text, "where": text})
