"""What a metric's signature says of its parameters beyond their types; the command line is made from it."""

from __future__ import annotations

from supportkit.system.frozen import dataclass


@dataclass(frozen=True)
class Dimension:
    """The parameter names up to two columns of a table to split the figures by."""

    table: str


@dataclass(frozen=True)
class FromConfig:
    """The parameter is read from a section of supportkit.toml and is no option of the command."""

    section: str
