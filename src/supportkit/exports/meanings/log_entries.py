"""What follows from the words of a log once they are read: a note is seen by no customer, and who wrote is an agent."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def tell_notes_and_writers(connection: DuckDBPyConnection, place: str, given: Collection[str]) -> None:
    """Make notes private where the export does not say who sees an entry, and the rest public; of who wrote, keep the
    names of agents and bots: those of customers are no business of a log."""
    if "kind" in given:
        private = "kind is not distinct from 'note'"
        unsaid = "public is null and public_as_written is null" if "public" in given else private
        connection.execute(f"update {place} set public = not ({private}) where {unsaid}")
    if "agent" in given:
        theirs = "agent is not null and sender not in ('agent', 'bot')"
        connection.execute(f"update {place} set agent = null where {theirs}")
