"""Rows as they are, the words that choose them, where their ids lead, and who stands behind a pseudonym."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from supportkit.errors import UsageError
from supportkit.explaining.named_people import read_people
from tests.conftest import Call

TICKETS = """ticket_id,created_at,channel,status,subject,body,customer_id
A/1,2026-10-05T10:00:00Z,chat,open,Refund not received,I declined the offer,ann@example.com
B,2026-10-06T10:00:00Z,chat,solved,Refunds,They decline my card,bob@example.com
C,2026-10-07T10:00:00Z,email,open,Карта отклонена,Верните деньги,cy@example.com
D,2026-10-08T10:00:00Z,email,open,<b>hi</b>,Häuser und Zahlungen,
"""
EVENTS = """user_id,occurred_at,step,country
ann@example.com,2026-10-05T10:00:00Z,visit,DE
ann@example.com,2026-10-05T11:00:00Z,paid,DE
bob@example.com,2026-10-06T10:00:00Z,visit,DE
cy@example.com,2026-10-06T12:00:00Z,visit,DE
"""
CONFIG = '[links]\nticket = "https://desk.example/t/{id}?x=1"\n[funnel]\nsteps = ["visit", "paid"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four tickets, four events and a configuration with links."""
    for name, text in (("tickets.csv", TICKETS), ("events.csv", EVENTS), ("supportkit.toml", CONFIG)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("refund", ["B", "A/1"]),  # the latest first
        ("declining", ["B", "A/1"]),
        ("refunded cards", ["B"]),  # all words, in any form
        ("карты", ["C"]),
        ("haus", ["D"]),
        ("zahlung", ["D"]),
        ("nothing", []),
    ],
)
def test_tickets_are_found_by_words_in_any_form(words: str, found: list[str], supportkit: Call, folder: Path) -> None:
    code, out, err = supportkit("tickets", "--like", words, "--data", folder, "-f", "json")
    assert code == 0, err  # none of some is a result
    assert [row["ticket_id"] for row in json.loads(out)["rows"]] == found


def test_a_list_has_the_columns_that_are_asked_for(supportkit: Call, folder: Path) -> None:
    words = ("tickets", "--columns", "subject,ticket_id", "--top", "1", "--data", folder, "-f", "csv")
    assert supportkit(*words)[1].splitlines() == ["subject,ticket_id", "<b>hi</b>,D"]
    code, _, err = supportkit("orders", "--columns", "subject", "--data", folder)
    assert (code, "unknown column for --columns 'subject'" in err) == (2, True)


def test_words_without_a_letter_are_told(supportkit: Call, folder: Path) -> None:
    code, _, err = supportkit("tickets", "--like", "12 --", "--data", folder)
    assert code == 2
    assert "no word" in err


def test_rows_are_cut_and_chosen_as_everywhere(supportkit: Call, folder: Path) -> None:
    words = ("tickets", "--where", "channel=email", "--period", "2026-10", "--top", "1", "--data", folder, "-f", "json")
    code, out, _ = supportkit(*words)
    shown = json.loads(out)
    assert (code, shown["facts"]) == (0, {"rows": 2, "of": 2})
    assert [(row["ticket_id"], row["age_s"]) for row in shown["rows"]] == [("D", 0)]  # the data end with it


def test_users_are_told_by_their_last_step(supportkit: Call, folder: Path) -> None:
    _, out, _ = supportkit("users", "--data", folder, "-f", "json")
    assert [(row["last_step"], row["events"]) for row in json.loads(out)["rows"]] == [
        ("visit", 1),
        ("visit", 1),
        ("paid", 2),
    ]


def test_an_id_leads_where_the_configuration_says(supportkit: Call, folder: Path, tmp_path: Path) -> None:
    words = ("service", "--rows", "all", "--data", folder, "--config", folder / "supportkit.toml")
    _, page, _ = supportkit(*words, "-f", "html")
    assert '<a href="https://desk.example/t/A%2F1?x=1" rel="noreferrer">A/1</a>' in page
    assert "&lt;b&gt;hi" in page
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    book = tmp_path / "rows.xlsx"
    assert supportkit(*words, "--output", book)[0] == 0
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(book.read_bytes())).active.iter_rows() for cell in row]
    links = {cell.value: cell.hyperlink.target for cell in cells if cell.hyperlink}
    assert links["A/1"] == "https://desk.example/t/A%2F1?x=1"
    _, table, _ = supportkit(*words)
    assert "desk.example" not in table  # a pipe gets the id alone
    (folder / "messages.csv").write_text("ticket_id,sent_at,sender\nB,2026-10-06T11:00:00Z,agent\n", encoding="utf-8")
    _, waiting, _ = supportkit("unanswered", *words[3:], "-f", "html")
    assert 'href="https://desk.example/t/D?x=1"' in waiting  # a list of its own, too


