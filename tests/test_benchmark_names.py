"""`python -m benchmarks NAME …`: what a word of its command line is."""

from __future__ import annotations

import sys

import pytest
from benchmarks import coverage, report
from benchmarks.__main__ import main

from supportkit.store import Store


def test_what_follows_the_name_of_a_benchmark_are_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(sys, "argv", ["benchmarks", "coverage", "2000"])
    monkeypatch.setattr(coverage, "main", lambda: seen.extend(sys.argv[1:]))
    main()
    assert seen == ["2000"]


@pytest.mark.parametrize("words", [["nosuch"], ["renamed_tags"], ["coverage", "alarms", "2000"]])
def test_a_word_that_is_no_benchmark_is_refused_before_any_runs(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks", *words])
    monkeypatch.setattr(coverage, "main", lambda: pytest.fail("it ran"))
    with pytest.raises(SystemExit, match=f"no benchmark '{words[-1]}'"):
        main()


def test_the_time_of_queries_is_measured_in_methods_that_a_store_has() -> None:
    assert all(callable(getattr(Store, name)) for name in report.ASKING)


def test_help_lists_the_benchmarks_and_runs_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--help"])
    monkeypatch.setattr(coverage, "main", lambda: pytest.fail("it ran"))
    main()
    assert "They are: alarms," in capsys.readouterr().out
