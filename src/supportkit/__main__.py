"""`python -m supportkit`."""

from __future__ import annotations

from supportkit.cli import main

main()
