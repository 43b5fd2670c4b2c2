"""DuckDB's engine without its Python layer is the same engine, and the whole package is taken where it is elsewhere."""

from __future__ import annotations

import builtins
import importlib
import sys
from typing import Any

import _duckdb
import duckdb
import pytest

from supportkit.system import duckdb_engine


def test_the_engine_has_the_classes_of_the_package() -> None:
    engine = duckdb_engine.duckdb
    assert engine is _duckdb
    assert engine.__version__ == duckdb.__version__
    for name in ("connect", "DuckDBPyConnection", "Error", "IOException", "InterruptException", "StatementType"):
        assert getattr(engine, name) is getattr(duckdb, name)


def test_the_package_is_taken_where_the_engine_is_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    plainly = builtins.__import__

    def without_engine(name: str, given: Any = None, *more: Any) -> Any:
        if name == "_duckdb" and given and given["__name__"] == duckdb_engine.__name__:
            raise ImportError(name)
        return plainly(name, given, *more)

    monkeypatch.setattr(builtins, "__import__", without_engine)
    monkeypatch.delitem(sys.modules, duckdb_engine.__name__)
    assert importlib.import_module(duckdb_engine.__name__).duckdb is duckdb
