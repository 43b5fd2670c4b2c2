"""Service levels: the worked message log, unanswered and impossible tickets, targets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportkit.exports import LoadOptions, load
from supportkit.service import service
from supportkit.store import Store, memory_store

Shop = Callable[..., Store]

LOG = """
ticket_id,sent_at,sender,public,kind,text
T1,2026-11-06T17:00:00,customer,true,message,help
T1,2026-11-06T17:00:05,bot,true,message,we got it
T1,2026-11-06T17:10:00,agent,false,note,looking
T1,2026-11-09T10:00:00,agent,true,message,here
"""
TICKET = """
ticket_id,created_at,channel,solved_at,first_reply_at,reopens
T1,2026-11-06T17:00:00,email,2026-11-10T10:00:00,2026-11-06T17:00:05,1
"""


def test_the_first_reply_is_public_and_human(shop: Shop) -> None:
    facts = service(shop(tickets=TICKET, messages=LOG)).facts
    assert facts["first_reply_p50_s"] == 65 * 3600  # Friday 17:00 to Monday 10:00
    assert facts["resolution_p50_s"] == 89 * 3600  # to the last solve, Tuesday 10:00


def test_without_messages_the_column_counts_and_the_note_says_so(shop: Shop) -> None:
    result = service(shop(tickets=TICKET))
    assert result.facts["first_reply_p50_s"] == 5
    assert any("automatic replies cannot be told apart" in note for note in result.notes)


def test_without_messages_and_column_the_first_reply_is_null(shop: Shop) -> None:
    result = service(shop(tickets="ticket_id,created_at\nT1,2026-11-06T17:00:00"))
    assert result.facts["replied"] is None
    assert result.facts["unanswered"] is None
    assert any("first reply is not known" in note for note in result.notes)


def test_a_ticket_that_an_agent_opened_is_answered_by_the_second_message(shop: Shop) -> None:
    log = """
    ticket_id,sent_at,sender
    T1,2026-11-06T17:00:00,agent
    T1,2026-11-06T18:00:00,agent
    """
    assert service(shop(tickets=TICKET, messages=log)).facts["first_reply_p50_s"] == 3600


def test_open_and_late_is_a_breach_and_open_in_time_is_left_out(shop: Shop) -> None:
    # as of 10:00: A answered after 1 minute; B answered after 10; C open for 2 hours; D open for 1 minute
    tickets = """
    ticket_id,created_at,channel,first_reply_at
    A,2026-11-06T07:00:00Z,chat,2026-11-06T07:01:00Z
    B,2026-11-06T07:00:00Z,chat,2026-11-06T07:10:00Z
    C,2026-11-06T08:00:00Z,chat,
    D,2026-11-06T09:59:00Z,chat,
    E,2026-11-06T10:00:00Z,phone,2026-11-06T10:00:00Z
    """
    result = service(shop(tickets=tickets), targets={"chat": {"first_reply": 180}})
    assert result.facts["sla_met"] == pytest.approx(1 / 3)  # A kept it, B and C broke it
    chat, phone = result.records()
    assert chat["channel"] == "chat"
    assert chat["sla_met"] == pytest.approx(1 / 3)
    assert phone["sla_met"] is None


def test_impossible_spans_are_counted_and_in_no_average(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,first_reply_at,solved_at
    A,2026-11-06T07:00:00Z,2026-11-06T08:00:00Z,2026-11-06T09:00:00Z
    B,2026-11-06T07:00:00Z,2026-11-05T08:00:00Z,2026-11-06T09:00:00Z
    """
    result = service(shop(tickets=tickets))
    assert result.facts["first_reply_p50_s"] == 3600
    assert any(note.startswith("1 tickets answered or solved before") for note in result.notes)


