"""Intervals and tests against published numbers."""

from __future__ import annotations

import subprocess
import sys
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportkit.stats.intervals import (
    benjamini_hochberg,
    detectable_change,
    mean_difference,
    newcombe,
    nps_adjusted_wald,
    nps_difference,
    nps_interval,
    nps_score_interval,
    nps_standard_error,
    share_difference,
    t_interval,
    two_proportion,
    wilson,
)
from supportkit.stats.student import student_p, student_quantile


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (95, 100, 0.8882, 0.9785),
        (19, 20, 0.7639, 0.9911),
        (10, 10, 0.7225, 1.0),
        (0, 10, 0.0, 0.2775),
        (4, 5, 0.3755, 0.9638),
        (42, 60, 0.5749, 0.8010),
    ],
)
def test_wilson_gives_the_published_intervals(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="n > 0"):
        wilson(0, 0)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [  # Newcombe 1998, table II, method 10
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_gives_the_published_intervals(counts: tuple[int, int, int, int], low: float, high: float) -> None:
    assert newcombe(*counts) == pytest.approx((low, high), abs=5e-5)


def test_two_shares_are_tested_with_the_pooled_variance() -> None:
    # 15/50 and 25/50: pooled 0.4, z = 0.2/sqrt(0.4 * 0.6 * 2/50) = 2.0412, z^2 = 4.1667, p = 0.04123
    assert two_proportion(25, 50, 15, 50) == pytest.approx(0.04123, abs=5e-6)
    assert two_proportion(0, 10, 0, 20) == 1.0
    assert share_difference(25, 50, 15, 50).difference == pytest.approx(0.2)


NPS_TABLE = [  # (detractors, passives, promoters), standard error, AW(3,T), score interval
    ((8, 9, 19), 13.5055, (2.88, 53.53), (2.3178, 53.8673)),
    ((15, 25, 60), 7.3993, (29.34, 58.04), (29.2569, 58.1257)),
    ((25, 30, 45), 8.1240, (3.77, 35.06), (3.65, 35.19)),
    ((2, 3, 5), 24.6982, (-19.05, 65.20), (-21.6592, 67.5278)),
    ((0, 2, 8), 12.6491, (29.28, 93.79), (30.04, 94.33)),
    ((0, 0, 10), 0.0, (47.50, 100.0), (44.49, 100.0)),
    ((75, 675, 250), 1.7157, (14.09, 20.81), (14.14, 20.88)),
]


@pytest.mark.parametrize(("counts", "error", "wald", "score"), NPS_TABLE)
def test_nps_intervals_are_the_published_ones(
    counts: tuple[int, int, int], error: float, wald: tuple[float, float], score: tuple[float, float]
) -> None:
    assert nps_standard_error(*counts) == pytest.approx(error, abs=1e-4)
    assert nps_adjusted_wald(*counts) == pytest.approx(wald, abs=0.0051)
    assert nps_score_interval(*counts) == pytest.approx(score, abs=0.0051)


def test_the_score_interval_serves_under_a_hundred_answers_and_adjusted_wald_from_there() -> None:
    assert nps_interval(8, 9, 19) == nps_score_interval(8, 9, 19)
    assert nps_interval(15, 25, 60) == nps_adjusted_wald(15, 25, 60)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_an_nps_interval_holds_the_score_and_has_a_width(detractors: int, passives: int, promoters: int) -> None:
    n = detractors + passives + promoters
    if n == 0:
        return
    low, high = nps_interval(detractors, passives, promoters)
    assert -100 <= low <= 100 * (promoters - detractors) / n <= high <= 100
    assert high > low
    # the same answers seen from the other end of the scale
    assert nps_interval(promoters, passives, detractors) == pytest.approx((-high, -low), abs=1e-6)


def test_a_difference_of_two_nps_is_the_published_one_and_keeps_its_sign() -> None:
    first, second = (15, 25, 60), (25, 30, 45)
    plain = nps_difference(first, second, adjusted=False)
    assert plain == pytest.approx((25.0, 3.46, 46.54, 0.0229), abs=0.0051)
    adjusted = nps_difference(first, second)
    assert adjusted == pytest.approx((25.0, 3.04, 45.50, 0.0250), abs=0.0051)
    assert nps_difference(second, first)[0] == -25.0
    # R NPS::testdata, two regions
    regions = nps_difference((42, 23, 74), (99, 50, 110), adjusted=False)
    assert regions == pytest.approx((18.7745, 0.4604, 37.0886, 0.04451), abs=5e-5)


def test_the_one_sample_nps_of_the_r_test_data_is_reproduced() -> None:
    assert nps_standard_error(362, 176, 462) == pytest.approx(2.853069, abs=1e-6)
    half = 1.959964 * nps_standard_error(362, 176, 462)
    assert (10 - half, 10 + half) == pytest.approx((4.4081, 15.5919), abs=1e-4)


@pytest.mark.parametrize(("n", "points"), [(100, 32), (500, 14.4)])
def test_the_smallest_detectable_change_of_a_typical_nps_is_the_published_one(n: int, points: float) -> None:
    assert 100 * detectable_change(0.66, n, n) == pytest.approx(points, abs=0.25)
    assert 100 * detectable_change(0.66, n, n) == pytest.approx(280 * sqrt(2 * 0.66 / n), rel=1e-3)


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [(1, 12.7062), (2, 4.3027), (5, 2.5706), (10, 2.2281), (30, 2.0423), (120, 1.9799), (100_000, 1.9600)],
)
def test_student_quantiles_are_those_of_the_printed_table(freedom: int, quantile: float) -> None:
    assert student_quantile(0.975, freedom) == pytest.approx(quantile, abs=5e-5)
    assert student_quantile(0.025, freedom) == pytest.approx(-quantile, abs=5e-5)
    assert student_p(student_quantile(0.975, freedom), freedom) == pytest.approx(0.05, abs=1e-12)


