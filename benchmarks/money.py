"""Money on 10 million orders against hand-written DuckDB queries, and BG/NBD against its peer.

    python -m benchmarks.money            ten million orders, about two minutes
    python -m benchmarks.money 1000000    fewer

The peers give the same figures: every fact of `ltv` but the interval, and every cell of `cohorts`; they are checked to
agree. Where SUPPORTKIT_REAL has CDNOW, BG/NBD is fitted on its 23,570 customers, against the library `lifetimes` where
it can be imported and against its method (scipy's Nelder-Mead over every customer) where it cannot.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from supportkit.cohorts import cohorts
from supportkit.ltv import ltv
from supportkit.stats.bg_nbd import fit_buying
from supportkit.store import Store, open_store
from supportkit.store.opening import connect, create_tables

RUNS = 3
BAR = 1.25

ORDERS = """
insert into orders (order_id, ordered_at, customer_id, amount, currency, refunded, status, status_as_written, country)
select 'o' || n,
       timestamptz '2024-01-01 00:00:00+00' + to_seconds((hash(n * 7) % 60480000)),
       'c' || cast(cast(sqrt((hash(n * 13) % 1000000) / 1e6) * $orders / 10 as integer) as varchar),
       cast((hash(n) % 20000) / 100.0 as decimal(18, 4)), 'EUR',
       case when hash(n + 3) % 50 = 0 then 5 end,
       case when hash(n + 5) % 40 = 0 then 'cancelled' else 'sale' end,
       case when hash(n + 5) % 40 = 0 then 'cancelled' else 'paid' end,
       ['DE', 'GB', 'RU', 'FR', 'ES'][cast(1 + hash(n + 9) % 5 as integer)]
  from range($orders) as number(n)
"""

KEPT = """
  select customer_id, ordered_at, amount - coalesce(refunded, 0) as net
    from orders
   where customer_id is not null and amount >= 0 and status <> 'cancelled'
     and not (coalesce(refunded, 0) > 0 and refunded >= amount)
"""
PEER_LTV = f"""
with kept as ({KEPT}),
buyer as materialized (
  select customer_id, min(ordered_at) as first_at, max(ordered_at) as last_at, count(*) as orders, sum(net) as revenue
    from kept group by customer_id),
life as materialized (
  select customer_id, orders, revenue, cast(first_at at time zone 'UTC' as date) as first_day,
         cast(last_at at time zone 'UTC' as date) as last_day,
         date '{{until}}' - first_day as follow_up, date '{{until}}' - last_day > 90 as lapsed,
         case when lapsed then last_day - first_day + 90 else follow_up end as duration
    from buyer),
total as (
  select count(*) as customers, sum(orders) as orders, sum(revenue) as revenue, sum(duration) as lived,
         count(*) filter (where orders > 1) as repeaters, max(follow_up) as horizon, median(revenue) as middle,
         quantile_disc(revenue, 0.9) as ninth
    from life),
curve as (
  select duration, exp(sum(ln(1 - ended / at_risk)) over (order by duration)) as survival,
         lead(duration, 1, (select horizon from total)) over (order by duration) as next_duration
    from (select duration, ended, sum(leaving) over (order by duration desc) as at_risk
            from (select duration, count(*) filter (where lapsed) as ended, count(*) as leaving
                    from life group by duration))),
age as (
  select cast(ordered_at at time zone 'UTC' as date) - first_day as age, sum(net) as revenue
    from kept join life using (customer_id) group by age),
follow as (
  select follow_up, sum(count(*)) over (order by follow_up desc) as at_risk from life group by follow_up),
observed as (
  select sum(age.revenue / at_risk) as observed
    from (select age, revenue, (select min(follow_up) from follow where follow_up >= age) as follow_up from age) as age
    join follow using (follow_up)),
top as (
  select (sum(life.revenue) filter (where life.revenue > ninth)
          + any_value(ninth) * (any_value(customers) / 10 - count(*) filter (where life.revenue > ninth)))
         / any_value(total.revenue) as top_share
    from life, total)
select revenue / orders as aov, orders / lived * 30.4375 as rate,
       (select min(duration) + sum((next_duration - duration) * survival) from curve) / 30.4375 as lifetime,
       repeaters / customers as repeat_share, orders, customers, revenue, observed, middle, top_share
  from total, observed, top
"""
PEER_COHORTS = f"""
with kept as ({KEPT}),
active as materialized (
  select customer_id, date_trunc('month', ordered_at at time zone 'UTC') as month, sum(net) as net
    from kept group by customer_id, month),
buyer as (select customer_id, min(month) as cohort from active group by customer_id)
select cohort, date_diff('month', cohort, month) as age, count(*) as retained,
       sum(sum(net)) over (partition by cohort order by age)
         / first_value(count(*)) over (partition by cohort order by age)
         as revenue
  from active join buyer using (customer_id) group by cohort, age order by cohort, age
