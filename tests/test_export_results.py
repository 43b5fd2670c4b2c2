"""`export --results FILE` has every figure of every metric once, as the metric itself gives it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from supportkit.explaining.long_table import figures_of
from supportkit.metrics import METRICS
from supportkit.result import Result, count, detail, figure, key
from tests.conftest import CONFIG, Call


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, sample_store: Path) -> list[dict[str, str]]:
    from supportkit.cli import run

    file = tmp_path_factory.mktemp("figures") / "all.csv"
    words = ["export", "--results", str(file), "--by", "country", "--over", "month", "--period", "2026-10", "-q"]
    read = ["--db", str(sample_store), "--config", str(CONFIG)]
    assert run([*words, *read, "-o", str(file.with_suffix(".md"))]) == 0
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_the_file_has_the_columns_promised(exported: list[dict[str, str]]) -> None:
    named = ["metric", "dimensions", "period", "figure", "value", "low", "high", "n", "kind", "currency"]
    assert list(exported[0]) == named
    assert len({tuple(row[name] for name in named[:4]) for row in exported}) == len(exported)
    assert {row["metric"] for row in exported} <= set(METRICS)


@pytest.mark.parametrize("name", ["nps", "csat", "service", "ltv", "funnel"])
def test_a_metric_has_its_own_figures(
    name: str, exported: list[dict[str, str]], supportkit: Call, stored: tuple[str, ...]
) -> None:
    words = [name, "--by", "country", "--period", "2026-10", *stored, "-f", "json", "-q"]
    over = ["--over", "month"] if name != "ltv" else []
    shown: dict[str, Any] = json.loads(supportkit(*words, *over)[1])
    mine = [row for row in exported if row["metric"] == name]
    whole = {row["figure"]: row["value"] for row in mine if row["dimensions"] == "{}"}
    for fact, value in shown["facts"].items():
        if not fact.endswith(("_low", "_high")) and isinstance(value, int | float) and not isinstance(value, bool):
            assert fact not in whole or float(whole[fact]) == pytest.approx(value, abs=1e-6)
    ends = {fact for fact in shown["facts"] if fact.endswith(("_low", "_high"))}
    assert not ends & set(whole)
    countries = {json.loads(row["dimensions"]).get("country") for row in mine} - {None}
    assert countries == {row["country"] for row in shown["rows"]}


def test_an_interval_stands_beside_its_figure(exported: list[dict[str, str]]) -> None:
    (found,) = [row for row in exported if (row["metric"], row["figure"], row["dimensions"]) == ("nps", "nps", "{}")]
    assert float(found["low"]) < float(found["value"]) < float(found["high"])
    assert int(found["n"]) > 0


def test_the_rows_of_a_result_are_figures_with_their_keys() -> None:
    result = Result(
        "m",
        "M",
        "d",
        (key("step"), key("month", "period"), figure("rate", "share", n="n"), figure("low", "share", n="n"),
         figure("high", "share", n="n"), count("n"), detail("says", "text")),
        (("pay", "2026-01", 0.5, 0.4, 0.6, 20, "x"),),
        facts={"rate": 0.25, "n": 40},
        fact_columns=(figure("rate", "share", n="n"), count("n")),
    )  # fmt: skip
    assert list(figures_of(result, over=True)) == [
        ("m", "{}", "all", "rate", 0.25, None, None, 40, "share", None),
        ("m", "{}", "all", "n", 40.0, None, None, 40, "count", None),
        ("m", '{"step": "pay"}', "2026-01", "rate", 0.5, 0.4, 0.6, 20, "share", None),
        ("m", '{"step": "pay"}', "2026-01", "n", 20.0, None, None, 20, "count", None),
    ]
    assert next(iter(list(figures_of(result))[2:]))[1:3] == ('{"step": "pay", "month": "2026-01"}', "all")


def test_what_cannot_be_split_or_has_no_data_is_noted(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "surveys.csv").write_text(
        "kind,score,responded_at,customer_id,plan\nnps,10,2026-10-05,a,pro\nnps,3,2026-10-06,b,free\n", encoding="utf-8"
    )
    file = tmp_path / "all.jsonl"
    words = ("export", "--results", file, "--data", tmp_path / "surveys.csv", "--by", "plan", "-f", "json")
    code, out, _ = supportkit(*words)
    assert code == 0
    shown = json.loads(out)
    assert shown["rows"][0]["metric"] == "nps"
    assert "left out: ltv: it has no data" in shown["notes"]
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    plans = {json.loads(row["dimensions"])["plan"] for row in rows if "plan" in row["dimensions"]}
    assert plans == {"pro", "free"}
    assert supportkit("export", "--results", file, "--data", tmp_path / "surveys.csv", "--by", "no_such")[0] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--results", "a.svg"), "is no file of rows"),
        (("--results", "a.md"), "is no file of rows"),
        (("--results", "figures"), "is no file of rows"),
        ((), "takes --parquet FOLDER or --results FILE"),
        (("--parquet", "a", "--results", "a.csv"), "takes --parquet FOLDER or --results FILE"),
        (("--parquet", "a", "--by", "country"), "go with --results"),
    ],
)
def test_what_export_cannot_write_is_told_before_anything_is_read(
    words: tuple[str, ...], told: str, supportkit: Call, stored: tuple[str, ...]
) -> None:
    code, out, err = supportkit("export", *words, *stored)
    assert (code, out, told in err) == (2, "", True), err


def test_a_dimension_that_no_table_has_ends_the_export(
    supportkit: Call, stored: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "figures.csv"
    code, _, err = supportkit("export", "--results", str(file), "--by", "countri", *stored)
    assert (code, "unknown column 'countri'" in err, "did you mean 'country'" in err) == (2, True, True)
    assert not file.exists()


def test_without_any_data_there_is_no_file(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("order_id,ordered_at,customer_id,amount\n", encoding="utf-8")
    code, _, err = supportkit("export", "--results", tmp_path / "a.csv", "--data", tmp_path / "orders.csv")
    assert (code, "no metric has data" in err, (tmp_path / "a.csv").exists()) == (3, True, False)


def test_the_one_month_of_a_month_is_told_once(supportkit: Call, stored: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    words = ("export", "--results", file, "--over", "month", "--period", "2026-10", *stored, "-q")
    assert supportkit(*words)[0] == 0
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    named = [(row["metric"], row["dimensions"], row["period"], row["figure"]) for row in rows]
    assert len(set(named)) == len(named)
