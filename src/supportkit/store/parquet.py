"""A whole store as Parquet files, for other programs and to be loaded again; rows in a fixed order, files whole or not
at all. The manifest, which is written last, names the files with their rows and hashes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from supportkit.errors import DataError
from supportkit.result import Result, Scope, count, detail, key
from supportkit.store.schema import LEDGER, REGISTERS, SCHEMA_VERSION, STORED
from supportkit.system.atomic_files import write_text
from supportkit.system.release import release

if TYPE_CHECKING:
    from supportkit.store.store import Store

MANIFEST: Final = "manifest.json"
PROGRAM: Final = "supportkit"
COPY: Final = "copy (select * from main.{table} order by {order}) to $file (format parquet)"


def write_parquet(store: Store, folder: Path) -> Result:
    """Write `<table>.parquet` for every table that has rows. Raises DataError where the folder cannot be written."""
    import duckdb

    rows: list[tuple[str, int, str]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            (folder / MANIFEST).unlink()
        for name in (*STORED, *LEDGER, *REGISTERS):
            if store.has(name) and (number := int(store.rows(f"select count(*) from main.{name}")[0][0])):
                rows.append((name, number, str(_write(store, folder, name))))
        if any(name in STORED for name, _, _ in rows):
            write_text(folder / MANIFEST, json.dumps(_manifest(rows), indent=1) + "\n")
    except (OSError, duckdb.IOException) as error:
        if "No space left" in str(error):
            raise DataError(f"{folder}: the disk is full", hint="free some space and export again") from error
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        raise DataError(f"{folder}: cannot be written: {why}", hint="name a folder that you may write") from error
    if not any(name in STORED for name, _, _ in rows):
        raise DataError("there is no row to export", hint="load something first")
    columns = (key("table"), count("rows"), detail("file", "text"))
    return Result(
        "export",
        "Parquet files",
        "one file a table, every column; supportkit load FOLDER makes the same store of them",
        columns,
        tuple(rows),
        scope=Scope(period="", rows=len(rows)),
    )


def _write(store: Store, folder: Path, name: str) -> Path:
    """One table as a file, which is there whole or not at all."""
    target, partial = folder / f"{name}.parquet", folder / f".{name}.parquet.part"
    order = f"source, {STORED[name].key or 'source_row'}, content_hash, occurrence" if name in STORED else "all"
    try:
        store.connection.execute(COPY.format(table=name, order=order), {"file": str(partial)})
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _manifest(rows: list[tuple[str, int, str]]) -> dict[str, Any]:
    files = [
        {"table": name, "rows": number, "file": Path(file).name, "sha256": _digest(Path(file))}
        for name, number, file in rows
    ]
    return {"program": PROGRAM, "release": release(), "schema": SCHEMA_VERSION, "files": files}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(cast(Any, file), "sha256").hexdigest()


def exported(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder that a store was exported to; None where there is none of ours."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("program") == PROGRAM else None


def files_of(folder: Path, manifest: dict[str, Any]) -> Iterator[tuple[str, int, Path]]:
    """The tables of an exported store, their rows and files. Raises DataError where one is not what was written."""
    if manifest.get("schema") != SCHEMA_VERSION:
        raise DataError(
            f"{folder}: was exported by release {manifest.get('release')}, whose tables are others",
            hint="export the store again with this release",
        )
    listed = manifest.get("files")
    for one in listed if isinstance(listed, list) else ():
        name, file = str(one.get("table")), folder / Path(str(one.get("file"))).name
        if name not in {*STORED, *LEDGER, *REGISTERS}:
            raise DataError(f"{folder}: {name} is no table of a store", hint="export the store again")
        if not file.is_file() or _digest(file) != one.get("sha256"):
            raise DataError(f"{file}: is not the file that was exported", hint="export the store again")
        yield name, int(one.get("rows", 0)), file
