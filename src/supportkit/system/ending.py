"""The end of a process that runs one command: the system takes back at once what would be freed piece by piece."""

from __future__ import annotations

_left: list[object] | None = None


def ends_soon(*, after_this: bool = True) -> None:
    """Say that the process ends after this command, by leaving and not by freeing; or that it goes on."""
    global _left
    _left = [] if after_this else None


def left_to_the_end(thing: object) -> bool:
    """Whether a thing need not be closed, because the process ends soon; it is held until then."""
    if _left is None:
        return False
    _left.append(thing)
    return True
