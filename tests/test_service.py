"""Service levels: the worked message log, unanswered and impossible tickets, targets."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from supportkit.exports import LoadOptions, load
from supportkit.metrics import METRICS
from supportkit.period import containing
from supportkit.request import read_request, rows
from supportkit.result import Chart
from supportkit.service import leaves, service
from supportkit.store import Store, memory_store
from supportkit.store.conditions import parse_conditions
from supportkit.store.selection import SEVERAL
from tests.conftest import Call

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
    assert any("whether 1 ticket of supportkit was answered is not known" in note for note in result.notes)


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
    assert (result.facts["tickets"], result.facts["replied"], result.facts["solved"]) == (1, 1, 1)  # A alone
    assert any(note.startswith("1 ticket is impossible, answered or solved before") for note in result.notes)


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
    known = service(
        store.filtered(as_of=datetime(2026, 11, 6, 9, tzinfo=UTC)), targets={"default": {"first_reply": 7200}}
    )
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
    odd = [f"X{n},2026-11-06T07:00:00Z,2026-11-06T08:00:00Z,2026-11-05T00:00:00Z" for n in range(2)]
    odd += [f"Y{n},2026-11-06T07:00:00Z,2026-11-05T00:00:00Z,2026-11-06T12:00:00Z" for n in range(5)]
    found = service(shop(tickets="\n".join(["ticket_id,created_at,first_reply_at,solved_at", *rows, *odd])))
    # the 0.9 quantile of 10, 20, … 100 lies at place 1 + 0.9 * 9 = 9.1: 91; the median is 55
    assert [found.facts[f"first_reply_{part}_s"] for part in ("p50", "p90")] == pytest.approx([55, 91])
    assert [found.facts[f"resolution_{part}_s"] for part in ("p50", "p90")] == pytest.approx([110, 182])
    assert any(note.startswith("7 tickets are impossible") for note in found.notes)
    assert [found.facts[name] for name in ("tickets", "replied", "solved")] == [10, 10, 10]


def _clock(seconds: int) -> str:
    return f"2026-11-06T07:{seconds // 60:02}:{seconds % 60:02}Z"


def test_each_vendors_messages_answer_its_own_tickets(tmp_path: Path) -> None:
    # both vendors have a T1; theirs was answered after an hour, ours by nobody
    (tmp_path / "tickets.csv").write_text("ticket_id,created_at,channel\nT1,2026-11-06T07:00:00Z,ours\n")
    (tmp_path / "others.csv").write_text("ticket_id,created_at,channel\nT1,2026-11-06T07:00:00Z,theirs\n")
    (tmp_path / "messages.csv").write_text(
        "ticket_id,sent_at,sender\nT1,2026-11-06T07:00:00Z,customer\nT1,2026-11-06T08:00:00Z,agent\n"
    )
    (tmp_path / "asked.csv").write_text("ticket_id,sent_at,sender\nT1,2026-11-06T07:00:00Z,customer\n")
    store = memory_store()
    for file, table, source in (
        ("tickets", "tickets", "us"),
        ("others", "tickets", "them"),
        ("messages", "messages", "them"),
        ("asked", "messages", "us"),
    ):
        load(store, [tmp_path / f"{file}.csv"], LoadOptions(table=table, source=source))
    ours, theirs = service(store).records()
    assert (ours["replied"], ours["unanswered"], ours["first_reply_p50_s"]) == (0, 1, None)
    assert (theirs["replied"], theirs["unanswered"], theirs["first_reply_p50_s"]) == (1, 0, 3600)
    # messages that were exported by themselves belong to every ticket of their id, each once
    apart = memory_store()
    for file, table, source in (("tickets", "tickets", "us"), ("messages", "messages", "log")):
        load(apart, [tmp_path / f"{file}.csv"], LoadOptions(table=table, source=source))
    assert service(apart).facts["first_reply_p50_s"] == 3600
    (tmp_path / "opened.csv").write_text(
        "ticket_id,sent_at,sender\nT1,2026-11-06T07:00:00Z,agent\nT1,2026-11-06T09:00:00Z,agent\n"
    )
    opened = memory_store()
    for file, table, source in (("tickets", "tickets", "us"), ("opened", "messages", "log")):
        load(opened, [tmp_path / f"{file}.csv"], LoadOptions(table=table, source=source))
    assert service(opened).facts["first_reply_p50_s"] == 7200  # the first message opened the ticket
    opened.close()
    store.close()
    apart.close()


def test_the_data_reach_to_the_last_message(shop: Shop) -> None:
    tickets = "ticket_id,created_at\nT1,2026-11-06T07:00:00Z"
    messages = "ticket_id,sent_at,sender\nT1,2026-11-08T08:00:00Z,agent"
    assert str(service(shop(tickets=tickets)).scope.data_through) == "2026-11-06 07:00:00+00:00"
    assert str(service(shop(tickets=tickets, messages=messages)).scope.data_through) == "2026-11-08 08:00:00+00:00"


def test_an_open_ticket_is_late_by_the_last_instant_that_is_known_whoever_is_looked_at(shop: Shop) -> None:
    # within an hour: B is half an hour old when the last ticket comes, and two hours when A is solved
    tickets = """
    ticket_id,created_at,channel,first_reply_at,solved_at
    A,2026-11-02T10:00:00Z,email,2026-11-02T10:05:00Z,2026-11-02T12:00:00Z
    B,2026-11-02T10:00:00Z,chat,,
    C,2026-11-02T10:30:00Z,email,2026-11-02T10:40:00Z,2026-11-02T11:00:00Z
    """
    store, targets = shop(tickets=tickets), {"default": {"first_reply": 3600}}
    found = service(store, targets=targets)
    assert found.scope.as_of == datetime(2026, 11, 2, 12, tzinfo=UTC)
    assert (found.facts["sla_open_late"], found.facts["sla_open_in_time"], found.facts["sla_kept"]) == (1, 0, 2)
    chat = service(store.filtered(parse_conditions(["channel=chat"])), targets=targets)
    assert (chat.facts["sla_open_late"], chat.scope.as_of) == (1, found.scope.as_of)


def test_where_nothing_was_promised_none_is_late_and_no_check_passes(tmp_path: Path, supportkit: Call) -> None:
    tickets = tmp_path / "tickets.csv"
    tickets.write_text("ticket_id,created_at,status\n" + "".join(f"{n},2026-11-0{n}T10:00:00Z,open\n" for n in (1, 2)))
    rule = ("--expect", "service.sla_open_late <= 0 min 1")
    code, out, _ = supportkit("check", "--data", tickets, "--period", "all", *rule, "--format", "json")
    assert code == 3
    _, out, _ = supportkit("service", "--data", tickets, "--format", "json")
    facts = json.loads(out)["facts"]
    assert (facts["tickets"], facts["sla_open_late"], facts["sla_open_in_time"]) == (2, None, None)


def test_a_ticket_that_one_vendors_agent_opened_is_not_the_other_vendors(tmp_path: Path) -> None:
    # both have a T1 whose log begins with an agent at eight: theirs was opened by him, so that his message at ten is
    # the reply, after three hours; ours was opened by the customer, and answered after one
    store = memory_store()
    for source, opener, again in (("us", "Kunde", 11), ("them", "Agent", 10)):
        log = f"ticket_id,sent_at,sender\nT1,2026-11-06T08:00:00Z,agent\nT1,2026-11-06T{again}:00:00Z,agent\n"
        opened = f"ticket_id,created_at,channel,opener\nT1,2026-11-06T07:00:00Z,{source},{opener}\n"
        for table, text in (("tickets", opened), ("messages", log)):
            file = tmp_path / f"{source}-{table}.csv"
            file.write_text(text)
            load(store, [file], LoadOptions(table=table, source=source))
    rows = {row["channel"]: row["first_reply_p50_s"] for row in service(store, by="channel").records()}
    assert rows == {"us": 3600, "them": 3 * 3600}
    store.close()


WORDS = {
    "within": ["within", "Within SLA", "met", "TRUE", "yes", "1"],
    "breached": ["breached", "SLA violated", "violated", "false", "No", "0"],
}


@pytest.mark.parametrize("column", ["sla_first_reply", "sla_resolution"])
@pytest.mark.parametrize(("verdict", "word"), [(verdict, word) for verdict in WORDS for word in WORDS[verdict]])
def test_a_vendors_verdict_is_known_in_each_of_its_words(shop: Shop, column: str, verdict: str, word: str) -> None:
    found = service(shop(tickets=f"ticket_id,created_at,{column}\nA,2026-11-06T07:00:00Z,{word}"))
    assert found.facts["sla_met"] == (1.0 if verdict == "within" else 0.0)
    assert found.facts["with_target"] == 1


def test_a_target_outweighs_the_vendors_verdict_and_one_broken_promise_is_enough(shop: Shop) -> None:
    # replied in 1 minute, solved in 1 hour; the vendor says the contrary of what the targets say
    head = "ticket_id,created_at,channel,first_reply_at,solved_at,sla_first_reply,sla_resolution"
    span = "2026-11-06T07:00:00Z,chat,2026-11-06T07:01:00Z,2026-11-06T08:00:00Z"

    def met(reply: str, end: str, **targets: float) -> object:
        store = shop(tickets=f"{head}\nA,{span},{reply},{end}")
        return service(store, targets={"chat": targets}).facts["sla_met"]

    assert met("breached", "breached", first_reply=60, resolution=3600) == 1.0
    assert met("within", "within", first_reply=59, resolution=3599) == 0.0
    assert met("within", "within", first_reply=59) == 0.0
    assert met("within", "within", resolution=3599) == 0.0
    assert met("breached", "within", first_reply=60) == 1.0
    assert met("within", "breached", first_reply=60) == 0.0
    assert met("breached", "within", resolution=3600) == 0.0
    assert met("", "within", first_reply=60) == 1.0
    assert met("within", "") == 1.0
    assert met("", "breached") == 0.0
    assert met("", "") is None


def test_a_ticket_that_is_open_in_time_for_one_of_two_promises_is_not_judged_yet(shop: Shop) -> None:
    # as of 8:00, when the last one came: A is replied to in time and open in time; B is replied to late; C is open late
    tickets = """
    ticket_id,created_at,channel,first_reply_at,solved_at
    A,2026-11-06T07:00:00Z,chat,2026-11-06T07:01:00Z,
    B,2026-11-06T07:00:00Z,chat,2026-11-06T07:10:00Z,
    C,2026-11-06T05:59:59Z,chat,2026-11-06T06:00:00Z,
    D,2026-11-06T08:00:00Z,phone,,
    E,2026-11-06T07:58:00Z,chat,,2026-11-06T07:59:00Z
    """
    found = service(shop(tickets=tickets), targets={"chat": {"first_reply": 180, "resolution": 7200}})
    chat = next(iter(found.records()))
    assert (chat["with_target"], chat["sla_met"]) == (2, 0.0)  # B and C; E is solved, and open in time for its reply
    assert (
        "SLA met is over 2 tickets; 3 have no verdict: open in time, without a target, or not to be read" in found.notes
    )


def test_the_targets_of_default_are_those_of_channels_without_their_own(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,channel,first_reply_at
    A,2026-11-06T07:00:00Z,chat,2026-11-06T07:05:00Z
    B,2026-11-06T07:00:00Z,email,2026-11-06T07:05:00Z
    C,2026-11-06T07:00:00Z,,2026-11-06T07:05:00Z
    """
    found = service(
        shop(tickets=tickets),
        targets={"chat": {"first_reply": 60}, "default": {"first_reply": 300, "resolution": 10_000_000}},
    )
    assert [(row["channel"], row["sla_met"]) for row in found.records()] == [
        ("(none)", None),
        ("chat", 0.0),
        ("email", None),
    ]
    plain = service(shop(tickets=tickets), targets={"default": {"first_reply": 300}})
    assert [row["sla_met"] for row in plain.records()] == [1.0, 1.0, 1.0]


