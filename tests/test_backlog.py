"""Backlog: what is open at the end of a period and how old it is, on tickets counted by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest

from supportkit import open_store
from supportkit.backlog import backlog
from supportkit.handling import handling
from supportkit.period import containing
from supportkit.service import service
from supportkit.store import Store
from supportkit.store.conditions import Condition
from supportkit.unanswered import unanswered
from tests.conftest import Call

Shop = Callable[..., Store]
WEEK = containing(date(2026, 11, 5), "week")  # Monday 2 to Sunday 8 November
DAY, HOUR = 86_400, 3_600
# At the end of the week A is solved; B is 6 days and 12 hours old, C 39 days, D 4 hours; E is of the next day.
TICKETS = """
ticket_id,created_at,solved_at,closed_at,channel,status
A,2026-11-02T10:00:00Z,2026-11-04T10:00:00Z,,chat,solved
B,2026-11-02T12:00:00Z,2026-11-09T10:00:00Z,,chat,solved
C,2026-10-01T00:00:00Z,,,email,open
D,2026-11-08T20:00:00Z,,,email,open
E,2026-11-09T00:00:00Z,,,email,open
"""
SOLVED = "ticket_id,created_at,solved_at\nA,2026-11-02T10:00:00Z,2026-11-02T11:00:00Z\nZ,2026-11-09T00:00:00Z,\n"


def noon(day: int) -> datetime:
    return datetime(2026, 11, day, 12, tzinfo=UTC)


def test_what_is_open_at_the_end_of_the_week_and_how_old_it_is(shop: Shop) -> None:
    facts = backlog(shop(tickets=TICKETS), period=WEEK).facts
    bands = [facts[name] for name in ("under_1_day", "from_1_to_7_days", "from_7_to_30_days", "over_30_days")]
    assert (facts["backlog"], facts["tickets"], facts["open"], bands) == (3, 4, 3, [1, 1, 0, 1])  # A to D by then
    # to the second, since the last moment is a microsecond before midnight; the middle one of three ages is B's
    assert facts["age_p50_s"] == 6 * DAY + 12 * HOUR
    # nine tenths lie at 0.9 × 2 = 1.8 of the way: B's and 0.8 of the step to C's 39 days
    assert facts["age_p90_s"] == 6.5 * DAY + 0.8 * 32.5 * DAY


def test_a_day_has_what_is_open_when_it_ends(shop: Shop) -> None:
    found = backlog(shop(tickets=TICKETS), period=WEEK, over="day")
    # Monday A, B, C; Wednesday A is solved; Sunday D comes
    assert [(row["period"], row["backlog"], row["tickets"]) for row in found.records()] == [
        ("2026-11-02", 3, 3), ("2026-11-03", 3, 3), ("2026-11-04", 2, 3), ("2026-11-05", 2, 3),
        ("2026-11-06", 2, 3), ("2026-11-07", 2, 3), ("2026-11-08", 3, 4),
    ]  # fmt: skip
    assert found.facts["backlog"] == 3


def test_a_channel_has_its_own_and_the_facts_are_of_all(shop: Shop) -> None:
    found = backlog(shop(tickets=TICKETS), period=WEEK, by="channel")
    assert [(row["channel"], row["backlog"], row["tickets"], row["open"]) for row in found.records()] == [
        ("chat", 1, 2, 1), ("email", 2, 2, 2)
    ]  # fmt: skip
    assert found.facts["backlog"] == 3


def test_a_channel_by_week_begins_with_its_first_ticket(shop: Shop) -> None:
    found = backlog(shop(tickets=TICKETS), by="channel", over="month")
    # October: C of e-mail, and no chat yet; November up to ten of the 9th, when B was solved: C, D and E are left
    assert [(row["channel"], row["period"], row["backlog"], row["tickets"]) for row in found.records()] == [
        ("chat", "2026-11", 0, 2), ("email", "2026-10", 1, 1), ("email", "2026-11", 3, 3)
    ]  # fmt: skip


def test_a_ticket_of_two_tags_is_in_both_and_once_in_the_total(shop: Shop) -> None:
    tickets = 'ticket_id,created_at,tags,status\nA,2026-11-02,"late,broken",open\nB,2026-11-02,late,open\n'
    found = backlog(shop(tickets=tickets), by="tags")
    assert [(row["tags"], row["backlog"]) for row in found.records()] == [("broken", 1), ("late", 2)]
    assert found.facts["backlog"] == 2
    assert any("in several rows" in note for note in found.notes), found.notes


@pytest.mark.parametrize(
    ("created", "band"),
    [
        ("2026-11-30T12:00:01Z", "under_1_day"),
        ("2026-11-30T12:00:00Z", "from_1_to_7_days"),
        ("2026-11-24T12:00:01Z", "from_1_to_7_days"),
        ("2026-11-24T12:00:00Z", "from_7_to_30_days"),
        ("2026-11-01T12:00:01Z", "from_7_to_30_days"),
        ("2026-11-01T12:00:00Z", "over_30_days"),
    ],
)
def test_a_band_begins_at_its_first_second(shop: Shop, created: str, band: str) -> None:
    store = shop(tickets=f"ticket_id,created_at,status\nA,{created},open").filtered(
        as_of=datetime(2026, 12, 1, 12, tzinfo=UTC)
    )
    facts = backlog(store).facts
    bands = ("under_1_day", "from_1_to_7_days", "from_7_to_30_days", "over_30_days")
    assert [name for name in bands if facts[name]] == [band]


def test_what_was_known_then_counts(shop: Shop) -> None:
    store = shop(tickets=TICKETS)
    early = [backlog(store.filtered(as_of=noon(day))).facts["backlog"] for day in (2, 3, 4)]
    assert early == [3, 3, 2]  # noon of the 2nd has A, B (of that instant) and C


@pytest.mark.parametrize(
    ("column", "told"),
    [("solved_at", "solved"), ("closed_at", "closed"), ("first_reply_at", "open"), ("updated_at", "open")],
)
def test_the_stock_is_of_the_last_instant_that_any_time_of_a_ticket_tells(shop: Shop, column: str, told: str) -> None:
    # the last ticket is of the 2nd; one time of A is of the 12th, and one of B of a year to come, after the load
    tickets = f"""
    ticket_id,created_at,status,{column}
    A,2026-11-01T00:00:00Z,{told},2026-11-12T00:00:00Z
    B,2026-11-02T00:00:00Z,open,2126-01-01T00:00:00Z
    """
    found = backlog(shop(tickets=tickets))
    assert found.scope.as_of == datetime(2026, 11, 12, tzinfo=UTC)
    # B is ten days old then; A is open where it is only answered or changed, and then 11 days old
    assert (found.facts["backlog"], found.facts["age_p50_s"]) == ((2, 10.5 * DAY) if told == "open" else (1, 10 * DAY))
    assert (found.facts["tickets"], found.facts["inflow"]) == (2, 2)


def test_a_change_of_state_after_the_last_ticket_is_known(shop: Shop) -> None:
    tickets = "ticket_id,created_at\nA,2026-11-01T00:00:00Z\nB,2026-11-02T00:00:00Z\n"
    log = "ticket_id,sent_at,sender,kind,from_value,to_value\nA,2026-11-05T00:00:00Z,agent,status,open,solved\n"
    found = backlog(shop(tickets=tickets, messages=log))
    assert found.scope.as_of == datetime(2026, 11, 5, tzinfo=UTC)
    assert (found.facts["backlog"], found.facts["age_p50_s"]) == (1, 3 * DAY)


def test_a_condition_cuts_what_is_counted(shop: Shop) -> None:
    assert backlog(shop(tickets=TICKETS).filtered([Condition("channel", "=", "chat")]), period=WEEK).facts["open"] == 1


def test_a_ticket_that_is_open_again_is_of_its_log_and_its_age_runs_from_the_creation(shop: Shop) -> None:
    tickets = "ticket_id,created_at,solved_at\nA,2026-11-02T00:00:00Z,2026-11-03T10:00:00Z\nZ,2026-11-09T00:00:00Z,"
    log = """
    ticket_id,sent_at,sender,kind,from_value,to_value
    A,2026-11-03T10:00:00Z,agent,status,open,solved
    A,2026-11-05T10:00:00Z,customer,status,solved,open
    """
    store = shop(tickets=tickets, messages=log)
    found = backlog(store, period=WEEK, over="day")
    assert [row["backlog"] for row in found.records()] == [1, 0, 0, 1, 1, 1, 1]
    assert found.facts["age_p50_s"] == 7 * DAY


def test_what_no_date_tells_is_counted_in_notes(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,status,solved_at,updated_at
    A,2026-11-02T10:00:00Z,solved,,
    B,2026-11-02T10:00:00Z,open,2026-11-03T10:00:00Z,2026-11-05T10:00:00Z
    C,2026-11-02T10:00:00Z,open,,
    Z,2026-11-09T00:00:00Z,open,,
    """
    found = backlog(shop(tickets=tickets), period=WEEK)
    assert found.facts["backlog"] == 2
    *told, without_log = found.notes
    assert without_log.startswith("no log of states")
    assert told == [
        "1 ticket is solved and no date says when: it is in no backlog",
        "1 ticket is open again and no log says since when: from its last change on",
    ]


