"""Survey quality on tickets written here, and on the sample shop, where an agent asks after good conversations only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from supportkit.config import read_config
from supportkit.errors import UsageError
from supportkit.exports import LoadOptions, load
from supportkit.result import Result
from supportkit.stats.split import Leaves, leaf_table, split
from supportkit.store import Store, memory_store
from supportkit.survey_quality import survey_quality

Shop = Callable[..., Store]
Ticket = tuple[str, str, bool, int | None, bool]
"""Channel, agent, whether it was reopened, the score (None: no answer), whether it was offered a survey."""

DONE = "2026-11-02T09:00:00Z"


def shop_of(shop: Shop, tickets: Sequence[Ticket]) -> Store:
    """A store with closed tickets and their CSAT surveys."""
    lines = ["ticket_id,created_at,channel,agent,status,reopens"]
    surveys = ["kind,score,responded_at,scale_min,scale_max,ticket_id,invited_at"]
    for number, (channel, agent, reopened, score, offered) in enumerate(tickets):
        lines.append(f"t{number},{DONE},{channel},{agent},closed,{int(reopened)}")
        if offered:
            answer = f"{score},2026-11-03T10:00:00Z" if score else ","
            surveys.append(f"csat,{answer},1,5,t{number},2026-11-03T09:00:00Z")
    return shop(tickets="\n".join(lines), surveys="\n".join(surveys))


def times(
    count: int, channel: str, agent: str, reopened: bool, score: int | None, offered: bool = True
) -> list[Ticket]:
    """A number of tickets alike."""
    return [(channel, agent, reopened, score, offered)] * count


def line(result: Result, check: str, name: str) -> dict[str, Any]:
    """The row of a check and a slice."""
    return next(row for row in result.records() if (row["check"], row["slice"]) == (check, name))


def test_bounds_and_break_even_are_the_published_ones(shop: Shop) -> None:
    # 500 asked, 100 answered (r = 0.2), 95 of them satisfied: 0.19 to 0.99; 0.80 needs 0.7625 of the silent
    tickets = (
        times(95, "email", "Ann", False, 5)
        + times(5, "email", "Ann", False, 1)
        + times(400, "email", "Ann", False, None)
    )
    found = survey_quality(shop_of(shop, tickets))
    assert [found.facts[name] for name in ("closed", "offered", "answered")] == [500, 500, 100]
    assert found.facts["response_rate"] == 0.2
    assert (found.facts["bound_low"], found.facts["bound_high"]) == pytest.approx((0.19, 0.99), abs=1e-9)
    assert line(found, "break-even", "those asked")["value"] == pytest.approx(0.7625, abs=1e-9)


def test_representativeness_is_the_published_one(shop: Shop) -> None:
    # answers 60 of 400, 30 of 300, 10 of 300 by channel: R = 0.90339
    tickets = [
        ticket
        for channel, answered, closed in (("email", 60, 400), ("chat", 30, 300), ("phone", 10, 300))
        for ticket in times(answered, channel, "Ann", False, 4) + times(closed - answered, channel, "Ann", False, None)
    ]
    found = survey_quality(shop_of(shop, tickets))
    assert found.facts["representativeness"] == pytest.approx(0.90339, abs=5e-6)
    assert "variation 0.48" in line(found, "representativeness", "channel and outcome")["says"]


def test_the_weighted_score_is_that_of_the_survey_package(shop: Shop) -> None:
    # strata need 20 answers, so the published case is taken twice: 0.770 raw, 0.790 weighted, SE 0.0479/sqrt(2)
    tickets = [
        ticket
        for channel, good, answered, closed in (("email", 84, 120, 800), ("chat", 54, 60, 600), ("phone", 16, 20, 600))
        for ticket in times(good, channel, "Ann", False, 5)
        + times(answered - good, channel, "Ann", False, 1)
        + times(closed - answered, channel, "Ann", False, None)
    ]
    row = line(survey_quality(shop_of(shop, tickets)), "weighted score", "channel and outcome")
    assert row["value"] == pytest.approx(0.79, abs=1e-9)
    assert row["high"] - row["low"] == pytest.approx(2 * 1.96 * 0.0479 / 2**0.5, abs=2e-3)
    assert "design effect 1.47" in row["says"]


def test_mix_and_rate_are_the_published_ones() -> None:
    before: Leaves = {("a",): (600, 420), ("b",): (400, 360)}
    after: Leaves = {("a",): (300, 204), ("b",): (700, 623)}
    parts = split(leaf_table(before, after, ["channel"]))
    assert (parts.rate_before, parts.rate_after) == pytest.approx((0.780, 0.827))
    assert (parts.rate, parts.mix) == pytest.approx((-0.0145, 0.0615), abs=1e-9)


def asking(agent: str, clean: tuple[int, int], bad: tuple[int, int]) -> list[Ticket]:
    """Tickets of an agent: (offered, closed) among clean and among reopened ones; nobody answers."""
    return [
        *times(clean[0], "email", agent, False, None),
        *times(clean[1] - clean[0], "email", agent, False, None, offered=False),
        *times(bad[0], "email", agent, True, None),
        *times(bad[1] - bad[0], "email", agent, True, None, offered=False),
    ]


def test_an_agent_who_asks_only_after_good_conversations_is_named_and_no_other(shop: Shop) -> None:
    tickets = (
        asking("Mark", (60, 100), (1, 40)) + asking("Ann", (50, 100), (20, 40)) + asking("Bob", (48, 100), (22, 40))
    )
    found = survey_quality(shop_of(shop, tickets))
    picking = [row for row in found.records() if row["check"] == "cherry-picking"]
    assert [(row["slice"], row["flag"]) for row in picking] == [
        ("all", True),
        ("agent Mark", True),
        ("all other agents", False),
    ]
    # 60/100 less 1/40
    assert picking[1]["value"] == pytest.approx(0.575)
    assert "Mark asks only after good conversations" in str(picking[1]["says"])


def test_agents_who_ask_alike_are_not_accused(shop: Shop) -> None:
    tickets = asking("Ann", (50, 100), (20, 40)) + asking("Bob", (48, 100), (18, 40))
    found = survey_quality(shop_of(shop, tickets))
    assert not any(row["flag"] for row in found.records() if row["check"] in ("cherry-picking", "offered"))


def test_each_channel_and_agent_has_its_rates_and_those_unlike_the_rest_are_flagged(shop: Shop) -> None:
    tickets = [
        *times(30, "email", "Ann", False, 5),
        *times(30, "email", "Bob", False, None),
        *times(10, "chat", "Ann", False, 5),
        *times(10, "chat", "Bob", False, None),
        *times(80, "chat", "Bob", False, None, offered=False),
    ]
    found = survey_quality(shop_of(shop, tickets))
    email, chat = (line(found, "offered", f"channel {name}") for name in ("email", "chat"))
    # 60 of 60 and 20 of 100; 40 of 40 by Ann, 40 of 120 by Bob
    assert [(row["value"], row["flag"]) for row in (email, chat)] == [(1.0, True), (0.2, True)]
    assert [line(found, "offered", f"agent {name}")["value"] for name in ("Ann", "Bob")] == pytest.approx([1, 1 / 3])
    assert [line(found, "answered", f"agent {name}")["value"] for name in ("Ann", "Bob")] == [1.0, 0.0]
    # half of those asked answer in either channel: nothing to flag
    assert [line(found, "answered", f"channel {name}")["flag"] for name in ("email", "chat")] == [False, False]
    assert line(survey_quality(shop_of(shop, tickets), alarm_gap=0.9), "offered", "channel chat")["flag"] is False


def scoring(clean: dict[int, int], bad: dict[int, int]) -> list[Ticket]:
    """Answered tickets with their scores, clean and reopened, and one that nobody answered."""
    return [
        *(ticket for score, count in clean.items() for ticket in times(count, "email", "Ann", False, score)),
        *(ticket for score, count in bad.items() for ticket in times(count, "email", "Ann", True, score)),
        *times(1, "email", "Ann", False, None),
    ]


def test_a_score_that_sees_bad_tickets_has_a_gap_and_an_area(shop: Shop) -> None:
    found = survey_quality(shop_of(shop, scoring({5: 30, 4: 10}, {5: 5, 1: 15})))
    # satisfied 40/40 against 5/20; pairs 800: bad 1 loses to all 40 (600), bad 5 ties 30 and beats 10 (5 * 15 = 75)
    assert found.facts["digging_gap"] == pytest.approx(0.75)
    assert found.facts["digging_auc"] == pytest.approx(675 / 800)
    assert line(found, "digging", "bad tickets")["flag"] is False


def test_five_stars_after_every_ticket_are_called_blind(shop: Shop) -> None:
    found = survey_quality(shop_of(shop, scoring({5: 60}, {5: 20})))
    assert (found.facts["digging_gap"], found.facts["digging_auc"]) == (0.0, 0.5)
    assert line(found, "digging", "bad tickets")["flag"] is True
    assert "Dig: ask about the problem" in line(found, "digging", "bad tickets")["says"]
    # 80 of 80 at the top without any spread
    assert line(found, "ceiling", "all")["flag"] is True
    assert line(found, "ceiling", "agent Ann")["flag"] is True


def test_too_few_answers_about_bad_tickets_give_no_verdict(shop: Shop) -> None:
    found = survey_quality(shop_of(shop, scoring({5: 60}, {1: 3})))
    assert (found.facts["digging_gap"], found.facts["digging_auc"]) == (None, None)
    assert line(found, "digging", "bad tickets")["flag"] is None
    assert "3 answers about bad tickets: too few" in line(found, "digging", "bad tickets")["says"]


def test_without_invitations_the_response_rate_is_unknown_and_said_to_be(shop: Shop) -> None:
    tickets = times(40, "email", "Ann", False, 5) + times(60, "email", "Ann", False, None, offered=False)
    found = survey_quality(shop_of(shop, tickets))
    assert [found.facts[name] for name in ("closed", "offered", "answered", "response_rate", "bound_low")] == [
        100,
        None,
        40,
        None,
        None,
    ]
    assert "invited_at without a score" in line(found, "offered", "all")["says"]
    # of all closed tickets the bounds are known: 0.4 * 1 to 1
    assert "from 40 % to 100 %" in line(found, "worst case", "all closed tickets")["says"]


def test_a_broken_promise_makes_a_bad_ticket(shop: Shop) -> None:
    store = shop(
        tickets="""ticket_id,created_at,channel,agent,status,first_reply_at,solved_at,sla_resolution
        t1,2026-11-02T09:00:00Z,chat,Ann,closed,2026-11-02T09:09:00Z,2026-11-02T10:00:00Z,
        t2,2026-11-02T09:00:00Z,chat,Ann,closed,2026-11-02T09:11:00Z,2026-11-02T10:00:00Z,
        t3,2026-11-02T09:00:00Z,chat,Ann,closed,2026-11-02T09:09:00Z,2026-11-02T10:00:00Z,breached
        t4,2026-11-02T09:00:00Z,chat,Ann,open,2026-11-02T09:59:00Z,,""",
        surveys="""kind,score,responded_at,ticket_id,invited_at
        csat,,,t1,2026-11-02T11:00:00Z
        csat,,,t2,2026-11-02T11:00:00Z""",
    )
    found = survey_quality(store, targets={"chat": {"first_reply": 600}})
    assert (found.facts["closed"], found.facts["offered"]) == (3, 2)
    # t1 is clean and asked; t2 (11 minutes) and t3 (the vendor says so) are bad, one of the two asked
    assert "100 % of 1 clean tickets, 50 % of 2 bad ones" in line(found, "cherry-picking", "all")["says"]


def test_satisfaction_that_stands_in_the_tickets_is_followed_too(shop: Shop) -> None:
    store = shop(
        tickets="""ticket_id,created_at,channel,agent,status,solved_at,satisfaction
        t1,2026-11-02T09:00:00Z,chat,Ann,closed,2026-11-02T10:00:00Z,Good
        t2,2026-11-02T09:00:00Z,chat,Ann,closed,2026-11-02T10:00:00Z,Bad
        t3,2026-11-02T09:00:00Z,chat,Ann,closed,2026-11-02T10:00:00Z,Offered
        t4,2026-11-02T09:00:00Z,chat,Ann,closed,2026-11-02T10:00:00Z,Offered
        t5,2026-11-02T09:00:00Z,chat,Ann,closed,2026-11-02T10:00:00Z,Not Offered"""
    )
    found = survey_quality(store)
    assert [found.facts[name] for name in ("closed", "offered", "answered", "response_rate")] == [5, 4, 2, 0.5]
    # r = 1/2, p = 1/2: 0.25 to 0.75
    assert (found.facts["bound_low"], found.facts["bound_high"]) == (0.25, 0.75)


def test_tickets_without_any_survey_say_so(shop: Shop) -> None:
    found = survey_quality(shop_of(shop, times(10, "email", "Ann", False, None, offered=False)))
    assert list(found.facts.values())[:3] == [10, 0, 0]
    assert found.rows == ()
    assert any("there is nothing to judge" in note for note in found.notes)


def test_a_target_is_a_share(shop: Shop) -> None:
    with pytest.raises(UsageError, match="--target"):
        survey_quality(shop(), target=80.0)


@pytest.fixture(scope="module")
def sample_store(samples: Path) -> Store:
    """The sample shop in memory."""
    store = memory_store()
    files = [samples / "tickets.csv", samples / "surveys.csv"]
    load(store, files, LoadOptions(zone="Europe/Berlin", currency="EUR"))
    return store


def test_the_sample_shops_agent_who_picks_is_found_alone(sample_store: Store, samples: Path) -> None:
    targets = read_config(samples / "supportkit.toml").section("sla")
    found = survey_quality(sample_store, targets=targets)
    picking = [
        row["slice"]
        for row in found.records()
        if row["check"] == "cherry-picking" and row["flag"] and str(row["slice"]).startswith("agent ")
    ]
    assert picking == ["agent Mark"]
    assert line(found, "cherry-picking", "all other agents")["flag"] is False


def test_every_line_says_something_in_a_sentence(sample_store: Store) -> None:
    found = survey_quality(sample_store)
    assert all(str(row["says"]).endswith((".", "?")) and len(str(row["says"])) > 20 for row in found.records())


@pytest.mark.parametrize("kind", ["nps", "ces"])
def test_surveys_that_name_no_ticket_are_counted(sample_store: Store, kind: Any) -> None:
    found = survey_quality(sample_store, kind=kind)
    assert found.facts["offered"] == 0
    assert any(f"{kind} surveys name no ticket" in note for note in found.notes)
