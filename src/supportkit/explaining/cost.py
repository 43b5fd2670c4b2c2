"""Cost: how many contacts the orders bring, what a contact costs, and what a lost customer costs.

A contact is a ticket, as `contacts` counts it; an order is a sale, whole or in part. Per 1,000 orders is all contacts
over all orders of the period (gross); by customer, those that came within seven days (--within) after an order of the
same customer, each for the last one, over the orders whose days are over. A contact costs on average the given --total
over all contacts, whether or not it would cost less with one contact fewer; one contact more costs (marginal) the
--rate of an hour times the work that the export states in the column --work. Time that passes is never taken for work.
A lost customer costs what like customers bring in the same days; see the notes.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

from supportkit.errors import UsageError
from supportkit.explaining.cost_findings import findings as findings
from supportkit.explaining.cost_notes import cost_notes, lost_notes
from supportkit.explaining.lost_customers import Lost, lost_cases, lost_customers
from supportkit.explaining.order_contacts import (
    OF_ORDERS,
    SQL,
    SQL_CASES,
    SQL_ORDERS,
    Contacts,
    contacts_and_orders,
    of_country,
)
from supportkit.explaining.stated_work import COLUMN, Unit
from supportkit.metrics import METRICS
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import ALL, Period
from supportkit.request import Request, run
from supportkit.result import Result, Value, count, detail, figure, named_apart
from supportkit.store import Store
from supportkit.store.parameters import Dimension
from supportkit.store.purchases import left_out
from supportkit.store.selection import SEVERAL
from supportkit.worth.customer_cases import order_cases

TITLE = "Cost: contacts, orders and customers lost"
TABLES = ("tickets", "orders", "surveys", "messages")
REQUIRES = ("orders",)
SOURCE = "contact rate per 1,000 orders and cost per contact (COPC); landmark and matching as in service-value"
EXAMPLES = ("cost", "cost --by category --total 12000 --period 2026-10", "cost --rows after_order --top 10")
FACTS = (
    count("contacts", better="down"),
    count("orders"),
    figure("per_1000_orders", "number", "contacts per 1,000 orders", n="orders", better="down"),
    count("followed_orders", "orders followed", aside=True),
    figure("after_order", "count", "contacts after an order", n="followed_orders", better="down"),
    figure("after_order_per_1000", "number", "by customer, per 1,000", n="followed_orders", better="down"),
    figure("average_cost", "money", "average cost of a contact", n="contacts", better="down"),
    count("with_work", "whose work is stated", aside=True),
    figure("work_mean_s", "duration", "work on a contact", n="with_work", better="down"),
    figure("marginal_cost", "money", "cost of one contact more", n="with_work", better="down"),
    count("costed", "with a cost in the export", aside=True),
    figure("stated_cost", "money", "cost that the export states", n="costed", better="down"),
    count("complained", "customers who complained", aside=True),
    figure("left_share", "share", "left after a complaint", n="complained", better="down"),
    figure("left_share_low", "share", "left, low", n="complained", aside=True),
    figure("left_share_high", "share", "left, high", n="complained", aside=True),
    count("left", "who left", aside=True),
    figure("left_ltv", "money", "LTV of those who left", n="left"),
    count("alike", "like customers", aside=True),
    figure("like_left_share", "share", "left of like customers", n="alike"),
    figure("like_ltv", "money", "LTV of like customers", n="alike"),
    figure("lost_value", "money", "what a lost customer costs", n="alike"),
    figure("lost_value_low", "money", "lost, low", n="alike"),
    figure("lost_value_high", "money", "lost, high", n="alike"),
)
COLUMNS = (
    count("contacts", better="down"),
    figure("share", "share", n="contacts"),
    figure("per_1000_orders", "number", "per 1,000 orders", n="orders", better="down"),
    figure("after_order_per_1000", "number", "by customer, per 1,000", n="followed_orders", better="down"),
    figure("work_mean_s", "duration", "work on a contact", n="with_work", better="down"),
    figure("marginal_cost", "money", "one contact more", n="with_work", better="down"),
    figure("cost", "money", "its part of the total", n="contacts", better="down"),
    count("orders", aside=True),
    count("followed_orders", aside=True),
    count("with_work", aside=True),
)


def cost(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str, Dimension("tickets")] = "channel",
    total: Annotated[Decimal | None, "what all contacts of the period cost, in the currency of the store"] = None,
    rate: Annotated[Decimal | None, "what an hour of work costs"] = None,
    work: Annotated[str | None, "the column of tickets in which the export states the time worked"] = None,
    work_unit: Annotated[Unit | None, "the unit of bare numbers in --work, where its name has none"] = None,
    within: Annotated[int, "days after an order in which a contact is its"] = 7,
    horizon: Annotated[int, "days after a complaint in which who orders nothing has left"] = 90,
) -> Result:
    """Contacts per 1,000 orders, what one costs, and what a lost customer costs."""
    _refuse(total, rate, work, within, horizon)
    tickets, orders, column, given = contacts_and_orders(store, by, period, work, work_unit, within)
    sold = of_country(store).select("orders", period=period)
    inside = store.select("tickets", period=period, by=by)
    scope, notes = store.scope(inside, sold)
    told = left_out(store, sold)
    ((all_orders, followed),) = store.rows(
        SQL_ORDERS, sold, within=within, until=given["until"], currency=store.currency
    )
    every = store.without_dimensions(store.select("tickets")) if tickets.several else tickets
    sums, *groups = store.records(Contacts, SQL.replace(COLUMN, column), tickets, orders, **given)
    if tickets.several:
        sums, *_ = store.records(Contacts, SQL.replace(COLUMN, column), every, orders, **given)
        notes += (SEVERAL,)
    gross = run(store, Request(METRICS["contacts"], period=period)).facts["contacts"]
    value = run(store, Request(METRICS["service-value"], {"horizon": horizon}, period=period))
    until = store.unfiltered.latest("orders")
    several = len(told.currencies) > 1
    gone = lost_customers(store, store.without_dimensions(inside), orders, horizon, until) if all_orders else None
    facts = (
        *(gross, all_orders, _per_1000(gross, all_orders)),
        *(followed, sums.owed if followed else None, _per_1000(sums.owed, followed)),
        *(total / gross if total is not None and isinstance(gross, int) and gross else None,),
        *_work(sums, rate),
        *(sums.costed, sums.cost / sums.costed if sums.costed and sums.cost is not None else None),
        *_lost(gone, several),
    )
    keys = named_apart(inside.columns, (*COLUMNS, *FACTS))
    rows = [
        (*inside.values(one.by_1, one.by_2, None), *_row(one, sums, total, rate, all_orders, followed))
        for one in sorted(groups, key=lambda one: (-one.contacts, one.by_1 or "", one.by_2 or ""))
        if one.contacts
    ]
    return Result(
        metric="cost",
        title=TITLE,
        definition="contacts over orders; average cost: a total over contacts; marginal: a rate times stated work",
        columns=keys + COLUMNS,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=(
            *notes,
            *(f"orders are not cut to {one}, which is said of tickets" for one in _others(store)),
            *told.left_out_notes(),
            *cost_notes(total, rate, work, sums, all_orders, within),
            *((f"money of {', '.join(told.currencies)} is not added: --where currency=EUR",) if several else ()),
            *(lost_notes(gone, value, horizon) if sums.with_customer or not sums.contacts else ()),
        ),
        scope=scope,
    )


def cases(
    store: Store,
    *,
    period: Period = ALL,
    by: str = "channel",
    work: str | None = None,
    work_unit: Unit | None = None,
    within: int = 7,
    horizon: int = 90,
    **options: Any,
) -> Cases:
    """The contacts, those after an order first, the latest of them; the orders, and the customers who complained, left
    and are like them."""
    tickets, orders, column, given = contacts_and_orders(store, by, period, work, work_unit, within)
    scope, notes = store.scope(tickets, orders)
    sold, complaints = of_country(store).select("orders", period=period), store.select("tickets", period=period)
    sales = order_cases(store, sold)
    followed = replace(
        sales,
        parts={"followed_orders": "not is_nobodys and placed_at + to_days(cast($within as integer)) <= $until"},
        parameters={**sales.parameters, "within": within, "until": given["until"]},
    )
    until = store.unfiltered.latest("orders")
    return Cases(
        unit=TICKETS,
        sql=SQL_CASES.replace(COLUMN, column),
        selections=(tickets, orders),
        values=(
            detail("customer_id", "text", "customer"),
            detail("order_at", "date", "ordered"),
            detail("work_s", "duration", "work"),
            detail("cost", "money"),
        ),
        parts={
            EVERY: "is_inside",
            "contacts": "is_inside",
            "after_order": "order_at is not null",
            "with_work": "is_inside and work_s is not null",
            "costed": "is_inside and cost is not null",
        },
        order=("order_at desc nulls last", "dated_at desc", "source", "ticket_id", "by_1", "by_2"),
        parameters=given,
        scope=scope,
        notes=notes,
        beside={
            "orders": sales,
            "followed_orders": followed,
            **lost_cases(store, complaints, orders, horizon, until),
        },
        tells={"per_1000_orders": EVERY, "after_order_per_1000": "after_order"},
    )


def _refuse(total: Decimal | None, rate: Decimal | None, work: str | None, within: int, horizon: int) -> None:
    """Raise UsageError for what can be no cost and no span."""
    for name, given in (("--total", total), ("--rate", rate)):
        if given is not None and given < 0:
            raise UsageError(f"{name} {given}: below zero", hint=f"{name} 12000")
    for name, days in (("--within", within), ("--horizon", horizon)):
        if days < 1:
            raise UsageError(f"{name} {days}: at least one day", hint=f"for example {name} 7")
    if rate is not None and work is None:
        raise UsageError(
            "--rate needs the time worked: time that passes is not work",
            hint="--work COLUMN of the tickets, as 'Total time spent' of a time tracker; or give --total",
        )


def _others(store: Store) -> list[str]:
    return [str(one) for one in store.conditions if one.column not in OF_ORDERS]


def _per_1000(contacts: Value, orders: int) -> float | None:
    return 1000 * contacts / orders if orders and isinstance(contacts, int) else None


def _work(one: Contacts, rate: Decimal | None) -> tuple[Value, ...]:
    """Whose work is stated, the mean of it, and what one contact more costs."""
    if not one.with_work or one.work_s is None:
        return (0, None, None)
    mean = one.work_s / one.with_work
    return (one.with_work, float(mean), rate * mean / 3600 if rate is not None else None)


def _row(
    one: Contacts, sums: Contacts, total: Decimal | None, rate: Decimal | None, orders: int, followed: int
) -> tuple[Value, ...]:
    with_work, mean, marginal = _work(one, rate)
    return (
        one.contacts,
        one.contacts / sums.contacts,
        _per_1000(one.contacts, orders),
        _per_1000(one.owed, followed),
        mean,
        marginal,
        total * one.contacts / sums.contacts if total is not None else None,
        orders,
        followed,
        with_work,
    )


def _lost(gone: Lost | None, several: bool) -> tuple[Value, ...]:
    if gone is None:
        return (0, None, None, None, 0, None, 0, *(None,) * 5)
    sums = (gone.left_ltv, gone.like_ltv, gone.value, *(gone.interval or (None, None)))
    left, like, *lost = (None if one is None or several else _cents(one) for one in sums)
    people = (gone.complained, gone.share, *gone.share_interval, gone.gone)
    return (*people, left, gone.alike, gone.like_share, like, *lost)


def _cents(value: float) -> Decimal:
    return Decimal(str(round(value, 4)))
