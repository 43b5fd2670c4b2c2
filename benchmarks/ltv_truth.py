"""Lifetime value against what the same customers then spent, beside the classic reading and the library `lifetimes`.

    [SUPPORTKIT_REAL=…] python -m benchmarks.ltv_truth [SAMPLES]

Worlds are simulated shops that do not change: customers come evenly, spend alike and leave alike, whenever they came.
Each is seen up to a day; its truth is what its customers had spent at the age that `ltv` takes, when all their orders
are known. Of cut ones the orders of two years before are missing, so that many who look new are not; their truth is
that of the customers who are. In moving ones those who come later leave sooner, or later. `lifetimes` (BG/NBD and
gamma-gamma) forecasts revenue to that age of an average customer, where it can be imported. On CDNOW the first 39 weeks
are seen; on Online Retail (`online_retail/orders.csv` under SUPPORTKIT_REAL, with customer_id, ordered_at and amount)
half a year, where customers who come later are not like those of the start.
"""

from __future__ import annotations

import csv
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.cdnow import HALF, Purchases, purchases, stored
from supportkit.ltv import ltv

if TYPE_CHECKING:
    from numpy.random import Generator

START = date(2024, 1, 1)
FAR = 420


class World(NamedTuple):
    """A shop: days seen, customers, who leaves after the first order and after each later one, days between orders;
    days before those seen, in which as many customers came a day; and by how much the chances of leaving move from the
    first customers to the last."""

    name: str
    days: int
    customers: int
    leaves_first: float
    leaves: float
    pause: float
    before: int = 0
    moves: float = 0.0


WORLDS = (
    World("60 days, few return", 60, 1500, 0.7, 0.3, 25),
    World("90 days, early loss", 90, 1500, 0.8, 0.1, 20),
    World("120 days, slow buyers", 120, 1500, 0.3, 0.2, 70),
    World("120 days, nobody returns", 120, 600, 1.0, 1.0, 30),
    World("a year, early loss", 365, 3000, 0.6, 0.15, 45),
    World("a year, steady", 365, 3000, 0.1, 0.05, 90),
)
CUT = (
    World("cut, 180 days, few return", 180, 1500, 0.8, 0.2, 45, 730),
    World("cut, 180 days, loyal", 180, 1500, 0.4, 0.1, 45, 730),
    World("cut, 270 days, steady", 270, 1500, 0.1, 0.05, 60, 730),
    World("cut, a year, few return", 365, 4000, 0.8, 0.2, 60, 730),
    World("cut, a year, loyal", 365, 3000, 0.4, 0.1, 90, 730),
    World("cut, two years, loyal", 730, 4000, 0.4, 0.15, 45, 730),
)

MOVING = (
    World("moving, 90 days, ever less loyal", 90, 1500, 0.3, 0.3, 35, moves=0.5),
    World("moving, 90 days, ever more loyal", 90, 1500, 0.8, 0.8, 35, moves=-0.5),
    World("moving, a year, ever less loyal", 365, 1500, 0.3, 0.3, 35, moves=0.5),
    World("moving, a year, ever more loyal", 365, 1500, 0.8, 0.8, 35, moves=-0.5),
)


class Said(NamedTuple):
    """What is said of an age: by age, its interval, by the classic reading, by lifetimes; and the truth."""

    value: float
    low: float | None
    high: float | None
    classic: float
    peer: float | None
    truth: float


