"""supportkit as a library: open, compute, frame, notebook."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import pytest

import supportkit
from supportkit.errors import UsageError
from tests.conftest import Call


def test_a_metric_is_called_on_files_and_on_a_store(samples: Path, tmp_path: Path, supportkit: Call) -> None:
    import supportkit as library

    with library.read_data(samples / "surveys.csv", time_zone="Europe/Berlin") as store:
        in_memory = library.metric("nps")(store, by="country")
    path = tmp_path / "x.duckdb"
    assert supportkit("load", samples / "surveys.csv", "--db", path)[0] == 0
    with library.open_store(path, time_zone="Europe/Berlin") as store:
        from_file = library.nps.nps(store, by="country")
    assert dict(in_memory.facts) == dict(from_file.facts)
    assert in_memory.rows == from_file.rows
    frame = from_file.to_frame()
    assert list(frame["country"]) == [row[0] for row in from_file.rows]


def test_the_rows_behind_a_figure_are_asked_for_as_the_command_lists_them(samples: Path) -> None:
    with supportkit.read_data(samples) as store:
        found = supportkit.rows(store, "nps", "detractors", top=3, by="country")
        assert len(found.rows) == 3
        assert found.facts["rows"] == supportkit.metric("nps")(store).facts["detractors"]
        assert found.keys[-1].name == "country"
        with pytest.raises(UsageError, match="npz"):
            supportkit.rows(store, "npz")


def test_importing_supportkit_loads_nothing_else() -> None:
    source = str(Path(__file__).parent.parent / "src")
    heavy = ("duckdb", "_duckdb", "pandas", "numpy", "typer", "rich")
    code = (
        f"import sys; sys.path.insert(0, {source!r}); import supportkit\n"
        f"print(*sorted(m for m in sys.modules if m in {heavy!r} or m.startswith('supportkit')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["supportkit"]


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(AttributeError, match="no_such_metric"):
        _ = supportkit.no_such_metric
    with pytest.raises(Exception, match="npz"):
        supportkit.metric("npz")


def test_a_notebook_shows_a_result_and_hostile_text_is_escaped(samples: Path) -> None:
    with supportkit.read_data(samples / "surveys.csv") as store:
        shown = supportkit.metric("nps")(store, by="country")._repr_html_()
    assert shown is not None
    assert "<table>" in shown
    picture = re.search(r'<img alt="([^"]+)" src="data:image/svg\+xml;base64,([^"]+)">', shown)
    assert picture is not None
    assert "95 % interval" in picture[1]
    assert ElementTree.fromstring(base64.b64decode(picture[2])).tag.endswith("svg")
    from supportkit.result import Result, detail

    hostile = Result("m", "<script>alert(1)</script>", "d", (detail("n", "text"),), (("<img src=x>\x1b[2J",),))
    shown = hostile._repr_html_()
    assert shown is not None
    assert "<script" not in shown
    assert "<img" not in shown
    assert "\x1b" not in shown


def test_a_result_knows_no_renderer() -> None:
    code = (
        "import sys; from supportkit.result import Result, detail\n"
        "print(Result('m', 't', 'd', (detail('n', 'text'),), (('a',),))._repr_html_())\n"
        "print(*(name for name in sys.modules if name.startswith('supportkit.render')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": "src"}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["None"]


def test_what_a_program_written_as_text_imports_is_there() -> None:
    root = Path(__file__).parent.parent
    files = [*root.glob("tests/*.py"), *root.glob("benchmarks/**/*.py"), *root.glob("docs/*.md"), root / "README.md"]
    told = [
        (file.name, module, name.split(" as ")[0].strip())
        for file in files
        for module, names in re.findall(r"\bfrom (supportkit[\w.]*) import ([\w, ]+)", file.read_text(encoding="utf-8"))
        for name in names.split(",")
        if name.strip()
    ]
    assert len(told) > 500
    missing = [
        f"{file}: from {module} import {name}"
        for file, module, name in told
        if not hasattr(import_module(module), name) and find_spec(f"{module}.{name}") is None
    ]
    assert missing == []
