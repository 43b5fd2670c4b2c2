"""What stands over figures begins with a capital letter, in every format for people and of every metric."""

from __future__ import annotations

import pytest

from supportkit.metrics import METRICS
from supportkit.render import Display, render
from supportkit.render.headings import heading
from supportkit.result import counted
from tests.computing import ResultOf


@pytest.mark.parametrize(
    ("label", "shown"),
    [("first reply p50", "First reply p50"), ("NPS", "NPS"), ("n", "n"), ("p (Holm)", "p (Holm)"), ("дни", "Дни"),
     ("# of", "# of"), ("", ""), ("a\x1b[2J", "A\\u001b[2J"), ("95 % interval", "95 % interval")],
)  # fmt: skip
def test_a_label_has_a_capital_unless_it_is_a_sign(label: str, shown: str) -> None:
    assert heading(label) == shown


@pytest.mark.parametrize("name", sorted(METRICS))
def test_no_fact_of_a_metric_begins_small(name: str, result_of: ResultOf) -> None:
    result = result_of(name)
    for shown in (render([result], "table"), render([result], "table", Display(100))):
        facts = shown.split("\n\n")[1].splitlines()
        assert [line for line in facts if line[:1].islower() and len(line.split()[0]) > 1] == []


def test_a_note_marks_thousands_as_a_table_does() -> None:
    assert counted(1, "{n} ticket", "{n} tickets") == "1 ticket"
    assert counted(6623, "{n} ticket", "{n} tickets") == "6,623 tickets"
