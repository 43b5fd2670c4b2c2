"""Net promoter score: published numbers, what is left out, other scales, comparisons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from supportkit.errors import DataError
from supportkit.nps import nps
from supportkit.period import containing, parse_period
from supportkit.store import Store
from tests.survey_answers import WEEK, WEEK_BEFORE, answers, fact, said, surveys

Shop = Callable[..., Store]


@pytest.mark.parametrize(
    ("detractors", "passives", "promoters", "score", "low", "high"),
    [  # score interval under 100 answers, AW(3,T) from there on
        (8, 9, 19, 30.556, 2.3178, 53.8673),
        (15, 25, 60, 45.0, 29.34, 58.04),
        (25, 30, 45, 20.0, 3.77, 35.06),
        (2, 3, 5, 30.0, -21.6592, 67.5278),
        (0, 2, 8, 80.0, 30.04, 94.33),
        (0, 0, 10, 100.0, 44.49, 100.0),
        (75, 675, 250, 17.5, 14.09, 20.81),
    ],
)
def test_nps_is_the_published_one(
    shop: Shop, detractors: int, passives: int, promoters: int, score: float, low: float, high: float
) -> None:
    low_score = {0.0: detractors // 2, 6.0: detractors - detractors // 2}
    store = shop(
        surveys=surveys(answers("nps", {**low_score, 7: passives // 3, 8: passives - passives // 3, 9: promoters}))
    )
    found = nps(store)
    assert fact(found, "nps", "nps_low", "nps_high") == pytest.approx((score, low, high), abs=0.0051)
    assert fact(found, "answers", "promoters", "passives", "detractors") == (
        detractors + passives + promoters,
        promoters,
        passives,
        detractors,
    )


def test_nps_leaves_out_and_counts_what_is_off_its_scale_or_missing(shop: Shop) -> None:
    odd = answers("nps", {11: 2, -1: 1, 7.5: 1})
    silent = [f"nps,,,,,,t{number},{WEEK}" for number in range(3)]
    store = shop(surveys=surveys(answers("nps", {0: 8, 7: 9, 10: 19}), odd, silent))
    store.connection.execute(
        "insert into surveys (kind, score, responded_at) values ('nps', 'nan', cast($at as timestamptz))",
        {"at": WEEK},
    )
    found = nps(store)
    assert fact(found, "nps", "answers") == (pytest.approx(30.5556, abs=1e-4), 36)
    assert said(found, "5 answers off the 0-10 scale")
    assert said(found, "3 invitations without an answer")


def test_fewer_than_five_answers_give_counts_and_no_score(shop: Shop) -> None:
    found = nps(shop(surveys=surveys(answers("nps", {10: 3, 0: 1}))))
    assert list(found.facts.values()) == [None, None, None, 4, 3, 0, 1]
    assert said(found, "under 5 answers, counts only: all")


def test_fewer_than_thirty_answers_are_indicative(shop: Shop) -> None:
    found = nps(
        shop(surveys=surveys(answers("nps", {10: 20}, channel="chat"), answers("nps", {10: 30}, channel="email"))),
        by="channel",
    )
    assert said(found, "under 30 answers, indicative: chat")


def test_a_column_of_one_to_five_is_refused_as_nps(shop: Shop) -> None:
    with pytest.raises(DataError, match="between 1 and 5"):
        nps(shop(surveys=surveys(answers("nps", {1: 2, 3: 3, 4: 10, 5: 20}))))
    with pytest.raises(DataError, match="1-5 \\(35 answers\\)"):
        nps(shop(surveys=surveys(answers("nps", {1: 2, 3: 3, 4: 10, 5: 20}, more="1,5"))))


def test_detractors_alone_are_no_other_scale(shop: Shop) -> None:
    assert fact(nps(shop(surveys=surveys(answers("nps", {3: 10})))), "nps", "detractors") == (-100.0, 10)
    assert fact(nps(shop(surveys=surveys(answers("nps", {1: 5, 2: 5, 5: 5}, more="0,10")))), "nps") == (-100.0,)


def test_detractors_alone_in_a_group_are_not_taken_for_another_scale(shop: Shop) -> None:
    store = shop(surveys=surveys(answers("nps", {2: 9}, channel="chat"), answers("nps", {10: 9}, channel="email")))
    cut = nps(store, by="channel")
    assert [row[1] for row in cut.rows] == [-100, 100]


def test_mixed_scales_in_one_column_are_named_and_left_out(shop: Shop) -> None:
    found = nps(shop(surveys=surveys(answers("nps", {10: 20, 3: 10}, more="0,10"), answers("nps", {5: 7}, more="1,5"))))
    assert fact(found, "nps", "answers") == (pytest.approx(100 / 3), 30)
    assert said(found, "7 answers on another scale left out: 1-5 (7 answers) beside 0-10")


def test_a_second_file_on_one_to_five_is_named(shop: Shop, tmp_path: Any) -> None:
    from supportkit.exports import LoadOptions, load

    store = shop(surveys=surveys(answers("nps", {10: 20, 0: 10})))
    other = tmp_path / "surveys_shop.csv"
    other.write_text(surveys(answers("nps", {5: 8, 4: 2}, channel="web")), encoding="utf-8")
    load(store, [other], LoadOptions(table="surveys"))
    assert said(nps(store), "surveys_shop.csv: all 10 nps answers lie between 1 and 5")


def test_nps_is_compared_with_the_period_before_and_keeps_its_sign(shop: Shop) -> None:
    now, before = {10: 60, 7: 25, 0: 15}, {10: 45, 7: 30, 0: 25}
    week = parse_period("2026-W45", parse_period("2026-11-12", None).start)  # type: ignore[arg-type]
    rising = shop(
        surveys=surveys(
            answers("nps", now), answers("nps", before, WEEK_BEFORE), answers("nps", {9: 1}, "2026-11-10T10:00:00Z")
        )
    )
    found = nps(rising, period=week)
    names = [column.name for column in found.columns]
    assert names[-4:] == ["difference", "difference_low", "difference_high", "p"]
    assert found.rows[0][-4:] == pytest.approx((25.0, 3.04, 45.50, 0.0250), abs=0.0051)
    falling = shop(
        surveys=surveys(
            answers("nps", before), answers("nps", now, WEEK_BEFORE), answers("nps", {9: 1}, "2026-11-10T10:00:00Z")
        )
    )
    assert nps(falling, period=week).rows[0][-4:] == pytest.approx((-25.0, -45.50, -3.04, 0.0250), abs=0.0051)
    assert said(found, "difference: against 2026-W44")


def test_each_week_is_compared_with_the_week_before_and_a_part_week_with_nothing(shop: Shop) -> None:
    store = shop(
        surveys=surveys(
            answers("nps", {10: 45, 7: 30, 0: 25}, WEEK_BEFORE),
            answers("nps", {10: 60, 7: 25, 0: 15}),
            answers("nps", {10: 9}, "2026-11-10T10:00:00Z"),
        )
    )
    rows = nps(store, over="week").rows
    assert [row[0] for row in rows] == ["2026-W44", "2026-W45", "2026-W46"]
    assert [row[-4] for row in rows] == [None, 25.0, None]
    # the same with a period that begins with the second week: the week before it is looked up
    week = parse_period("2026-11-02..2026-11-16", parse_period("2026-11-12", None).start)  # type: ignore[arg-type]
    assert [row[-4] for row in nps(store, period=week, over="week").rows] == [25.0, None]


def test_customers_who_answer_again_and_again_are_said_to_narrow_the_interval(shop: Shop) -> None:
    lines = [f"nps,9,2026-11-0{1 + number % 5}T10:00:00Z,c{number // 5}" for number in range(20)]
    found = nps(shop(surveys="\n".join(["kind,score,responded_at,customer_id", *lines])))
    assert said(found, "20 answers come from 4 customers")


def test_the_smallest_change_to_be_seen_is_in_points(shop: Shop) -> None:
    # an answer's variance .6 + .2 - .4^2 = .64, sd 80 points; (1.95996 + 0.84162) * 80 * sqrt(1/100 + 1/100) = 31.70
    week = containing(date(2026, 11, 3), "week")
    both = surveys(
        answers("nps", {10: 60, 7: 20, 0: 20}),
        answers("nps", {10: 60, 7: 20, 0: 20}, WEEK_BEFORE),
        answers("nps", {9: 1}, "2026-11-10T10:00:00Z"),
    )
    assert said(nps(shop(surveys=both), period=week), "100 answers against 100 show a change from 31.7 points on")
