"""The optimiser on functions whose lowest point is known, and digamma at its known values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from supportkit.stats.minimise import digamma, minimise

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Array = NDArray[float64]


def test_rosenbrocks_valley_is_followed_to_its_end() -> None:
    import numpy as np

    def valley(point: Array) -> tuple[float, Array]:
        x, y = point
        slope = np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])
        return float((1 - x) ** 2 + 100 * (y - x**2) ** 2), slope

    found = minimise(valley, (-1.2, 1.0))
    assert found.settled
    assert found.at == pytest.approx((1, 1), abs=1e-6)
    assert found.value == pytest.approx(0, abs=1e-12)


def test_a_wall_is_not_stepped_over() -> None:
    import numpy as np

    asked = []

    def slide(point: Array) -> tuple[float, Array]:
        asked.append(point)
        return (math.inf, point) if point[0] > 3 else (-float(point[0]), np.array([-1.0]))

    found = minimise(slide, (0.0,))
    assert len(asked) < 1000  # it does not try the wall for ever
    assert not found.settled
    assert found.at[0] == pytest.approx(3, abs=1e-6)


def test_digamma_at_known_values() -> None:
    gamma = 0.5772156649015329
    known = [-gamma, 1 - gamma, -gamma - 2 * math.log(2), -10.4237549404110768, math.log(1000) - 0.0005 - 1 / 12e6]
    assert list(digamma([1, 2, 0.5, 0.1, 1000])) == pytest.approx(known, abs=1e-12)
