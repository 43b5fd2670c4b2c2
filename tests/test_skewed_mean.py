"""The interval of a skewed mean: Student's where nothing is skewed, else further to the side of large values."""

from __future__ import annotations

import random
from math import exp, inf, sqrt

import pytest

from supportkit.stats.skewed_mean import PowerSums, freedom, skewed_interval
from supportkit.stats.student import student_quantile


def ends(mean: float, found: PowerSums) -> list[float]:
    return [*(skewed_interval(mean, found) or ())]


def sums(values: list[float]) -> tuple[float, PowerSums]:
    mean = sum(values) / len(values)
    return mean, PowerSums(len(values), *(sum((one - mean) ** power for one in values) for power in (2, 3, 4)))


def test_without_skewness_it_is_part_of_the_normal_below_and_students_with_part_of_the_freedom_above() -> None:
    # 200 values of -1 and 1: kurtosis 1, all 199 degrees of freedom, of which the upper end takes .15; .954 x 1.959964
    even, error = [-1.0, 1.0] * 100, sqrt(200 / 199) / sqrt(200)
    assert freedom(sums(even)[1]) == 199
    expected = [-0.954 * 1.959964 * error, student_quantile(0.975, 0.15 * 199) * error]
    assert ends(*sums(even)) == pytest.approx(expected)
    # -3, 0 x 8, 3: variance 1.8, kurtosis 16.2 / 3.24 = 5: 2 x 200 / 4 = 100 degrees
    rare, error = [-3.0, *[0.0] * 8, 3.0] * 20, sqrt(360 / 199) / sqrt(200)
    assert freedom(sums(rare)[1]) == pytest.approx(100)
    expected = [-0.954 * 1.959964 * error, student_quantile(0.975, 15) * error]
    assert ends(*sums(rare)) == pytest.approx(expected)


def test_the_ends_are_where_halls_transformation_takes_the_quantile() -> None:
    # Hall 1992: T + g T^2 / (3 sqrt n) + g^2 T^3 / (27 n) + g / (6 sqrt n), T = sqrt n (mean - end) / sd
    dice = random.Random(8)
    values = [dice.lognormvariate(0, 0.8) for _ in range(300)]
    mean, found = sums(values)
    low, high = skewed_interval(mean, found) or (inf, inf)
    root, variance = sqrt(300), found.second / 300
    skewness, kurtosis = found.third / 300 / variance**1.5, found.fourth / 300 / variance**2
    degrees, error = 600 / (kurtosis - 1), sqrt(found.second / 299)
    below = 0.954 * 1.959964 * (1 - 0.12 * skewness / root)
    for end, quantile in ((low, below), (high, -student_quantile(0.975, 0.15 * degrees))):
        t = root * (mean - end) / error
        known = t + skewness * t**2 / (3 * root) + skewness**2 * t**3 / (27 * 300) + skewness / (6 * root)
        assert known == pytest.approx(quantile)
    assert high - mean > mean - low


def test_the_unit_moves_both_ends() -> None:
    dice = random.Random(9)
    values = [dice.expovariate(1) for _ in range(120)]
    assert ends(*sums([7 * one for one in values])) == pytest.approx([7 * end for end in ends(*sums(values))])


def test_under_125_values_or_of_equal_ones_there_is_none() -> None:
    assert skewed_interval(*sums([1.0, 2.0] * 62)) is None
    assert skewed_interval(*sums([1.0, 2.0, 3.0, 2.0, 1.0] * 25)) is not None
    assert skewed_interval(*sums([5.0] * 200)) is None  # a rare other value may be missing: nothing tells


def test_one_value_that_is_nearly_all_has_the_least_freedom() -> None:
    values = [0.0] * 199 + [1000.0]
    mean, found = sums(values)
    low, high = skewed_interval(mean, found) or (inf, inf)
    assert low < mean < 5 * mean < high


def test_of_exponential_values_it_holds_the_mean_as_often_as_it_says() -> None:
    dice = random.Random(10)
    held = 0
    for _ in range(2000):
        low, high = skewed_interval(*sums([dice.expovariate(1) for _ in range(125)])) or (inf, -inf)
        held += low <= 1 <= high
    assert 0.93 <= held / 2000 <= 0.97


@pytest.mark.parametrize("spread", [1.0, 1.5, 2.0])
def test_of_lognormal_values_it_holds_the_mean_as_often_as_it_says(spread: float) -> None:
    # the mean is exp(spread^2 / 2); 2,000 samples tell 96 from 98 in 100
    dice = random.Random(12)
    held = 0
    for _ in range(2000):
        low, high = skewed_interval(*sums([dice.lognormvariate(0, spread) for _ in range(125)])) or (inf, -inf)
        held += low <= exp(spread * spread / 2) <= high
    assert 0.93 <= held / 2000 <= 0.975


def test_of_values_without_a_variance_it_holds_the_mean_as_often_as_it_says() -> None:
    # Pareto's law with index 1.5: mean 3
    dice = random.Random(11)
    held = 0
    for _ in range(2000):
        low, high = skewed_interval(*sums([dice.paretovariate(1.5) for _ in range(125)])) or (inf, -inf)
        held += low <= 3 <= high
    assert 0.93 <= held / 2000 <= 0.97


@pytest.mark.parametrize(("customers", "seed"), [(125, 13), (200, 14)])
def test_where_one_in_33_spends_far_more_it_holds_the_mean_as_often_as_it_says(customers: int, seed: int) -> None:
    # 50, or 550 with a chance of .03: the mean is 65; samples without one of these have no interval
    dice = random.Random(seed)
    given = held = 0
    for _ in range(2000):
        found = skewed_interval(*sums([550.0 if dice.random() < 0.03 else 50.0 for _ in range(customers)]))
        given += found is not None
        held += found is not None and found[0] <= 65 <= found[1]
    assert 0.94 <= held / given <= 0.975
