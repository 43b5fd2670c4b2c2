"""A whole store as Parquet files: for other programs, to be read where it lies, and to be loaded again.

Rows stand in a fixed order. Of a folder that was written before, only the files whose rows changed are written anew;
they are written beside and renamed, and the manifest, which is written last, says which files count. What no manifest
names is taken away by every export, whatever ended the one before.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError
from supportkit.result import Result, Scope, count, detail, key
from supportkit.store.exported_names import hidden_name, own_folder, remove_unfinished, remove_unnamed
from supportkit.store.parquet_manifest import (
    EXPORTED,
    ExportedFile,
    Manifest,
    digest,
    place_of,
    write_manifest,
)
from supportkit.store.parquet_partitions import Partitioning, fingerprint_sql, month_sql, order_of
from supportkit.store.schema import SCHEMA_VERSION, STORED, columns_of
from supportkit.system.atomic_files import output_lock, privately
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from supportkit.store.store import Store

PARTS: Final = "select {keys}, count(*), {fingerprint} from main.{table} group by all order by all"
COPY: Final = "copy (select {columns} from {table} where {where} order by {order}) to $file (format parquet)"
MONTH: Final = """
create or replace temp table exported_month as
select *, {person} as exported_person from main.{table} where {of_month} order by exported_person, {order}
"""


class _Part(NamedTuple):
    """A file to be: the values of its folders, by their names, and what of it is known already."""

    folders: dict[str, str]
    file: ExportedFile


@privately()
def write_parquet(store: Store, folder: Path, partition: Partitioning = Partitioning()) -> Result:  # noqa: B008
    """Write the tables that have rows.

    Raises DataError where the folder cannot be written, UsageError where it has files that no export of ours wrote,
    BusyError where another run is writing it.
    """
    with output_lock(Path(os.path.realpath(folder))):
        parts, written = _export(store, folder, partition)
    columns = (key("table"), count("rows"), count("files"), count("written"), detail("place", "text"))
    rows = [
        (
            table,
            sum(part.file.rows for part in found),
            len(found),
            written[table],
            str(folder / (found[0].file.file if not found[0].folders else table)),
        )
        for table, found in parts.items()
    ]
    return Result(
        "export",
        "Parquet files",
        "written: files whose rows changed since the last export to this folder, which are written anew",
        columns,
        tuple(rows),
        notes=(
            f"supportkit --db parquet:{folder} reads it where it lies; supportkit load {folder} makes the same store",
        ),
        scope=Scope(period="", rows=len(rows)),
    )


def _export(store: Store, folder: Path, partition: Partitioning) -> tuple[dict[str, list[_Part]], dict[str, int]]:
    """Bring a folder to what the store has; returns the files of each table, and how many of them were written."""
    from supportkit.system.duckdb_engine import duckdb

    parts: dict[str, list[_Part]] = {}
    staged: dict[Path, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = own_folder(folder)
        known = tuple(_standing(folder, before)) if before and before.schema == SCHEMA_VERSION else ()
        for table in EXPORTED:
            if store.has(table) and (found := _parts(store, table, partition)):
                parts[table] = found
        if not any(table in STORED for table in parts):
            raise DataError("there is no row to export", hint="load something first")
        if before is None:  # the folder is ours from here on, whatever ends this
            write_manifest(folder, Manifest((), str(partition)))
        remove_unfinished(folder)
        files, written = [], dict.fromkeys(parts, 0)
        kept = {(one.file, one.fingerprint): one for one in known}
        for table, found in parts.items():
            changed = [part for part in found if (part.file.file, part.file.fingerprint) not in kept]
            written[table] = len(changed)
            made = dict(_write(store, folder, table, changed, partition, staged))
            files += [made.get(part.file.file) or kept[part.file.file, part.file.fingerprint] for part in found]
        _swap(folder, staged, Manifest(tuple(files), str(partition)))
    except (OSError, duckdb.IOException, duckdb.PermissionException) as error:
        if "No space left" in str(error):
            raise DataError(f"{folder}: the disk is full", hint="free some space and export again") from error
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        raise DataError(f"{folder}: cannot be written: {why}", hint="name a folder that you may write") from error
    finally:
        for hidden in staged:
            with suppress(OSError):
                hidden.unlink()
    return parts, written


def _standing(folder: Path, manifest: Manifest) -> Iterable[ExportedFile]:
    """The files of an earlier export that lie there as they were written, to the last bit."""
    for one in manifest.files:
        with suppress(DataError, OSError):
            if digest(place_of(folder, one)) == one.sha256:
                yield one


def _parts(store: Store, table: str, partition: Partitioning) -> list[_Part]:
    """The files of a table, in the order of their folders; none of one without rows."""
    from supportkit.system.duckdb_engine import duckdb

    keys = partition.keys(table)
    named = ", ".join(f"{sql} as {name}" for name, sql in keys.items()) or "1 as whole"
    sql = PARTS.format(keys=named, fingerprint=fingerprint_sql(table), table=table)
    found = []
    for *values, rows, hashed in store.rows(sql):
        if not rows:
            continue
        folders = dict(zip(keys, map(str, values), strict=True)) if keys else {}
        mark = f"{duckdb.__version__} {rows} {hashed}"
        place = "/".join((table, *(f"{name}={value}" for name, value in folders.items()), f"{_short(mark)}.parquet"))
        found.append(_Part(folders, ExportedFile(table, rows, place if keys else f"{table}.parquet", 0, "", mark)))
    return found


def _short(mark: str) -> str:
    """A name for a state of a file: one that reads an older state finds that gone, and never half of each."""
    import hashlib

    return hashlib.sha256(mark.encode()).hexdigest()[:16]


def _write(
    store: Store,
    folder: Path,
    table: str,
    parts: Sequence[_Part],
    partition: Partitioning,
    staged: dict[Path, Path],
) -> Iterable[tuple[str, ExportedFile]]:
    """Write the files of a table that changed beside their places; `staged` says where each one goes."""
    keys, order = partition.keys(table), order_of(table)
    columns = ", ".join(field.name for field in columns_of(table))
    months: dict[str, list[_Part]] = {}
    for part in parts:
        months.setdefault(part.folders.get("month", ""), []).append(part)
    by_person = "person" in keys
    for month, files in months.items():
        source = f"main.{table}"
        where, given = month_sql(table, month) if month else ("true", {})
        if by_person:  # one scan of a month, and its rows by person: each file is a piece of it
            made = MONTH.format(table=table, order=order, person=keys["person"], of_month=where)
            store.engine.rows(made, given)
            source, where = "temp.exported_month", "exported_person = $person"
        for part in files:
            target = folder / part.file.file
            hidden = hidden_name(target)
            target.parent.mkdir(parents=True, exist_ok=True)
            staged[hidden] = target
            if by_person:
                given = {"person": part.folders["person"]}
            copy = COPY.format(columns=columns, table=source, where=where, order=order)
            store.engine.rows(copy, {"file": str(hidden), **given})
            yield part.file.file, part.file._replace(bytes=hidden.stat().st_size, sha256=digest(hidden))
    if by_person and months:
        store.engine.rows("drop table temp.exported_month", {})


def _swap(folder: Path, staged: dict[Path, Path], manifest: Manifest) -> None:
    """Put what was written in its place, then the manifest, and take away what no longer counts."""
    for hidden, target in staged.items():
        os.replace(hidden, target)
    staged.clear()
    write_manifest(folder, manifest)
    remove_unnamed(folder, manifest)
