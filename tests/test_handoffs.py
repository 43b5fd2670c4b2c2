"""Handoffs: who said it twice, what chance alone would give, and what is left out, worked out by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import pytest

from supportkit.errors import UsageError
from supportkit.handoffs import FACTS, cases, handoffs
from supportkit.offers.cases import rows_behind
from supportkit.period import parse_period
from supportkit.render.value_text import cell
from supportkit.stats.excess_counts import excess_interval, poisson_interval
from supportkit.store import Store
from tests.conftest import SAMPLES, Call

Shop = Callable[..., Store]
# a and b write again about a refund, b by another channel; c about something else; d on the day after the window;
# e's second ticket was merged into the first; f's window is not over when the messages end on 1 March
TICKETS = """
ticket_id,created_at,customer_id,channel,status,category
A1,2026-01-01T10:00:00Z,a,email,closed,refund
A2,2026-01-05T10:00:00Z,a,email,closed,refund
B1,2026-01-01T10:00:00Z,b,chat,closed,refund
B2,2026-01-09T10:00:00Z,b,phone,closed,refund
C1,2026-01-01T10:00:00Z,c,chat,closed,refund
C2,2026-01-03T10:00:00Z,c,chat,closed,login
D1,2026-01-01T10:00:00Z,d,chat,closed,refund
D2,2026-01-09T10:00:01Z,d,chat,closed,refund
E1,2026-01-01T10:00:00Z,e,chat,closed,login
E2,2026-01-02T10:00:00Z,e,email,merged,login
F1,2026-02-25T10:00:00Z,f,chat,closed,login
F2,2026-02-26T10:00:00Z,f,chat,closed,login
G1,2026-01-01T10:00:00Z,,chat,closed,login
H1,2026-01-01T10:00:00Z,h,chat,closed,
I1,2026-01-01T10:00:00Z,i,chat,closed,login
S1,2026-01-02T10:00:00Z,d,chat,spam,refund
"""
# every last word is said a day after the creation
LOG = "ticket_id,sent_at,sender,public\n" + "\n".join(
    f"{name},2026-{month}-{int(day) + 1:02d}T10:00:00Z,agent,true"
    for name, month, day in re.findall(r"([A-FGH]\d),2026-(\d\d)-(\d\d)", TICKETS)
)
LATER = "\nA1,2026-01-02T10:00:00Z,customer,true\nC1,2026-03-01T00:00:00Z,agent,false"


@pytest.fixture
def told(shop: Shop) -> Store:
    return shop(tickets=TICKETS, messages=LOG + LATER)


def test_a_ticket_is_said_twice_where_the_customer_writes_on_the_topic_within_seven_days(told: Store) -> None:
    facts = handoffs(told).facts
    # A1, B1 (seven days to the second after the last word) and E1; D2 came a second too late
    assert (facts["tickets"], facts["repeats"], facts["in_another_channel"]) == (10, 3, 2)
    assert facts["repeat_share"] == 0.3
    assert handoffs(told, within=8).facts["repeats"] == 4  # D1 too
    assert handoffs(told, within=3).facts["repeats"] == 2  # B1 waited for seven days


def test_what_is_left_out_is_counted(told: Store) -> None:
    (note,) = (note for note in handoffs(told).notes if note.startswith("left out"))
    assert note == (
        "left out of what is said twice: 2 whose 7 days are not over, 1 without a customer, 1 without a category, "
        "1 without messages, so that the last is not known"
    )


def test_a_ticket_of_which_only_notes_are_known_is_left_out_and_not_counted_too(shop: Shop) -> None:
    # N1 has a note alone, so that nobody knows the last word: three tickets are one counted and two left out
    tickets = """
        ticket_id,created_at,customer_id,channel,status,category
        N1,2026-01-01T10:00:00Z,n,chat,closed,login
        N2,2026-01-02T10:00:00Z,n,chat,closed,login
        N3,2026-03-01T10:00:00Z,n,chat,closed,login"""
    messages = """
        ticket_id,sent_at,sender,public
        N1,2026-01-01T10:00:00Z,agent,false
        N2,2026-01-02T10:00:00Z,customer,true
        N3,2026-03-01T10:00:00Z,customer,true"""
    found = handoffs(shop(tickets=tickets, messages=messages))
    assert (found.facts["tickets"], found.facts["repeats"]) == (1, 0)
    assert any("1 whose 7 days are not over, 1 without messages" in note for note in found.notes)


def test_the_rows_name_the_next_ticket(told: Store) -> None:
    found = rows_behind(told, cases(told), "repeats", None, "handoffs", "Handoffs")
    assert {(row["ticket_id"], row["again"], row["again_channel"]) for row in found.records()} == {
        ("A1", "A2", "email"),
        ("B1", "B2", "phone"),
        ("E1", "E2", "email"),
    }


def test_a_period_cuts_the_first_ticket_and_not_the_one_after_it(told: Store) -> None:
    first = handoffs(told, period=parse_period("2026-W01", date(2026, 3, 1))).facts
    assert (first["tickets"], first["repeats"]) == (7, 3)  # A2 came in the next week, B2 and D2 after it
    assert handoffs(told, by="channel").columns[0].name == "channel"


def test_chance_is_what_tickets_far_apart_share(shop: Shop) -> None:
    # one customer, four tickets: R1 and L1 near each other, R2 and R3 a year later and apart
    tickets = """
    ticket_id,created_at,customer_id,channel,category
    R1,2025-01-01T10:00:00Z,a,email,refund
    L1,2025-01-02T10:00:00Z,a,email,login
    R2,2025-06-01T10:00:00Z,a,chat,refund
    R3,2025-12-01T10:00:00Z,a,chat,refund
    """
    log = "ticket_id,sent_at,sender,public\n" + "\n".join(
        f"{name},{day}T11:00:00Z,agent,true"
        for name, day in (("R1", "2025-01-01"), ("L1", "2025-01-02"), ("R2", "2025-06-01"), ("R3", "2025-12-01"))
    )
    facts = handoffs(shop(tickets=tickets, messages=log + "\nR3,2026-01-01T11:00:00Z,agent,false")).facts
    # far after refunds: R2 and R3 after R1, R3 after R2, all refunds; that 3 of 4 tickets are is worth ten pairs
    alike = (3 + 10 * 0.75) / (3 + 10)
    assert facts["by_chance"] == pytest.approx(alike, abs=1e-8)  # of R1, which has one ticket near it
    assert (facts["tickets"], facts["repeats"]) == (4, 0)
    assert facts["by_chance_in_another"] == 0  # it came in the same channel


def test_tickets_by_chance_and_beyond_it_have_one_decimal_whatever_their_size(shop: Shop) -> None:
    columns = {column.name: column for column in handoffs(shop()).fact_columns}
    for name in ("by_chance", "excess", "excess_low", "excess_high", "by_chance_in_another"):
        assert [cell(value, columns[name]) for value in (-5.614, 0.459, 95.04, 1234.56)] == [
            "-5.6",
            "0.5",
            "95.0",
            "1,234.6",
        ]


def test_customers_who_write_at_random_say_nothing_twice_beyond_chance(shop: Shop) -> None:
    dice, inside = Random("at random"), 0
    for _ in range(20):
        tickets, log = ["ticket_id,created_at,customer_id,category"], ["ticket_id,sent_at,sender,public"]
        for number in range(900):
            day = dice.randrange(360)
            at = f"2025-{day // 30 + 1:02d}-{min(day % 30 + 1, 28):02d}T{dice.randrange(24):02d}:00:00Z"
            topic = dice.choice(["refund", "refund", "refund", "login", "login", "delivery"])
            tickets.append(f"T{number},{at},c{dice.randrange(60)},{topic}")
            log.append(f"T{number},{at},customer,true")
        facts = handoffs(shop(tickets="\n".join(tickets), messages="\n".join(log))).facts
        low, high = facts["excess_low"], facts["excess_high"]
        assert isinstance(low, float)
        assert isinstance(high, float)
        inside += low <= 0 <= high
    assert inside >= 18


def test_switches_and_reassignments_are_told_by_messages(shop: Shop) -> None:
    tickets = "ticket_id,created_at\n" + "\n".join(f"{name},2026-01-01T10:00:00Z" for name in "ABCDE")
    log = """
    ticket_id,sent_at,sender,public,kind,channel,agent,from_value,to_value
    A,2026-01-01T10:00:00Z,customer,true,message,email,,,
    A,2026-01-01T11:00:00Z,customer,true,message,chat,,,
    B,2026-01-01T10:00:00Z,customer,true,message,email,,,
    B,2026-01-01T11:00:00Z,agent,true,message,chat,Ann,,
    C,2026-01-01T11:00:00Z,agent,true,message,,Ann,,
    C,2026-01-01T12:00:00Z,agent,false,note,,Bob,,
    D,2026-01-01T11:00:00Z,system,false,assign,,,,Ann
    E,2026-01-01T11:00:00Z,system,false,assign,,,Ann,Bob
    """
    facts = handoffs(shop(tickets=tickets, messages=log)).facts
    # A switched, B's customer did not; C has two agents, E was passed on, B and D have one
    assert (facts["switched"], facts["with_channels"]) == (0.5, 2)
    assert (facts["reassigned"], facts["with_agents"]) == (0.5, 4)


def test_where_nothing_is_known_it_says_what_is_missing(shop: Shop, supportkit: Call, tmp_path: Path) -> None:
    nothing = handoffs(shop(tickets="ticket_id,created_at"))
    assert nothing.facts == {fact.name: 0 if fact.role == "n" else None for fact in FACTS}
    bare = handoffs(shop(tickets="ticket_id,created_at,customer_id\nA,2026-11-06T17:00:00Z,a", messages=LOG))
    assert bare.empty
    assert any("--topic topic" in note for note in bare.notes)
    (tmp_path / "tickets.csv").write_text(TICKETS.strip())
    code, _, told = supportkit("handoffs", "--data", tmp_path / "tickets.csv")
    assert code == 3
    assert "no messages are loaded; exports of chatwoot, intercom and supportkit have them" in told
    nobodys = handoffs(shop(tickets="ticket_id,created_at,category\nA,2026-01-01,x", messages=LOG))
    assert any(note.startswith("no ticket has a customer") for note in nobodys.notes)
    with pytest.raises(UsageError, match="at least one day"):
        handoffs(shop(tickets=TICKETS), within=0)


def test_the_samples_have_the_planted_repeats_and_no_more_than_chance_elsewhere(
    supportkit: Call, stored: tuple[str, ...]
) -> None:
    planted = re.findall(r"\b(T\d{5}) (T\d{5})\b", (SAMPLES / "README.md").read_text("utf-8").split("**(i)")[1])
    code, out, _ = supportkit("handoffs", *stored, "--rows", "in_another_channel", "-f", "csv")
    assert code == 0
    found = {tuple(line.split(",")[1:2]) for line in out.splitlines()}
    assert {(first,) for first, _ in planted} <= found
    code, out, _ = supportkit("handoffs", *stored, "--by", "category", "-f", "json")
    rows = {row["category"]: row for row in json.loads(out)["rows"]}
    assert [name for name, row in rows.items() if row["excess_low"] > 0] == ["product question"]
    assert rows["product question"]["excess_low"] <= 20 <= rows["product question"]["excess_high"]


# Breslow & Day 1987, table 2.10 gives the exact limits for 10: 4.80 and 18.39; Byar's are within 0.3 % of them
def test_the_interval_of_a_count() -> None:
    assert [*poisson_interval(10)] == pytest.approx([4.80, 18.39], rel=0.003)
    assert [*poisson_interval(0)] == pytest.approx([0, 3.69], rel=0.02)
    with pytest.raises(ValueError, match="not negative"):
        poisson_interval(-1)
    low, high = excess_interval(10, 4, 0)
    assert [low, high] == pytest.approx([0.80, 14.39], abs=0.05)
    wider = excess_interval(10, 4, 4)
    assert wider[0] < low
    assert wider[1] > high
