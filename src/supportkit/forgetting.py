"""Erasing a person: from every table and every file of the store, and from later loads.

Deleted rows leave their text in the blocks of the file, so the store is written anew, and the file before it is
removed: after this there is nothing to undo. What the receipt says are counts only.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError, UsageError
from supportkit.exports.privacy import remember_key
from supportkit.exports.pseudonyms import Key, customer_id, load_key
from supportkit.exports.suppression import suppress, token
from supportkit.store import open_store
from supportkit.store.schema import TABLES
from supportkit.store.shadow import rewriting
from supportkit.store.topic_edits import edit
from supportkit.store.topic_tables import has_registry

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PERSON: Final = {"tickets": "customer_id", "orders": "customer_id", "surveys": "customer_id", "events": "user_id"}
_NAMED_ID: Final = (
    r'(?i)"[^"]*(?:customer|user|requester|contact|client|buyer|submitter|person)[^"]*"\s*:\s*"?{}"?\s*[,}}]'
)


def forget(path: Path, people: list[str], *, dry_run: bool = False) -> dict[str, int]:
    """Erase people, named by e-mail, phone or the id that the store shows; returns the rows erased per table.

    With `dry_run` the rows are only counted. Raises DataError where there is no store.
    """
    names = [person.strip() for person in people]
    if not all(names):
        raise UsageError("forget: an empty name", hint="supportkit forget anna@example.com")
    if not path.exists():
        raise DataError(f"{path}: there is no such store", hint="name it with --db")
    key = load_key()
    if dry_run:
        with open_store(path) as store:
            return _counts(store.connection, names, key)
    with rewriting(path, erase=True) as connection:
        remember_key(connection, key)
        counts = _counts(connection, names, key)
        _erase(connection, names, key)
        if has_registry(connection):  # the vector spaces hold words of the texts they were fitted on
            edit(connection, "UTC", ["refit"])
    return counts


def _counts(connection: DuckDBPyConnection, names: list[str], key: Key) -> dict[str, int]:
    _find(connection, names, key)
    counts = {table: _count(connection, f"select count(*) from {table} where {_whose(table)}") for table in TABLES}
    counts["rejects"] = _count(connection, f"select count(*) from rejects where {_WHOSE_REJECT}")
    return counts


def _find(connection: DuckDBPyConnection, names: list[str], key: Key) -> None:
    """The people's ids, tickets and orders, in temporary tables."""
    ids = {form for name in names for form in forms(name, key)}
    run = connection.execute
    run("create or replace temp table gone_person as select unnest($ids) as id", {"ids": sorted(ids)})
    for name in names:
        pattern = _NAMED_ID.format(re.escape(name))
        for table, column in _PERSON.items():
            run(
                f"insert into gone_person select distinct {column} from {table} where {column} is not null "
                f"and regexp_matches(properties::varchar, $pattern) and {column} not in (from gone_person)",
                {"pattern": pattern},
            )
    for table, column in (("tickets", "ticket_id"), ("orders", "order_id")):
        run(
            f"create or replace temp table gone_{table} as select source, {column} as id from {table} "
            "where customer_id in (from gone_person)"
        )
    run(
        "create or replace temp table needle as select lower(id) as text from gone_person "
        "union select lower(unnest($names))",
        {"names": names},
    )


def forms(name: str, key: Key) -> set[str]:
    """Every id under which a store may know a person: as given, in one form, as a pseudonym."""
    kinds = ("id", "email" if "@" in name else "phone" if re.fullmatch(r"[+\d\s().-]{7,}", name) else "id")
    return {name} | {
        customer_id(name, key, privacy=privacy, kind=kind)  # type: ignore[arg-type]
        for kind in kinds
        for privacy in ("mask", "keep")
    }


def _whose(table: str) -> str:
    """The condition for the rows of the people: by their id, or by the ticket or order that it belongs to."""
    names = TABLES[table].names
    tests = [f"{_PERSON[table]} in (from gone_person)"] if table in _PERSON else []
    for thing, column in (("tickets", "ticket_id"), ("orders", "order_id")):
        if column in names and thing != table:
            tests.append(
                f"exists (from gone_{thing} g where g.id = {table}.{column} and (g.source = {table}.source or "
                f"not exists (from {thing} t where t.source = {table}.source and t.{column} = {table}.{column})))"
            )
    return "(" + " or ".join(tests) + ")"


_WHOSE_REJECT: Final = """(exists (from needle where contains(lower(raw), text))
    or exists (from (from gone_tickets union from gone_orders) g
                where regexp_matches(raw, '(^|[^0-9A-Za-z])' || regexp_escape(g.id) || '($|[^0-9A-Za-z])')))"""


def _erase(connection: DuckDBPyConnection, names: list[str], key: Key) -> None:
    run = connection.execute
    tokens = [token("person", row[0], key) for row in run("from gone_person").fetchall()]
    for thing in ("ticket", "order"):
        found = run(f"select source || chr(10) || id from gone_{thing}s").fetchall()
        tokens += [token(thing, row[0], key) for row in found]
    run("begin")
    suppress(connection, tokens)
    run(f"delete from rejects where {_WHOSE_REJECT}")
    run("update rejects set raw = null where contains(raw, '[EMAIL]') or contains(raw, '[PHONE]')")
    for table in ("messages", "surveys", "events", "orders", "tickets"):
        run(f"delete from {table} where {_whose(table)}")
    for name in names:
        _erase_from_texts(connection, name, key)
    run("commit")


_TEXTS: Final = """
select table_name, column_name, data_type
  from duckdb_columns()
 where schema_name = 'main' and not internal and table_name in (select table_name from duckdb_tables())
   and data_type in ('VARCHAR', 'VARCHAR[]', 'JSON') and column_name not like '%\\_id' escape '\\'
   and table_name not in ('meta', 'suppressed')
 order by table_name, column_name
"""


def _erase_from_texts(connection: DuckDBPyConnection, name: str, key: Key) -> None:
    """The person may be named in what belongs to others: their texts and tags where these are kept unmasked, the names
    of files and columns, the register of issues, the names of topics."""
    patterns = [re.escape(form) for form in forms(name, key) if len(form) > 5 and not form.isdecimal()]
    digits = re.sub(r"\D", "", name)
    if "@" not in name and len(digits) >= 7 and not re.search(r"[^\W\d_]", name):
        gap = r"[\s()./-]{0,3}"
        patterns.append(rf"\+?\d{{0,4}}{gap}{gap.join(digits[-10:])}")
    if not patterns:
        return
    pattern = "|".join(f"(?:{one})" for one in patterns)
    columns = connection.execute(_TEXTS).fetchall()
    for table, column, kind in columns:
        text = f"{column}::varchar" if kind == "JSON" else f"array_to_string({column}, ' ')" if "[]" in kind else column
        erased = "regexp_replace({}, $pattern, '[ERASED]', 'gi')"
        made = f"[{erased.format('part')} for part in {column}]" if "[]" in kind else erased.format(text) + f"::{kind}"
        connection.execute(
            f"update main.{table} set {column} = {made} where regexp_matches({text}, $pattern, 'i')",
            {"pattern": pattern},
        )


def _count(connection: DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
