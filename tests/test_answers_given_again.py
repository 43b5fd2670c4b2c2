"""Of one ticket or one invitation the last answer counts; what has neither all counts, and is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportkit.csat import csat
from supportkit.csi import csi
from supportkit.nps import nps
from supportkit.store import Store
from supportkit.store.bi_views import VIEWS
from tests.survey_answers import fact, in_files, said

Shop = Callable[..., Store]
HEAD = "kind,score,scale_min,scale_max,responded_at,ticket_id,customer_id,item,invited_at,order_id\n"
TWICE = (
    "csat,5,1,5,2026-05-01T10:00:00Z,1,c1,,,\n"
    "csat,1,1,5,2026-05-01T10:05:00Z,1,c1,,,\n"
    "csat,5,1,5,2026-05-01T11:00:00Z,2,c2,,,\n"
    "csat,4,1,5,2026-05-01T12:00:00Z,3,c3,,,\n"
    "csat,4,1,5,2026-05-01T12:00:00Z,4,c4,,,\n"
    "csat,3,1,5,2026-05-01T12:00:00Z,5,c5,,,\n"
)


def test_the_last_answer_about_a_ticket_counts_in_whatever_order_they_come(shop: Shop) -> None:
    for rows in (TWICE, "".join(reversed(TWICE.splitlines(keepends=True)))):
        found = csat(shop(surveys=HEAD + rows))
        assert fact(found, "csat", "answers") == (0.6, 5)  # 5, 4 and 4 of five tickets; the first one ended with 1
        assert said(found, "1 earlier answer to the same ticket or invitation left out: the last one counts")


def test_the_last_answer_counts_across_files_and_after_a_third(tmp_path: Path, shop: Shop) -> None:
    store = shop(surveys=HEAD + TWICE)
    later = "csat,4,1,5,2026-05-02T10:00:00Z,1,c1,,,\n"
    found = csat(in_files(store, tmp_path, later=HEAD + later))
    assert fact(found, "csat", "answers") == (0.8, 5)  # 4 of five; the ticket's third answer is 4
    assert said(found, "2 earlier answers")


def test_an_answer_that_was_changed_after_as_of_still_counts_there(shop: Shop) -> None:
    store = shop(surveys=HEAD + TWICE)
    found = csat(store.filtered(as_of=datetime(2026, 5, 1, 10, 2, tzinfo=UTC)))
    assert fact(found, "answers") == (1,)
    found = csat(store.filtered(as_of=datetime(2026, 5, 1, 10, 5, tzinfo=UTC)))
    assert fact(found, "answers") == (1,)
    assert said(found, "1 earlier answer")


@pytest.mark.parametrize(
    ("first", "second", "answers"),
    [
        # a new invitation is a new answer, of one ticket too
        ("1,c,,2026-04-01T00:00:00Z,", "1,c,,2026-05-01T00:00:00Z,", 2),
        ("1,c,,2026-04-01T00:00:00Z,", "1,c,,2026-04-01T00:00:00Z,", 1),
        # one invitation of one person without a ticket
        (",c,,2026-04-01T00:00:00Z,", ",c,,2026-04-01T00:00:00Z,", 1),
        # many are invited at one instant: each is one invitation, and who it was has to be known
        (",c,,2026-04-01T00:00:00Z,", ",d,,2026-04-01T00:00:00Z,", 2),
        (",,,2026-04-01T00:00:00Z,", ",,,2026-04-01T00:00:00Z,", 2),
        # two items of one form
        ("1,c,price,,", "1,c,staff,,", 2),
        ("1,c,price,,", "1,c,price,,", 1),
        # the ticket tells, whoever of its customers answers
        ("1,c,,,", "1,d,,,", 1),
        ("1,c,,,", "2,c,,,", 2),
        # nothing tells
        (",c,,,", ",c,,,", 2),
        (",,,,", ",,,,", 2),
    ],
)
def test_what_is_one_answer(first: str, second: str, answers: int, shop: Shop) -> None:
    rows = f"nps,9,,,2026-05-01T10:00:00Z,{first}\nnps,3,,,2026-05-02T10:00:00Z,{second}\n"
    assert fact(nps(shop(surveys=HEAD + rows)), "answers") == (answers,)


def test_two_kinds_about_one_ticket_are_two_answers(shop: Shop) -> None:
    store = shop(surveys=HEAD + "nps,9,,,2026-05-01T10:00:00Z,1,c,,,\ncsat,3,1,5,2026-05-02T10:00:00Z,1,c,,,\n")
    assert fact(nps(store), "answers") == fact(csat(store), "answers") == (1,)


def test_a_respondent_of_an_index_is_taken_with_the_last_answer_to_each_item(shop: Shop) -> None:
    # respondent 1 changes the price from 1 to 5: (5 - 1)/4 and (5 - 1)/4 are 100; respondent 2 gives 3 twice, 50
    rows = (
        "csi,1,1,5,2026-05-01T10:00:00Z,1,c,price,,\ncsi,5,1,5,2026-05-01T10:10:00Z,1,c,price,,\n"
        "csi,5,1,5,2026-05-01T10:10:00Z,1,c,staff,,\n"
        "csi,3,1,5,2026-05-01T10:00:00Z,2,d,price,,\ncsi,3,1,5,2026-05-01T10:00:00Z,2,d,staff,,\n"
    )
    # five alike, so that there are enough answers for a figure
    many = "".join(rows.replace("Z,1,c", f"Z,{n}1,c{n}").replace("Z,2,d", f"Z,{n}2,d{n}") for n in range(5))
    found = csi(shop(surveys=HEAD + many))
    assert fact(found, "csi", "answers") == (75, 10)


def test_two_answers_of_one_person_that_nothing_tells_apart_are_told(shop: Shop) -> None:
    rows = (
        "nps,9,,,2026-05-01T10:00:00Z,,c,,,\nnps,3,,,2026-05-02T10:00:00Z,,c,,,\nnps,3,,,2026-05-02T10:00:00Z,,d,,,\n"
        # two orders tell them apart
        "nps,9,,,2026-05-01T10:00:00Z,,e,,,1\nnps,3,,,2026-05-02T10:00:00Z,,e,,,2\n"
    )
    found = nps(shop(surveys=HEAD + rows))
    assert fact(found, "answers") == (5,)
    assert said(found, "1 customer answered more than once without a ticket or an invitation")
    assert said(found, "all 2 answers count")


def test_the_view_for_bi_tools_has_the_answers_that_count(shop: Shop) -> None:
    store = shop(surveys=HEAD + TWICE)
    store.connection.execute(VIEWS)
    assert store.connection.execute("select count(*) from bi.answers").fetchall() == [(5,)]
