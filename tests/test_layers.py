"""How the files hang together: no circle, no name with two meanings, nothing heavy in a metric by itself."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from supportkit.metrics import FOLDERS, NAMES

SRC = Path(__file__).parent.parent / "src" / "supportkit"
HEAVY = {"duckdb", "_duckdb", "pandas", "numpy", "scipy", "sklearn", "rich", "jinja2", "phonenumbers", "typer"}


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_loads_no_heavy_module_by_itself(name: str) -> None:
    tree = ast.parse((SRC / FOLDERS.get(name, "").replace(".", "/") / f"{name}.py").read_text(encoding="utf-8"))
    top = {
        (alias.name if isinstance(node, ast.Import) else node.module or "").split(".")[0]
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert top & HEAVY == set()


def modules() -> dict[str, Path]:
    """Every module of the package by its name."""
    found = {}
    for file in SRC.rglob("*.py"):
        parts = file.relative_to(SRC.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


MODULES: Final = modules()


def imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The modules of the package that are imported, in functions too; what only types need is not."""
    for node in nodes:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                within = f"{node.module}.{alias.name}"
                yield within if within in MODULES else node.module or ""
        yield from imported(ast.iter_child_nodes(node))


def circles(arrows: Mapping[str, set[str]]) -> list[list[str]]:
    """What is left when whatever leads nowhere, and whatever nothing leads to, is taken away again and again."""
    left = {name: {to for to in tos if to in arrows and to != name} for name, tos in arrows.items()}
    while True:
        led_to = {to for tos in left.values() for to in tos}
        gone = {name for name, tos in left.items() if not tos or name not in led_to}
        if not gone:
            return [sorted([name, *tos]) for name, tos in sorted(left.items())]
        left = {name: tos - gone for name, tos in left.items() if name not in gone}


def test_what_is_left_of_a_circle_is_the_circle() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == [["b", "c"], ["b", "c"]]


def test_no_modules_import_one_another_in_a_circle() -> None:
    arrows = {name: set(imported([ast.parse(file.read_text(encoding="utf-8"))])) for name, file in MODULES.items()}
    assert sum(map(len, arrows.values())) > 1000
    assert circles(arrows) == []


def test_the_root_holds_the_metrics_and_what_everything_speaks_of() -> None:
    others = {file.stem for file in SRC.glob("*.py")} - {name.replace("-", "_") for name in NAMES}
    spoken = {"__init__", "__main__", "cli", "config", "errors", "metrics", "period", "request", "result"}
    assert others == spoken, "what serves a stage or a family stands in its folder"


ONE_MEANING: Final = {"day_columns", "slices"}
"""Names that stand in two stages for one thing: what a file or a rule says of it, and what it is."""


def test_no_two_files_of_one_name_have_two_meanings() -> None:
    """But for what commands are called after, and what a metric may offer, which its family makes."""
    places: dict[str, list[str]] = {}
    for file in SRC.rglob("*.py"):
        if file.stem != "__init__":
            places.setdefault(file.stem, []).append(file.parent.name)
    offered = {file.stem for file in (SRC / "offers").glob("*.py")} | {"findings"}
    twice = {
        name: sorted(folders)
        for name, folders in places.items()
        if len(set(folders) - {"commands"}) > 1 and name not in offered | ONE_MEANING
    }
    assert twice == {}


BY_NAME: Final = {
    "supportkit": "the library's metrics",
    "supportkit.cli": "a command's function",
    "supportkit.metrics": "a metric's file",
    "supportkit.render": "a format's file",
    "supportkit.exports.reading.formats": "a format's reader",
    "supportkit.exports.reading.files": "the archive format that Python has from 3.14 on",
}


def test_a_module_is_imported_by_a_text_only_where_a_list_of_files_asks_for_it() -> None:
    found = {name for name, file in MODULES.items() if "import_module(" in file.read_text(encoding="utf-8")}
    assert found == set(BY_NAME)
