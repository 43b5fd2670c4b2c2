"""Which orders are purchases, and what they are worth: the one rule that every money metric shares.

A purchase is an order in a state that is revenue, a sale or one partly refunded unless `[orders] count` says otherwise;
its net is the amount less what was refunded. An amount below zero is a refund without an order: it is left out, and
told. An order worth nothing is a purchase. One without a customer is revenue, and in no figure per customer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from supportkit.errors import DataError
from supportkit.period import Period
from supportkit.store.order_states import BACK, STATES
from supportkit.store.rates import RATE, Rates
from supportkit.store.selection import Selection
from supportkit.store.store import Store
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

CURRENCY: Final = "coalesce(upper(trim(currency)), cast($currency as varchar), '(none)')"

NET: Final = f"cast(amount - {BACK} as decimal(18, 4))"
"""The SQL for what an order is worth."""
_NET: Final = f"""not materialized (
  select customer_id, ordered_at, by_1, by_2, {CURRENCY} as currency,
         {NET} as net
    from orders
   where counts and amount >= 0
)"""
PURCHASE: Final = f"""
sale as {_NET},
purchase as not materialized (from sale where customer_id is not null)"""
# The same in one currency, at the rate of the order's day; SQL_UNRATED finds the orders that have none.
_RATED: Final = f"""
paid as {_NET},{RATE},
rated as (
  select paid.*, rate
    from paid
    left join rate on rate.currency = paid.currency
     and cast(ordered_at at time zone $zone as date) >= day
     and cast(ordered_at at time zone $zone as date) < next_day
)"""
PURCHASE_CONVERTED: Final = f"""{_RATED},
sale as (
  select customer_id, ordered_at, by_1, by_2, cast($target as varchar) as currency,
         cast(net * rate as decimal(18, 4)) as net
    from rated
),
purchase as not materialized (from sale where customer_id is not null)"""
_OF_A_SHARE: Final = " and hash(customer_id) % cast($shares as ubigint) = cast($share as ubigint))"
SQL_UNRATED: Final = f"""
with{_RATED}
select currency, cast(min(ordered_at) at time zone $zone as date) as first_day, count(*) as orders
  from rated
 where rate is null
 group by currency
 order by currency
"""

# Purchases of one customer on one day as one, in each currency; it goes by the first of the day.
PURCHASE_DAY: Final = """
purchase_day as (
  select customer_id, ordered_at, currency, net, first_order.by_1 as by_1, first_order.by_2 as by_2
    from (select customer_id, currency, min(ordered_at) as ordered_at, sum(net) as net,
                 min({'at': ordered_at, 'by_1': by_1, 'by_2': by_2}) as first_order
            from purchase
           group by customer_id, currency, cast(ordered_at at time zone $zone as date))
)"""

SQL_KINDS: Final = f"""
select order_state, counts, {CURRENCY} as paid_in, customer_id is null as is_unknown, sign(amount) as sign,
       {BACK} > 0 as is_given_back, count(*) as orders, sum(amount) as amount, sum(least({BACK}, amount)) as back
  from orders
 group by order_state, counts, paid_in, is_unknown, sign, is_given_back
 order by order_state, counts, paid_in, is_unknown, sign, is_given_back
