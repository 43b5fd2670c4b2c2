"""Self-service: easy questions, what is assumed and what is confirmed, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from math import exp, sqrt
from random import Random

import pytest

from supportkit.desk.article_findings import findings
from supportkit.errors import UsageError
from supportkit.offers.cases import rows_behind
from supportkit.render import render
from supportkit.render.language import ENGLISH
from supportkit.self_service import FACTS, cases, self_service
from supportkit.stats.article_effect import Counts, ratio_of_ratios
from supportkit.stats.student import student_quantile
from supportkit.store import Store

Shop = Callable[..., Store]
# of the invoices A is easy after 2 hours and E after 22; B took two replies, C was opened again, D took a day and an
# hour, F is open; G was as easy and is a complaint
TICKETS = """
ticket_id,created_at,category,status,solved_at,reopens,replies,is_complaint
A,2026-03-01T10:00:00Z,invoice,closed,2026-03-01T12:00:00Z,0,1,false
B,2026-03-01T10:00:00Z,invoice,closed,2026-03-01T12:00:00Z,0,2,false
C,2026-03-01T10:00:00Z,invoice,closed,2026-03-01T12:00:00Z,1,1,false
D,2026-03-01T10:00:00Z,invoice,closed,2026-03-02T11:00:00Z,0,1,false
E,2026-03-01T10:00:00Z,invoice,closed,2026-03-02T08:00:00Z,0,1,false
F,2026-03-01T10:00:00Z,invoice,open,,0,0,false
G,2026-03-01T10:00:00Z,late,closed,2026-03-01T12:00:00Z,0,1,true
"""


def test_easy_is_solved_quickly_by_one_reply_and_not_opened_again(shop: Shop) -> None:
    store = shop(tickets=TICKETS)
    result = self_service(store, by="category", least=2)
    facts = result.facts
    assert (facts["tickets"], facts["with_replies"], facts["easy"]) == (7, 6, 2)
    rows = {row["category"]: row for row in result.records()}
    assert (rows["invoice"]["easy"], rows["invoice"]["easy_share"], rows["invoice"]["worth_an_article"]) == (
        2,
        0.4,
        True,
    )
    assert (rows["late"]["easy"], rows["late"]["worth_an_article"]) == (0, False)
    # a quarter of two tickets, and of the 24 hours that their customers waited
    assert (facts["questions"], facts["assumed_saved"], facts["assumed_hours"]) == (1, 0.5, 6)
    assert self_service(store, by="category", least=2, quick=timedelta(hours=26)).facts["easy"] == 3
    assert self_service(store, by="category", least=3).facts["questions"] == 0
    assert self_service(store, by="category", least=2, share=0.5).facts["questions"] == 0
    found = rows_behind(store, cases(store, by="category"), "easy", None, "self-service", "Self-service")
    assert {row["ticket_id"] for row in found.records()} == {"A", "E"}


def test_tickets_that_an_article_would_save_are_told_to_a_tenth(shop: Shop) -> None:
    """Two easy tickets of which .2295 are assumed to be answered: 0.459 of a ticket."""
    result = self_service(shop(tickets=TICKETS), by="category", least=2, assume=0.2295)
    assert result.facts["assumed_saved"] == pytest.approx(0.459)
    shown = render([result], "markdown")
    assert "0.459" not in shown
    assert "saved, assumed **0.5**" in shown


def test_an_article_that_is_linked_is_seen_in_public_replies(shop: Shop) -> None:
    log = """
    ticket_id,sent_at,sender,public,kind,text
    A,2026-03-01T11:00:00Z,agent,true,message,See https://shop.example/help/invoice-copy
    B,2026-03-01T11:00:00Z,agent,true,message,See https://shop.example/cart and write to me
    C,2026-03-01T11:00:00Z,agent,false,note,https://shop.example/faq/1
    D,2026-03-01T11:00:00Z,customer,true,message,I read https://shop.example/faq/1
    E,2026-03-01T11:00:00Z,agent,true,message,Siehe https://hilfe.example/rechnung
    """
    facts = self_service(shop(tickets=TICKETS, messages=log), by="category").facts
    assert (facts["with_texts"], facts["linked"]) == (3, 2)  # of A, B and E two


def article(topics: dict[str, tuple[int, int]]) -> str:
    """Tickets of each topic on the hundred days before 2026-04-11 and from then on."""
    lines = ["ticket_id,created_at,category"]
    for name, (before, after) in topics.items():
        for number, (start, count) in enumerate(((date(2026, 1, 1), before), (date(2026, 4, 11), after))):
            for k in range(count):
                lines.append(f"{name}{number}{k},{start + timedelta(days=100 * k // max(count, 1))}T10:00:00Z,{name}")
    lines += ["first,2026-01-01T00:00:00Z,one", "last,2026-07-20T10:00:00Z,one"]
    return "\n".join(lines)


def test_an_article_is_confirmed_against_the_untouched(shop: Shop) -> None:
    store = shop(
        tickets=article(
            {"one": (99, 50), "two": (100, 120), "three": (100, 120), "four": (100, 120), "five": (100, 120)}
        )
    )
    result = self_service(store, by="category", article="one", since_article=date(2026, 4, 11))
    facts = result.facts
    # 100 before with the first one; the last day is not whole and left out; the others rise by a fifth: 120 expected
    assert facts["compared"] == 100
    assert facts["saved"] == pytest.approx(70)
    assert facts["ratio"] == pytest.approx(50 / 120)
    error = sqrt(1 / 50 + 1 / 100 + 1 / 480 + 1 / 400)  # the others do not vary beyond their counts
    reach = student_quantile(0.975, 3) * error
    assert facts["saved_low"] == pytest.approx(120 * (1 - 50 / 120 * exp(reach)))
    assert facts["saved_high"] == pytest.approx(120 * (1 - 50 / 120 * exp(-reach)))
    assert any(note.startswith("one: 100 tickets in the 100 days before 2026-04-11, 50") for note in result.notes)


def test_what_cannot_be_confirmed_is_said(shop: Shop) -> None:
    store = shop(tickets=article({"one": (99, 49), "two": (100, 120)}))
    result = self_service(store, by="category", article="one", since_article=date(2026, 4, 11))
    assert (result.facts["compared"], result.facts["saved"]) == (100, None)
    assert any(note.startswith("not confirmed: it needs") for note in result.notes)
    with pytest.raises(UsageError, match="unknown category for --article 'onne'"):
        self_service(store, by="category", article="onne", since_article=date(2026, 4, 11))
    with pytest.raises(UsageError, match="belong together"):
        self_service(store, by="category", article="one")
    with pytest.raises(UsageError, match="tickets are there from 2026-01-01 to 2026-07-20"):
        self_service(store, by="category", article="one", since_article=date(2027, 1, 1))
    with pytest.raises(UsageError, match="a share from 0 to 1"):
        self_service(store, by="category", assume=25)


def test_others_that_vary_make_the_interval_wide() -> None:
    steady = ratio_of_ratios(Counts(100, 50), [Counts(100, 100)] * 5)
    shaky = ratio_of_ratios(
        Counts(100, 50), [Counts(100, 40), Counts(100, 200), Counts(100, 60), Counts(100, 150), Counts(100, 50)]
    )
    assert steady is not None
    assert shaky is not None
    assert (steady.ratio, shaky.ratio) == (0.5, 0.5)
    assert shaky.low < steady.low < 0.5 < steady.high < 1 < shaky.high
    assert ratio_of_ratios(Counts(0, 5), [Counts(1, 1)] * 9) is None
    none_after = ratio_of_ratios(Counts(100, 0), [Counts(100, 100)] * 5)
    assert none_after is not None
    assert none_after.ratio == pytest.approx(0.005)


def test_an_article_that_changes_nothing_is_found_in_one_of_twenty() -> None:
    dice, inside, tries = Random("nothing changed"), 0, 400

    def series() -> Counts:
        level, moved = 80 * exp(dice.gauss(0, 0.5)), exp(dice.gauss(0, 0.2))
        return Counts(*(round(max(1.0, dice.gauss(mean, sqrt(mean)))) for mean in (level, level * moved)))

    for _ in range(tries):
        found = ratio_of_ratios(series(), [series() for _ in range(12)])
        assert found is not None
        inside += found.low <= 1 <= found.high
    assert 0.92 <= inside / tries <= 0.98


def test_where_nothing_is_known_it_says_what_is_missing(shop: Shop) -> None:
    nothing = self_service(shop(tickets="ticket_id,created_at"), by="category")
    assert nothing.facts == {fact.name: 0 if fact.role == "n" else None for fact in FACTS}
    bare = self_service(shop(tickets="ticket_id,created_at\nA,2026-03-01"), by="category")
    assert (bare.facts["tickets"], bare.facts["easy"]) == (1, None)
    assert any(note.startswith("no solved ticket says how many replies") for note in bare.notes)


def test_the_first_question_is_told_where_it_has_tickets_enough(shop: Shop) -> None:
    lines = ["ticket_id,created_at,category,status,solved_at,reopens,replies"]
    lines += [f"T{n},2026-03-01T10:00:00Z,invoice,closed,2026-03-01T12:00:00Z,0,1" for n in range(30)]
    result = self_service(shop(tickets="\n".join(lines)), by="category")
    assert [one.text for one in findings(result, ENGLISH)] == [
        "invoice: 30 of 30 tickets were solved by one quick reply, as an article could"
    ]
    few = self_service(shop(tickets="\n".join(lines[:30])), by="category")
    assert findings(few, ENGLISH) == []
