"""Whether a name that begins is a part of another one: what of two likelihoods is greater, and among how many names."""

from __future__ import annotations

from math import inf, log

import numpy as np
import pytest

from supportkit.stats.split_off import GROWTHS, OWN_FALL, likelier_split, odds_of_stop, parent


def array(*values: float) -> np.ndarray:
    return np.array(values, float)


def test_what_the_one_lacks_and_the_other_has_is_a_split() -> None:
    # Poisson, of 100 due 60 came and 40 by the new name: split 60 ln 60 + 40 ln 40 - 100, two names 60 ln 100 - 100 +
    # 40 ln 40 - 40; the difference 60 ln .6 + 40 = 9.35, by the dispersion of 1.5 + .01 x 100
    (found,) = likelier_split(array(60), array(100), 40, grows=False)
    assert found == pytest.approx((60 * log(0.6) + 40) / 2.5)


def test_a_name_as_usual_beside_a_new_one_is_none() -> None:
    # 100 ln(100 / 140) + 40 ln(100 / 140) + 40 = -7.1, by 2.5
    (found,) = likelier_split(array(100), array(100), 40, grows=False)
    assert found == pytest.approx((140 * log(100 / 140) + 40) / 2.5)


def test_a_fall_by_another_number_is_the_other_ones_own() -> None:
    # 1,000 due, 300 came, 100 by the new name: so great a fall is no chance, but it is no split by 100 either
    (found,) = likelier_split(array(300), array(1000), 100, grows=False)
    assert found == pytest.approx(OWN_FALL + (400 * log(1000 / 400) + 400 - 1000) / 11.5)
    assert found < -10


def test_in_the_same_words_the_sum_may_have_grown() -> None:
    (strict,), (loose,) = (likelier_split(array(210), array(300), 210, grows=grows) for grows in (False, True))
    assert strict < 0 < loose
    assert GROWTHS.max() >= 420 / 300


def test_of_many_names_one_falls_by_chance() -> None:
    since, due = array(60, *[100] * 19), np.full(20, 100.0)
    alone = parent(since[:1], due[:1], 40, None)
    among = parent(since, due, 40, None)
    assert alone[0] == among[0] == 0
    assert alone[1] - among[1] == pytest.approx(log(20), abs=0.05)  # the other nineteen say next to nothing


def test_only_names_in_the_same_words_count() -> None:
    since, due = array(60, *[100] * 19), np.full(20, 100.0)
    assert parent(since, due, 40, lambda n: n in (0, 1))[1] > parent(since, due, 40, None)[1] + 1.5
    assert parent(since, due, 40, lambda n: n == 7)[1] < -2
    assert parent(since, due, 40, lambda n: False) == (-1, -inf)
    assert parent(array(), array(), 40, None) == (-1, -inf)


def test_names_that_stopped_by_chance_became_no_other() -> None:
    # two of twenty names, seven tickets due in four days and none came, while another begins with fifteen
    assert odds_of_stop(0, 7, 15, 2, 20) < 0 < odds_of_stop(0, 30, 30, 2, 20)
