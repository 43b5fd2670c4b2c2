"""Reconcile: our first reply and resolution beside the vendor's own, ticket by ticket, and whose definition fits best.

The vendor's first reply is its duration (vendor_first_reply_s), else first_reply_at less the creation; its resolution
is vendor_resolution_s. Compared are tickets where both are known and ours does not rest on theirs: those with messages,
else with first_reply_at beside the vendor's duration, and those with a solved_at or closed_at. Impossible tickets are
not compared. Where a calendar is configured each definition is compared by the clock and within working hours. The one
that fits best has the most within a minute, then the smallest median difference, and its clock is the one by which ours
is set beside the vendor's, here and in the tickets that are apart; so with resolutions, whose only definition is ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple, get_args

from supportkit.desk.business_time import Calendars, Hours, working_hours
from supportkit.desk.definitions import DEFINITIONS, Name
from supportkit.desk.impossible import impossible_notes
from supportkit.desk.promises import LOG, verdict_parameters, verdicts
from supportkit.desk.reconcile_findings import findings as findings
from supportkit.desk.reconcile_sql import CASES, COMPARED, IMPOSSIBLE, MINUTE, REPLY, SOLVED, WORST
from supportkit.desk.replies import as_needed
from supportkit.desk.vendor_times import vendor_times
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import ALL, Period
from supportkit.result import Column, Result, Value, count, detail, figure, key, named_apart
from supportkit.store import Selection, Store
from supportkit.store.parameters import Dimension, FromConfig
from supportkit.store.selection import SEVERAL

TITLE = "Reconcile: our times beside the vendor's"
TABLES = ("tickets", "messages")
SOURCE = "the vendors' definitions as they document them; the comparison is ours"
EXAMPLES = ("reconcile", "reconcile --period 2026-10", "reconcile --rows apart --top 10")
DEFINITION = "our times beside the vendor's own, where both are known: absolute differences"
FACTS = (
    count("compared", "tickets compared"),
    figure("median_difference_s", "duration", "median difference", n="compared", better="down"),
    figure("within_a_minute", "share", n="compared", better="up"),
    detail("best_definition", "text", n="compared"),
    count("compared_resolution", "resolutions compared"),
    figure("resolution_median_difference_s", "duration", "resolution, median difference", n="compared_resolution"),
    figure("resolution_within_a_minute", "share", n="compared_resolution", better="up"),
)
COLUMNS = (
    key("figure"),
    key("definition"),
    count("tickets", "compared"),
    figure("median_difference_s", "duration", "median difference", n="tickets", better="down"),
    figure("within_a_minute", "share", n="tickets", better="up"),
    figure("ours_p50_s", "duration", "so defined p50", n="tickets"),
    figure("vendor_p50_s", "duration", "vendor p50", n="tickets"),
    detail("says", "text"),
)
VALUES = (
    detail("first_reply_s", "duration", "first reply"),
    detail("first_reply_business_s", "duration", "first reply, business"),
    detail("vendor_reply_s", "duration", "vendor's first reply"),
    detail("difference_s", "duration", "difference"),
    detail("resolution_s", "duration", "resolution"),
    detail("resolution_business_s", "duration", "resolution, business"),
    detail("vendor_resolved_s", "duration", "vendor's resolution"),
    detail("resolution_difference_s", "duration", "resolution, difference"),
)
"""The columns of the tickets behind."""
RESTS = dict.fromkeys(("compared", "median_difference_s", "within_a_minute", "best_definition"), LOG)
"""The figures of which the words of some columns decide."""
OURS = "ours"
HOURS = ", working hours"
"""After the name of a definition: it is compared within working hours."""
HOURS_IN_WORDS = ", within working hours"

SQL_GROUPS = "select distinct by_1, by_2 from tickets order by by_1, by_2"
SQL = f"with {verdicts()}{COMPARED}"


class Compared(NamedTuple):
    """Our times and the vendor's, compared, in a group: a row of SQL."""

    by_1: str | None
    by_2: str | None
    figure: str
    is_worked: bool
    tickets: int
    median_difference_s: float
    near: int
    ours_p50_s: float
    vendor_p50_s: float
    logged: int


class Fits(NamedTuple):
    """What is compared in a group, or in all: first replies by the name of the definition, and resolutions by ours."""

    replies: dict[str, Compared]
    solves: dict[str, Compared]


