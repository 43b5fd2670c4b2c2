"""The E-value against the figures that its authors printed."""

from __future__ import annotations

import pytest

from supportkit.stats.e_value import e_value, e_value_of_limit


@pytest.mark.parametrize(
    ("ratio", "published"), [(3.9, 7.2630), (2.4, 4.2330), (1.8, 3.0), (1.25, 1.809), (1.0, 1.0), (1 / 3.9, 7.2630)]
)
def test_the_published_values(ratio: float, published: float) -> None:
    assert e_value(ratio) == pytest.approx(published, abs=5e-5 if published != 1.809 else 5e-4)


def test_the_limit_nearer_to_no_effect_is_taken() -> None:
    assert e_value_of_limit(2.4, 5) == pytest.approx(4.2330, abs=5e-5)
    assert e_value_of_limit(0.2, 1 / 2.4) == pytest.approx(4.2330, abs=5e-5)
    assert e_value_of_limit(0.9, 1.4) == 1


def test_a_ratio_is_above_zero() -> None:
    with pytest.raises(ValueError, match="above zero"):
        e_value(0)
