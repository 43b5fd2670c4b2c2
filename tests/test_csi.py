"""Customer satisfaction index: published numbers, importance, scales."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from supportkit.csi import csi
from supportkit.errors import DataError
from supportkit.store import Store
from tests.survey_answers import WEEK, fact, said

Shop = Callable[..., Store]


CSI_HEADER = "kind,score,responded_at,scale_min,scale_max,item,weight,customer_id"


def respondent(name: str, scores: Sequence[object], weights: Sequence[object], scale: str = "1,10") -> list[str]:
    """The lines of one respondent of a CSI survey."""
    return [
        f"csi,{score},{WEEK},{scale},item{place},{weight},{name}"
        for place, (score, weight) in enumerate(zip(scores, weights, strict=True))
    ]


def test_csi_is_the_published_one_on_both_scales(shop: Shop) -> None:
    # importance 7 5 9 3 6, scores 8 4 8 3 4: 181/30 = 6.033333, 60.33 % of the maximum, 55.926 rescaled
    lines = [line for number in range(5) for line in respondent(f"c{number}", (8, 4, 8, 3, 4), (7, 5, 9, 3, 6))]
    found = csi(shop(surveys="\n".join([CSI_HEADER, *lines])))
    assert fact(found, "csi", "csi_percent_of_max", "answers") == (
        pytest.approx(55.926, abs=5e-4),
        pytest.approx(60.333, abs=5e-4),
        5,
    )
    # five equal respondents say nothing about the spread
    assert fact(found, "csi_low", "csi_high") == (None, None)


def test_csi_without_importance_counts_all_items_alike(shop: Shop) -> None:
    lines = [line for number in range(5) for line in respondent(f"c{number}", (8, 4, 8, 3, 4), [""] * 5)]
    found = csi(shop(surveys="\n".join([CSI_HEADER, *lines])))
    # (8 + 4 + 8 + 3 + 4)/5 = 5.4, 54 % of the maximum
    assert fact(found, "csi_percent_of_max") == (pytest.approx(54.0),)
    assert said(found, "items without an importance (weight): all count alike")


def test_csi_renormalises_the_importance_of_the_items_answered_and_has_students_interval(shop: Shop) -> None:
    # indices on 0..100 by hand: 100, 0, and (w 1: 10, w 3: 1) = 25, and an unanswered item leaves (10) = 100, (1) = 0
    lines = [
        *respondent("a", (10, 10), (1, 3)),
        *respondent("b", (1, 1), (1, 3)),
        *respondent("c", (10, 1), (1, 3)),
        *respondent("d", (10,), (1,)),
        *respondent("e", (1,), (1,)),
    ]
    found = csi(shop(surveys="\n".join([CSI_HEADER, *lines])))
    # mean 45, sd = sqrt((55^2 + 45^2 + 20^2 + 55^2 + 45^2)/4) = sqrt(2625) = 51.2348, t(4) = 2.77645: half 63.616, cut
    assert fact(found, "csi", "csi_low", "csi_high", "answers") == (45.0, 0.0, 100.0, 5)


def test_csi_on_an_undeclared_scale_that_could_be_two_is_refused(shop: Shop) -> None:
    lines = [line for number in range(9) for line in respondent(f"c{number}", (5, 4), (1, 1), ",")]
    store = shop(surveys="\n".join([CSI_HEADER, *lines]))
    with pytest.raises(DataError, match="declare no scale"):
        csi(store)
    assert fact(csi(store, scale="1-5"), "csi") == (pytest.approx(87.5),)


def test_csi_takes_the_items_mean_importance_where_one_is_missing_or_negative(shop: Shop) -> None:
    lines = [
        *(line for number in range(4) for line in respondent(f"c{number}", (10, 1), (1, 3))),
        *respondent("d", (10, 1), ("", -2)),
    ]
    found = csi(shop(surveys="\n".join([CSI_HEADER, *lines])))
    # every respondent: (1 * 100 + 3 * 0)/4
    assert fact(found, "csi", "answers") == (25.0, 5)
    assert said(found, "2 answers without an importance of 0 or more: the mean of the item is taken")
