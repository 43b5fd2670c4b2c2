"""The lowest point of a function of a few numbers, without derivatives: the simplex search of Nelder and Mead (1965).

The likelihoods of the buyers' models have two to four parameters; this is all of an optimiser that they need, and it
spares a command the half second that loading a numerical library takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Point = tuple[float, ...]


@dataclass(frozen=True)
class Minimum:
    """Where the search ended, the value there, and whether it settled before the evaluations ran out."""

    at: Point
    value: float
    settled: bool


def minimise(
    function: Callable[[Point], float], start: Sequence[float], *, step: float = 0.5, evaluations: int = 4000
) -> Minimum:
    """Search from `start`; a value of infinity is a wall. Restarts once from what it found, against a false stop."""
    first = _search(function, tuple(start), step, evaluations)
    again = _search(function, first.at, step / 5, evaluations)
    return again if again.value <= first.value else first


def _search(function: Callable[[Point], float], start: Point, step: float, evaluations: int) -> Minimum:
    corners = [start] + [
        tuple(value + (step if axis == moved else 0.0) for axis, value in enumerate(start))
        for moved in range(len(start))
    ]
    simplex = sorted((function(corner), corner) for corner in corners)
    used = len(simplex)
    while used < evaluations:
        best, worst = simplex[0], simplex[-1]
        spread = max(abs(a - b) for _, corner in simplex[1:] for a, b in zip(corner, best[1], strict=True))
        if worst[0] - best[0] <= 1e-9 and spread <= 1e-6:
            return Minimum(best[1], best[0], True)
        kept = [corner for _, corner in simplex[:-1]]
        middle = tuple(sum(axis) / len(kept) for axis in zip(*kept, strict=True))
        mirrored = _valued(function, middle, worst[1], -1.0)
        used += 1
        if mirrored[0] < best[0]:
            further = _valued(function, middle, worst[1], -2.0)
            used += 1
            simplex[-1] = min(further, mirrored)
        elif mirrored[0] < simplex[-2][0]:
            simplex[-1] = mirrored
        else:
            nearer = _valued(function, middle, worst[1], -0.5 if mirrored[0] < worst[0] else 0.5)
            used += 1
            if nearer[0] < min(mirrored[0], worst[0]):
                simplex[-1] = nearer
            else:
                simplex = [best] + [_valued(function, best[1], corner, 0.5) for _, corner in simplex[1:]]
                used += len(simplex) - 1
        simplex.sort()
    return Minimum(simplex[0][1], simplex[0][0], False)


def _valued(function: Callable[[Point], float], origin: Point, corner: Point, stretch: float) -> tuple[float, Point]:
    point = tuple(o + stretch * (c - o) for o, c in zip(origin, corner, strict=True))
    return function(point), point
