"""How files come in: recognise, read, type, mask, merge."""

from __future__ import annotations

from supportkit.exports.loading import Loaded, LoadOptions, load

__all__ = ["LoadOptions", "Loaded", "load"]
