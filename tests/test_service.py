"""Service levels: the worked message log, unanswered and impossible tickets, targets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from supportkit.service import service
from supportkit.store import Store

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
