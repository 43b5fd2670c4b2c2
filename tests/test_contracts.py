"""What holds for every metric: names, order, formats, exit codes, and the same figures for the same rows."""

from __future__ import annotations

import csv
import inspect
import io
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from supportkit import read_data
from supportkit.cli import run
from supportkit.commands.metric import finish
from supportkit.commands.shared_options import SharedOptions
from supportkit.config import Config, read_config
from supportkit.errors import UsageError
from supportkit.metrics import METRICS, NAMES
from supportkit.render import FORMATS, render
from supportkit.render.charts import spec
from supportkit.request import read_request
from supportkit.request import run as run_request
from supportkit.store import Store
from supportkit.store.schema import TABLES
from tests.computing import ResultOf, results
from tests.conftest import CONFIG, SAMPLES, Call

EVERY = sorted(METRICS)
KEYS = ["metric", "title", "definition", "scope", "facts", "columns", "rows", "notes"]
SCOPE = ["period", "start", "end", "as_of", "data_through", "time_zone", "currency", "filters", "rows", "unknown_share"]


@pytest.fixture(scope="module")
def shuffled_result_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ResultOf]:
    """The same over a store of the samples whose rows came in another order."""
    folder = tmp_path_factory.mktemp("shuffled")
    for file in SAMPLES.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as text:
            header, *rows = list(csv.reader(text))
        random.Random(7).shuffle(rows)
        shuffled = io.StringIO()
        csv.writer(shuffled, lineterminator="\n").writerows([header, *rows])
        (folder / file.name).write_text(shuffled.getvalue(), encoding="utf-8")
    db = folder / "shuffled.duckdb"
    assert run(["load", str(folder), "--db", str(db), "--config", str(CONFIG), "-q"]) == 0
    with results(db, CONFIG) as result_of:
        yield result_of


@pytest.mark.parametrize("name", EVERY)
def test_a_metric_prints_its_facts_in_their_order(
    name: str, supportkit: Call, samples: Path, result_of: ResultOf
) -> None:
    code, out, _ = supportkit(name, "--data", samples, "--config", CONFIG, "--format", "json")
    shown = json.loads(out)
    assert code == 0
    assert list(shown) == KEYS
    assert list(shown["scope"]) == SCOPE
    assert shown["metric"] == name
    assert list(shown["facts"]) == [fact.name for fact in METRICS[name].facts]
    names = [column["name"] for column in shown["columns"]]
    assert all(list(row) == names for row in shown["rows"])
    assert shown["scope"]["rows"] > 0
    stored = json.loads(render([result_of(name)], "json"))
    assert stored["facts"] == shown["facts"]


