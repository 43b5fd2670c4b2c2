"""How files come in: recognise, read, type, mask, merge."""

from __future__ import annotations

from supportkit.exports.load_options import LoadOptions
from supportkit.exports.loaded import Loaded
from supportkit.exports.loading import load

__all__ = ["LoadOptions", "Loaded", "load"]
