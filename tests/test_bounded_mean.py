"""The interval of a mean on a scale, and of how many independent answers those of repeated customers are worth."""

from __future__ import annotations

import random

import pytest

from supportkit.stats.bounded_mean import bounded_interval
from supportkit.stats.intervals import wilson
from supportkit.stats.repeated_measures import Repeated, agreement, answers_per_customer, effective_share


def moments(values: list[float]) -> tuple[float, float]:
    mean = sum(values) / len(values)
    return mean, sum((one - mean) ** 2 for one in values) / (len(values) - 1)


def test_the_ends_are_where_wilsons_equation_holds() -> None:
    # (m - e)^2 = z^2 f / n x e (1 - e), m the share of the way and f the spread against all-or-nothing answers
    scores = [7.0] * 12 + [6.0] * 5 + [4.0] * 3
    mean, variance = moments(scores)
    low, high = bounded_interval(mean, variance, 20, 1, 7) or (0.0, 0.0)
    share = (mean - 1) / 6
    # with .3 of an answer more at the end that is looked for, 1 or 7: sums of 126 and 816 over 20.3; the one towards
    # the near bound is moved by .3 of its skewness, (2 e - 1) f / n
    for end, more, by in ((low, 1.0, 0.0), (high, 7.0, 0.3)):
        middle = (126 + 0.3 * more) / 20.3
        spread = ((816 + 0.3 * more**2) / 20.3 - middle**2) / ((middle - 1) * (7 - middle))
        at = (end - 1) / 6
        moved = at - share - by * (2 * at - 1) * spread / 20
        assert moved**2 == pytest.approx(1.959964**2 * spread / 20 * at * (1 - at))
    assert high - mean < mean - low  # near the top it reaches further down


def test_a_scale_turned_round_has_the_ends_turned_round() -> None:
    scores = [7.0] * 12 + [6.0] * 5 + [4.0] * 3
    low, high = bounded_interval(*moments(scores), 20, 1, 7) or (0.0, 0.0)
    turned = bounded_interval(*moments([8 - score for score in scores]), 20, 1, 7)
    assert turned == pytest.approx((8 - high, 8 - low))


def test_answers_at_both_ends_alone_are_a_share() -> None:
    # 1 or 7, half of them each: f is 1, and each end e away from .5 has 1.96^2/20 (.25 - e^2) = (e - .3/20 x 2 e)^2,
    # so e^2 = .048018/(.97^2 + .192073)
    mean, variance = moments([7.0] * 10 + [1.0] * 10)
    low, high = bounded_interval(mean, variance, 20, 1, 7) or (0.0, 0.0)
    away = (0.048018 / (0.97**2 + 0.192073)) ** 0.5
    assert ((low - 1) / 6, (high - 1) / 6) == pytest.approx((0.5 - away, 0.5 + away), abs=1e-5)


@pytest.mark.parametrize("answers", [5, 10, 30])
def test_answers_that_are_all_at_an_end_have_the_interval_of_a_share(answers: int) -> None:
    low, high = wilson(answers, answers)
    assert bounded_interval(7, 0, answers, 1, 7) == pytest.approx((1 + 6 * low, 7))
    assert bounded_interval(1, 0, answers, 1, 7) == pytest.approx((1, 7 - 6 * low))
    assert high == 1


@pytest.mark.parametrize(("mean", "variance", "n"), [(4, 0, 20), (4, 1, 1), (8, 1, 9), (6.9, 0, 5)])
def test_answers_that_do_not_vary_inside_the_scale_have_none(mean: float, variance: float, n: float) -> None:
    assert bounded_interval(mean, variance, n, 1, 7) is None


def test_it_keeps_inside_the_scale_and_is_wider_for_fewer_effective_answers() -> None:
    mean, variance = moments([7.0] * 9 + [6.0])
    low, high = bounded_interval(mean, variance, 10, 1, 7) or (0.0, 0.0)
    assert 1 <= low < mean < high <= 7
    fewer = bounded_interval(mean, variance, 5.5, 1, 7) or (0.0, 0.0)
    assert fewer[0] < low


@pytest.mark.parametrize("answers", [5, 7, 10, 15, 20])
@pytest.mark.parametrize(
    "shares",
    [
        [0.05, 0.02, 0.01, 0.01, 0.02, 0.04, 0.85],
        [0, 0, 0.02, 0.08, 0.1, 0.2, 0.6],
        [0, 0, 0, 0.01, 0.02, 0.07, 0.9],
        [0.005, 0.005, 0.005, 0.005, 0.01, 0.02, 0.95],
        [0, 0, 0, 0, 0, 0.05, 0.95],
        [0.02, 0, 0, 0, 0, 0.03, 0.95],
        [0.05, 0, 0, 0, 0, 0, 0.95],
    ],
)
def test_near_the_top_it_holds_the_mean_as_often_as_it_says(answers: int, shares: list[float]) -> None:
    dice = random.Random(12)
    truth = sum(score * share for score, share in enumerate(shares, start=1))
    held = 0
    for _ in range(1000):
        scores = [float(score) for score in dice.choices(range(1, 8), shares, k=answers)]
        found = bounded_interval(*moments(scores), answers, 1, 7)
        held += found is not None and found[0] <= truth <= found[1]
    assert held / 1000 >= 0.93


def repeated(answers: list[list[float]]) -> Repeated:
    flat = [one for of in answers for one in of]
    return Repeated(
        len(answers),
        len(flat),
        sum(len(of) ** 2 for of in answers),
        sum(flat),
        sum(one * one for one in flat),
        sum(sum(of) ** 2 / len(of) for of in answers),
    )


def test_agreement_by_hand() -> None:
    # 8, 10 and 2, 4: within customers 1 + 1 + 1 + 1 = 4 over 2; all: mean 6, 4 + 16 + 16 + 4 = 40 over 3
    assert agreement(repeated([[8, 10], [2, 4]])) == pytest.approx(1 - 2 / (40 / 3))
    assert agreement(repeated([[9, 9], [1, 1]])) == 1
    assert agreement(repeated([[1, 9], [9, 1]])) == 0  # those of one customer differ more than those of two
    assert agreement(repeated([[1], [9]])) == 0
    assert agreement(repeated([[9, 9], [9]])) == 1  # all alike: nobody can tell


def test_answers_per_customer_and_what_they_are_worth() -> None:
    # one of 4 and four of 1: (16 + 4) / 8
    known = repeated([[1, 2, 3, 4], [5], [6], [7], [8]])
    assert answers_per_customer(known) == 2.5
    assert answers_per_customer(known, unknown=2) == 2.2
    assert effective_share(2.5, 0.6) == pytest.approx(1 / 1.9)
    assert effective_share(1, 0.6) == 1


def test_the_agreement_of_many_customers_is_found() -> None:
    dice = random.Random(3)
    answers = []
    for _ in range(800):
        own = dice.gauss(0, 0.6**0.5)
        answers.append([own + dice.gauss(0, 0.4**0.5) for _ in range(3)])
    assert agreement(repeated(answers)) == pytest.approx(0.6, abs=0.03)
