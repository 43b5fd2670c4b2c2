"""Erasing a person: from every table and every file of the store, and from later loads.

Deleted rows leave their text in the blocks of the file, so the store is written anew, and the file before it is
removed: after this there is nothing to undo. What the receipt says are counts only.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError, UsageError
from supportkit.exports.masking.naming import OWN_NUMBER, telling
from supportkit.exports.people.belonging import HANGING_FIRST, PERSON, THINGS, hangs_loosely, hung_on, mark, whose
from supportkit.exports.people.mentions import Mention, erase_mentions, in_store
from supportkit.exports.people.store_key import key_of, remember_key
from supportkit.exports.people.suppression import Erased, erased_token, ids_of_person, suppress, thing_token
from supportkit.store import open_store
from supportkit.store.schema import OLDER, PARTS, TABLES
from supportkit.store.shadow_copy import rewriting
from supportkit.store.topic_edits import edit_topics
from supportkit.store.topic_tables import has_registry
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.exports.masking.pseudonyms import Key


EARLIER: Final = "earlier versions"
"""What the receipt calls rows that a later version goes before."""


class Receipt(NamedTuple):
    """What was erased, or would be: rows per table, with lines of orders and earlier versions of rows where there are
    any, and how many rows of others lose the name of the person."""

    rows: dict[str, int]
    named: int


class _Gone(NamedTuple):
    """Who is to be erased: all names that they are known by, their tokens, and where others name them."""

    names: list[str]
    tokens: list[str]
    mentions: list[Mention]


def forget(path: Path, people: list[str], *, dry_run: bool = False) -> Receipt:
    """Erase people, named by e-mail, phone or the id that the store shows.

    With `dry_run` the rows are only counted. Raises DataError where there is no store, or not the key it was made with.
    """
    names = [person.strip() for person in people]
    if not all(names):
        raise UsageError("forget: an empty name", hint="supportkit forget anna@example.com")
    if not path.exists():
        raise DataError(f"{path}: there is no such store", hint="name it with --db")
    if dry_run:
        with open_store(path, as_it_is=True) as store:
            return _receipt(store.connection, _find(store.connection, names, key_of(store)))
    with rewriting(path, erase=True) as store:
        connection = store.connection
        gone = _find(connection, names, remember_key(store))
        receipt = _receipt(connection, gone)
        _erase(connection, gone)
        if has_registry(store.engine):  # the vector spaces hold words of the texts they were fitted on
            edit_topics(store, "UTC", ["refit"])
    return receipt


def _find(connection: DuckDBPyConnection, names: list[str], key: Key) -> _Gone:
    """Mark the rows of the people, and find what others say of them."""
    ids = {form for name in names for form in ids_of_person(name, key)}
    ids |= {person for name in names for person in _by_own_number(connection, name, ids_of_person(name, key))}
    mark(connection, ids)
    tokens = [erased_token("person", name, key) for name in ids]
    for thing, column in THINGS.items():
        found = connection.execute(f"select source, id from gone_{thing}").fetchall()
        tokens += [thing_token(thing, *row, key=key) for row in found]
        for table in TABLES:
            if thing in hung_on(table):
                loosely = f"select distinct source, {column} from main.{table} where {hangs_loosely(table, thing)}"
                found = connection.execute(loosely).fetchall()
                tokens += [thing_token(thing, *row, key=key, loose=True) for row in found]
    return _Gone(sorted(ids), tokens, in_store(connection, ids, Erased(frozenset(tokens), key)))


def _by_own_number(connection: DuckDBPyConnection, name: str, known: set[str]) -> set[str]:
    """The customer whose own number in the shop a name is; nobody where it is a customer's id, or of more than one."""
    found: set[str] = set()
    for table in TABLES:
        if table not in PERSON:
            continue
        person = PERSON[table]
        if _count(
            connection, f"select count(*) from main.{table} where {person} in (select unnest($ids))", ids=list(known)
        ):
            return set()
        rows = connection.execute(
            f"select distinct {person}, cast(properties as varchar) from main.{table} "
            f"where {person} is not null and contains(cast(properties as varchar), $cell)",
            {"cell": f":{json.dumps(name, ensure_ascii=False)}"},
        ).fetchall()
        for customer, properties in rows:
            if any(cell == name and OWN_NUMBER.fullmatch(header) for header, cell in json.loads(properties).items()):
                found.add(customer)
    return found if len(found) == 1 else set()


def _receipt(connection: DuckDBPyConnection, gone: _Gone) -> Receipt:
    there = "select table_name from duckdb_tables() where schema_name = 'main'"  # an older store has not all of them
    kept = {name for (name,) in connection.execute(there).fetchall()}
    found = {
        table: _count(connection, f"select count(*) from main.{table} where {whose(table)}") if table in kept else 0
        for table in HANGING_FIRST
    }
    rows = {table: found[table] for table in (*TABLES, *PARTS) if table in TABLES or found[table]}
    if earlier := sum(found[table] for table in OLDER):
        rows[EARLIER] = earlier
    where, bound = _rejected(gone.names)
    rows["rejects"] = _count(connection, f"select count(*) from main.rejects where {where}", **bound)
    named = {
        (mention.table, row) for mention in gone.mentions for row in mention.rows if mention.table in (*TABLES, *PARTS)
    }
    return Receipt(rows, len(named))


def _erase(connection: DuckDBPyConnection, gone: _Gone) -> None:
    run = connection.execute
    run("begin")
    suppress(connection, gone.tokens)
    where, bound = _rejected(gone.names)
    run(f"update main.rejects set raw = null where {where}", bound)
    run("update main.rejects set raw = null where contains(raw, '[EMAIL]') or contains(raw, '[PHONE]')")
    erase_mentions(connection, gone.mentions)
    for table in HANGING_FIRST:
        run(f"delete from main.{table} where {whose(table)}")
    run("commit")


def _rejected(names: list[str]) -> tuple[str, dict[str, object]]:
    """The condition for rejects in which people are named: as a cell, or wherever a name can be nothing else; or in
    which one of their tickets or orders is."""
    cell = r"""(?:^|[,;|\t"]) *{} *(?:$|[,;|\t"])"""
    word = r"(?:^|[^\pL\pN_.+%-]){}(?:$|[^\pL\pN_.-]|[.-](?:$|[^\pL\pN]))"
    patterns = [(word if telling(name) else cell).format(re.escape(name)) for name in names]
    things = " or ".join(
        f"exists (from gone_{thing} gone join main.loads on loads.source = gone.source "
        f"where loads.load_id = rejects.load_id and loads.table_name in ({_bearing(column)}) "
        r"""and regexp_matches(raw, '(?:^|[\s,;|"])' || regexp_escape(gone.id) || '(?:$|[\s,;|"])'))"""
        for thing, column in THINGS.items()
    )
    return f"(regexp_matches(raw, $names) or {things})", {"names": "(?i)" + "|".join(patterns)}


def _bearing(column: str) -> str:
    return ", ".join(f"'{table.name}'" for table in TABLES.values() if column in table.names)


def _count(connection: DuckDBPyConnection, sql: str, **bound: object) -> int:
    row = connection.execute(sql, bound).fetchone()
    return int(row[0]) if row else 0
