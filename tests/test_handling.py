"""What a ticket takes: the worked log, next replies, touches, whose turn it was, hand-overs, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from supportkit.configuration.calendars import calendars
from supportkit.handling import FACTS, handling
from supportkit.metrics import METRICS
from supportkit.request import read_request, rows
from supportkit.store import Store
from supportkit.unanswered import unanswered

Shop = Callable[..., Store]
HOUR = 3600
TICKET = """
ticket_id,created_at,channel,solved_at
T1,2026-11-06T17:00:00Z,email,2026-11-10T10:00:00Z
"""
# opened on Friday, answered on Monday at 10:00, solved at 11:00, opened again on Tuesday at 9:00, solved at 10:00
LOG = """
ticket_id,sent_at,sender,public,kind,from_value,to_value
T1,2026-11-06T17:00:00Z,customer,true,message,,
T1,2026-11-06T17:00:05Z,bot,true,message,,
T1,2026-11-06T17:10:00Z,agent,false,note,,
T1,2026-11-09T10:00:00Z,agent,true,message,,
T1,2026-11-09T11:00:00Z,agent,true,status,open,solved
T1,2026-11-10T09:00:00Z,customer,true,status,solved,open
T1,2026-11-10T10:00:00Z,agent,true,status,open,solved
"""


def test_the_worked_log(shop: Shop) -> None:
    facts = handling(shop(tickets=TICKET, messages=LOG)).facts
    assert facts["first_solve_p50_s"] == facts["first_solve_p90_s"] == 66 * HOUR
    assert (facts["reopen_rate"], facts["with_reopens"]) == (1, 1)
    assert facts["reopened_after_p50_s"] == 22 * HOUR
    assert (facts["one_touch"], facts["with_replies"], facts["replies_mean"]) == (0, 1, 1)  # one reply, but reopened
    assert facts["requester_wait_p50_s"] == 67 * HOUR  # 66 to the first solve, one more after it was opened again
    assert facts["next_replies"] == 0


def test_the_first_solve_has_its_time_within_working_hours(shop: Shop) -> None:
    # Friday 17 to 18, Monday 9 to 11; the clock counts from creation to the first solve and not to the last
    hours = calendars({"hours": "Mon-Fri 09:00-18:00"}).hours
    store = shop(tickets=TICKET, messages=LOG)
    found = handling(store, calendar=hours)
    facts = found.facts
    assert facts["first_solved_business"] == 1
    assert facts["first_solve_business_p50_s"] == facts["first_solve_business_p90_s"] == 3 * HOUR
    assert facts["first_solve_p50_s"] == 66 * HOUR
    assert "first_solve_business_p50_s" in {column.name for column in found.for_people().columns}
    assert "business time: Mon-Fri 09:00-18:00 (UTC)" in found.notes
    asked = replace(read_request(METRICS["handling"]), options={"calendar": hours})
    (row,) = rows(store, asked, "first_solved_business").records()
    assert (row["first_solve_business_s"], row["first_solve_s"]) == (3 * HOUR, 66 * HOUR)
    bare = handling(store)
    assert (bare.facts["first_solved_business"], bare.facts["first_solve_business_p50_s"]) == (None, None)
    assert "first_solve_business_p50_s" not in {column.name for column in bare.for_people().columns}


def test_the_hours_are_those_of_the_tickets_channel_and_outside_all_a_first_solve_takes_nothing(shop: Shop) -> None:
    # Saturday 10:00 to 14:00: chat has hours until noon, e-mail none on that day
    tickets = """
    ticket_id,created_at,channel,solved_at
    A,2026-11-07T10:00:00Z,chat,2026-11-07T14:00:00Z
    B,2026-11-07T10:00:00Z,email,2026-11-07T14:00:00Z
    """
    hours = calendars({"hours": "Mon-Fri 09:00-18:00", "chat": {"hours": "Mon-Sun 09:00-12:00"}}).hours
    found = handling(shop(tickets=tickets), by="channel", calendar=hours)
    assert [(row["channel"], row["first_solve_business_p50_s"]) for row in found.records()] == [
        ("chat", 2 * HOUR),
        ("email", 0),
    ]


def test_a_next_reply_runs_from_the_first_of_the_customers_messages_to_the_next_public_answer(shop: Shop) -> None:
    log = """
    ticket_id,sent_at,sender,public
    T1,2026-11-06T17:00:00Z,customer,true
    T1,2026-11-06T18:00:00Z,agent,true
    T1,2026-11-06T19:00:00Z,customer,true
    T1,2026-11-06T19:30:00Z,customer,true
    T1,2026-11-06T19:40:00Z,agent,false
    T1,2026-11-06T19:45:00Z,bot,true
    T1,2026-11-06T21:00:00Z,agent,true
    T1,2026-11-06T22:00:00Z,customer,true
    T1,2026-11-06T22:10:00Z,agent,true
    T1,2026-11-06T23:00:00Z,customer,true
    """
    facts = handling(shop(tickets=TICKET, messages=log)).facts
    # two questions are answered, after 2 hours and after 10 minutes; the last one is not
    assert (facts["next_replies"], facts["next_reply_p50_s"]) == (2, (2 * HOUR + 600) / 2)
    assert facts["next_reply_p90_s"] == 600 + 0.9 * (2 * HOUR - 600)


MORE = """T1,2026-11-06T22:00:00Z,customer,One more thing
    T1,2026-11-06T23:00:00Z,customer,Are you there?
    """


@pytest.mark.parametrize(
    ("last", "open_questions"), [("Thanks, that worked!", 0), ("Thanks, but it is still broken", 1), ("", 1)]
)
def test_a_mere_thanks_is_no_open_question(last: str, open_questions: int, shop: Shop) -> None:
    # the thanks of 19:00 is followed by a question, and both are answered an hour after it
    log = f"""
    ticket_id,sent_at,sender,text
    T1,2026-11-06T17:00:00Z,customer,Hello
    T1,2026-11-06T18:00:00Z,agent,Try again
    T1,2026-11-06T19:00:00Z,customer,Thank you!
    T1,2026-11-06T19:30:00Z,customer,And how do I pay?
    T1,2026-11-06T20:00:00Z,agent,By card
    T1,2026-11-06T21:00:00Z,customer,"{last}"
    """
    store = shop(tickets=TICKET.replace("2026-11-10T10:00:00Z", ""), messages=log)
    facts = handling(store).facts
    assert (facts["next_replies"], facts["next_reply_p50_s"]) == (1, HOUR)
    asked = read_request(METRICS["handling"])
    open_ones = rows(store, asked, "open_questions")
    assert open_ones.facts["rows"] == open_questions
    # of several the first that is no thanks is the one that waits
    store = shop(tickets=TICKET.replace("2026-11-10T10:00:00Z", ""), messages=log + MORE)
    (row,) = rows(store, asked, "open_questions").records()
    assert str(row["asked_at"])[11:16] == ("21:00" if open_questions else "22:00")
    store = shop(tickets=TICKET.replace("2026-11-10T10:00:00Z", ""), messages=log)
    assert unanswered(store).facts["customer_wrote_last"] == open_questions


def test_whose_turn_it_was(shop: Shop) -> None:
    log = """
    ticket_id,sent_at,sender,kind,from_value,to_value
    T1,2026-11-06T19:00:00Z,agent,status,open,pending
    T1,2026-11-07T00:00:00Z,customer,status,pending,open
    T1,2026-11-07T01:00:00Z,agent,status,open,hold
    T1,2026-11-07T03:00:00Z,agent,status,hold,solved
    """
    ticket = TICKET.replace("2026-11-10T10:00:00Z", "2026-11-07T03:00:00Z")
    facts = handling(shop(tickets=ticket, messages=log)).facts
    # open 17 to 19 and 0 to 1: 3 hours ours; pending 5 hours; on hold 2: of 10
    assert (facts["requester_wait_p50_s"], facts["agent_wait_p50_s"], facts["hold_p50_s"]) == (
        5 * HOUR,
        5 * HOUR,
        2 * HOUR,
    )
    assert (facts["our_share"], facts["customer_share"], facts["third_party_share"]) == (0.3, 0.5, 0.2)


def test_touches_are_public_replies_of_solved_tickets(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,channel,solved_at,replies,reopens
    A,2026-11-06T17:00:00Z,chat,2026-11-06T18:00:00Z,1,0
    B,2026-11-06T17:00:00Z,chat,2026-11-06T18:00:00Z,1,2
    C,2026-11-06T17:00:00Z,chat,2026-11-06T18:00:00Z,0,0
    D,2026-11-06T17:00:00Z,chat,2026-11-06T18:00:00Z,4,
    E,2026-11-06T17:00:00Z,email,,1,0
    """
    result = handling(shop(tickets=tickets), by="channel")
    facts = result.facts
    assert (facts["with_replies"], facts["one_touch"], facts["zero_touch"]) == (4, 0.25, 0.25)  # A; C; E is not solved
    assert (facts["replies_mean"], facts["with_reopens"], facts["reopen_rate"]) == (1.5, 3, 1 / 3)
    assert facts["first_solved"] == 3  # B was opened again, and no log says when it was solved first
    chat, email = result.records()
    assert (chat["tickets"], chat["one_touch"], email["with_replies"], email["one_touch"]) == (4, 0.25, 0, None)
    assert any("waits need a log of states" in note for note in result.notes)


