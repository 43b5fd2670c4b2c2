"""DuckDB's engine, as `duckdb`, without the layer of relations and expressions that its Python package puts over it.

`import duckdb` loads that layer, which takes three times as long as the engine, and no query of ours asks for it. The
classes are the same in both; where a version has its engine elsewhere, this is the whole package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["duckdb"]

if TYPE_CHECKING:
    import duckdb
else:
    try:
        import _duckdb as duckdb
        from _duckdb import DuckDBPyConnection, Error, StatementType, __version__, connect  # noqa: F401  # what we need
    except ImportError:
        import duckdb
