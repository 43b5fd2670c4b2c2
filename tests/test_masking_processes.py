"""Cells that other processes mask: the same bytes and counts as without them, whatever becomes of the processes."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from supportkit.exports import LoadOptions, loading
from supportkit.exports.into_store import load_into
from supportkit.exports.masking import Masked, mask_text
from supportkit.exports.masking.column import Column
from supportkit.exports.masking.pseudonyms import Key
from supportkit.exports.rows import masking_processes
from supportkit.exports.rows.masking_processes import Cell, Gathered, MaskingProcesses
from supportkit.store import open_store

KEY = Key(bytes(range(32)))
TEXTS = (
    "write to anna{}@example.com or call +49 30 23125{:03}",
    "Карта 4242424242424242, мой телефон 8 916 123-45-{:02}, заказ {}",
    "nothing of anybody in order {}",
    "meine Nummer: 0170 1234{:03}, Bestellung {}",
)


def written(path: Path, rows: int) -> Path:
    """A file of tickets with texts and a column that has no name here."""
    lines = ["ticket_id,created_at,subject,body,remark"]
    for row in range(rows):
        text = TEXTS[row % len(TEXTS)].format(row, row % 100)
        lines.append(f'{row},2026-01-01T00:00:00Z,"{text}","{text} again","remark {row}: {text}"')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def loaded(store: Path, path: Path) -> tuple[list[Any], tuple[str, ...]]:
    """The rows of the store, and what the load says."""
    (done,) = load_into(store, [path], LoadOptions(key=KEY))
    with open_store(store) as opened:
        query = "select ticket_id, subject, body, cast(properties as varchar) from tickets order by all"
        return opened.connection.execute(query).fetchall(), done.notes


def asked(monkeypatch: pytest.MonkeyPatch, of: list[int]) -> None:
    """Note how many cells each question to another process has."""
    ask = masking_processes._Server.ask

    def noted(self: Any, cells: tuple[str, list[Cell], dict[str, Column]]) -> list[Masked]:
        of.append(len(cells[1]))
        return ask(self, cells)

    monkeypatch.setattr(masking_processes._Server, "ask", noted)


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core")
def test_other_processes_mask_as_this_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LARGE", 0)
    path = written(tmp_path / "tickets.csv", 8_000)
    by_others: list[int] = []
    asked(monkeypatch, by_others)
    monkeypatch.setattr(masking_processes, "ALONE", 10**9)
    alone = loaded(tmp_path / "alone.duckdb", path)
    assert not by_others
    monkeypatch.setattr(masking_processes, "ALONE", 100)
    together = loaded(tmp_path / "together.duckdb", path)
    assert sum(by_others) > 5_000
    assert together == alone
    assert "[EMAIL]" in alone[0][0][1]


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core")
def test_a_process_that_ends_before_its_time_takes_nothing_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LARGE", 0)
    path = written(tmp_path / "tickets.csv", 8_000)
    monkeypatch.setattr(masking_processes, "ALONE", 10**9)
    alone = loaded(tmp_path / "alone.duckdb", path)
    ask, count = masking_processes._Server.ask, 0

    def ended(self: Any, cells: tuple[str, list[Cell], dict[str, Column]]) -> list[Masked]:
        nonlocal count
        count += 1
        if count == 3:
            self._process.kill()
            self._process.wait()
        return ask(self, cells)

    monkeypatch.setattr(masking_processes._Server, "ask", ended)
    monkeypatch.setattr(masking_processes, "ALONE", 100)
    assert loaded(tmp_path / "together.duckdb", path) == alone
    assert count > 3


def test_processes_end_with_their_load() -> None:
    processes = MaskingProcesses(2)
    processes._before = masking_processes.ALONE
    cells: list[Cell] = [(f"mail me at a{row}@example.com",) for row in range(10)]
    done = processes.mask("text", cells, {}, mask_text)
    running = [server._process for server in processes._running]
    processes.end()
    assert {cell: mask_text(*cell) for cell in cells} == done
    assert [process.returncode for process in running] == ([0, 0] if running else [])


def test_what_is_known_of_a_column_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    processes = MaskingProcesses(2)
    processes._before = masking_processes.ALONE
    cells: list[Cell] = [("Rückruf", f"0012345{row:04}") for row in range(10)]

    def here(*cell: str) -> Masked:
        return "here " + cell[1], {}

    contacts = processes.mask("property", cells, {"Rückruf": Column("Rückruf", contacts=True)}, here)
    nothing = processes.mask("property", cells, {"Rückruf": Column("Rückruf", code="[0-9]{11}")}, here)
    processes.end()
    if not processes._running:
        pytest.skip("no process could be started")
    assert {masked for masked, _ in contacts.values()} == {"[PHONE]"}
    assert {masked for masked, _ in nothing.values()} == {cell for _, cell in cells}


def test_a_process_ends_when_the_one_that_asks_it_does() -> None:
    at = str(Path(masking_processes.__file__).parents[3])
    asked_last = pickle.dumps(("text", [("mail me at anna@example.com",)], {}))
    done = subprocess.run(
        [sys.executable, "-P", "-c", masking_processes.SERVER, at],
        input=asked_last, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    assert pickle.loads(done.stdout) == [("mail me at [EMAIL]", {"EMAIL": 1})]


def test_a_cell_that_is_answered_elsewhere_is_masked_by_itself() -> None:
    chunks: list[list[Cell]] = []

    def together(cells: list[Cell]) -> dict[Cell, Masked]:
        chunks.append(list(cells))
        return {cell: (cell[0].upper(), {}) for cell in cells}

    gathered = Gathered(lambda text: (f"alone {text}", {}), together)
    places = [gathered.ask(text) for text in ("a", "b", "a")]
    assert [gathered.answer(place, text)[0] for place, text in zip(places, "aba", strict=True)] == ["A", "B", "A"]
    assert gathered.answer(1, "c")[0] == "alone c"
    assert gathered.answer(7, "a")[0] == "alone a"
    assert gathered.answer(gathered.ask("d"), "d")[0] == "D"
    assert chunks == [[("a",), ("b",), ("a",)], [("d",)]]
