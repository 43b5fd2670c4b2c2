"""The folders below one, near ones first: where exports may lie when it has none itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

DEEPEST: Final = 5
MOST: Final = 200
"""Folders that are looked into."""


def folders_below(folder: Path) -> Iterator[Path]:
    """The folders below, those of one depth by name; hidden ones, links and what may not be entered are left out."""
    level, seen = _inside(folder), 0
    for _ in range(DEEPEST):
        yield from level[: MOST - seen]
        seen += len(level)
        level = [below for one in level[:MOST] for below in _inside(one)] if seen < MOST else []


def _inside(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(one for one in folder.iterdir() if one.name[0] != "." and one.is_dir() and not one.is_symlink())
    return []
