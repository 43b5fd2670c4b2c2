"""Outputs for other programs: a picture, rows between tabs, an object a line; each is read by a foreign reader."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pandas
import pytest

from supportkit.errors import UsageError
from supportkit.render import render
from supportkit.render.chart_parts import with_gaps
from supportkit.render.language import ENGLISH
from supportkit.render.line_charts import line
from supportkit.render.terminal_chart import drawn as drawn_in_letters
from supportkit.result import Chart, Result, count, key

Call = Callable[..., tuple[int, str, str]]


def result(*values: str) -> Result:
    return Result("x", "X", "x", (key("word"), count("n")), tuple((value, 1) for value in values))


def test_a_picture_is_a_file_that_repeats(supportkit: Call, stored: tuple[str, ...], tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg", "a.png", "b.png"):
        assert supportkit("nps", "--over", "month", *stored, "-q", "-o", tmp_path / name) == (0, "", "")
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert root.tag.endswith("svg")
    assert "var(--" not in (tmp_path / "a.svg").read_text(encoding="utf-8")  # colours of its own, on no page
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    for form in ("svg", "png"):
        assert (tmp_path / f"a.{form}").read_bytes() == (tmp_path / f"b.{form}").read_bytes()


def test_a_line_is_broken_where_a_period_has_no_figure() -> None:
    columns = (key("period", "period"), count("n"))
    # January and February, then April alone, then June and July
    rows = tuple((f"2026-0{month}", month) for month in (1, 2, 4, 6, 7))
    drawn = line(Result("x", "X", "x", columns, rows), Chart("line", "period", "n"), ENGLISH)
    assert drawn is not None
    values = drawn["data"]["values"]
    assert [one["value"] for one in values] == [1, 2, None, 4, None, 6, 7]
    assert [one["value"] for one in values if one["alone"]] == [4]  # a dot, as no line leads to it
    dots = next(layer for layer in drawn["layer"] if "alone" in str(layer.get("transform")))
    assert dots["mark"]["type"] == "point"


def test_each_of_several_lines_is_broken_at_its_own_gaps_and_steps_of_a_period_are_none() -> None:
    columns = (key("group"), key("period", "period"), count("n"))
    rows = (
        ("a", "2026-W01", 1),
        ("a", "2026-W02", 2),
        ("a", "2026-W03", 3),
        ("b", "2026-W01", 4),
        ("b", "2026-W03", 5),
    )
    filled = with_gaps(Result("x", "X", "x", columns, rows), Chart("line", "period", "n", "group"))
    assert filled.rows[3:] == (("b", "2026-W01", 4), ("b", "2026-W02", None), ("b", "2026-W03", 5))
    twice = Result("x", "X", "x", columns, (("a", "2026-01", 1), ("a", "2026-01", 2), ("a", "2026-03", 3)))
    assert with_gaps(twice, Chart("line", "period", "n", "group")) is twice


def test_letters_of_a_line_leave_a_gap_where_nothing_is_known() -> None:
    rows = tuple((f"2026-{month:02d}", 5) for month in (1, 2, 3, 7, 8, 9))
    whole = Result("x", "X", "x", (key("period", "period"), count("n")), rows, chart=Chart("line", "period", "n"))
    level = next(row for row in drawn_in_letters(whole, 60) if "⠉" in row or "⠁" in row)
    assert "   " in level.strip("5 ┤")


def test_without_a_picture_it_says_how_to_get_one(supportkit: Call, stored: tuple[str, ...], tmp_path: Path) -> None:
    code, _, err = supportkit("nps", *stored, "-q", "-o", tmp_path / "a.svg")
    assert (code, (tmp_path / "a.svg").exists()) == (2, False)
    assert "nps: has no picture" in err
    assert "--over" in err


def test_rows_between_tabs_are_read_by_pandas(supportkit: Call, stored: tuple[str, ...], tmp_path: Path) -> None:
    rows = json.loads(supportkit("service", "--by", "channel", *stored, "-f", "json")[1])["rows"]
    assert supportkit("service", "--by", "channel", *stored, "-q", "-o", tmp_path / "a.tsv")[0] == 0
    frame = pandas.read_csv(tmp_path / "a.tsv", sep="\t")
    assert list(frame.columns) == list(rows[0])
    assert frame["tickets"].tolist() == [row["tickets"] for row in rows]


@pytest.mark.parametrize("value", ["a\tb", "a\nb", "a\r\nb", "a\u2028b", "a\x85b"])
def test_no_cell_breaks_a_line_or_a_column(value: str) -> None:
    text = render([result(value, "next")], "tsv")
    assert [line.split("\t")[1] for line in text.splitlines()] == ["n", "1", "1"]


def test_a_cell_is_no_formula() -> None:
    assert render([result("=1+1")], "tsv").splitlines()[1].startswith("'=")


def test_lines_of_json_are_the_rows(supportkit: Call, stored: tuple[str, ...], tmp_path: Path) -> None:
    rows = json.loads(supportkit("service", "--by", "channel", *stored, "-f", "json")[1])["rows"]
    assert supportkit("service", "--by", "channel", *stored, "-q", "-o", tmp_path / "a.jsonl")[0] == 0
    assert [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()] == rows
    assert len(pandas.read_json(tmp_path / "a.jsonl", lines=True)) == len(rows)


def test_of_several_results_each_line_says_whose_it_is() -> None:
    lines = [json.loads(line) for line in render([result("a"), result("b\n")], "jsonl").splitlines()]
    assert lines == [{"metric": "x", "word": "a", "n": 1}, {"metric": "x", "word": "b\n", "n": 1}]


def test_a_picture_is_of_results_that_have_one() -> None:
    with pytest.raises(UsageError, match="no picture"):
        render([result("a")], "svg")
