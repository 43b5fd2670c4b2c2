"""The director's page of a stranger's store: a few tickets, whose source tells neither ends nor replies."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from supportkit.render.commands_in_text import parted
from tests.conftest import Call

TICKETS = """ticket_id,created_at,subject,category
1,2026-10-06T10:00:00Z,Rechnung falsch,billing
2,2026-10-16T10:00:00Z,Lieferung,delivery
3,2026-10-20T10:00:00Z,Lieferung,delivery
4,2026-11-07T10:00:00Z,Lieferung,delivery
"""


@pytest.fixture
def page(tmp_path: Path, supportkit: Call) -> str:
    """Its words, in Russian."""
    file, written = tmp_path / "tickets.csv", tmp_path / "page.html"
    file.write_text(TICKETS)
    asked = ("report", "--audience", "director", "--data", str(file), "--period", "2026-10", "--lang", "ru")
    assert supportkit(*asked, "-o", str(written))[0] == 0
    return html.unescape(re.sub(r"<[^>]+>", "\n", written.read_text()))


def test_a_source_of_our_name_is_no_command(page: str) -> None:
    assert "обращений из supportkit, о которых неизвестно, закончены ли они: 3;" in page
    assert not re.search(r"^supportkit are", page, re.MULTILINE)


def test_no_drop_off_is_told_in_russian(page: str) -> None:
    assert "потери по шагам не рассматриваются: событий нет" in page
    assert " нет за " not in page


def test_where_nothing_could_be_compared_it_is_not_said_that_nothing_stands_out(page: str) -> None:
    assert page.lower().count("не проверено: история слишком коротка") >= 2
    assert "ни одна группа" not in page.lower()


@pytest.mark.parametrize(
    ("note", "said", "command"),
    [
        ("which of 3 tickets of supportkit are over is not known", None, ""),
        ("see who: supportkit tickets --where x=1", "see who", "supportkit tickets --where x=1"),
        ("the shop's export of orders (supportkit sources)", "the shop's export of orders", "supportkit sources"),
        ("more: supportkit nps", "more", "supportkit nps"),
        ("exports of shopify, supportkit and woocommerce have them", None, ""),
    ],
)
def test_a_command_stands_behind_a_mark(note: str, said: str | None, command: str) -> None:
    assert parted(note) == (note if said is None else said, command)
