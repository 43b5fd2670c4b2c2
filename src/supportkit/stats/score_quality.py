"""How far a survey score can be believed: what silence hides, who answers, whether bad service lowers the score."""

from __future__ import annotations

from collections.abc import Mapping
from math import log, sqrt

from supportkit.system.named import NamedTuple


class Representativeness(NamedTuple):
    """The R-indicator, the spread of the response rates between groups, and that spread over the mean rate."""

    indicator: float
    spread: float
    variation: float


def worst_case_bounds(response_rate: float, share: float) -> tuple[float, float]:
    """Where the share lies among all asked, whatever the silent ones think (Manski 1989): [r p, r p + 1 - r]."""
    _check_share(response_rate, "response rate")
    _check_share(share, "share")
    return response_rate * share, min(1.0, response_rate * share + 1 - response_rate)


def break_even(response_rate: float, share: float, target: float) -> float | None:
    """The share that the silent customers would need for the whole to reach the target.

    Above 1 the target is out of reach, below 0 it is reached whatever they think. None where everybody answered.
    """
    _check_share(response_rate, "response rate")
    if response_rate == 1:
        return None
    return (target - response_rate * share) / (1 - response_rate)


def representativeness(answered: Mapping[str, int], population: Mapping[str, int]) -> Representativeness:
    """R = 1 - 2 S of the response rates of groups, weighted by their size (Schouten, Cobben and Bethlehem 2009).

    1 when all groups answer at the same rate. Groups of few people vary by chance, which lowers R: keep groups large.
    """
    size = sum(population.values())
    if size <= 0:
        raise ValueError("representativeness needs a population")
    rates = {name: answered.get(name, 0) / count for name, count in population.items() if count > 0}
    mean = sum(population[name] * rate for name, rate in rates.items()) / size
    variance = sum(population[name] * (rate - mean) ** 2 for name, rate in rates.items()) / size
    spread = sqrt(variance)
    return Representativeness(1 - 2 * spread, spread, spread / mean if mean > 0 else 0.0)


def area_under_curve(bad: Mapping[float, int], clean: Mapping[float, int]) -> float:
    """The chance that a clean ticket scores above a bad one, ties as half (Mann and Whitney 1947); score -> answers."""
    bad_total, clean_total = sum(bad.values()), sum(clean.values())
    if bad_total == 0 or clean_total == 0:
        raise ValueError("both groups need answers")
    below = 0
    twice_wins = 0
    for score in sorted({*bad, *clean}):
        bad_here = bad.get(score, 0)
        twice_wins += clean.get(score, 0) * (2 * below + bad_here)
        below += bad_here
    return twice_wins / (2 * bad_total * clean_total)


def area_interval(area: float, bad: float, clean: float, z: float = 1.959963984540054) -> tuple[float, float]:
    """The interval of an area under the curve by its largest variance A(1 - A)/min(m, n) (Birnbaum and Klose 1957)."""
    half = z * sqrt(max(0.0, area * (1 - area)) / min(bad, clean))
    return max(0.0, area - half), min(1.0, area + half)


def evenness(counts: Mapping[float, int], levels: int) -> float:
    """Entropy of the answers over that of a flat scale: 1 when every score is as frequent, 0 when all are the same."""
    total = sum(counts.values())
    if total == 0 or levels < 2:
        raise ValueError("evenness needs answers and a scale of two scores or more")
    shares = [count / total for count in counts.values() if count > 0]
    return max(0.0, -sum(share * log(share) for share in shares) / log(levels))


def _check_share(value: float, name: str) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"a {name} lies between 0 and 1, not {value}")
