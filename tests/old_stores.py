"""Stores as earlier releases made them."""

from __future__ import annotations

from pathlib import Path

import duckdb

FIXTURES = Path(__file__).parent / "fixtures"


def store_0_1_0(path: Path) -> Path:
    """A store of schema 1, made anew from what fixtures/make_store_0_1_0.py wrote down."""
    with duckdb.connect(str(path), config={"storage_compatibility_version": "v1.2.0"}) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute("begin; " + (FIXTURES / "store_0_1_0.sql").read_text(encoding="utf-8") + "commit; checkpoint")
    return path
