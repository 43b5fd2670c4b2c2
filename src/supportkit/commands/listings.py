"""The commands that list rows as they are: tickets, orders, answers, users."""

from __future__ import annotations

from typing import Annotated

import typer

from supportkit.commands.arranging import Columns, Top, arranged, take_arrangement
from supportkit.commands.metric import finish
from supportkit.commands.missing import no_rows
from supportkit.commands.shared_options import SharedOptions, load_config, open_selected, period_of


def tickets_command(
    shared: SharedOptions,
    top: Top = None,
    columns: Columns = None,
    like: Annotated[
        str | None, typer.Option("--like", help="With all these words, in any form: money back.", show_default=False)
    ] = None,
) -> None:
    """Tickets one by one, the latest first."""
    _list("tickets", shared, top, columns, like)


def orders_command(shared: SharedOptions, top: Top = None, columns: Columns = None) -> None:
    """Orders one by one, the latest first."""
    _list("orders", shared, top, columns)


def answers_command(shared: SharedOptions, top: Top = None, columns: Columns = None) -> None:
    """Answers to surveys one by one, the latest first."""
    _list("answers", shared, top, columns)


def users_command(shared: SharedOptions, top: Top = None, columns: Columns = None) -> None:
    """Users of the funnel's events one by one, the latest first."""
    _list("users", shared, top, columns)


def _list(noun: str, shared: SharedOptions, top: int | None, columns: str | None, like: str | None = None) -> None:
    from supportkit.commands.linking import with_links
    from supportkit.explaining.table_rows import NOUNS, table_rows

    config = load_config(shared)
    asked = take_arrangement({"columns": columns}, own_top=False)
    tables = (NOUNS[noun], *(("messages",) if noun == "tickets" else ()))
    with open_selected(shared, config, tables) as store:
        period, _ = period_of(shared, store.zone)
        found = table_rows(store, noun, period, top, like)
        missing = no_rows(store, NOUNS[noun])
    finish(with_links(arranged(found, asked), config), shared, missing)
