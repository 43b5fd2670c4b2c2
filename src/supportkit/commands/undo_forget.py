"""The commands that take back what was loaded."""

from __future__ import annotations

from typing import Annotated

import typer

from supportkit.commands.output import emit
from supportkit.commands.shared_options import Shared, configuration, refuse_cut, stored
from supportkit.store import listings


def undo_command(shared: Shared) -> None:
    """Go back to the file before the last load."""
    from supportkit.store.shadow_copy import undo

    refuse_cut(shared)
    emit([listings.undone(undo(stored(shared, configuration(shared), "undo")))], shared)


def forget_command(
    people: Annotated[list[str], typer.Argument(metavar="EMAIL|PHONE|ID...", help="The person, as the exports say.")],
    shared: Shared,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only.")] = False,
) -> None:
    """Erase a person from every table and file of the store, and from later loads."""
    from supportkit.exports.forgetting import forget

    refuse_cut(shared)
    done = forget(stored(shared, configuration(shared), "forget"), people, dry_run=dry_run)
    emit([listings.receipt(done.rows, done.named, dry_run=dry_run)], shared)
