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
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from supportkit.errors import UsageError
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import CUSTOMERS, Cases
from supportkit.period import ALL, Period
from supportkit.result import Result, Value, count, detail, figure, key, numbered
from supportkit.stats.bg_nbd import BgNbd, chance_alive, expected_orders, fit_buying
from supportkit.stats.gamma_gamma import GammaGamma, expected_spend, fit_spend
from supportkit.stats.lifetime_value import orders_ahead
from supportkit.store import Store
from supportkit.store.purchases import PURCHASE, left_out, observed_until

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Array = NDArray[float64]

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
GAP = 90  # of the formula that the backtest compares with, as in ltv

SQL = f"""
with {PURCHASE.strip()},
purchase_day as (
  select customer_id, cast(ordered_at at time zone $zone as date) as day,
         count(*) as orders, max(ordered_at) as last_at, sum(net) as net
    from purchase
   group by customer_id, cast(ordered_at at time zone $zone as date)
),
buyer as (
  select customer_id, min(day) as first_day, sum(orders) as orders, max(last_at) as last_at,
         count(*) as days, max(day) as last_day, sum(net) as net, arg_min(net, day) as first_net,
         count(*) filter (where day <= $cut) as days_before, max(day) filter (where day <= $cut) as last_before,
         sum(net) filter (where day <= $cut) as net_before, sum(net) filter (where day > $cut) as net_after
    from purchase_day
   group by customer_id
)
select customer_id, orders, last_at,
       days - 1 as repeats, date_diff('day', first_day, last_day) as last_age,
       date_diff('day', first_day, $until) as age, cast(net - first_net as double) as spent,
       days_before - 1 as repeats_before, date_diff('day', first_day, last_before) as last_age_before,
       date_diff('day', first_day, $cut) as age_before, cast(net_before - first_net as double) as spent_before,
       cast(net_before as double) as revenue_before, days - days_before as days_after,
       cast(coalesce(net_after, 0) as double) as revenue_after
  from buyer
 order by customer_id
"""
SQL_SPAN = f"""
with {PURCHASE.strip()}
select min(cast(ordered_at at time zone $zone as date)) as first_day,
       max(cast(ordered_at at time zone $zone as date)) as last_day
  from purchase
"""


SQL_CASES = """
with behind as materialized (
  select unnest(cast($customers as varchar[])) as customer_id, unnest(cast($orders as bigint[])) as orders,
         unnest(cast($last_orders as timestamptz[])) as last_order_at, unnest(cast($alive as double[])) as p_alive,
         unnest(cast($expected as double[])) as expected_orders, unnest(cast($values as double[])) as expected_value,
         cast(null as varchar) as by_1, cast(null as varchar) as by_2, cast(null as date) as over_start
)
"""


class Buying(NamedTuple):
    """What the models know of a customer: repeat days, the age at the last of them and now, the money they brought."""

    repeats: int
    last_age: int
    age: int
    spent: float


class Buyer(NamedTuple):
    """A customer at the end of the data, and at the end of its first half: a row of SQL; ages are in days."""

    customer_id: str
    orders: int
    last_at: datetime
    repeats: int
    last_age: int
    age: int
    spent: float
    repeats_before: int
    last_age_before: int | None
    age_before: int
    spent_before: float | None
    revenue_before: float | None
    days_after: int
    revenue_after: float

    @property
    def history(self) -> Buying:
        """All of it."""
        return Buying(self.repeats, self.last_age, self.age, self.spent)

    @property
    def first_half(self) -> Buying | None:
        """What was known at the end of the first half; None of one who came later."""
        if self.last_age_before is None or self.spent_before is None:
            return None
        return Buying(self.repeats_before, self.last_age_before, self.age_before, self.spent_before)


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
            model = _fit([buyer.history for buyer in found], money)
            told_of_model = _predict(model, found, horizon, rows, facts)
            told_of_test = _backtest(found, cut, until, money, facts)
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


@dataclass(frozen=True)
class _Model:
    """Both models, and why there is no money in it where there is none."""

    buying: BgNbd
    spend: GammaGamma | None
    without: str = ""


def _fit(customers: Sequence[Buying], money: bool) -> _Model:
    """ValueError where it cannot be."""
    x, last, age, spent = zip(*customers, strict=True)
    buying = fit_buying(x, [days / 7 for days in last], [days / 7 for days in age])
    if not money:
        return _Model(buying, None, "amounts are in several currencies: no value; choose one with --where currency=EUR")
    paid = [(n, total / n) for n, total in zip(x, spent, strict=True) if n > 0 and total > 0]
    try:
        spend = fit_spend([n for n, _ in paid], [mean for _, mean in paid])
    except ValueError as error:
        return _Model(buying, None, f"no value: {error}")
    if spend.mean is None:
        return _Model(buying, None, f"no value: spending is spread so wide (q = {spend.q:.2f}) that it has no mean")
    return _Model(buying, spend)