def test_the_vendors_verdict_serves_where_there_are_no_targets(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,sla_resolution
    A,2026-11-06T07:00:00Z,within
    B,2026-11-06T07:00:00Z,breached
    C,2026-11-06T07:00:00Z,
    """
    result = service(shop(tickets=tickets))
    assert result.facts["sla_met"] == 0.5
    assert any("the vendor's own verdict" in note for note in result.notes)


def test_a_reply_and_a_solution_after_as_of_have_not_happened(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,first_reply_at,solved_at
    A,2026-11-06T07:00:00Z,2026-11-06T08:00:00Z,2026-11-06T09:00:00Z
    B,2026-11-06T07:00:00Z,2026-11-06T10:00:00Z,2026-11-06T11:00:00Z
    """
    store = shop(tickets=tickets)
    assert service(store).facts["replied"] == 2
    known = service(store.cut(as_of=datetime(2026, 11, 6, 9, tzinfo=UTC)), targets={"default": {"first_reply": 7200}})
    assert (known.facts["replied"], known.facts["unanswered"]) == (1, 1)
    assert known.facts["resolution_p90_s"] == 2 * 3600  # A alone
    assert known.facts["sla_met"] == 1.0  # B is open for exactly two hours: in time


def test_a_reply_and_a_solution_exactly_at_the_target_keep_it(shop: Shop) -> None:
    # 3 minutes to the first reply and 2 hours to the solution are promised; A takes exactly both, B and C one more s
    tickets = """
    ticket_id,created_at,channel,first_reply_at,solved_at
    A,2026-11-06T07:00:00Z,chat,2026-11-06T07:03:00Z,2026-11-06T09:00:00Z
    B,2026-11-06T07:00:00Z,chat,2026-11-06T07:03:01Z,2026-11-06T09:00:00Z
    C,2026-11-06T07:00:00Z,chat,2026-11-06T07:03:00Z,2026-11-06T09:00:01Z
    D,2026-11-06T10:00:00Z,phone,2026-11-06T10:00:01Z,2026-11-06T10:00:02Z
    """
    result = service(shop(tickets=tickets), targets={"chat": {"first_reply": 180, "resolution": 7200}})
    assert result.facts["sla_met"] == pytest.approx(1 / 3)
    alone = service(shop(tickets=tickets), targets={"chat": {"resolution": 7200}})
    assert alone.facts["sla_met"] == pytest.approx(2 / 3)  # A and B


def test_impossible_tickets_are_in_no_quantile_of_either_span(shop: Shop) -> None:
    # ten tickets answered after 10, 20, … 100 s and solved after twice that; X was solved before it came, Y answered so
    rows = [f"T{n},2026-11-06T07:00:00Z,{_clock(10 * n)},{_clock(20 * n)}" for n in range(1, 11)]
    odd = ["X,2026-11-06T07:00:00Z,2026-11-06T08:00:00Z,2026-11-05T00:00:00Z"]
    odd += ["Y,2026-11-06T07:00:00Z,2026-11-05T00:00:00Z,2026-11-06T12:00:00Z"]
    found = service(shop(tickets="\n".join(["ticket_id,created_at,first_reply_at,solved_at", *rows, *odd])))
    # the 0.9 quantile of 10, 20, … 100 lies at place 1 + 0.9 * 9 = 9.1: 91; the median is 55
    assert [found.facts[f"first_reply_{part}_s"] for part in ("p50", "p90")] == pytest.approx([55, 91])
    assert [found.facts[f"resolution_{part}_s"] for part in ("p50", "p90")] == pytest.approx([110, 182])
    assert "2 tickets answered or solved before they were created are in no duration" in found.notes


def _clock(seconds: int) -> str:
    return f"2026-11-06T07:{seconds // 60:02}:{seconds % 60:02}Z"


def test_each_vendors_messages_answer_its_own_tickets(tmp_path: Path) -> None:
    # both vendors have a T1; theirs was answered after an hour, ours by nobody
    (tmp_path / "tickets.csv").write_text("ticket_id,created_at,channel\nT1,2026-11-06T07:00:00Z,ours\n")
    (tmp_path / "others.csv").write_text("ticket_id,created_at,channel\nT1,2026-11-06T07:00:00Z,theirs\n")
    (tmp_path / "messages.csv").write_text(
        "ticket_id,sent_at,sender\nT1,2026-11-06T07:00:00Z,customer\nT1,2026-11-06T08:00:00Z,agent\n"
    )
    store = memory_store()
    for file, table, source in (
        ("tickets", "tickets", "us"),
        ("others", "tickets", "them"),
        ("messages", "messages", "them"),
    ):
        load(store, [tmp_path / f"{file}.csv"], LoadOptions(table=table, source=source))
    ours, theirs = service(store).records()
    assert (ours["replied"], ours["unanswered"], ours["first_reply_p50_s"]) == (0, 1, None)
    assert (theirs["replied"], theirs["unanswered"], theirs["first_reply_p50_s"]) == (1, 0, 3600)
    # messages that were exported by themselves belong to every ticket of their id
    apart = memory_store()
    for file, table, source in (("tickets", "tickets", "us"), ("messages", "messages", "log")):
        load(apart, [tmp_path / f"{file}.csv"], LoadOptions(table=table, source=source))
    assert service(apart).facts["first_reply_p50_s"] == 3600
    store.close()
    apart.close()
