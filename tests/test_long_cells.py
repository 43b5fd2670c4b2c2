"""A long text makes no table wide: it is cut where people read, and whole where programs do."""

from __future__ import annotations

import json

import pytest

from supportkit.render import Display, render
from supportkit.result import Result, detail, key

LONG = "a" * 5_000


def texts(*cells: str) -> Result:
    columns = (key("ticket"), detail("body", "text"))
    rows = tuple((f"T{number}", cell) for number, cell in enumerate(cells))
    return Result(metric="sql", title="Query", definition="", columns=columns, rows=rows)


@pytest.mark.parametrize("form", ["table", "markdown", "html", "text"])
def test_a_long_cell_is_cut_with_a_note_where_people_read(form: str) -> None:
    shown = render([texts(LONG, *["short"] * 2_000)], form)
    assert LONG not in shown
    assert len(shown.encode()) < 2_000_000  # 10 MB where each of 2,001 rows is as wide as the longest
    if form != "text":  # which has no rows
        assert "a" * 299 + "…" in shown
        assert "1 cell is cut at 300 characters" in shown


def test_on_a_terminal_it_is_cut_too() -> None:
    columns = (key("ticket"), detail("channel", "text"), detail("body", "text"))
    among_others = Result("sql", "Query", "", columns, (("T1", "chat", LONG),))
    shown = render([among_others], "table", Display(80))
    assert shown.count("a") < 100
    assert "1 cell is cut at 80 characters" in shown
    assert "1 cell is cut at 240 characters" in render([texts(LONG)], "table", Display(80))


def test_the_sentences_of_a_report_stand_whole_on_a_terminal() -> None:
    sentence = "Germany loses more at payment than the others, and has done so for weeks " * 3
    shown = render([texts(sentence)], "table", Display(80))
    assert " ".join(shown.split()).count("for weeks") == 3
    assert "cut" not in shown


@pytest.mark.parametrize("form", ["json", "csv"])
def test_it_is_whole_where_programs_read(form: str) -> None:
    assert LONG in render([texts(LONG)], form)
    assert form == "csv" or json.loads(render([texts(LONG)], form))["rows"][0]["body"] == LONG


def test_what_is_not_long_stays_as_it_is() -> None:
    shown = render([texts("b" * 300)], "table")
    assert "b" * 300 in shown
    assert "cut" not in shown
