"""Customer satisfaction: top boxes on every scale, ratings in the tickets, its leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from supportkit.csat import answers_worth, csat, leaves
from supportkit.errors import DataError, UsageError
from supportkit.explaining.share_comparison import compare
from supportkit.metrics import METRICS
from supportkit.period import containing
from supportkit.request import Request
from supportkit.result import Chart
from supportkit.stats.intervals import newcombe
from supportkit.store import Store
from supportkit.store.conditions import parse_conditions
from tests.conftest import Call, Words
from tests.survey_answers import WEEK, WEEK_BEFORE, answers, fact, in_files, said, surveys

Shop = Callable[..., Store]


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
    assert said(found, "1 of 8 tickets of unknown satisfaction: whatever (1); each is no rating")
    assert said(found, "7 ratings from the tickets' satisfaction")
    assert said(found, "1 invitation without an answer")
    assert found.scope.rows == 8
    assert [row[:1] + row[4:5] for row in csat(shop(tickets=RATED), by="channel").rows] == [("chat", 3), ("email", 3)]


def test_stars_in_the_tickets_are_scores(shop: Shop) -> None:
    stars = "\n".join(f"t{n},2026-11-02T09:00:00Z,{5 if n < 6 else 2}" for n in range(8))
    found = csat(shop(tickets=f"ticket_id,created_at,satisfaction\n{stars}"))
    assert fact(found, "csat", "answers", "mean") == (0.75, 8, 4.25)


@pytest.mark.parametrize(
    ("words", "share", "number"),
    [
        (("4/5", "5 stars", "★★", "2 - meh"), 0.5, 4),  # 4 and 5 of five are good; 2 is not, with its scale or without
        (("9/10", "10/10", "7/10", "1/10"), 0.5, 4),
        (("sehr zufrieden", "Zufrieden", "teils/teils", "unzufrieden"), 0.5, 4),
        (("Très satisfait", "Bien", "Neutre", "Insatisfait"), 0.5, 4),
        (("Muy satisfecho", "Bueno", "Regular", "Malo"), 0.5, 4),
        (("Очень доволен", "Хорошо", "Нормально", "Недоволен"), 0.5, 4),
        (("👍", "😍", "👎", "😡"), 0.5, 4),
        (("Unoffered", "No response", "good", "bad", "not good", "happy"), 0.5, 4),
    ],
)
def test_ratings_in_the_tickets_are_read_in_five_languages_with_their_scale(
    shop: Shop, words: tuple[str, ...], share: float, number: int
) -> None:
    rows = "\n".join(f"t{n}-{again},2026-11-02T09:00:00Z,{word}" for n, word in enumerate(words) for again in range(2))
    found = csat(shop(tickets=f"ticket_id,created_at,satisfaction\n{rows}"))
    assert fact(found, "csat", "answers") == (share, 2 * number)
    assert not said(found, "unknown")


def test_freshdesks_numbers_for_faces_are_no_scores(shop: Shop, tmp_path: Path) -> None:
    head = "Ticket ID,Subject,Status,Created time,Last update time,Source,Agent,Survey results\n"
    faces = "\n".join(
        f"{n},s,Open,2026-11-02 09:00:00,2026-11-02 09:00:00,Email,Kim,{face}"
        for n, face in enumerate((103, 102, 101, 100, -101, -103, 103, 101))
    )
    store = in_files(shop(surveys=surveys()), tmp_path, fd=head + faces, table=None)
    assert fact(csat(store), "csat", "answers") == (5 / 8, 8)


def test_a_check_gives_no_verdict_over_ratings_that_nobody_can_read(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "tickets.csv"
    rows = "".join(f"t{n},2026-11-02T09:00:00Z,{'good' if n < 15 else 'aubergine'}\n" for n in range(16))
    file.write_text(f"ticket_id,created_at,satisfaction\n{rows}", encoding="utf-8")
    # 1 of 16 is more than 5 %; of how many tickets came in it says nothing
    assert supportkit("check", "--data", file, "--period", "all", "--expect", "csat > 0")[0] == 3
    assert supportkit("check", "--data", file, "--period", "all", "--expect", "service.tickets > 0")[0] == 0
    answered = tmp_path / "answers.csv"
    answered.write_text(surveys(answers("csat", {5: 10})), encoding="utf-8")
    # with ten answers to a survey it is 1 of 26
    assert supportkit("check", "--data", tmp_path, "--period", "all", "--expect", "csat > 0")[0] == 0
    code, _, err = supportkit("load", file, "--db", tmp_path / "t.db", "--value", "satisfaction:aubergine=2/5")
    assert code == 0
    assert "aubergine" in err


def test_a_ticket_with_a_survey_is_not_counted_again(shop: Shop) -> None:
    # the survey of t8 is good, though its ticket says bad
    found = csat(shop(tickets=RATED, surveys=surveys([f"csat,1,{WEEK},0,1,chat,t8,"])))
    assert fact(found, "csat", "answers") == (pytest.approx(4 / 6), 6)


def test_ratings_in_the_tickets_are_named_where_they_cannot_be_split(shop: Shop) -> None:
    found = csat(shop(tickets=RATED, surveys=surveys(answers("csat", {5: 6}, channel="chat"))), by="item")
    assert fact(found, "answers") == (6,)
    assert said(found, "7 ratings in the tickets left out: unknown column of tickets 'item'")


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


def test_why_explains_a_moved_csat_by_the_agent_of_the_sample(supportkit: Call, stored: Words) -> None:
    code, out, _ = supportkit("why", "csat", "--group", "agent=Mark", *stored, "--format", "json")
    assert code == 0
    assert '"change"' in out


def test_why_counts_ten_like_answers_of_a_customer_as_one(shop: Shop) -> None:
    # 12 of 20 customers are satisfied in chat, 6 of 20 by mail; each says the same ten times, about ten tickets
    lines = [
        f"csat,{5 if who < good else 1},{WEEK},,,{channel},t{channel}{who}-{n},{channel}{who}"
        for channel, good in (("chat", 12), ("mail", 6))
        for who in range(20)
        for n in range(10)
    ]
    head = "kind,score,responded_at,scale_min,scale_max,channel,ticket_id,customer_id"
    store = shop(surveys="\n".join([head, *lines]))
    request = Request(METRICS["csat"], conditions=tuple(parse_conditions(["channel=chat"])), against="rest")
    compared = compare(store, request)
    assert (compared.after.cases, compared.after.successes) == (200, 120)
    assert compared.interval == pytest.approx(newcombe(12, 20, 6, 20), abs=1e-6)
    assert any("agree by 1.00" in note for note in compared.after.notes)
    assert answers_worth(store) == pytest.approx(0.1, abs=1e-6)


def test_the_whole_result_of_ten_answers(shop: Shop) -> None:
    # chat: 5 satisfied of 6, scores 5 * 3 + 4 * 2 + 3 = 26; email: 1 of 5, scores 5 + 2 * 2 + 2 = 11; the 6 is off
    lines = [
        answers("csat", {5: 3, 4: 2, 3: 1}, channel="chat", more="1,5"),
        answers("csat", {5: 1, 2: 2, 1: 2}, channel="email", more="1,5"),
        [f"csat,,,,,email,t{n},{WEEK}" for n in range(2)],
        answers("csat", {6: 1}, channel="email", more="1,5"),
        answers("nps", {9: 3}, channel="fax"),
    ]
    found = csat(shop(surveys=surveys(*lines)), by="channel")
    assert (found.metric, found.title) == ("csat", "Customer satisfaction")
    assert found.definition == "answers in the top boxes (4-5 of 1-5) of all answers; 95 % interval"
    assert fact(found, "csat", "answers", "mean") == (pytest.approx(6 / 11), 11, pytest.approx(37 / 11))
    chat, email = (list(row) for row in found.rows)
    assert chat[:2] + chat[4:6] == ["chat", pytest.approx(5 / 6), 6, pytest.approx(26 / 6)]
    assert email[:2] + email[4:6] == ["email", 0.2, 5, 2.2]
    assert chat[6] == pytest.approx(5 / 6 - 0.2)
    assert found.notes[:2] == ("1 answer off their scale left out", "2 invitations without an answer left out")
    assert found.chart == Chart("interval", x="channel", y="csat", low="csat_low", high="csat_high")
    assert (found.scope.period, found.scope.rows) == ("all", 17)
    # z = .633/sqrt(6/11 * 5/11 * (1/6 + 1/5)) = 2.10
    assert said(found, "chat (+63.3 percentage points), email (-63.3 percentage points)")


def test_answers_that_declare_no_scale_are_said_to_be_read_on_the_usual_one(shop: Shop) -> None:
    found = csat(shop(surveys=surveys(answers("csat", {5: 4, 1: 2}))))
    assert found.notes[0] == "6 answers without a declared scale, read as 1-5"
    assert fact(found, "mean") == (pytest.approx(22 / 6),)
    assert found.chart is None
    assert csat(shop(surveys=surveys(answers("csat", {9: 4, 10: 2, 8: 1, 1: 2}))), scale="1-10").notes[0] == (
        "9 answers without a declared scale, read as 1-10"
    )


@pytest.mark.parametrize(
    ("scale", "satisfied"),
    [
        ("0,1", {1}),
        ("1,2", {2}),
        ("1,3", {3}),
        ("0,2", {2}),
        ("1,4", {3, 4}),
        ("0,3", {2, 3}),
        ("1,5", {4, 5}),
        ("0,10", {9, 10}),
        ("1,7", {6, 7}),
    ],
)
def test_of_three_scores_or_fewer_the_highest_alone_is_satisfied_and_of_more_the_two_highest(
    shop: Shop, scale: str, satisfied: set[int]
) -> None:
    low, high = (int(end) for end in scale.split(","))
    store = shop(
        surveys=surveys(
            *(answers("csat", {score: 5}, channel=f"s{score:02}", more=scale) for score in range(low, high + 1))
        )
    )
    shares = {int(str(row[0])[1:]): row[1] for row in csat(store, by="channel").rows}
    assert shares == {score: float(score in satisfied) for score in range(low, high + 1)}


def test_every_option_of_csat_is_passed_on(shop: Shop) -> None:
    lines = [
        answers("csat", {5: 6, 1: 2}, channel="chat"),
        answers("csat", {5: 9, 1: 1}, channel="email"),
        answers("csat", {5: 5, 1: 5}, WEEK_BEFORE, "chat"),
        answers("csat", {5: 1}, "2026-11-10T10:00:00Z", "chat"),
    ]
    closed = [
        f"{c}{n},2026-11-03T09:00:00Z,{c},closed" for c, size in (("chat", 30), ("email", 10)) for n in range(size)
    ]
    store = shop(surveys=surveys(*lines), tickets="\n".join(["ticket_id,created_at,channel,status", *closed]))
    week = containing(date(2026, 11, 3), "week")
    assert fact(csat(store, period=week), "answers", "csat") == (18, pytest.approx(15 / 18))
    rows = csat(store, period=week, by="channel", against="rest").rows
    assert [row[6] for row in rows] == pytest.approx([0.75 - 0.9, 0.9 - 0.75])
    assert [row[6] for row in csat(store, period=week, by="channel", against="before").rows] == [0.25, None]
    assert [row[:2] for row in csat(store, by="channel", over="week").rows] == [
        ("chat", "2026-W44"),
        ("chat", "2026-W45"),
        ("chat", "2026-W46"),
        ("email", "2026-W45"),
    ]
    # closed: .75 chat, with 12 of 19, and .25 email, with 9 of 10; raw 21 of 29
    weighed = csat(store, weigh_by="channel")
    assert fact(weighed, "csat") == (pytest.approx(0.75 * 12 / 19 + 0.25 * 0.9),)
    assert said(weighed, "raw 72.4 %, weighted 69.9 %")


def test_ratings_in_the_tickets_count_in_no_weighted_score(shop: Shop) -> None:
    closed = [f"c{n},2026-11-03T09:00:00Z,chat,closed,Bad" for n in range(6)]
    store = shop(
        surveys=surveys(answers("csat", {5: 6}, channel="chat")),
        tickets="\n".join(["ticket_id,created_at,channel,status,satisfaction", *closed]),
    )
    assert fact(csat(store), "answers", "csat") == (12, 0.5)
    assert fact(csat(store, weigh_by="channel"), "answers", "csat") == (6, 1.0)


def test_the_leaves_are_the_answers_on_their_scale_by_channel_country_and_agent(shop: Shop) -> None:
    text = f"""
    kind,score,responded_at,scale_min,scale_max,channel,country,agent,ticket_id,invited_at
    csat,5,{WEEK},1,5,chat,DE,Ann,1,
    csat,3,{WEEK},1,5,chat,DE,Ann,2,
    csat,3,{WEEK},1,3,chat,DE,Ann,3,
    csat,8,{WEEK},,,chat,DE,Ann,4,
    csat,4,{WEEK},,,,,,5,
    csat,,,,,chat,DE,Ann,6,{WEEK}
    nps,9,{WEEK},,,chat,DE,Ann,7,
    csat,5,{WEEK_BEFORE},,,chat,DE,Ann,8,
    """
    store = shop(surveys=text)
    found = leaves(store)
    assert (found.what, found.dimensions) == ("customers who are satisfied", ("channel", "country", "agent"))
    # on 1-5: 5, 3, 4 and 5; on 1-3 the 3; the 8 is off the usual scale, and on 1-10 no top box
    assert found.leaves == {("chat", "DE", "Ann"): (4, 3), ("(none)", "(none)", "(none)"): (1, 1)}
    assert leaves(store, scale="1-10").leaves == {("chat", "DE", "Ann"): (5, 2), ("(none)", "(none)", "(none)"): (1, 0)}
    assert found.scope.rows == 8
    week = containing(date(2026, 11, 3), "week")
    assert leaves(store, period=week).leaves[("chat", "DE", "Ann")] == (3, 2)
    assert leaves(store.filtered(as_of=datetime(2026, 11, 1, tzinfo=UTC))).notes == (
        "7 surveys dated after --as-of are left out",
    )
    weekly = leaves(store, over="week", dimensions=("country",))
    assert weekly.dimensions == ("country", "period")
    assert weekly.leaves == {("DE", "2026-W45"): (3, 2), ("DE", "2026-W44"): (1, 1), ("(none)", "2026-W45"): (1, 1)}


def test_an_empty_name_in_the_store_is_none_in_the_leaves(shop: Shop) -> None:
    store = shop(surveys=surveys(answers("csat", {5: 2}, channel="chat")))
    store.connection.execute("update surveys set channel = '', country = '', agent = ''")
    assert leaves(store).leaves == {("(none)", "(none)", "(none)"): (2, 2)}


def test_the_smallest_change_to_be_seen_is_that_of_a_share(shop: Shop) -> None:
    # a share of .8 varies by .16; (1.95996 + 0.84162) * .4 * sqrt(1/100 + 1/100) = .15848
    both = surveys(
        answers("csat", {5: 80, 1: 20}),
        answers("csat", {5: 80, 1: 20}, WEEK_BEFORE),
        answers("csat", {5: 1}, "2026-11-10T10:00:00Z"),
    )
    found = csat(shop(surveys=both), period=containing(date(2026, 11, 3), "week"))
    assert said(found, "100 answers against 100 show a change from 15.8 percentage points on")
