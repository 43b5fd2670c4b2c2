"""The command that shows one customer's way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from supportkit.commands.arranging import Arrangement, Columns, Top, arranged, take_arrangement
from supportkit.commands.linking import with_links
from supportkit.commands.metric import finish
from supportkit.commands.shared_options import SharedOptions, load_config, open_selected, period_of, refuse_filters
from supportkit.errors import UsageError
from supportkit.explaining.customer import TABLES, customer
from supportkit.explaining.identities import addresses_of


def customer_command(
    shared: SharedOptions,
    person: Annotated[str, typer.Argument(metavar="ID|EMAIL", help="The customer's id, e-mail or phone.")],
    identities: Annotated[
        Path | None,
        typer.Option("--identities", help="A CSV of yours: addresses of one person in one line.", readable=False),
    ] = None,
    top: Top = None,
    columns: Columns = None,
) -> None:
    """One person's way: orders, events, tickets, messages, answers, promises, value."""
    refuse_filters(shared, but=("--period", "--since", "--until", "--as-of"), hint="the person is the condition")
    named = person.strip()
    if not named:
        raise UsageError("customer: an empty id", hint="supportkit customer anna@example.org")
    config = load_config(shared)
    asked: Arrangement = take_arrangement({"top": top, "columns": columns}, own_top=False)
    with open_selected(shared, config, TABLES) as store:
        period, _ = period_of(shared, store.zone)
        names = addresses_of(identities, named) if identities else [named]
        people = list(dict.fromkeys(store.known_as(name) for name in names))
        found = customer(store, people, config, period=period)
    finish(with_links(arranged(found, asked), config), shared)