def test_nothing_left_open_is_a_result_and_no_ticket_is_none(shop: Shop) -> None:
    solved = shop(tickets=SOLVED)
    found = backlog(solved, period=WEEK)
    assert (found.facts["backlog"], found.facts["tickets"], found.facts["age_p50_s"], found.empty) == (
        0,
        1,
        None,
        False,
    )
    before = backlog(solved, period=containing(date(2026, 10, 1), "week"))
    assert (before.facts["backlog"], before.facts["tickets"], before.empty) == (None, 0, True)


def test_a_backlog_of_zero_passes_a_check_and_ends_well(supportkit: Call, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text(SOLVED, encoding="utf-8")
    words = ("--data", file, "--period", "2026-W45")
    assert supportkit("backlog", *words)[0] == 0
    assert supportkit("check", "--expect", "backlog <= 0", *words)[0] == 0
    assert supportkit("backlog", "--data", file, "--period", "2026-W40")[0] == 3


def test_the_picture_follows_the_keys(shop: Shop) -> None:
    store = shop(tickets=TICKETS)
    assert backlog(store).chart is None
    by, over, both = (
        backlog(store, by="channel"),
        backlog(store, over="week"),
        backlog(store, by="channel", over="week"),
    )
    assert [(one.chart.kind, one.chart.x, one.chart.series) for one in (by, over, both) if one.chart] == [
        ("bar", "channel", None), ("line", "period", None), ("line", "period", "channel")
    ]  # fmt: skip


def test_what_came_less_what_went_is_the_change_of_the_stock(shop: Shop) -> None:
    # before Monday C alone; A, B and D come, A goes: 1 + 3 - 1 = 3
    store = shop(tickets=TICKETS)
    facts = backlog(store, period=WEEK).facts
    assert (facts["backlog_before"], facts["inflow"], facts["outflow"], facts["backlog"]) == (1, 3, 1, 3)
    by_day = backlog(store, period=WEEK, over="day").records()
    assert [(row["backlog_before"], row["inflow"], row["outflow"], row["backlog"]) for row in by_day] == [
        (1, 2, 0, 3), (3, 0, 0, 3), (3, 0, 1, 2), (2, 0, 0, 2), (2, 0, 0, 2), (2, 0, 0, 2), (2, 1, 0, 3),
    ]  # fmt: skip
    whole = backlog(store).facts  # the data reach to B's solve: nothing was there before; A to E came, A and B went
    assert (whole["backlog_before"], whole["inflow"], whole["outflow"], whole["backlog"]) == (0, 5, 2, 3)
    chat, email = backlog(store, period=WEEK, by="channel").records()
    assert [chat[name] for name in ("backlog_before", "inflow", "outflow")] == [0, 2, 1]
    assert [email[name] for name in ("backlog_before", "inflow", "outflow")] == [1, 1, 0]


def test_what_is_opened_again_comes_again_and_another_open_state_moves_nothing(shop: Shop) -> None:
    tickets = "ticket_id,created_at,solved_at\nA,2026-11-02T10:00:00Z,2026-11-06T10:00:00Z"
    log = """
    ticket_id,sent_at,sender,kind,from_value,to_value
    A,2026-11-02T11:00:00Z,agent,status,open,pending
    A,2026-11-03T10:00:00Z,agent,status,pending,solved
    A,2026-11-05T10:00:00Z,customer,status,solved,open
    A,2026-11-06T10:00:00Z,agent,status,open,solved
    """
    found = backlog(shop(tickets=tickets, messages=log), period=WEEK, over="day")
    assert [(row["inflow"], row["outflow"], row["backlog"]) for row in found.records()] == [
        (1, 0, 1), (0, 1, 0), (0, 0, 0), (1, 0, 1), (0, 1, 0)
    ]  # fmt: skip
    assert (found.facts["inflow"], found.facts["outflow"]) == (2, 2)
    assert not any("no log of states" in note for note in found.notes)
    without = backlog(shop(tickets=tickets).filtered(as_of=noon(9)), period=WEEK)
    assert (without.facts["inflow"], without.facts["outflow"]) == (1, 1)
    assert any("no log of states" in note for note in without.notes)


def test_a_ticket_that_is_over_as_soon_as_it_is_created_comes_and_goes(shop: Shop) -> None:
    # A is solved in the instant of its creation; D too, by its log, and opened again on Thursday; E's end has no date
    tickets = """
    ticket_id,created_at,solved_at,status
    A,2026-11-02T10:00:00Z,2026-11-02T10:00:00Z,solved
    B,2026-11-02T10:00:00Z,2026-11-04T10:00:00Z,solved
    C,2026-11-03T10:00:00Z,,open
    D,2026-11-03T10:00:00Z,,open
    E,2026-11-03T10:00:00Z,,solved
    """
    log = """
    ticket_id,sent_at,sender,kind,from_value,to_value
    D,2026-11-03T10:00:00Z,agent,status,open,solved
    D,2026-11-05T10:00:00Z,customer,status,solved,open
    """
    found = backlog(shop(tickets=tickets, messages=log), period=WEEK, over="day")
    assert [(row["inflow"], row["outflow"], row["backlog"]) for row in found.records()] == [
        (2, 1, 1), (2, 1, 2), (0, 1, 1), (1, 0, 2)
    ]  # fmt: skip
    assert [found.facts[name] for name in ("inflow", "outflow", "backlog", "tickets")] == [5, 3, 2, 5]


def test_impossible_tickets_are_told_and_in_no_figure_of_a_desk(shop: Shop) -> None:
    # B was solved and C answered before they came; D was answered an hour after its last solve. E's times are rounded,
    # F is open again, which makes its solve no last one; G waits.
    tickets = """
    ticket_id,created_at,first_reply_at,solved_at,status,replies
    A,2026-11-02T10:00:00Z,2026-11-02T11:00:00Z,2026-11-02T12:00:00Z,solved,1
    B,2026-11-02T10:00:00Z,2026-11-02T11:00:00Z,2026-11-01T10:00:00Z,solved,1
    C,2026-11-02T10:00:00Z,2026-11-02T09:00:00Z,,open,1
    D,2026-11-02T10:00:00Z,2026-11-02T12:00:00Z,2026-11-02T11:00:00Z,closed,1
    E,2026-11-02T10:00:00Z,2026-11-02T11:00:30Z,2026-11-02T11:00:00Z,solved,1
    F,2026-11-02T10:00:00Z,2026-11-02T12:00:00Z,2026-11-02T11:00:00Z,open,1
    G,2026-11-02T10:00:00Z,,,open,0
    """
    store = shop(tickets=tickets)
    served, stock, waiting, taken = service(store), backlog(store), unanswered(store), handling(store)
    for found in (served, stock, waiting, taken):
        assert found.facts["tickets"] == 4, found.metric
        assert any(note.startswith("3 tickets are impossible") for note in found.notes), found.metric
    told = ("replied", "unanswered", "solved", "first_reply_p50_s", "resolution_p50_s")
    assert [served.facts[name] for name in told] == [3, 1, 3, HOUR + 30, HOUR]
    assert [stock.facts[name] for name in ("backlog", "inflow", "outflow")] == [
        2,
        4,
        2,
    ]  # A, E, F and G came, A and E went
    assert waiting.facts["unanswered"] == 1
    assert (taken.facts["with_replies"], taken.facts["first_solve_p50_s"]) == (3, HOUR)


def test_a_day_of_a_solve_does_not_tell_whether_it_was_before_the_answer(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,first_reply_at,solved_at,status
    A,2026-11-02T10:00:00Z,2026-11-02T15:00:00Z,2026-11-02,solved
    """
    found = service(shop(tickets=tickets))
    assert (found.facts["tickets"], found.facts["replied"]) == (1, 1)
    assert not any("impossible" in note for note in found.notes)


@pytest.mark.parametrize("over", ["day", "week", "month"])
def test_the_flows_reconcile_on_the_samples(over: Literal["day", "week", "month"], sample_store: Path) -> None:
    with open_store(sample_store) as store:
        rows = list(backlog(store, over=over, by="channel").records())
    for row in rows:
        assert row["backlog"] == row["backlog_before"] + row["inflow"] - row["outflow"]  # type: ignore[operator]
    for channel in {row["channel"] for row in rows}:
        stocks = [(row["backlog_before"], row["backlog"]) for row in rows if row["channel"] == channel]
        assert all(before == after for (_, after), (before, _) in pairwise(stocks))


def test_a_source_that_tells_of_no_end_is_in_no_backlog(supportkit: Call, tmp_path: Path) -> None:
    silent = tmp_path / "silent.csv"
    silent.write_text(
        "ticket_id,created_at,channel\nA,2026-11-02T10:00:00Z,web\nB,2026-11-03T10:00:00Z,web\n", encoding="utf-8"
    )
    code, out, _ = supportkit("backlog", "--data", silent, "-f", "json")
    found = json.loads(out)
    assert (code, found["facts"]["backlog"], found["facts"]["inflow"], found["facts"]["open"]) == (3, None, None, 0)
    assert any("no status, solved_at or closed_at" in note for note in found["notes"])
    assert supportkit("check", "--expect", "backlog >= 0", "--data", silent)[0] == 3
    served = json.loads(supportkit("service", "--data", silent, "-f", "json")[1])
    assert (served["facts"]["tickets"], served["facts"]["solved"], served["rows"][0]["solved"]) == (2, None, None)
    assert any("no status, solved_at or closed_at" in note for note in served["notes"])

    told, db = tmp_path / "told.csv", tmp_path / "both.duckdb"
    told.write_text("ticket_id,created_at,status\nC,2026-11-02T10:00:00Z,open\n", encoding="utf-8")
    for name, file in (("silent", silent), ("told", told)):
        assert supportkit("load", file, "--as", "tickets", "--source", name, "--db", db)[0] == 0
    both = json.loads(supportkit("backlog", "--db", db, "-f", "json")[1])
    assert (both["facts"]["backlog"], both["facts"]["tickets"]) == (1, 1)
    assert any("2 tickets of silent" in note for note in both["notes"])
    assert (
        json.loads(supportkit("backlog", "--rows", "all", "--db", db, "-f", "json")[1])["rows"][0]["ticket_id"] == "C"
    )
    by = json.loads(supportkit("service", "--by", "source", "--db", db, "-f", "json")[1])
    assert {row["source"]: row["solved"] for row in by["rows"]} == {"silent": None, "told": 0}


# in the other weeks came 16 (of four days), 28, 28 and 24 (of six)
@pytest.mark.parametrize(("over", "unknown", "usual"), [("day", 7, 28), ("week", 1, 26)])
def test_of_days_whose_tickets_are_missing_nothing_is_known(
    over: Literal["day", "week"], unknown: int, usual: int, shop: Shop
) -> None:
    # four tickets a day in October, of which that at 7 o'clock stays open; none from Monday 12 to Sunday 18
    rows = [
        f"{day}{n},2026-10-{day:02}T0{6 + n}:00:00Z,{'' if n == 1 else f'2026-10-{day:02}T20:00:00Z'},{channel}"
        for day in range(1, 32)
        for n, channel in enumerate(("chat", "chat", "email", "email" if day < 12 else "phone"))
        if not 12 <= day <= 18
    ]
    store = shop(tickets="\n".join(["ticket_id,created_at,solved_at,channel", *rows]))
    period = containing(date(2026, 10, 5), "month")
    found = backlog(store, period=period, over=over)
    silent = [row for row in found.records() if row["backlog"] is None]
    assert len(silent) == unknown
    assert all(row["inflow"] is None and row["outflow"] is None and row["under_1_day"] is None for row in silent)
    assert silent[0]["tickets"] == 11 * 4  # created by then
    told = f"2026-10-12 to 2026-10-18 has no tickets, where {usual} are usual: is an export missing?"
    assert told in found.notes
    # a channel that has ended is no gap: others wrote on
    email = backlog(store.filtered([Condition("channel", "=", "phone")]), period=period, over=over)
    assert [row["backlog"] for row in email.records() if row["period"] in ("2026-10-19", "2026-W43")] == [0]
    chat = backlog(store.filtered([Condition("channel", "=", "chat")]), period=period, over=over)
    assert len([row for row in chat.records() if row["backlog"] is None]) == unknown
    assert backlog(store, period=period, over="month").facts["inflow"] == 24 * 4
