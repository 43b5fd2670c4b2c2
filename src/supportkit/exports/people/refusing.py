"""What a load does about people who were erased: their rows are refused, and in the rows of others they are not named.

So it comes to the same whether a file is loaded before somebody is erased or after.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from supportkit.exports.people.belonging import HANGING_FIRST, PERSON, THINGS, hung_on, mark, whose
from supportkit.exports.people.mentions import in_stage
from supportkit.exports.people.suppression import Erased, suppress, thing_token

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.store.schema import Table

Thing = tuple[str, str]
"""A ticket or an order: its source and its id."""

Row = tuple[int, Thing]
"""A row refused: the number of its record, and the ticket or order that it is or hangs on."""

_TEXTS: Final = {"varchar": "VARCHAR", "varchar[]": "VARCHAR[]", "json": "JSON"}


def refuse_erased(connection: DuckDBPyConnection, table: Table, stage: str, erased: Erased) -> tuple[list[int], int]:
    """Take the rows of erased people out of a stage, and their names out of the rows of others.

    Returns the record numbers of the rows refused, and how many rows of the store turn out to be theirs: what hangs on
    a ticket or an order of which this file is the first to say whose it is. Those are erased too.
    """
    refused = _of_people(connection, table, stage, erased)
    late = 0
    if table.name in THINGS and refused:
        theirs = _of_nobody_else(connection, table, stage, {thing for _, thing in refused})
        suppress(connection, [thing_token(table.name, *thing, key=erased.key) for thing in theirs])
        refused += _delete_things(connection, stage, THINGS[table.name], theirs)
        late = _erase_late(connection, table, theirs)
    for thing in [table.name] if table.name in THINGS else hung_on(table.name):
        refused += _of_things(connection, table, stage, thing, erased)
    fields = [(field.name, field.type) for field in table.fields if not field.name.endswith("_id")]
    texts = [(name, _TEXTS[kind]) for name, kind in (*fields, ("properties", "json")) if kind in _TEXTS]
    in_stage(connection, stage, texts, erased)
    return sorted(record for record, _ in refused), late


def _of_people(connection: DuckDBPyConnection, table: Table, stage: str, erased: Erased) -> list[Row]:
    """The rows whose own customer was erased."""
    if table.name not in PERSON:
        return []
    person = PERSON[table.name]
    names = connection.execute(f"select distinct {person} from {stage} where {person} is not null").fetchall()
    gone = [name for (name,) in names if erased.person(name)]
    key = table.key or "null"
    rows = connection.execute(
        f"delete from {stage} where {person} in (select unnest($gone)) returning source_row, source, {key}",
        {"gone": gone},
    ).fetchall()
    return [(record, (source, name)) for record, source, name in rows]


def _of_nobody_else(connection: DuckDBPyConnection, table: Table, stage: str, things: set[Thing]) -> set[Thing]:
    """Those of the tickets or orders of which no row, of the stage or of the store, names another customer."""
    found = connection.execute(
        f"select distinct source, {table.key} from (select source, {table.key}, customer_id from {stage} "
        f"union all select source, {table.key}, customer_id from main.{table.name}) "
        f"where customer_id is not null and {table.key} in (select unnest($names))",
        {"names": sorted(name for _, name in things)},
    ).fetchall()
    return things - set(found)


def _of_things(connection: DuckDBPyConnection, table: Table, stage: str, thing: str, erased: Erased) -> list[Row]:
    """The rows of an erased ticket or order, and those that hang on one."""
    column = THINGS[thing]
    found = connection.execute(f"select distinct source, {column} from {stage} where {column} is not null").fetchall()
    gone = [one for one in found if erased.thing(thing, *one)]
    refused = _delete_things(connection, stage, column, gone)
    if thing != table.name:
        loose = [one for one in found if erased.thing(thing, *one, loose=True)]
        nobody = f" and {PERSON[table.name]} is null" if table.name in PERSON else ""
        refused += _delete_things(connection, stage, column, loose, nobody)
    return refused


def _delete_things(
    connection: DuckDBPyConnection, stage: str, column: str, things: Collection[Thing], also: str = ""
) -> list[Row]:
    rows = connection.execute(
        f"delete from {stage} where (source, {column}) in (select (unnest($sources), unnest($names))){also} "
        f"returning source_row, source, {column}",
        {"sources": [source for source, _ in things], "names": [name for _, name in things]},
    ).fetchall()
    return [(record, (source, name)) for record, source, name in rows]


def _erase_late(connection: DuckDBPyConnection, table: Table, things: set[Thing]) -> int:
    mark(connection, (), [(table.name, *thing) for thing in things])
    return sum(
        int(connection.execute(f"delete from main.{name} where {whose(name)}").fetchall()[0][0])
        for name in HANGING_FIRST
    )
