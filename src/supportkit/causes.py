"""Causes: the Pareto of complaints, to decide what to remove first.

Each row is a topic of the complaints with its share, the share of all rows down to it, the hours that these tickets
took, what they cost where the export says so, the customers who wrote, and what those customers have bought (amount
less refunds, up to as-of) where orders are loaded. Hours run from creation to solution in calendar time, for the solved
tickets. Where the export marks no complaint at all, all tickets count.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from supportkit.errors import UsageError
from supportkit.offers.cases import Cases
from supportkit.offers.ticket_cases import ticket_cases
from supportkit.period import ALL, Period
from supportkit.result import Chart, Result, Value, count, detail, figure, named_apart
from supportkit.store import Store
from supportkit.store.day_columns import day_notes
from supportkit.store.parameters import Dimension
from supportkit.store.purchases import PURCHASE, left_out
from supportkit.store.selection import SEVERAL, split_dimensions
from supportkit.store.unknown_words import unknown_words

TITLE = "Causes: what to remove first"
TABLES = ("tickets", "orders")
SOURCE = "Juran 1951 (the Pareto principle)"
EXAMPLES = ("causes", "causes --by country --period 2026-10", "causes --wordings --where channel=chat -f csv")
FACTS = (
    count("tickets", better="down"),
    figure("topics", "count", n="tickets"),
)
MEASURES = (
    count("tickets", better="down"),
    figure("share", "share", n="all_tickets"),
    figure("cumulative_share", "share", "so far", n="all_tickets"),
    figure("hours", "number", n="solved", better="down"),
    count("customers", better="down"),
    figure("revenue", "money", "their revenue", n="customers"),
    count("solved", aside=True),
    count("all_tickets", "tickets of all rows", aside=True),
)
COST = (
    figure("cost", "money", "they cost", n="costed", better="down"),
    count("costed", "tickets with a cost", aside=True),
)
"""Where tickets have a cost."""

SQL_MARKED = """
select count(*) filter (where is_complaint) as complaints, count(*) as tickets
  from tickets
"""
SQL = """
with complaint as (
        select by_1, by_2, customer_id, created_at, coalesce(solved_at, closed_at) as solved_at, cost
          from tickets
         where coalesce(is_complaint, false) or $all)
select by_1, by_2, count(*) as tickets,
       sum(date_diff('second', created_at, solved_at)) filter (where solved_at >= created_at) / 3600 as hours,
       count(distinct customer_id) as customers,
       count(*) filter (where solved_at >= created_at) as solved, sum(cost) as cost, count(cost) as costed
  from complaint
 group by by_1, by_2
 order by tickets desc, by_1, by_2
"""
SQL_REVENUE = f"""
with {PURCHASE.strip()},
     bought as (
        select customer_id, currency, sum(net) as net
          from purchase
         group by customer_id, currency),
     writer as (
        select distinct by_1, by_2, customer_id
          from tickets
         where customer_id is not null and (coalesce(is_complaint, false) or $all))
select writer.by_1, writer.by_2, bought.currency, sum(bought.net) as net
  from writer
  join bought using (customer_id)
 group by writer.by_1, writer.by_2, bought.currency
 order by writer.by_1, writer.by_2, bought.currency
"""


SQL_CASES = """
with behind as materialized (
        select source, ticket_id, by_1, by_2, over_start, created_at as dated_at, customer_id, cost,
               date_diff('second', created_at, case when coalesce(solved_at, closed_at) >= created_at
                                                    then coalesce(solved_at, closed_at) end) as took_s
          from tickets
         where coalesce(is_complaint, false) or $all)
