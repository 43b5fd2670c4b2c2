"""Whose a row is: its own customer's, and with a ticket or an order go the messages and answers that hang on it.

Nothing else makes a row somebody's. A row that names a person beside its own customer stays that customer's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from supportkit.store.schema import STORED

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PERSON: Final = {"tickets": "customer_id", "orders": "customer_id", "surveys": "customer_id", "events": "user_id"} | {
    f"{table}_older": "customer_id" for table in ("tickets", "orders", "surveys")
}
THINGS: Final = {"tickets": "ticket_id", "orders": "order_id"}
HANGING_FIRST: Final = (
    *("order_lines", "order_lines_older", "messages", "surveys", "surveys_older", "events"),
    *("orders_older", "orders", "tickets_older", "tickets"),
)
"""An order of the tables in which rows can be deleted: what hangs on a row before the row."""


def mark(connection: DuckDBPyConnection, people: Iterable[str], things: Iterable[tuple[str, str, str]] = ()) -> None:
    """Write down whose rows `whose` means, in temporary tables: ids of people, and what is known to be theirs beside
    the tickets and orders that bear these ids: (tickets or orders, source, id)."""
    run = connection.execute
    run("create or replace temp table gone_person as select unnest($ids) as id", {"ids": sorted(people)})
    given = sorted(things)
    for thing, column in THINGS.items():
        here = [(source, name) for kind, source, name in given if kind == thing]
        run(
            f"create or replace temp table gone_{thing} as select source, {column} as id from main.{thing} "
            "where customer_id in (select id from gone_person) "
            "union select unnest($sources) as source, unnest($names) as id",
            {"sources": [source for source, _ in here], "names": [name for _, name in here]},
        )


def whose(table: str) -> str:
    """The condition for the rows of the people marked.

    A ticket or an order is also theirs by its id where its row names nobody else.
    """
    tests = [f"{_person(table)} in (select id from gone_person)"] if table in PERSON else []
    thing = _current(table)
    if thing in THINGS:
        tests.append(
            f"({_person(table)} is null and exists (from gone_{thing} gone "
            f"where gone.id = {table}.{THINGS[thing]} and gone.source = {table}.source))"
        )
    for thing in hung_on(table):
        tests += [
            f"exists (from gone_{thing} gone where gone.id = {table}.{THINGS[thing]} and gone.source = {table}.source)",
            hangs_loosely(table, thing),
        ]
    return "(" + " or ".join(tests) + ")"


def hung_on(table: str) -> list[str]:
    """The tables on whose rows those of a table hang: tickets, orders."""
    own = _current(table)
    return [thing for thing, column in THINGS.items() if column in STORED[table].names and thing != own]


def hangs_loosely(table: str, thing: str) -> str:
    """The condition for rows of another source that hang on a ticket or an order of the people marked: that source has
    none of its own with this id, and the row no customer of its own."""
    column = THINGS[thing]
    nobody = f"{_person(table)} is null and " if table in PERSON else ""
    return (
        f"({nobody}exists (from gone_{thing} gone where gone.id = {table}.{column} and gone.source <> {table}.source) "
        f"and not exists (from main.{thing} own where own.source = {table}.source and own.{column} = {table}.{column}))"
    )


def _current(table: str) -> str:
    """The table of the rows that are shown, of one of older versions."""
    return table.removesuffix("_older")


def _person(table: str) -> str:
    return f"{table}.{PERSON[table]}"
