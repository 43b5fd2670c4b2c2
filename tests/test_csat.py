"""Customer satisfaction: top boxes on every scale, ratings in the tickets, its leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from supportkit.csat import csat, leaves
from supportkit.errors import DataError, UsageError
from supportkit.store import Store
from tests.conftest import Call
from tests.survey_answers import WEEK, WEEK_BEFORE, answers, fact, said, surveys

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
