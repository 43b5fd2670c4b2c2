"""A run for one metric over files: it makes what it reads and no more, and says what a store says."""

from __future__ import annotations

import json
from pathlib import Path

from supportkit.store import memory_store
from supportkit.store.schema import LEDGER
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


def test_a_store_for_one_metric_has_the_books_and_the_tables_that_it_reads() -> None:
    with memory_store(only=("orders",)) as store:
        made = {name for (name,) in store.connection.execute("select table_name from duckdb_tables()").fetchall()}
    assert made == {"orders", "orders_older", "order_lines", "order_lines_older", *LEDGER}


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
