"""What stands over figures begins with a capital letter, in every format for people and of every metric."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from supportkit.commands.shared_options import SharedOptions, open_selected
from supportkit.metrics import METRICS
from supportkit.render import Display, render
from supportkit.render.headings import heading
from supportkit.request import metric_parameters, read_request, run
from supportkit.result import counted
from tests.computing import ResultOf


@pytest.mark.parametrize(
    ("label", "shown"),
    [("first reply p50", "First reply p50"), ("NPS", "NPS"), ("n", "n"), ("p (Holm)", "p (Holm)"), ("дни", "Дни"),
     ("a third party's", "A third party's"), ("с первым", "С первым"),
     ("# of", "# of"), ("", ""), ("a\x1b[2J", "A\\u001b[2J"), ("95 % interval", "95 % interval")],
)  # fmt: skip
def test_a_label_has_a_capital_unless_it_is_a_sign(label: str, shown: str) -> None:
    assert heading(label) == shown


@pytest.mark.parametrize("name", sorted(METRICS))
def test_no_fact_of_a_metric_begins_small(name: str, result_of: ResultOf) -> None:
    result = result_of(name)
    for shown in (render([result], "table"), render([result], "table", Display(100))):
        facts = shown.split("\n\n")[1].splitlines()
        assert [line for line in facts if line[:1].islower() and len(line.split()[0]) > 1] == []


ONE = re.compile(r"(?<![\d.,:/+±-])1 (?!series\b|hours? a|less\b|as\b|is\b|was\b|has\b|this\b)[a-z]+s\b(?! of )")
"""One of something in the plural; one in a ratio or a range stands behind a sign."""
SINGLE = {
    "tickets": "ticket_id,created_at,customer_id,channel,category,subject,body,status,solved_at,first_reply_at,cost\n"
    "1,2026-01-05 10:00,a@x.de,chat,delivery,No parcel,It did not come,solved,2026-01-05 12:00,2026-01-05 11:00,3\n",
    "orders": "order_id,ordered_at,customer_id,amount,country\n1,2026-01-03,a@x.de,10,DE\n",
    "surveys": "kind,score,responded_at,customer_id,ticket_id,item\nnps,9,2026-01-06,a@x.de,1,\n"
    "csat,5,2026-01-06,a@x.de,1,\nces,6,2026-01-06,a@x.de,1,\ncsi,9,2026-01-06,a@x.de,1,price\n",
    "messages": "ticket_id,sent_at,sender,public,text\n1,2026-01-05 10:00,customer,true,No parcel\n"
    "1,2026-01-05 11:00,agent,true,It is on its way\n",
    "events": "user_id,occurred_at,step\nu,2026-01-02 10:00,visit\nu,2026-01-02 10:00,paid\n",
}


@pytest.mark.parametrize("later", [0, 1, 8])
def test_of_one_thing_no_note_speaks_in_the_plural(later: int, tmp_path: Path) -> None:
    for table, text in SINGLE.items():
        head, *rows = text.splitlines()
        again = [re.sub("2026-01-0", f"2026-0{1 + later}-0", row).replace("1,", "2,", 1) for row in rows if later]
        again = [row.replace("a@x.de", "b@x.de") if row.startswith("2,") else row for row in again]
        (tmp_path / f"{table}.csv").write_text("\n".join([head, *rows, *again, ""]), encoding="utf-8")
    told = []
    with open_selected(SharedOptions(data=(tmp_path,), quiet=True), None, ()) as store:
        for name, metric in METRICS.items():
            asked: list[dict[str, object]] = [{"steps": ["visit", "paid"]} if name == "funnel" else {}]
            if {"by", "over"} <= metric_parameters(metric).keys():
                asked.append({**asked[0], "over": "month"})
            for given in asked:
                result = run(store, read_request(metric, given))
                told += [f"{name}: {note}" for note in result.notes]
    if not later:
        for one in ("1 cell of", "1 ticket fits no topic", "1 customer, the model asks"):
            assert any(one in note for note in told)
    assert [note for note in told if ONE.search(note)] == []


def test_a_note_marks_thousands_as_a_table_does() -> None:
    assert counted(1, "{n} ticket", "{n} tickets") == "1 ticket"
    assert counted(6623, "{n} ticket", "{n} tickets") == "6,623 tickets"


def test_a_letter_alone_is_a_sign_and_an_article_before_a_word_is_none() -> None:
    assert [heading(label) for label in ("a", "b", "n before", "a question")] == ["a", "b", "n before", "A question"]
