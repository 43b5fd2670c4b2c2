"""The commands that take back what was loaded."""

from __future__ import annotations

from typing import Annotated

import typer

from supportkit.commands.output import print_results
from supportkit.commands.shared_options import SharedOptions, existing_store, load_config, refuse_filters
from supportkit.store import listings


def undo_command(shared: SharedOptions) -> None:
    """Go back to the file before the last load."""
    from supportkit.store.shadow_copy import undo

    refuse_filters(shared)
    print_results([listings.undo_listing(undo(existing_store(shared, load_config(shared), "undo")))], shared)


def forget_command(
    people: Annotated[list[str], typer.Argument(metavar="EMAIL|PHONE|ID...", help="The person, as the exports say.")],
    shared: SharedOptions,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only.")] = False,
) -> None:
    """Erase a person from every table and file of the store, and from later loads."""
    from supportkit.exports.people.forgetting import forget

    refuse_filters(shared)
    done = forget(existing_store(shared, load_config(shared), "forget"), people, dry_run=dry_run)
    print_results([listings.erasure_receipt(done.rows, done.named, dry_run=dry_run)], shared)
