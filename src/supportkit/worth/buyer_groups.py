"""The customers of a store as counts and sums, all together or by dimensions, as `ltv` asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from supportkit.period import Period, midnight
from supportkit.stats.first_orders import Fall, crowded_days, falling
from supportkit.stats.value_by_age import Brought
from supportkit.store import Selection, Store
from supportkit.system.frozen import dataclass
from supportkit.worth.customer_base import CustomerBase
from supportkit.worth.ltv_shares import error_rows, life_rows
from supportkit.worth.ltv_sql import BuyerGroup, LifeRow, ShareRow, Wanted, buyers_of, nobodys, query_of
from supportkit.worth.value_error import put_errors, share_parameters

NO_SPLIT = BuyerGroup("", "", "")
Groups = dict[BuyerGroup, CustomerBase]
LAUNCHED = 7
"""Days without an order, of a time of which all are there, after which the first one is the shop's first."""
COHORT = 0.8
"""The share of old customers in the first week from which on a file may as well hold a cohort and a few more."""
KEPT_FROM = 50_000
"""Orders from which on it is worth to keep what several queries read."""


@dataclass(frozen=True)
class BuyerQuery:
    """What is asked of the orders, and in how many `shares` of the customers; `entered` is the first instant at which
    one may have come."""

    store: Store
    selection: Selection
    orders: Selection
    until: date | None
    gap: int
    gaps: tuple[int, ...] = ()
    merged: bool = False
    rates: Mapping[str, Any] = field(default_factory=dict)
    converted: bool = False
    entered: datetime | None = None
    shares: int = 1
    kept: bool = False

    @contextmanager
    def kept_for(self, orders: int, *, split: bool = False) -> Iterator[BuyerQuery]:
        """The same, with the customers and what they paid as tables while this lasts, where there are many orders: the
        counts, the errors and the customers since a day are asked of these. Not where the queries are to be told."""
        if self.shares > 1 or self.store.spreads or self.store.queries is not None or orders < KEPT_FROM:
            yield self
            return
        rows, zone, shape = self._rows(split), {"zone": self.store.zone, **self.rates}, self._shape()
        lives, paid = (query_of(wanted, split=split, **shape) for wanted in ("lives", "paid"))
        given = {**zone, "until": self.until, "entered": None}
        with (
            self.store.temporary_table("ltv_life", lives, rows, **given),
            self.store.temporary_table("ltv_paid", paid, rows, **zone),
        ):
            yield replace(self, kept=True)

    def groups(self, *, split: bool = False) -> Groups:
        """The customers, by dimensions and currency where they are split."""
        selection, given, gaps = self._rows(split), self._given(), [*self.gaps]
        if self.shares > 1:
            held, parts = self._query("held", split), self._query("parts", split)
            rows = life_rows(self.store, held, parts, self.shares, selection, given, gaps)
        elif self.kept:
            asked = {"gap": self.gap, "gaps": gaps, "entered": self.entered}
            rows = self.store.records(LifeRow, query_of(kept=True), **asked)
        else:
            rows = self.store.records(LifeRow, self._query("counts", split), selection, **given, gaps=gaps)
        return {key: _group(part) for key, part in groupby(rows, key=lambda row: row.group)}

    def put_nobodys(self, found: Groups, *, split: bool = False) -> None:
        """Add to the groups the orders without a customer."""
        zone = {"zone": self.store.zone} if self.converted else {}
        query = nobodys(converted=self.converted)
        for by_1, by_2, currency, number, revenue in self.store.rows(query, self._rows(split), **self.rates, **zone):
            group = found.setdefault(BuyerGroup(by_1, by_2, currency) if split else NO_SPLIT, CustomerBase())
            group.nobodys_orders += number
            group.nobodys_revenue += revenue

    def put_errors(self, found: Groups, age: int, discount: float, *, split: bool = False) -> None:
        """Give the groups with customers enough for an interval what it is made of."""
        chosen = [(key, group) for key, group in found.items() if group.has_interval]
        if chosen:
            added = share_parameters(chosen, age, discount)
            given = {name: value for name, value in self._given().items() if name != "gap"} | added
            query = self._query("errors", split)
            if self.kept:
                asked = query_of("errors", kept=True)
                put_errors(chosen, self.store.records(ShareRow, asked, entered=self.entered, **added))
            elif self.shares > 1:
                put_errors(chosen, error_rows(self.store, query, self.shares, self._rows(split), given))
            else:
                put_errors(chosen, self.store.records(ShareRow, query, self._rows(split), **given))

    def since(self, day: date) -> BuyerQuery:
        """The same of customers who came on a day or later."""
        return replace(self, entered=midnight(day, self.store.zone))

    def up_to(self, day: date) -> BuyerQuery:
        """The same of all customers together, as it stood at the end of a day."""
        period = Period(f"..{day}", None, day + timedelta(days=1))
        orders = self.store.without_dimensions(self.store.select("orders", period=period))
        return replace(self, orders=orders, until=day, gaps=(), kept=False)

    def beginning(self, *, split: bool = False) -> str:
        """The beginning of the query, up to the CTE `buyer`."""
        return buyers_of(split=split, **self._shape())

    def _query(self, wanted: Wanted, split: bool) -> str:
        return query_of(wanted, split=split, shared=self.shares > 1, **self._shape())

    def _shape(self) -> dict[str, bool]:
        lines = bool(self.selection.by_line)
        return {"merged": self.merged and not lines, "converted": self.converted, "lines": lines}

    def _rows(self, split: bool) -> Selection:
        return self.selection if split else self.orders

    def _given(self) -> dict[str, Any]:
        known = {"zone": self.store.zone, "until": self.until, "gap": self.gap, "entered": self.entered}
        return {**known, **self.rates}