class Clocks(NamedTuple):
    """The clocks by which ours is set beside the vendor's, as parameters: those that fit best, within hours or not."""

    replies_worked: bool
    solves_worked: bool


NOTHING = Fits({}, {})


def reconcile(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("tickets")] = None,
    calendar: Annotated[Calendars | None, FromConfig("calendar")] = None,
) -> Result:
    """Our first reply and resolution beside the vendor's own figures, and which definition fits them."""
    tickets = store.select("tickets", period=period)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(tickets, messages, figures=RESTS)
    hours = working_hours(store, tickets, calendar) if calendar else None
    asked = verdict_parameters(store, None) | (hours.parameters if hours else {})
    found = _by_group(store, tickets, messages, hours, asked).get((None, None), NOTHING)
    clocks = _clocks(found)
    facts = _facts(found, clocks)
    columns: tuple[Column, ...] = COLUMNS
    rows: list[tuple[Value, ...]] = [
        (REPLY, name, *_figures(one), _said(name)) for name, one in _ordered(found.replies)
    ]
    rows += [(SOLVED, name, *_figures(one), _said_of_solves(name)) for name, one in _ordered(found.solves)]
    if by is not None:
        split = store.select("tickets", period=period, by=by)
        columns = named_apart(split.columns, FACTS) + FACTS
        groups = _by_group(store, split, messages, hours, asked)
        rows = [
            (*split.values(by_1, by_2, None), *_facts(groups.get((by_1, by_2), NOTHING), clocks))
            for by_1, by_2 in store.rows(SQL_GROUPS, split)
        ]
        notes += (SEVERAL,) if split.several else ()
    return Result(
        metric="reconcile",
        title=TITLE,
        definition="; ".join(filter(None, (DEFINITION, _clocks_in_words(clocks) if hours else ""))),
        columns=columns,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=(
            *notes,
            *(hours.notes if hours else ()),
            *_notes(store, found),
            *_tickets_told(store, tickets, messages, hours, asked | clocks._asdict()),
        ),
        scope=scope,
    )


def cases(
    store: Store, *, period: Period = ALL, by: str | None = None, calendar: Calendars | None = None, **options: Any
) -> Cases:
    """The tickets whose times are compared, those furthest apart first, by the clock that fits best."""
    tickets = store.select("tickets", period=period, by=by)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(tickets, messages)
    hours = working_hours(store, tickets, calendar) if calendar else None
    asked = verdict_parameters(store, None) | (hours.parameters if hours else {})
    clocks = Clocks(False, False)
    if hours:
        whole = store.without_dimensions(tickets)
        clocks = _clocks(_by_group(store, whole, messages, hours, asked).get((None, None), NOTHING))
        notes += (f"differences: {_clocks_in_words(clocks)}",)
    return Cases(
        unit=TICKETS,
        sql=as_needed(store, f"with {verdicts(within_hours=hours is not None, by=tickets.by)}{CASES}"),
        selections=(tickets, messages),
        values=VALUES,
        parts={
            EVERY: "difference_s is not null",
            "apart": f"difference_s > {MINUTE}",
            "resolutions": "resolution_difference_s is not null",
            "resolutions_apart": f"resolution_difference_s > {MINUTE}",
        },
        order=(
            *("difference_s desc nulls last", "resolution_difference_s desc nulls last"),
            *("source", "ticket_id", "by_1", "by_2"),
        ),
        parameters=asked | clocks._asdict(),
        scope=scope,
        notes=notes,
        first=dict.fromkeys(("resolutions", "resolutions_apart"), ("resolution_difference_s desc nulls last",)),
        among={"apart": "difference_s is not null", "resolutions_apart": "resolution_difference_s is not null"},
        counts={"compared": EVERY, "compared_resolution": "resolutions"},
        tells={"within_a_minute": "apart", "median_difference_s": "apart"},
    )


def _by_group(
    store: Store, tickets: Selection, messages: Selection, hours: Hours | None, given: dict[str, Any]
) -> dict[tuple[str | None, str | None], Fits]:
    """What is compared in each group. Definitions of the first reply are told from one another by a log alone."""
    found: dict[tuple[str | None, str | None], Fits] = {}
    for name in get_args(Name):
        query = f"with {verdicts(name, within_hours=hours is not None, by=tickets.by)}{COMPARED}"
        for one in store.records(Compared, as_needed(store, query), tickets, messages, **given):
            own = found.setdefault((one.by_1, one.by_2), Fits({}, {}))
            label = name + HOURS if one.is_worked else name
            if one.figure == REPLY and (name == OURS or (OURS in own.replies and own.replies[OURS].logged)):
                own.replies[label] = one
            elif one.figure == SOLVED and name == OURS:
                own.solves[label] = one
    return found


