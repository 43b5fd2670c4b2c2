"""Sources that do not tell who was answered or what is over: their tickets are in no figure of it and in no row."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pytest

from supportkit.exports import LoadOptions, load
from supportkit.service import service
from supportkit.store import Store, memory_store
from supportkit.unanswered import unanswered
from tests.conftest import Call

SILENT = """ticket_id,created_at,channel,subject
A1,2026-10-01T10:00:00Z,web,Where is it
A2,2026-10-02T10:00:00Z,web,Broken
A3,2026-10-03T10:00:00Z,email,Help
"""
TELLING = """ticket_id,created_at,channel,first_reply_at,solved_at
1,2026-10-01T10:00:00Z,email,2026-10-01T11:00:00Z,2026-10-01T12:00:00Z
2,2026-10-02T10:00:00Z,chat,,
"""
FIRST_REPLY = '[sla.default]\nfirst_reply = "30m"\n'


@pytest.fixture
def silent(tmp_path: Path) -> Path:
    file = tmp_path / "silent.csv"
    file.write_text(SILENT, encoding="utf-8")
    return file


@pytest.fixture
def both(tmp_path: Path, silent: Path, supportkit: Call) -> Path:
    telling, db = tmp_path / "telling.csv", tmp_path / "both.duckdb"
    telling.write_text(TELLING, encoding="utf-8")
    for name, file in (("dumb", silent), ("wise", telling)):
        assert supportkit("load", file, "--as", "tickets", "--source", name, "--db", db)[0] == 0
    return db


@pytest.mark.parametrize(
    ("metric", "name", "missing"),
    [
        ("service", "unanswered", "first_reply_at"),
        ("service", "replied", "first_reply_at"),
        ("service", "first_reply_p90_s", "first_reply_at"),
        ("service", "solved", "no status, solved_at or closed_at"),
        ("service", "unsolved", "no status, solved_at or closed_at"),
        ("unanswered", "all", "first_reply_at"),
        ("unanswered", "unanswered", "first_reply_at"),
        ("unanswered", "customer_wrote_last", "first_reply_at"),
        ("handling", "one_touch", "replies"),
        ("handling", "zero_touch", "replies"),
        ("handling", "reopened", "reopens"),
        ("handling", "next_replies", "messages"),
        ("backlog", "all", "no status, solved_at or closed_at"),
    ],
)
def test_rows_of_what_nothing_tells_are_no_data_and_a_note_names_what_is_missing(
    metric: str, name: str, missing: str, silent: Path, supportkit: Call
) -> None:
    code, out, _ = supportkit(metric, "--rows", name, "--data", silent, "-f", "json")
    found = json.loads(out)
    assert (code, found["facts"], found["rows"]) == (3, {"rows": None, "of": 0}, [])
    (note, *_) = (note for note in found["notes"] if "3 tickets of supportkit" in note and missing in note)
    assert "export" in note


def test_all_rows_say_of_no_ticket_that_it_waits_where_nothing_tells_it(silent: Path, supportkit: Call) -> None:
    code, out, _ = supportkit("service", "--rows", "all", "--data", silent, "-f", "json")
    assert (code, [row["age_s"] for row in json.loads(out)["rows"]]) == (0, [None] * 3)


def test_tickets_of_a_source_that_tells_of_no_replies_are_in_no_figure_of_them(both: Path, supportkit: Call) -> None:
    served = json.loads(supportkit("service", "--db", both, "-f", "json", "--within", "2h")[1])
    # of the other source: 1 answered within the hour, 2 waits
    wanted = {"tickets": 5, "replied": 1, "unanswered": 1, "within_judged": 2, "first_reply_within": 0.5, "solved": 1}
    assert served["facts"].items() >= wanted.items()
    # email: A3 is of the silent source, 1 is answered
    assert {row["channel"]: (row["tickets"], row["replied"], row["unanswered"]) for row in served["rows"]} == {
        "web": (2, None, None),
        "email": (2, 1, 0),
        "chat": (1, 0, 1),
    }
    waiting = json.loads(supportkit("unanswered", "--db", both, "-f", "json")[1])
    assert waiting["facts"] == {"unanswered": 1, "customer_wrote_last": 0, "ended_unanswered": 0, "tickets": 2}
    assert [row["ticket_id"] for row in waiting["rows"]] == ["2"]
    for found in (served, waiting):
        (note,) = (note for note in found["notes"] if "answered is not known" in note)
        assert note.startswith("which of 3 tickets of dumb were answered is not known: there are no messages")
        assert "first_reply_at" in note
    (unanswered,) = (column for column in served["columns"] if column["name"] == "unanswered")
    assert (unanswered["n"], served["facts"]["replies_told"]) == ("replies_told", 2)
    assert [row["replies_told"] for row in served["rows"]] == [1, 1, 0]
    told = supportkit("service", "--db", both, "-q")[1]
    assert re.search(r"Tickets +5\nWhose replies are known +2\n", told)
    assert "replies are known" not in supportkit("service", "--db", both, "-q", "--where", "source=wise")[1]
    words = ("check", "--db", both, "--period", "all", "-f", "json", "--expect", "service.unanswered <= 1")
    assert json.loads(supportkit(*words)[1])["rows"][0]["n"] == 2
    for metric in ("service", "unanswered"):
        rows = json.loads(supportkit(metric, "--rows", "unanswered", "--db", both, "-f", "json")[1])
        assert (rows["facts"], [row["ticket_id"] for row in rows["rows"]]) == ({"rows": 1, "of": 2}, ["2"])


def test_a_note_is_of_the_tickets_that_are_asked_for(both: Path, supportkit: Call) -> None:
    def notes(where: str) -> str:
        return " ".join(json.loads(supportkit("service", "--db", both, "-f", "json", "--where", where)[1])["notes"])

    assert "whether 1 ticket of dumb was answered" in notes("channel=email")
    assert "dumb" not in notes("source=wise")


@pytest.mark.parametrize("metric", ["service", "unanswered", "backlog"])
def test_a_slice_of_such_a_source_alone_has_its_row_and_no_verdict(metric: str, both: Path, supportkit: Call) -> None:
    figure = "backlog" if metric == "backlog" else "unanswered"
    rows = json.loads(supportkit(metric, "--by", "source", "--db", both, "-f", "json")[1])["rows"]
    assert {row["source"]: row[figure] for row in rows} == {"dumb": None, "wise": 1}
    words = ("check", "--db", both, "--period", "all", "-f", "json", "--expect")
    code, out, _ = supportkit(*words, f"{metric}.{figure} <= 5 by source")
    states = {row["slice"]: row["state"] for row in json.loads(out)["rows"]}
    assert (code, states) == (3, {"dumb": "no verdict", "wise": "pass"})
    code, out, _ = supportkit(*words, f"{metric}.{figure}[source=dumb] <= 5")
    assert (code, json.loads(out)["rows"][0]["state"]) == (3, "no verdict")
    assert supportkit(*words, f"{metric}.{figure} <= 1")[0] == 0


def test_no_promise_of_a_reply_is_broken_where_nothing_tells_of_replies(
    both: Path, tmp_path: Path, supportkit: Call
) -> None:
    config = tmp_path / "promises.toml"
    config.write_text(FIRST_REPLY, encoding="utf-8")
    rows = json.loads(supportkit("service", "--by", "source", "--db", both, "--config", config, "-f", "json")[1])[
        "rows"
    ]
    # wise: the one after an hour and the one that waits since a day
    assert {row["source"]: (row["with_target"], row["sla_met"]) for row in rows} == {"dumb": (0, None), "wise": (2, 0)}


def test_the_vendors_verdict_stands_where_its_export_has_no_replies(tmp_path: Path, supportkit: Call) -> None:
    file, config = tmp_path / "tickets.csv", tmp_path / "promises.toml"
    file.write_text(
        "ticket_id,created_at,sla_first_reply\nA,2026-10-01T10:00:00Z,within\nB,2026-10-01T10:00:00Z,breached\n",
        encoding="utf-8",
    )
    config.write_text(FIRST_REPLY, encoding="utf-8")
    found = json.loads(supportkit("service", "--data", file, "--config", config, "-f", "json")[1])["facts"]
    assert (found["with_target"], found["sla_met"], found["replied"]) == (2, 0.5, None)


def silent_with_a_log(folder: Path, entry: str, source: str) -> Store:
    store = memory_store()
    log = f"ticket_id,sent_at,sender,kind,to_value\nA1,2026-10-01T11:00:00Z,{entry}\n"
    for table, text, of in (("tickets", SILENT, "dumb"), ("messages", log, source)):
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
        load(store, [folder / f"{table}.csv"], LoadOptions(table=table, source=of))
    return store


@pytest.mark.parametrize(
    ("entry", "source", "waiting"),
    [
        ("customer,message,", "dumb", 3),  # a log tells of all tickets of its source
        ("customer,message,", "log", 3),  # and one without tickets of its own of any
        ("agent,message,", "dumb", 2),
        ("agent,status,open", "dumb", None),  # a log of states alone tells of no answer
    ],
)
def test_a_log_tells_of_the_tickets_of_its_source(entry: str, source: str, waiting: int | None, tmp_path: Path) -> None:
    store = silent_with_a_log(tmp_path, entry, source)
    found = [metric(store).facts["unanswered"] for metric in (service, unanswered)]
    store.close()
    assert found == [waiting, waiting]


WITHOUT = """ticket_id,created_at,status,subject
1,2026-10-01T10:00:00Z,open,Where is it
2,2026-10-02T10:00:00Z,solved,Broken
"""
WITH = """ticket_id,created_at,subject,first_reply_at
3,2026-10-03T10:00:00Z,Where is it,2026-10-03T11:00:00Z
4,2026-10-04T10:00:00Z,Help,
"""
EMPTY = """ticket_id,created_at,subject,first_reply_at
5,2026-10-05T10:00:00Z,Help,
"""


def loaded(folder: Path, supportkit: Call, **files: str) -> Path:
    """A store of files of one source, which are loaded in turn."""
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
        assert supportkit("load", folder / f"{name}.csv", "--db", folder / "s.duckdb")[0] == 0
    return folder / "s.duckdb"


def test_a_file_of_a_source_speaks_for_itself_alone(tmp_path: Path, supportkit: Call) -> None:
    db = loaded(tmp_path, supportkit, old=WITHOUT, new=WITH)
    waiting = json.loads(supportkit("unanswered", "--db", db, "-f", "json")[1])
    assert [row["ticket_id"] for row in waiting["rows"]] == ["4"]
    assert waiting["facts"]["tickets"] == 2
    (note,) = (note for note in waiting["notes"] if "not known" in note)
    assert note.startswith("which of 2 tickets of old.csv (supportkit) were answered is not known")
    served = json.loads(supportkit("service", "--db", db, "-f", "json")[1])
    assert (served["facts"]["tickets"], served["facts"]["replied"], served["facts"]["unanswered"]) == (4, 1, 1)
    (note,) = (note for note in served["notes"] if "are over is not known" in note)
    assert note.startswith("which of 2 tickets of new.csv (supportkit)")
    stock = json.loads(supportkit("backlog", "--db", db, "-f", "json")[1])
    assert stock["facts"]["backlog"] == 1
    (note,) = (note for note in stock["notes"] if "are over is not known" in note)
    assert "new.csv" in note


def test_several_silent_files_of_a_source_are_counted(tmp_path: Path, supportkit: Call) -> None:
    other = WITHOUT.replace("\n1,", "\n11,").replace("\n2,", "\n12,")
    db = loaded(tmp_path, supportkit, old=WITHOUT, older=other, new=WITH)
    notes = json.loads(supportkit("unanswered", "--db", db, "-f", "json")[1])["notes"]
    assert any(note.startswith("which of 4 tickets of 2 files of supportkit were answered") for note in notes)


def test_a_column_that_is_there_and_empty_tells_that_nobody_was_answered(tmp_path: Path, supportkit: Call) -> None:
    db = loaded(tmp_path, supportkit, quiet=EMPTY)
    waiting = json.loads(supportkit("unanswered", "--db", db, "-f", "json")[1])
    assert [row["ticket_id"] for row in waiting["rows"]] == ["5"]
    assert not any("not known" in note for note in waiting["notes"])


def test_of_a_file_that_was_loaded_before_its_columns_were_kept_its_source_tells(
    tmp_path: Path, supportkit: Call
) -> None:
    db = loaded(tmp_path, supportkit, old=WITHOUT, new=WITH)
    with duckdb.connect(str(db)) as connection:
        connection.execute("update loads set reading = json_merge_patch(reading, '{\"gives\": null}')")
    waiting = json.loads(supportkit("unanswered", "--db", db, "-f", "json")[1])
    assert sorted(row["ticket_id"] for row in waiting["rows"]) == ["1", "2", "4"]


def test_a_message_of_a_source_speaks_for_all_of_its_files(tmp_path: Path, supportkit: Call) -> None:
    talk = "message_id,ticket_id,sent_at,sender,text\nm1,2,2026-10-02T11:00:00Z,agent,done\n"
    db = loaded(tmp_path, supportkit, old=WITHOUT, new=WITH, messages=talk)
    waiting = json.loads(supportkit("unanswered", "--db", db, "-f", "json")[1])
    assert {row["ticket_id"] for row in waiting["rows"]} >= {"1", "4"}
    assert not any("were answered is not known" in note for note in waiting["notes"])