def first_orders(total: CustomerBase, until: date, complete_from: date | None) -> tuple[Fall | None, tuple[date, ...]]:
    """How first orders fall, if they do, and the days from which on a first order in the data may be counted as a
    customer's first at all, the surest first; none where all may.

    They are the end of the fall, the last week without which half are left, unless the data may as well hold a cohort,
    and the end of the crowd with which they begin; then the day that the configuration says, from which on all these
    are looked for. Where that lies well before the first order, the shop began with it.
    """
    first = until - timedelta(days=max(total.follow_up, default=0))
    if complete_from is not None and complete_from <= first - timedelta(days=LAUNCHED):
        return None, ()
    begin = max(first, complete_from or first)
    days = (until - begin).days
    arrivals = {days - watched: count for watched, count in total.follow_up.items() if watched <= days}
    fall = falling(arrivals, days)
    after = [fall.new_after] if fall else []
    if fall and fall.new_after and fall.old_share(days) < COHORT:
        after.append(_half_left(total, days))
    found = [begin + timedelta(days=one) for one in (*after, crowded_days(arrivals, days)) if one]
    return fall, tuple(dict.fromkeys([*found, *([begin] if begin > first else [])]))


def _half_left(total: CustomerBase, days: int) -> int:
    """The most whole weeks, in days, without whose first orders half of the customers are left."""
    weeks = range(0, days + 1, 7)
    return max((day for day in weeks if 2 * total.came_within(days - day) >= total.customers), default=0)


def put_earlier(kept: Groups, everyone: Groups) -> Groups:
    """The groups that are kept, with what the others of everyone brought as that of customers from before the data."""
    for key, every in everyone.items():
        group = kept.setdefault(key, CustomerBase())
        group.earlier_customers = every.customers - group.customers
        group.earlier_orders = every.orders - group.orders
        group.earlier_revenue = every.revenue - group.revenue
    return kept


def _group(rows: Iterable[LifeRow]) -> CustomerBase:
    """Rows of the query for one group, sorted by part and gap."""
    found = CustomerBase()
    for row in rows:
        half = found.older if row.older else found.younger
        if row.part == "watched":
            found.lives[row.day, row.lapsed] = row.customers
            found.orders += row.orders
            found.repeaters += row.repeaters
            found.customers += row.customers
            found.revenue += row.revenue
        elif row.part == "watched otherwise":
            found.otherwise.setdefault(row.gap, {})[row.day, row.lapsed] = row.customers
        elif row.part == "follow_up":
            half.follow_up[row.day] = row.customers
        elif row.part == "age":
            half.ages[row.day] = Brought(row.orders, float(row.revenue))
        else:
            found.median, found.top_share = float(row.revenue), None if row.share is None else float(row.share)
    return found
