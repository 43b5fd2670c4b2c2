"""A column of more different words than a program should hold is read a page at a time, to the same rows and lines."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from supportkit.exports.meanings import deciding_words, many_words
from tests.conftest import Call

KNOWN = ("cancelled", "refunded", "paid", "Cancelled", "storniert")


def orders(path: Path) -> None:
    """210 orders: a state of its own for each of 150, five known ones, and some that hold an e-mail."""
    states = [f"state {row}" for row in range(150)]
    states += [KNOWN[row % 5] for row in range(50)] + [f"by anna{row % 3}@example.org" for row in range(10)]
    rows = [
        f"O{row},2026-01-{row % 28 + 1:02}T10:00:00Z,C{row % 9},{row}.50,{'EUR' if row % 4 else '$'},{state}"
        for row, state in enumerate(states)
    ]
    path.write_text("order_id,ordered_at,customer_id,amount,currency,status\n" + "\n".join(rows) + "\n")


def loaded(folder: Path, supportkit: Call) -> tuple[str, list[tuple[object, ...]]]:
    """What a load says of the words, and the rows that it stores."""
    folder.mkdir()
    orders(folder / "orders.csv")
    code, _, said = supportkit("load", str(folder / "orders.csv"), "--db", str(folder / "store.duckdb"))
    assert code == 0, said
    with duckdb.connect(folder / "store.duckdb", read_only=True) as connection:
        rows = connection.execute(
            "select order_id, status, status_as_written, currency, amount from orders order by order_id"
        ).fetchall()
    return "\n".join(line for line in said.splitlines() if "status" in line or "MEANING" in line), rows


def test_words_read_in_pages_come_to_the_same(
    tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, rows = loaded(tmp_path / "whole", supportkit)
    assert "more unknown words for status" in said
    monkeypatch.setattr(deciding_words, "HELD", 20)
    monkeypatch.setattr(many_words, "MANY", 30)
    monkeypatch.setattr(many_words, "PAGE", 7)
    assert loaded(tmp_path / "pages", supportkit) == (said, rows)
    assert {stored for _, _, stored, _, _ in rows if "by " in str(stored)} == {"by [EMAIL]"}


def test_a_dry_run_counts_them_too(tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    orders(tmp_path / "orders.csv")
    words = ("load", str(tmp_path / "orders.csv"), "--dry-run", "--db", str(tmp_path / "none.duckdb"))
    whole = supportkit(*words)
    monkeypatch.setattr(deciding_words, "HELD", 20)
    monkeypatch.setattr(many_words, "MANY", 30)
    monkeypatch.setattr(many_words, "PAGE", 7)
    assert supportkit(*words) == whole
    assert "more unknown words for status" in whole[1] + whole[2]


def test_strict_tells_of_all_of_them(tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    orders(tmp_path / "orders.csv")
    words = ("load", str(tmp_path / "orders.csv"), "--strict", "--db", str(tmp_path / "none.duckdb"))
    whole = supportkit(*words)
    assert "154 words that nobody knows" in whole[2]  # 150 states, three of people, and a sign of several currencies
    monkeypatch.setattr(deciding_words, "HELD", 20)
    monkeypatch.setattr(many_words, "MANY", 30)
    assert supportkit(*words) == whole
