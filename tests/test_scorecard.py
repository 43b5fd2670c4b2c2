"""The scorecard's parts run, in small; its figures stand in docs/reliability.md."""

from __future__ import annotations

import multiprocessing

import pytest
from benchmarks.reliability import kill, personal


def test_killed_loads_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        pytest.skip("needs a fork server")
    monkeypatch.setattr(kill, "BASE_ROWS", 2_000)
    assert [line for line in kill.run(kills=6) if line.holds is False] == []


def test_personal_data_of_a_load_is_nowhere_on_the_disk() -> None:
    assert [line for line in personal.on_disk(texts=300) if line.holds is False] == []
