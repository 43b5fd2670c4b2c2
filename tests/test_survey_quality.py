"""Survey quality on tickets written here, and on the sample shop, where an agent asks after good conversations only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from supportkit.config import read_config
from supportkit.errors import UsageError
from supportkit.exports import LoadOptions, load
from supportkit.period import Period, containing
from supportkit.result import Result
from supportkit.stats.mix_and_rate import Leaves, leaf_table, split
from supportkit.store import Store, memory_store
from supportkit.store.conditions import parse_conditions
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


# what is counted, ticket by ticket

SILENT = "csat,,,1,5,{},2026-11-03T09:00:00Z,"


def asked(shop: Shop, tickets: str, *surveys: str, **options: Any) -> Result:
    """Survey quality of tickets (their header first) and of lines kind,score,responded_at,low,high,ticket,invited."""
    lines = [line.strip() for line in tickets.strip().splitlines()]
    head = "kind,score,responded_at,scale_min,scale_max,ticket_id,invited_at,comment"
    return survey_quality(shop(tickets="\n".join(lines), surveys="\n".join([head, *surveys])), **options)


def counted(store: Store, **options: Any) -> dict[str, list[Any]]:
    """What is counted of the closed tickets of each agent: (breached, reopened, complaint, later, closed, offered,
    answered, satisfied), by the metric's first query as it was run.
    """
    asking_store = replace(store, queries=[])
    survey_quality(asking_store, **options)
    assert asking_store.queries
    rows = store.rows(f"select * from ({asking_store.queries[0].run})")
    return {agent: rest for _, agent, *rest, _by_1, _by_2 in rows}


def test_each_group_has_the_figures_of_its_own_tickets(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,channel,status,replies
    a,2026-11-02T09:00:00Z,chat,closed,1
    b,2026-11-02T09:00:00Z,chat,closed,1
    c,2026-11-02T09:00:00Z,email,closed,5
    d,2026-11-02T09:00:00Z,email,open,5
    """
    surveys = """
    kind,score,responded_at,ticket_id,invited_at
    csat,5,2026-11-03T10:00:00Z,a,2026-11-03T09:00:00Z
    csat,,,b,2026-11-03T09:00:00Z
    csat,,,c,2026-11-03T09:00:00Z
    """
    store = shop(tickets=tickets, surveys=surveys)
    wanted = ("closed", "offered", "answered", "response_rate", "bound_low", "bound_high")
    for by, names in (("channel", ("chat", "email")), ("complexity", ("1 simple", "3 complex"))):
        found = survey_quality(store, by=by)
        assert [tuple(row[name] for name in (by, *wanted)) for row in found.records()] == [
            (names[0], 2, 2, 1, 0.5, 0.5, 1.0),  # one of the two asked is satisfied, the other silent
            (names[1], 1, 1, 0, 0.0, None, None),
        ]
        assert found.facts == survey_quality(store).facts


PROMISES = [
    ({"first_reply_at": "2026-11-02T09:10:00Z"}, False),  # ten minutes are promised, and kept
    ({"first_reply_at": "2026-11-02T09:10:01Z"}, True),
    ({"vendor_first_reply_s": "600"}, False),
    ({"vendor_first_reply_s": "601"}, True),
    ({"first_reply_at": "2026-11-02T09:10:00Z", "vendor_first_reply_s": "601"}, False),  # our own span comes first
    ({"solved_at": "2026-11-02T11:00:00Z"}, False),  # two hours
    ({"solved_at": "2026-11-02T11:00:01Z"}, True),
    ({"closed_at": "2026-11-02T11:00:01Z"}, True),
    ({"solved_at": "2026-11-02T11:00:00Z", "closed_at": "2026-11-02T12:00:00Z"}, False),
    ({"first_reply_at": "2026-11-02T09:10:01Z", "solved_at": "2026-11-02T11:00:00Z"}, True),
    ({"first_reply_at": "2026-11-02T09:10:00Z", "solved_at": "2026-11-02T11:00:01Z"}, True),
    ({"sla_first_reply": "Breached"}, True),
    ({"sla_resolution": "violated"}, True),
    ({"sla_first_reply": "missed"}, True),
    ({"sla_first_reply": "met", "sla_resolution": "met"}, False),
    ({"sla_first_reply": "met", "sla_resolution": "SLA Violated"}, True),
    ({"subject": "late"}, False),
]


