"""What holds for every metric: names, order, formats, exit codes, and the same figures for the same rows."""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from supportkit.cli import run
from supportkit.commands.metrics import finish
from supportkit.metrics import METRICS
from supportkit.render import Format, render
from supportkit.session import Shared
from supportkit.store.schema import TABLES
from tests.computing import ResultOf, results
from tests.conftest import CONFIG, SAMPLES, Call

EVERY = sorted(METRICS)
KEYS = ["metric", "title", "definition", "scope", "facts", "columns", "rows", "notes"]
SCOPE = ["period", "start", "end", "as_of", "data_through", "time_zone", "currency", "filters", "rows"]
FORMATS: Final[tuple[Format, ...]] = ("table", "json", "csv", "markdown", "html")


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
        finish(result_of(name), Shared(format=form))
        out, err = capfdbinary.readouterr()
        finish(shuffled_result_of(name), Shared(format=form, output=tmp_path / form))
        assert capfdbinary.readouterr() == (b"", b"")
        assert err == b""
        assert (tmp_path / form).read_bytes() == out
        assert out.endswith(b"\n")


@pytest.mark.parametrize("name", EVERY)
def test_a_metric_of_empty_tables_has_null_facts_and_exit_code_3(name: str, supportkit: Call, tmp_path: Path) -> None:
    for table in TABLES.values():
        (tmp_path / f"{table.name}.csv").write_text(",".join(table.names) + "\n", encoding="utf-8")
    extra = ("--steps", "visit,paid") if name == "funnel" else ()
    code, out, err = supportkit(name, *extra, "--data", tmp_path, "--format", "json")
    shown = json.loads(out)
    assert code == 3
    assert all(value is None or value == 0 for value in shown["facts"].values())
    assert "no data" in err


@pytest.mark.parametrize("name", EVERY)
def test_the_order_of_rows_in_the_files_changes_nothing(
    name: str, result_of: ResultOf, shuffled_result_of: ResultOf
) -> None:
    assert shuffled_result_of(name) == result_of(name)


@pytest.mark.parametrize("name", EVERY)
def test_every_metric_has_help_with_its_definition(name: str, supportkit: Call) -> None:
    code, out, _ = supportkit(name, "--help")
    assert code == 0
    assert METRICS[name].definition.split(".")[0].split()[0] in out
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
    assert loaded(["--help"], ["duckdb", "pandas", "numpy", "sklearn", "scipy", "jinja2", "pydantic"]) == ""


def test_nps_loads_no_pandas_numpy_or_scikit_learn(samples: Path) -> None:
    words = ["nps", "--data", str(samples)]
    assert loaded(words, ["pandas", "numpy", "sklearn", "scipy"]) == ""
    assert loaded(words, ["duckdb"]) == "duckdb"
