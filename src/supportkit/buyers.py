"""Buyers: who is still a customer, and what each will order and spend, by a model that is tested on your own past.

BG/NBD says when a customer orders again and when one has gone, from three numbers: repeat days, the age at the last of
them and the age today (all orders of a day are one; time is in weeks, and so is alpha). Gamma-gamma says what an order
of a customer is worth (p, q, v), from the repeat days that brought money. Beside every prediction stands the backtest:
the model is fitted on the first half of the time and has to say the orders of the second half, against the formula of
`ltv --definition classic` and against everybody going on at the rate so far; one that misses by more than a fifth is no
forecast. Where all leave with one chance, or nobody does, or all order at one rate, that limit of the model is fitted.
A model fitted on too little is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from supportkit.errors import UsageError
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import CUSTOMERS, Cases
from supportkit.period import ALL, Period
from supportkit.result import Result, Value, count, detail, figure, key, numbered
from supportkit.store import Store
from supportkit.store.purchases import left_out, observed_until
from supportkit.worth.buyer_rows import SQL, SQL_SPAN, Buyer
from supportkit.worth.buying_backtest import backtest
from supportkit.worth.buying_model import BuyingModel, ahead, fit_model, model_notes

TITLE = "Buyers"
TABLES = ("orders",)
CUT = "life"
REQUIRES = ("orders.customer_id",)
SOURCE = "Fader, Hardie & Lee 2005: BG/NBD and gamma-gamma, by maximum likelihood"
EXAMPLES = ("buyers", "buyers --top 20", "buyers --horizon 180")
FACTS = (
    figure("r", "number", "r", n="customers"),
    figure("alpha", "number", "alpha, weeks", n="customers"),
    figure("a", "number", "a", n="customers"),
    figure("b", "number", "b", n="customers"),
    figure("p", "number", "p", n="customers"),
    figure("q", "number", "q", n="customers"),
    figure("v", "number", "v", n="customers"),
    figure("log_likelihood", "number", n="customers"),
    figure("expected_orders", "number", n="customers", better="up"),
    figure("expected_value", "money", n="customers", better="up"),
    figure("backtest_orders_predicted", "number", "Backtest: predicted", n="backtest_customers"),
    count("backtest_orders_actual", "Backtest: actual"),
    figure("backtest_model_error", "share", "Backtest: model off by", n="backtest_orders_actual"),
    figure("backtest_formula_error", "share", "Backtest: formula off by", n="backtest_orders_actual"),
    count("customers", "Customers in the model"),
    count("backtest_customers", "Backtest: customers"),
)
COLUMNS = (
    key("customer_id", label="Customer"),
    count("orders"),
    detail("last_order_at", "date", "Last order"),
    figure("p_alive", "share", "Still a customer", n="orders"),
    figure("expected_orders", "number", n="orders"),
    figure("expected_value", "money", n="orders"),
)
FORECASTS = ("expected_orders", "expected_value", "p_alive")
NOTHING: Mapping[str, Value] = {fact.name: 0 if fact.role == "n" else None for fact in FACTS}
"""The facts where no model could be fitted."""

UNTRUE = 0.2  # a backtest further off than this is called out

SQL_CASES = """
with behind as materialized (
  select unnest(cast($customers as varchar[])) as customer_id, unnest(cast($orders as bigint[])) as orders,
         unnest(cast($last_orders as timestamptz[])) as last_order_at, unnest(cast($alive as double[])) as p_alive,
         unnest(cast($expected as double[])) as expected_orders, unnest(cast($values as double[])) as expected_value,
         cast(null as varchar) as by_1, cast(null as varchar) as by_2, cast(null as date) as over_start
)
"""


def buyers(
    store: Store,
    *,
    period: Period = ALL,
    horizon: Annotated[int, "days ahead to predict"] = 365,
    top: Annotated[int | None, "print only this many customers, the most valuable first"] = None,
    min_customers: Annotated[int, "fewer customers than this are refused"] = 500,
) -> Result:
    """Who is still a customer, and the orders and value to expect of each, with a backtest."""
    if horizon < 1 or min_customers < 1 or (top is not None and top < 0):
        raise UsageError("--horizon and --min-customers are at least 1, --top is not below 0")
    selection = store.select("orders", period=period)
    scope, notes = store.scope(selection)
    told, until = left_out(store, selection), observed_until(store, period)
    given = {"zone": store.zone, "currency": store.currency}
    ((first, last),) = store.rows(SQL_SPAN, selection, **given)
    found: list[Buyer] = []
    cut = first
    if first is not None and until is not None:
        cut = first + (until - first) // 2
        found = store.records(Buyer, SQL, selection, until=until, cut=cut, **given)
    reasons = _too_little(found, first, last, until, min_customers)
    rows: list[tuple[Value, ...]] = []
    facts = dict(NOTHING)
    if found and not reasons:
        try:
            money = len(told.currencies) == 1
            model = fit_model([buyer.history for buyer in found], money)
            told_of_model = _predict(model, found, horizon, rows, facts)
            told_of_test = backtest(found, cut, until, money, facts)
        except ValueError as refusal:
            reasons, rows, facts = [str(refusal)], [], dict(NOTHING)
        else:
            error = facts["backtest_model_error"]
            if isinstance(error, float) and abs(error) > UNTRUE:
                told_of_model = [_withdrawn(rows, facts)]
            notes = (*told_of_model, *told_of_test, *notes)
    if reasons:
        notes = (f"refused: {'; '.join(reasons)}", *notes)
    return Result(
        metric="buyers",
        title=TITLE,
        definition="orders and value to expect of each customer, by BG/NBD and gamma-gamma fitted on these orders",
        columns=COLUMNS,
        rows=tuple(rows[:top]),
        facts=facts,
        fact_columns=FACTS,
        notes=notes + told.notes(),
        scope=replace(scope, currency=told.currency),
    )


def cases(store: Store, *, period: Period = ALL, top: int | None = None, **options: Any) -> Cases:
    """The customers of the model, the most valuable first."""
    found = buyers(store, period=period, **options)
    columns = zip(*found.rows, strict=True) if found.rows else ((),) * len(COLUMNS)
    names = ("customers", "orders", "last_orders", "alive", "expected", "values")
    return Cases(
        unit=CUSTOMERS,
        sql=SQL_CASES,
        selections=(store.select("orders", period=period),),
        values=tuple(detail(column.name, column.kind, column.label) for column in COLUMNS[1:]),
        parts={EVERY: "true", "lapsed": "p_alive < 0.5"},
        order=("expected_value desc nulls last", "expected_orders desc", "customer_id"),
        parameters=dict(zip(names, map(list, columns), strict=True)),
        scope=found.scope,
        notes=found.notes,
        counts={"customers": EVERY},
    )


def _too_little(
    found: Sequence[Buyer], first: date | None, last: date | None, until: date | None, least: int
) -> list[str]:
    """Why these orders cannot carry the model; the least that is asked is that of a large vendor of such figures."""
    if first is None or last is None or until is None:
        return []
    reasons = []
    if len(found) < least:
        reasons.append(f"{numbered(len(found), 'customer')}, the model asks for {least:,}")
    if (until - first).days < 180:
        reasons.append(f"{numbered((until - first).days, 'day')} of history, the model asks for 180")
    if (until - last).days > 30:
        reasons.append(f"the last order is {(until - last).days} days back, the model asks for one in the last 30")
    if not any(buyer.repeats >= 2 for buyer in found):
        reasons.append("no customer ordered on three days")
    return reasons


def _predict(
    model: BuyingModel, found: Sequence[Buyer], horizon: int, rows: list[tuple[Value, ...]], facts: dict[str, Value]
) -> list[str]:
    """Fill the rows, most valuable first, and the facts of the models; returns the notes."""
    alive, orders, value = ahead(model, [buyer.history for buyer in found], horizon)
    worth = orders if value is None else value
    for n in sorted(range(len(found)), key=lambda n: (-float(worth[n]), found[n].customer_id)):
        money = None if value is None else float(value[n])
        buyer = found[n]
        rows.append((buyer.customer_id, buyer.orders, buyer.last_at, float(alive[n]), float(orders[n]), money))
    buying, spend = model.buying, model.spend
    facts.update(log_likelihood=buying.log_likelihood)
    if buying.rate is None:
        facts.update(r=buying.r, alpha=buying.alpha)
    if buying.leaves is None:
        facts.update(a=buying.a, b=buying.b)
    facts.update(expected_orders=float(orders.sum()), expected_value=None if value is None else float(value.sum()))
    facts.update(customers=len(found))
    if spend is not None:
        facts.update(p=spend.p, q=spend.q, v=spend.v)
    return model_notes(model, len(found), horizon)


def _withdrawn(rows: list[tuple[Value, ...]], facts: dict[str, Value]) -> str:
    """Take back the forecasts of a model that missed by more than a fifth; returns the note."""
    facts.update(expected_orders=None, expected_value=None)
    rows[:] = sorted(((*row[:3], None, None, None) for row in rows), key=lambda row: (-int(str(row[1])), str(row[0])))
    return (
        f"no forecast: the model missed by {100 * abs(float(str(facts['backtest_model_error']))):.0f} % on the second "
        "half of these orders, more than a fifth; the customers are by their orders so far"
    )
