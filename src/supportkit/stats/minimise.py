"""The lowest point of a smooth function of a few numbers: the method of Broyden, Fletcher, Goldfarb and Shanno (1970).

The likelihoods of the buyers' models have three or four parameters and known gradients; this is all of an optimiser
that they need, and it spares a command the half second that loading a numerical library takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[float64]

Function = Callable[["Array"], "tuple[float, Array]"]  # a point to the value and the gradient there


@dataclass(frozen=True)
class Minimum:
    """Where the search ended, the value there, and whether the function was level there."""

    at: tuple[float, ...]
    value: float
    settled: bool


def minimise(function: Function, start: ArrayLike, *, level: float = 1e-8, steps: int = 500) -> Minimum:
    """Go down from `start` until no slope is above `level`; a value of infinity is a wall that is not stepped over."""
    import numpy as np

    point = np.array(start, dtype=float)
    value, slope = function(point)
    inverse = np.eye(len(point))
    for _ in range(steps):
        if np.abs(slope).max() <= level:
            return Minimum(tuple(map(float, point)), value, True)
        step = -inverse @ slope
        if step @ slope >= 0:
            inverse, step = np.eye(len(point)), -slope
        step *= min(1.0, 2.0 / float(np.abs(step).max()))  # the point is in logarithms: at most e^2 at once
        for _ in range(40):
            there, slope_there = function(point + step)
            if there <= value + 1e-4 * float(step @ slope):
                break
            step = step / 2
        if there > value or np.abs(step).max() < 1e-9:  # against a wall, or as low as rounding lets it be
            return Minimum(tuple(map(float, point)), value, bool(np.abs(slope).max() <= 100 * level))
        turn = slope_there - slope
        along = float(step @ turn)
        if along > 0:
            push = np.eye(len(point)) - np.outer(step, turn) / along
            inverse = push @ inverse @ push.T + np.outer(step, step) / along
        point, value, slope = point + step, there, slope_there
    return Minimum(tuple(map(float, point)), value, False)


def digamma(x: ArrayLike) -> Array:
    """The slope of ln gamma, for x above 0: the asymptotic series at x + 8, brought down by its recurrence."""
    import numpy as np

    small = np.asarray(x, dtype=float)
    large = small + 8
    square = 1 / large**2
    tail = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
    slope: Array = np.log(large) - 0.5 / large - tail
    for place in range(8):
        slope = slope - 1 / (small + place)
    return slope
