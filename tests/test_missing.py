"""What is missing is said with where it is to be had: no store, an empty table, answers of another kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Call = Callable[..., tuple[int, str, str]]
ANSWERS = "kind,score,responded_at,customer_id\nnps,9,2026-01-01,a\nnps,3,2026-01-02,b\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ((), "supportkit load FILES,"),
        (("notes.md",), "supportkit load FILES,"),
        (("notes.txt", "requirements.txt"), "supportkit load FILES,"),  # which have no columns
        (("n.csv",), "supportkit load n.csv,"),
        (("b.csv", "a b.csv"), "supportkit load 'a b.csv' b.csv,"),
        (("data/n.csv", "data/m.csv"), "supportkit load data/m.csv data/n.csv,"),
        ([f"{number}.csv" for number in range(9)], "supportkit load .,"),
        ([f"data/{number}.csv" for number in range(9)], "supportkit load data,"),
        ((".hidden/n.csv",), "supportkit load FILES,"),
        (("pinned.txt",), "supportkit load FILES,"),  # sentences with commas, and lines without
        (("answers.txt",), "supportkit load answers.txt,"),
    ],
)
def test_without_a_store_the_command_names_what_lies_here(
    files: list[str], expected: str, tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        texts = {
            "pinned.txt": "# What is needed, with hashes: pip, and then ours\npandas==3.0 \\\n",
            "answers.txt": ANSWERS,
        }
        usual = "pandas\n" if name.endswith(".txt") else ANSWERS
        (tmp_path / name).write_text(texts.get(name, usual), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code, _, err = supportkit("nps")
    assert code == 3
    assert expected in err
    assert f"{expected[:-1]} --db x.duckdb," in supportkit("nps", "--db", "x.duckdb")[2]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("service",), "no tickets are loaded; exports of freshdesk, "),
        (("ltv",), "no orders are loaded; exports of "),
        (("funnel",), "no events are loaded; exports of ga4, "),
        (("funnel", "--steps", "visit,paid"), "no events are loaded; exports of ga4, "),
        (("brief",), "no tickets are loaded; exports of freshdesk, "),
        (("csat",), "the answers loaded are of nps, and csat needs others"),
        (("nps", "--period", "2020-01"), "surveys are loaded, and none is in scope"),
        (("nps", "--where", "customer_id=z"), "surveys are loaded, and none is in scope"),
    ],
)
def test_a_figure_without_a_row_says_why(
    words: tuple[str, ...], expected: str, tmp_path: Path, supportkit: Call
) -> None:
    (tmp_path / "n.csv").write_text(ANSWERS, encoding="utf-8")
    code, _, err = supportkit(*words, "--data", tmp_path / "n.csv")
    assert code == 3
    assert expected in err
