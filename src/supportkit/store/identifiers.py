"""Names in SQL: quoted here and nowhere else, so that no name is ever read as a part of a statement."""

from __future__ import annotations


def quoted(*names: str) -> str:
    """A name, or the parts of one, as SQL reads them: `quoted("main", "tickets")` is "main"."tickets"."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)
