"""In a large file, columns whose first cells have no sign of anything personal are asked together, a row at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportkit.exports import LoadOptions, load, loading
from supportkit.exports.masking.pseudonyms import Key
from supportkit.exports.rows import private_cells, private_columns
from supportkit.store import memory_store

ROWS = 600
LATE = {
    "Box": ["mail a@b.de", "call +49 170 1234567", "pw: x7!kQ2"],
    "Choice": ["Large", "call 0170 1234567", "order 1234567"],
    "Size": ["12", "4111 1111 1111 1111", "L"],
    "Made": ["2026-01-01", "2026-01-02", "DE89 3704 0044 0532 0130 00"],
}
"""What stands in the last rows, behind those that say what a column is."""


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LARGE", 0)
    monkeypatch.setattr(private_cells, "MANY", 1)
    monkeypatch.setattr(private_columns, "MANY", 1)


def stored(folder: Path) -> list[tuple[object, ...]]:
    plain = ['red box,"Large, blue",42,2026-01-01,chat'] * ROWS
    late = [",".join((*cells, "mail c@d.de")) for cells in zip(*LATE.values(), strict=True)]
    lines = [f"T{number},2026-01-01T10:00:00Z,{row}" for number, row in enumerate([*plain, *late])]
    path = folder / "tickets.csv"
    path.write_text("\n".join([",".join(("ticket_id,created_at", *LATE, "channel")), *lines]) + "\n")
    sql = ", ".join(f"json_extract_string(properties, '$.{name}')" for name in LATE)
    with memory_store() as store:
        load(store, [path], LoadOptions(key=Key(bytes(32))))
        return store.connection.execute(f"select {sql}, channel from tickets order by source_row").fetchall()


def test_what_comes_late_in_a_quiet_column_is_masked_all_the_same(tmp_path: Path) -> None:
    first, *_, one, two, three = stored(tmp_path)
    assert first == ("red box", "Large, blue", "42", "2026-01-01", "chat")
    assert one == ("mail [EMAIL]", "Large", "12", "2026-01-01", "mail [EMAIL]")
    assert two == ("call [PHONE]", "call [PHONE]", "[CARD]", "2026-01-02", "mail [EMAIL]")
    assert three == ("pw: [SECRET]", "order 1234567", "L", "[IBAN]", "mail [EMAIL]")


def test_quiet_columns_are_asked_once_for_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    sql = private_cells.PrivateCells.sql

    def noted(self: private_cells.PrivateCells) -> str:
        asked.append(sql(self))
        return asked[-1]

    monkeypatch.setattr(private_cells.PrivateCells, "sql", noted)
    stored(tmp_path)
    assert asked[-1].count("concat_ws") == 1
    assert asked[-1].count("private_property(") == 1
