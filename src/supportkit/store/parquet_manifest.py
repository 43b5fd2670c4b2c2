"""The manifest of a folder that a store was exported to: which files hold which table, their rows and hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final, cast

from supportkit.errors import DataError
from supportkit.store.address import MANIFEST
from supportkit.store.schema import LEDGER, REGISTERS, SCHEMA_VERSION, STORED
from supportkit.system.atomic_files import write_text
from supportkit.system.named import NamedTuple
from supportkit.system.release import release

PROGRAM: Final = "supportkit"
EXPORTED: Final = (*STORED, *LEDGER, *REGISTERS)
_AGAIN: Final = "export the store again"


class ExportedFile(NamedTuple):
    """A file of a table: its place below the folder, its rows, its size in bytes, and what its rows hash to."""

    table: str
    rows: int
    file: str
    bytes: int
    sha256: str
    fingerprint: str = ""


class Manifest(NamedTuple):
    """What a folder holds; `partition` is how its tables are cut into files, as --partition says it.

    Without files it is of a folder whose first export has not ended.
    """

    files: tuple[ExportedFile, ...]
    partition: str = ""
    release: str = ""
    schema: int = SCHEMA_VERSION

    def of(self, table: str) -> tuple[ExportedFile, ...]:
        """The files of one table, in order."""
        return tuple(one for one in self.files if one.table == table)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it, whole or not at all, as private as the tables beside it; it is the last thing written."""
    told = {
        "program": PROGRAM,
        "release": release(),
        "schema": SCHEMA_VERSION,
        "partition": manifest.partition,
        "files": [one._asdict() for one in manifest.files],
    }
    write_text(folder / MANIFEST, json.dumps(told, indent=1) + "\n", mode=0o600)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder; None where there is none of ours, and without files where other releases wrote it.

    Raises DataError where one of ours is not as it was written.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("program") != PROGRAM:
        return None
    schema, partition, listed = found.get("schema"), found.get("partition", ""), found.get("files")
    if type(schema) is not int or schema != SCHEMA_VERSION:
        return Manifest((), release=str(found.get("release")), schema=schema if type(schema) is int else 0)
    if not isinstance(listed, list) or not isinstance(partition, str):
        raise _not_as_written(folder)
    return Manifest(tuple(_file(folder, one) for one in listed), partition, str(found.get("release")), schema)


def _file(folder: Path, one: Any) -> ExportedFile:
    if not isinstance(one, dict):
        raise _not_as_written(folder)
    values: list[Any] = [one.get(name, ExportedFile._field_defaults.get(name)) for name in ExportedFile._fields]
    if [type(value) for value in values] != [str, int, str, int, str, str]:
        raise _not_as_written(folder)
    return ExportedFile(*values)


def _not_as_written(folder: Path) -> DataError:
    return DataError(f"{folder / MANIFEST}: is not the manifest that was written", hint=_AGAIN)


def readable(folder: Path) -> Manifest:
    """The manifest of a folder whose tables are those of this release. Raises DataError otherwise."""
    manifest = read_manifest(folder)
    if manifest is None:
        raise DataError(
            f"{folder}: has no {MANIFEST} of supportkit",
            hint=f"make such a folder: supportkit export --parquet {folder}",
        )
    if manifest.schema != SCHEMA_VERSION:
        raise DataError(
            f"{folder}: was exported by release {manifest.release}, whose tables are others",
            hint="export the store again with this release",
        )
    if not manifest.files:
        raise DataError(f"{folder}: the export to it was not finished", hint=_AGAIN)
    for one in manifest.files:
        if one.table not in EXPORTED:
            raise DataError(f"{folder}: {one.table} is no table of a store", hint=_AGAIN)
    return manifest


def place_of(folder: Path, one: ExportedFile) -> Path:
    """Where a file of a folder lies. Raises DataError for a place outside, and for a file of another size."""
    named = PurePosixPath(one.file)
    path = folder / named
    outside = named.is_absolute() or ".." in named.parts
    try:
        links = any((folder / part).is_symlink() for part in (named, *named.parents[:-1]))
        if not outside and not links and path.is_file() and path.stat().st_size == one.bytes:
            return path
    except (OSError, ValueError):  # a name that no file can have
        pass
    raise DataError(f"{folder / one.file[:200]}: is not the file that was exported", hint=_AGAIN)


def as_one_file(path: Path) -> str:
    """A path as DuckDB takes it, in which no sign stands for others."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


def files_of(folder: Path) -> Iterator[tuple[ExportedFile, Path]]:
    """The files of an exported store, each as it was exported. Raises DataError where one is not."""
    for one in readable(folder).files:
        path = place_of(folder, one)
        if digest(path) != one.sha256:
            raise DataError(f"{path}: is not the file that was exported", hint=_AGAIN)
        yield one, path


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(cast(Any, file), "sha256").hexdigest()
