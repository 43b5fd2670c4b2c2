"""Every metric of tickets by how much they took and how long they lasted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from supportkit.metrics import METRICS
from supportkit.request import read_request, run
from supportkit.store import Store
from supportkit.store.conditions import parse_conditions
from supportkit.store.ticket_bands import BANDS
from tests.conftest import Call

Shop = Callable[..., Store]
TICKETS = """
ticket_id,created_at,solved_at,closed_at,replies
A,2026-11-02T10:00:00Z,2026-11-02T10:59:59Z,,
B,2026-11-02T10:00:00Z,2026-11-02T11:00:00Z,,
C,2026-11-02T10:00:00Z,,2026-11-03T10:00:00Z,
D,2026-11-02T10:00:00Z,,,2
E,2026-11-02T10:00:00Z,2026-11-09T10:00:00Z,,7
F,2026-11-02T10:00:00Z,2026-11-02T09:00:00Z,,
"""
# A one reply; B one reply by one agent and a note of another; C four replies
LOG = "ticket_id,sent_at,sender,public,agent\n" + "\n".join(
    ["A,2026-11-02T10:01:00Z,agent,true,Ann", "B,2026-11-02T10:01:00Z,agent,true,Ann"]
    + ["B,2026-11-02T10:02:00Z,agent,false,Bob", "B,2026-11-02T10:02:00Z,customer,true,"]
    + [f"C,2026-11-02T10:0{number}:00Z,agent,true,Ann" for number in range(4)]
)


def by(store: Store, metric: str, name: str, figure: str) -> dict[object, object]:
    result = run(store, read_request(METRICS[metric], {"by": name}))
    return {row[name]: row[figure] for row in result.records()}


def test_resolution_is_in_bands_of_time_that_begin_at_their_first_second(shop: Shop) -> None:
    assert by(shop(tickets=TICKETS, messages=LOG), "service", "resolution", "tickets") == {
        # F was solved before it came, and is left out of every n
        "1 under an hour": 1,
        "2 one to four hours": 1,
        "4 one to three days": 1,
        "6 a week or more": 1,
        "7 not resolved": 1,
    }


def test_complexity_is_by_replies_and_agents_else_by_the_tickets_own_number(shop: Shop) -> None:
    found = {"1 simple": 1, "2 middling": 2, "3 complex": 2}  # A; B and D; C and E; F cannot be
    assert by(shop(tickets=TICKETS, messages=LOG), "service", "complexity", "tickets") == found
    assert by(shop(tickets=TICKETS, messages=LOG), "contacts", "complexity", "contacts").keys() == {*found, "(none)"}


def test_hand_overs_are_counted_as_handling_counts_them(shop: Shop) -> None:
    # A, C: one agent throughout; B: Ann, and a note of Bob; D: Ann, Bob, Ann; E and F: nobody is known
    log = LOG + "".join(f"\nD,2026-11-02T10:0{k}:00Z,agent,true,{who}" for k, who in enumerate(("Ann", "Bob", "Ann")))
    store = shop(tickets=TICKETS, messages=log)
    assert by(store, "handling", "handovers", "hand_overs") == {
        "0 no hand-over": 0,
        "1 one": 1,
        "2 two or more": 2,
        "(none)": None,
    }
    assert by(store, "service", "handovers", "tickets") == {
        "0 no hand-over": 2,
        "1 one": 1,
        "2 two or more": 1,
        "(none)": 1,
    }


def test_where_no_message_says_who_wrote_it_hand_overs_are_not_known(shop: Shop) -> None:
    notes = run(shop(tickets=TICKETS), read_request(METRICS["service"], {"by": "handovers"})).notes
    assert any(note.startswith("hand-overs are not known: no message says which agent wrote it") for note in notes)
    known = run(shop(tickets=TICKETS, messages=LOG), read_request(METRICS["service"], {"by": "handovers"})).notes
    assert not any("not known" in note for note in known)


def test_answers_go_by_their_ticket_and_conditions_choose_by_bands(shop: Shop) -> None:
    answers = "kind,score,responded_at,ticket_id\n" + "".join(
        f"csat,{score},2026-11-10T10:00:00Z,{ticket}\n" for ticket, score in (("A", 5), ("C", 1), ("X", 3))
    )
    store = shop(tickets=TICKETS, messages=LOG, surveys=answers)
    assert by(store, "csat", "complexity", "answers") == {"(none)": 1, "1 simple": 1, "3 complex": 1}
    cut = store.filtered(parse_conditions(["resolution='7 not resolved'"]))
    assert run(cut, read_request(METRICS["service"], {"by": "status"})).facts["tickets"] == 1


@pytest.mark.parametrize(
    "name",
    [
        *("service", "handling", "backlog", "unanswered", "trends", "contacts", "causes"),
        *("reconcile", "survey-quality", "cost", "handoffs"),
    ],
)
def test_every_metric_of_tickets_is_split_by_bands(name: str, shop: Shop) -> None:
    store = shop(tickets=TICKETS, messages=LOG)
    for dimension in BANDS:
        assert run(store, read_request(METRICS[name], {"by": dimension})).columns[0].name == dimension


def test_a_column_of_the_export_that_has_the_name_goes_before(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text("ticket_id,created_at,Resolution\nA,2026-11-02,fixed\n", encoding="utf-8")
    words = ("service", "--by", "Resolution", "--data", tmp_path / "tickets.csv", "-f", "json")
    _, out, _ = supportkit(*words)
    assert [row["Resolution"] for row in json.loads(out)["rows"]] == ["fixed"]
