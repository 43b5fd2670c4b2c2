"""Where supportkit.toml is looked for; apart from config.py so that a run without one loads no TOML."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

FILE_NAME: Final = "supportkit.toml"
Identity = tuple[int, int]
"""Device and number of a folder."""


def find_config(start: Path) -> Path | None:
    """The nearest supportkit.toml in a folder or above it."""
    for folder in (start, *start.parents):
        if os.path.isfile(folder / FILE_NAME):
            return folder / FILE_NAME
    return None


def find_beside(data: Iterable[Path]) -> Path | None:
    """The supportkit.toml in one of the folders that are read."""
    beside = [folder / FILE_NAME for folder in data if os.path.isdir(folder)]
    return next((file for file in beside if os.path.isfile(file)), None)


def comes_with(config: Path, data: Iterable[Path]) -> bool:
    """Whether a configuration may have come with the data that is read: it stands in its folder, above or below.

    Folders are compared by what they are and not by their names, so that no link and no spelling hides one. What comes
    through a pipe counts as lying in the working directory.
    """
    for path in data:
        if os.path.isdir(path) and _identity(path) in _above(config):
            return True
        from supportkit.exports.reading.found_files import find_files

        files = [file if os.path.isfile(file) else Path("stdin") for file in find_files([path])]
        if any(_above(file) & _folders(config) for file in files):
            return True
    return False


def _above(file: Path) -> set[Identity | None]:
    """All folders above a file, by its name and behind its links."""
    return {_identity(folder) for place in _places(file) for folder in place.parents} - {None}


def _folders(file: Path) -> set[Identity | None]:
    """The folder of a file, by its name and behind its links."""
    return {_identity(place.parent) for place in _places(file)}


def _places(file: Path) -> tuple[Path, Path]:
    return Path(os.path.abspath(file)), Path(os.path.realpath(file))


def _identity(folder: Path) -> Identity | None:
    try:
        found = os.stat(folder)
    except OSError:  # behind a link to nothing
        return None
    return found.st_dev, found.st_ino
