"""State at an instant: what is open, how old it is, and whose turn it is, on logs worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from supportkit.desk.standing import STANDING, TURNS, at_instants, ends
from supportkit.exports import LoadOptions, load
from supportkit.period import ALL, Period, containing
from supportkit.service import service
from supportkit.store import Store, memory_store
from supportkit.store.conditions import Condition

Shop = Callable[..., Store]
WEEK = containing(date(2026, 11, 5), "week")  # Monday 2 to Sunday 8 November
OPEN = f"with {STANDING} select ticket_id from standing order by ticket_id"
TURN = f"with {TURNS} select ticket_id, turn from waiting order by ticket_id, turn"
TURN_FROM = f"with {TURNS} select strftime(turn_from at time zone 'UTC', '%d %H:%M') from waiting order by ticket_id"
WORKED_TICKET = """
ticket_id,created_at,channel,status,solved_at,first_reply_at,reopens
T1,2026-11-06T17:00:00,email,solved,2026-11-10T10:00:00,2026-11-06T17:00:05,1
"""
WORKED_LOG = """
ticket_id,sent_at,sender,public,kind,from_value,to_value
T1,2026-11-06T17:00:00,customer,true,message,,
T1,2026-11-06T17:00:05,bot,true,message,,
T1,2026-11-06T17:10:00,agent,false,note,,
T1,2026-11-09T10:00:00,agent,true,message,,
T1,2026-11-09T11:00:00,agent,false,status,open,solved
T1,2026-11-10T09:00:00,customer,true,message,,
T1,2026-11-10T09:00:00,system,false,status,solved,open
T1,2026-11-10T10:00:00,agent,false,status,open,solved
"""


def moment(text: str) -> datetime:
    """`10 09:30` is 9:30 on 10 November 2026, in UTC."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"2026-11-{day}T{clock or '00:00'}:00+00:00")


def asked(store: Store, sql: str, *instants: str) -> list[tuple[object, ...]]:
    """The rows of a query on the state at instants; its tickets are all there are."""
    tickets, messages = store.select("tickets"), store.select("messages", joined=True)
    return store.rows(sql, tickets, messages, **at_instants(store, [moment(text) for text in instants]))


def opened(store: Store, *instants: str) -> list[str]:
    """The tickets open at each instant: "AB" are A and B."""
    return ["".join(str(row[0]) for row in asked(store, OPEN, text)) for text in instants]


def turns(store: Store, *instants: str) -> list[str]:
    """The turn of the only open ticket at each instant, "" where it is not open."""
    return ["".join(str(row[1]) for row in asked(store, TURN, text)) for text in instants]


# what is open


def test_a_ticket_is_open_from_the_instant_of_its_creation_until_that_of_its_solution(shop: Shop) -> None:
    store = shop(tickets="ticket_id,created_at,solved_at\nA,2026-11-02T10:00:00Z,2026-11-03T10:00:00Z")
    assert opened(store, "02 09:59", "02 10:00", "03 09:59", "03 10:00") == ["", "A", "A", ""]