def of_agents(cells: Sequence[dict[str, str]]) -> str:
    """Closed chat tickets of 9:00, one each of agents 00, 01, …, with these further cells."""
    names = sorted({name for one in cells for name in one} - {"status", "channel"})
    lines = [",".join(["ticket_id", "created_at", "agent", "channel", "status", *names])]
    for n, one in enumerate(cells):
        first = [f"t{n}", DONE, f"{n:02}", one.get("channel", "chat"), one.get("status", "closed")]
        lines.append(",".join([*first, *(one.get(name, "") for name in names)]))
    return "\n".join(lines)


def test_a_promise_is_broken_by_a_span_beyond_its_target_or_by_the_vendors_word(shop: Shop) -> None:
    store = shop(tickets=of_agents([cells for cells, _ in PROMISES]))
    found = counted(store, targets={"chat": {"first_reply": 600, "resolution": 7200}})
    assert {agent: row[0] for agent, row in found.items()} == {f"{n:02}": bad for n, (_, bad) in enumerate(PROMISES)}


def test_default_targets_are_those_of_channels_without_their_own(shop: Shop) -> None:
    reply = {"first_reply_at": "2026-11-02T09:10:01Z"}
    end = {"solved_at": "2026-11-02T11:00:01Z"}
    cells = [reply | {"channel": name} for name in ("chat", "email", "")] + [end | {"channel": "email"}]
    store = shop(tickets=of_agents(cells))

    def bad(**targets: dict[str, float]) -> str:
        found = counted(store, targets=targets or None)
        return "".join(sorted(agent[1] for agent, row in found.items() if row[0]))

    assert bad(default={"first_reply": 600}) == "012"
    assert bad(default={"first_reply": 600}, chat={"first_reply": 601}) == "12"
    assert bad(default={"first_reply": 600}, chat={"resolution": 1}) == "12"  # a channel has its own targets alone
    assert bad(default={"first_reply": 601, "resolution": 7200}, chat={"first_reply": 600}) == "03"
    assert bad() == ""


def test_closed_is_what_has_that_status_or_an_end_and_reopenings_are_told(shop: Shop) -> None:
    cells = [
        {"status": "closed", "reopens": "0"},
        {"status": "solved", "reopens": "1"},
        {"status": "open"},
        {"status": "open", "solved_at": "2026-11-02T10:00:00Z", "reopens": "2"},
        {"status": "pending", "closed_at": "2026-11-02T10:00:00Z", "is_complaint": "true"},
        {"status": ""},
        {"status": "closed", "is_complaint": "false"},
    ]
    found = counted(shop(tickets=of_agents(cells)))
    assert {agent: row[1:3] for agent, row in found.items()} == {
        "00": [False, False], "01": [True, False], "03": [True, False], "04": [False, True], "06": [False, False],
    }  # fmt: skip


