"""How files come in: recognise, read, type, mask, merge."""

from __future__ import annotations

from supportkit.exports.loaded import Loaded
from supportkit.exports.loading import load
from supportkit.exports.recognising.load_options import LoadOptions

__all__ = ["LoadOptions", "Loaded", "load"]
