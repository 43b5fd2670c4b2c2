"""How many of each stratum to draw, and the mean of what was drawn, weighted by the design, with its interval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from supportkit.stats.intervals import wilson, z_value
from supportkit.stats.student import student_quantile
from supportkit.system.named import NamedTuple

LEAST: Final = 2  # of a stratum, without which nothing is known of how much it varies
SMALL: Final = "(small ones)"


class Unit(NamedTuple):
    """Something drawn and looked at: its stratum, that stratum's size, and a value from 0 to 1; in which part of the
    stratum it was drawn, with which chance."""

    stratum: str
    size: int
    value: float
    part: int = 1
    inclusion: float = 1.0


class DesignMean(NamedTuple):
    """A weighted mean of n units with its interval."""

    n: int
    mean: float
    low: float
    high: float


def strata_for(sizes: Mapping[str, int], wanted: int) -> dict[str, str]:
    """Each stratum's own name; those of which fewer than two would be drawn in proportion are put together as SMALL."""
    whole = sum(sizes.values())
    small = [name for name, size in sizes.items() if wanted * size < LEAST * whole]
    return {name: SMALL if name in small and len(small) > 1 else name for name in sizes}


def allocate(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many of each stratum in proportion (largest remainders), two of each where there are so many and so few are
    strata; never more than there are."""
    whole = sum(sizes.values())
    wanted = min(wanted, whole)
    least = LEAST if wanted >= LEAST * len(sizes) else min(1, wanted // max(1, len(sizes)))
    found = {name: min(size, max(least, wanted * size // whole)) for name, size in sizes.items()}
    while sum(found.values()) > wanted:
        above = [name for name in sizes if found[name] > min(least, sizes[name])]
        most = max(above, key=lambda name: (found[name] - wanted * sizes[name] / whole, name))
        found[most] -= 1
    while sum(found.values()) < wanted:
        open_ones = [name for name in sizes if found[name] < sizes[name]]
        short = max(open_ones, key=lambda name: (wanted * sizes[name] / whole - found[name], name))
        found[short] += 1
    return found


def design_mean(
    units: Sequence[Unit], inside: Callable[[int], bool] = lambda place: True, confidence: float = 0.95
) -> DesignMean | None:
    """The mean of the units whose places are `inside`, each weighted by its stratum's size over those looked at, in
    proportion to one over its chance.

    The variance is that of a ratio by linearisation within the parts of strata, with the finite population correction
    (Särndal, Swensson & Wretman 1992, 5.7 and 10.3); a part of which one alone was looked at is put to its neighbour.
    The interval is Wilson's of as many units as a share with that variance would have, fewer by the degrees of freedom
    (Korn & Graubard 1998). None of fewer than two.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, unit in enumerate(units):
        places[unit.stratum].append(place)
    weight = [0.0] * len(units)
    for members in places.values():
        stands_for = sum(1 / units[place].inclusion for place in members)
        for place in members:
            weight[place] = units[place].size / (units[place].inclusion * stands_for)
    chosen = [place for place in range(len(units)) if inside(place)]
    if len(chosen) < LEAST:
        return None
    total = sum(weight[place] for place in chosen)
    mean = sum(weight[place] * units[place].value for place in chosen) / total
    variance, seen = 0.0, 0
    for members in places.values():
        left = max(0.0, 1 - len(members) / units[members[0]].size)
        for part in _parts(units, members):
            rest = [weight[place] * (units[place].value - mean) if inside(place) else 0.0 for place in part]
            count = len(part)
            middle = sum(rest) / count if count > 1 else 0.0
            squares = sum((one - middle) ** 2 for one in rest) * (count / (count - 1) if count > 1 else 1.0)
            variance += left * squares / total**2
            seen += any(inside(place) for place in part)
    if not 0 < mean < 1 or variance <= 1e-12:
        # all alike: as many as were looked at, or all that there are
        every = all(len(members) >= units[members[0]].size for members in places.values())
        ends = (mean, mean) if every else wilson(mean * len(chosen), len(chosen), confidence)
        return DesignMean(len(chosen), mean, *ends)
    reach = student_quantile((1 + confidence) / 2, max(1, len(chosen) - seen))
    worth = mean * (1 - mean) / variance * (z_value(confidence) / reach) ** 2
    return DesignMean(len(chosen), mean, *wilson(mean * worth, worth, confidence))


def _parts(units: Sequence[Unit], members: Sequence[int]) -> list[list[int]]:
    """The places of a stratum by its parts, each of two at least where there are so many."""
    by_part: dict[int, list[int]] = defaultdict(list)
    for place in members:
        by_part[units[place].part].append(place)
    found: list[list[int]] = []
    for _, part in sorted(by_part.items()):
        if found and (len(found[-1]) < LEAST or len(part) < LEAST):
            found[-1] += part
        else:
            found.append(part)
    return found
