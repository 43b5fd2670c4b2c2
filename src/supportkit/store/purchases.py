"""Which orders are purchases, and what they are worth: the one rule that every money metric shares.

A purchase is an order of a known customer that was neither cancelled nor wholly refunded; its net is the amount less
what was refunded. An amount below zero is a refund without an order: it is left out, and told. An order worth nothing
is a purchase.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from supportkit.errors import DataError
from supportkit.period import Period
from supportkit.store.rates import RATE, Rates
from supportkit.store.selection import Selection
from supportkit.store.store import Store

_CURRENCY: Final = "coalesce(upper(trim(currency)), cast($currency as varchar), '(none)')"
_STATUS: Final = "coalesce(lower(trim(status)), '')"
_CANCELLED: Final = f"""{_STATUS} in
         ('cancelled', 'canceled', 'voided', 'void', 'failed', 'declined', 'expired', 'abandoned', 'draft')"""
# Some exports write what was refunded as a negative number.
_BACK: Final = "abs(coalesce(refunded, 0))"
_REFUNDED: Final = f"(amount > 0 and {_BACK} >= amount or {_STATUS} = 'refunded' and {_BACK} = 0)"

_COUNTED: Final = f"customer_id is not null and amount >= 0 and not {_CANCELLED} and not {_REFUNDED}"

_KEPT: Final = f"""not materialized (
  select customer_id, ordered_at, by_1, by_2, {_CURRENCY} as currency,
         cast(amount - {_BACK} as decimal(18, 4)) as net
    from orders
   where {_COUNTED}
)"""
PURCHASE: Final = f"""
purchase as {_KEPT}"""

# The same in one currency, at the rate of the order's day; SQL_UNRATED finds the orders that have none.
_RATED: Final = f"""
paid as {_KEPT},{RATE},
rated as (
  select paid.*, rate
    from paid
    left join rate on rate.currency = paid.currency
     and cast(ordered_at at time zone $zone as date) >= day
     and cast(ordered_at at time zone $zone as date) < next_day
)"""
PURCHASE_CONVERTED: Final = f"""{_RATED},
purchase as (
  select customer_id, ordered_at, by_1, by_2, cast($target as varchar) as currency,
         cast(net * rate as decimal(18, 4)) as net
    from rated
)"""
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

# Orders are first counted by their kind, of which there are few, and the rule is put to the kinds.
SQL_LEFT_OUT: Final = f"""
with kind as (
  select status, currency, customer_id is null as is_unknown, sign(amount) as sign,
         case when {_BACK} = 0 then 'nothing' when {_BACK} >= amount then 'all' else 'part' end as back,
         count(*) as orders, sum(amount) as total
    from orders
   group by status, currency, is_unknown, sign, back
),
judged as (
  select *, {_CANCELLED} as is_cancelled, {_CURRENCY} as paid_in,
         sign > 0 and back = 'all' or sign >= 0 and {_STATUS} = 'refunded' and back = 'nothing' as is_refunded
    from kind
)
select coalesce(sum(orders) filter (where is_unknown), 0) as without_customer,
       coalesce(sum(orders) filter (where is_cancelled), 0) as cancelled,
       coalesce(sum(orders) filter (where is_refunded and not is_cancelled), 0) as refunded,
       coalesce(sum(orders) filter (where back = 'part' and sign > 0 and not is_cancelled), 0) as partly_refunded,
       coalesce(sum(orders) filter (where sign < 0 and not is_cancelled), 0) as negative,
       sum(total) filter (where sign < 0 and not is_cancelled) as negative_amount,
       coalesce(sum(orders) filter (where sign = 0 and not is_refunded and not is_cancelled), 0) as worthless,
       list(distinct paid_in order by paid_in)
         filter (where not is_unknown and sign >= 0 and not is_cancelled and not is_refunded) as currencies
  from judged
"""


@dataclass(frozen=True)
class LeftOut:
    """What the rule of purchases left out of the orders, or takes in a way worth telling, and their currencies."""

    without_customer: int
    cancelled: int
    refunded: int
    partly_refunded: int
    negative: int
    negative_amount: Decimal | None
    worthless: int
    currencies: tuple[str, ...]

    @property
    def currency(self) -> str | None:
        """The one currency of all purchases, where there is one."""
        return self.currencies[0] if len(self.currencies) == 1 and self.currencies[0] != "(none)" else None

    def notes(self) -> tuple[str, ...]:
        """What was left out, and what was kept that a reader might not expect."""
        amount = (
            f" ({self.negative_amount:,.2f})" if self.negative_amount is not None and len(self.currencies) < 2 else ""
        )
        out = (
            (self.without_customer, "without a customer"),
            (self.cancelled, "cancelled or failed"),
            (self.refunded, "wholly refunded"),
            (self.negative, f"below zero{amount}, refunds without an order"),
        )
        kept = (
            (self.partly_refunded, "refunded in part, at what was kept"),
            (self.worthless, "of value zero"),
        )
        told = (("orders left out: ", out), ("orders that count: ", kept))
        lines = ((start, ", ".join(f"{count:,} {words}" for count, words in part if count)) for start, part in told)
        return tuple(start + words for start, words in lines if words)


def left_out(store: Store, selection: Selection, rates: Rates | None = None) -> LeftOut:
    """What the rule of purchases leaves out of a selection of orders; with rates, they are in one currency.

    Raises DataError where rates are given and one is missing.
    """
    *counts, negative_amount, worthless, currencies = store.rows(SQL_LEFT_OUT, selection, currency=store.currency)[0]
    without_customer, cancelled, refunded, partly_refunded, negative = map(int, counts)
    found = LeftOut(
        without_customer,
        cancelled,
        refunded,
        partly_refunded,
        negative,
        negative_amount,
        int(worthless),
        tuple(currencies or ()),
    )
    if rates is None or not found.currencies:
        return found
    given = {"zone": store.zone, "currency": store.currency, **rates.parameters()}
    given.pop("target")
    for currency, day, count in store.rows(SQL_UNRATED, selection, **given):
        raise DataError(
            f"no rate of {currency} for {day}; orders without one: {count:,}", hint="add it to the file of --rates"
        )
    return replace(found, currencies=(rates.target,))


def observed_from(store: Store) -> date | None:
    """The day of the first order of the data, whatever the conditions and the period."""
    start = store.rows("select min(ordered_at) as start from orders", store.uncut.select("orders"))[0][0]
    return start.astimezone(ZoneInfo(store.zone)).date() if start else None


def observed_until(store: Store, period: Period) -> date | None:
    """The last day on which purchases were watched: of as-of (else of the last order at all), or of the period."""
    instant = store.as_of or store.uncut.latest("orders")
    if instant is None:
        return None
    day = instant.astimezone(ZoneInfo(store.zone)).date()
    return min(day, period.end - timedelta(days=1)) if period.end else day
