"""Our times beside the vendor's, and others' definitions of the same tickets, worked out by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from supportkit import read_data
from supportkit.configuration.calendars import calendars
from supportkit.desk.definitions import Name
from supportkit.metrics import METRICS
from supportkit.period import containing
from supportkit.reconcile import FACTS, reconcile
from supportkit.render.in_language import translated
from supportkit.render.language import language_of
from supportkit.request import read_request, rows
from supportkit.service import service
from supportkit.store import Store

Shop = Callable[..., Store]
MINUTE = 60
# created at 10:00, the customer's message at 10:10, a bot's at 10:12, an agent's at 10:30
LOG = """
ticket_id,sent_at,sender,public
{0},2026-11-02T10:10:00Z,customer,true
{0},2026-11-02T10:12:00Z,bot,true
{0},2026-11-02T10:20:00Z,agent,false
{0},2026-11-02T10:30:00Z,agent,true
"""
READINGS: list[tuple[Name, int]] = [("ours", 30), ("zendesk", 12), ("intercom", 20), ("chatwoot", 18), ("plain", 20)]


@pytest.mark.parametrize(("definition", "minutes"), READINGS)
def test_each_definition_reads_the_same_log_its_way(definition: Name, minutes: int, shop: Shop) -> None:
    store = shop(tickets="ticket_id,created_at\nA,2026-11-02T10:00:00Z", messages=LOG.format("A"))
    found = service(store, definition=definition)
    assert found.facts["first_reply_p50_s"] == minutes * MINUTE
    assert ("as " + definition in found.definition) == (definition != "ours")
    asked = replace(read_request(METRICS["service"], {"definition": definition}))
    (row,) = rows(store, asked, "all").records()
    assert row["first_reply_s"] == minutes * MINUTE


def test_each_group_has_the_definition_that_fits_it(shop: Shop) -> None:
    # chat's own figure is ours, e-mail's is from the bot's answer on; nothing is known of fax
    tickets = """
    ticket_id,created_at,channel,vendor_first_reply_s,solved_at,vendor_resolution_s
    A,2026-11-02T10:00:00Z,chat,1800,2026-11-02T11:00:00Z,3600
    B,2026-11-02T10:00:00Z,email,720,,
    C,2026-11-02T10:00:00Z,fax,,,
    """
    store = shop(
        tickets=tickets, messages=LOG.format("A") + LOG.format("B").replace("ticket_id,sent_at,sender,public", "")
    )
    found = reconcile(store, by="channel")
    wanted = ("channel", "compared", "median_difference_s", "best_definition", "compared_resolution")
    assert [tuple(row[name] for name in wanted) for row in found.records()] == [
        ("chat", 1, 0, "ours", 1), ("email", 1, 18 * MINUTE, "zendesk", 0), ("fax", 0, None, None, 0)
    ]  # fmt: skip
    assert found.facts == reconcile(store).facts


def test_a_ticket_that_an_agent_opened_counts_in_three_ways(shop: Shop) -> None:
    log = """
    ticket_id,sent_at,sender
    A,2026-11-02T10:00:00Z,agent
    A,2026-11-02T10:30:00Z,customer
    A,2026-11-02T10:45:00Z,agent
    """
    store = shop(tickets="ticket_id,created_at,opener\nA,2026-11-02T10:00:00Z,agent", messages=log)
    found = {name: service(store, definition=name).facts for name, _ in READINGS}
    assert {name: facts["tickets"] for name, facts in found.items()} == {
        "ours": 1, "zendesk": 1, "intercom": 1, "chatwoot": 1, "plain": 0,
    }  # fmt: skip
    assert [found[name]["first_reply_p50_s"] for name in ("ours", "zendesk", "intercom", "chatwoot")] == [
        45 * MINUTE, 45 * MINUTE, 15 * MINUTE, 0,
    ]  # fmt: skip


@pytest.mark.parametrize("definition", ["intercom", "plain"])
def test_a_reading_dated_by_the_reply_counts_the_replies_of_the_period(definition: Name, shop: Shop) -> None:
    # the week is 2 to 8 November. A is older and answered in it after 3 days; B is of it and answered after it;
    # C is of it and answered in it after an hour; D is older and answered before it; E is of it and waits
    tickets = """
    ticket_id,created_at,channel
    A,2026-10-31T10:00:00Z,chat
    B,2026-11-08T10:00:00Z,chat
    C,2026-11-04T10:00:00Z,email
    D,2026-10-30T10:00:00Z,email
    E,2026-11-05T10:00:00Z,email
    """
    log = """
    ticket_id,sent_at,sender
    A,2026-10-31T10:00:00Z,customer
    A,2026-11-03T10:00:00Z,agent
    B,2026-11-08T10:00:00Z,customer
    B,2026-11-09T10:00:00Z,agent
    C,2026-11-04T10:00:00Z,customer
    C,2026-11-04T11:00:00Z,agent
    D,2026-10-30T10:00:00Z,customer
    D,2026-10-30T11:00:00Z,agent
    E,2026-11-05T10:00:00Z,customer
    """
    store, week = shop(tickets=tickets, messages=log), containing(date(2026, 11, 4), "week")
    found = service(store, period=week, definition=definition)
    assert [found.facts[name] for name in ("tickets", "replied", "unanswered")] == [3, 2, 1]  # A, C; E
    assert found.facts["first_reply_mean_s"] == (72 + 1) / 2 * 3600
    assert {row["channel"]: row["tickets"] for row in found.records()} == {"chat": 1, "email": 2}
    assert "tickets are dated by their first reply, and by their creation where they have none" in found.notes
    assert (found.scope.start, found.scope.rows) == (week.start, 3)
    by_day = service(store, period=week, definition=definition, by=None, over="day")
    assert [(row["period"], row["tickets"], row["replied"]) for row in by_day.records()] == [
        ("2026-11-03", 1, 1),
        ("2026-11-04", 1, 1),
        ("2026-11-05", 1, 0),
    ]
    asked = replace(read_request(METRICS["service"], {"definition": definition}), period=week)
    assert {row["ticket_id"] for row in rows(store, asked, "replied").records()} == {"A", "C"}
    assert service(store, period=week).facts["replied"] == 2  # ours, by creation: B and C


@pytest.mark.parametrize("definition", ["intercom", "plain"])
def test_a_log_without_the_opening_is_read_from_the_creation(definition: Name, shop: Shop) -> None:
    # the customer's question of 10:00 is not in the log, which begins with the answer to it
    log = """
    ticket_id,sent_at,sender
    A,2026-11-02T10:05:00Z,agent
    A,2026-11-02T10:30:00Z,customer
    A,2026-11-02T10:40:00Z,agent
    """
    store = shop(tickets="ticket_id,created_at\nA,2026-11-02T10:00:00Z", messages=log)
    assert service(store, definition=definition).facts["first_reply_p50_s"] == 5 * MINUTE


def test_others_readings_say_which_first_replies_have_no_messages(shop: Shop) -> None:
    store = shop(tickets="ticket_id,created_at,first_reply_at\nA,2026-11-02T10:00:00Z,2026-11-02T10:07:00Z")
    told = "first replies without messages, read as ours from creation: 1"
    for name, _ in READINGS:
        found = service(store, definition=name)
        assert found.facts["first_reply_p50_s"] == 7 * MINUTE
        assert (told in found.notes) == (name != "ours")


def test_chatwoot_counts_every_solve_from_the_creation(shop: Shop) -> None:
    # A is solved after 1 h, reopened after 2 h and solved after 4 h, and closed, which is no solve; B after 3 h, of
    # which the log says nothing; C is open. Ours: A after 4 h, B after 3 h
    tickets = """
    ticket_id,created_at,channel,status,solved_at
    A,2026-11-02T10:00:00Z,chat,closed,2026-11-02T14:00:00Z
    B,2026-11-02T10:00:00Z,email,solved,2026-11-02T13:00:00Z
    C,2026-11-02T10:00:00Z,phone,open,
    """
    log = """
    ticket_id,sent_at,sender,kind,from_value,to_value
    A,2026-11-02T11:00:00Z,agent,status,open,solved
    A,2026-11-02T12:00:00Z,agent,status,solved,open
    A,2026-11-02T14:00:00Z,agent,status,open,solved
    A,2026-11-02T15:00:00Z,system,status,solved,closed
    """
    store = shop(tickets=tickets, messages=log)
    ours, found = service(store), service(store, definition="chatwoot")
    assert (ours.facts["solved"], ours.facts["resolution_mean_s"]) == (2, 3.5 * 3600)
    assert (found.facts["tickets"], found.facts["solved"]) == (3, 3)
    assert found.facts["resolution_p50_s"] == 3 * 3600  # of 1, 3 and 4 hours
    assert found.facts["resolution_mean_s"] == pytest.approx((1 + 3 + 4) / 3 * 3600)
    assert {row["channel"]: row["solved"] for row in found.records()} == {"chat": 2, "email": 1, "phone": 0}
    assert "every solve from creation" in found.definition
    assert "1 ticket is not resolved; it is in no resolution time" in found.notes
    asked = read_request(METRICS["service"], {"definition": "chatwoot"})
    solved = rows(store, asked, "solved").records()
    assert [(row["ticket_id"], row["resolution_s"]) for row in solved] == [("A", 14400), ("B", 10800), ("A", 3600)]


def test_where_chatwoots_reading_differs_from_chatwoot_a_note_says_so(shop: Shop) -> None:
    store = shop(tickets="ticket_id,created_at,solved_at\nA,2026-11-02T10:00:00Z,2026-11-02T11:00:00Z")
    found = service(store, definition="chatwoot")
    assert (found.facts["solved"], found.facts["with_target"], found.facts["sla_met"]) == (1, 0, None)
    assert "chatwoot shows an SLA of 100 % where no ticket has a target; no data is no figure here" in found.notes
    once = "chatwoot counts every solve; no log tells of more than the last one here, and each ticket counts once"
    assert once in found.notes
    assert once not in service(store).notes


def test_chatwoots_clock_starts_anew_where_a_ticket_was_reopened_before_its_answer(shop: Shop) -> None:
    # a bot writes at 10:01, the ticket is solved at 10:05 and reopened at 11:00; the agent answers at 11:20
    log = """
    ticket_id,sent_at,sender,kind,from_value,to_value
    A,2026-11-02T10:01:00Z,bot,message,,
    A,2026-11-02T10:05:00Z,bot,status,open,solved
    A,2026-11-02T11:00:00Z,customer,status,solved,open
    A,2026-11-02T11:20:00Z,agent,message,,
    """
    store = shop(tickets="ticket_id,created_at\nA,2026-11-02T10:00:00Z", messages=log)
    assert service(store, definition="chatwoot").facts["first_reply_p50_s"] == 20 * MINUTE


def test_zendesk_leaves_open_tickets_out_of_the_sla_and_chatwoot_keeps_those_in_time(shop: Shop) -> None:
    # A kept, B broke, C is open and late, D open in time
    tickets = """
    ticket_id,created_at,channel
    A,2026-11-02T10:00:00Z,chat
    B,2026-11-02T10:00:00Z,chat
    C,2026-11-02T10:00:00Z,chat
    D,2026-11-02T10:58:00Z,chat
    """
    log = "ticket_id,sent_at,sender\nA,2026-11-02T10:01:00Z,agent\nB,2026-11-02T10:20:00Z,agent"
    store = shop(tickets=tickets, messages=log).filtered(as_of=datetime(2026, 11, 2, 11, tzinfo=UTC))
    targets = {"chat": {"first_reply": 300.0}}
    found = {name: service(store, definition=name, targets=targets).facts for name in ("ours", "zendesk", "chatwoot")}
    assert {name: (facts["with_target"], facts["sla_met"]) for name, facts in found.items()} == {
        "ours": (3, 1 / 3),
        "zendesk": (2, 1 / 2),
        "chatwoot": (4, 2 / 4),
    }


def test_the_definition_that_the_vendor_counts_by_fits_best(shop: Shop) -> None:
    # the vendor says 12 minutes, which is from the creation to the bot: Zendesk's reading; of C it is 90 s more
    tickets = """
    ticket_id,created_at,vendor_first_reply_s,vendor_resolution_s,solved_at
    A,2026-11-02T10:00:00Z,720,7200,2026-11-02T12:00:00Z
    B,2026-11-02T10:00:00Z,720,7230,2026-11-02T12:00:00Z
    C,2026-11-02T10:00:00Z,810,,2026-11-02T12:00:00Z
    D,2026-11-02T10:00:00Z,,3600,2026-11-02T12:00:00Z
    """
    log = LOG.format("A") + "".join("\n".join(LOG.format(name).splitlines()[2:]) + "\n" for name in "BCD")
    store = shop(tickets=tickets, messages=log)
    found = reconcile(store)
    facts = found.facts
    assert (facts["compared"], facts["median_difference_s"], facts["within_a_minute"]) == (3, 18 * MINUTE, 0)
    assert facts["best_definition"] == "zendesk"
    assert (facts["compared_resolution"], facts["resolution_median_difference_s"]) == (3, 30)  # 0, 30 and 3600
    assert facts["resolution_within_a_minute"] == 2 / 3
    first = next(found.records())
    assert (first["definition"], first["tickets"], first["within_a_minute"]) == ("zendesk", 3, 2 / 3)
    assert (first["ours_p50_s"], first["vendor_p50_s"], first["median_difference_s"]) == (720, 720, 0)
    assert "furthest apart: A, B, C; --rows apart lists them with both times" in found.notes
    apart = rows(store, read_request(METRICS["reconcile"]), "apart").records()
    assert [(row["ticket_id"], row["difference_s"]) for row in apart] == [("B", 1080), ("A", 1080), ("C", 990)]
    solved = rows(store, read_request(METRICS["reconcile"]), "resolutions").records()
    assert [(row["ticket_id"], row["resolution_difference_s"]) for row in solved] == [("D", 3600), ("B", 30), ("A", 0)]


WITHIN_HOURS = """
ticket_id,created_at,channel,vendor_first_reply_s,status,solved_at,vendor_resolution_s
A,2026-03-06T16:00:00Z,email,7200,solved,2026-03-09T11:00:00Z,10800
B,2026-03-06T16:30:00Z,email,1800,solved,2026-03-09T12:00:00Z,12600
C,2026-03-06T16:00:00Z,chat,237600,solved,2026-03-09T11:00:00Z,241200
"""
"""Answered Monday at 10:00: within 9 to 17, A after 2 hours, B after 1.5, of which its vendor says 0.5; solved after 3
and 3.5. C is the same as A, and its vendor says 66 and 67 hours, as the clock does."""
ANSWERED = "ticket_id,sent_at,sender\n" + "".join(f"{name},2026-03-09T10:00:00Z,agent\n" for name in "ABC")
NINE_TO_FIVE = calendars({"hours": "Mon-Fri 09:00-17:00"}).hours


def test_the_clock_that_fits_is_that_of_the_figures_and_of_the_tickets_apart(shop: Shop) -> None:
    store = shop(tickets=WITHIN_HOURS, messages=ANSWERED)
    found = reconcile(store, calendar=NINE_TO_FIVE)
    facts = found.facts
    assert facts["best_definition"] == "ours, working hours"
    # by hours A is 0 apart, B 1 h, C 64 h; of resolutions A and B are 0 apart, C 64 h
    assert (facts["compared"], facts["median_difference_s"], facts["within_a_minute"]) == (3, 3600, 1 / 3)
    assert (facts["compared_resolution"], facts["resolution_median_difference_s"]) == (3, 0)
    assert facts["resolution_within_a_minute"] == 2 / 3
    solves = [row for row in found.records() if row["figure"] == "resolution"]
    assert [(row["definition"], row["within_a_minute"]) for row in solves] == [
        ("ours, working hours", 2 / 3),
        ("ours", 1 / 3),
    ]
    assert found.definition.endswith("first replies within working hours, resolutions within working hours")
    assert "furthest apart: C, B; --rows apart lists them with both times" in found.notes
    asked = replace(read_request(METRICS["reconcile"]), options={"by": None, "calendar": NINE_TO_FIVE})
    apart = rows(store, asked, "apart")
    assert [(row["ticket_id"], row["difference_s"]) for row in apart.records()] == [("C", 64 * 3600), ("B", 3600)]
    assert [row["first_reply_business_s"] for row in apart.records()] == [7200, 5400]
    assert [row["ticket_id"] for row in rows(store, asked, "resolutions_apart").records()] == ["C"]


def test_the_rows_and_the_clocks_are_told_in_russian(shop: Shop) -> None:
    store = shop(tickets=WITHIN_HOURS, messages=ANSWERED)
    asked = replace(read_request(METRICS["reconcile"]), options={"by": None, "calendar": NINE_TO_FIVE})
    for found in (rows(store, asked, "apart"), reconcile(store, calendar=NINE_TO_FIVE)):
        told = translated(found, language_of("ru"))
        labels = [column.label for column in told.columns]
        assert not [label for label in labels if re.search("[a-z]{2,}", label.replace("p50", ""))]
    assert told.facts["best_definition"] == "наше, рабочие часы"
    assert told.definition.endswith("первые ответы и решения в рабочих часах")


def test_groups_are_compared_by_the_clock_of_the_whole_and_name_the_one_that_fits_them(shop: Shop) -> None:
    store = shop(tickets=WITHIN_HOURS, messages=ANSWERED)
    found = reconcile(store, by="channel", calendar=NINE_TO_FIVE)
    wanted = ("channel", "best_definition", "median_difference_s", "resolution_median_difference_s")
    assert [tuple(row[name] for name in wanted) for row in found.records()] == [
        ("chat", "ours", 64 * 3600, 64 * 3600),
        ("email", "ours, working hours", 1800, 0),
    ]
    asked = replace(read_request(METRICS["reconcile"]), options={"by": "channel", "calendar": NINE_TO_FIVE})
    every = rows(store, asked, "all").records()
    assert {row["difference_s"] for row in every if row["channel"] == "email"} == {0, 3600}


def test_another_definition_may_fit_within_working_hours(shop: Shop) -> None:
    # of the ten minutes until the bot's answer five are within hours, and the vendor says five
    ticket = "ticket_id,created_at,vendor_first_reply_s\nA,2026-03-06T16:55:00Z,300"
    log = "ticket_id,sent_at,sender\nA,2026-03-06T17:05:00Z,bot\nA,2026-03-09T10:00:00Z,agent"
    store = shop(tickets=ticket, messages=log)
    assert reconcile(store, calendar=NINE_TO_FIVE).facts["best_definition"] == "zendesk, working hours"
    assert reconcile(store).facts["best_definition"] == "zendesk"


def test_where_the_vendor_counts_by_the_clock_a_calendar_changes_nothing(shop: Shop) -> None:
    chat = [line for line in WITHIN_HOURS.splitlines() if ",email," not in line]
    store = shop(tickets="\n".join(chat), messages=ANSWERED)
    found = reconcile(store, calendar=NINE_TO_FIVE)
    assert found.facts == reconcile(store).facts
    assert (found.facts["best_definition"], found.facts["within_a_minute"]) == ("ours", 1)
    assert found.definition.endswith("first replies in calendar time, resolutions in calendar time")


def test_impossible_tickets_are_compared_in_nothing(shop: Shop) -> None:
    # B is solved before it was created, C first answered an hour after its last solve
    tickets = """
    ticket_id,created_at,vendor_first_reply_s,status,solved_at,vendor_resolution_s
    A,2026-11-02T10:00:00Z,1800,solved,2026-11-02T12:00:00Z,7200
    B,2026-11-02T10:00:00Z,1800,solved,2026-11-02T09:00:00Z,7200
    C,2026-11-02T09:00:00Z,9000,solved,2026-11-02T10:20:00Z,4800
    """
    log = LOG.format("A") + "".join("\n".join(LOG.format(name).splitlines()[2:]) + "\n" for name in "BC")
    store = shop(tickets=tickets, messages=log.replace("C,2026-11-02T10:30", "C,2026-11-02T11:30"))
    found = reconcile(store)
    assert (found.facts["compared"], found.facts["compared_resolution"]) == (1, 1)
    assert found.facts["compared"] == service(store).facts["replied"]
    (told,) = (note for note in found.notes if "impossible" in note)
    assert told.startswith("2 tickets are impossible")
    assert [row["ticket_id"] for row in rows(store, read_request(METRICS["reconcile"]), "all").records()] == ["A"]
    assert [row["ticket_id"] for row in rows(store, read_request(METRICS["reconcile"]), "resolutions").records()] == [
        "A"
    ]


FRESHDESK = """\
Ticket ID,Subject,Status,Source,Created time,Resolved time,Last update time,Initial response time,{}
1,Late,Closed,Email,2026-03-06 16:00:00,2026-03-09 11:00:00,2026-03-09 11:00:00,2026-03-09 10:00:00,66:00:00,67:00:00
2,Late,Closed,Email,2026-03-03 09:00:00,2026-03-04 17:00:00,2026-03-04 17:00:00,2026-03-04 15:15:00,30:00:00,32:00:00
3,Late,Open,Email,2026-03-03 09:00:00,,2026-03-04 15:15:00,,,
"""
FRESHSERVICE = """\
Ticket Id,Requester Name,Status,Source,Created Time,Resolved Time,Last Updated Time,Initial Response Time,{}
""" + "\n".join(FRESHDESK.splitlines()[1:])
INTERCOM = """\
Conversation ID,Current conversation state,\
Conversation started at,Conversation first replied at,Conversation last closed at,{}
1,closed,2026-03-06 16:00:00,2026-03-09 10:00:00,2026-03-09 11:00:00,237600,241200
2,closed,2026-03-03 09:00:00,2026-03-04 15:15:00,2026-03-04 17:00:00,108000,115200
3,open,2026-03-03 09:00:00,,,,
"""
ZAMMAD = """#,Title,State,Create Channel,\
Created At,First Response At,Closed At,{}
1,Late,closed,email,2026-03-06 16:00:00,2026-03-09 10:00:00,2026-03-09 11:00:00,3960,4020
2,Late,closed,email,2026-03-03 09:00:00,2026-03-04 15:15:00,2026-03-04 17:00:00,1800,1920
3,Late,open,email,2026-03-03 09:00:00,,,,
"""


@pytest.mark.parametrize(
    "export",
    [
        FRESHDESK.format("First response time (in hrs),Resolution time (in hrs)"),
        FRESHSERVICE.format("First Response Time (in Hrs),Resolution Time (in Hrs)"),
        INTERCOM.format("First response time (seconds),Time to close (seconds)"),
        ZAMMAD.format("First Response In Min,Close In Min"),
    ],
    ids=["freshdesk", "freshservice", "intercom", "zammad"],
)
def test_an_export_with_the_instant_and_the_duration_is_compared_without_messages(export: str, tmp_path: Path) -> None:
    # ticket 1: both are 66 h; ticket 2: 30 h 15 min by the clock, 30 h as told; the resolutions are told to the minute
    (tmp_path / "tickets.csv").write_text(export, encoding="utf-8")
    with read_data(tmp_path) as store:
        found = reconcile(store)
    facts = found.facts
    assert (facts["compared"], facts["median_difference_s"], facts["within_a_minute"]) == (2, 15 * MINUTE / 2, 1 / 2)
    assert (facts["compared_resolution"], facts["resolution_median_difference_s"]) == (2, 0)
    assert [row["definition"] for row in found.records()] == ["ours", "ours"]
    assert any(note.startswith("2 first replies are first_reply_at beside the vendor's") for note in found.notes)


def test_what_cannot_be_compared_is_named_by_its_column(shop: Shop) -> None:
    found = reconcile(shop(tickets="ticket_id,created_at,first_reply_at\nA,2026-11-02T10:00:00Z,2026-11-02T11:00:00Z"))
    assert found.facts == {fact.name: 0 if fact.role == "n" else None for fact in FACTS}
    assert found.empty
    assert any("messages" in note for note in found.notes)
    assert any("vendor_resolution_s" in note and "Zendesk" in note for note in found.notes)
