"""Service and value: whether customers order again after their complaint, by how it was handled.

The unit is a customer's first complaint, and the clock starts when it closes: how it was handled is fixed by then, and
only orders after it count, within --horizon days that have to be over. Answers to a survey have seven days; the
promoter question starts its own clock at the invitation. A difference compares only complaints of the same category,
priority, channel and number of orders before (0, 1, 2, 3 or more), weighted like the group it is about. It is what is
associated with the handling, which others things may explain; the e-value says how strong those would have to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Annotated, Any, NamedTuple

from supportkit.desk.aims import Targets, for_targets, promises
from supportkit.desk.business_time import Calendars, Hours, working_hours
from supportkit.desk.promises import LOG, SLA
from supportkit.desk.replies import as_needed
from supportkit.errors import UsageError
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import ALL, Period
from supportkit.result import Chart, Result, Value, count, detail, figure, key, named_apart
from supportkit.stats.e_value import e_value
from supportkit.stats.intervals import wilson
from supportkit.stats.strata import Stratum, difference_interval, standardise, standardised_mean_difference
from supportkit.store import Store
from supportkit.store.parameters import Dimension, FromConfig
from supportkit.store.purchases import left_out
from supportkit.worth.service_value_sql import SQL, SQL_CASES, SQL_COMPLAINTS, within_hours

TITLE = "Service and value"
TABLES = ("tickets", "orders", "surveys", "messages")
FOLLOWS = ("horizon", "orders")
REQUIRES = ("tickets.customer_id", "orders", "orders.customer_id")
SOURCE = "landmark design; standardised difference; E-value of VanderWeele & Ding 2017"
EXAMPLES = ("service-value", "service-value --by channel", "service-value --horizon 90")
FACTS = (
    count("tickets"),
    detail("horizon_days", "count", "Horizon, days", n="tickets"),
)
COLUMNS = (
    key("exposure"),
    count("tickets"),
    figure("reordered_share", "share", "Ordered again", n="tickets", better="up"),
    figure("low", "share", n="tickets"),
    figure("high", "share", n="tickets"),
    figure("difference", "share", n="compared", better="up", points=True),
    figure("difference_low", "share", n="compared", points=True),
    figure("difference_high", "share", n="compared", points=True),
    figure("e_value", "number", "E-value", n="compared"),
    count("compared", "alike in all else", aside=True),
)
# What each exposure can be; the first is what the others are compared with.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "sla": ("met", "breached"),
    "reopened": ("no", "yes"),
    "csat": ("satisfied", "not satisfied", "no answer"),
    "nps": ("promoter", "passive", "detractor", "no answer"),
}
RESTS = dict.fromkeys(("reordered_share", "difference"), (*SLA, "tickets.is_complaint", *LOG))
"""The figures of which the words of some columns decide."""
FEW, TOO_FEW = 30, 5  # for a comparison, for a share


def service_value(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("tickets")] = None,
    horizon: Annotated[int, "days after the complaint in which an order counts"] = 90,
    targets: Annotated[Targets | None, FromConfig("sla")] = None,
    calendar: Annotated[Calendars | None, FromConfig("calendar")] = None,
) -> Result:
    """Whether customers order again after their complaint, by how it was handled."""
    if horizon < 1:
        raise UsageError(f"--horizon {horizon}: at least one day", hint="for example --horizon 90")
    tickets = store.select("tickets", period=period, by=by)
    others = [store.select(name, joined=True) for name in TABLES[1:]]
    scope, notes = store.scope(tickets, *others, figures=RESTS)
    notes += left_out(store, others[TABLES.index("orders") - 1]).left_out_notes(per_customer=True)
    until = store.unfiltered.latest("orders")
    hours = working_hours(store, tickets, calendar) if calendar else None
    notes += hours.notes if hours else ()
    (counts,) = store.records(Complaints, SQL_COMPLAINTS, tickets, horizon=horizon, until=until)
    cells = store.records(
        Handling,
        _judged(store, SQL, targets, hours),
        tickets,
        *others,
        horizon=horizon,
        until=until,
        currency=store.currency,
        split=bool(tickets.by),
        **promises(targets),
        **(hours.parameters if hours else {}),
    )
    rows: list[tuple[Value, ...]] = []
    compared: dict[str, list[str]] = {}
    for (by_1, by_2), part in groupby(cells, key=lambda cell: (cell.by_1, cell.by_2)):
        for exposure, group in groupby(part, key=lambda cell: cell.exposure):
            found, told = _exposure(exposure, list(group))
            rows += [tickets.values(by_1, by_2, None) + row for row in found]
            compared[exposure] = told
    order = [f"{name}: {level}" for name, levels in LEVELS.items() for level in levels]
    width = len(tickets.columns)
    rows.sort(key=lambda row: (*(str(value) for value in row[:width]), order.index(str(row[width]))))
    return Result(
        metric="service-value",
        title=TITLE,
        definition="share of customers who order within the horizon after their first complaint, by how it was handled",
        columns=named_apart(tickets.columns, (*COLUMNS, *FACTS)) + COLUMNS,
        rows=tuple(rows),
        facts={"tickets": counts.followed, "horizon_days": horizon if counts.followed else None},
        fact_columns=FACTS,
        notes=_notes(counts, cells, [] if tickets.by else _ordered(compared), horizon) + notes,
        scope=scope,
        chart=Chart("interval", x="exposure", y="reordered_share", low="low", high="high") if not tickets.by else None,
    )


def cases(
    store: Store,
    *,
    period: Period = ALL,
    by: str | None = None,
    horizon: int = 90,
    targets: Targets | None = None,
    calendar: Calendars | None = None,
    **options: Any,
) -> Cases:
    """The first complaints that are followed: who did not order again first, the latest before the others."""
    tickets = store.select("tickets", period=period, by=by)
    others = [store.select(name, joined=True) for name in TABLES[1:]]
    scope, notes = store.scope(tickets, *others)
    until = store.unfiltered.latest("orders")
    hours = working_hours(store, tickets, calendar) if calendar else None
    return Cases(
        unit=TICKETS,
        sql=_judged(store, SQL_CASES, targets, hours),
        selections=(tickets, *others),
        values=(
            detail("closed_at", "date", "closed"),
            detail("sla", "text", "SLA"),
            detail("reopened", "text"),
            detail("reordered", "flag", "ordered again"),
            detail("customer_id", "text", "customer"),
        ),
        parts={
            EVERY: "true",
            "reordered": "reordered",
            "lost": "not reordered",
            "breached": "sla = 'breached'",
            "reopened": "reopened = 'yes'",
        },
        order=("reordered", "closed_at desc", "source", "ticket_id", "by_1", "by_2"),
        parameters={
            "horizon": horizon,
            "until": until,
            "currency": store.currency,
            "split": True,
            **promises(targets),
            **(hours.parameters if hours else {}),
        },
        scope=scope,
        notes=notes,
        counts={"tickets": EVERY},
    )


def _judged(store: Store, sql: str, targets: Targets | None, hours: Hours | None) -> str:
    """A query over the complaints for targets, within working hours where there are such."""
    return for_targets(as_needed(store, within_hours(sql) if hours else sql), targets, "complaint")


class Complaints(NamedTuple):
    """The first complaints that are followed, and what is left out: the row of SQL_COMPLAINTS."""

    without_customer: int
    later: int
    still_open: int
    too_late: int
    followed: int
    any_marked: bool


class Handling(NamedTuple):
    """Units alike in everything that is compared within, at one level of an exposure: a row of SQL."""

    by_1: str | None
    by_2: str | None
    exposure: str
    category: str
    priority: str
    channel: str
    orders_before: int
    level: str
    units: int
    reordered: int
    before: int
    before_squared: int
    strangers: int


def _exposure(name: str, cells: list[Handling]) -> tuple[list[tuple[Value, ...]], list[str]]:
    """One row per level: its share, and its standardised difference from the first level."""
    reference = LEVELS[name][0]
    rows: list[tuple[Value, ...]] = []
    told = []
    for level in LEVELS[name]:
        here = [cell for cell in cells if cell.level == level]
        units, again = sum(cell.units for cell in here), sum(cell.reordered for cell in here)
        if not units:
            continue
        difference: tuple[Value, ...] = (None,) * 5
        if level != reference:
            difference, words = _difference([cell for cell in cells if cell.level in (level, reference)], level)
            told.append(f"{name}, {level} against {reference}: {words}")
        share: tuple[Value, ...] = (again / units, *wilson(again, units)) if units >= TOO_FEW else (None, None, None)
        rows.append((f"{name}: {level}", units, *share, *difference))
    return rows, told


def _difference(cells: list[Handling], level: str) -> tuple[tuple[Value, ...], str]:
    """(difference, low, high, e-value, n), and what it rests on in words."""
    pairs: dict[tuple[str, str, str, int], list[Handling | None]] = {}
    for cell in cells:
        key = (cell.category, cell.priority, cell.channel, cell.orders_before)
        pairs.setdefault(key, [None, None])[cell.level != level] = cell
    nobody = Handling(None, None, "", "", "", "", 0, "", 0, 0, 0, 0, 0)
    both = [(one or nobody, other or nobody) for one, other in (pairs[key] for key in sorted(pairs))]
    strata = [Stratum(one.units, one.reordered, other.units, other.reordered) for one, other in both]
    found, exposed = standardise(strata), sum(stratum.exposed for stratum in strata)
    if found is None or min(found.exposed, found.others) < FEW:
        alike = (found.exposed, found.others) if found else (0, 0)
        told = "no comparison, only {} and {} of them are alike in all else".format(*alike)
        return (None, None, None, None, sum(alike)), told
    interval = difference_interval(strata)
    low, high = interval if interval else (None, None)
    ratio = found.exposed_share / found.others_share if found.others_share else 0.0
    raw, weighted = _balance(both)
    words = (
        f"{found.exposed:,} of {exposed:,} have a counterpart among {found.others:,}; orders before differ by "
        f"{_signed(raw)} standard deviations in all, by {_signed(weighted)} where compared"
    )
    evidence = e_value(ratio) if ratio > 0 else None
    return (found.difference, low, high, evidence, found.exposed + found.others), words


def _balance(pairs: Iterable[tuple[Handling, Handling]]) -> tuple[float | None, float | None]:
    """The standardised mean difference of orders before, over all and as weighted."""
    nothing = (0.0, 0.0, 0.0)
    sums = {"raw": [nothing, nothing], "weighted": [nothing, nothing]}
    for exposed, other in pairs:
        for side, cell in enumerate((exposed, other)):
            weights = {"raw": 1.0}
            if exposed.units and other.units:
                weights["weighted"] = exposed.units / cell.units
            for kind, weight in weights.items():
                units, before, squared = sums[kind][side]
                sums[kind][side] = (
                    units + weight * cell.units,
                    before + weight * cell.before,
                    squared + weight * cell.before_squared,
                )
    raw, weighted = (standardised_mean_difference(exposed, others) for exposed, others in sums.values())
    return raw, weighted


def _ordered(told: Mapping[str, list[str]]) -> list[str]:
    return [line for name in LEVELS for line in told.get(name, ())]


def _signed(figure: float | None) -> str:
    return "0" if figure is None else f"{figure:+.2f}"


def _notes(counts: Complaints, cells: Sequence[Handling], compared: list[str], horizon: int) -> tuple[str, ...]:
    notes = []
    if counts.followed:
        notes = [
            "a difference is associated with how the complaint was handled; it is not shown to be caused by it. "
            "Compared are complaints of the same category, priority, channel and number of orders before; not "
            "controlled for are how hard the case was, how much the customer wanted to stay, prices and season",
            "e-value: how many times likelier an unseen cause would have to make both, the handling and the next "
            "order, to explain the difference away; an interval that holds 0 leaves nothing to explain",
            *compared,
        ]
        strangers = sum(cell.strangers for cell in cells if cell.exposure == cells[0].exposure)
        notes.append(
            f"{strangers:,} of them are of customers with no order before either: perhaps unknown to the orders"
        )
    dropped = (
        (counts.without_customer, "without a customer"),
        (counts.later, "later ones of the same customer"),
        (counts.still_open, "not closed"),
        (counts.too_late, f"closed less than {horizon} days before the orders end"),
    )
    kind = "complaints" if counts.any_marked else "tickets (none is marked as a complaint, so all of them)"
    told = ", ".join(f"{count:,} {words}" for count, words in dropped if count)
    if told:
        notes.append(f"left out of the {kind}: {told}")
    return tuple(notes)