SCORES: dict[str, list[tuple[str, str, bool | None]]] = {  # scale, score, whether it is satisfied, or off its scale
    "csat": [
        ("1,5", "4", True), ("1,5", "3", False), (",", "4", True), (",", "3", False), (",", "5", True),
        (",", "1", False), ("1,3", "3", True), ("1,3", "2", False), ("1,4", "3", True), ("1,4", "2", False),
        ("0,10", "9", True), ("0,10", "8", False), ("1,5", "6", None), ("1,5", "0", None), ("1,5", "4.5", None),
        (",", "6", None), (",", "0", None), ("0,1", "1", True), ("0,1", "0", False),
        (",3", "3", True), (",3", "2", False), (",3", "4", None), ("3,", "5", True), ("3,", "4", False),
    ],
    "nps": [(",", "9", True), (",", "8", False), (",", "0", False), (",", "11", None), (",", "10", True)],
    "ces": [
        (",", "5", True), (",", "4", False), (",", "1", False), (",", "7", True), (",", "8", None), (",", "0", None),
        ("1,5", "4", True), ("1,5", "3", False), (",5", "4", True), (",5", "3", False), ("3,", "6", True),
        ("3,", "5", False), ("3,", "2", None),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", ["csat", "nps", "ces"])
def test_a_score_is_satisfied_or_not_or_off_its_scale(shop: Shop, kind: Any) -> None:
    cases = SCORES[kind]
    lines = ["kind,score,responded_at,scale_min,scale_max,ticket_id,invited_at"]
    lines += [f"{kind},{score},2026-11-03T10:00:00Z,{scale},t{n}," for n, (scale, score, _) in enumerate(cases)]
    lines += [f"{kind},,,,,t{len(cases)},2026-11-03T10:00:00Z", "other,3,2026-11-03T10:00:00Z,1,5,t0,"]
    lines += [f"{kind},3,2026-11-03T10:00:00Z,,,,"]
    store = shop(tickets=of_agents([{}] * (len(cases) + 2)), surveys="\n".join(lines))
    found = counted(store, kind=kind)
    assert {agent: row[5:] for agent, row in found.items()} == {
        **{f"{n:02}": [1, int(case[2] is not None), int(bool(case[2]))] for n, case in enumerate(cases)},
        f"{len(cases):02}": [1, 0, 0],  # asked, and silent
        f"{len(cases) + 1:02}": [0, 0, 0],
    }
    off = sum(case[2] is None for case in cases)
    left = "1 answer off its scale is left out" if off == 1 else f"{off} answers off their scale are left out"
    assert left in survey_quality(store, kind=kind).notes


def test_of_two_answers_to_a_ticket_the_last_on_its_scale_counts(shop: Shop) -> None:
    tickets = (
        "ticket_id,created_at,channel,status\na,2026-11-02T09:00:00Z,chat,closed\nb,2026-11-02T09:00:00Z,chat,closed"
    )
    lines = [
        "csat,5,2026-11-03T10:00:00Z,1,5,a,2026-11-03T09:00:00Z,",
        "csat,1,2026-11-03T11:00:00Z,1,5,a,2026-11-03T09:30:00Z,",
        "csat,9,2026-11-03T12:00:00Z,1,5,a,2026-11-03T09:40:00Z,",
        SILENT.format("b"),
    ]
    found = asked(shop, tickets, *lines)
    assert (found.facts["answered"], found.facts["bound_low"], found.facts["bound_high"]) == (1, 0.0, 0.5)
    assert line(found, "duplicates", "all")["says"] == (
        "1 of 1 answered tickets were answered more than once; the last answer counts. "
        "Ask whether agents beg for a better score."
    )


def test_notes_count_what_cannot_be_judged(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,channel,status,sla_first_reply,sla_resolution
    a,2026-11-02T09:00:00Z,chat,closed,,
    b,2026-11-02T09:00:00Z,email,closed,,
    c,2026-11-02T09:00:00Z,email,closed,met,
    d,2026-11-02T09:00:00Z,email,closed,,met
    e,2026-11-02T09:00:00Z,email,open,,
    """
    lines = [SILENT.format("a"), "csat,5,2026-11-03T10:00:00Z,1,5,,,", "nps,5,2026-11-03T10:00:00Z,0,10,,,"]
    levels = "alarm levels are suggestions, not laws; first replies are taken from the tickets"
    assert asked(shop, tickets, *lines, targets={"chat": {"first_reply": 60}}).notes == (
        "1 closed ticket has no target and no verdict: it counts as a kept promise",  # b
        "no ticket says how often it was reopened: the column reopens, as the export of Zendesk has it",
        "1 csat survey names no ticket and is left out",
        levels,
    )
    assert asked(shop, tickets, *lines, targets={"default": {"first_reply": 60}}).notes[0].startswith("no ticket says")
    assert asked(shop, tickets, *lines).notes[0].startswith("2 closed tickets have no target")
    counted = tickets.replace("sla_resolution", "reopens").replace(",,\n", ",,0\n").replace("met,\n", "met,0\n")
    assert not any("reopened" in note for note in asked(shop, counted.replace(",met\n", ",0\n"), *lines).notes)
    nothing = asked(shop, tickets, "csat,5,2026-11-03T10:00:00Z,1,5,,,")
    assert nothing.notes[0] == "no csat survey names a closed ticket: there is nothing to judge"
    assert nothing.rows == ()
    (note,) = asked(shop, "ticket_id,created_at\ne,2026-11-02T09:00:00Z").notes
    assert note.startswith("whether 1 ticket of supportkit is over is not known: it has no status, solved_at")


def test_the_whole_result_of_twelve_tickets(shop: Shop) -> None:
    # ten clean ones, eight asked, four answered (5, 5, 4, 1); two reopened ones, one asked
    rows = [f"t{n:02},2026-11-02T09:00:00Z,chat,Ann,closed,{int(n > 9)}" for n in range(12)]
    lines = [
        *(f"csat,{s},2026-11-03T10:00:00Z,1,5,t{n:02},2026-11-03T09:00:00Z," for n, s in enumerate((5, 5, 4, 1))),
        *(SILENT.format(f"t{n:02}") for n in (4, 5, 6, 7, 10)),
    ]
    found = asked(shop, "\n".join(["ticket_id,created_at,channel,agent,status,reopens", *rows]), *lines)
    assert (found.metric, found.title) == ("survey-quality", "Survey quality")
    assert found.definition == (
        "csat surveys of closed tickets; bad tickets are those that broke a promise or were reopened"
    )
    assert [column.name for column in found.columns] == ["check", "slice", "value", "low", "high", "n", "flag", "says"]
    assert dict(found.facts) == {
        "closed": 12, "offered": 9, "answered": 4, "response_rate": pytest.approx(4 / 9),
        "bound_low": pytest.approx(4 / 9 * 0.75), "bound_high": pytest.approx(1 - 4 / 9 * 0.25),
        "representativeness": pytest.approx(1.0), "digging_gap": None, "digging_auc": None, "with_target": 0,
        "sla_met": None,
    }  # fmt: skip
    assert [(row[0], row[1]) for row in found.rows] == [
        ("offered", "all"), ("cherry-picking", "all"), ("answered", "all"), ("worst case", "those asked"),
        ("break-even", "those asked"), ("worst case", "all closed tickets"), ("break-even", "all closed tickets"),
        *(("digging", name) for name in ("bad tickets", "broken promises", "reopened tickets", "complaints")),
        ("acquiescence", "all"), ("speed", "all"), ("duplicates", "all"),
    ]  # fmt: skip
    assert line(found, "offered", "all")["value"] == 0.75
    # (.8 - 4/9 * .75)/(5/9)
    assert line(found, "break-even", "those asked")["value"] == pytest.approx(0.84)
    assert found.chart is None
    assert (found.scope.period, found.scope.rows) == ("all", 12)
    assert str(found.scope.data_through) == "2026-11-03 10:00:00+00:00"


def test_every_option_reaches_its_line(shop: Shop, sample_store: Store) -> None:
    store = shop_of(shop, scoring({5: 30, 4: 10}, {5: 5, 1: 15}))
    plain = survey_quality(store)
    # 35 of 60 answers are 5: a share of .58, beyond a bound of .5 alone; their spread is too wide in any case
    assert line(plain, "ceiling", "all")["flag"] is False
    top = shop_of(shop, scoring({5: 58, 4: 2}, {}))
    assert line(survey_quality(top), "ceiling", "all")["flag"] is True  # 58 of 60, spread .045
    assert line(survey_quality(top, alarm_ceiling=0.97), "ceiling", "all")["flag"] is False
    assert line(plain, "digging", "bad tickets")["flag"] is False  # the area is .84
    assert line(survey_quality(store, alarm_auc=0.85), "digging", "bad tickets")["flag"] is True
    assert (
        line(survey_quality(store, target=0.5), "break-even", "those asked")["value"]
        != (line(plain, "break-even", "those asked")["value"])
    )
    alarming = survey_quality(sample_store, alarm_representativeness=0.999)
    assert line(alarming, "representativeness", "channel and outcome")["flag"] is True
    usual = survey_quality(sample_store)  # .95 is above the usual alarm
    assert line(usual, "representativeness", "channel and outcome")["flag"] is False
    early = survey_quality(store.filtered(as_of=datetime(2026, 11, 2, 12, tzinfo=UTC)))
    assert (early.facts["closed"], early.facts["offered"]) == (61, 0)
    week = survey_quality(store, period=Period("", date(2026, 11, 3), None))
    assert week.facts["closed"] == 0


@pytest.mark.parametrize("target", [0.0, 1.0, -0.1, 80.0])
def test_a_target_that_is_no_share_is_refused_with_an_example(shop: Shop, target: float) -> None:
    with pytest.raises(UsageError) as refused:
        survey_quality(shop(), target=target)
    assert refused.value.message == f"--target {target}: a share between 0 and 1"
    assert refused.value.hint == "for example 0.8"


def test_what_names_no_ticket_is_counted_in_the_period(shop: Shop) -> None:
    tickets = f"ticket_id,created_at,status,channel\na,{DONE},closed,chat\nb,{DONE},closed,chat"
    lines = ["kind,score,responded_at,item,customer_id,ticket_id,invited_at"]
    lines += ["csat,5,2026-11-03T10:00:00Z,,,a,2026-11-03T09:00:00Z", "csat,,,,,b,2026-11-03T09:00:00Z"]
    for day in ("03", "20"):  # an answer of nobody knows which ticket, and a respondent who says 5 to three questions
        lines += [f"csat,5,2026-11-{day}T10:00:00Z,,,,"] * 2
        lines += [f"csi,5,2026-11-{day}T10:00:00Z,{item},x{day},," for item in "abc"]
    store = shop(tickets=tickets, surveys="\n".join(lines))
    whole, week = survey_quality(store), survey_quality(store, period=containing(date(2026, 11, 3), "week"))
    assert "4 csat surveys name no ticket and are left out" in whole.notes
    assert "2 csat surveys name no ticket and are left out" in week.notes
    # a condition is for the tickets: nobody knows of which channel these surveys are
    chat = survey_quality(store.filtered(parse_conditions(["channel=chat"])))
    assert "4 csat surveys name no ticket and are left out" in chat.notes
    assert (figures(whole, "same answer", "items"), figures(week, "same answer", "items")) == ("2 of 2", "1 of 1")
    assert week.facts["answered"] == 1


# how answers are given


def answered(shop: Shop, rows: Sequence[tuple[str, int, str, str]], **options: Any) -> Result:
    """Tickets with an answer each, from (customer, score, seconds after the invitation, comment), and a silent one."""
    tickets = ["ticket_id,created_at,channel,agent,status,customer_id"]
    lines = []
    for n, (customer, score, delay, comment) in enumerate(rows):
        tickets.append(f"t{n:03},{DONE},chat,Ann,closed,{customer}")
        at, asked_at = "2026-11-03T10:00:00Z", ""
        if delay:
            asked_at = (
                f"{datetime(2026, 11, 3, 10, tzinfo=UTC) - timedelta(seconds=float(delay)):%Y-%m-%dT%H:%M:%S.%fZ}"
            )
        lines.append(f"csat,{score},{at},1,5,t{n:03},{asked_at},{comment}")
    tickets.append(f"silent,{DONE},chat,Ann,closed,")
    return asked(shop, "\n".join(tickets), *lines, SILENT.format("silent"), **options)


def figures(result: Result, check: str, name: str = "all") -> str:
    """The beginning of what a line says: its counts."""
    return " ".join(str(line(result, check, name)["says"]).split()[:3])


def test_answers_within_five_seconds_are_counted_among_those_with_an_invitation(shop: Shop) -> None:
    rows = [("", 5, delay, "") for delay in ("4.999", "5", "0.001", "60", "")]
    found = answered(shop, rows)
    assert figures(found, "speed") == "2 of 4"
    assert figures(found, "duplicates") == "0 of 5"
    row = line(found, "speed", "all")
    assert (row["value"], row["flag"]) == (0.5, True)


def test_customers_who_always_give_one_score_are_those_with_four_answers_or_more(shop: Shop) -> None:
    rows = [("ann", 5, "", "")] * 4 + [("ben", 5, "", "")] * 4 + [("ben", 4, "", "")] + [("cid", 3, "", "")] * 3
    rows += [("", 2, "", "")] * 6
    assert figures(answered(shop, rows), "same answer", "customers") == "1 of 2"


def test_words_of_complaint_under_the_highest_score_are_counted_in_three_languages(shop: Shop) -> None:
    rows = [
        ("a", 5, "", "Great but TOO SLOW"),
        ("b", 5, "", "alles gut aber zu spät"),
        ("c", 5, "", "Не помогли"),
        ("d", 5, "", "wonderful"),
        ("e", 5, "", ""),
        ("f", 4, "", "too slow"),
    ]
    found = answered(shop, rows)
    assert figures(found, "score against text") == "3 of 4"
    assert line(found, "score against text", "all")["flag"] is True
    # the interval of 3 of 4 begins at .30
    assert line(answered(shop, rows, alarm_mismatch=0.4), "score against text", "all")["flag"] is False


def test_the_slowest_quarter_of_the_answers_is_set_against_the_fastest(shop: Shop) -> None:
    # of forty answers, after 10, 20, … 400 s: the first ten are good, of the last ten three
    rows = [("", 5 if n <= 10 or n > 37 else 1, str(10 * n), "") for n in range(1, 41)]
    found = answered(shop, rows)
    # the quartiles are the 10th and the 30th: up to 100 s ten, from 300 s on eleven, of which three are good
    row = line(found, "late answers", "all")
    assert row["value"] == pytest.approx(3 / 11 - 1)
    assert str(row["says"]).startswith("of the slowest quarter of answers 27 % are good, of the fastest 100 %.")


def test_items_all_of_one_score_are_counted_by_respondent_of_three_items_or_more(shop: Shop) -> None:
    items = [
        ("a", (5, 5, 5)), ("b", (5, 4, 5)), ("c", (3, 3)), ("d", (4, 4, 4, 4)), ("e", (2, 2, "")),
    ]  # fmt: skip
    lines = ["kind,score,responded_at,item,customer_id,ticket_id,invited_at"]
    for name, scores in items:
        lines += [
            f"csi,{score},2026-11-03T10:00:00Z,i{n},{name},,2026-11-03T09:00:00Z" for n, score in enumerate(scores)
        ]
    lines += ["csat,5,2026-11-03T10:00:00Z,,,t1,2026-11-03T09:00:00Z", "csat,,,,,t2,2026-11-03T09:00:00Z"]
    tickets = "ticket_id,created_at,status\nt1,2026-11-02T09:00:00Z,closed\nt2,2026-11-02T09:00:00Z,closed"
    found = survey_quality(shop(tickets=tickets, surveys="\n".join(lines)))
    assert figures(found, "same answer", "items") == "2 of 3"


def test_a_score_that_rises_while_the_work_does_not_get_better_is_inflation(shop: Shop) -> None:
    # created on the 1st to the 3rd: the middle is the 2nd at noon, and what was created then is of the second half
    rows = [f"a{n},2026-11-01T12:00:00Z,chat,closed" for n in range(30)]
    rows += [f"b{n},2026-11-02T12:00:00Z,chat,closed" for n in range(20)]
    rows += [f"c{n},2026-11-03T12:00:00Z,chat,closed" for n in range(10)]
    scores = {"a": 15, "b": 20, "c": 10}  # good ones, the first of each
    lines = [
        f"csat,{5 if int(row.split(',')[0][1:]) < scores[row[0]] else 1},2026-11-04T10:00:00Z,1,5,{row.split(',')[0]},,"
        for row in rows
    ]
    found = asked(shop, "\n".join(["ticket_id,created_at,channel,status", *rows]), *lines)
    row = line(found, "inflation", "halves")
    assert (row["value"], row["flag"]) == (0.5, True)
    assert line(found, "mix against rate", "channel")["value"] == 0.0


def test_the_agent_of_a_ticket_without_one_is_none_and_complaints_are_told_apart(shop: Shop) -> None:
    tickets = ["ticket_id,created_at,channel,agent,status,is_complaint"]
    tickets += [f"a{n},{DONE},,,closed,true" for n in range(10)] + [f"b{n},{DONE},chat,Ann,closed," for n in range(10)]
    lines = [
        f"csat,{1 if name[0] == 'a' else 5},2026-11-03T10:00:00Z,1,5,{name}{n},," for name in "ab" for n in range(10)
    ]
    found = asked(shop, "\n".join(tickets), *lines, SILENT.format("b0"))
    assert {row["slice"] for row in found.records() if row["check"] == "offered"} == {
        "all", "channel (none)", "channel chat", "agent (none)", "agent Ann",
    }  # fmt: skip
    assert line(found, "digging", "complaints")["value"] == 1.0
    assert line(found, "digging", "bad tickets")["value"] is None


def test_an_empty_name_in_the_store_is_none(shop: Shop) -> None:
    tickets = [f"{name}{n},{DONE},{name},Ann,closed" for name in "ab" for n in range(10)]
    lines = [SILENT.format(f"{name}{n}") for name in "ab" for n in range(10)]
    head = "kind,score,responded_at,scale_min,scale_max,ticket_id,invited_at,comment"
    store = shop(
        tickets="\n".join(["ticket_id,created_at,channel,agent,status", *tickets]), surveys="\n".join([head, *lines])
    )
    store.connection.execute("update tickets set channel = '', agent = '' where channel = 'a'")
    assert {row["slice"] for row in survey_quality(store).records() if row["check"] == "offered"} == {
        "all", "channel (none)", "channel b", "agent (none)", "agent Ann",
    }  # fmt: skip


def test_ratings_in_the_tickets_belong_to_the_question_of_satisfaction_alone(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,channel,status,solved_at,closed_at,satisfaction
    a,2026-11-02T09:00:00Z,chat,closed,2026-11-02T10:00:00Z,,Good
    b,2026-11-02T09:00:00Z,chat,closed,,2026-11-02T10:00:00Z,Bad
    """
    assert asked(shop, tickets).facts["answered"] == 2
    assert asked(shop, tickets, kind="nps").facts["answered"] == 0
    assert asked(shop, tickets, kind="ces").facts["offered"] == 0


def test_a_verdict_that_nobody_can_read_is_neither_kept_nor_broken_unless_the_other_is_broken(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,channel,status,sla_first_reply,sla_resolution
    a,2026-11-02T09:00:00Z,chat,closed,xyz,within
    b,2026-11-02T09:00:00Z,chat,closed,within,xyz
    c,2026-11-02T09:00:00Z,chat,closed,xyz,breached
    d,2026-11-02T09:00:00Z,chat,closed,within,within
    e,2026-11-02T09:00:00Z,chat,closed,,
    """
    facts = asked(shop, tickets, SILENT.format("a")).facts
    # c is broken and d is kept; of the others nobody knows
    assert (facts["closed"], facts["with_target"], facts["sla_met"]) == (5, 2, 0.5)


def test_answers_in_words_that_nobody_knows_are_told(shop: Shop) -> None:
    tickets = f"ticket_id,created_at,status\na,{DONE},closed\nb,{DONE},closed"
    answers = ["csat,5,2026-11-03T10:00:00Z,1,5,a,2026-11-03T09:00:00Z,"]
    answers += ["csat,xyzzy,2026-11-03T10:00:00Z,1,5,b,2026-11-03T09:00:00Z,"]
    result = asked(shop, tickets, *answers)
    assert any(note.startswith("1 of 2 csat answers of unknown score: xyzzy (1)") for note in result.notes)
    assert not any("xyzzy" in note for note in asked(shop, tickets, *answers, kind="nps").notes)