def _ahead(model: _Model, customers: Sequence[Buying], days: float) -> tuple[Array, Array, Array | None]:
    """P(still a customer), expected orders and expected value of each."""
    import numpy as np

    x, last, age, spent = (np.array(column, dtype=float) for column in zip(*customers, strict=True))
    alive = chance_alive(model.buying, x, last / 7, age / 7)
    orders = expected_orders(model.buying, days / 7, x, last / 7, age / 7)
    if model.spend is None:
        return alive, orders, None
    bought = np.where(spent > 0, x, 0)
    return alive, orders, orders * expected_spend(model.spend, bought, spent / np.maximum(x, 1))


def _predict(
    model: _Model, found: Sequence[Buyer], horizon: int, rows: list[tuple[Value, ...]], facts: dict[str, Value]
) -> list[str]:
    """Fill the rows, most valuable first, and the facts of the models; returns the notes."""
    alive, orders, value = _ahead(model, [buyer.history for buyer in found], horizon)
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
    notes = [
        f"expected in the {horizon} days after the data ends, of the {len(found):,} customers there are: new ones are "
        "not in it",
        "a customer with one order so far counts as there: the model has nobody leave before a second order",
    ]
    if buying.rate is not None:
        notes.append(
            f"everybody orders at one rate while a customer, {buying.rate:.3f} repeat days a week: r and alpha run to "
            "that limit of the model, which is what was fitted"
        )
    if buying.leaves and buying.at_first:
        notes.append(
            f"{100 * buying.leaves:.1f} % leave with their first repeat day and nobody after it: a and b run to that "
            "limit of the model, which is what was fitted; expected orders grow without end, so a value needs its "
            "horizon"
        )
    elif buying.leaves:
        notes.append(
            f"everybody leaves with one chance, {100 * buying.leaves:.1f} % after each repeat day: a and b run to "
            "that limit of the model, which is what was fitted"
        )
    elif buying.leaves is not None:
        named = "the NBD" if buying.rate is None else "Poisson"
        notes.append(
            f"nobody leaves: a and b run to that limit of the model, {named}, "
            "which is what was fitted; expected orders grow without end, so a value needs its horizon"
        )
    elif buying.a < 1:
        notes.append(f"a = {buying.a:.2f} is below 1: expected orders grow without end, so a value needs its horizon")
    if spend is None:
        return [*notes, model.without]
    facts.update(p=spend.p, q=spend.q, v=spend.v)
    return [*notes, f"orders and spending go together with {spend.correlation:.2f}; gamma-gamma takes it for about 0"]


def _backtest(found: Sequence[Buyer], cut: date, until: date | None, money: bool, facts: dict[str, Value]) -> list[str]:
    """Fit on the first half, predict the second; fills the facts and returns the notes."""
    early = [buyer for buyer in found if buyer.first_half is not None]
    ahead = (until - cut).days if until else 0
    customers = [buyer.first_half for buyer in early if buyer.first_half]
    actual = sum(buyer.days_after for buyer in early)
    try:
        model = _fit(customers, money)
    except ValueError as error:
        return [f"no backtest: on the first half, {error}"]
    _, orders, value = _ahead(model, customers, ahead)
    predicted, formula = float(orders.sum()), _formula(customers, ahead)
    facts.update(backtest_orders_predicted=predicted, backtest_orders_actual=actual, backtest_customers=len(early))
    if not actual:
        return ["backtest: nobody of the first half ordered in the second"]
    facts.update(backtest_model_error=predicted / actual - 1)
    if formula is not None:
        facts.update(backtest_formula_error=formula / actual - 1)

    def off(figure: float | None, truth: float = actual) -> str:
        return "none" if figure is None else f"{figure:,.0f} ({100 * (figure / truth - 1):+.1f} %)"

    plain = sum(x / age * ahead for x, _, age, _ in customers if age)
    notes = [
        f"backtest: from the orders up to {cut}, the {ahead} days to {until} of the same {len(early):,} customers: "
        f"actual {actual:,} order days; model {off(predicted)}; classic formula of ltv with a gap of {GAP} "
        f"days {off(formula)}; everybody at the rate so far {off(plain)}"
    ]
    revenue = sum(buyer.revenue_after for buyer in early)
    if value is not None and revenue:
        notes.append(f"backtest, revenue: actual {revenue:,.0f}; model {off(float(value.sum()), revenue)}")
    return notes


def _withdrawn(rows: list[tuple[Value, ...]], facts: dict[str, Value]) -> str:
    """Take back the forecasts of a model that missed by more than a fifth; returns the note."""
    facts.update(expected_orders=None, expected_value=None)
    rows[:] = sorted(((*row[:3], None, None, None) for row in rows), key=lambda row: (-int(str(row[1])), str(row[0])))
    return (
        f"no forecast: the model missed by {100 * abs(float(str(facts['backtest_model_error']))):.0f} % on the second "
        "half of these orders, more than a fifth; the customers are by their orders so far"
    )


def _formula(customers: Sequence[Buying], ahead: int) -> float | None:
    """Order days ahead by the terms of ltv: orders per time lived × time to be lived."""
    lives: dict[tuple[float, bool], int] = {}
    ages: dict[int, int] = {}
    for _, last, age, _ in customers:
        lapsed = age - last > GAP
        key = (last + GAP if lapsed else age, lapsed)
        lives[key] = lives.get(key, 0) + 1
        ages[age] = ages.get(age, 0) + 1
    return orders_ahead(lives, sum(x + 1 for x, *_ in customers), ages, ahead)