"""


def generated(path: Path, orders: int) -> Store:
    """A store of so many orders of about a tenth as many customers over 700 days."""
    connection = connect(path)
    create_tables(connection)
    connection.execute(ORDERS, {"orders": orders})
    connection.execute("insert into loads (loaded_at) values (timestamptz '2026-01-01 00:00:00+00')")
    connection.close()
    return open_store(path)


@dataclass(frozen=True)
class Race:
    """The best wall and CPU seconds of ours and of a peer, run in turn, and what each gave."""

    ours: tuple[float, float]
    peer: tuple[float, float]
    result: Any
    rows: Any

    def told(self, bar: float) -> str:
        """Both seconds and their ratio, by the wall and by CPU (which others on the machine hardly disturb)."""
        wall, cpu = (one / other for one, other in zip(self.ours, self.peer, strict=True))
        return (
            f"{self.ours[0]:.2f} s against {self.peer[0]:.2f} s, ratio {wall:.2f}; "
            f"CPU {self.ours[1]:.2f} s against {self.peer[1]:.2f} s, ratio {cpu:.2f} (bar {bar})"
        )


def race(ours: Callable[[], Any], peer: Callable[[], Any]) -> Race:
    """Run both in turn, RUNS times."""
    seconds: list[list[tuple[float, float]]] = [[], []]
    given: list[Any] = [None, None]
    for _ in range(RUNS):
        for side, run in enumerate((ours, peer)):
            wall, cpu = time.perf_counter(), time.process_time()
            given[side] = run()
            seconds[side].append((time.perf_counter() - wall, time.process_time() - cpu))
    best = [(min(wall for wall, _ in side), min(cpu for _, cpu in side)) for side in seconds]
    return Race(best[0], best[1], given[0], given[1])


def compare_ltv(store: Store) -> None:
    """Print ltv against the one query for the classic one, which has the same facts."""
    until = store.latest("orders")
    assert until is not None
    query = PEER_LTV.format(until=until.date())
    found = race(lambda: ltv(store), lambda: store.connection.execute(query).fetchall())
    facts: dict[str, Any] = dict(ltv(store, definition="classic").facts)
    names = ("aov", "repeat_rate", "lifetime_months", "repeat_share", "orders", "customers", "revenue")
    for name, theirs in zip((*names, "observed_ltv", "median_revenue", "top_decile_share"), found.rows[0], strict=True):
        assert abs(float(facts[name]) / float(theirs) - 1) < 1e-6, (name, facts[name], theirs)
    told = f"{facts['orders']:,} orders of {facts['customers']:,} customers"
    print(f"money    ltv with its interval, against one query without: {told}: {found.told(BAR)}")


def compare_cohorts(store: Store) -> None:
    """Print cohorts against the one query that gives the same cells."""
    found = race(lambda: cohorts(store), lambda: store.connection.execute(PEER_COHORTS).fetchall())
    theirs = {(f"{cohort:%Y-%m}", age): (retained, revenue) for cohort, age, retained, revenue in found.rows}
    for row in found.result.records():
        if row["retained"]:
            retained, revenue = theirs[row["cohort"], row["age_months"]]
            assert row["retained"] == retained
            assert abs(row["revenue_per_customer"] / float(revenue) - 1) < 1e-9
    print(f"money    cohorts, against one query: {len(theirs)} cells: {found.told(BAR)}")


def compare_buyers() -> None:
    """Print the fit of BG/NBD on CDNOW against lifetimes, or against the method of lifetimes."""
    file = Path(os.environ.get("SUPPORTKIT_REAL", "")) / "cdnow" / "CDNOW_master.txt"
    if not file.is_file():
        print("money    BG/NBD: CDNOW is not here, set SUPPORTKIT_REAL")
        return
    days: dict[str, set[date]] = {}
    for line in file.read_text().splitlines()[1:]:
        customer, day = line.split()[:2]
        days.setdefault(customer, set()).add(date(int(day[:4]), int(day[4:6]), int(day[6:])))
    end = date(1997, 9, 30)
    early = [sorted(day for day in found if day <= end) for found in days.values()]
    x = [len(found) - 1 for found in early]
    last = [(found[-1] - found[0]).days / 7 for found in early]
    age = [(end - found[0]).days / 7 for found in early]
    name, peer = _peer_fit(x, last, age)
    found = race(lambda: fit_buying(x, last, age), peer)
    model = found.result
    mine = (model.r, model.alpha, model.a, model.b)
    apart = max(abs(one / other - 1) for one, other in zip(mine, found.rows, strict=True))
    print(
        f"money    BG/NBD, {len(x):,} customers: {found.ours[0]:.3f} s against {found.peer[0]:.2f} s of {name}, ",
        end="",
    )
    print(f"{found.peer[0] / found.ours[0]:.1f} x faster (bar 5), parameters within {apart:.0e} of each other")


def _peer_fit(x: list[int], last: list[float], age: list[float]) -> tuple[str, Callable[[], tuple[float, ...]]]:
    try:
        from lifetimes import BetaGeoFitter  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return "scipy's Nelder-Mead over every customer, the method of lifetimes", lambda: _scipy_fit(x, last, age)

    def fit() -> tuple[float, ...]:
        found = BetaGeoFitter().fit(x, last, age).params_
        return tuple(float(found[name]) for name in ("r", "alpha", "a", "b"))

    return "lifetimes", fit


def _scipy_fit(x: list[int], last: list[float], age: list[float]) -> tuple[float, ...]:
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import betaln, gammaln

    count, seen, until = (np.asarray(column, dtype=float) for column in (x, last, age))

    def loss(point: Any) -> float:
        r, alpha, a, b = np.exp(point)
        level = gammaln(r + count) - gammaln(r) + r * np.log(alpha) + betaln(a, b + count) - betaln(a, b)
        here = -(r + count) * np.log(alpha + until)
        gone = np.log(a) - np.log(b + np.maximum(count, 1) - 1) - (r + count) * np.log(alpha + seen)
        return -float((level + np.where(count > 0, np.logaddexp(here, gone), here)).mean())

    options = {"maxiter": 4000, "xatol": 1e-6, "fatol": 1e-10}
    return tuple(float(v) for v in np.exp(minimize(loss, np.zeros(4), method="Nelder-Mead", options=options).x))


def main() -> None:
    """Run all and print a line each."""
    orders = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 10_000_000
    with tempfile.TemporaryDirectory() as folder:
        store = generated(Path(folder) / "orders.duckdb", orders)
        compare_ltv(store)
        compare_cohorts(store)
        store.close()
    compare_buyers()


if __name__ == "__main__":
    main()
