"""What stands in a column of agents where there is none: `No Agent`, `Unassigned`, in five languages."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).parent / "nobody.toml"


@cache
def nobody() -> tuple[str, ...]:
    """The texts that name no agent."""
    content = tomllib.loads(_FILE.read_text("utf-8"))
    return tuple(dict.fromkeys(text for texts in content.values() for text in texts))
