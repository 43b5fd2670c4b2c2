"""A metric loads nothing heavy by itself; which folder may import which is held by import-linter."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from supportkit.metrics import NAMES

SRC = Path(__file__).parent.parent / "src" / "supportkit"
HEAVY = {"duckdb", "pandas", "numpy", "scipy", "sklearn", "rich", "jinja2", "phonenumbers", "typer"}


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
