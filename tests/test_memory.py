"""What a command that reads may hold in memory, and what it says when that does not suffice."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportkit.errors import DataError
from supportkit.store import Store, open_store, opening
from supportkit.store.shadow import rewriting

LIMIT = "select parse_formatted_bytes(current_setting('memory_limit'))"


@pytest.fixture
def store_file(tmp_path: Path) -> Path:
    path = tmp_path / "a.duckdb"
    with rewriting(path):
        pass
    return path


def test_reading_holds_no_more_than_its_limit(store_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "READING_MEMORY", 300_000_000)
    with open_store(store_file) as store:
        assert 299_000_000 < store.rows(LIMIT)[0][0] <= 300_000_000


def test_a_small_machine_keeps_the_limit_that_fits_it(store_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opening.connect(None) as plain:
        (granted,) = plain.execute(LIMIT).fetchone() or (0,)
    monkeypatch.setattr(opening, "READING_MEMORY", granted + 1)
    with open_store(store_file) as store:
        assert store.rows(LIMIT)[0][0] == granted


def test_without_a_folder_to_spill_into_the_memory_is_not_cut(
    store_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_spill_folder", lambda: "")
    monkeypatch.setattr(opening, "READING_MEMORY", 1_000_000)
    with open_store(store_file) as store:
        assert store.rows(LIMIT)[0][0] > 1_000_000


def test_too_little_memory_is_said_in_words(store_file: Path) -> None:
    store = Store(opening.connect(store_file, memory_limit="20MB", max_temp_directory_size="1MB"), store_file)
    with pytest.raises(DataError, match="memory does not suffice") as error, store:
        store.rows("select count(*) from (select hash(range) as h from range(5000000) order by h limit 4999999)")
    assert "--counts" in error.value.hint