@pytest.mark.parametrize("name", EVERY)
def test_every_format_of_every_metric_repeats_byte_for_byte(
    name: str,
    result_of: ResultOf,
    shuffled_result_of: ResultOf,
    tmp_path: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    """Two computations, ended as the command ends them: one goes to stdout, the other to a file."""
    for form in FORMATS:
        if form == "pdf":
            continue  # which a browser makes: tests/test_pdf.py
        if form in ("svg", "png") and spec(result_of(name)) is None:
            with pytest.raises(UsageError, match="no picture"):
                finish(result_of(name), SharedOptions(format=form))
            continue
        finish(result_of(name), SharedOptions(format=form))
        out, err = capfdbinary.readouterr()
        finish(shuffled_result_of(name), SharedOptions(format=form, output=tmp_path / form))
        assert capfdbinary.readouterr() == (b"", b"")
        assert err == b""
        assert (tmp_path / form).read_bytes() == out
        binary = out.startswith((b"PK", b"\x89PNG", b"PAR1"))  # a workbook is a zip file
        assert out.endswith(b"\n") or binary or (not out and form == "jsonl"), "a text ends in a newline"


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_stands_in_the_docs_with_its_suffixes(form: str) -> None:
    page = (SAMPLES.parent.parent / "docs" / "reports.md").read_text(encoding="utf-8")
    row = next((line for line in page.splitlines() if line.startswith("|") and f"`{form}`" in line), None)
    assert row, f"docs/reports.md has a row for every format: | `{form}` … |"
    assert [suffix for suffix in FORMATS[form] if f"`{suffix}`" not in row] == []


@pytest.mark.parametrize("name", EVERY)
def test_a_metric_of_empty_tables_has_null_facts_and_exit_code_3(name: str, supportkit: Call, tmp_path: Path) -> None:
    for table in TABLES.values():
        (tmp_path / f"{table.name}.csv").write_text(",".join(table.names) + "\n", encoding="utf-8")
    extra = ("--steps", "visit,paid") if name == "funnel" else ()
    code, out, err = supportkit(name, *extra, "--data", tmp_path, "--format", "json")
    shown = json.loads(out)
    assert code == 3
    roles = {fact.name: fact.role for fact in METRICS[name].facts}
    assert shown["facts"] == {fact: 0 if role == "n" else None for fact, role in roles.items()}
    assert "no data" in err


# Little of everything: one answer, tickets without reply or customer, an order of today, nobody who pays.
SPARSE = {
    "tickets": "ticket_id,created_at,channel,country,status,category\n"
    "1,2026-05-04T10:00:00Z,chat,DE,open,delivery\n2,2026-05-11T10:00:00Z,chat,,solved,\n",
    "orders": "order_id,ordered_at,customer_id,amount,currency,country\n1,2026-05-12T09:00:00Z,c1,10,EUR,DE\n",
    "surveys": "kind,score,responded_at,channel,country,ticket_id\n"
    + "".join(f"{kind},1,2026-05-04T10:00:00Z,chat,DE,1\n" for kind in ("nps", "csat", "csi", "ces")),
    "events": "user_id,occurred_at,step,country,plan\n"
    "u1,2026-05-04T10:00:00Z,visit,DE,\nu2,2026-05-11T10:00:00Z,visit,GB,a\n"
    + "".join(f"u3,2026-05-04T10:00:00Z,{step},DE,\n" for step in ("cart", "payment", "paid")),
}
SETTINGS = """
[funnel]
steps = ["visit", "cart", "payment?", "paid"]
[metrics.csi]
scale = "1-10"
[metrics.ces]
direction = "easy"
"""


@pytest.fixture(scope="module")
def sparse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files with a row or two each."""
    folder = tmp_path_factory.mktemp("sparse")
    for table, text in SPARSE.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=["samples", "sparse"])
def read(request: pytest.FixtureRequest, sparse: Path) -> Iterator[tuple[Store, Config]]:
    """The samples in memory, and a store with next to nothing, each with its configuration."""
    folder = SAMPLES if request.param == "samples" else sparse
    file = SAMPLES / "supportkit.toml" if request.param == "samples" else sparse / "supportkit.toml"
    if request.param == "sparse":
        file.write_text(SETTINGS, encoding="utf-8")
    config = read_config(file)
    with read_data(folder) as store:
        yield replace(store, zone=config.data.time_zone, currency=config.data.currency), config


def variants(name: str) -> list[dict[str, Any]]:
    """How a metric can be cut: by one column, by two, over time."""
    known = inspect.signature(METRICS[name].compute).parameters
    two = {"causes": "category", "funnel": "country,plan"}.get(name, "country,channel")
    found: list[dict[str, Any]] = [{}]
    found += [{"by": "country"}, {"by": two}] if "by" in known else []
    found += [{"over": "week"}] if "over" in known else []
    found += [{"by": "country", "over": "month"}] if {"by", "over"} <= set(known) else []
    found += [{"past": True, "by": "country"}] if "past" in known else []
    found += [{"against": "rest", "by": "country"}] if "against" in known else []
    found += [{"dropped": "visit", "by": "country"}] if "dropped" in known else []
    return found


@pytest.mark.parametrize("name", EVERY)
def test_a_row_is_named_by_its_keys_and_a_figure_is_null_where_its_n_is_0(
    name: str, read: tuple[Store, Config]
) -> None:
    store, config = read
    for given in variants(name):
        result = run_request(store, read_request(METRICS[name], given, config))
        keys = [tuple(record[key.name] for key in result.keys) for record in result.records()]
        assert len(set(keys)) == len(keys), given
        records = [(result.fact_columns, result.facts), *((result.columns, record) for record in result.records())]
        for columns, record in records:
            for column in columns:
                if column.n is None:
                    assert column.role in ("key", "detail"), (given, column.name)
                elif not record[column.n]:
                    assert column.role == "n" or record[column.name] is None, (given, column.name, record)


def test_a_figure_of_zero_over_something_is_a_result(supportkit: Call, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    rows = [f"{k},2026-05-04T10:00:00Z,2026-05-04T10:05:00Z,{word}" for k, word in enumerate(("one", "two", "three"))]
    file.write_text("ticket_id,created_at,first_reply_at,subject\n" + "\n".join(rows) + "\n", encoding="utf-8")
    code, out, err = supportkit("topics", "--data", file, "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["facts"] == {"topics": 0, "assigned_share": 0, "tickets": 3}  # three words, no topic
    code, out, _ = supportkit("service", "--data", file, "--format", "json")
    assert (code, json.loads(out)["facts"]["unanswered"]) == (0, 0)
    assert supportkit("check", "--data", file, "--period", "all", "--expect", "topics.topics <= 0")[0] == 0
    assert supportkit("topics", "--data", file, "--period", "2026-04", "--format", "json")[0] == 3


@pytest.mark.parametrize("name", EVERY)
def test_the_order_of_rows_in_the_files_changes_nothing(
    name: str, result_of: ResultOf, shuffled_result_of: ResultOf
) -> None:
    assert shuffled_result_of(name) == result_of(name)


@pytest.mark.parametrize("name", EVERY)
def test_a_metric_states_the_figures_of_its_rows(name: str, result_of: ResultOf) -> None:
    """So that a target of one that is not there is refused before anything is computed."""
    assert {column.name for column in result_of(name).columns if column.n is not None} <= METRICS[name].figures


@pytest.mark.parametrize("name", EVERY)
def test_every_metric_has_help_with_its_definition(name: str, supportkit: Call) -> None:
    code, out, _ = supportkit(name, "--help")
    assert code == 0
    assert f"supportkit metrics {name}" in out
    assert "--format" in out


@pytest.mark.parametrize("name", EVERY)
def test_an_unknown_option_is_exit_code_2(name: str, supportkit: Call) -> None:
    code, out, err = supportkit(name, "--no-such-option")
    assert (code, out) == (2, "")
    assert "no-such-option" in err


def run_python(source: str) -> str:
    """What a fresh interpreter prints for a source."""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    return done.stdout


SRC = str(Path(__file__).parent.parent / "src")


def loaded(words: list[str], modules: list[str]) -> str:
    """Which of the modules a command has loaded when it is done, in a fresh interpreter."""
    return run_python(
        f"import sys; sys.path.insert(0, {SRC!r})\n"
        "import contextlib, io, os\n"
        "from supportkit.cli import run\n"
        "sys.stdout.flush(); saved = os.dup(1); os.dup2(os.open(os.devnull, os.O_WRONLY), 1)\n"
        f"run({words!r}); sys.stdout.flush(); os.dup2(saved, 1)\n"
        f"print(*[m for m in {modules!r} if m in sys.modules])\n"
    ).strip()


def test_help_loads_no_heavy_module() -> None:
    assert loaded(["--help"], ["duckdb", "_duckdb", "pandas", "numpy", "sklearn", "scipy", "jinja2", "pydantic"]) == ""


def test_nps_loads_no_pandas_numpy_or_scikit_learn(samples: Path) -> None:
    words = ["nps", "--data", str(samples)]
    assert loaded(words, ["pandas", "numpy", "sklearn", "scipy"]) == ""
    assert loaded(words, ["_duckdb", "duckdb"]) == "_duckdb"  # the engine, without the layer over it


def test_a_question_to_a_store_loads_nothing_that_reads_exports(
    sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "supportkit.toml").write_text("[data]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert (
        loaded(["nps", "--db", str(sample_store)], ["supportkit.exports", "supportkit.config"]) == "supportkit.config"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_count_among_others_names_one_of_the_metrics_own_figures(name: str) -> None:
    metric = METRICS[name.replace("_", "-")]
    figures = {column.name for column in metric.facts}
    assert {*metric.among} <= figures
    assert {*metric.among.values()} <= figures


@pytest.mark.parametrize("figure", ["one_touch", "zero_touch", "reopen_rate", "replies_mean"])
def test_each_figure_of_handling_can_be_judged(figure: str, samples: Path, supportkit: Call) -> None:
    words = ("check", "--data", samples, "--period", "2026-W45", "--expect", f"handling.{figure} >= -1 min 1")
    assert supportkit(*words)[0] in (0, 3)