def shop(world: World, dice: Generator) -> Purchases:
    """All orders of a world's customers up to FAR days after they came."""
    found: Purchases = {}
    span = world.before + world.days
    for who in range(world.customers * span // world.days):
        came, age = int(dice.integers(span)), 0.0
        day, moved = START + timedelta(days=came - world.before), world.moves * came / span
        leaves = world.leaves_first + moved
        level = float(dice.lognormal(3.5, 0.6))
        days: dict[date, float] = {}
        while age <= FAR + (START - day).days * (day < START):
            when = day + timedelta(days=int(age))
            days[when] = days.get(when, 0.0) + round(level * float(dice.lognormal(0, 0.3)), 2)
            if dice.random() < leaves:
                break
            leaves = world.leaves + moved
            age += float(dice.exponential(world.pause))
        found[f"c{who}"] = days
    return found


def judged(
    customers: Purchases,
    end: date,
    age: int | None,
    peer: Callable[..., float] | None,
    cut: date | None = None,
) -> Said:
    """What is said on a day of the customers who had come and are counted, and what they then spent; where the orders
    before another are `cut` off, what those spent who came after it."""
    shown = customers
    if cut:
        shown = {who: {day: v for day, v in days.items() if day >= cut} for who, days in customers.items()}
        shown = {who: days for who, days in shown.items() if days}
    with stored(shown) as whole:
        seen = replace(whole, as_of=datetime(end.year, end.month, end.day, 23, tzinfo=UTC))
        facts: dict[str, Any] = dict(ltv(seen, horizon=age).facts)
        horizon = int(facts["horizon_days"])
        classic: dict[str, Any] = dict(ltv(seen, horizon=horizon, definition="classic").facts)
    came = sorted((min(days), who) for who, days in shown.items() if min(days) <= end)
    kept = [shown[who] for _, who in came[int(facts["earlier_customers"]) :]]
    true = [customers[who] for _, who in came if min(customers[who]) >= cut] if cut else kept
    truth = sum(
        spent for days in true for day, spent in days.items() if day - min(days) <= timedelta(days=horizon)
    ) / len(true)
    said = peer([{day: v for day, v in days.items() if day <= end} for days in kept], end, horizon) if peer else None
    return Said(facts["ltv"], facts["ltv_low"], facts["ltv_high"], classic["ltv"], said, truth)


def lifetimes() -> Callable[..., float] | None:
    """BG/NBD and gamma-gamma of `lifetimes`: revenue to an age of a customer of whom nothing is known; None without."""
    try:
        from lifetimes import BetaGeoFitter, GammaGammaFitter  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None

    def forecast(kept: list[dict[date, float]], end: date, age: int) -> float:
        import numpy as np

        x = np.array([len(days) - 1 for days in kept])
        last = np.array([(max(days) - min(days)).days for days in kept], dtype=float)
        old = np.array([(end - min(days)).days for days in kept], dtype=float)
        later = np.array([sum(days.values()) - days[min(days)] for days in kept])
        first = sum(days[min(days)] for days in kept) / len(kept)
        with warnings.catch_warnings(), redirect_stdout(StringIO()):
            warnings.simplefilter("ignore")
            try:
                model = BetaGeoFitter(penalizer_coef=0.0).fit(x, last, old)
                again = x > 0
                spend = GammaGammaFitter().fit(x[again], later[again] / x[again])
                p, q, v = (float(spend.params_[name]) for name in "pqv")
                orders = float(model.expected_number_of_purchases_up_to_time(age))
            except Exception:
                return float("nan")
        return first + orders * p * v / (q - 1)

    return forecast


def told(name: str, found: list[Said]) -> str:
    """A line of what was said in the samples of a world."""

    def off(values: Iterator[float | None]) -> str:
        pairs = [(value, one.truth) for value, one in zip(values, found, strict=True) if value is not None]
        known = [100 * (value / truth - 1) for value, truth in pairs if not isnan(value)]
        return f"{sum(known) / len(known):+6.1f} %" if known else "  none"

    given = [one for one in found if one.low is not None and one.high is not None]
    held = sum(one.low <= one.truth <= one.high for one in given if one.low is not None and one.high is not None)
    worst = max(abs(one.value / one.truth - 1) for one in found)
    holds = f"{held} of {len(given)}" if given else "none given"
    return (
        f"ltv_truth {name}: ltv {off(one.value for one in found)} (at most {100 * worst:.1f} %), interval holds "
        f"{holds}; classic {off(one.classic for one in found)}; lifetimes {off(one.peer for one in found)}"
    )


def online_retail(file: Path) -> Purchases:
    """What each customer spent on each day."""
    found: Purchases = {}
    with file.open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            days = found.setdefault(row["customer_id"], {})
            day = date.fromisoformat(row["ordered_at"][:10])
            days[day] = days.get(day, 0.0) + float(row["amount"])
    return found


def main() -> None:
    """Print a line for each world and each file."""
    from numpy.random import default_rng

    samples = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 20
    peer, dice = lifetimes(), default_rng(17)
    for world in (*WORLDS, *CUT, *MOVING):
        end = START + timedelta(days=world.days - 1)
        cut = START if world.before else None
        print(told(world.name, [judged(shop(world, dice), end, None, peer, cut) for _ in range(samples)]), flush=True)
    real = Path(os.environ.get("SUPPORTKIT_REAL", ""))
    if (real / "cdnow" / "CDNOW_sample.txt").is_file():
        customers = purchases(real / "cdnow" / "CDNOW_sample.txt")
        for weeks in (26, 38):
            print(told(f"CDNOW at {weeks} weeks", [judged(customers, HALF, 7 * weeks, peer)]))
    else:
        print("ltv_truth CDNOW is not here, set SUPPORTKIT_REAL")
    file = real / "online_retail" / "orders.csv"
    if file.is_file():
        shops = online_retail(file)
        for end in (date(2011, 5, 31), date(2011, 6, 30), date(2011, 7, 31)):
            print(told(f"Online Retail to {end} at 120 days", [judged(shops, end, 120, peer)]))
    else:
        print("ltv_truth Online Retail is not here: online_retail/orders.csv under SUPPORTKIT_REAL")


if __name__ == "__main__":
    main()
