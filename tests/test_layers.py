"""A metric stands on results, periods, the store and the mathematics, and on no other metric."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from supportkit.metrics import NAMES

SRC = Path(__file__).parent.parent / "src" / "supportkit"
ABOVE = {
    "cli",
    "command",
    "session",
    "config",
    "catalogue",
    "metrics",
    "request",
    "render",
    "report",
    "plans",
    "findings",
    "sentences",
    "publishing",
    "checks",
    "exports",
    "loading",
}
HEAVY = {"duckdb", "pandas", "numpy", "scipy", "sklearn", "rich", "jinja2", "phonenumbers", "typer"}


def imports(path: Path) -> set[str]:
    """The modules that a file imports anywhere."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "supportkit":
            found |= {f"supportkit.{name.name}" for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_imports_no_command_line_no_renderer_and_no_other_metric(name: str) -> None:
    own = {module.split(".")[1] for module in imports(SRC / f"{name}.py") if module.startswith("supportkit.")}
    assert own & (ABOVE | set(NAMES)) == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_loads_no_heavy_module_by_itself(name: str) -> None:
    tree = ast.parse((SRC / f"{name}.py").read_text(encoding="utf-8"))
    top = {
        (alias.name if isinstance(node, ast.Import) else node.module or "").split(".")[0]
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert top & HEAVY == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_metrics_tests_stand_in_a_file_of_its_name(name: str) -> None:
    assert (Path(__file__).parent / f"test_{name}.py").is_file(), f"write tests/test_{name}.py"
