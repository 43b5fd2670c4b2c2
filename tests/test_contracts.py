"""What holds for every metric: names, order, formats, exit codes, and the same figures for the same rows."""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from supportkit.cli import run
from supportkit.metrics import METRICS
from supportkit.store.schema import TABLES
from tests.conftest import SAMPLES, Call

EVERY = sorted(METRICS)
KEYS = ["metric", "title", "definition", "scope", "facts", "columns", "rows", "notes"]
SCOPE = ["period", "start", "end", "as_of", "data_through", "time_zone", "currency", "filters", "rows"]
FORMATS = ["table", "json", "csv", "markdown", "html"]


def store_of(folder: Path, db: Path) -> Path:
    """A store of the CSVs in a folder."""
    assert run(["load", str(folder), "--db", str(db), "--config", str(SAMPLES / "supportkit.toml"), "-q"]) == 0
    return db


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the samples."""
    return store_of(SAMPLES, tmp_path_factory.mktemp("contracts") / "samples.duckdb")


@pytest.fixture(scope="module")
def shuffled_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the samples, their rows in another order."""
    folder = tmp_path_factory.mktemp("shuffled")
    for file in SAMPLES.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as text:
            header, *rows = list(csv.reader(text))
        random.Random(7).shuffle(rows)
        shuffled = io.StringIO()
        csv.writer(shuffled, lineterminator="\n").writerows([header, *rows])
        (folder / file.name).write_text(shuffled.getvalue(), encoding="utf-8")
    return store_of(folder, folder / "shuffled.duckdb")


def on(where: Path, *words: str) -> tuple[str, ...]:
    """The words of a command on a store or on files, with the configuration of the samples."""
    return (*words, "--data" if where.is_dir() else "--db", str(where), "--config", str(SAMPLES / "supportkit.toml"))


@pytest.mark.parametrize("name", EVERY)
def test_a_metric_prints_its_facts_in_their_order(name: str, supportkit: Call, samples: Path, db: Path) -> None:
    code, out, _ = supportkit(*on(samples, name), "--format", "json")
    shown = json.loads(out)
    assert code == 0
    assert list(shown) == KEYS
    assert list(shown["scope"]) == SCOPE
    assert shown["metric"] == name
    assert list(shown["facts"]) == [fact.name for fact in METRICS[name].facts]
    names = [column["name"] for column in shown["columns"]]
    assert all(list(row) == names for row in shown["rows"])
    assert shown["scope"]["rows"] > 0
    stored = json.loads(supportkit(*on(db, name), "--format", "json")[1])
    assert stored["facts"] == shown["facts"]


@pytest.mark.parametrize("name", EVERY)
def test_every_format_of_every_metric_repeats_byte_for_byte(
    name: str, supportkit: Call, db: Path, tmp_path: Path
) -> None:
    for form in FORMATS:
        code, out, _ = supportkit(*on(db, name), "--format", form)
        file = tmp_path / form
        assert code == 0
        assert supportkit(*on(db, name), "--format", form, "--output", str(file), "-q") == (0, "", "")
        assert file.read_bytes().decode() == out
        assert out.endswith("\n")


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
    name: str, supportkit: Call, db: Path, shuffled_db: Path
) -> None:
    before = supportkit(*on(db, name), "--format", "csv")[1]
    assert supportkit(*on(shuffled_db, name), "--format", "csv")[1] == before


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