def _misfit(one: Compared) -> tuple[float, float]:
    """What a definition is chosen by: the least that are further than a minute away, then the median difference."""
    return (-one.near / one.tickets, one.median_difference_s)


def _ordered(found: dict[str, Compared]) -> list[tuple[str, Compared]]:
    """The best first; of those that fit alike, in the order in which they are known."""
    return sorted(found.items(), key=lambda pair: _misfit(pair[1]))


def _best(found: dict[str, Compared]) -> str | None:
    return next((name for name, _ in _ordered(found)), None)


def _clocks(found: Fits) -> Clocks:
    """The clock of the definition that fits the first replies best, and of ours that fits the resolutions best."""
    replies, solves = (
        (_best(compared) or "").endswith(HOURS) and OURS + HOURS in compared
        for compared in (found.replies, found.solves)
    )
    return Clocks(replies, solves)


def _clocks_in_words(clocks: Clocks) -> str:
    by_clock = {False: "in calendar time", True: "within working hours"}
    return f"first replies {by_clock[clocks.replies_worked]}, resolutions {by_clock[clocks.solves_worked]}"


def _figures(one: Compared) -> tuple[Value, ...]:
    return (one.tickets, one.median_difference_s, one.near / one.tickets, one.ours_p50_s, one.vendor_p50_s)


def _facts(found: Fits, clocks: Clocks) -> tuple[Value, ...]:
    ours = found.replies.get(OURS + HOURS if clocks.replies_worked else OURS)
    solved = found.solves.get(OURS + HOURS if clocks.solves_worked else OURS)
    first, last = (_figures(one)[:3] if one else (0, None, None) for one in (ours, solved))
    return (*first, _best(found.replies) if ours else None, *last)


def _said(name: str) -> str:
    words = DEFINITIONS[name.removesuffix(HOURS)].words
    return f"{words}{HOURS_IN_WORDS}" if name.endswith(HOURS) else words


def _said_of_solves(name: str) -> str:
    words = "last solve, from creation"
    return f"{words}{HOURS_IN_WORDS}" if name.endswith(HOURS) else words


def _notes(store: Store, found: Fits) -> Iterator[str]:
    """What cannot be compared, with the column that has it."""
    ours = found.replies.get(OURS)
    if ours is None:
        yield (
            "no first reply is compared: it needs messages beside the vendor's own figure (vendor_first_reply_s or "
            "first_reply_at), or both of these, as ticket exports of Freshdesk, Freshservice, Intercom and Zammad have "
            "them; that of Zendesk has the first alone"
        )
    if not found.solves:
        yield (
            "no resolution is compared: it needs solved_at or closed_at, and vendor_resolution_s, as ticket exports of "
            "Zendesk, Freshdesk, Freshservice, Intercom and Zammad have them"
        )
    if ours and ours.logged < ours.tickets:
        yield (
            f"{ours.tickets - ours.logged} first replies are first_reply_at beside the vendor's duration: without "
            "messages no definition is told from another"
        )
    counting = vendor_times(store)
    if ours and (within := counting["reply_hours"]):
        yield f"{', '.join(within)} counts first replies within its business hours: configure [calendar] alike"
    if found.solves and (within := counting["resolution_hours"]):
        yield f"{', '.join(within)} counts resolutions within its business hours: configure [calendar] alike"


def _tickets_told(
    store: Store, tickets: Selection, messages: Selection, hours: Hours | None, given: dict[str, Any]
) -> Iterator[str]:
    """The tickets furthest apart, and how many are impossible."""
    read = f"with {verdicts(within_hours=hours is not None)}"
    if worst := store.rows(as_needed(store, read + WORST), tickets, messages, **given):
        yield f"furthest apart: {', '.join(name for (name,) in worst)}; --rows apart lists them with both times"
    told = {name: value for name, value in given.items() if name not in Clocks._fields}
    ((number,),) = store.rows(as_needed(store, read + IMPOSSIBLE), tickets, messages, **told)
    yield from impossible_notes(number)
