"""Nothing outside of store/ and exports/ knows what lies behind a store: no connection, no DuckDB, no catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import supportkit

ROOT = Path(supportkit.__file__).parent
INSIDE = ("store", "exports")
WRITES_A_FILE = ROOT / "render" / "parquet.py"  # by DuckDB, as others by XlsxWriter: it knows no store
OUTSIDE = sorted(file for file in ROOT.rglob("*.py") if file.relative_to(ROOT).parts[0] not in INSIDE)
OUTSIDE.remove(WRITES_A_FILE)
OUTSIDE.remove(ROOT / "system" / "duckdb_engine.py")
DUCKDB = {"duckdb", "_duckdb"}
NAMES = {"connection", "engine", "execute", "executemany", "fetchone", "fetchall", "fetchmany", "fetchnumpy", "cursor"}
SQL = re.compile(
    r"\bduckdb_\w+\s*\(|\bcurrent_setting\s*\(|\binformation_schema\b|\bpragma\b|\btemp\.\w"
    r"|\b(?:create|alter|drop|insert\s+into|delete\s+from|attach|copy)\s+(?:or\s+replace\s+)?(?:temp\w*\s+)?"
    r"(?:table|view|macro|schema|main\.)",
    re.IGNORECASE,
)


def asks_duckdb(module: str) -> bool:
    """Whether a module is DuckDB's, or the one of ours that gives its engine."""
    return module.split(".")[0] in DUCKDB or module.endswith("duckdb_engine")


def breaches(source: str) -> Iterator[str]:
    """What a module says that only the store may."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in NAMES:
            yield f"line {node.lineno}: .{node.attr}"
        elif isinstance(node, ast.Import) and any(alias.name.split(".")[0] in DUCKDB for alias in node.names):
            yield f"line {node.lineno}: import duckdb"
        elif isinstance(node, ast.ImportFrom) and asks_duckdb(node.module or ""):
            yield f"line {node.lineno}: from duckdb"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and (found := SQL.search(node.value)):
            yield f"line {node.lineno}: {found[0]!r}"


@pytest.mark.parametrize("file", OUTSIDE, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_outside_asks_the_store_and_no_database(file: Path) -> None:
    assert list(breaches(file.read_text(encoding="utf-8"))) == []


def test_make_check_holds_the_seam_and_the_layers() -> None:
    makefile = (Path(__file__).parent.parent / "Makefile").read_text(encoding="utf-8")
    _, _, after = makefile.partition("\ncheck:")
    recipe, _, _ = after.partition("\n\n")
    assert {"tests/test_store_seam.py", "tests/test_layers.py"} <= set(recipe.split())
    assert "lint-imports" in recipe


@pytest.mark.parametrize(
    "source",
    [
        "store.connection.execute('select 1')",
        "import duckdb",
        "from duckdb import DuckDBPyConnection",
        "import _duckdb",
        "from supportkit.system.duckdb_engine import duckdb",
        "def f():\n    import duckdb.typing",
        "SQL = 'create temp table t as select 1'",
        "SQL = 'select * from temp.ticket_topic'",
        "SQL = 'select count(*) from duckdb_tables()'",
        "SQL = f'select current_setting({name})'",
        "SQL = 'insert into main.tickets select 1'",
        "run = store.engine.rows",
    ],
)
def test_the_lint_sees_a_breach(source: str) -> None:
    assert list(breaches(source))