def test_a_hand_over_is_another_agents_word(shop: Shop) -> None:
    log = "ticket_id,sent_at,sender,public,agent\n" + "\n".join(
        f"T1,2026-11-06T{18 + place}:00:00Z,agent,{public},{agent}"
        for place, (agent, public) in enumerate([("Ann", "true"), ("Bob", "false"), ("Bob", "true"), ("Ann", "true")])
    )
    assert handling(shop(tickets=TICKET, messages=log)).facts["hand_overs"] == 2


def test_nothing_is_known_of_no_ticket_and_notes_say_what_is_missing(shop: Shop) -> None:
    nothing = handling(shop(tickets="ticket_id,created_at"))
    assert nothing.facts == {fact.name: 0 if fact.role == "n" else None for fact in FACTS}
    assert nothing.notes == ()
    bare = handling(shop(tickets="ticket_id,created_at\nA,2026-11-06T17:00:00Z"), over="week")
    assert len(bare.notes) == 4
    assert [row["tickets"] for row in bare.records()] == [1]


NO_AGENTS = (
    "hand-overs are not known: no message says which agent wrote it; supportkit sources names the exports that do"
)


def test_notes_name_what_the_messages_lack_and_not_what_they_have(shop: Shop) -> None:
    # one answer and no question after it: there are conversations, without agents, and without a log of states
    log = "ticket_id,sent_at,sender\nT1,2026-11-06T17:00:00Z,customer\nT1,2026-11-06T18:00:00Z,agent"
    store = shop(tickets=TICKET, messages=log)
    notes = handling(store).notes
    assert NO_AGENTS in notes
    assert handling(store, by="handovers").notes.count(NO_AGENTS) == 1
    assert not any("export the conversations" in note for note in notes)
    assert any(note.startswith("waits need a log of states") for note in notes)
    # with all of it, of a ticket that is open still, nothing is lacking
    log = LOG.replace("to_value\n", "to_value,agent\n").replace(",,\n", ",,,Ann\n").replace("ved\n", "ved,Ann\n")
    log = log.replace("solved,open\n", "solved,open,\n")
    still_open = handling(shop(tickets=TICKET.replace("2026-11-10T10:00:00Z", ""), messages=log))
    assert (still_open.facts["next_replies"], still_open.facts["with_log"]) == (0, 0)
    assert still_open.notes == ()


