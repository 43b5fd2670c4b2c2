"""Small files take a way of their own, without numpy: it must come to the same as the way of large ones."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportkit.exports import file_load, loading
from supportkit.exports.loading import load
from supportkit.exports.masking.pseudonyms import Key
from supportkit.exports.reading import byte_scan as scanning
from supportkit.exports.reading.byte_scan import scan, scan_small
from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.exports.rows.small_stage import protect_stage
from supportkit.store import memory_store

PIECES = st.lists(
    st.sampled_from([b"a", b",", b'"', b'""', b"\n", b"\r\n", b"\r", b";", b"\xc3\xa9", b"\xff", b"\x00", b"1.5"]),
    max_size=40,
)


@given(PIECES)
@settings(max_examples=600, deadline=None)
def test_both_scans_count_the_same(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    before, scanning.SMALL = scanning.SMALL, -1  # type: ignore[misc]
    try:
        large = scan(io.BytesIO(data), 0)
    finally:
        scanning.SMALL = before  # type: ignore[misc]
    small = scan_small(data, b",")
    assert small.plain == large.plain
    if small.plain:
        assert small == large


Rows = list[tuple[object, ...]]
EXPORTED = ("tickets", "messages", "orders", "surveys", "events")


def rows(folder: Path) -> dict[str, Rows]:
    """What stands in each table after loading a folder, without the time of the load; and what was refused."""
    with memory_store() as store:
        load(store, [folder], LoadOptions(key=Key(bytes(32))))
        asked = {table: f"select * exclude (loaded_at) from {table} order by all" for table in EXPORTED}
        asked["rejects"] = "select file, line, column_name, raw from rejects order by all"
        return {table: store.connection.execute(sql).fetchall() for table, sql in asked.items()}


@pytest.fixture(scope="module")
def both_ways(samples: Path) -> tuple[dict[str, Rows], dict[str, Rows]]:
    """The samples read as small files, and as large ones."""
    small = rows(samples)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "LARGE", 0)
        patch.setattr(scanning, "SMALL", -1)
        return small, rows(samples)


@pytest.mark.parametrize("table", [*EXPORTED, "rejects"])
def test_both_ways_store_the_same_rows(table: str, both_ways: tuple[dict[str, Rows], dict[str, Rows]]) -> None:
    small, large = both_ways
    assert small[table]
    assert large[table] == small[table]


def test_personal_data_in_every_kind_of_column_is_masked_both_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,created_at,customer_id,subject,body,tags,Extra\n"
        "1,2026-01-01T00:00:00Z,anna@example.com,call +49 30 23125001,mail to bob@example.org,"
        '"x, bob@example.org",card 4111 1111 1111 1111\n'
        "2,2026-01-01T00:00:00Z,4711,\x01text hello,nothing,,\n",
        encoding="utf-8",
    )
    small = rows(tmp_path)
    text = repr(small)
    for secret in ("anna", "bob@", "23125001", "4111 1111"):
        assert secret not in text
    monkeypatch.setattr(file_load, "MANY", 1)
    assert rows(tmp_path) == small
    monkeypatch.setattr(loading, "LARGE", 0)
    assert rows(tmp_path) == small


def test_a_wide_file_is_treated_as_a_large_one_with_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(
        "ticket_id,created_at,Note 1,Note 2,Phone\n"
        "1,2026-01-01T00:00:00Z,call +49 30 23125001 on 2026-01-02,order 1234567 came,23125001\n"
        "2,2026-01-01T00:00:00Z,mail to bob@example.org,paid with 4111 1111 1111 1111,\n",
        encoding="utf-8",
    )
    staged: list[str] = []

    def noted(*given: Any) -> None:
        staged.append("staged")
        protect_stage(*given)

    monkeypatch.setattr(file_load, "protect_stage", noted)
    small = rows(tmp_path)
    assert staged == ["staged"]
    assert not [secret for secret in ("23125001", "bob@", "4111 1111") if secret in repr(small)]
    assert "order 1234567 came" in repr(small)
    monkeypatch.setattr(loading, "WIDE", (0, 4))
    assert rows(tmp_path) == small
    assert staged == ["staged"]
