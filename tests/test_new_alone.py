"""What new customers alone bring, where some of those who look new are old ones."""

from __future__ import annotations

import pytest

from supportkit.stats.new_alone import Half, new_alone
from supportkit.stats.value_by_age import Brought, Step

# A new customer brings 10 on the first day and 1, 2 and 3 later, an old one 20 and four times as much later. Of those
# watched to the ages 0, 5, 10 and 20 a share of .3, .3, .4 and .5 are old; of the older half .4, of the younger .2.
OLD = {0: 0.3, 5: 0.3, 10: 0.4, 20: 0.5}
KNOWN = [
    Step(age, 100, Brought(1, new + share * (old - new)))
    for (age, share), new, old in zip(OLD.items(), (10, 1, 2, 3), (20, 4, 8, 12), strict=True)
]
OLDER = Half(first=0.6 * 10 + 0.4 * 20, later=0.6 * 3 + 0.4 * 12, error=0.0, old=0.4)
YOUNGER = Half(first=0.8 * 10 + 0.2 * 20, later=0.8 * 3 + 0.2 * 12, error=0.0, old=0.2)


def test_a_mixture_is_taken_apart() -> None:
    for age, value in ((0, 10), (5, 11), (10, 13), (19, 13), (20, 16)):
        found = new_alone(KNOWN, OLD, OLDER, YOUNGER, age)
        assert found == pytest.approx((value, 0.0))


def test_what_the_halves_may_be_off_by_is_carried_to_where_nobody_is_old() -> None:
    # followed from .4 and .2 to 0 as far again as they are apart: (1 + 1) x 0.1 and 1 x 0.2, so sqrt(.04 + .04), of a
    # later value of 3 up to the age of 10, where ages 5 and 10 bring 1 + 2
    found = new_alone(KNOWN, OLD, OLDER._replace(error=0.2), YOUNGER._replace(error=0.1), 10)
    assert found is not None
    assert found.error == pytest.approx(0.08**0.5)


def test_halves_with_as_many_old_ones_tell_nothing() -> None:
    assert new_alone(KNOWN, OLD, OLDER, YOUNGER._replace(old=0.395), 20) is None
