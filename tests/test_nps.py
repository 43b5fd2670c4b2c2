"""Net promoter score: published numbers, what is left out, other scales, comparisons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from supportkit.errors import DataError
from supportkit.nps import nps
from supportkit.period import containing, parse_period
from supportkit.result import Chart
from supportkit.stats.intervals import nps_difference, nps_interval
from supportkit.store import Store
from tests.survey_answers import WEEK, WEEK_BEFORE, answers, fact, in_files, said, surveys

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


def test_an_interval_of_answers_that_are_nearly_all_alike_says_how_often_it_holds_the_truth(shop: Shop) -> None:
    # where 95 % are promoters and the others passive, 8 of 10 ends at 94.3: no sample of ten up to there holds 95
    found = nps(
        shop(surveys=surveys(answers("nps", {10: 8, 8: 2}, channel="chat"), answers("nps", {10: 30, 1: 5, 8: 5}))),
        by="channel",
    )
    assert said(found, "under 5 answers unlike the others")
    assert said(found, "in 83 to 99 of 100 cases, in 95 on average: chat")


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


@pytest.mark.parametrize(
    ("scores", "named"),
    [
        ({5: 8, 4: 2}, True),
        ({5: 3, 1: 3}, True),  # half of them are 4 or 5
        ({5: 3, 1: 4}, False),  # detractors who spread from 1 to 5
        ({4: 3, 5: 1, 1: 4}, True),  # three different scores
        ({5: 1, 2: 3, 1: 3}, True),
        ({4: 9, 3: 1}, False),  # nobody gave a 5
        ({5: 4}, False),  # four answers are too few to say so
        ({5: 5}, True),
        ({5: 9, 6: 1}, False),
        ({5: 9, 0: 1}, False),
    ],
)
def test_a_second_file_on_one_to_five_is_named(shop: Shop, tmp_path: Path, scores: dict[int, int], named: bool) -> None:
    store = shop(surveys=surveys(answers("nps", {10: 20, 0: 10})))
    found = nps(in_files(store, tmp_path, surveys_shop=surveys(answers("nps", scores, channel="web"))))
    words = (
        f"surveys_shop.csv: all {sum(scores.values())} nps answers lie between 1 and 5; if its scale is not 0-10, "
        "declare scale_max"
    )
    assert (words in found.notes) is named
    assert said(found, "surveys_shop.csv") is named


def test_a_file_is_judged_by_its_scores_of_this_question_that_declare_no_scale(shop: Shop, tmp_path: Path) -> None:
    first = surveys(answers("nps", {10: 20, 0: 10}))
    declared = surveys(answers("nps", {5: 8, 4: 2}, channel="web", more="0,10"))
    assert not said(nps(in_files(shop(surveys=first), tmp_path, declared=declared)), "lie between 1 and 5")
    silent = [f"nps,,,,,web,t{n},{WEEK}" for n in range(3)]
    others = answers("csat", {9: 3}, channel="web")
    beside = surveys(answers("nps", {5: 8, 4: 2}, channel="web"), silent, others)
    assert said(nps(in_files(shop(surveys=first), tmp_path, beside=beside)), "beside.csv: all 10 nps answers lie")


def test_files_are_looked_into_only_where_there_are_several_or_all_answers_are_low(shop: Shop, tmp_path: Path) -> None:
    def looked_into(*scores: int, more: str = ",", **tables: str) -> bool:
        lines = answers("nps", dict.fromkeys(scores, 9), more=more)
        store = replace(shop(surveys=surveys(lines), **tables), queries=[])
        nps(store)
        return any("one_to_five" in asked.sql for asked in store.queries or ())

    assert not looked_into(0, 10)
    assert not looked_into(0, 6)
    assert not looked_into(0, 10, tickets="ticket_id,created_at\nA,2026-11-02T10:00:00Z")
    assert looked_into(0, 5)
    assert not looked_into(0, 5, more="0,10")  # who declares a scale of 0 to 10 has one
    store = in_files(shop(surveys=surveys(answers("nps", {0: 9, 10: 9}))), tmp_path, a=surveys(answers("nps", {8: 1})))
    store = replace(store, queries=[])
    nps(store)
    assert any("one_to_five" in asked.sql for asked in store.queries or ())


@pytest.mark.parametrize(
    ("scores", "more", "said_so"),
    [
        ({5: 1200, 4: 700, 1: 292, 0: 30, 10: 37}, ",", True),  # 2,192 of 2,259: -95.9
        ({5: 9, 10: 1}, "0,10", True),  # whoever declares 0-10: the vendor's profile does for every question
        ({5: 8, 10: 2}, ",", False),  # 8 of 10
        ({5: 8, 10: 1}, ",", False),  # nine answers are too few to say so
        ({0: 9, 10: 1}, ",", False),
    ],
)
def test_nearly_all_answers_between_1_and_5_are_told(
    shop: Shop, scores: dict[int, int], more: str, said_so: bool
) -> None:
    found = nps(shop(surveys=surveys(answers("nps", scores, more=more))))
    low = sum(count for score, count in scores.items() if 1 <= score <= 5)
    assert said(found, f"{low:,} of {sum(scores.values()):,} answers lie between 1 and 5") is said_so


def test_a_file_of_which_nearly_all_answers_lie_between_1_and_5_is_named_among_others(
    shop: Shop, tmp_path: Path
) -> None:
    store = shop(surveys=surveys(answers("nps", {10: 90, 0: 10})))
    found = nps(in_files(store, tmp_path, web=surveys(answers("nps", {5: 20, 4: 9, 10: 1}, channel="web"))))
    assert said(found, "web.csv: 29 of 30 nps answers lie between 1 and 5; if its scale is not 0-10, declare it")


def test_several_files_all_on_one_to_five_are_refused_together(shop: Shop, tmp_path: Path) -> None:
    store = shop(surveys=surveys(answers("nps", {5: 8, 4: 2, 1: 1})))
    store = in_files(store, tmp_path, more=surveys(answers("nps", {5: 8, 3: 2, 2: 1}, channel="web")))
    with pytest.raises(
        DataError, match="no NPS: all 22 answers lie between 1 and 5, which is no 0-10 scale"
    ) as refused:
        nps(store)
    assert "--map scale_max" in str(refused.value.hint)


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


def again(times: int, scores: dict[int, int], country: str = "DE", start: int = 0) -> list[str]:
    """So many customers of each score, who give it so many times."""
    flat = [score for score, customers in scores.items() for _ in range(customers)]
    return [
        f"nps,{score},2026-11-{1 + time:02}T10:00:00Z,{country}{start + who},{country}"
        for who, score in enumerate(flat)
        for time in range(times)
    ]


def test_answers_of_one_customer_that_are_all_alike_count_once(shop: Shop) -> None:
    # 20 promoters, 10 passives and 10 detractors, each five times: an interval of 40 answers, and of 200 for each once
    store = shop(surveys="\n".join(["kind,score,responded_at,customer_id,country", *again(5, {9: 20, 7: 10, 3: 10})]))
    found = nps(store)
    assert fact(found, "nps", "answers", "promoters") == (25.0, 200, 100)
    assert fact(found, "nps_low", "nps_high") == pytest.approx(nps_interval(10, 10, 20))
    assert said(
        found, "200 answers come from 40 customers, and those of one customer agree by 1.00: intervals and tests"
    )
    once = nps(
        shop(surveys="\n".join(["kind,score,responded_at,customer_id", "nps,9,2026-11-01,a", "nps,3,2026-11-02,b"]))
    )
    assert not said(once, "agree by")


def test_a_difference_between_groups_counts_their_customers(shop: Shop) -> None:
    lines = again(5, {9: 20, 3: 10}) + again(5, {9: 10, 3: 20}, "FR")
    found = nps(shop(surveys="\n".join(["kind,score,responded_at,customer_id,country", *lines])), by="country")
    row = next(found.records())
    known = nps_difference((10, 0, 20), (20, 0, 10))
    expected = [known.difference, known.low, known.high, known.p]
    assert [row[name] for name in ("difference", "difference_low", "difference_high", "p")] == pytest.approx(expected)


def test_answers_of_nobody_are_each_their_own(shop: Shop) -> None:
    # two customers with two answers that agree wholly, and 36 answers of nobody: (36 + 8) / 40 answers a customer
    named = [f"nps,{score},2026-11-0{day}T10:00:00Z,c{score}" for score in (9, 3) for day in (1, 2)]
    lines = [*named, *(f"nps,{score},2026-11-03T10:00:00Z," for score in (9, 9, 3) for _ in range(12))]
    found = nps(shop(surveys="\n".join(["kind,score,responded_at,customer_id", *lines])))
    share = 1 / (44 / 40)
    assert fact(found, "nps_low", "nps_high") == pytest.approx(nps_interval(14 * share, 0, 26 * share))


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


def test_the_whole_result_of_a_dozen_answers(shop: Shop) -> None:
    # chat: 6 promoters and 2 passives of 8; email: 1 promoter, 1 passive, 4 detractors of 6; all: 7, 3, 4 of 14
    lines = [
        answers("nps", {9: 4, 10: 2, 8: 1, 7: 1}, channel="chat"),
        answers("nps", {9: 1, 7: 1, 6: 3, 0: 1}, channel="email"),
        [f"nps,,,,,email,t{n},{WEEK}" for n in range(2)],
        answers("csat", {5: 3}, channel="fax"),
    ]
    found = nps(shop(surveys=surveys(*lines)), by="channel")
    assert (found.metric, found.title) == ("nps", "Net promoter score")
    assert found.definition == "promoters (9-10) less detractors (0-6), in points of 100 answers; 95 % interval"
    assert fact(found, "nps", "answers", "promoters", "passives", "detractors") == (
        pytest.approx(100 * (7 - 4) / 14),
        14,
        7,
        3,
        4,
    )
    chat, email = (list(row) for row in found.rows)
    assert chat[:2] + chat[4:8] == ["chat", 75.0, 8, 6, 2, 0]
    assert email[:2] + email[4:8] == ["email", -50.0, 6, 1, 1, 4]
    assert chat[8:9] == [125.0]  # against email, the only other
    assert found.notes[0] == "2 invitations without an answer left out"
    assert found.chart == Chart("interval", x="channel", y="nps", low="nps_low", high="nps_high")
    assert (found.scope.period, found.scope.rows) == ("all", 19)


def test_every_option_of_a_score_is_passed_on(shop: Shop) -> None:
    lines = [
        answers("nps", {10: 6, 0: 2}, channel="chat"),
        answers("nps", {10: 5, 7: 5}, channel="email"),
        answers("nps", {10: 5, 0: 5}, WEEK_BEFORE, "chat"),
        answers("nps", {9: 1}, "2026-11-10T10:00:00Z"),
    ]
    store = shop(
        surveys=surveys(*lines),
        tickets="ticket_id,created_at,channel,status\n"
        + "\n".join(
            f"{channel}{n},2026-11-03T09:00:00Z,{channel},closed"
            for channel, size in (("chat", 30), ("email", 10))
            for n in range(size)
        ),
    )
    week = containing(date(2026, 11, 3), "week")
    assert fact(nps(store, period=week), "answers", "nps") == (18, 50.0)  # 11 less 2 of 18
    rows = nps(store, period=week, by="channel", against="rest").rows
    assert [row[0] for row in rows] == ["chat", "email"]
    assert rows[0][8] == 0.0  # 50 and 50
    rows = nps(store, period=week, by="channel", against="before").rows
    assert [row[8] for row in rows] == [50.0, None]  # chat was 0, email was not there
    assert [row[:2] for row in nps(store, over="week", by="channel").rows][:2] == [
        ("(none)", "2026-W46"),
        ("chat", "2026-W44"),
    ]
    # of the closed tickets .75 are chat, whose answers give (11 - 7)/18, and .25 email with 5/10
    weighed = nps(store, weigh_by="channel")
    assert fact(weighed, "nps") == (pytest.approx(75 * 4 / 18 + 25 * 5 / 10),)
    assert said(weighed, "weighted by channel to 40 closed tickets: raw 34.5, weighted 29.2")  # raw: 17 - 7 of 29


def test_answers_on_another_scale_alone_are_refused_with_their_number(shop: Shop) -> None:
    lines = [answers("nps", {1: 3, 5: 4}, more="1,5"), answers("nps", {1: 2}, more="1,7")]
    with pytest.raises(DataError) as refused:
        nps(shop(surveys=surveys(*lines)))
    assert refused.value.message == (
        "no NPS: the answers were given on another scale than 0-10: 1-5 (7 answers), 1-7 (2 answers)"
    )
    assert refused.value.hint == (
        "load them as csat or ces (--map kind=\"'csat'\"), or correct scale_min and scale_max"
    )


def test_notes_name_each_kind_of_answer_left_out_once(shop: Shop) -> None:
    lines = [
        answers("nps", {10: 6, 0: 2}),
        answers("nps", {5: 1}, more="1,5"),
        answers("nps", {11: 1}),
        [f"nps,,,,,,t,{WEEK}"],
    ]
    assert nps(shop(surveys=surveys(*lines))).notes[:3] == (
        "1 answer on another scale left out: 1-5 (1 answer) beside 0-10",
        "1 answer off the 0-10 scale left out",
        "1 invitation without an answer left out",
    )
    clean = nps(shop(surveys=surveys(answers("nps", {10: 6, 0: 2}))))
    assert not any("left out" in note for note in clean.notes)


@pytest.mark.parametrize(
    ("score", "counts"),
    [(0, (0, 0, 5)), (6, (0, 0, 5)), (7, (0, 5, 0)), (8, (0, 5, 0)), (9, (5, 0, 0)), (10, (5, 0, 0))],
)
def test_each_score_is_of_one_of_the_three(shop: Shop, score: int, counts: tuple[int, int, int]) -> None:
    found = nps(shop(surveys=surveys(answers("nps", {score: 5}, more="0,10"))))
    assert fact(found, "promoters", "passives", "detractors") == counts
    assert fact(found, "nps") == (100 * (counts[0] - counts[2]) / 5,)


def test_no_answers_are_no_score(shop: Shop) -> None:
    found = nps(shop(surveys=surveys(answers("csat", {5: 3}))))
    assert list(found.facts.values()) == [None, None, None, 0, None, None, None]
