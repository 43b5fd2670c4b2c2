"""Lifetime value: revenue per order × orders per customer-month × months a customer stays, to an age.

Each term has its unit, so that the product is money per customer, and is taken from the customers who were watched to
each age: what they ordered and spent at it, over their number, added up. repeat_rate is the orders so expected over
lifetime_months, aov the revenue so expected over the orders; inside the watched age the product is what was observed.
The age is the greatest that 30 customers were watched to, or --horizon; past it the value is a forecast. A customer has
lapsed after --gap days of silence and has then lived from the first order to the last plus the gap; the mean lifetime
is the area under the Kaplan-Meier curve. --definition classic has one rate for all ages: orders / months lived. By a
dimension, a customer goes by the first order.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import log1p
from pathlib import Path
from typing import Annotated, Any, Literal

from supportkit.errors import UsageError
from supportkit.offers.cases import Cases
from supportkit.period import ALL, Period
from supportkit.result import Chart, Result, Value, count, detail, figure, key, named_apart
from supportkit.stats.first_orders import Fall
from supportkit.stats.value_by_age import ValueByAge
from supportkit.store import Store
from supportkit.store.lined_orders import lined_notes
from supportkit.store.parameters import Dimension
from supportkit.store.purchases import left_out, observed_from, observed_until
from supportkit.store.rates import Rates, read_rates
from supportkit.store.shares import SHARE_ORDERS, shares_of
from supportkit.worth.backtest import backtest
from supportkit.worth.buyer_groups import NO_SPLIT, BuyerQuery, Groups, first_orders, put_earlier
from supportkit.worth.customer_base import CustomerBase
from supportkit.worth.customer_cases import customer_cases
from supportkit.worth.findings import findings as findings
from supportkit.worth.ltv_notes import ltv_notes
from supportkit.worth.ltv_options import LtvOptions
from supportkit.worth.ltv_sql import query_of

TITLE = "Lifetime value"
TABLES = ("orders",)
CUT = "life"
SOURCE = "aov × purchase rate × lifetime; Nelson 1988 by age, Kaplan & Meier 1958, Hall 1992 for the interval"
EXAMPLES = ("ltv", "ltv --by country", "ltv --horizon 180")
FACTS = (
    figure("ltv", "money", "LTV", n="customers", better="up"),
    figure("aov", "money", "Revenue per order", n="orders", better="up"),
    figure("repeat_rate", "number", "Orders per customer-month", n="customers", better="up"),
    figure("lifetime_months", "number", "Lifetime, months", n="customers", better="up"),
    figure("repeat_share", "share", "Bought again", n="customers", better="up"),
    count("orders", better="up"),
    count("customers", better="up"),
    figure("revenue", "money", n="orders", better="up"),
    figure("revenue_per_customer", "money", n="customers", better="up"),
    detail("gap_days", "count", "Gone after, days", n="customers"),
    detail("horizon_days", "count", "Horizon, days", n="customers"),
    figure("ltv_low", "money", "LTV low", n="customers"),
    figure("ltv_high", "money", "LTV high", n="customers"),
    figure("observed_ltv", "money", "Observed LTV", n="customers", better="up"),
    figure("median_revenue", "money", "Median customer", n="customers", better="up"),
    figure("top_decile_share", "share", "Top tenth's share", n="customers"),
    figure("repeat_orders", "number", "Repeat orders per customer", n="customers", better="up"),
    count("watched_customers", "Watched to the horizon"),
    count("earlier_customers", "From before the data", aside=True),
    detail("forecast", "flag", "Forecast", n="customers"),
)
KEPT = detail("kept_share", "share", "Kept after margin and discounting", n="customers")
"""What margin and discounting leave of the product of the three terms, where either is asked for."""
FORECASTS_WHERE_SAID = ("ltv", "aov", "repeat_rate", "lifetime_months", "repeat_orders")
"""Figures of a row that are a forecast where its `forecast` says so."""
BY_AGE = "revenue per order × orders per customer-month × months a customer stays, of customers watched to each age"
CLASSIC = "net revenue per order × orders per customer-month × months a customer stays, up to the horizon"
GAPS = (60, 90, 180)
FURTHEST = 36_525  # days
HARDLY_ANY = 0.005  # share of old customers under which there are none to tell of
INTERVALS = 100

SQL = query_of()
SQL_BY = query_of(split=True)
SQL_ERROR = query_of("errors")


def ltv(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("orders")] = None,
    gap: Annotated[int, "days of silence after which a customer has lapsed"] = 90,
    horizon: Annotated[int | None, "days of life to count [default: the age that 30 customers were watched to]"] = None,
    definition: Annotated[
        Literal["by-age", "classic"], "terms to an age, or one rate of orders for all ages"
    ] = "by-age",
    merge_days: Annotated[bool, "count the orders of a customer on one day as one"] = False,
    margin: Annotated[float | None, "share of revenue that is kept, as one more factor"] = None,
    discount: Annotated[float | None, "yearly rate that later money is discounted by, as one more factor"] = None,
    newcomers: Annotated[bool, "leave out who first ordered within --gap days of the start of the data"] = False,
    rates: Annotated[Path | None, "CSV of date,currency,rate: units of --currency for one of the other"] = None,
    currency: Annotated[str | None, "what --rates converts to [default: that of the configuration]"] = None,
) -> Result:
    """Lifetime value as aov × repeat rate × lifetime, with its three terms."""
    asked = _asked(gap, horizon, margin, discount, newcomers, definition == "classic")
    table = read_rates(rates, currency or store.currency) if rates else None
    query = _query(store, period, by, asked, merge_days, table)
    selection, orders = query.selection, query.orders
    scope, notes = store.scope(orders)
    query = replace(query, shares=shares_of(store, scope.rows, SHARE_ORDERS))
    told = left_out(store, orders, table)
    several = len(told.currencies) > 1
    with query.kept_for(scope.rows) as every:
        whole, every, asked = _told_apart(every, asked, store.complete_from)
        total = whole.get(NO_SPLIT, CustomerBase())
        asked = replace(asked, horizon=asked.horizon or _usual_horizon(total, asked))
        if not several and not asked.classic and total.lives:
            every.put_errors({NO_SPLIT: total}, asked.age, asked.discount)
    query = replace(query, entered=every.entered)
    split: Groups = {}
    if total.customers and (selection.columns or several):
        split = _split(query, asked, scope.rows)
    if told.without_customer and not newcomers:
        query.put_nobodys(whole)
        total = whole[NO_SPLIT]
        if selection.columns or several:
            query.put_nobodys(split, split=True)
    split = dict(sorted(split.items()))
    facts = _facts(total, asked, money=not several)
    columns = (*FACTS, KEPT) if asked.reduced else FACTS
    rows = [] if selection.columns else [facts]
    keys = selection.columns
    if split:
        named = several and "currency" not in selection.by
        more = (key("currency"),) if named else ()
        keys = named_apart(selection.columns, (*more, *columns)) + more
        rows = [
            selection.values(name.by_1, name.by_2, None)
            + ((name.currency,) if named else ())
            + _facts(group, asked, group=True)
            for name, group in split.items()
        ]
        if len(split) > INTERVALS and not asked.classic:
            notes = (f"an interval stands at the {INTERVALS} largest of {len(split):,} rows only", *notes)
    past = None
    if not several and not asked.classic and asked.age > total.last_age() and total.lives:
        past = backtest(query, total, asked.age)
    return Result(
        metric="ltv",
        title=TITLE,
        definition=CLASSIC if asked.classic else BY_AGE,
        columns=keys + columns,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in columns), facts, strict=True)),
        fact_columns=columns,
        notes=lined_notes(selection)
        + ltv_notes(total, list(split.items()), asked, told.currency, past)
        + notes
        + told.notes(per_customer=newcomers),
        scope=replace(scope, currency=told.currency, as_of=store.as_of or scope.as_of),
        chart=Chart("interval", x=keys[0].name, y="ltv", low="ltv_low", high="ltv_high") if keys else None,
    )


def cases(
    store: Store,
    *,
    period: Period = ALL,
    by: str | None = None,
    gap: int = 90,
    horizon: int | None = None,
    definition: str = "by-age",
    merge_days: bool = False,
    newcomers: bool = False,
    rates: Path | None = None,
    currency: str | None = None,
    **options: Any,
) -> Cases:
    """The customers with their orders, the largest first, without those from before the data, who stand apart; and all
    orders that are revenue."""
    asked = _asked(gap, horizon, None, None, newcomers, definition == "classic")
    table = read_rates(rates, currency or store.currency) if rates else None
    query = _query(store, period, by, asked, merge_days, table)
    several = len(left_out(store, query.orders, table).currencies) > 1
    whole, query, asked = _told_apart(query, asked, store.complete_from)
    age = asked.horizon or _usual_horizon(whole.get(NO_SPLIT, CustomerBase()), asked)
    sql = query.beginning(split=bool(by) or several)
    cases = customer_cases(store, sql, query.selection, query.until, gap, age, entered=query.entered, **query.rates)
    before = {**cases.parameters, "entered": None, "since": query.entered if asked.new_from else None}
    earlier = replace(cases, parts={"earlier_customers": "first_at < $since"}, parameters=before, beside={})
    return replace(cases, beside={**cases.beside, "earlier_customers": earlier})


def _query(
    store: Store, period: Period, by: str | None, asked: LtvOptions, merge_days: bool, table: Rates | None
) -> BuyerQuery:
    """The query for the customers; of newcomers alone where these are asked for."""
    selection, start = store.select("orders", period=period, by=by), observed_from(store)
    query = BuyerQuery(
        store,
        selection,
        store.without_dimensions(selection) if selection.by_line else selection,
        observed_until(store, period),
        asked.gap,
        gaps=GAPS if asked.classic else (),
        merged=merge_days,
        rates={"currency": store.currency, **(table.parameters() if table else {})},
        converted=table is not None,
    )
    return query.since(start + timedelta(days=asked.gap + 1)) if asked.newcomers and start else query


def _told_apart(
    query: BuyerQuery, asked: LtvOptions, complete_from: date | None
) -> tuple[Groups, BuyerQuery, LtvOptions]:
    """All customers, without those from before the data where they are the smaller half; how first orders fall is told
    of newcomers too, some of whom may be old ones who order slowly."""
    everyone = query.groups()
    total = everyone.get(NO_SPLIT)
    if asked.classic or total is None or query.until is None:
        return everyone, query, asked
    if asked.newcomers:
        every = replace(query, entered=None).groups()[NO_SPLIT]
        return everyone, query, _with_fall(asked, total, first_orders(every, query.until, complete_from)[0])
    fall, days = first_orders(total, query.until, complete_from)
    for day in days:
        if 2 * total.came_within((query.until - day).days) >= max(total.customers, 1):
            later = query.since(day)
            groups = put_earlier(later.groups(), everyone)
            told = replace(asked, new_from=day, said=day == complete_from)
            return groups, later, _with_fall(told, groups[NO_SPLIT], fall)
    asked = _with_fall(asked, total, fall)
    return everyone, query, replace(asked, too_many_before=days[0]) if days else asked


def _with_fall(asked: LtvOptions, counted: CustomerBase, fall: Fall | None) -> LtvOptions:
    """What is asked, with a fall of first orders by which some of the customers who are counted are old ones."""
    old = fall is not None and counted.follow_up and counted.old_share(fall) >= HARDLY_ANY
    return replace(asked, fall=fall) if old else asked


def _split(query: BuyerQuery, asked: LtvOptions, orders: int) -> Groups:
    """The customers by dimensions and currency, the largest groups with what their interval is made of."""
    with query.kept_for(orders, split=True) as every:
        split = every.groups(split=True)
        if asked.new_from:
            split = put_earlier(split, replace(every, entered=None).groups(split=True))
        if not asked.classic:
            largest = sorted(split.items(), key=lambda item: (-item[1].customers, item[0]))[:INTERVALS]
            every.put_errors(dict(largest), asked.age, asked.discount, split=True)
    return split


def _usual_horizon(total: CustomerBase, asked: LtvOptions) -> int:
    return max(total.follow_up, default=0) if asked.classic else total.usual_age


def _asked(
    gap: int, horizon: int | None, margin: float | None, discount: float | None, newcomers: bool, classic: bool
) -> LtvOptions:
    if gap < 1:
        raise UsageError(f"--gap {gap}: at least one day", hint="for example --gap 90")
    if horizon is not None and horizon < 1:
        raise UsageError(f"--horizon {horizon}: at least one day", hint="for example --horizon 365")
    for name, days in (("gap", gap), ("horizon", horizon or 0)):
        if days > FURTHEST:
            raise UsageError(
                f"--{name} {days}: at most {FURTHEST} days, a hundred years", hint=f"for example --{name} 365"
            )
    if margin is not None and not 0 < margin <= 1:
        raise UsageError(f"--margin {margin:g}: a share above 0 and up to 1", hint="for example --margin 0.42")
    if discount is not None and not 0 <= discount < 10:
        raise UsageError(f"--discount {discount:g}: a yearly rate as a share", hint="for example --discount 0.1")
    return LtvOptions(gap, horizon, margin or 1.0, log1p(discount or 0) / 365.25, newcomers, classic)


def _facts(base: CustomerBase, asked: LtvOptions, *, money: bool = True, group: bool = False) -> tuple[Value, ...]:
    orders, revenue = base.all_orders, base.all_revenue
    shared = float(revenue) / orders if orders and money else None
    if not base.customers:
        paid = revenue if orders and money else None
        return (None, shared, *[None] * 3, orders, 0, paid, *[None] * 9, 0, base.earlier_customers, None) + (
            (None,) if asked.reduced else ()
        )
    worth = (
        base.classic(asked.age, asked.discount) if asked.classic else base.value(asked.age, asked.discount, group=group)
    )
    forecast = base.is_forecast(asked.age, classic=asked.classic, group=group)
    given = worth and money and not (asked.classic or forecast)
    interval = base.interval(asked.age, asked.discount, asked.fall) if given else None
    low, high = (asked.margin * end for end in interval) if interval else (None, None)
    observed = base.observed(asked.age, asked.discount)
    told = worth is not None and not (asked.classic and not base.repeaters)  # one rate of first orders tells nothing
    return (
        asked.margin * worth.value if worth and told and money else None,
        (worth.aov if worth else shared) if money else None,
        worth.rate if worth else None,
        worth.lifetime if worth else None,
        base.repeaters / base.customers,
        orders,
        base.customers,
        revenue if money else None,
        float(base.revenue) / base.customers if money else None,
        asked.gap,
        asked.age,
        low,
        high,
        asked.margin * observed if observed is not None and money else None,
        base.median if money else None,
        base.top_share if money else None,
        worth.orders - 1 if isinstance(worth, ValueByAge) else None,
        base.watched(asked.age),
        base.earlier_customers,
        forecast,
        *((asked.margin * worth.present if worth else None,) if asked.reduced else ()),
    )
