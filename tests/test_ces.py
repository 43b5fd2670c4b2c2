"""Customer effort score: published numbers, and which way the scale goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from supportkit.ces import ces
from supportkit.errors import DataError
from supportkit.store import Store
from tests.survey_answers import answers, fact, surveys

Shop = Callable[..., Store]


PUBLISHED_CES = {1: 80, 2: 210, 3: 140, 4: 110, 5: 160, 6: 180, 7: 120}


def test_ces_is_the_published_one(shop: Shop) -> None:
    found = ces(shop(surveys=surveys(answers("ces", PUBLISHED_CES, more="1,7"))))
    assert fact(found, "ces", "easy_share", "net", "answers") == (4.08, 0.46, -13.0, 1000)


def test_ces_of_an_effort_question_is_refused_until_the_direction_is_stated(shop: Shop) -> None:
    effort = {1: 40, 2: 30, 3: 10, 4: 10, 5: 10}
    for scale in ("1,5", ","):
        store = shop(surveys=surveys(answers("ces", effort, more=scale)))
        with pytest.raises(DataError, match="may mean easy or much effort"):
            ces(store)
    store = shop(surveys=surveys(answers("ces", effort, more="1,5")))
    # mean effort (40 + 60 + 30 + 40 + 50)/100 = 2.2, so ease 6 - 2.2 = 3.8; easy 70 %; net 70 - 20
    assert fact(ces(store, direction="effort"), "ces", "easy_share", "net") == pytest.approx((3.8, 0.7, 50))
    assert fact(ces(store, direction="easy"), "ces", "easy_share", "net") == pytest.approx((2.2, 0.2, -50))


def test_a_stated_effort_turns_the_usual_scale_round(shop: Shop) -> None:
    found = ces(shop(surveys=surveys(answers("ces", PUBLISHED_CES, more="1,7"))), direction="effort")
    # 8 - 4.08; above the middle: 80 + 210 + 140 of 1000; net (80 + 210) - (160 + 180 + 120)
    assert fact(found, "ces", "easy_share", "net") == pytest.approx((3.92, 0.43, -17.0))


def test_groups_of_equal_answers_are_not_said_to_differ(shop: Shop) -> None:
    store = shop(surveys=surveys(answers("ces", {7: 6}, channel="chat"), answers("ces", {6: 6}, channel="email")))
    assert [row[-4:] for row in ces(store, by="channel").rows] == [(None,) * 4] * 2