"""


def shared(purchase: str) -> str:
    """The same purchases of the customers of number $share of $shares."""
    return purchase.removesuffix(")") + _OF_A_SHARE


class Kind(NamedTuple):
    """Orders that are alike to the rule of purchases, and what they come to."""

    state: str
    counts: bool
    currency: str
    without_customer: bool
    sign: int
    given_back: bool
    orders: int
    amount: Decimal
    back: Decimal

    @property
    def is_sale(self) -> bool:
        """Whether these orders are revenue."""
        return self.counts and self.sign >= 0


@dataclass(frozen=True)
class LeftOut:
    """What the rule of purchases left out of the orders, or takes in a way worth telling, and their currencies."""

    kinds: tuple[Kind, ...]
    target: str = ""

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of all revenue."""
        if self.target:
            return (self.target,)
        return tuple(sorted({kind.currency for kind in self.kinds if kind.is_sale}))

    @property
    def currency(self) -> str | None:
        """The one currency of all revenue, where there is one."""
        return self.currencies[0] if len(self.currencies) == 1 and self.currencies[0] != "(none)" else None

    @property
    def without_customer(self) -> int:
        """Orders that are revenue of nobody who is known."""
        return sum(kind.orders for kind in self.kinds if kind.is_sale and kind.without_customer)

    def notes(self, *, per_customer: bool = True) -> tuple[str, ...]:
        """What was left out, each order once, and what was kept that a reader might not expect; orders without a
        customer are left out where all figures are `per_customer`."""
        part = [kind for kind in self.kinds if kind.is_sale and kind.given_back]
        unsaid = [k for k in self.kinds if k.is_sale and k.state == "partly refunded" and not k.given_back]
        zero = sum(kind.orders for kind in self.kinds if kind.is_sale and kind.sign == 0)
        kept = [f"{sum(k.orders for k in part):,} refunded in part, at what was kept"] if part else []
        kept += [_told(unsaid, "refunded in part, whole since no refund is stated")] if unsaid else []
        kept += [f"{zero:,} of value zero"] if zero else []
        told = self.left_out_notes(per_customer=per_customer)
        return (*told, *([f"orders that count: {'; '.join(kept)}"] if kept else []))

    def left_out_notes(self, *, per_customer: bool = False) -> tuple[str, ...]:
        """What was left out, with its amount."""
        out = [(state, [kind for kind in self.kinds if kind.state == state and not kind.counts]) for state in STATES]
        below = [kind for kind in self.kinds if kind.counts and kind.sign < 0]
        nobodys = [kind for kind in self.kinds if kind.is_sale and kind.without_customer]
        lines = [_told(kinds, state) for state, kinds in out if kinds]
        lines += [_told(below, "below zero, refunds without an order")] if below else []
        lines += [_told(nobodys, "without a customer")] if nobodys and per_customer else []
        return (f"orders left out: {'; '.join(lines)}",) if lines else ()


def _told(kinds: Sequence[Kind], words: str) -> str:
    """The number of orders, what they are, and their amounts, one for each currency."""
    amounts: Counter[str] = Counter()
    for kind in kinds:
        amounts[kind.currency] += kind.amount  # type: ignore[assignment]
    money = ", ".join(f"{amount:,.2f} {'' if name == '(none)' else name}".strip() for name, amount in amounts.items())
    return f"{sum(kind.orders for kind in kinds):,} {words} ({money})"


def left_out(store: Store, selection: Selection, rates: Rates | None = None) -> LeftOut:
    """What the rule of purchases leaves out of a selection of orders; with rates, they are in one currency.

    Raises DataError where rates are given and one is missing.
    """
    kinds = tuple(Kind(*row) for row in store.rows(SQL_KINDS, selection, currency=store.currency))
    found = LeftOut(kinds)
    if rates is None or not found.currencies:
        return found
    given = {"zone": store.zone, "currency": store.currency, **rates.parameters()}
    given.pop("target")
    for currency, day, count in store.rows(SQL_UNRATED, selection, **given):
        raise DataError(
            f"no rate of {currency} for {day}; orders without one: {count:,}", hint="add it to the file of --rates"
        )
    return replace(found, target=rates.target)


def observed_from(store: Store) -> date | None:
    """The day of the first order of the data, whatever the conditions and the period."""
    start = store.rows("select min(ordered_at) as start from orders", store.unfiltered.select("orders"))[0][0]
    return start.astimezone(ZoneInfo(store.zone)).date() if start else None


def observed_until(store: Store, period: Period) -> date | None:
    """The last day on which purchases were watched: of as-of (else of the last order at all), or of the period."""
    instant = store.as_of or store.unfiltered.latest("orders")
    if instant is None:
        return None
    day = instant.astimezone(ZoneInfo(store.zone)).date()
    return min(day, period.end - timedelta(days=1)) if period.end else day
