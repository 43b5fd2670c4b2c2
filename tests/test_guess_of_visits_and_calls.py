"""Files whose rows are not what they seem: visits with their actions in them, calls with what became of them, answers
that nobody gave, cells of several people."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from tests.conftest import Call
from tests.test_guess_kinds import guessed, stored
from tests.test_guess_no_sales import unsaid

DAYS = range(10, 28)


def visits(path: Path) -> Path:
    said = [
        {
            "visit": f"v{n}",
            "visitorId": f"u{n % 5}",
            "when": f"2026-03-{n} 20:00:00",
            "steps": [
                {"event": step, "when": f"2026-03-{n} 1{k}:00:00"} for k, step in enumerate(("start", "pay")[: n % 3])
            ],
        }
        for n in DAYS
    ]
    path.write_text(json.dumps(said))
    return path


def test_a_list_in_each_row_of_json_is_told_and_read_by_its_name(tmp_path: Path, supportkit: Call) -> None:
    file, db = visits(tmp_path / "visits.json"), tmp_path / "s.duckdb"
    _, out, _ = supportkit("load", file, "--db", db)
    # of 10 to 27 the rest by three is 1 in six and 2 in six: 18 steps in 12 visits
    told = "steps has 18 objects in 12 of the first rows, kept as a text: --sheet steps reads a row for each"
    assert told in " ".join(out.split())
    code, _, err = supportkit("load", file, "--sheet", "steps", "--guess", "--map", "occurred_at=when", "--db", db)
    assert code == 0, err
    found = stored(
        supportkit, db, "select step, count(*) as n, max(hour(occurred_at)) as h from events group by 1 order by 1"
    )
    assert [(row["step"], row["n"], row["h"]) for row in found] == [("pay", 6, 11), ("start", 12, 10)]


def test_a_list_that_no_row_has_is_refused_with_those_there_are(tmp_path: Path, supportkit: Call) -> None:
    code, _, err = supportkit("load", visits(tmp_path / "v.json"), "--sheet", "acts", "--db", tmp_path / "s.duckdb")
    assert code == 3
    assert "has no list 'acts'" in err
    assert "steps" in err


def test_times_of_day_beside_a_day_are_asked_about_whatever_they_are_called(tmp_path: Path) -> None:
    rows = (f"{n},k{n % 7}@shop.example,2026-03-{n},{n - 5:02d}:17:00,Ann,Where is it?" for n in DAYS)
    found = guessed(tmp_path / "chats.csv", "Chat ID,E-mail,Date,Started,Operator,Subject", *rows)
    odd = guessed(
        tmp_path / "odd.csv",
        "Chat ID,E-mail,Date,Minute hand,Operator,Subject",
        *(f"{n},k{n % 7}@shop.example,2026-03-{n},{n - 5:02d}:17:00,Ann,Where is it?" for n in DAYS),
    )
    assert "Date" in found.map.get("created_at", "") or found.questions
    assert {one.ours: one.readings for one in odd.questions}["created_at"] == ("Date+' '+Minute hand", "Date")


def test_short_waits_beside_a_day_are_no_times_of_day(tmp_path: Path) -> None:
    rows = (f"{n},k{n % 7}@shop.example,2026-03-{n},00:{n}:17,Ann,Where is it?" for n in DAYS)
    found = guessed(tmp_path / "chats.csv", "Chat ID,E-mail,Date,Minute hand,Operator,Subject", *rows)
    assert found.map["created_at"] == "Date"


@pytest.mark.parametrize(
    ("answered", "missed"), [("Answered", "Missed"), ("Angenommen", "Verpasst"), ("Отвечен", "Пропущен")]
)
def test_what_became_of_a_call_is_no_state_of_a_ticket(answered: str, missed: str, tmp_path: Path) -> None:
    rows = (
        f"c{n},2026-03-{n} 10:00:00,+491701234{n}0,Inbound,{answered if n % 3 else missed},00:0{n % 9}:10" for n in DAYS
    )
    found = guessed(tmp_path / "calls.csv", "Call ID,Call time,Caller,Direction,Status,Talking", *rows)
    assert "status" not in found.map
    told = {one.ours: one.why for one in found.doubtful}["status"]
    assert f"--value {shlex.quote(f'status:{answered}=closed')}" in told
    assert f"--value {shlex.quote(f'status:{missed}=open')}" in told


def test_a_session_that_several_users_have_is_none(tmp_path: Path) -> None:
    rows = (f"d{n},1000{n % 3},open,2026-03-{n} 10:00:00" for n in DAYS for _ in range(2))
    found = guessed(tmp_path / "events.csv", "device_id,session_id,event_name,event_time", *rows)
    assert "session_id" not in found.map
    assert "several have one" in {one.ours: one.why for one in found.doubtful}["session_id"]


def test_rows_without_an_answer_were_asked_when_they_were_made(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "nps.csv", tmp_path / "s.duckdb"
    rows = (
        f"f{n},u{n % 5},{n % 11 if n % 3 else ''},2026-03-{n} 09:00:00,{f'2026-03-{n} 12:00:00' if n % 3 else ''}"
        for n in DAYS
    )
    file.write_text("\n".join(["feedback_id,user_id,nps rating,created_at,rated_at", *rows]))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 0, err
    assert "invited_at=created_at" in err
    assert stored(supportkit, db, "select count(*) as n, count(score) as k from surveys") == [{"n": 18, "k": 12}]


@pytest.mark.parametrize("written", ["a@x.example, b@x.example", "a@x.example;b@x.example", "a@x.example\nb@x.example"])
def test_the_first_of_several_people_in_a_cell_is_the_customer_and_that_is_told(
    written: str, tmp_path: Path, supportkit: Call
) -> None:
    file, db = tmp_path / "tickets.csv", tmp_path / "s.duckdb"
    file.write_text(f'ticket_id,created_at,customer_id\n1,2026-03-01,a@x.example\n2,2026-03-02,"{written}"\n')
    _, _, err = supportkit("load", file, "--db", db)
    assert "1 cell names several people: the first of them is the customer" in err
    assert stored(supportkit, db, "select count(distinct customer_id) as n from tickets") == [{"n": 1}]


def test_people_named_a_line_each_are_told_too(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "tickets.csv", tmp_path / "s.duckdb"
    file.write_text('ticket_id,created_at,customer_id\n1,2026-03-01,Moreau\n2,2026-03-02,"Moreau\nBenali"\n')
    assert "1 cell names several people" in supportkit("load", file, "--db", db)[2]
    assert stored(supportkit, db, "select distinct customer_id as k from tickets") == [{"k": "Moreau"}]


def test_a_number_with_blanks_between_its_thousands_is_an_id(tmp_path: Path) -> None:
    rows = (f"12 5{n},Badge lost,2026-03-{n} 10:00,New,Ann" for n in DAYS)
    assert guessed(tmp_path / "desk.csv", "ID,Title,Opened at,Status,Technician", *rows).map["ticket_id"] == "ID"


def test_whom_a_request_was_sent_to_may_be_the_customer(tmp_path: Path) -> None:
    rows = (f"{n % 5 + 1},2026-03-{n} 10:00,k{n % 7}@shop.example" for n in DAYS)
    said = unsaid(tmp_path / "csat.csv", "csat score,responded_at,request_sent_to", *rows)
    assert said == ("customer_id stays empty; it may be request_sent_to: --map customer_id=request_sent_to",)


def test_a_time_that_is_not_set_is_empty(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "rt.csv", tmp_path / "s.duckdb"
    rows = (f"{n},Badge lost,2026-03-{n} 10:00,open,{f'2026-03-{n} 12:00' if n % 2 else 'Not set'}" for n in DAYS)
    file.write_text("\n".join(["Ticket ID,Subject,Created,Status,Resolved", *rows]))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 0
    assert "cannot be read" not in err
    assert stored(supportkit, db, "select count(solved_at) as n from tickets") == [{"n": 9}]


@pytest.mark.parametrize(
    ("header", "yes", "no"), [("Autoreply", "Yes", "No"), ("Автоответ", "да", "нет"), ("is_bot", "true", "false")]
)
def test_messages_of_machines_are_told_with_what_leaves_them_out(
    header: str, yes: str, no: str, tmp_path: Path
) -> None:
    rows = (
        f"c{n // 2},2026-03-{n} 10:00,{'Inbound' if n % 2 else 'Outbound'},It is on its way {n},{no if n % 6 else yes}"
        for n in DAYS
    )
    found = guessed(tmp_path / "messages.csv", f"Conversation ID,Message date,Direction,Extract,{header}", *rows)
    assert found.table == "messages"
    (one,) = found.no_sales
    assert one.keep == f"{header}!={yes}"
    assert "in 3 of the first 18 rows, which count as what people wrote" in one.told
