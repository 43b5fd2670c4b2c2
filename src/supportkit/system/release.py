"""The release that is running: what a store says of the loads that it made."""

from __future__ import annotations

import sys


def release() -> str:
    """Its version, which stands in the package that this module is of and that is there before it."""
    return str(sys.modules["supportkit"].__version__)
