"""What stands in a column of agents where there is none: `No Agent`, `Unassigned`, in ten languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from supportkit.exports.toml_tables import toml_table

_FILE: Final = Path(__file__).parent / "nobody.toml"


@cache
def nobody() -> tuple[str, ...]:
    """The texts that name no agent."""
    content = toml_table(_FILE)
    return tuple(dict.fromkeys(text for texts in content.values() for text in texts))