def test_a_mean_has_students_interval_and_needs_two_values() -> None:
    # 1, 2, 3, 4, 5: mean 3, sd sqrt(2.5), t(4) = 2.77645, half = 2.77645 * sqrt(2.5/5) = 1.96324
    assert t_interval(3, sqrt(2.5), 5) == pytest.approx((1.03676, 4.96324), abs=1e-5)
    with pytest.raises(ValueError, match="at least two"):
        t_interval(3, 0, 1)


def test_two_means_are_compared_by_welch() -> None:
    # Student's sleep data (1908), groups 1 and 2, as in R: t.test(extra ~ group)
    # mean 0.75 and 2.33, t = -1.8608, df = 17.776, p = 0.07939, interval -3.3654832..0.2054832
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

    def moments(values: list[float]) -> tuple[float, float, int]:
        mean = sum(values) / len(values)
        return mean, sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1)), len(values)

    found = mean_difference(*moments(first), *moments(second))
    assert found == pytest.approx((-1.58, -3.3654832, 0.2054832, 0.07939), abs=5e-6)


def test_two_groups_without_spread_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="without any spread"):
        mean_difference(7, 0, 5, 6, 0, 5)


def test_benjamini_and_hochbergs_own_example_has_four_discoveries() -> None:
    # Benjamini and Hochberg 1995, section 3.2: fifteen endpoints, q = 0.05 keeps the first four
    p_values = [
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
        *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
    ]
    assert sum(q <= 0.05 for q in benjamini_hochberg(p_values)) == 4
    backwards = benjamini_hochberg(p_values[::-1])
    assert backwards[::-1] == benjamini_hochberg(p_values)
    assert benjamini_hochberg([]) == []


def test_tests_that_were_made_and_not_listed_count() -> None:
    # of 4 tests: .01 * 4 / 1 = .04, .03 * 4 / 2 = .06; as if two with p = 1 stood beside them
    assert benjamini_hochberg([0.03, 0.01], of=4) == pytest.approx([0.06, 0.04])
    assert benjamini_hochberg([0.03, 0.01], of=4) == benjamini_hochberg([0.03, 0.01, 1.0, 1.0])[:2]


def test_intervals_load_no_numpy() -> None:
    code = (
        "import sys, supportkit.stats.intervals; "
        "sys.exit(any(name in sys.modules for name in ('numpy', 'scipy', 'pandas', 'duckdb', '_duckdb')))"
    )
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": "src"}, check=False).returncode == 0
