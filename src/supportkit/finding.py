"""Where supportkit.toml is looked for; apart from config.py so that a run without one loads no validator."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

FILE_NAME: Final = "supportkit.toml"


def find_config(start: Path) -> Path | None:
    """The nearest supportkit.toml in a folder or above it."""
    for folder in (start, *start.parents):
        if os.path.isfile(folder / FILE_NAME):
            return folder / FILE_NAME
    return None
