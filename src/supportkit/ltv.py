"""Lifetime value: revenue per order × orders per customer-month × months a customer stays.

Each term has its unit, so that the product is money per customer: aov is net revenue / orders; repeat_rate is orders /
months lived by customers; lifetime_months is the mean time that a customer stays, up to the horizon. A customer has
lapsed after --gap days of silence and has then lived from the first order to the last plus the gap; one who has not
is still watched. The mean time is the area under the Kaplan-Meier curve of those times. Over the time watched alone,
the same product is revenue per customer exactly. By a dimension, a customer goes by the first order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from math import log1p
from pathlib import Path
from typing import Annotated, Any

from supportkit.errors import UsageError
from supportkit.offers.cases import Cases
from supportkit.period import ALL, Period, midnight
from supportkit.result import Chart, Result, Value, count, detail, figure, key, named_apart
from supportkit.stats.bootstrap import CustomerCell
from supportkit.stats.lifetime_value import CustomerBase
from supportkit.store import Store
from supportkit.store.lined_orders import lined_notes
from supportkit.store.parameters import Dimension
from supportkit.store.purchases import left_out, observed_from, observed_until
from supportkit.store.rates import read_rates
from supportkit.worth.customer_cases import customer_cases
from supportkit.worth.findings import findings as findings
from supportkit.worth.ltv_notes import TOO_FEW, LtvOptions, ltv_notes
from supportkit.worth.ltv_sql import BuyerGroup, LifeRow, buyers_of, nobodys, query_of

TITLE = "Lifetime value"
TABLES = ("orders",)
CUT = "life"
SOURCE = (
    "aov × purchase rate × lifetime; Kaplan & Meier 1958, Nelson 1988 for the observed one, Efron 1979 for the interval"
)
EXAMPLES = ("ltv", "ltv --by country", "ltv --horizon 24")
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
    detail("gap_days", "count", "Gap, days", n="customers"),
    detail("horizon_days", "count", "Horizon, days", n="customers"),
    figure("ltv_low", "money", "LTV low", n="customers"),
    figure("ltv_high", "money", "LTV high", n="customers"),
    figure("observed_ltv", "money", "Observed LTV", n="customers", better="up"),
    figure("median_revenue", "money", "Median customer", n="customers", better="up"),
    figure("top_decile_share", "share", "Top tenth's share", n="customers"),
)
NO_SPLIT = BuyerGroup("", "", "")
GAPS = (60, 90, 180)
INTERVALS = 100

SQL = query_of()
SQL_BY = query_of(split=True)


def ltv(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("orders")] = None,
    gap: Annotated[int, "days of silence after which a customer has lapsed"] = 90,
    horizon: Annotated[int | None, "days of life to count [default: the longest follow-up]"] = None,
    merge_days: Annotated[bool, "count the orders of a customer on one day as one"] = False,
    margin: Annotated[float | None, "share of revenue that is kept, as one more factor"] = None,
    discount: Annotated[float | None, "yearly rate that later money is discounted by, as one more factor"] = None,
    newcomers: Annotated[bool, "leave out who first ordered within --gap days of the start of the data"] = False,
    rates: Annotated[Path | None, "CSV of date,currency,rate: units of --currency for one of the other"] = None,
    currency: Annotated[str | None, "what --rates converts to [default: that of the configuration]"] = None,
) -> Result:
    """Lifetime value as aov × repeat rate × lifetime, with its three terms."""
    asked = _asked(gap, horizon, margin, discount, newcomers)
    selection = store.select("orders", period=period, by=by)
    orders = store.without_dimensions(selection) if selection.by_line else selection
    scope, notes = store.scope(orders)
    table = read_rates(rates, currency or store.currency) if rates else None
    told, until = left_out(store, orders, table), observed_until(store, period)
    entered = _entered(store, gap) if newcomers else None
    several = len(told.currencies) > 1

    rated: dict[str, Any] = {"currency": store.currency, **(table.parameters() if table else {})}
    zone = {"zone": store.zone} if table else {}
    nobody = told.without_customer and not newcomers

    def groups(split: bool, gaps: Iterable[int]) -> list[tuple[BuyerGroup, CustomerBase]]:
        chosen = selection if split else orders
        given = {"zone": store.zone, "until": until, "gap": asked.gap, "gaps": list(gaps), "entered": entered}
        lines = bool(selection.by_line)
        query = query_of(split=split, merged=merge_days and not lines, converted=table is not None, lines=lines)
        rows = store.records(LifeRow, query, chosen, **given, **rated)
        found = {key: _group(part) for key, part in groupby(rows, key=lambda row: row.group)}
        without = store.rows(nobodys(converted=table is not None), chosen, **rated, **zone) if nobody else []
        for by_1, by_2, paid_in, number, revenue in without:
            group = found.setdefault(BuyerGroup(by_1, by_2, paid_in) if split else NO_SPLIT, CustomerBase())
            group.nobodys_orders += number
            group.nobodys_revenue += revenue
        return sorted(found.items())

    whole = groups(False, GAPS)
    total = next((group for _, group in whole), CustomerBase())
    asked = replace(asked, horizon=asked.horizon or max(total.follow_up, default=0))
    facts = _facts(total, asked, money=not several)
    split, keys, rows = [], selection.columns, [] if selection.columns else [facts]
    if whole and (selection.columns or several):
        split = groups(True, ())
        named = several and "currency" not in selection.by
        columns = (key("currency"),) if named else ()
        keys = named_apart(selection.columns, (*columns, *FACTS)) + columns
        drawn = set(sorted(range(len(split)), key=lambda n: -split[n][1].customers)[:INTERVALS])
        if len(split) > INTERVALS:
            notes = (f"an interval stands at the {INTERVALS} largest of {len(split):,} rows only", *notes)
        rows = [
            selection.values(key.by_1, key.by_2, None)
            + ((key.currency,) if named else ())
            + _facts(group, asked, n in drawn)
            for n, (key, group) in enumerate(split)
        ]
    return Result(
        metric="ltv",
        title=TITLE,
        definition="net revenue per order × orders per customer-month × months a customer stays, up to the horizon",
        columns=keys + FACTS,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=lined_notes(selection)
        + ltv_notes(total, split, asked, told.currency)
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
    merge_days: bool = False,
    newcomers: bool = False,
    rates: Path | None = None,
    currency: str | None = None,
    **options: Any,
) -> Cases:
    """The customers with their orders, the largest first; and all orders that are revenue."""
    selection = store.select("orders", period=period, by=by)
    orders = store.without_dimensions(selection) if selection.by_line else selection
    table = read_rates(rates, currency or store.currency) if rates else None
    several = len(left_out(store, orders, table).currencies) > 1
    lines = bool(selection.by_line)
    split = bool(selection.by) or several
    sql = buyers_of(split=split, merged=merge_days and not lines, converted=table is not None, lines=lines)
    given = {"currency": store.currency, **(table.parameters() if table else {})}
    entered = _entered(store, gap) if newcomers else None
    return customer_cases(store, sql, selection, observed_until(store, period), gap, entered=entered, **given)


def _entered(store: Store, gap: int) -> datetime | None:
    """The instant from which on a first order is one of a newcomer."""
    start = observed_from(store)
    return midnight(start + timedelta(days=gap + 1), store.zone) if start else None


def _asked(gap: int, horizon: int | None, margin: float | None, discount: float | None, newcomers: bool) -> LtvOptions:
    if gap < 1:
        raise UsageError(f"--gap {gap}: at least one day", hint="for example --gap 90")
    if horizon is not None and horizon < 1:
        raise UsageError(f"--horizon {horizon}: at least one day", hint="for example --horizon 365")
    if margin is not None and not 0 < margin <= 1:
        raise UsageError(f"--margin {margin:g}: a share above 0 and up to 1", hint="for example --margin 0.42")
    if discount is not None and not 0 <= discount < 10:
        raise UsageError(f"--discount {discount:g}: a yearly rate as a share", hint="for example --discount 0.1")
    return LtvOptions(gap, horizon, margin or 1.0, log1p(discount or 0) / 365.25, newcomers)


def _group(rows: Iterable[LifeRow]) -> CustomerBase:
    """Rows of the query for one group, sorted by part and gap."""
    found = CustomerBase()
    for _, _, _, part, gap, day, lapsed, customers, orders, repeaters, revenue, squared in rows:
        if part == "watched":
            found.cells.append(CustomerCell(day, lapsed, customers, float(revenue), float(squared or 0)))
            found.orders += orders
            found.repeaters += repeaters
            found.customers += customers
            found.revenue += revenue
        elif part == "watched otherwise":
            found.otherwise.setdefault(gap, {})[day, lapsed] = customers
        elif part == "follow_up":
            found.follow_up[day] = customers
        elif part == "age":
            found.ages[day] = (orders, float(revenue))
        else:
            found.median, found.top_share = float(revenue), None if squared is None else float(squared)
    return found


def _facts(group: CustomerBase, asked: LtvOptions, interval: bool = True, money: bool = True) -> tuple[Value, ...]:
    orders, revenue = group.orders + group.nobodys_orders, group.revenue + group.nobodys_revenue
    if not group.customers:
        aov, paid = (float(revenue) / orders, revenue) if orders and money else (None, None)
        return (None, aov, None, None, None, orders, 0, paid) + (None,) * 8
    horizon = asked.horizon or 0
    worth = group.value(horizon, asked.discount)
    low = high = None
    if worth is not None and interval and money and group.customers >= TOO_FEW:
        low, high = (asked.margin * end for end in group.interval(horizon, asked.discount))
    observed = group.observed(horizon, asked.discount)
    return (
        asked.margin * worth.value if worth and money else None,
        float(revenue) / orders if money else None,
        worth.rate if worth else None,
        worth.lifetime if worth else None,
        group.repeaters / group.customers,
        orders,
        group.customers,
        revenue if money else None,
        float(group.revenue) / group.customers if money else None,
        asked.gap,
        horizon,
        low,
        high,
        asked.margin * observed if observed is not None and money else None,
        group.median if money else None,
        group.top_share if money else None,
    )
