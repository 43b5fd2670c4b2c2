"""Messages for people: to stderr, and safe for a terminal whatever they name."""

from __future__ import annotations

import sys

from supportkit.render.escaping import for_terminal


def say(text: str) -> None:
    """A message for people: to stderr, made safe for a terminal line by line."""
    for line in text.splitlines():
        sys.stderr.write(for_terminal(line) + "\n")
