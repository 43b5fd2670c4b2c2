"""The tables as Parquet files, for other programs; rows in a fixed order, files whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError
from supportkit.result import Result, Scope, count, detail, key
from supportkit.store.schema import PARTS, TABLES

if TYPE_CHECKING:
    from supportkit.store.store import Store

COPY: Final = (
    "copy (select * from main.{table} order by source, {key}, content_hash, occurrence) to $file (format parquet)"
)


def write_parquet(store: Store, folder: Path) -> Result:
    """Write `<table>.parquet` for every table that has rows. Raises DataError where the folder cannot be written."""
    import duckdb

    rows: list[tuple[str, int, str]] = []
    partial = folder / ".parquet.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for table in (TABLES | PARTS).values():
            number = int(store.rows(f"select count(*) from main.{table.name}")[0][0])
            if not number:
                continue
            target = folder / f"{table.name}.parquet"
            partial = folder / f".{table.name}.parquet.part"
            query = COPY.format(table=table.name, key=table.key or "source_row")
            store.connection.execute(query, {"file": str(partial)})
            os.replace(partial, target)
            rows.append((table.name, number, str(target)))
    except (OSError, duckdb.IOException) as error:
        with suppress(OSError):
            partial.unlink()
        if "No space left" in str(error):
            raise DataError(f"{folder}: the disk is full", hint="free some space and export again") from error
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        raise DataError(f"{folder}: cannot be written: {why}", hint="name a folder that you may write") from error
    if not rows:
        raise DataError("there is no row to export", hint="load something first")
    columns = (key("table"), count("rows"), detail("file", "text"))
    return Result(
        "export",
        "Parquet files",
        "one file a table, every column",
        columns,
        tuple(rows),
        scope=Scope(period="", rows=len(rows)),
    )
