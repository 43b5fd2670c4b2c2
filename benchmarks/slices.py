"""How often `why` shows the true slice: labelled incidents, scored on what the table prints, beside other rankings.

    python -m benchmarks slices            400 incidents, about a minute of one core
    python -m benchmarks slices 1000       more

A method gives slices in order; a row's twins ("or: …") count as rows of their own. F1 is of the first row against the
labels, top-k the share of incidents of which a label is among the first k. Peers: the same rows with twins of any depth
hidden (0.2.0), the largest z of two proportions, the most extra failures, the steepest fall of a rate (30 cases or
more), and Adtributor's explanatory power and surprise over single values (Bhagwan et al., NSDI 2014).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from itertools import combinations

import numpy as np

from benchmarks.incidents import Incident, incident
from supportkit.stats.intervals import wilson
from supportkit.stats.slices import DEPTH, Values, explain

INCIDENTS = 400
FIRST = (1, 3, 5)
LEAST_CASES = 30
Ranking = list[Values]


def here(one: Incident) -> Ranking:
    """As the table prints it: each row, then its twins."""
    found = explain(one.before, one.after, one.dimensions, direction="down", draws=19)
    return [values for piece in found.slices for values in (piece.values, *piece.also)]


def merged(one: Incident) -> Ranking:
    """Today's rows less what a better one holds eight tenths of, or is part of it, which 0.2.0 hid."""
    rows = here(one)
    tables = _failures(one)
    shown: Ranking = []
    for values in rows:
        own = _excess(tables, values)
        if all(_excess(tables, tuple({*values, *other})) < 0.8 * own for other in shown):
            shown.append(values)
    return shown


def _failures(one: Incident) -> dict[frozenset[tuple[str, str]], float]:
    """The failures of each leaf beyond those that the two tables together lead one to expect."""
    excess = {}
    for leaf, (n1, x1) in one.after.items():
        n0, x0 = one.before.get(leaf, (0, 0))
        excess[frozenset(zip(one.dimensions, leaf, strict=True))] = (n1 - x1) - n1 * (n0 - x0 + n1 - x1) / (n0 + n1)
    return excess


def _excess(tables: dict[frozenset[tuple[str, str]], float], values: Iterable[tuple[str, str]]) -> float:
    wanted = set(values)
    return sum(excess for leaf, excess in tables.items() if wanted <= leaf)


def by_z(one: Incident) -> Ranking:
    """The largest z of two proportions."""

    def z(n0: float, x0: float, n1: float, x1: float) -> float:
        pooled = (x0 + x1) / max(n0 + n1, 1)
        spread = np.sqrt(max(pooled * (1 - pooled), 1e-9) * (1 / max(n0, 1) + 1 / max(n1, 1)))
        return float((x0 / max(n0, 1) - x1 / max(n1, 1)) / spread)

    return _ranked(one, z)


def by_failures(one: Incident) -> Ranking:
    """The most failures beyond those of the rate before."""
    return _ranked(one, lambda n0, x0, n1, x1: n1 * x0 / max(n0, 1) - x1)


def by_fall(one: Incident) -> Ranking:
    """The steepest fall of the rate, with 30 cases or more on both sides."""
    return _ranked(one, lambda n0, x0, n1, x1: x0 / n0 - x1 / n1 if min(n0, n1) >= LEAST_CASES else -1.0)


def adtributor(one: Incident) -> Ranking:
    """Single values by surprise (Jensen-Shannon) among those that explain a tenth of the change or more."""
    all0, all1 = _totals(one)
    failed0, failed1 = all0[0] - all0[1], all1[0] - all1[1]
    change = failed1 - failed0 * all1[0] / max(all0[0], 1)
    scores = {}
    for values, (n0, x0, n1, x1) in _slices(one, depth=1).items():
        p, q = (n0 - x0) / max(failed0, 1), (n1 - x1) / max(failed1, 1)
        middle = (p + q) / 2
        surprise = sum(0.5 * part * np.log(part / middle) for part in (p, q) if part > 0)
        power = ((n1 - x1) - (n0 - x0) * n1 / max(n0, 1)) / change if change > 0 else 0.0
        if power >= 0.1:
            scores[values] = surprise
    return sorted(scores, key=lambda values: (-scores[values], values))


def _ranked(one: Incident, score: Callable[[float, float, float, float], float]) -> Ranking:
    scores = {values: score(*counts) for values, counts in _slices(one, depth=DEPTH).items()}
    return sorted(scores, key=lambda values: (-scores[values], len(values), values))[:10]


def _slices(one: Incident, *, depth: int) -> dict[Values, list[float]]:
    """Cases and successes before and after of every conjunction."""
    found: dict[Values, list[float]] = {}
    for place, table in ((0, one.before), (2, one.after)):
        for leaf, (n, x) in table.items():
            pairs = list(zip(one.dimensions, leaf, strict=True))
            for size in range(1, depth + 1):
                for values in combinations(pairs, size):
                    counts = found.setdefault(values, [0.0, 0.0, 0.0, 0.0])
                    counts[place] += n
                    counts[place + 1] += x
    return found


def _totals(one: Incident) -> tuple[tuple[float, float], tuple[float, float]]:
    before, after = ((sum(n for n, _ in t.values()), sum(x for _, x in t.values())) for t in (one.before, one.after))
    return before, after


METHODS: dict[str, Callable[[Incident], Ranking]] = {
    "here, rows and twins": here,
    "here, twins hidden as in 0.2.0": merged,
    "largest z": by_z,
    "most extra failures": by_failures,
    "steepest fall": by_fall,
    "Adtributor, single values": adtributor,
}


def main() -> None:
    """Print a line a ranking."""
    count = next((int(word) for word in sys.argv[1:] if word.isdigit()), INCIDENTS)
    incidents = [incident(seed) for seed in range(count)]
    leaves = np.mean([len(one.after) for one in incidents])
    wide = np.mean([len(one.dimensions) for one in incidents])
    print(f"{count} incidents, {wide:.1f} dimensions and {leaves:.0f} leaves on average")
    print("method                             F1   top-1   top-3   top-5 [95 %]        CPU ms")
    for name, method in METHODS.items():
        start = time.process_time()
        found = [method(one) for one in incidents]
        cpu = (time.process_time() - start) / count
        top = {
            k: sum(any(label in rows[:k] for label in one.labels) for one, rows in zip(incidents, found, strict=True))
            for k in FIRST
        }
        labels = sum(len(one.labels) for one in incidents)
        f1 = 2 * top[1] / (sum(bool(rows) for rows in found) + labels)
        low, high = wilson(top[5], count)
        shares = "".join(f"{top[k] / count:8.3f}" for k in FIRST)
        print(f"{name:31s}{f1:6.3f}{shares} [{low:.3f}, {high:.3f}]{1000 * cpu:10.1f}")


if __name__ == "__main__":
    main()
