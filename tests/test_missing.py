"""What is missing is said with where it is to be had: no store, an empty table, answers of another kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from supportkit.commands.missing import why_empty
from supportkit.commands.shared_options import SharedOptions, open_selected
from supportkit.metrics import METRICS
from supportkit.render.language import language_of
from supportkit.request import read_request, run

Call = Callable[..., tuple[int, str, str]]
ANSWERS = "kind,score,responded_at,customer_id\nnps,9,2026-01-01,a\nnps,3,2026-01-02,b\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ((), "supportkit load FILES,"),
        (("notes.md",), "supportkit load FILES,"),
        (("notes.txt", "requirements.txt"), "supportkit load FILES,"),  # which have no columns
        (("n.csv",), "supportkit load n.csv,"),
        (("b.csv", "a b.csv"), "supportkit load 'a b.csv' b.csv,"),
        (("data/n.csv", "data/m.csv"), "supportkit load data/m.csv data/n.csv,"),
        ([f"{number}.csv" for number in range(9)], "supportkit load .,"),
        ([f"data/{number}.csv" for number in range(9)], "supportkit load data,"),
        ((".hidden/n.csv",), "supportkit load FILES,"),
        (("benchmarks/times.jsonl", "data/samples/n.csv"), "supportkit load data/samples/n.csv,"),  # which is known
        (("benchmarks/times.jsonl",), "supportkit load benchmarks/times.jsonl,"),
        (("docs/notes.md", "a/b/c/d/n.csv"), "supportkit load a/b/c/d/n.csv,"),
        (("pinned.txt",), "supportkit load FILES,"),  # sentences with commas, and lines without
        (("answers.txt",), "supportkit load answers.txt,"),
    ],
)
def test_without_a_store_the_command_names_what_lies_here(
    files: list[str], expected: str, tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        texts = {
            "pinned.txt": "# What is needed, with hashes: pip, and then ours\npandas==3.0 \\\n",
            "answers.txt": ANSWERS,
            "benchmarks/times.jsonl": '{"query": "nps", "seconds": 2}\n',
        }
        usual = "pandas\n" if name.endswith(".txt") else ANSWERS
        (tmp_path / name).write_text(texts.get(name, usual), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code, _, err = supportkit("nps")
    assert code == 3
    assert expected in err
    assert f"{expected[:-1]} --db x.duckdb," in supportkit("nps", "--db", "x.duckdb")[2]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("service",), "no tickets are loaded; exports of freshdesk, "),
        (("ltv",), "no orders are loaded; exports of "),
        (("funnel",), "no events are loaded; exports of ga4, "),
        (("funnel", "--steps", "visit,paid"), "no events are loaded; exports of ga4, "),
        (("brief",), "no tickets are loaded; exports of freshdesk, "),
        (("csat",), "the answers loaded are of nps, and csat needs others; exports of chatwoot, delighted, "),
        (("tickets",), "no tickets are loaded; exports of freshdesk, "),
        (("orders",), "no orders are loaded; exports of magento, "),
        (("users",), "no events are loaded; exports of ga4, "),
        (("answers", "--period", "2020-01"), "no data: answers has no row in scope"),
        (("nps", "--period", "2020-01"), "surveys are loaded, and none is in scope"),
        (("nps", "--where", "customer_id=z"), "surveys are loaded, and none is in scope"),
    ],
)
def test_a_figure_without_a_row_says_why(
    words: tuple[str, ...], expected: str, tmp_path: Path, supportkit: Call
) -> None:
    (tmp_path / "n.csv").write_text(ANSWERS, encoding="utf-8")
    code, _, err = supportkit(*words, "--data", tmp_path / "n.csv")
    assert code == 3
    assert expected in err


BARE = {
    "tickets": "ticket_id,created_at\n1,2026-01-05 10:00\n2,2026-01-13 11:00\n",
    "orders": "order_id,ordered_at,amount\n1,2026-01-05,10\n2,2026-02-09,20\n",
    "surveys": ANSWERS,
    "events": "user_id,occurred_at,step\na,2026-01-05 10:00,visit\n",
    "messages": "ticket_id,sent_at,sender\n1,2026-01-05 10:00,customer\n",
}
ELSEWHERE = ("--form", "[touchpoint.", "the history is too short", "solved tickets of which", "supportkit metrics")
"""What is said where no export has what is missing, or more than a column is."""


def test_a_metric_that_lacks_columns_blames_no_scope_and_names_the_exports_that_have_them(tmp_path: Path) -> None:
    russian, empty = language_of("ru"), []
    for name, metric in METRICS.items():
        table = metric.tables[0]
        (tmp_path / f"{table}.csv").write_text(BARE[table], encoding="utf-8")
        with open_selected(SharedOptions(data=(tmp_path / f"{table}.csv",), quiet=True), None, metric.tables) as store:
            if name == "funnel":
                continue  # which asks for its steps
            result = run(store, read_request(metric))
            if not metric.is_empty(result):
                continue
            told = why_empty(store, metric, result)
            empty.append(name)
            assert "none is in scope" not in told, name
            assert "; exports of " in told or any(words in told for words in ELSEWHERE), (name, told)
            if "supportkit sources" in told:
                assert russian.text(f"no data: {told}").startswith("нет данных")
    assert {"cohorts", "buyers", "service-value", "backlog", "unanswered", "survey-quality", "csat"} <= set(empty)


def test_a_bare_export_names_the_columns_that_it_lacks(tmp_path: Path, supportkit: Call) -> None:
    for table, text in BARE.items():
        (tmp_path / f"{table}.csv").write_text(text, encoding="utf-8")
    orders, tickets = (str(tmp_path / f"{name}.csv") for name in ("orders", "tickets"))
    assert "no row of orders has a customer_id; exports of magento, " in supportkit("cohorts", "--data", orders)[2]
    told = supportkit("backlog", "--data", tickets)[2]
    assert "no row of tickets has a status, solved_at or closed_at, and no messages are loaded; exports of " in told
    told = supportkit("survey-quality", "--data", tickets)[2]
    assert "no row of tickets has a status, solved_at or closed_at; exports of freshdesk, " in told
    told = supportkit("reconcile", "--data", tickets)[2]
    assert "2 rows of tickets in scope, and none counts for reconcile: see its notes" in told
    assert "none is in scope" in supportkit("reconcile", "--data", tickets, "--where", "ticket_id=9")[2]


@pytest.mark.parametrize("name", ["service", "handling"])
def test_tickets_of_which_nothing_else_is_told_are_no_data(name: str, tmp_path: Path, supportkit: Call) -> None:
    tickets = tmp_path / "tickets.csv"
    tickets.write_text("ticket_id,created_at,channel\n1,2026-11-02T10:00:00Z,chat\n", encoding="utf-8")
    code, out, err = supportkit(name, "--data", str(tickets), "-f", "json")
    assert (code, json.loads(out)["facts"]["tickets"]) == (3, 1)
    assert f"1 row of tickets in scope, and none counts for {name}: see its notes" in err
    tickets.write_text(
        "ticket_id,created_at,channel,solved_at\n1,2026-11-02T10:00:00Z,chat,2026-11-02T11:00:00Z\n", encoding="utf-8"
    )
    assert supportkit(name, "--data", str(tickets))[0] == 0
    # to count the tickets is a rule that has its data, and reports are made of what there is
    rule = ("--expect", "service.tickets >= 1", "--period", "all")
    assert supportkit("check", "--data", str(tickets), *rule)[0] == 0
