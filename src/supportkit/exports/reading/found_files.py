"""The files that a load is asked for: which of a folder are looked at by their names, and which are left out.

A folder that has none says what lies in it.
"""

from __future__ import annotations

import glob
import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from supportkit.errors import DataError, NotAnExportError, SupportkitError
from supportkit.exports.reading.folders_below import folders_below
from supportkit.exports.reading.formats import SUFFIXES
from supportkit.store.address import HISTORY, MANIFEST

_TEXTS: Final = (".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl")
_SUFFIXES: Final = (*_TEXTS, *(f"{one}{packed}" for one in _TEXTS for packed in (".gz", ".zst")), ".zip", *SUFFIXES)
_READ: Final = "csv, tsv, txt, xlsx, ods, json, ndjson, parquet or sqlite"
_BESIDE_A_STORE: Final = (HISTORY, ".lock", ".wal")
_HISTORY: Final = b'{\n "acknowledged": ['
"""What a history of checks begins with, wherever it was put with --history."""
_NAMED: Final = 4
"""Files of a folder that are named where none can be read."""


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files that paths name: files, the exports in folders, patterns with * ? [ ], and - for standard input."""
    found: list[Path] = []
    for path in paths:
        try:
            found += _named_by(path)
        except OSError as error:  # a name that is too long, a folder that may not be entered
            raise DataError(f"{path}: cannot be read: {error.strerror}", hint="check its permissions") from error
    return list(dict.fromkeys(found))


def strays(paths: Iterable[Path]) -> list[Path]:
    """The files of folders that are not looked at, by their names: they hold nothing that could be read. Hidden files,
    stores and configurations are none of these."""
    folders = [path for path in paths if path.is_dir()]
    files = (file for folder in folders for file in sorted(folder.iterdir()) if not file.is_dir())
    return [file for file in files if not is_export(file) and not _is_ours(file)]


def no_kind(path: Path) -> NotAnExportError:
    """Why a stray is left out."""
    return NotAnExportError(f"{path}: is of no kind that is read", hint=_READ)


def _is_ours(file: Path) -> bool:
    """Whether a file is hidden, a store with what lies beside it, whatever it is called, or a configuration."""
    name = file.name
    ours = name[0] == "." or name in ("supportkit.toml", MANIFEST) or ".duckdb" in name
    return ours or name.endswith(_BESIDE_A_STORE) or _is_written_here(file)


def _is_written_here(file: Path) -> bool:
    """Whether a file is a database of DuckDB, as a store is, or a history of checks, by what it begins with."""
    with suppress(OSError):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as opened:
                head = opened.read(len(_HISTORY))
            return head[8:12] == b"DUCK" or head == _HISTORY
    return False


def _named_by(path: Path) -> list[Path]:
    """The files that one path names."""
    if str(path) == "-" or path.is_file():
        return [path]
    if path.is_dir():
        inside = sorted(p for p in path.iterdir() if is_export(p) and not _is_written_here(p))
        if not inside:
            raise _nothing_in(path)
        return inside
    if any(char in str(path) for char in "*?["):
        named = map(Path, glob.glob(str(path), recursive=True))
        matching = sorted(file for file in named if file.is_file() and not file.name.endswith(_BESIDE_A_STORE))
        if not matching:
            raise DataError(f"{path}: no file matches", hint="check the pattern")
        return matching
    if path.exists() or path.is_symlink():
        return [path]
    raise DataError(f"{path}: there is no such file", hint="check the spelling, or give a folder")


def _nothing_in(folder: Path) -> DataError:
    """What lies in a folder without exports, and what to do."""
    others = strays([folder])
    below = [one for one in folders_below(folder) if has_exports(one)]
    what = f"it has {listed(others)}" if others else "it has folders only" if below else "it is empty"
    if others and below:
        what += ", and folders with exports"
    hint = f"export tickets, orders, answers or events as {_READ}; or look at a sample shop first: supportkit demo"
    if below:
        hint = shlex.join(["supportkit", "load", *map(str, below[:_NAMED])])
    return DataError(f"{folder}: there is no file in this folder that can be read: {what}", hint=hint)


def has_exports(folder: Path) -> bool:
    """Whether a file of a folder is to be looked at; False of one that may not be entered."""
    with suppress(OSError):
        return any(map(is_export, folder.iterdir()))
    return False


def listed(files: Sequence[Path]) -> str:
    """The names of files, of many the first and how many more."""
    more = f" and {len(files) - _NAMED} more" if len(files) > _NAMED else ""
    return f"{', '.join(in_utf8(file.name) for file in files[:_NAMED])}{more}"


def is_export(path: Path) -> bool:
    """Whether a file of a folder is to be looked at, by its name."""
    name = path.name.lower()
    return name.endswith(_SUFFIXES) and not name.endswith(_BESIDE_A_STORE) and name[0] != "." and not path.is_dir()


def in_utf8(name: str) -> str:
    """A file's name as text that can be stored: names may hold bytes that are no characters."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@contextmanager
def with_folder(path: Path) -> Iterator[None]:
    """Puts a file's folder before its name in what is wrong with it, and in the command that shows what it may be."""
    try:
        yield
    except SupportkitError as error:
        folder = str(path)[: -len(path.name)]
        if not folder or not error.message.startswith(in_utf8(path.name)):
            raise
        alone = "supportkit load "
        hint = error.hint.replace(alone + shlex.quote(path.name), alone + shlex.quote(str(path)))
        raise type(error)(folder + error.message, hint=hint) from error
