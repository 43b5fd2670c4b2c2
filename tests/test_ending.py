"""What is left open at the end of a command, and what is closed all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from supportkit.store import memory_store, open_store
from supportkit.store.engines.duck import Duck
from supportkit.system.ending import ends_soon, left_to_the_end

SAMPLES = Path(__file__).parents[1] / "data" / "samples"


@pytest.fixture(autouse=True)
def goes_on() -> Iterator[None]:
    """Whatever a test says of its process, the next one knows that it goes on."""
    yield
    ends_soon(after_this=False)


def _answers(engine: Duck) -> bool:
    try:
        return engine.rows("select 1", {}) == [(1,)]
    except Exception:
        return False


def test_nothing_is_left_open_where_the_process_goes_on() -> None:
    assert not left_to_the_end(object())
    store = memory_store()
    assert isinstance(store.engine, Duck)
    store.engine.let_go()
    assert not _answers(store.engine)


def test_what_is_read_once_is_left_to_the_end_and_what_spilled_is_closed(tmp_path: Path) -> None:
    ends_soon()
    store = memory_store()
    assert isinstance(store.engine, Duck)
    store.engine.let_go()
    assert _answers(store.engine)
    spill = Path(store.engine.rows("select current_setting('temp_directory')", {})[0][0])
    spill.mkdir(parents=True, exist_ok=True)
    try:
        store.engine.let_go()
        assert not _answers(store.engine)
    finally:
        if spill.exists():
            spill.rmdir()


def test_a_command_leaves_nothing_behind(tmp_path: Path) -> None:
    home = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "supportkit", "nps", "--data", str(SAMPLES / "surveys.csv"), "--period", "all"]
    subprocess.run(command, env=home, check=True, capture_output=True)
    assert not [one for one in tmp_path.rglob("*") if not one.is_dir()]


def test_a_store_that_grew_while_it_is_open_can_be_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "shop.duckdb"
    command = [sys.executable, "-m", "supportkit", "load", str(SAMPLES / "surveys.csv"), "--db", str(db), "-q"]
    subprocess.run(command, check=True, capture_output=True)
    with open_store(db) as first:
        monkeypatch.setattr("supportkit.store.opening.ONE_THREAD", 1)
        with open_store(db) as again:
            query = "select count(*) from main.surveys"
            assert again.rows(query) == first.rows(query)
