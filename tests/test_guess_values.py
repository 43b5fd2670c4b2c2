"""What the values of a column say against its name: a priority is no state, a postal code nobody's, and who writes a
ticket down is its customer where agents are others."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportkit.exports.recognising.guessing.unsaid_customers import candidates
from tests.conftest import Call
from tests.test_guess_kinds import guessed, stored

DAYS = range(10, 28)
HEAD = "Ticket ID,Created,Subject,Email"


def tickets(*cells: str) -> list[str]:
    return [f"{n},2026-03-{n} 10:00,Where is my order please,k{n % 5}@x.example,{cells[n % len(cells)]}" for n in DAYS]


@pytest.mark.parametrize(
    "words", [("High", "Low"), ("P1", "P2", "P3"), ("1 - Critical", "3 - Moderate"), ("Высокий", "Низкий")]
)  # fmt: skip
def test_words_for_how_urgent_something_is_are_a_priority_and_no_states(
    words: tuple[str, ...], tmp_path: Path, supportkit: Call
) -> None:
    file, db = tmp_path / "list.csv", tmp_path / "s.duckdb"
    found = guessed(file, f"{HEAD},Status", *tickets(*words))
    assert (found.map["priority"], found.whole_map["status"], "status" in found.map) == ("Status", "''", False)
    assert supportkit("load", file, "--guess", "--db", db)[0] == 0
    query = "select count(distinct priority) as n, count(status) as m from tickets"
    assert stored(supportkit, db, query) == [{"n": len(words), "m": 0}]


def test_a_state_among_them_makes_them_states(tmp_path: Path) -> None:
    found = guessed(tmp_path / "list.csv", f"{HEAD},Status", *tickets("Open", "Normal", "Closed"))
    assert ("priority" in found.map, found.map["status"]) == (False, "Status")


def test_what_is_in_doubt_is_not_taken_by_its_name(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "sold.csv", tmp_path / "s.duckdb"
    rows = (f"{n // 2},2026-03-{10 + n // 2},k{n // 2}@shop.example,{n},{('paid', 'packed')[n % 2]}" for n in DAYS)
    file.write_text("\n".join(["Order ID,Order date,Email,Line total,status", *rows]))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert (code, "rejected 0" in err) == (0, True)
    assert stored(supportkit, db, "select count(*) as n, count(status) as m from orders") == [{"n": 9, "m": 0}]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("ZIP code", ("10115", "20095", "50667")),
        ("Customer postcode", ("BS1 4DJ", "M1 1AE", "BS1 4DJ")),
        ("Version Code", ("120", "121", "122")),
        ("Стоимость товара для покупателя", ("450.00", "190.00", "640.00")),
        ("Buyer price", ("€ 12,50", "€ 9,00", "€ 7,25")),
    ],
)
def test_a_place_for_mail_a_sum_or_a_code_is_no_customer(header: str, cells: tuple[str, ...]) -> None:
    assert candidates("tickets", [header], [[*cells] * 4], set()) == []


@pytest.mark.parametrize(("agents", "taken"), [(("Kim Lee", "Ola Dahl"), True), (("Anna Berg10", "Ola Dahl"), False)])
def test_who_writes_down_is_the_customer_where_agents_are_others(
    agents: tuple[str, str], taken: bool, tmp_path: Path
) -> None:
    rows = [
        f"{n},2026-03-{n} 10:00,Where is my order please,Anna Berg{n} <a.berg{n}@firm.example>,{agents[n % 2]}"
        for n in DAYS
    ]
    found = guessed(tmp_path / "list.csv", "Ticket ID,Created,Subject,Created By,Assigned to", *rows)
    assert "customer_id" in (found.map if taken else {one.ours for one in found.doubtful})


def test_a_log_of_calls_without_an_id_is_of_tickets_and_no_events(tmp_path: Path) -> None:
    rows = [
        f"+49301111{n},+4930999,2026-03-{n},2:1{n % 10} PM,Incoming,{('Phone', 'VoIP')[n % 2]},Accepted,0:0{n % 9}"
        for n in DAYS
    ]
    found = guessed(tmp_path / "log.csv", "From,To,Date,Time,Call Direction,Action,Action Result,Duration", *rows)
    assert (found.table, found.rivals, [one.ours for one in found.questions]) == ("tickets", (), ["ticket_id"])


@pytest.mark.parametrize(("rows", "asked"), [(DAYS, False), (range(10, 20), True)])
def test_two_columns_with_the_same_addresses_are_one(rows: range, asked: bool, tmp_path: Path) -> None:
    lines = [f"{n},2026-03-{n},k{n}@x.example,k{n}@x.example,{n}.50" for n in rows]
    found = guessed(tmp_path / "sold.csv", "Order ID,Order date,Purchase Email,Buyer Email,Total", *lines)
    assert ("customer_id" in {one.ours for one in found.questions}) == asked


def test_what_all_rows_call_the_survey_is_its_kind(tmp_path: Path) -> None:
    lines = [f"2026-03-{n},k{n}@x.example,{n % 5 + 1},CSAT after solve" for n in DAYS]
    found = guessed(tmp_path / "answers.csv", "Date,Email,Score,Survey", *lines)
    assert (found.table, found.map["kind"], found.settled) == ("surveys", "'csat'", True)


def test_the_number_of_a_product_is_no_customer() -> None:
    ids, names = [["11", "12", "13"] * 4, ["Cup", "Lamp", "Mug"] * 4]
    assert candidates("orders", ["SHOP id", "Product"], [ids, names], {1}) == []
    assert candidates("orders", ["SHOP id", "Product"], [ids, ["Cup", "Mug"] * 6], {1}) == ["SHOP id"]
    assert candidates("orders", ["SHOP id", "Product"], [ids, []], {1, 7}) == ["SHOP id"]  # 7 is of a joined file
