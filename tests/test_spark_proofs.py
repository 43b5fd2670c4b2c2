"""What the page and the engine say of Spark is what the suite wrote down, and nothing besides."""

from __future__ import annotations

import pytest
from benchmarks import conformance

from supportkit.metrics import METRICS
from supportkit.store.engines.spark import COMPARED, PROVED, proved, words_of


@pytest.mark.parametrize("list_", [PROVED, COMPARED])
def test_a_list_is_that_of_the_results(list_: str) -> None:
    assert words_of(list_) == set(conformance.lists(conformance.results().values())[list_])


def test_the_page_has_the_table_of_the_results() -> None:
    made = conformance.table(conformance.results().values())
    assert made in conformance.PAGE.read_text(encoding="utf-8"), "python -m benchmarks conformance --write"


def test_no_cell_says_equal_that_was_not_compared() -> None:
    cells = {one.split(" | ")[0].strip("| "): one for one in conformance.table([]).splitlines()[2:]}
    assert set(cells) == set(METRICS)
    assert all("equal" not in cell for cell in cells.values())
    of_folder = conformance.table([conformance.Verdict("nps", folder=2), conformance.Verdict("csi", unlike=["{}"])])
    assert "| nps | equal | refused: not compared" in of_folder
    assert "| csi | refused: {} |" in of_folder
    assert all(one.folder and not one.unlike for one in conformance.results().values())
    assert set(conformance.results()) == set(METRICS)
    assert not conformance.Verdict("nps", answered=1).is_proved
    assert conformance.Verdict("nps", answered=1, queries=1).is_proved
    assert not conformance.Verdict("nps", ["other rows"], answered=1, queries=1).is_proved
    assert all(conformance.results()[name].queries for name in proved())
    newer = conformance.Verdict("nps", answered=1, queries=1, since=2)
    assert newer.said == "equal, but for 2 newer queries, not compared yet"