@pytest.mark.parametrize("address", ["javascript:alert({id})", "https://desk.example/", "https://x/{id}{id}"])
def test_an_address_is_one_of_the_web_with_one_id(address: str, supportkit: Call, folder: Path) -> None:
    (folder / "supportkit.toml").write_text(f'[links]\nticket = "{address}"\n', encoding="utf-8")
    code, _, err = supportkit("tickets", "--data", folder, "--config", folder / "supportkit.toml")
    assert code == 2
    assert "links.ticket" in err


def test_a_pseudonym_is_given_back_to_who_has_the_file_and_the_key(supportkit: Call, folder: Path) -> None:
    crm = folder / "crm.csv.txt"
    crm.write_text("name;mail\nAnn;ann@example.com\nCy;CY@example.com \nNo;\n", encoding="utf-8")
    words = ("affected", "--step", "visit", "--slice", "country=DE", "--data", folder / "events.csv", "-f", "json")
    config = ("--config", folder / "supportkit.toml")
    code, out, err = supportkit(*words, *config, "--match", crm, "--on", "mail")
    shown = json.loads(out)
    assert code == 0, err
    assert sorted(str(row["mail"]) for row in shown["rows"]) == ["CY@example.com", "None"]  # bob is not in the file
    assert "1 of 2 are in crm.csv.txt by mail; nothing is kept" in shown["notes"]
    code, _, err = supportkit(*words, *config, "--match", crm, "--on", "email")
    assert code == 2
    assert "mail" in err


@pytest.mark.parametrize(
    ("headers", "asked", "found"),
    [
        ("Name,Email", "email", True),
        ("Name,E-Mail", "email", True),
        ("Name,e_mail", "E-MAIL", True),
        ("Name,Contact Email Address", "email", True),
        ("Email,E-mail 2", "E-Mail", False),  # the first: its letters are those asked for
        ("Phone Number,Mail", "phone", False),
    ],
)
def test_a_column_is_found_in_any_case_and_spelling(headers: str, asked: str, found: bool, tmp_path: Path) -> None:
    file = tmp_path / "crm.csv"
    file.write_text(f"{headers}\nfirst,second\n", encoding="utf-8")
    assert read_people(file, asked) == ["second" if found else "first"]


def test_a_column_that_may_be_several_is_asked_for_by_name(tmp_path: Path) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("Work email,Home email,Name\na@example.com,b@example.com,Ann\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"several columns of crm\.csv may be meant: Work email, Home email"):
        read_people(file, "email")
    with pytest.raises(UsageError, match=r"crm\.csv"):
        read_people(file, "phone")
    assert read_people(file, "home-email") == ["b@example.com"]


def test_a_failed_rule_names_the_rows_behind_it(supportkit: Call, folder: Path) -> None:
    words = ("check", "--data", folder, "--period", "all", "--as-of", "2026-10-09")
    _, out, _ = supportkit(*words, "--expect", "service.unanswered <= 1 by channel", "-f", "json")
    rows = {row["slice"]: row["rows"] for row in json.loads(out)["rows"]}
    assert rows == {"chat": "", "email": ""}  # who was answered is not known: no verdict
    _, out, _ = supportkit(*words, "--expect", "backlog <= 1 by channel", "-f", "json")
    rows = {row["slice"]: row["rows"] for row in json.loads(out)["rows"]}
    assert rows == {"chat": "", "email": "C, D"}  # one is open in chat, two by e-mail, the older first
    code, out, _ = supportkit(*words, "--expect", "funnel.drop <= 10% by step", "--write", "junit=-")
    assert code in (1, 2)
    _, out, _ = supportkit(*words, "--expect", "backlog.backlog[channel=email] <= 1", "--write", "junit=-")
    assert "rows: C, D" in out
