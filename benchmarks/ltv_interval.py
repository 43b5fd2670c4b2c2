"""How often the interval of ltv holds the truth: samples of CDNOW's 23,570 customers against all of them.

SUPPORTKIT_REAL=… python -m benchmarks.ltv_interval [DRAWS]
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from supportkit.stats.bootstrap import CustomerCell, lifetime_value_draws, percentile_interval
from supportkit.stats.lifetime_value import lifetime_value

END, GAP, HORIZON = date(1997, 9, 30), 90, 182
SIZES = (100, 400, 1500)
Customer = tuple[int, bool, float, int]  # days lived, lapsed, spent, orders


def customers(file: Path) -> list[Customer]:
    """Every customer until the end of September 1997."""
    found: dict[str, list[tuple[date, float]]] = {}
    for line in file.read_text().splitlines()[1:]:
        who, day, _, spent = line.split()
        when = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        if when <= END:
            found.setdefault(who, []).append((when, float(spent)))
    lives = []
    for orders in found.values():
        first, last = min(orders)[0], max(orders)[0]
        lapsed = (END - last).days > GAP
        days = (last - first).days + GAP if lapsed else (END - first).days
        lives.append((days, lapsed, sum(spent for _, spent in orders), len(orders)))
    return lives


def cells(lives: Sequence[Customer]) -> list[CustomerCell]:
    """The customers by length of life and outcome."""
    sums: dict[tuple[int, bool], list[float]] = {}
    for days, lapsed, spent, _ in lives:
        cell = sums.setdefault((days, lapsed), [0.0, 0.0, 0.0])
        for place, amount in enumerate((1.0, spent, spent**2)):
            cell[place] += amount
    return [CustomerCell(days, lapsed, int(n), total, square) for (days, lapsed), (n, total, square) in sums.items()]


def main() -> None:
    """Print the share of intervals that hold the value of all customers, by the size of the sample."""
    file = Path(os.environ.get("SUPPORTKIT_REAL", "")) / "cdnow" / "CDNOW_master.txt"
    if not file.is_file():
        print("interval CDNOW is not here, set SUPPORTKIT_REAL")
        return
    draws = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 400
    everyone = customers(file)
    whole = lifetime_value(cells(everyone), sum(c[3] for c in everyone), sum(c[2] for c in everyone), HORIZON)
    assert whole is not None
    dice = random.Random(1)
    for size in SIZES:
        held = above = 0
        for seed in range(draws):
            sample = cells([dice.choice(everyone) for _ in range(size)])
            low, high = percentile_interval(lifetime_value_draws(sample, HORIZON, seed=seed))
            held += low <= whole.value <= high
            above += whole.value > high
        print(f"interval 95 % of ltv, {size:5,} customers of CDNOW: holds the truth in {held / draws:.1%}", end="")
        print(f" of {draws} samples, ends below it in {above / draws:.1%}")


if __name__ == "__main__":
    main()
