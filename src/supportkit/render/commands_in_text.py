"""Commands in the notes of a result: where one stands, and the note without it."""

from __future__ import annotations

from typing import Final

from supportkit.system.late_patterns import late

COMMAND: Final = late(r"(?<=\()supportkit [^)]*|(?:(?<=[:;,] )|\A)supportkit (?!(?:and|or|has|have)\b)[a-z-]+.*")
"""A command in a note: in brackets, or behind a mark up to its end. The name of a source is none, nor in a list."""


def parted(note: str) -> tuple[str, str]:
    """A note without the command that it names, and that command; empty where it names none."""
    found = COMMAND.search(note)
    if found is None:
        return note, ""
    return note[: found.start()].rstrip(" :(") + note[found.end() :].removeprefix(")"), found[0]
