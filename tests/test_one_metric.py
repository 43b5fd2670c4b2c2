"""A run for one metric over files: it makes what it reads and no more, and says what a store says."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Call

# 12 answers, of which two words have no known score and one cell no date
ANSWERS = "kind,score,responded_at,customer_id\n" + "".join(
    f"nps,{score},{day},c{n}\n"
    for n, (score, day) in enumerate(
        [
            *((9, f"2026-05-{d:02}") for d in range(1, 10)),
            ("grand", "2026-05-11"),
            ("grand", "2026-05-12"),
            (3, "never"),
        ]
    )
)


def test_a_report_that_names_no_messages_asks_what_there_is_of_them(tmp_path: Path, supportkit: Call) -> None:
    """A report over files reads the tables of its sections; how far the data reach is asked of the others too."""
    file, config = tmp_path / "tickets.csv", tmp_path / "c.toml"
    rows = [f"{n},2026-10-{n:02}T10:00:00Z,billing" for n in range(1, 32)]
    file.write_text("ticket_id,created_at,category\n" + "\n".join(rows) + "\n", encoding="utf-8")
    config.write_text('[report.billing]\ngrain = "month"\nsections = ["trends", "nps"]\n', encoding="utf-8")
    (tmp_path / "surveys.csv").write_text(ANSWERS.replace("2026-05", "2026-10"), encoding="utf-8")
    words = ("--data", tmp_path, "--config", config, "--audience", "billing", "--period", "2026-10", "--format", "text")
    code, out, err = supportkit("report", *words)
    assert (code, "Report for billing: October 2026" in out) == (0, True), err


def test_what_is_lost_is_told_of_files_as_of_a_store(tmp_path: Path, supportkit: Call) -> None:
    """Nine promoters count; the two unknown words are named, and the answer without a date is none."""
    file, db = tmp_path / "surveys.csv", tmp_path / "a.duckdb"
    file.write_text(ANSWERS, encoding="utf-8")
    assert supportkit("load", file, "--db", db)[0] == 0
    read, stored = (
        json.loads(supportkit("nps", *words, "-f", "json")[1]) for words in (("--data", file), ("--db", db))
    )
    assert read["facts"] == stored["facts"]
    assert read["facts"]["answers"] == 9
    assert read["notes"] == stored["notes"]
    assert any("2 of 11 nps answers of unknown score: grand (2)" in note for note in read["notes"])
