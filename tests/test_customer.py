"""One customer's way: all tables in the order of time, promises, value, joined addresses, and no raw address."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from supportkit.config import checked
from supportkit.errors import DataError, UsageError
from supportkit.explaining.customer import customer
from supportkit.explaining.identities import MOST, addresses_of
from supportkit.period import ALL, parse_period
from supportkit.store import Store
from tests.conftest import Call

Shop = Callable[..., Store]
CONFIG = checked({"sla": {"email": {"first_reply": "1h"}}})
TABLES = {
    "orders": """
        order_id,ordered_at,customer_id,amount,currency,refunded,status,product
        O1,2026-03-01T10:00:00Z,c1,100,EUR,30,completed,beans
        O2,2026-03-20T10:00:00Z,c1-work,50,EUR,,completed,beans
        O3,2026-03-01T10:00:00Z,c2,70,EUR,,completed,beans""",
    "events": """
        user_id,occurred_at,step
        c1,2026-03-01T09:00:00Z,paid
        c2,2026-03-01T09:00:00Z,visit""",
    "tickets": """
        ticket_id,created_at,customer_id,channel,status,subject,body,category
        T1,2026-03-02T10:00:00Z,c1,email,closed,Late,Where is it?,delivery
        T2,2026-03-04T10:00:00Z,c1,email,closed,Later,Still nothing,delivery
        T3,2026-03-02T10:00:00Z,c2,email,closed,Other,Not mine,delivery""",
    "messages": """
        ticket_id,sent_at,sender,public,kind,text
        T1,2026-03-02T10:30:00Z,agent,true,message,Tomorrow
        T2,2026-03-04T12:00:00Z,agent,true,message,Sorry
        T3,2026-03-02T10:30:00Z,agent,true,message,Not c1""",
    "surveys": """
        kind,score,responded_at,customer_id,ticket_id,scale_min,scale_max,comment
        csat,2,2026-03-05T10:00:00Z,c1,T2,1,5,too late
        csat,5,2026-03-05T10:00:00Z,c2,T3,1,5,""",
}


@pytest.fixture
def told(shop: Shop) -> Store:
    return shop(**TABLES)


def test_all_tables_stand_in_the_order_of_time(told: Store) -> None:
    result = customer(told, ["c1"], CONFIG, period=ALL)
    assert [(row["what"], row["id"], row["says"], row["promise"]) for row in result.records()] == [
        ("event", "", "paid", None),
        ("order", "O1", "sale", None),
        ("ticket", "T1", "closed: Late", "kept"),
        ("message", "T1", "Tomorrow", None),
        ("ticket", "T2", "closed: Later", "broken"),  # answered after two hours, where one is promised
        ("message", "T2", "Sorry", None),
        ("answer", "T2", "2: too late", None),
    ]
    assert result.facts == {
        "orders": 1,
        "revenue": 70,
        "events": 1,
        "tickets": 2,
        "messages": 2,
        "answers": 1,
        "promises": 2,
        "kept": 1,
        "broken": 1,
    }
    assert [row["amount"] for row in result.records() if row["what"] == "order"] == [70]  # 100 less 30
    assert [row["text"] for row in result.records() if row["what"] == "ticket"] == ["Where is it?", "Still nothing"]


def test_the_first_and_the_last_day_are_those_of_the_list(shop: Shop) -> None:
    store = shop(zone="Europe/Berlin", tickets="ticket_id,created_at,customer_id\nT1,2026-10-31T23:30:00Z,c1\n")
    result = customer(store, ["c1"], period=ALL)
    assert [f"{row['at']:%Y-%m-%d %H:%M}" for row in result.records()] == ["2026-11-01 00:30"]
    assert "from 2026-11-01 to 2026-11-01" in result.notes  # in UTC it was October


def test_a_merged_ticket_stands_with_the_one_it_was_merged_into_and_is_in_no_figure(shop: Shop) -> None:
    tickets = """
        ticket_id,created_at,customer_id,status,subject,merged_into
        T1,2026-03-02T10:00:00Z,c1,closed,Late,
        T2,2026-03-03T10:00:00Z,c1,merged,Late again,T1
        T3,2026-03-04T10:00:00Z,c1,spam,Buy,"""
    log = "ticket_id,sent_at,sender,text\nT2,2026-03-03T10:05:00Z,customer,Where is it"
    result = customer(shop(tickets=tickets, messages=log), ["c1"], period=ALL)
    assert [(row["what"], row["id"], row["says"]) for row in result.records()] == [
        ("ticket", "T1", "closed: Late"),
        ("merged ticket", "T2", "merged into T1: Late again"),
        ("message", "T2", "Where is it"),
    ]
    assert (result.facts["tickets"], result.facts["messages"]) == (1, 1)
    assert any(note.startswith("merged tickets stand where they were written") for note in result.notes)
    bare = customer(shop(tickets=tickets.replace("merged_into", "note")), ["c1"], period=ALL)
    assert [row["says"] for row in bare.records()] == ["closed: Late", "merged: Late again"]


def test_several_ids_are_one_person(told: Store) -> None:
    result = customer(told, ["c1", "c1-work"], CONFIG, period=ALL)
    assert (result.facts["orders"], result.facts["revenue"]) == (2, 120)
    assert "2 ids are taken for one person" in result.notes


def test_a_period_cuts_what_is_shown_and_adds_nothing_up(told: Store) -> None:
    result = customer(told, ["c1"], CONFIG, period=parse_period("2026-03-04..2026-03-31", date(2026, 4, 1)))
    assert [row["id"] for row in result.records()] == ["T2", "T2", "T2"]
    assert (result.facts["orders"], result.facts["revenue"], result.facts["promises"]) == (0, None, 1)


def test_lines_that_share_a_value_are_one_person(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "person;address\n17;Anna@example.org\n17;work@example.com\nx;work@example.com\n18;bob@example.org\n"
    )
    assert addresses_of(file, "anna@example.org") == ["anna@example.org", "work@example.com"]  # 17 and x are no ids
    assert addresses_of(file, "nobody@example.org") == ["nobody@example.org"]
    file.write_text("a,country\n" + "\n".join(f"c{number},DE" for number in range(MOST + 1)))
    with pytest.raises(UsageError, match=f"one value joins {MOST + 1} lines"):
        addresses_of(file, "c1")
    with pytest.raises(DataError, match="cannot be read"):
        addresses_of(tmp_path / "nowhere.csv", "c1")
    file.write_bytes(b"a\n\xff\n")
    with pytest.raises(DataError, match="is not UTF-8"):
        addresses_of(file, "c1")


def test_where_nobody_is_known_it_says_what_is_missing(shop: Shop, told: Store) -> None:
    with pytest.raises(DataError, match="there is no customer_id"):
        customer(shop(tickets="ticket_id,created_at\nT,2026-03-01"), ["c1"], period=ALL)
    with pytest.raises(DataError, match="no table has this person"):
        customer(told, ["c9"], period=ALL)
    alone = customer(shop(tickets=TABLES["tickets"]), ["c1"], period=ALL)
    assert any(note.startswith("what was said is not known: no messages are loaded") for note in alone.notes)


def test_a_planted_persons_year_has_no_raw_address(supportkit: Call, stored: tuple[str, ...], tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("person,address\n1,olivia.f97@example.com\n1,chloe.n169@example.com\n")
    code, out, err = supportkit("customer", "Olivia.F97@example.com", *stored, "-f", "json")
    assert (code, "@" in out, "@" in err) == (0, False, False)
    found = json.loads(out)
    tickets = [row["id"] for row in found["rows"] if row["what"] == "ticket"]
    assert {"T20173", "T20205"} <= set(tickets)  # planted as (i): asked in the messenger, and again by e-mail
    _, out, _ = supportkit("sql", *stored, "select customer_id from tickets where ticket_id = 'T20173'", "-f", "json")
    known = json.loads(out)["rows"][0]["customer_id"]
    _, out, _ = supportkit("tickets", *stored, "--where", f"customer_id={known}", "-f", "json")
    assert len(tickets) == len(json.loads(out)["rows"]) == found["facts"]["tickets"]
    code, out, _ = supportkit("customer", "olivia.f97@example.com", *stored, "--identities", people, "-f", "json")
    assert code == 0
    assert json.loads(out)["facts"]["tickets"] > found["facts"]["tickets"]


def test_what_cannot_be_asked(supportkit: Call, stored: tuple[str, ...]) -> None:
    code, _, told = supportkit("customer", "nobody@example.org", *stored)
    assert (code, "nobody@" in told) == (3, False)
    assert supportkit("customer", " ", *stored)[0] == 2
    assert supportkit("customer", "c1", *stored, "--where", "country=DE")[0] == 2


def test_a_file_of_identities_may_have_no_header(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("ann@x.org,bob@x.org\nbob@x.org,17\n", encoding="utf-8")
    assert addresses_of(file, "17") == ["17", "bob@x.org", "ann@x.org"]
    file.write_text("mail,number\nann@x.org,17\n", encoding="utf-8")
    assert addresses_of(file, "mail") == ["mail"]
    file.write_text("17,44\n18,45\n", encoding="utf-8")  # ids alone are no header either
    assert addresses_of(file, "44") == ["44", "17"]
    file.write_text("", encoding="utf-8")
    assert addresses_of(file, "17") == ["17"]


def test_the_number_of_a_person_in_a_file_of_identities_is_nobodys_id(tmp_path: Path) -> None:
    # customer 17 of the shop is somebody else than the 17th person of the file
    file = tmp_path / "people.csv"
    lines = "17,ann@x.org\n17,ann.work@x.org\n18,bob@x.org\n"
    file.write_text(f"person,address\n{lines}", encoding="utf-8")
    assert addresses_of(file, "Ann@x.org") == ["Ann@x.org", "ann.work@x.org"]
    assert addresses_of(file, "17") == ["17", "ann@x.org", "ann.work@x.org"]  # who asks for it means it
    file.write_text(f"customer_id,address\n{lines}", encoding="utf-8")
    assert addresses_of(file, "ann@x.org") == ["ann@x.org", "17", "ann.work@x.org"]