def test_an_impossible_ticket_keeps_and_breaks_nothing(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,channel,first_reply_at,solved_at
    A,2026-11-06T07:00:00Z,chat,2026-11-06T06:59:00Z,2026-11-06T08:00:00Z
    B,2026-11-06T07:00:00Z,chat,2026-11-06T07:00:00Z,2026-11-06T07:00:00Z
    """
    found = service(shop(tickets=tickets), targets={"chat": {"first_reply": 60, "resolution": 60}})
    assert (found.facts["with_target"], found.facts["sla_met"]) == (1, 1.0)  # B took no time at all, which can be
    assert found.facts["replied"] == 1
    assert found.facts["first_reply_p50_s"] == 0.0


def test_only_messages_and_notes_are_part_of_the_talk(shop: Shop) -> None:
    log = """
    ticket_id,sent_at,sender,public,kind
    T1,2026-11-06T17:00:00,customer,true,message
    T1,2026-11-06T17:01:00,agent,true,status
    T1,2026-11-06T17:02:00,agent,true,assign
    T1,2026-11-06T17:04:00,agent,false,message
    T1,2026-11-06T17:08:00,system,true,message
    T1,2026-11-06T17:16:00,agent,true,message
    T1,2026-11-06T17:32:00,agent,true,message
    """
    assert service(shop(tickets=TICKET, messages=log)).facts["first_reply_p50_s"] == 16 * 60
    # a private note comes before the agent's message, which so opens no ticket
    noted = """
    ticket_id,sent_at,sender,public,kind
    T1,2026-11-06T17:01:00,agent,false,note
    T1,2026-11-06T17:02:00,agent,true,message
    """
    assert service(shop(tickets=TICKET, messages=noted)).facts["first_reply_p50_s"] == 120
    # a log of nothing but changes is no talk: the column counts
    changes = "ticket_id,sent_at,sender,kind\nT1,2026-11-06T17:00:01,agent,status"
    assert service(shop(tickets=TICKET, messages=changes)).facts["first_reply_p50_s"] == 5


def test_the_opening_message_is_the_first_in_time_and_of_one_instant_the_first_in_the_file(shop: Shop) -> None:
    def reply(*lines: str) -> object:
        log = "\n".join(["ticket_id,sent_at,sender,public", *(f"T1,2026-11-06T17:{line}" for line in lines)])
        return service(shop(tickets=TICKET, messages=log)).facts["first_reply_p50_s"]

    # created at 17:00: an agent's message of that instant opened the ticket, one of 17:10 is the reply
    assert reply("20:00,agent,true", "00:00,agent,true") == 20 * 60
    assert reply("00:00,agent,true", "10:00,customer,true", "11:00,agent,true") == 11 * 60
    assert reply("20:00,agent,true", "10:00,agent,true") == 10 * 60
    assert reply("10:00,agent,true", "10:00,customer,true", "10:00,agent,true") == 10 * 60
    assert reply("10:00,customer,true", "10:00,agent,true") == 10 * 60
    assert reply("00:00,customer,true", "00:00,agent,true") == 0
    assert reply("00:00,agent,false", "11:00,agent,true") == 11 * 60  # a private note opens no ticket for the customer
    assert reply("00:00,agent,true") is None


def test_messages_after_as_of_answer_nothing(shop: Shop) -> None:
    store = shop(tickets=TICKET, messages=LOG)
    found = service(store.filtered(as_of=datetime(2026, 11, 8, tzinfo=UTC)))
    assert (found.facts["replied"], found.facts["unanswered"], found.facts["solved"]) == (0, 1, 0)
    # a reply and a solution at that very instant are known
    moment = service(store.filtered(as_of=datetime(2026, 11, 10, 10, tzinfo=UTC)))
    assert moment.facts["solved"] == 1
    column = shop(tickets=TICKET)
    assert service(column.filtered(as_of=datetime(2026, 11, 6, 17, 0, 5, tzinfo=UTC))).facts["replied"] == 1
    assert service(column.filtered(as_of=datetime(2026, 11, 6, 17, 0, 4, tzinfo=UTC))).facts["replied"] == 0


def test_the_closing_ends_a_ticket_that_was_not_solved_before(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,solved_at,closed_at
    A,2026-11-06T07:00:00Z,,2026-11-06T08:00:00Z
    B,2026-11-06T07:00:00Z,2026-11-06T10:00:00Z,2026-11-06T12:00:00Z
    """
    found = service(shop(tickets=tickets))
    assert (found.facts["solved"], found.facts["resolution_p50_s"]) == (2, 7200)  # one hour and three


def test_a_ticket_with_two_tags_is_in_two_rows_and_once_in_the_total(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,tags,first_reply_at
    A,2026-11-06T07:00:00Z,"late,broken",2026-11-06T08:00:00Z
    B,2026-11-06T07:00:00Z,late,
    """
    found = service(shop(tickets=tickets), by="tags")
    assert [(row["tags"], row["tickets"]) for row in found.records()] == [("broken", 1), ("late", 2)]
    assert (found.facts["tickets"], found.facts["replied"]) == (2, 1)
    assert SEVERAL in found.notes
    assert SEVERAL not in service(shop(tickets=tickets)).notes
    log = "ticket_id,sent_at,sender\nB,2026-11-06T07:00:00Z,customer\nB,2026-11-07T07:00:00Z,agent"
    early = shop(tickets=tickets, messages=log).filtered(as_of=datetime(2026, 11, 6, 12, tzinfo=UTC))
    assert service(early, by="tags").facts["replied"] == 1  # A; the answer to B came after as-of


def test_the_whole_result_of_four_tickets(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,channel,status,first_reply_at,solved_at,country
    A,2026-11-02T10:00:00Z,chat,solved,,2026-11-02T12:00:00Z,DE
    B,2026-11-02T10:00:00Z,chat,open,2026-11-02T10:03:20Z,,GB
    C,2026-11-09T10:00:00Z,email,open,,,DE
    D,2026-11-09T10:00:00Z,email,solved,2026-11-09T09:00:00Z,2026-11-09T11:00:00Z,DE
    """
    log = """
    ticket_id,sent_at,sender
    A,2026-11-02T10:00:00Z,customer
    A,2026-11-02T10:01:40Z,agent
    """
    store = shop(tickets=tickets, messages=log)
    found = service(store, targets={"chat": {"first_reply": 180}})
    assert (found.metric, found.title) == ("service", "Service: first reply and resolution")
    assert found.definition == (
        "first public reply of a human agent and last solve, both from creation, in calendar time"
    )
    # A replied to after 100 s and B after 200: median 150, 0.9 quantile 190; A solved after 2 h; D was answered before
    # it came and is in no figure
    expected = {
        "tickets": 3, "replied": 2, "unanswered": 1, "first_reply_p50_s": 150.0, "first_reply_p90_s": 190.0,
        "solved": 1, "resolution_p50_s": 7200.0, "resolution_p90_s": 7200.0, "with_target": 2, "sla_met": 0.5,
    }  # fmt: skip
    chat, email = found.records()
    of_chat = {"channel": "chat"} | expected | {"tickets": 2, "replied": 2, "unanswered": 0, "solved": 1}
    assert {name: found.facts[name] for name in expected} == pytest.approx(expected)
    assert {name: chat[name] for name in of_chat} == pytest.approx(of_chat)
    assert email.items() >= {
        "channel": "email", "tickets": 1, "replied": 0, "unanswered": 1, "first_reply_p50_s": None,
        "first_reply_p90_s": None, "solved": 0, "resolution_p50_s": None, "resolution_p90_s": None, "with_target": 0,
        "sla_met": None,
    }.items()  # fmt: skip
    assert found.notes == (
        "1 ticket has no public reply of a human agent; it is in no reply time",
        "1 first reply is from first_reply_at: automatic replies cannot be told apart",
        "2 tickets are not resolved; they are in no resolution time",
        "1 ticket is impossible, answered or solved before it was created or first answered after its last solve: it "
        "is in no figure",
        "SLA met is over 2 tickets; 1 has no verdict: open in time, without a target, or not to be read",
    )
    assert found.chart == Chart("bar", x="channel", y="first_reply_p90_s")
    assert (found.scope.period, found.scope.rows) == ("all", 4)
    assert str(found.scope.data_through) == "2026-11-09 10:00:00+00:00"


def test_every_option_of_service_is_passed_on(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,channel,country,first_reply_at
    A,2026-11-02T10:00:00Z,chat,DE,2026-11-02T10:01:00Z
    B,2026-11-02T11:00:00Z,chat,GB,2026-11-02T11:02:00Z
    C,2026-11-10T10:00:00Z,email,DE,2026-11-10T10:03:00Z
    """
    store = shop(tickets=tickets)
    week = containing(date(2026, 11, 3), "week")
    assert service(store, period=week).facts["tickets"] == 2
    assert [tuple(row.values())[:3] for row in service(store, by="country,channel", over="week").records()] == [
        ("DE", "chat", "2026-W45"),
        ("DE", "email", "2026-W46"),
        ("GB", "chat", "2026-W45"),
    ]
    by_week = service(store, by=None, over="week")
    assert by_week.chart == Chart("line", x="period", y="first_reply_p90_s")
    whole = service(store, by=None)
    assert whole.chart is None
    assert [tuple(row.values()) for row in whole.records()] == [tuple(whole.facts.values())]
    assert whole.facts["first_reply_p50_s"] == 120.0


def test_without_first_replies_the_other_figures_stand(shop: Shop) -> None:
    tickets = "ticket_id,created_at,channel,solved_at\nA,2026-11-06T07:00:00Z,chat,2026-11-06T08:00:00Z"
    found = service(shop(tickets=tickets), targets={"chat": {"resolution": 3600}})
    expected = {
        "tickets": 1, "replied": None, "unanswered": None, "first_reply_p50_s": None, "first_reply_p90_s": None,
        "solved": 1, "resolution_p50_s": 3600.0, "resolution_p90_s": 3600.0, "with_target": 1, "sla_met": 1.0,
    }  # fmt: skip
    assert found.facts.items() >= expected.items()
    (row,) = found.records()
    assert row.items() >= ({"channel": "chat"} | expected).items()
    (note,) = found.notes
    assert note.startswith(
        "whether 1 ticket of supportkit was answered is not known: there are no messages (as exports "
    )
    assert "Zammad and Zendesk" in note
    assert service(shop(tickets=tickets)).notes[1:] == (
        "SLA met needs targets: set [sla.<channel>] in supportkit.toml",
    )
    nothing = service(shop(tickets="ticket_id,created_at,channel"))
    assert nothing.notes == ()
    assert nothing.facts["tickets"] == 0


def test_the_leaves_are_the_judged_tickets_by_five_dimensions(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,channel,priority,category,country,language,first_reply_at
    A,2026-11-02T10:00:00Z,chat,high,late,DE,de,2026-11-02T10:01:00Z
    B,2026-11-02T10:00:00Z,chat,high,late,DE,de,2026-11-02T11:00:00Z
    C,2026-11-10T10:00:00Z,chat,high,late,DE,de,2026-11-10T10:01:00Z
    D,2026-11-10T10:00:00Z,chat,,,,,2026-11-10T10:01:00Z
    E,2026-11-10T10:00:00Z,,low,lost,GB,en,2026-11-10T10:01:00Z
    F,2026-11-10T10:00:00Z,email,low,lost,GB,en,2026-11-10T10:01:00Z
    """
    store = shop(tickets=tickets)
    targets = {"chat": {"first_reply": 60.0}, "default": {"first_reply": 59.0}, "email": {"resolution": 1e9}}
    found = leaves(store, targets=targets)
    assert found.what == "tickets that kept their targets"
    assert found.dimensions == ("channel", "priority", "category", "country", "language")
    assert found.leaves == {
        ("chat", "high", "late", "DE", "de"): (3, 2),
        ("chat", "(none)", "(none)", "(none)", "(none)"): (1, 1),
        ("(none)", "low", "lost", "GB", "en"): (1, 0),
    }  # F is open in time
    assert found.scope.rows == 6
    store.connection.execute(
        "update tickets set channel = '', priority = '', category = '', country = '', language = ''"
    )
    assert leaves(store, targets=targets).leaves == {("(none)",) * 5: (6, 0)}
    store = shop(tickets=tickets)
    weekly = leaves(store, targets=targets, over="week")
    assert weekly.dimensions[-1] == "period"
    assert weekly.leaves[("chat", "high", "late", "DE", "de", "2026-W45")] == (2, 1)
    week = leaves(store, targets=targets, period=containing(date(2026, 11, 3), "week"))
    assert week.leaves == {("chat", "high", "late", "DE", "de"): (2, 1)}
    early = leaves(store.filtered(as_of=datetime(2026, 11, 3, tzinfo=UTC)), targets=targets)
    assert early.notes == ("4 tickets dated after --as-of are left out",)
    assert leaves(store).leaves == {}
    log = "ticket_id,sent_at,sender\nB,2026-11-02T10:00:00Z,customer\nB,2026-11-02T10:00:30Z,agent"
    assert leaves(shop(tickets=tickets, messages=log), targets=targets).leaves[
        ("chat", "high", "late", "DE", "de")
    ] == (3, 3)


THREE = """
ticket_id,created_at,first_reply_at,solved_at
1,2026-11-02T10:00:00Z,2026-11-02T11:00:00Z,2026-11-02T12:00:00Z
2,2026-11-02T10:00:00Z,2026-11-02T11:00:00Z,2026-11-02T12:00:00Z
3,2026-11-02T10:00:00Z,2026-11-02T11:00:00Z,2026-11-02T12:00:00Z
"""
WITHOUT_OPENING = """
ticket_id,sent_at,sender
1,2026-11-02T11:00:00Z,agent
2,2026-11-02T11:00:00Z,agent
2,2026-11-02T15:00:00Z,customer
2,2026-11-02T16:00:00Z,agent
3,2026-11-02T10:00:00Z,customer
3,2026-11-02T11:00:00Z,agent
"""


def test_a_log_that_lacks_the_opening_begins_with_the_reply(shop: Shop) -> None:
    found = service(shop(tickets=THREE, messages=WITHOUT_OPENING))
    facts = found.facts
    assert (facts["replied"], facts["unanswered"], facts["first_reply_p50_s"]) == (3, 0, 3600)
    assert "2 of 3 logs begin with an agent: 2 lack the opening, and the first message is the reply" in found.notes
    assert not any("first_reply_at" in note for note in found.notes)  # it says the same as the log
    chat = "ticket_id,created_at,channel\n1,2026-11-02T10:00:00Z,chat"
    log = "ticket_id,sent_at,sender\n1,2026-11-02T10:00:40Z,agent"
    facts = service(shop(tickets=chat, messages=log)).facts
    assert (facts["replied"], facts["first_reply_p50_s"]) == (1, 40)


@pytest.mark.parametrize(
    ("ticket", "log", "reply_s"),
    [
        # an agent's message within two seconds of the creation, and no word of a customer: he opened the ticket
        ("created_at\n10:00:00", ["10:00:02,agent", "10:30:00,agent"], 1800),
        ("created_at\n10:00:00", ["10:00:02.000001,agent", "10:30:00,agent"], 2.000001),
        ("created_at\n10:00:02", ["10:00:00,agent", "10:30:00,agent"], 1798),
        ("created_at\n10:00:00", ["10:00:00,agent", "10:20:00,customer", "10:30:00,agent"], 1800),
        ("created_at\n10:00:00", ["10:00:00,agent", "10:00:01,customer", "10:30:00,agent"], 0),
        ("created_at,body\n10:00:00,Where is it?", ["10:00:01,agent", "10:30:00,agent"], 1),
        ("created_at,body\n10:00:00, ", ["10:00:01,agent", "10:30:00,agent"], 1800),
        # or where the export says so, whenever he wrote
        ("created_at,opener\n10:00:00,Agent", ["10:05:00,agent", "10:30:00,agent"], 1800),
        ("created_at,opener\n10:00:00,Mitarbeiter", ["10:05:00,agent"], None),
        ("created_at,opener\n10:00:00,Kunde", ["10:00:00,agent", "10:30:00,agent"], 0),
        ("created_at,opener\n10:00:00,xyz", ["10:00:00,agent", "10:30:00,agent"], 1800),
    ],
)  # fmt: skip
def test_who_opened_a_ticket_is_known_where_the_export_or_the_log_says_so(
    shop: Shop, ticket: str, log: list[str], reply_s: float | None
) -> None:
    header, cells = ticket.split("\n")
    lines = [f"1,2026-11-02T{line}" for line in log]
    store = shop(
        tickets=f"ticket_id,{header}\n1,2026-11-02T{cells}", messages="\n".join(["ticket_id,sent_at,sender", *lines])
    )
    found = service(store)
    assert found.facts["first_reply_p50_s"] == reply_s
    opened = "opened by him" in " ".join(found.notes)
    assert opened == (reply_s is None or reply_s > 1000)


def test_where_the_log_and_the_ticket_differ_is_told(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,first_reply_at
    1,2026-11-02T10:00:00Z,2026-11-02T10:10:00Z
    2,2026-11-02T10:00:00Z,2026-11-02T10:11:01Z
    3,2026-11-02T10:00:00Z,2026-11-02T10:10:00Z
    4,2026-11-02T10:00:00Z,
    """
    log = """
    ticket_id,sent_at,sender
    1,2026-11-02T10:09:00Z,agent
    2,2026-11-02T10:10:00Z,agent
    3,2026-11-02T10:10:00Z,customer
    4,2026-11-02T10:10:00Z,agent
    """
    # 1 is a minute away, 2 a second more, 3 has no agent in its log, 4 does not say
    notes = service(shop(tickets=tickets, messages=log)).notes
    assert (
        "first_reply_at of 2 tickets is not the first reply of their log, which counts: it is over a minute away, or "
        "the log has none"
    ) in notes


def test_a_first_reply_of_which_only_the_day_is_known_differs_from_no_log(shop: Shop) -> None:
    tickets = (
        "ticket_id,created_at,first_reply_at\n1,2026-11-02T10:00:00Z,2026-11-03\n2,2026-11-02T11:00:00Z,2026-11-03"
    )
    log = "ticket_id,sent_at,sender\n1,2026-11-03T12:00:00Z,agent\n2,2026-11-03T13:00:00Z,agent"
    assert not any(
        "is not the first reply of their log" in note for note in service(shop(tickets=tickets, messages=log)).notes
    )


def test_what_is_solved_at_no_known_time_is_told_apart_from_what_is_not_resolved(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,status,solved_at,first_reply_at
    1,2026-11-02T10:00:00Z,solved,2026-11-02T12:00:00Z,
    2,2026-11-02T10:00:00Z,gelöst,,
    3,2026-11-02T10:00:00Z,Closed,,
    4,2026-11-02T10:00:00Z,open,,
    5,2026-11-02T10:00:00Z,,,
    6,2026-11-02T10:00:00Z,fast fertig,,
    """
    found = service(shop(tickets=tickets))
    assert found.facts["solved"] == 1
    assert "2 tickets are solved, but the export does not say when; they are in no resolution time" in found.notes
    assert "3 tickets are not resolved; they are in no resolution time" in found.notes


def test_the_vendors_durations_serve_where_there_is_nothing_better(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,status,first_reply_at,solved_at,vendor_first_reply_s,vendor_resolution_s
    1,2026-11-02T10:00:00Z,solved,,,1800,7200
    2,2026-11-02T10:00:00Z,solved,2026-11-02T10:10:00Z,2026-11-02T11:00:00Z,1800,7200
    3,2026-11-02T10:00:00Z,open,,,1200,9999
    """
    store = shop(tickets=tickets)
    found = service(store, targets={"default": {"first_reply": 1200}})
    # 30, 10 and 20 minutes; 2 hours and 1; what is open is not resolved, whatever the vendor has counted so far
    assert (found.facts["replied"], found.facts["first_reply_p50_s"]) == (3, 1200)
    assert (found.facts["solved"], found.facts["resolution_p50_s"]) == (2, 5400)
    assert found.facts["sla_met"] == pytest.approx(2 / 3)
    assert "2 first replies are the vendor's own figure" in found.notes
    assert "1 resolution is the vendor's own figure" in found.notes
    assert "1 first reply is from first_reply_at: automatic replies cannot be told apart" in found.notes
    # the log is better than either
    log = "ticket_id,sent_at,sender\n1,2026-11-02T10:05:00Z,agent"
    assert service(shop(tickets=tickets, messages=log)).facts["first_reply_p50_s"] == 600
    # and what a vendor has only within business hours is told as that
    at_ten = store.filtered(as_of=datetime(2026, 11, 2, 10, 15, tzinfo=UTC))
    assert service(at_ten).facts["replied"] == 1


ZENDESK = (
    "Id,Requester,Created at,Via,Status,Solved at,First reply time in minutes{hours},Full resolution time in minutes\n"
    "1,a,2026-11-02 10:00,web,Solved,2026-11-02 12:00,30,120\n2,b,2026-11-02 10:00,web,Open,,20,\n"
)


@pytest.mark.parametrize("hours", ["", " within business hours"])
def test_zendesks_first_reply_time_is_used_and_named_as_zendesks(hours: str, tmp_path: Path) -> None:
    (tmp_path / "zendesk.csv").write_text(ZENDESK.format(hours=hours), encoding="utf-8")
    with memory_store() as store:
        load(store, [tmp_path / "zendesk.csv"], LoadOptions())
        found = service(store)
    assert found.facts["first_reply_p50_s"] == 25 * 60
    within = ", 2 of them within business hours" if hours else ""
    assert f"2 first replies are the vendor's own figure{within}" in found.notes


def test_zammads_closing_time_is_called_the_first_close(tmp_path: Path) -> None:
    (tmp_path / "zammad.csv").write_text(
        "#,Title,State,Create Channel,Created At,Closed At\n"
        "1,x,closed,email,2026-11-02 10:00:00 UTC,2026-11-02 12:00:00 UTC\n"
        "2,x,merged,email,2026-11-02 10:00:00 UTC,2026-11-02 10:01:00 UTC\n",
        encoding="utf-8",
    )
    with memory_store() as store:
        load(store, [tmp_path / "zammad.csv"], LoadOptions())
        found = service(store)
    assert (found.facts["tickets"], found.facts["resolution_p50_s"]) == (1, 7200)
    assert "1 resolution ends at the first close, the only one that its export states" in found.notes
    assert "tickets left out: 1 merged; --where status=merged shows them" in found.notes


def test_by_agent_is_by_who_replied_first_and_else_by_the_assignee(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,agent,channel
    1,2026-11-02T10:00:00Z,Bob,chat
    2,2026-11-02T10:00:00Z,Bob,chat
    3,2026-11-02T10:00:00Z,Bob,chat
    """
    log = """
    ticket_id,sent_at,sender,agent
    1,2026-11-02T10:05:00Z,agent,Ann
    1,2026-11-02T10:10:00Z,agent,Bob
    2,2026-11-02T10:20:00Z,agent,
    """
    store = shop(tickets=tickets, messages=log)
    for by in ("agent", "channel,agent", "agent,channel"):
        found = service(store, by=by)
        rows = {row["agent"]: (row["tickets"], row["first_reply_p50_s"]) for row in found.records()}
        assert rows == {"Ann": (1, 300), "Bob": (2, 1200)}, by
        assert "agent is who replied first in 1 ticket, and the assignee at export in 2" in found.notes
    assert not any("agent is" in note for note in service(store).notes)
    bobs = service(store.filtered(parse_conditions(["agent=Bob"])))
    assert bobs.facts["tickets"] == 3
    assert "agent=Bob: agent is the assignee at export" in bobs.notes
    bare = service(shop(tickets=tickets), by="agent")
    assert "agent is the assignee at export: no message says who wrote it" in bare.notes
    whole = service(shop(tickets=tickets.splitlines()[1] + "\n" + tickets.splitlines()[2], messages=log), by="agent")
    assert "agent is who replied first" in whole.notes


def test_freshdesks_hours_of_business_are_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "freshdesk.csv").write_text(
        "Ticket ID,Status,Source,Created time,Last update time,First response time (in Bhrs),"
        "Resolution time (in Bhrs)\n"
        "1,Closed,Email,2026-05-01 10:00,2026-05-01 10:00,01:00:00,30:00:00\n",
        encoding="utf-8",
    )
    with memory_store() as store:
        load(store, [tmp_path / "freshdesk.csv"], LoadOptions())
        found = service(store)
    assert (found.facts["first_reply_p50_s"], found.facts["resolution_p50_s"]) == (3600, 108_000)
    assert "1 first reply is the vendor's own figure, 1 of them within business hours" in found.notes
    assert "1 resolution is the vendor's own figure, 1 of them within business hours" in found.notes


def test_the_share_within_a_bound_counts_who_still_waits_longer(shop: Shop) -> None:
    # after 2, 10 and 30 minutes; D has waited for an hour when the data end, E for five minutes: E is not judged yet
    tickets = """
    ticket_id,created_at,channel,first_reply_at
    A,2026-11-02T10:00:00Z,chat,2026-11-02T10:02:00Z
    B,2026-11-02T10:00:00Z,chat,2026-11-02T10:10:00Z
    C,2026-11-02T10:00:00Z,chat,2026-11-02T10:30:00Z
    D,2026-11-02T10:00:00Z,chat,
    E,2026-11-02T10:55:00Z,chat,
    """
    store = shop(tickets=tickets).filtered(as_of=datetime(2026, 11, 2, 11, tzinfo=UTC))
    facts = service(store, within=timedelta(minutes=10)).facts
    assert (facts["first_reply_within"], facts["within_judged"]) == (0.5, 4)
    assert facts["first_reply_mean_s"] == 14 * 60
    unbound = service(store).facts
    assert (unbound["first_reply_within"], unbound["within_judged"]) == (None, None)


def test_a_bound_stands_in_the_heading_and_the_definition_and_needs_a_unit(
    stored: tuple[str, ...], supportkit: Call
) -> None:
    asked = ("service", *stored, "-q", "--within")
    code, out, _ = supportkit(*asked, "10m", "-f", "json")
    told = json.loads(out)
    (label,) = (column["label"] for column in told["columns"] if column["name"] == "first_reply_within")
    assert (code, label) == (0, "first reply within 10 minutes")
    assert told["definition"].endswith("; first reply within 10 minutes")
    (head,) = (line for line in supportkit(*asked, "10m")[1].splitlines() if line.startswith("Channel "))
    assert "First reply within 10 minutes" in head
    code, _, err = supportkit(*asked, "10")
    assert (code, "--within: 10 has no unit; write 10s, 10m, 10h or 10d" in err) == (2, True)


def test_promises_are_kept_broken_open_in_time_and_open_and_late(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,channel,first_reply_at
    A,2026-11-02T10:00:00Z,chat,2026-11-02T10:02:00Z
    B,2026-11-02T10:00:00Z,chat,2026-11-02T10:10:00Z
    C,2026-11-02T10:00:00Z,chat,
    D,2026-11-02T10:58:00Z,chat,
    E,2026-11-02T10:00:00Z,fax,
    """
    names = ("sla_kept", "sla_broken", "sla_open_late", "sla_open_in_time", "with_target")

    def promises(tickets: str) -> list[object]:
        store = shop(tickets=tickets).filtered(as_of=datetime(2026, 11, 2, 11, tzinfo=UTC))
        facts = service(store, targets={"chat": {"first_reply": 300}}).facts
        assert facts["sla_met"] == facts["sla_kept"] / facts["with_target"]  # type: ignore[operator]
        return [facts[name] for name in names]

    assert promises(tickets) == [1, 2, 1, 1, 3]  # A; B and C, which is late and open; D
    # F and H ended without an answer, late, and are open no more; G did in time, and of it there is no verdict
    tickets = """
    ticket_id,created_at,channel,first_reply_at,solved_at,status
    A,2026-11-02T10:00:00Z,chat,2026-11-02T10:02:00Z,,
    C,2026-11-02T10:00:00Z,chat,,,
    F,2026-11-02T10:00:00Z,chat,,2026-11-02T10:30:00Z,solved
    G,2026-11-02T10:58:00Z,chat,,2026-11-02T10:59:00Z,solved
    H,2026-11-02T10:00:00Z,chat,,,closed
    """
    assert promises(tickets) == [1, 3, 1, 0, 4]


def test_the_rows_say_what_became_of_each_promise(shop: Shop) -> None:
    # by 11:00 A kept it, B and C broke it, D is open in time, and nothing was promised to E
    tickets = """
    ticket_id,created_at,channel,first_reply_at
    A,2026-11-02T10:00:00Z,chat,2026-11-02T10:02:00Z
    B,2026-11-02T10:00:00Z,chat,2026-11-02T10:10:00Z
    C,2026-11-02T10:00:00Z,chat,
    D,2026-11-02T10:58:00Z,chat,
    E,2026-11-02T10:00:00Z,fax,
    """
    store = shop(tickets=tickets).filtered(as_of=datetime(2026, 11, 2, 11, tzinfo=UTC))
    targets = {"chat": {"first_reply": 300.0}}

    def promises(definition: str) -> list[object]:
        asked = replace(read_request(METRICS["service"]), options={"targets": targets, "definition": definition})
        found = {row["ticket_id"]: row["promise"] for row in rows(store, asked, "all").records()}
        return [found[name] for name in "ABCDE"]

    assert promises("ours") == ["kept", "broken", "broken", "open in time", None]
    assert promises("zendesk") == ["kept", "broken", "open and late", "open in time", None]


def test_a_ticket_that_is_solved_at_no_known_time_has_no_verdict_on_its_resolution(shop: Shop) -> None:
    # A and B are solved, and nothing says when; B was answered late, and broke its promise all the same
    tickets = """
    ticket_id,created_at,channel,first_reply_at,solved_at,status
    A,2026-11-02T10:00:00Z,chat,2026-11-02T10:02:00Z,,solved
    B,2026-11-02T10:00:00Z,chat,2026-11-02T10:10:00Z,,closed
    C,2026-11-02T10:00:00Z,chat,2026-11-02T10:02:00Z,,open
    D,2026-11-09T10:00:00Z,chat,2026-11-09T10:02:00Z,2026-11-09T10:30:00Z,solved
    """
    facts = service(shop(tickets=tickets), targets={"chat": {"first_reply": 300.0, "resolution": 3600.0}}).facts
    # D kept it; B broke it, and C, which is open and late
    assert [facts[name] for name in ("with_target", "sla_kept", "sla_broken", "sla_open_late")] == [3, 1, 2, 1]


def test_a_group_of_impossible_tickets_alone_is_no_row(shop: Shop) -> None:
    tickets = "ticket_id,created_at,channel,solved_at\nA,2026-11-02,chat,2026-11-03\nB,2026-11-03,fax,2026-11-02"
    found = service(shop(tickets=tickets))
    assert [(row["channel"], row["tickets"]) for row in found.records()] == [("chat", 1)]
    assert any("1 ticket is impossible" in note for note in found.notes)


def test_the_spread_is_between_the_best_and_the_worst_channel_with_enough_tickets(shop: Shop) -> None:
    # chat keeps 4 of 5, email 1 of 5, fax 0 of 4, which are too few
    rows = [("chat", number < 4) for number in range(5)] + [("email", number < 1) for number in range(5)]
    rows += [("fax", False)] * 4
    tickets = "ticket_id,created_at,channel,first_reply_at\n" + "\n".join(
        f"{number},2026-11-02T10:00:00Z,{channel},2026-11-02T10:{'01' if kept else '30'}:00Z"
        for number, (channel, kept) in enumerate(rows)
    )
    store, targets = shop(tickets=tickets), {"default": {"first_reply": 120.0}}
    assert service(store, targets=targets).facts["sla_spread"] == pytest.approx(0.6)
    assert service(store, targets=targets, by="country").facts["sla_spread"] is None


def test_older_tickets_that_were_solved_in_the_period_are_its_work(shop: Shop) -> None:
    # of the week A and B are older, B is solved after it; C is of the week itself
    tickets = """
    ticket_id,created_at,channel,solved_at
    A,2026-10-01T10:00:00Z,chat,2026-11-03T10:00:00Z
    B,2026-10-01T10:00:00Z,chat,2026-11-09T00:00:00Z
    C,2026-11-02T00:00:00Z,chat,2026-11-03T10:00:00Z
    D,2026-11-08T10:00:00Z,email,
    """
    store, week = shop(tickets=tickets), containing(date(2026, 11, 3), "week")
    found = service(store, period=week)
    assert (found.facts["tickets"], found.facts["solved"], found.facts["solved_older"]) == (2, 1, 1)
    assert {row["channel"]: row["solved_older"] for row in found.records()} == {"chat": 1, "email": 0}
    assert service(store).facts["solved_older"] is None  # nothing is older than all data
    (row,) = rows(store, replace(read_request(METRICS["service"]), period=week), "solved_older").records()
    assert (row["ticket_id"], row["resolution_s"]) == ("A", 33 * 86_400)


def test_of_the_unanswered_those_come_first_that_wait_still(shop: Shop) -> None:
    # S was solved after a day without an answer, and is the oldest; W waits for two days, V for one
    tickets = """
    ticket_id,created_at,status,solved_at,first_reply_at
    S,2026-11-01T10:00:00Z,solved,2026-11-02T10:00:00Z,
    V,2026-11-04T10:00:00Z,open,,
    W,2026-11-03T10:00:00Z,open,,
    A,2026-11-05T10:00:00Z,open,,2026-11-05T11:00:00Z
    """
    request = read_request(METRICS["service"])
    promised = replace(request, options={**request.options, "targets": {"default": {"first_reply": 3600.0}}})
    for asked in (request, promised):
        found = rows(shop(tickets=tickets), asked, "unanswered", None)
        assert [row["ticket_id"] for row in found.records()] == ["W", "V", "S"]


def test_where_no_reply_is_told_the_time_to_the_end_or_the_wait_so_far_decides(shop: Shop) -> None:
    # nothing tells of replies: A took an hour, B three days, C waits for two days, of D nobody told when it was solved
    tickets = """
    ticket_id,created_at,status,solved_at
    A,2026-11-01T10:00:00Z,solved,2026-11-01T11:00:00Z
    B,2026-11-02T10:00:00Z,solved,2026-11-05T10:00:00Z
    C,2026-11-03T10:00:00Z,open,
    D,2026-11-01T09:00:00Z,solved,
    """
    asked = replace(read_request(METRICS["service"]), options={"targets": {"default": {"resolution": 60.0}}})
    expected = {"all": ["B", "C", "A", "D"], "breached": ["B", "C", "A"], "solved": ["B", "A"], "unsolved": ["C", "D"]}
    store = shop(tickets=tickets)
    for name, ids in expected.items():
        assert [row["ticket_id"] for row in rows(store, asked, name).records()] == ids, name
        (first, *_) = rows(store, asked, name, top=1).records()
        assert first["ticket_id"] == ids[0]


def test_the_solved_stand_by_their_resolution_and_not_by_their_first_reply(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,first_reply_at,solved_at
    A,2026-11-01T10:00:00Z,2026-11-01T15:00:00Z,2026-11-01T16:00:00Z
    B,2026-11-02T10:00:00Z,2026-11-02T10:01:00Z,2026-11-05T10:00:00Z
    """
    asked = read_request(METRICS["service"])
    store = shop(tickets=tickets)
    assert [row["ticket_id"] for row in rows(store, asked, "all").records()] == ["A", "B"]
    assert [row["ticket_id"] for row in rows(store, asked, "solved").records()] == ["B", "A"]
    assert [row["ticket_id"] for row in rows(store, asked, "resolution_p90_s").records()] == ["B", "A"]
