"""Every place that a metric touches: what was forgotten is named, with what to write where."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from supportkit.metrics import FOLDERS, METRICS, NAMES, Offer

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "supportkit"
CONSTANTS = ("TITLE", "TABLES", "SOURCE", "EXAMPLES", "FACTS")
METRIC_FILES = sorted(
    file.stem for file in SRC.glob("*.py") if re.search(r"^FACTS\b.*=", file.read_text(encoding="utf-8"), re.MULTILINE)
)


def contracts() -> list[dict[str, object]]:
    """The contracts of import-linter in pyproject.toml."""
    found: list[dict[str, object]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
    return found


@pytest.mark.parametrize("name", METRIC_FILES)
def test_a_file_with_facts_is_in_the_list(name: str) -> None:
    assert name in NAMES, f'add Listing("{name}", …) to LISTINGS in src/supportkit/metrics.py'


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_the_list_has_what_a_metric_is_read_off(name: str) -> None:
    file = SRC / FOLDERS.get(name, "").replace(".", "/") / f"{name}.py"
    assert file.is_file(), f"write src/supportkit/{name}.py, or take its line out of metrics.py"
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"src/supportkit/{name}.py begins with a docstring, the definition"
    stated = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    missing = [constant for constant in CONSTANTS if constant not in stated]
    assert not missing, f"src/supportkit/{name}.py: state {', '.join(missing)}"
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert name in functions, f"src/supportkit/{name}.py: write the function {name}(store, *, period, …) -> Result"


@pytest.mark.parametrize("name", NAMES)
def test_what_counts_at_instants_is_a_stock(name: str) -> None:
    file = SRC / FOLDERS.get(name, "").replace(".", "/") / f"{name}.py"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    at_instants = "supportkit.desk.standing" in text
    stock = re.search(r'^CUT = "stock"$', text, re.MULTILINE) is not None
    assert stock or not at_instants, f'src/supportkit/{name}.py counts at instants: state CUT = "stock"'


@pytest.mark.parametrize("name", NAMES)
def test_a_metrics_tests_stand_in_a_file_of_its_name(name: str) -> None:
    assert (ROOT / "tests" / f"test_{name}.py").is_file(), f"write tests/test_{name}.py"


@pytest.mark.parametrize("name", [name for name in NAMES if name not in FOLDERS])
def test_the_layers_know_the_metric(name: str) -> None:
    layer = next(
        layer
        for contract in contracts()
        if contract["type"] == "layers" and isinstance(contract["layers"], list)
        for layer in contract["layers"]
        if "supportkit.nps" in layer
    )
    said = f"pyproject.toml, [[tool.importlinter.contracts]]: add supportkit.{name} to the metrics of the layers"
    assert f"supportkit.{name}" in layer.split(" | "), said


@pytest.mark.parametrize("name", NAMES)
def test_the_metric_is_among_those_that_know_no_renderer(name: str) -> None:
    module = f"supportkit.{FOLDERS.get(name, '')}{name}"
    sources = next(c["source_modules"] for c in contracts() if c["name"] == "A metric knows no renderer and no machine")
    assert isinstance(sources, list)
    said = f"pyproject.toml, [[tool.importlinter.contracts]]: add {module} to the"
    assert module in sources, f'{said} sources of "A metric knows no renderer and no machine"'


@pytest.mark.parametrize("offer", get_args(Offer))
def test_the_guide_names_what_a_metric_may_offer(offer: str) -> None:
    assert f"`{offer}()`" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), "name it in step 4"


@pytest.mark.parametrize("name", METRICS)
def test_the_pages_know_the_metric(name: str) -> None:
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert f"\n## {name}\n" in page, (
        f"docs/metrics.md: write a section `## {name}` with `$ supportkit metrics {name}` in a console block, "
        "then python -m tests.test_docs docs/metrics.md"
    )
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"`{name}`" in readme, f"README.md, What it does: name `{name}` beside the question that it answers"
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"`{name}[`\s]", changes), f"CHANGELOG.md: say what `{name}` is"