"""


class Cause(NamedTuple):
    """The complaints of a topic, or of a wording: a row of SQL."""

    by_1: str
    by_2: str | None
    tickets: int
    hours: float | None
    customers: int
    solved: int
    cost: Decimal | None
    costed: int


def causes(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str, Dimension("tickets")] = "topic",
    wordings: Annotated[bool, "one row per wording of a topic"] = False,
) -> Result:
    """The Pareto of complaints: which topics cost most tickets, hours and customers."""
    selection = store.select("tickets", period=period, by=_dimensions(by, wordings))
    complaints_by = ("tickets.is_complaint",)
    scope, notes = store.scope(selection, figures={"tickets": complaints_by, "topics": complaints_by})
    ((complaints, tickets),) = store.rows(SQL_MARKED, store.without_dimensions(selection))
    everything = not complaints
    if everything and tickets:
        notes += ("the export marks no complaint: all tickets count",)
    elif complaints < tickets:
        left = tickets - complaints
        told = "1 ticket that is no complaint is" if left == 1 else f"{left:,} tickets that are no complaints are"
        notes += (f"{told} left out",)
    found = store.records(Cause, SQL, selection, all=everything)
    orders = store.select("orders", period=period.up_to_end(), joined=True)
    notes += day_notes(store.day_columns("tickets"))
    notes += tuple(unknown.note() for unknown in unknown_words(store, orders))
    notes += left_out(store, orders).left_out_notes(per_customer=True)
    revenue, currencies = _revenue(store.rows(SQL_REVENUE, selection, orders, all=everything, currency=store.currency))
    if len(currencies) > 1:
        notes += (f"revenue is in {', '.join(sorted(currencies))} and is not added up",)
    total = sum(cause.tickets for cause in found)
    rows: list[tuple[Value, ...]] = []
    so_far, costed = 0, sum(cause.costed for cause in found)
    for one in found:
        so_far += one.tickets
        shares = (one.tickets / total, so_far / total)
        bought = revenue.get((one.by_1, one.by_2))
        cost = (one.cost, one.costed) if costed else ()
        named = (one.by_1, one.by_2)[: len(selection.by)]
        rows.append((*named, one.tickets, *shares, one.hours, one.customers, bought, one.solved, total, *cost))
    if 0 < costed < total:
        have = "has" if costed == 1 else "have"
        notes += (f"{costed:,} of {total:,} tickets {have} a cost; the others are in none",)
    if selection.several:
        notes += (f"{SEVERAL}; shares are of the sum of the rows",)
    counted = tickets if everything else complaints
    facts: dict[str, Value] = {"tickets": counted, "topics": len({one.by_1 for one in found}) if found else None}
    measures = (*MEASURES, *(COST if costed else ()))
    keys = named_apart(selection.columns, (*measures, *FACTS))
    currency = next(iter(currencies), None) if len(currencies) == 1 else scope.currency
    return Result(
        metric="causes",
        title=TITLE,
        definition=f"complaints by {selection.by[-1]}, largest first: hours, customers and what those have bought",
        columns=(*keys, *measures),
        rows=tuple(rows),
        facts=facts,
        fact_columns=FACTS,
        notes=notes,
        scope=replace(scope, currency=None if currency == "(none)" else currency),
        chart=Chart("pareto", x=keys[-1].name, y="tickets"),
    )


def cases(store: Store, *, period: Period = ALL, by: str = "topic", wordings: bool = False, **options: Any) -> Cases:
    """The complaints, those that took longest first."""
    ((complaints, _),) = store.rows(SQL_MARKED, store.select("tickets", period=period))
    values = (detail("took_s", "duration", "took"), detail("cost", "money"), detail("customer_id", "text", "customer"))
    order = ("took_s desc nulls last", "dated_at desc")
    given = {"all": not complaints}
    by = _dimensions(by, wordings)
    return ticket_cases(store, sql=SQL_CASES, period=period, by=by, values=values, order=order, parameters=given)


def _dimensions(by: str, wordings: bool) -> str:
    """The dimension of the rows, and with wordings that of their parts."""
    if len(split_dimensions(by)) != 1:
        raise UsageError(f"causes --by {by}: one column", hint="for example --by topic, or --by category")
    if wordings and by.strip() != "topic":
        raise UsageError(f"causes --wordings --by {by}: only topics have wordings", hint="leave out --by or --wordings")
    return f"{by},wording" if wordings else by


Place = tuple[str, str | None]


def _revenue(rows: list[tuple[str, str | None, str, Decimal]]) -> tuple[dict[Place, Decimal], set[str]]:
    """Net purchases by topic and wording, and the currencies met; nothing where there are several."""
    currencies = {currency for *_, currency, _ in rows}
    return ({(topic, wording): net for topic, wording, _, net in rows} if len(currencies) == 1 else {}), currencies
