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
from supportkit.result import Result, count, key

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
