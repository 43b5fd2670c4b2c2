"""DuckDB on this machine over a folder of Parquet files: nothing is copied, and nothing is ever written."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from supportkit.errors import DataError
from supportkit.store.engines.duck import Duck
from supportkit.store.file_errors import fault_of_the_folder
from supportkit.store.parquet_manifest import Manifest, as_one_file, place_of, readable
from supportkit.store.schema import REGISTERS, columns_of, ddl
from supportkit.store.written_query import literal
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class ParquetFolder(Duck):
    """A connection whose tables are views over the files of a folder."""

    manifest: Manifest = field(default_factory=lambda: Manifest(()), repr=False, compare=False)

    @property
    def told(self) -> str:
        """What answers, in words."""
        files, cut = len(self.manifest.files), self.manifest.partition
        return f"{super().told} over {files:,} Parquet files{f', by {cut}' if cut else ''}"

    def has(self, table: str) -> bool:
        """Whether there is such a table: one of ours that an older store may lack, or one that is kept."""
        return table in self.kept or table not in REGISTERS or bool(self.manifest.of(table))


def show_files(connection: DuckDBPyConnection, folder: Path) -> Manifest:
    """Make the tables of a folder visible, each as a view over its files and empty where it has none.

    Raises DataError where a file is missing, has another size than was written, or lacks a column.
    """
    from supportkit.store.bi_views import VIEWS
    from supportkit.store.migrations import OURS
    from supportkit.system.duckdb_engine import duckdb

    manifest = readable(folder)
    statements = ["begin"]
    for table in OURS:
        files = [as_one_file(place_of(folder, one)) for one in manifest.of(table)]
        if not files:
            statements.append(ddl([table]).rstrip(";"))
            continue
        columns = ", ".join(f"cast({one.name} as {one.type}) as {one.name}" for one in columns_of(table))
        source = f"read_parquet({literal(files)}, hive_partitioning = false)"
        statements.append(f"create view main.{table} as select {columns} from {source}")
    try:
        connection.execute("; ".join((*statements, VIEWS, "commit")))
    except duckdb.Error as error:
        told = DataError(f"{folder}: {str(error).splitlines()[0]}", hint="export the store again")
        raise fault_of_the_folder(folder, error) or told from error
    return manifest
