"""The score metrics on answers written here: published numbers, what is left out, comparisons, weights, refusals."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from supportkit.ces import ces
from supportkit.csat import csat, leaves
from supportkit.csi import csi
from supportkit.errors import DataError, UsageError
from supportkit.nps import nps
from supportkit.period import parse_period
from supportkit.result import Result
from supportkit.store import Store
from tests.conftest import Call

Shop = Callable[..., Store]
WEEK = "2026-11-03T10:00:00Z"  # a Tuesday of 2026-W45
WEEK_BEFORE = "2026-10-27T10:00:00Z"


def answers(kind: str, scores: Mapping[Any, int], when: str = WEEK, channel: str = "", more: str = ",") -> list[str]:
    """Survey lines: a count of answers for each score; `more` is scale_min,scale_max."""
    return [
        f"{kind},{score},{when},{more},{channel},{kind}{when}{channel}{score}-{number},"
        for score, count in scores.items()
        for number in range(count)
    ]


def surveys(*lines: Sequence[str]) -> str:
    """A surveys.csv of those lines."""
    header = "kind,score,responded_at,scale_min,scale_max,channel,ticket_id,invited_at"
    return "\n".join([header, *(line for part in lines for line in part)])


def fact(result: Result, *names: str) -> tuple[Any, ...]:
    """Facts by name."""
    return tuple(result.facts[name] for name in names)


def said(result: Result, words: str) -> bool:
    """Whether a note has these words."""
    return any(words in note for note in result.notes)


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
    load(store.connection, [other], LoadOptions(table="surveys"))
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


def test_each_group_is_compared_with_all_the_others(shop: Shop) -> None:
    store = shop(
        surveys=surveys(
            answers("csat", {5: 19, 1: 1}, channel="chat"), answers("csat", {5: 42, 1: 18}, channel="email")
        )
    )
    found = csat(store, by="channel")
    chat, email = (list(row) for row in found.rows)
    assert chat[:2] == ["chat", 0.95]
    assert chat[2:5] == pytest.approx([0.7639, 0.9911, 20], abs=5e-5)
    assert email[1:4] == pytest.approx([0.7, 0.5749, 0.8010], abs=5e-5)
    assert chat[6] == pytest.approx(0.25)
    assert email[6:9] == pytest.approx([-chat[6], -chat[8], -chat[7]])  # type: ignore[operator]
    # pooled 61/80: z = 0.25/sqrt(0.7625 * 0.2375 * (1/20 + 1/60)) = 2.2750, p = 0.02290
    assert chat[9] == pytest.approx(0.02290, abs=5e-5)
    assert said(found, "beyond chance (Benjamini-Hochberg over 2 rows, 5 %): chat (+25.0 percentage points)")


def test_a_comparison_that_cannot_be_is_a_usage_error(shop: Shop) -> None:
    store = shop(surveys=surveys(answers("nps", {9: 9})))
    with pytest.raises(UsageError, match="--against before"):
        nps(store, against="before")
    with pytest.raises(UsageError, match="--against rest"):
        nps(store, against="rest")


@pytest.mark.parametrize(
    ("satisfied", "n", "low", "high"),
    [
        (95, 100, 0.8882, 0.9785),
        (19, 20, 0.7639, 0.9911),
        (10, 10, 0.7225, 1),
        (0, 10, 0, 0.2775),
        (4, 5, 0.3755, 0.9638),
    ],
)
def test_csat_has_wilsons_interval(shop: Shop, satisfied: int, n: int, low: float, high: float) -> None:
    found = csat(
        shop(surveys=surveys(answers("csat", {4: satisfied // 2, 5: satisfied - satisfied // 2, 3: n - satisfied})))
    )
    assert fact(found, "csat", "csat_low", "csat_high", "answers") == pytest.approx(
        (satisfied / n, low, high, n), abs=5e-5
    )


def test_csat_takes_the_top_boxes_of_each_scale(shop: Shop) -> None:
    # 1-3: only 3; 1-10: 9 and 10; 0-1 (good or bad): 1; 1-5: 4 and 5
    store = shop(
        surveys=surveys(
            answers("csat", {3: 2, 2: 3}, more="1,3"),
            answers("csat", {9: 1, 10: 1, 8: 2}, more="1,10"),
            answers("csat", {1: 4, 0: 1}, more="0,1"),
            answers("csat", {4: 1, 5: 1, 3: 1}, more="1,5"),
        )
    )
    found = csat(store)
    assert fact(found, "csat", "answers", "mean") == (pytest.approx(10 / 17), 17, None)
    assert said(found, "several scales: 0-1 (5 answers), 1-3 (5 answers), 1-10 (4 answers), 1-5 (3 answers)")


def test_csat_answers_mostly_off_an_undeclared_scale_are_refused(shop: Shop) -> None:
    store = shop(surveys=surveys(answers("csat", {9: 20, 8: 10, 4: 5})))
    with pytest.raises(DataError, match="30 of 35 csat answers lie off the 1-5 scale"):
        csat(store)
    assert fact(csat(store, scale="1-10"), "csat") == (pytest.approx(20 / 35),)
    with pytest.raises(UsageError, match="--scale five"):
        csat(store, scale="five")


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


def tickets(closed: dict[str, int]) -> str:
    """A tickets.csv: closed tickets per channel, the first ones being those that the answers of `answers` name."""
    lines = ["ticket_id,created_at,channel,status"]
    for channel, count in closed.items():
        lines += [f"{channel}-{number},2026-11-02T09:00:00Z,{channel},closed" for number in range(count)]
    return "\n".join(lines)


def of_tickets(kind: str, channel: str, scores: dict[int, int]) -> list[str]:
    """Survey lines that name the tickets of a channel, one each."""
    every = [score for score, count in scores.items() for _ in range(count)]
    return [f"{kind},{score},{WEEK},,,{channel},{channel}-{number}," for number, score in enumerate(every)]


CLOSED = {"email": 400, "chat": 300, "phone": 300}


def test_csat_weighted_to_the_closed_tickets_is_that_of_the_survey_package(shop: Shop) -> None:
    store = shop(
        tickets=tickets(CLOSED),
        surveys=surveys(
            of_tickets("csat", "email", {5: 42, 1: 18}),
            of_tickets("csat", "chat", {5: 27, 1: 3}),
            of_tickets("csat", "phone", {5: 8, 1: 2}),
        ),
    )
    assert fact(csat(store), "csat") == (0.77,)
    found = csat(store, weigh_by="channel")
    # R survey: 0.790, SE 0.0479; Wilson's interval of 0.79 on 0.79 * 0.21/0.0479^2 = 72.4 answers
    assert fact(found, "csat", "answers") == (pytest.approx(0.79, abs=1e-9), 100)
    assert fact(found, "csat_low", "csat_high") == pytest.approx((0.6826, 0.8682), abs=2e-3)
    assert said(found, "weighted by channel to 1000 closed tickets: raw 77.0 %, weighted 79.0 %")
    assert said(found, "design effect 1.47, effective answers 68.2")


def test_nps_weighted_to_the_closed_tickets_is_that_of_the_survey_package(shop: Shop) -> None:
    store = shop(
        tickets=tickets(CLOSED),
        surveys=surveys(
            of_tickets("nps", "email", {10: 30, 7: 12, 0: 18}),
            of_tickets("nps", "chat", {10: 21, 7: 6, 0: 3}),
            of_tickets("nps", "phone", {10: 4, 7: 2, 0: 4}),
        ),
    )
    found = nps(store, weigh_by="channel")
    assert fact(found, "nps", "answers", "promoters") == (pytest.approx(26.0), 100, 55)
    assert fact(nps(store), "nps") == (30.0,)
    low, high = fact(found, "nps_low", "nps_high")
    # about 26 +- 1.96 * 10.32
    assert (high - low) / 2 == pytest.approx(20.2, abs=0.8)


def test_a_channel_without_answers_is_merged_and_reported(shop: Shop) -> None:
    store = shop(
        tickets=tickets(CLOSED),
        surveys=surveys(of_tickets("csat", "email", {5: 42, 1: 18}), of_tickets("csat", "chat", {5: 27, 1: 3})),
    )
    found = csat(store, weigh_by="channel")
    # 0.4 * 0.7 + 0.6 * 0.9
    assert fact(found, "csat") == (pytest.approx(0.82),)
    assert said(found, "merged for want of answers: chat, phone")


def test_an_answer_without_a_ticket_is_weighted_by_its_own_column(shop: Shop) -> None:
    # 6 of 10 of email, 9 of 10 of chat; 400 and 600 closed: 0.4 * 0.6 + 0.6 * 0.9; fax has no tickets
    store = shop(
        tickets=tickets({"email": 400, "chat": 600}),
        surveys=surveys(
            answers("csat", {5: 6, 1: 4}, channel="email"),
            answers("csat", {5: 9, 1: 1}, channel="chat"),
            answers("csat", {5: 2}, channel="fax"),
        ),
    )
    found = csat(store, weigh_by="channel")
    assert fact(found, "csat", "answers") == (pytest.approx(0.78), 22)
    assert said(found, "2 answers of unknown channel carry no weight")


def test_two_columns_are_raked_to_both_margins(shop: Shop) -> None:
    # the published case: e-en 30/40, e-ru 12/20, c-en 22/25, c-ru 9/15, margins half and half
    cells = {("email", "en"): (30, 40), ("email", "ru"): (12, 20), ("chat", "en"): (22, 25), ("chat", "ru"): (9, 15)}
    lines = ["ticket_id,created_at,channel,language,status"]
    told = []
    for (channel, language), (good, count) in cells.items():
        for number in range(50):
            lines.append(f"{channel}{language}{number},2026-11-02T09:00:00Z,{channel},{language},closed")
        told += [f"csat,{5 if n < good else 1},{WEEK},,,,{channel}{language}{n}," for n in range(count)]
    found = csat(shop(tickets="\n".join(lines), surveys=surveys(told)), weigh_by="channel,language")
    # R survey: 0.70602, SE 0.0488
    assert fact(found, "csat") == (pytest.approx(0.70602, abs=2e-5),)
    low, high = fact(found, "csat_low", "csat_high")
    assert (high - low) / 2 == pytest.approx(1.96 * 0.0488, abs=3e-3)


def test_a_refusal_ends_with_exit_code_3(supportkit: Call, tmp_path: Any) -> None:
    file = tmp_path / "surveys.csv"
    file.write_text(surveys(answers("nps", {1: 5, 5: 20}), answers("ces", {1: 9, 4: 9}, more="1,5")), encoding="utf-8")
    for name in ("nps", "ces"):
        code, out, err = supportkit(name, "--data", file)
        assert (code, out) == (3, "")
        assert "hint:" in err


def test_weights_need_tickets_and_no_groups(shop: Shop) -> None:
    store = shop(surveys=surveys(of_tickets("csat", "email", {5: 42, 1: 18})))
    with pytest.raises(DataError, match="no ticket is closed"):
        csat(store, weigh_by="channel")
    with pytest.raises(UsageError, match="--weigh-by"):
        csat(store, weigh_by="channel", by="channel")


def test_weights_work_from_the_command_line(supportkit: Call, tmp_path: Any) -> None:
    (tmp_path / "tickets.csv").write_text(tickets(CLOSED), encoding="utf-8")
    (tmp_path / "surveys.csv").write_text(
        surveys(of_tickets("nps", "email", {10: 30, 0: 30}), of_tickets("nps", "chat", {10: 30, 0: 10})),
        encoding="utf-8",
    )
    code, out, _ = supportkit("nps", "--weigh-by", "channel", "--data", tmp_path, "--format", "csv")
    assert code == 0
    # email 0 on 400 of 1000, chat with phone 50 on 600 of 1000
    assert out.splitlines()[1].startswith("30")


@pytest.mark.parametrize("metric", [nps, csat, csi, ces])
def test_the_same_answers_twice_give_the_same_score_and_a_narrower_interval(
    shop: Shop, metric: Callable[[Store], Result]
) -> None:
    name = metric.__name__
    once = answers(name, {6: 10, 7: 20, 3: 10}, more="1,7") if name != "nps" else answers(name, {6: 10, 9: 20, 3: 10})
    again = [f"{line[:-1]}-again," for line in once]
    single, double = metric(shop(surveys=surveys(once))), metric(shop(surveys=surveys(once, again)))
    assert double.facts[name] == pytest.approx(single.facts[name])
    assert double.facts["answers"] == 2 * int(single.facts["answers"])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["nps", "csat", "csi", "ces"])
def test_scores_load_no_numpy(name: str) -> None:
    code = (
        f"import sys; from supportkit.{name} import {name}; from supportkit.store import memory_store; "
        f"{name}(memory_store()); "
        "sys.exit(any(word in sys.modules for word in ('numpy', 'scipy', 'pandas', 'sklearn')))"
    )
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": "src"}, check=False).returncode == 0


RATED = """ticket_id,created_at,channel,satisfaction
    t1,2026-11-02T09:00:00Z,email,Good
    t2,2026-11-02T09:00:00Z,email,Good with comment
    t3,2026-11-02T09:00:00Z,email,Bad
    t4,2026-11-02T09:00:00Z,chat,Extremely Unhappy
    t5,2026-11-02T09:00:00Z,chat,Very satisfied
    t6,2026-11-02T09:00:00Z,chat,Offered
    t7,2026-11-02T09:00:00Z,chat,Not Offered
    t8,2026-11-02T09:00:00Z,chat,Bad
    t9,2026-11-02T09:00:00Z,chat,whatever
    t10,2026-11-02T09:00:00Z,chat,"""


def test_satisfaction_that_stands_in_the_tickets_is_counted(shop: Shop) -> None:
    found = csat(shop(tickets=RATED))
    # good: t1, t2, t5; bad: t3, t4, t8
    assert fact(found, "csat", "answers", "mean") == (0.5, 6, 0.5)
    assert said(found, "1 answer off their scale")
    assert said(found, "1 invitation without an answer")
    assert found.scope.rows == 8
    assert [row[:1] + row[4:5] for row in csat(shop(tickets=RATED), by="channel").rows] == [("chat", 3), ("email", 3)]


def test_stars_in_the_tickets_are_scores(shop: Shop) -> None:
    stars = "\n".join(f"t{n},2026-11-02T09:00:00Z,{5 if n < 6 else 2}" for n in range(8))
    found = csat(shop(tickets=f"ticket_id,created_at,satisfaction\n{stars}"))
    assert fact(found, "csat", "answers", "mean") == (0.75, 8, 4.25)


def test_a_ticket_with_a_survey_is_not_counted_again(shop: Shop) -> None:
    # the survey of t8 is good, though its ticket says bad
    found = csat(shop(tickets=RATED, surveys=surveys([f"csat,1,{WEEK},0,1,chat,t8,"])))
    assert fact(found, "csat", "answers") == (pytest.approx(4 / 6), 6)


def test_ratings_in_the_tickets_are_named_where_they_cannot_be_split(shop: Shop) -> None:
    found = csat(shop(tickets=RATED, surveys=surveys(answers("csat", {5: 6}, channel="chat"))), by="item")
    assert fact(found, "answers") == (6,)
    assert said(found, "8 ratings in the tickets left out: unknown column of tickets 'item'")


def test_csat_hands_over_its_leaves_for_why(shop: Shop) -> None:
    store = shop(
        surveys=surveys(
            answers("csat", {5: 8, 1: 2}, WEEK_BEFORE, "chat"),
            answers("csat", {5: 3, 1: 7, 9: 4}, WEEK, "chat"),
            answers("csat", {4: 5}, WEEK, "email"),
        )
    )
    assert leaves(store, dimensions=("channel",)).leaves == {("chat",): (20, 11), ("email",): (5, 5)}
    weekly = leaves(store, dimensions=("channel",), over="week")
    assert weekly.dimensions == ("channel", "period")
    assert weekly.leaves[("chat", "2026-W45")] == (10, 3)


def test_why_explains_a_moved_csat_by_the_agent_of_the_sample(supportkit: Call, samples: Any) -> None:
    code, out, _ = supportkit("why", "csat", "--group", "agent=Mark", "--data", samples, "--format", "json")
    assert code == 0
    assert '"change"' in out


def test_csi_takes_the_items_mean_importance_where_one_is_missing_or_negative(shop: Shop) -> None:
    lines = [
        *(line for number in range(4) for line in respondent(f"c{number}", (10, 1), (1, 3))),
        *respondent("d", (10, 1), ("", -2)),
    ]
    found = csi(shop(surveys="\n".join([CSI_HEADER, *lines])))
    # every respondent: (1 * 100 + 3 * 0)/4
    assert fact(found, "csi", "answers") == (25.0, 5)
    assert said(found, "2 answers without an importance of 0 or more: the mean of the item is taken")


def test_customers_who_answer_again_and_again_are_said_to_narrow_the_interval(shop: Shop) -> None:
    lines = [f"nps,9,2026-11-0{1 + number % 5}T10:00:00Z,c{number // 5}" for number in range(20)]
    found = nps(shop(surveys="\n".join(["kind,score,responded_at,customer_id", *lines])))
    assert said(found, "20 answers come from 4 customers")


def test_groups_of_equal_answers_are_not_said_to_differ(shop: Shop) -> None:
    store = shop(surveys=surveys(answers("ces", {7: 6}, channel="chat"), answers("ces", {6: 6}, channel="email")))
    assert [row[-4:] for row in ces(store, by="channel").rows] == [(None,) * 4] * 2