def test_without_a_solution_the_closing_ends_it_and_with_one_it_does_not_matter(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,solved_at,closed_at
    A,2026-11-02T10:00:00Z,,2026-11-04T10:00:00Z
    B,2026-11-02T10:00:00Z,2026-11-05T10:00:00Z,2026-11-03T10:00:00Z
    C,2026-11-02T10:00:00Z,,
    """
    assert opened(shop(tickets=tickets), "03 12:00", "04 12:00", "05 12:00") == ["ABC", "BC", "C"]


def test_a_ticket_is_open_again_between_its_reopening_and_its_last_solution(shop: Shop) -> None:
    store = shop(tickets=WORKED_TICKET, messages=WORKED_LOG)
    instants = ("06 17:00", "09 10:59", "09 11:00", "10 08:59", "10 09:00", "10 09:59", "10 10:00")
    assert opened(store, *instants) == ["T1", "T1", "", "", "T1", "T1", ""]


def test_without_its_log_a_reopened_ticket_is_open_until_the_last_solution(shop: Shop) -> None:
    assert opened(shop(tickets=WORKED_TICKET), "09 11:00", "10 09:59", "10 10:00") == ["T1", "T1", ""]


def test_a_log_that_lacks_the_solution_is_ended_by_the_column(shop: Shop) -> None:
    tickets = "ticket_id,created_at,solved_at\nA,2026-11-02T10:00:00Z,2026-11-04T10:00:00Z"
    log = "ticket_id,sent_at,sender,kind,from_value,to_value\nA,2026-11-03T10:00:00Z,agent,status,new,pending"
    assert opened(shop(tickets=tickets, messages=log), "02 12:00", "03 12:00", "04 10:00") == ["A", "A", ""]


def test_a_solution_before_the_last_reopening_of_the_log_does_not_end_it(shop: Shop) -> None:
    tickets = "ticket_id,created_at,solved_at\nA,2026-11-02T10:00:00Z,2026-11-03T10:00:00Z"
    log = """
    ticket_id,sent_at,sender,kind,from_value,to_value
    A,2026-11-03T10:00:00Z,agent,status,open,solved
    A,2026-11-04T10:00:00Z,customer,status,solved,open
    """
    assert opened(shop(tickets=tickets, messages=log), "03 12:00", "05 12:00") == ["", "A"]


def test_a_log_that_begins_with_a_solved_ticket_does_not_say_when_it_was_open_before(shop: Shop) -> None:
    log = "ticket_id,sent_at,sender,kind,from_value,to_value\nA,2026-11-04T10:00:00Z,agent,status,solved,open"
    store = shop(tickets="ticket_id,created_at\nA,2026-11-02T10:00:00Z", messages=log)
    assert opened(store, "03 12:00", "04 12:00") == ["", "A"]


@pytest.mark.parametrize("word", ["solved", "Closed", " resolved ", "merged", "spam", "deleted", "gelöst", "закрыт"])
def test_every_state_that_ends_a_ticket_ends_it_in_its_log(shop: Shop, word: str) -> None:
    log = f"ticket_id,sent_at,sender,kind,from_value,to_value\nA,2026-11-04T10:00:00Z,agent,status,open,{word}"
    store = shop(tickets="ticket_id,created_at\nA,2026-11-02T10:00:00Z", messages=log)
    assert opened(store, "04 09:59", "04 10:00") == ["A", ""]


@pytest.mark.parametrize("word", ["new", "open", "pending", "hold", "on-hold"])
def test_a_ticket_that_waits_for_somebody_is_open(shop: Shop, word: str) -> None:
    tickets = f"ticket_id,created_at,status\nA,2026-11-02T10:00:00Z,{word}"
    assert opened(shop(tickets=tickets), "02 10:00", "20 10:00") == ["A", "A"]


def test_solved_at_no_known_time_is_in_no_stock_and_can_be_told(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,status,solved_at,updated_at
    A,2026-11-02T10:00:00Z,solved,,
    B,2026-11-02T10:00:00Z,solved,,2026-11-04T10:00:00Z
    C,2026-11-02T10:00:00Z,solved,2026-11-03T10:00:00Z,
    D,2026-11-02T10:00:00Z,merged,,
    E,2026-11-02T10:00:00Z,open,,
    """
    store = shop(tickets=tickets)
    # B had its last change on the 4th at 10: by then it was solved
    assert opened(store, "02 12:00", "03 12:00", "04 12:00") == ["BCE", "BE", "E"]
    told = asked(store, f"with {STANDING} select ticket_id from dated where is_undated order by 1")
    assert told == [("A",), ("B",)]


def test_open_but_solved_once_is_open_again_since_the_last_update(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,status,solved_at,updated_at
    A,2026-11-02T10:00:00Z,open,2026-11-03T10:00:00Z,2026-11-05T10:00:00Z
    B,2026-11-02T10:00:00Z,pending,2026-11-03T10:00:00Z,
    C,2026-11-02T10:00:00Z,open,,2026-11-05T10:00:00Z
    """
    store = shop(tickets=tickets)
    assert opened(store, "03 09:00", "04 12:00", "05 12:00") == ["ABC", "BC", "ABC"]
    told = asked(store, f"with {STANDING} select ticket_id from dated where is_reopened order by 1")
    assert told == [("A",), ("B",)]


def test_a_log_that_ends_open_is_closed_by_the_exports_status(shop: Shop) -> None:
    tickets = "ticket_id,created_at,status,updated_at\nA,2026-11-02T10:00:00Z,closed,2026-11-05T10:00:00Z"
    log = "ticket_id,sent_at,sender,kind,from_value,to_value\nA,2026-11-03T10:00:00Z,agent,status,new,open"
    assert opened(shop(tickets=tickets, messages=log), "04 12:00", "05 12:00") == ["A", ""]


def test_a_ticket_solved_before_it_was_created_is_never_open(shop: Shop) -> None:
    store = shop(tickets="ticket_id,created_at,solved_at\nA,2026-11-02T10:00:00Z,2026-11-01T10:00:00Z")
    assert opened(store, "01 12:00", "02 12:00") == ["", ""]


def test_a_status_before_the_creation_opens_nothing_before_it(shop: Shop) -> None:
    log = "ticket_id,sent_at,sender,kind,from_value,to_value\nA,2026-11-01T10:00:00Z,agent,status,new,open"
    store = shop(tickets="ticket_id,created_at\nA,2026-11-02T10:00:00Z", messages=log)
    assert opened(store, "01 12:00", "02 12:00") == ["", "A"]


def test_what_came_after_as_of_has_not_happened(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,status,solved_at,updated_at
    A,2026-11-02T10:00:00Z,solved,2026-11-05T10:00:00Z,2026-11-05T10:00:00Z
    B,2026-11-02T10:00:00Z,solved,,2026-11-05T10:00:00Z
    """
    store = shop(tickets=tickets)
    assert opened(store, "04 12:00", "06 12:00") == ["AB", ""]
    assert opened(store.filtered(as_of=moment("04 12:00")), "06 12:00") == ["AB"]


@pytest.mark.parametrize("column", ["solved_at", "closed_at"])
def test_a_ticket_that_was_solved_after_as_of_was_open_then_whatever_its_status_says_since(
    shop: Shop, column: str
) -> None:
    tickets = f"ticket_id,created_at,status,{column}\nA,2026-11-02T10:00:00Z,solved,2026-11-05T10:00:00Z"
    store = shop(tickets=tickets)
    assert opened(store, "04 12:00", "06 12:00") == ["A", ""]
    assert opened(store.filtered(as_of=moment("04 12:00")), "04 12:00") == ["A"]


def test_the_tickets_of_a_stock_are_those_of_its_conditions(shop: Shop) -> None:
    tickets = "ticket_id,created_at,channel\nA,2026-11-02T10:00:00Z,chat\nB,2026-11-02T10:00:00Z,email"
    store = shop(tickets=tickets).filtered([Condition("channel", "=", "chat")])
    assert opened(store, "03 00:00") == ["A"]


def test_age_is_seconds_since_creation_also_after_a_reopening(shop: Shop) -> None:
    store = shop(tickets=WORKED_TICKET, messages=WORKED_LOG)
    sql = f"with {STANDING} select age_s, cast(day as varchar), epoch_us(open_from) from standing order by moment"
    # 30 minutes after Friday 17:00; Tuesday 9:30, 3 days and 16.5 hours later, opened again at 9:00
    reopened = int(moment("10 09:00").timestamp()) * 1_000_000
    created = int(moment("06 17:00").timestamp()) * 1_000_000
    assert asked(store, sql, "06 17:30", "10 09:30") == [
        (1800.0, "2026-11-06", created),
        (3 * 86400 + 16.5 * 3600, "2026-11-10", reopened),
    ]


def test_stock_before_and_inflow_less_outflow_give_stock_after(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,solved_at
    A,2026-11-02T10:00:00Z,2026-11-03T10:00:00Z
    B,2026-11-02T23:59:59Z,
    C,2026-11-03T00:00:00Z,2026-11-04T00:00:00Z
    D,2026-11-04T10:00:00Z,2026-11-04T11:00:00Z
    """
    store = shop(tickets=tickets)
    instants = ends(store, store.select("tickets"), ALL, "day", moment("05 12:00"))
    counts = f"""with {STANDING} select cast(day as varchar), count(*) from standing group by day order by day"""
    found = store.rows(counts, store.select("tickets"), store.select("messages"), **at_instants(store, instants))
    # 2nd: A and B came; 3rd: C came, A went (C's solution at midnight is of the 4th); 4th: D came and went, C went
    assert found == [("2026-11-02", 2), ("2026-11-03", 2), ("2026-11-04", 1), ("2026-11-05", 1)]


def test_a_ticket_with_two_tags_stands_once_under_each(shop: Shop) -> None:
    store = shop(tickets='ticket_id,created_at,tags\nA,2026-11-02T10:00:00Z,"late,broken"', messages=WORKED_LOG)
    tickets, messages = store.select("tickets", by="tags"), store.select("messages", joined=True)
    sql = f"with {TURNS} select by_1, count(*) from waiting group by by_1 order by by_1"
    assert store.rows(sql, tickets, messages, **at_instants(store, [moment("03 10:00")])) == [
        ("broken", 1),
        ("late", 1),
    ]


def test_a_group_of_which_nothing_is_open_has_its_number_of_tickets(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,solved_at,channel
    A,2026-11-02T10:00:00Z,2026-11-02T11:00:00Z,chat
    B,2026-11-03T10:00:00Z,2026-11-03T11:00:00Z,chat
    C,2026-11-03T10:00:00Z,,email
    D,2026-11-04T00:00:00Z,,email
    """
    store = shop(tickets=tickets)
    selected = store.select("tickets", by="channel"), store.select("messages", joined=True)
    given = at_instants(store, [moment("02 23:59"), moment("03 23:59"), moment("04 00:00")])
    sql = f"""
        with {STANDING}, counted as (select by_1, day, count(*) as open from standing group by by_1, day)
        select existing.by_1, cast(existing.day as varchar), tickets, coalesce(open, 0)
          from existing left join counted on counted.by_1 = existing.by_1 and counted.day = existing.day
         order by existing.by_1, existing.day
    """
    assert store.rows(sql, *selected, **given) == [
        ("chat", "2026-11-02", 1, 0),
        ("chat", "2026-11-03", 2, 0),
        ("chat", "2026-11-04", 2, 0),
        ("email", "2026-11-02", 0, 0),
        ("email", "2026-11-03", 1, 1),
        ("email", "2026-11-04", 2, 2),
    ]
    whole = f"with {STANDING} select tickets from existing order by moment"
    assert store.rows(whole, store.select("tickets"), selected[1], **given) == [(1,), (3,), (4,)]


# whose turn


def test_the_worked_log_says_whose_turn_it_is(shop: Shop) -> None:
    store = shop(tickets=WORKED_TICKET, messages=WORKED_LOG)
    # the bot and the private note are no answer; opened again by the customer's word
    instants = ("06 17:00", "08 00:00", "09 10:00", "10 09:30")
    assert turns(store, *instants) == ["never answered", "never answered", "agent wrote last", "customer wrote last"]
    assert asked(store, TURN_FROM, "08 00:00") == [("06 17:00",)]
    assert asked(store, TURN_FROM, "09 10:30") == [("09 10:00",)]
    assert asked(store, TURN_FROM, "10 09:30") == [("10 09:00",)]


def test_an_answer_is_not_known_before_it_is_given_also_without_messages(shop: Shop) -> None:
    store = shop(tickets="ticket_id,created_at,first_reply_at\nA,2026-11-02T10:00:00Z,2026-11-03T10:00:00Z")
    assert turns(store, "03 09:59", "03 10:00") == ["never answered", "not known"]


def test_the_customer_waits_since_the_first_word_after_the_last_answer(shop: Shop) -> None:
    log = """
    ticket_id,sent_at,sender
    A,2026-11-02T10:00:00Z,customer
    A,2026-11-02T11:00:00Z,agent
    A,2026-11-02T12:00:00Z,customer
    A,2026-11-02T13:00:00Z,bot
    A,2026-11-02T14:00:00Z,customer
    """
    store = shop(tickets="ticket_id,created_at\nA,2026-11-02T10:00:00Z", messages=log)
    assert turns(store, "02 15:00") == ["customer wrote last"]
    assert asked(store, TURN_FROM, "02 15:00") == [("02 12:00",)]
    sql = f"with {TURNS} select hour(customer_at at time zone 'UTC'), hour(agent_at at time zone 'UTC') from waiting"
    assert asked(store, sql, "02 15:00") == [(14, 11)]


def test_messages_of_one_instant_are_in_the_order_of_the_file(shop: Shop) -> None:
    log = """
    ticket_id,sent_at,sender
    A,2026-11-02,customer
    A,2026-11-02,agent
    A,2026-11-02,customer
    B,2026-11-02,customer
    B,2026-11-02,customer
    B,2026-11-02,agent
    """
    store = shop(tickets="ticket_id,created_at\nA,2026-11-02\nB,2026-11-02", messages=log)
    assert asked(store, TURN, "03 00:00") == [("A", "customer wrote last"), ("B", "agent wrote last")]


def test_a_private_word_of_the_customers_side_is_no_turn(shop: Shop) -> None:
    log = """
    ticket_id,sent_at,sender,public,kind
    A,2026-11-02T10:00:00Z,customer,true,message
    A,2026-11-02T11:00:00Z,agent,true,message
    A,2026-11-02T12:00:00Z,customer,false,message
    A,2026-11-02T13:00:00Z,customer,true,note
    """
    store = shop(tickets="ticket_id,created_at\nA,2026-11-02T10:00:00Z", messages=log)
    assert turns(store, "02 15:00") == ["agent wrote last"]


def test_on_hold_lasts_until_the_customer_writes(shop: Shop) -> None:
    log = """
    ticket_id,sent_at,sender,public,kind,from_value,to_value
    A,2026-11-02T10:00:00Z,customer,true,message,,
    A,2026-11-02T11:00:00Z,agent,true,message,,
    A,2026-11-02T12:00:00Z,customer,true,message,,
    A,2026-11-02T13:00:00Z,agent,false,status,open,hold
    A,2026-11-04T10:00:00Z,customer,true,message,,
    """
    store = shop(tickets="ticket_id,created_at\nA,2026-11-02T10:00:00Z", messages=log)
    assert turns(store, "02 12:30", "02 13:00", "04 09:59", "04 10:00") == [
        "customer wrote last",
        "on hold",
        "on hold",
        "customer wrote last",
    ]
    assert asked(store, TURN_FROM, "03 00:00") == [("02 13:00",)]
    # since the 2nd at 12 nobody has answered
    assert asked(store, TURN_FROM, "05 00:00") == [("02 12:00",)]


def test_a_ticket_that_nobody_answered_is_that_also_on_hold(shop: Shop) -> None:
    tickets = "ticket_id,created_at,status\nA,2026-11-02T10:00:00Z,hold"
    assert turns(shop(tickets=tickets), "03 00:00") == ["never answered"]


def test_the_exports_hold_is_on_since_the_last_update(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,status,first_reply_at,updated_at
    A,2026-11-02T10:00:00Z,hold,2026-11-02T11:00:00Z,2026-11-04T10:00:00Z
    """
    store = shop(tickets=tickets)
    assert turns(store, "03 00:00", "04 10:00") == ["not known", "on hold"]
    assert asked(store, TURN_FROM, "03 00:00") == [("02 11:00",)]
    assert asked(store, TURN_FROM, "05 00:00") == [("04 10:00",)]


def test_a_pending_ticket_without_messages_waits_for_its_customer(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,status,first_reply_at
    A,2026-11-02T10:00:00Z,pending,2026-11-02T11:00:00Z
    """
    assert turns(shop(tickets=tickets), "03 00:00") == ["agent wrote last"]


def test_the_hold_of_a_log_counts_from_its_entry_and_not_from_the_last_update(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,status,updated_at
    A,2026-11-02T10:00:00Z,hold,2026-11-05T10:00:00Z
    """
    log = """
    ticket_id,sent_at,sender,kind,from_value,to_value
    A,2026-11-02T10:00:00Z,customer,message,,
    A,2026-11-02T11:00:00Z,agent,message,,
    A,2026-11-03T10:00:00Z,agent,status,open,hold
    """
    store = shop(tickets=tickets, messages=log)
    assert turns(store, "03 09:59", "03 10:00") == ["agent wrote last", "on hold"]


def test_the_never_answered_are_those_that_service_calls_unanswered(shop: Shop, samples: Path) -> None:
    store = memory_store()
    load(store, [samples / "tickets.csv", samples / "messages.csv"], LoadOptions())
    sql = f"with {TURNS} select count(*) from waiting where turn = 'never answered'"
    found = asked(store, sql, "11 17:00")[0][0]
    assert found == service(store).facts["unanswered"] == 31  # planted: nobody answered 31, all are open
    store.close()


# two vendors


def test_the_log_of_one_vendor_is_not_that_of_the_others_ticket(tmp_path: Path) -> None:
    (tmp_path / "zendesk.csv").write_text("ticket_id,created_at\nT1,2026-11-02T10:00:00Z\n")
    (tmp_path / "freshdesk.csv").write_text("ticket_id,created_at,channel\nT1,2026-10-05T10:00:00Z,chat\n")
    log = "ticket_id,sent_at,sender\nT1,2026-10-05T11:00:00Z,customer\nT1,2026-10-05T12:00:00Z,agent\n"
    (tmp_path / "log.csv").write_text(log)
    store = memory_store()
    for name, table, source in (
        ("zendesk", "tickets", "ours"),
        ("freshdesk", "tickets", "theirs"),
        ("log", "messages", "theirs"),
    ):
        load(store, [tmp_path / f"{name}.csv"], LoadOptions(table=table, source=source))
    assert asked(store, TURN, "03 00:00") == [("T1", "agent wrote last"), ("T1", "never answered")]
    # also where only one of the two is looked at
    result = service(store, period=containing(date(2026, 11, 2), "week"))
    assert (result.facts["tickets"], result.facts["replied"]) == (1, None)
    store.close()


# the instants


def instants(store: Store, period: Period, over: str | None, until: str) -> list[str]:
    found = ends(store, store.select("tickets"), period, over, moment(until))  # type: ignore[arg-type]
    assert all(at.microsecond in (0, 999_999) for at in found)
    return [f"{at.astimezone(UTC) + timedelta(microseconds=at.microsecond and 1):%d %H:%M}" for at in found]


TWO_WEEKS = "ticket_id,created_at\nA,2026-11-04T10:00:00Z\nB,2026-11-12T10:00:00Z"


def test_a_stock_is_counted_at_the_last_moment_of_each_day(shop: Shop) -> None:
    # the first ticket came on the 4th, and the data end on the 12th at noon
    assert instants(shop(tickets=TWO_WEEKS), ALL, "week", "12 12:00") == ["09 00:00", "12 12:00"]
    assert instants(shop(tickets=TWO_WEEKS), WEEK, "day", "12 12:00") == [f"{day:02} 00:00" for day in range(5, 10)]
    assert instants(shop(tickets=TWO_WEEKS), ALL, None, "12 12:00") == ["12 12:00"]
    assert instants(shop(tickets=TWO_WEEKS), WEEK, None, "12 12:00") == ["09 00:00"]
    assert instants(shop(tickets=TWO_WEEKS), WEEK, None, "06 12:00") == ["06 12:00"]
    assert instants(shop(tickets=TWO_WEEKS), WEEK, "day", "05 12:00") == ["05 00:00", "05 12:00"]


def test_a_unit_that_the_period_cuts_ends_with_the_period(shop: Shop) -> None:
    period = Period("", date(2026, 11, 6), date(2026, 11, 12))
    assert instants(shop(tickets=TWO_WEEKS), period, "week", "12 12:00") == ["09 00:00", "12 00:00"]
    assert instants(shop(tickets=TWO_WEEKS), period, "month", "12 12:00") == ["12 00:00"]


def test_a_period_before_the_tickets_or_after_the_data_has_no_instant(shop: Shop) -> None:
    store = shop(tickets=TWO_WEEKS)
    assert instants(store, containing(date(2026, 10, 20), "week"), None, "12 12:00") == []
    assert instants(store, containing(date(2026, 11, 20), "week"), "day", "12 12:00") == []
    empty = shop(tickets="ticket_id,created_at")
    assert instants(empty, ALL, "day", "12 12:00") == []
    assert ends(store, store.select("tickets"), ALL, None, None) == []


def test_a_day_ends_at_midnight_of_the_stores_zone(shop: Shop) -> None:
    store = shop(zone="Europe/Berlin", tickets=TWO_WEEKS)
    assert instants(store, WEEK, None, "12 12:00") == ["08 23:00"]  # midnight in Berlin
    (row,) = store.rows(
        f"with {STANDING} select cast(day as varchar) from standing",
        store.select("tickets"),
        store.select("messages"),
        **at_instants(store, ends(store, store.select("tickets"), WEEK, None, moment("12 12:00"))),
    )
    assert row == ("2026-11-08",)
