"""The names that an export has in its folder: whose they are, and what lies there that no manifest names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from supportkit.errors import DataError, UsageError
from supportkit.store.address import MANIFEST
from supportkit.store.parquet_manifest import EXPORTED, Manifest, read_manifest

SUFFIX: Final = ".parquet"
UNFINISHED: Final = f"{SUFFIX}.part"
"""How a file ends that was not renamed yet."""


def hidden_name(target: Path) -> Path:
    """Where a file is written before it takes its place."""
    return target.with_name(f".{target.name}.part")


def own_folder(folder: Path) -> Manifest | None:
    """The manifest of a folder that an export may write to; None where nothing of an export's names is there.

    Raises UsageError where something is and no export of ours made it, or where a table's folder is a link.
    """
    places = [folder / name for table in EXPORTED for name in (table, f"{table}{SUFFIX}")]
    try:
        manifest = read_manifest(folder)
    except DataError:  # ours, and damaged: all is written anew
        manifest = Manifest(())
    if manifest is None:
        for place in (folder / MANIFEST, *places):
            if os.path.lexists(place):
                raise UsageError(
                    f"{folder}: has {place.name}, which no export of supportkit wrote",
                    hint="name an empty folder, or move away what is in this one",
                )
    for table in EXPORTED:
        _refuse_links(folder / table)
    return manifest


def _refuse_links(top: Path) -> None:
    """Raise UsageError where a folder of a table, or one in it, is a link: rows would be written elsewhere."""
    within = (Path(place, name) for place, inner, _ in os.walk(top) for name in inner)
    for one in (top, *within):
        if one.is_symlink():
            raise UsageError(f"{one}: is a link to another folder", hint="remove the link, then export again")


def remove_unfinished(folder: Path) -> None:
    """Remove what an export that was killed had not renamed. Raises OSError where it cannot."""
    for path in _own_files(folder):
        if path.name.endswith(UNFINISHED):
            path.unlink()


def remove_unnamed(folder: Path, manifest: Manifest) -> None:
    """Remove the files of tables that no manifest names, and the folders that are empty then.

    They hold rows of before, which other programs would count, and of persons who were erased. Raises OSError where
    one cannot be removed.
    """
    named = {folder / one.file for one in manifest.files}
    for path in _own_files(folder):
        if path not in named:
            path.unlink()
            with suppress(OSError):
                for parent in list(path.relative_to(folder).parents)[:-1]:
                    (folder / parent).rmdir()


def _own_files(folder: Path) -> Iterator[Path]:
    """The files of an export's names: those of its tables, and all of Parquet in the folders of its tables."""
    for table in EXPORTED:
        flat = folder / f"{table}{SUFFIX}"
        yield from (path for path in (flat, hidden_name(flat)) if path.is_symlink() or path.is_file())
        for place, _, names in os.walk(folder / table, topdown=False):
            yield from (Path(place, name) for name in names if name.endswith((SUFFIX, UNFINISHED)))
