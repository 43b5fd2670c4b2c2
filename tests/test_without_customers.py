"""Tickets of which nobody knows whose they are: what the customer's way says of them, and what it has no data for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Call

FILES = {
    "tickets.csv": "ticket_id,created_at,category,channel,agent\nA,2026-03-01T10:00:00Z,invoice,email,Ann\n",
    "messages.csv": "ticket_id,sent_at,sender,agent\nA,2026-03-01T10:00:00Z,customer,\n"
    "A,2026-03-01T11:00:00Z,agent,Ann\n",
    "orders.csv": "order_id,ordered_at,customer_id,amount\nO1,2026-03-01T09:00:00Z,a@example.org,10\n",
}
MAP = '[touchpoint.begin]\nmoment = "first"\n[touchpoint.invoice]\ntickets = "category=invoice"\n'


@pytest.fixture
def nobodys(tmp_path: Path) -> tuple[str, ...]:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "supportkit.toml").write_text(MAP)
    return ("--data", str(tmp_path), "--config", str(tmp_path / "supportkit.toml"))


def test_handoffs_have_no_data_though_the_agents_are_known(supportkit: Call, nobodys: tuple[str, ...]) -> None:
    code, out, told = supportkit("handoffs", *nobodys, "-f", "json")
    assert (code, json.loads(out)["facts"]["with_agents"]) == (3, 1)
    assert "no data: no row of tickets has a customer_id; exports of " in told
    assert "zendesk have it: supportkit sources" in told


@pytest.mark.parametrize(
    ("command", "fact", "value", "note"),
    [
        (("cost",), "per_1000_orders", 1000, "contacts by customer and who left after a complaint are not known"),
        (("quality-sample",), "sampled", 1, "which conversation is the first or the last of one is not known"),
        (("touchpoints",), "contacts", 1, "first and last contacts are not known"),
        (("customer", "a@example.org"), "orders", 1, "what the person wrote is not known"),
    ],
)
def test_what_needs_no_customer_is_told_and_the_rest_named(
    command: tuple[str, ...], fact: str, value: int, note: str, supportkit: Call, nobodys: tuple[str, ...]
) -> None:
    code, out, _ = supportkit(*command, *nobodys, "-f", "json")
    found = json.loads(out)
    assert (code, found["facts"][fact]) == (0, value)
    (told,) = (one for one in found["notes"] if one.startswith("no ticket has a customer"))
    assert note in told


def test_a_first_contact_of_nobody_is_not_none_at_all(supportkit: Call, nobodys: tuple[str, ...]) -> None:
    _, out, _ = supportkit("touchpoints", *nobodys, "-f", "json")
    contacts = {row["touchpoint"]: row["contacts"] for row in json.loads(out)["rows"]}
    assert contacts == {"begin": None, "invoice": 1}


def test_self_service_has_no_data_where_no_reply_is_known(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text("ticket_id,created_at,category\nA,2026-03-01T10:00:00Z,invoice\n")
    code, out, told = supportkit("self-service", "--by", "category", "--data", tmp_path, "-f", "json")
    assert (code, json.loads(out)["facts"]["tickets"]) == (3, 1)
    assert "self-service needs solved tickets of which the replies are known" in told
