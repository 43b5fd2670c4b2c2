"""How files come in: recognise, read, type, mask, merge."""

from __future__ import annotations

from supportkit.exports.file_load import Loaded, LoadOptions, load

__all__ = ["LoadOptions", "Loaded", "load"]