def test_a_note_counts_the_tickets_that_were_opened_again_at_no_known_time(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,channel,solved_at,reopens
    A,2026-11-06T17:00:00Z,chat,2026-11-06T18:00:00Z,0
    B,2026-11-06T17:00:00Z,chat,2026-11-06T18:00:00Z,2
    """
    found = handling(shop(tickets=tickets))
    assert found.facts["first_solved"] == 1
    told = (
        "1 solved ticket was opened again, and no log of states says when it was solved first: it is in no first solve"
    )
    assert told in found.notes


def test_rows_stand_by_what_their_name_is_of(shop: Shop) -> None:
    # A was solved after three hours with one reply, B after one hour with two, and opened again
    tickets = """
    ticket_id,created_at,solved_at
    A,2026-11-02T10:00:00Z,2026-11-02T13:00:00Z
    B,2026-11-02T10:00:00Z,2026-11-02T15:00:00Z
    """
    log = """
    ticket_id,sent_at,sender,public,kind,from_value,to_value
    A,2026-11-02T10:30:00Z,agent,true,message,,
    A,2026-11-02T13:00:00Z,agent,true,status,open,solved
    B,2026-11-02T10:30:00Z,agent,true,message,,
    B,2026-11-02T10:40:00Z,agent,true,message,,
    B,2026-11-02T11:00:00Z,agent,true,status,open,solved
    B,2026-11-02T14:00:00Z,customer,true,status,solved,open
    B,2026-11-02T15:00:00Z,agent,true,status,open,solved
    """
    store, asked = shop(tickets=tickets, messages=log), read_request(METRICS["handling"])
    for name, ids in {"all": ["B", "A"], "with_replies": ["B", "A"], "first_solved": ["A", "B"]}.items():
        assert [row["ticket_id"] for row in rows(store, asked, name).records()] == ids, name
