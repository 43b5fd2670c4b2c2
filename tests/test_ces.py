"""Customer effort score: published numbers, and which way the scale goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from supportkit.ces import ces
from supportkit.errors import DataError
from supportkit.period import containing
from supportkit.result import Chart
from supportkit.store import Store
from tests.survey_answers import WEEK, WEEK_BEFORE, answers, fact, said, surveys

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


def test_the_whole_result_of_twelve_answers(shop: Shop) -> None:
    # chat: ease 7, 7, 6, 5, 4, 3 (32): four above 4, three of 6 and 7, one below 4; email: 1, 2, 2, 3, 6, 4 (18)
    lines = [
        answers("ces", {7: 2, 6: 1, 5: 1, 4: 1, 3: 1}, channel="chat", more="1,7"),
        answers("ces", {1: 1, 2: 2, 3: 1, 6: 1, 4: 1}, channel="email", more="1,7"),
        answers("ces", {3: 2}, channel="email", more="1,5"),
        answers("ces", {9: 1}, channel="email", more="1,7"),
        [f"ces,,,,,email,t{n},{WEEK}" for n in range(2)],
        answers("nps", {9: 1}, channel="fax"),
    ]
    found = ces(shop(surveys=surveys(*lines)), by="channel")
    assert (found.metric, found.title) == ("ces", "Customer effort score")
    assert found.definition == (
        "mean ease on 1-7; easy: above the middle; net: two highest less those below the middle, x 100"
    )
    assert fact(found, "ces", "easy_share", "net", "answers") == pytest.approx(
        (50 / 12, 5 / 12, 100 * (4 - 5) / 12, 12)
    )
    chat, email = (list(row) for row in found.rows)
    assert chat[:5] == ["chat", pytest.approx(32 / 6), pytest.approx(4 / 6), pytest.approx(100 * (3 - 1) / 6), 6]
    assert email[:5] == ["email", 3.0, pytest.approx(1 / 6), pytest.approx(100 * (1 - 4) / 6), 6]
    assert chat[5] == pytest.approx(32 / 6 - 3)
    # squares: chat 49 + 49 + 36 + 25 + 16 + 9 = 184, email 1 + 4 + 4 + 9 + 36 + 16 = 70; their variance:
    # (254 - 12 * mean^2)/11
    # 4.1515, a share of .5278 of the way. With .3 of an answer more at 1: mean 50.3/12.3 = 4.0894, square 254.3/12.3 =
    # 20.6748, so 3.9514 beside 3.0894 x 2.9106 = 8.9920, what all-or-nothing answers have: f = .4394. The low end e
    # has .5278 - e - .3 f/12 (1 - 2 e) = 1.96 sqrt(f/12 e (1 - e)), which .3460 of the way does. With .3 more at 7:
    # 52.1/12.3 = 4.2358, 268.7/12.3 = 21.8455, f = .4364; e - .5278 - .3 f/12 (2 e - 1) likewise at .7030
    assert found.notes[:6] == (
        "read as CES 2.0: 7 is very easy; otherwise say --direction effort",
        "95 % interval of the mean: 3.08 to 5.22",
        "several scales: 1-7 (13 answers), 1-5 (2 answers)",
        "2 answers on another scale left out",
        "1 answer off their scale left out",
        "2 invitations without an answer left out",
    )
    # Welch: z = 2.3333/sqrt(2.6667/6 + 3.2/6) = 2.36 on some ten degrees, p = .04
    assert said(found, "chat (+2.33), email (-2.33)")
    assert found.chart == Chart("bar", x="channel", y="ces")
    assert (found.scope.period, found.scope.rows) == ("all", 18)


def test_every_option_of_ces_is_passed_on(shop: Shop) -> None:
    lines = [
        answers("ces", {7: 3, 6: 3}, channel="chat"),  # 6.5
        answers("ces", {3: 3, 2: 3}, channel="email"),  # 2.5
        answers("ces", {5: 3, 4: 3}, WEEK_BEFORE, "chat"),  # 4.5
        answers("ces", {7: 1}, "2026-11-10T10:00:00Z", "chat"),
    ]
    channels = ["chat"] * 30 + ["email"] * 10
    closed = [f"{n},2026-11-03T09:00:00Z,{channel},closed" for n, channel in enumerate(channels)]
    store = shop(surveys=surveys(*lines), tickets="\n".join(["ticket_id,created_at,channel,status", *closed]))
    week = containing(date(2026, 11, 3), "week")
    assert fact(ces(store, period=week), "answers", "ces") == (12, 4.5)
    rest = ces(store, period=week, by="channel", against="rest")
    assert [row[5] for row in rest.rows] == [4.0, -4.0]
    # each side varies by .3: Welch on 10 degrees of freedom, t(10) = 2.2281
    half = 2.2281 * (2 * 0.3 / 6) ** 0.5
    assert rest.rows[0][6:8] == pytest.approx((4 - half, 4 + half), abs=1e-3)
    assert said(rest, "chat (+4.00), email (-4.00)")
    assert [row[5] for row in ces(store, period=week, by="channel", against="before").rows] == [2.0, None]
    assert [row[:2] for row in ces(store, by="channel", over="week").rows] == [
        ("chat", "2026-W44"),
        ("chat", "2026-W45"),
        ("chat", "2026-W46"),
        ("email", "2026-W45"),
    ]
    weighed = ces(store, weigh_by="channel")
    # chat: (39 + 27 + 7)/13 in three quarters of the closed tickets, email 2.5 in one
    assert fact(weighed, "ces") == (pytest.approx(0.75 * 73 / 13 + 0.25 * 2.5),)
    assert said(weighed, "raw 4.63, weighted 4.84")  # raw (73 + 15)/19
    ten = shop(surveys=surveys(answers("ces", {10: 3, 9: 1, 8: 1})))
    with pytest.raises(DataError, match="5 of 5 ces answers lie off the 1-7 scale"):
        ces(ten)
    assert fact(ces(ten, scale="1-10", direction="easy"), "ces", "net") == (9.4, 80.0)


@pytest.mark.parametrize(
    ("scale", "easy", "top", "hard"),
    [
        ("1,7", {5, 6, 7}, {6, 7}, {1, 2, 3}),
        ("1,5", {4, 5}, {4, 5}, {1, 2}),
        ("1,4", {3, 4}, {3, 4}, {1, 2}),
        ("0,10", {6, 7, 8, 9, 10}, {9, 10}, {0, 1, 2, 3, 4}),
    ],
)
def test_each_score_is_easy_very_easy_hard_or_in_the_middle(
    shop: Shop, scale: str, easy: set[int], top: set[int], hard: set[int]
) -> None:
    low, high = (int(end) for end in scale.split(","))
    scores = range(low, high + 1)
    lines = [answers("ces", {score: 5}, channel=f"s{score:02}", more=scale) for score in scores]
    rows = ces(shop(surveys=surveys(*lines)), by="channel", direction="easy").rows
    assert [row[1:4] for row in rows] == [
        (float(score), float(score in easy), 100.0 * ((score in top) - (score in hard))) for score in scores
    ]
    rows = ces(shop(surveys=surveys(*lines)), by="channel", direction="effort").rows
    assert [row[1] for row in rows] == [float(low + high - score) for score in scores]


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        ("easy", "read as stated: 7 is very easy"),
        ("effort", "read as stated: 7 is much effort; turned round, so that 7 is very easy"),
        (None, "read as CES 2.0: 7 is very easy; otherwise say --direction effort"),
    ],
)
def test_a_note_says_how_the_scores_were_read(shop: Shop, direction: Any, words: str) -> None:
    found = ces(shop(surveys=surveys(answers("ces", {7: 5}, more="1,7"))), direction=direction)
    assert found.notes[0] == words
    # five at the end: Wilson's of 5 of 5, 5/(5 + 3.8415) = .5655 of the way
    low = "1.00 to 3.61" if direction == "effort" else "4.39 to 7.00"
    assert said(found, f"95 % interval of the mean: {low}")
    inside = ces(shop(surveys=surveys(answers("ces", {5: 5}, more="1,7"))), direction=direction)
    assert said(inside, "all answers are the same: there is no interval")
    assert not said(ces(shop(surveys=surveys(answers("ces", {7: 3, 1: 1}, more="1,7")))), "interval of the mean")
    assert said(ces(shop(surveys=surveys(answers("ces", {7: 4, 6: 1}, more="1,7")))), "interval of the mean")


def test_what_is_refused_says_which_scale_it_was(shop: Shop) -> None:
    with pytest.raises(DataError) as refused:
        ces(shop(surveys=surveys(answers("ces", {5: 5}))))
    assert refused.value.message == (
        "ces answers with no declared scale, and none above 5: a high score may mean easy or much effort"
    )
    assert refused.value.hint == ("say which: --direction easy or --direction effort, or direction under [metrics.ces]")
    with pytest.raises(DataError, match="ces answers with the scale 1-10: a high score"):
        ces(shop(surveys=surveys(answers("ces", {5: 5}, more="1,10"))))
    assert fact(ces(shop(surveys=surveys(answers("ces", {6: 5})))), "ces") == (6.0,)  # 6 shows the scale of 7
    assert fact(ces(shop(surveys=surveys(answers("ces", {5: 5}, more="1,7")))), "ces") == (5.0,)


def test_no_answers_are_no_score(shop: Shop) -> None:
    found = ces(shop(surveys=surveys(answers("nps", {9: 3}))))
    assert list(found.facts.values()) == [None, None, None, 0]
    assert found.notes == ()
