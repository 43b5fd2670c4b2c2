"""Weights against the survey package of R, and against hand counts."""

from __future__ import annotations

import pytest

from supportkit.stats.weights import AnswerCell, merge_small, post_stratification, rake, trimmed, weighted_mean

ANSWERED = {"email": 60, "chat": 30, "phone": 10}
CLOSED = {"email": 400, "chat": 300, "phone": 300}


def share_cell(good: int, answers: int) -> AnswerCell:
    return AnswerCell(answers, good / answers, good / answers * (1 - good / answers))


def nps_cell(promoters: int, passives: int, detractors: int) -> AnswerCell:
    answers = promoters + passives + detractors
    mean = (promoters - detractors) / answers
    return AnswerCell(answers, mean, (promoters + detractors) / answers - mean**2)


def test_a_post_stratified_csat_is_that_of_the_survey_package() -> None:
    weights = post_stratification(ANSWERED, CLOSED)
    cells = [share_cell(42, 60), share_cell(27, 30), share_cell(8, 10)]
    found = weighted_mean(cells, list(weights.values()))
    assert found.mean == pytest.approx(0.790, abs=1e-9)
    assert found.standard_error == pytest.approx(0.0479, abs=5e-5)
    low, high = found.mean - 1.959964 * found.standard_error, found.mean + 1.959964 * found.standard_error
    assert (low, high) == pytest.approx((0.6961, 0.8838), abs=1e-4)
    # without weights: 77/100, all answers one cell
    raw = weighted_mean([share_cell(77, 100)], [1.0])
    assert (raw.mean, raw.standard_error) == pytest.approx((0.770, 0.0423), abs=5e-5)


def test_a_post_stratified_nps_is_that_of_the_survey_package() -> None:
    weights = post_stratification(ANSWERED, CLOSED)
    assert list(weights.values()) == pytest.approx([6.6667, 10, 30], abs=5e-5)
    found = weighted_mean([nps_cell(30, 12, 18), nps_cell(21, 6, 3), nps_cell(4, 2, 4)], list(weights.values()))
    assert (100 * found.mean, 100 * found.standard_error) == pytest.approx((26.0, 10.32), abs=0.005)
    assert found.effective_n == pytest.approx(68.1818, abs=5e-5)
    assert found.design_effect == pytest.approx(1.4667, abs=5e-5)
    raw = weighted_mean([nps_cell(55, 20, 25)], [1.0])
    assert (100 * raw.mean, 100 * raw.standard_error) == pytest.approx((30.0, 8.47), abs=0.005)


def test_raking_to_two_margins_is_that_of_the_survey_package() -> None:
    cells = [("email", "en"), ("email", "ru"), ("chat", "en"), ("chat", "ru")]
    answers = [40, 20, 25, 15]
    weights = rake(cells, answers, [{"email": 50, "chat": 50}, {"en": 50, "ru": 50}])
    # R stops once a margin moves by less than one of a thousand, we go on: the fourth digit is the common one
    assert weights == pytest.approx([0.653451, 1.193030, 0.954479, 1.742627], abs=1e-4)
    assert weights[0] * 40 + weights[1] * 20 == pytest.approx(50)
    assert weights[0] * 40 + weights[2] * 25 == pytest.approx(50)
    good = [share_cell(30, 40), share_cell(12, 20), share_cell(22, 25), share_cell(9, 15)]
    margins = [[cell[0] for cell in cells], [cell[1] for cell in cells]]
    found = weighted_mean(good, weights, margins)
    assert found.mean == pytest.approx(0.70602, abs=2e-5)
    assert found.standard_error == pytest.approx(0.0488, abs=5e-5)


def test_raking_refuses_a_level_without_answers() -> None:
    with pytest.raises(ValueError, match="phone"):
        rake([("email",), ("phone",)], [10, 0], [{"email": 1, "phone": 1}])


def test_an_empty_cell_is_merged_and_reported() -> None:
    strata = merge_small({"email": 60, "chat": 30, "phone": 0}, CLOSED)
    # phone has nobody, so it joins chat, the smallest that can carry it
    assert strata.merged == ["chat", "phone"]
    assert strata.group == {"email": "email", "chat": "chat + phone", "phone": "chat + phone"}
    assert strata.answered == {"email": 60, "chat + phone": 30}
    assert strata.population == {"email": 400, "chat + phone": 600}
    with pytest.raises(ValueError, match="phone"):
        post_stratification({"email": 60, "chat": 30}, CLOSED)


def test_small_cells_that_suffice_together_leave_the_others_alone() -> None:
    strata = merge_small({"a": 3, "b": 4, "c": 50}, {"a": 10, "b": 10, "c": 80})
    assert strata.merged == ["a", "b"]
    assert strata.answered == {"a + b": 7, "c": 50}


def test_large_cells_are_not_merged() -> None:
    strata = merge_small(ANSWERED, CLOSED)
    assert strata.merged == []
    assert strata.answered == ANSWERED


def test_a_weight_above_five_times_the_mean_is_cut_and_named() -> None:
    # mean weight = 1000/100 = 10, limit 50
    weights, cut = trimmed({"many": 5.0, "few": 100.0}, {"many": 95, "few": 5})
    mean = (5 * 95 + 100 * 5) / 100
    assert cut == ["few"]
    assert weights == {"many": 5.0, "few": pytest.approx(5 * mean)}
