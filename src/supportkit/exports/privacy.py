"""Personal data is made safe in the stage, before anything is merged: by set, so that only candidates reach Python.

Free text is masked. Columns that name a person (customers, agents) get one form of an e-mail or phone, and with
privacy "mask" its pseudonym. Ids of tickets and orders stay.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError
from supportkit.exports.masking import CANDIDATE, mask_text
from supportkit.exports.pseudonyms import PERSONAL_ID, Key, Privacy, customer_id
from supportkit.store.schema import Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PERSONS: Final = ("customer_id", "user_id", "agent")
IDS: Final = ("ticket_id", "order_id")
CHUNK: Final = 20_000


def protect(connection: DuckDBPyConnection, table: Table, stage: str, *, key: Key, privacy: Privacy = "mask") -> None:
    """Make personal data safe in a stage that has the table's columns and `properties`."""
    for name in PERSONS:
        if name in table.names:
            _rewrite(connection, stage, name, PERSONAL_ID, lambda value: customer_id(value, key, privacy=privacy))
    if privacy == "keep":
        return
    texts = [f.name for f in table.fields if f.type == "varchar" and f.name not in (*PERSONS, *IDS)]
    for name in _with_candidates(connection, stage, [*texts, "properties", "session_id"], table):
        mask: Callable[[str], str] = _mask_json if name == "properties" else lambda value: mask_text(value)[0]
        _rewrite(connection, stage, name, CANDIDATE, mask)
    if "tags" in table.names:
        _rewrite(
            connection, stage, "tags", CANDIDATE, _mask_json, read="to_json(tags)::varchar", write="{}::json::varchar[]"
        )


def remember_key(connection: DuckDBPyConnection, key: Key) -> None:
    """Store the key's id at the first load. Raises DataError where the store was made with another key."""
    row = connection.execute("select value from meta where name = 'key_id'").fetchone()
    if row is None:
        connection.execute("insert into meta values ('key_id', $id)", {"id": key.id})
    elif row[0] != key.id:
        raise DataError(
            f"the pseudonyms of this store were made with another key ({row[0]}, not {key.id})",
            hint="set SUPPORTKIT_KEY or restore the key file; with another key nobody would be recognised again",
        )


def _with_candidates(connection: DuckDBPyConnection, stage: str, names: list[str], table: Table) -> list[str]:
    """The columns in which anything may be personal data: one pass over the stage for all of them."""
    known = [name for name in dict.fromkeys(names) if name in table.names or name == "properties"]
    tests = ", ".join(f"coalesce(bool_or(regexp_matches({name}::varchar, $candidate)), false)" for name in known)
    row = connection.execute(f"select {tests} from {stage}", {"candidate": CANDIDATE}).fetchone()
    return [name for name, found in zip(known, row or (), strict=False) if found]


def _rewrite(
    connection: DuckDBPyConnection,
    stage: str,
    name: str,
    pattern: str,
    change: Callable[[str], str],
    *,
    read: str = "",
    write: str = "{}",
) -> None:
    """Replace the values of a column that match, each distinct one once."""
    read = read or f"{name}::varchar"
    connection.execute(
        "create or replace temp table candidate as select value, row_number() over () as number "
        f"from (select distinct {read} as value from {stage} where regexp_matches({read}, $pattern))",
        {"pattern": pattern},
    )
    connection.execute("create or replace temp table rewritten (before varchar, after varchar)")
    chunk = "select value from candidate where number > $start and number <= $start + $size"
    start = 0
    while values := connection.execute(chunk, {"start": start, "size": CHUNK}).fetchall():
        start += CHUNK
        changed = [(value, after) for (value,) in values if (after := change(value)) != value]
        if changed:
            with connection.appender("rewritten") as appender:
                for pair in changed:
                    appender.append_row(*pair)
    connection.execute(
        f"update {stage} set {name} = {write.format('after')} from rewritten where {read} = rewritten.before"
    )
    connection.execute("drop table rewritten; drop table candidate")


def _mask_json(text: str) -> str:
    """Mask the texts in a JSON value; the names of an object stay, for they are the file's headers."""

    def walk(value: object) -> object:
        if isinstance(value, str):
            return mask_text(value)[0]
        if isinstance(value, int | float):
            return value if mask_text(str(value))[0] == str(value) else mask_text(str(value))[0]
        if isinstance(value, list):
            return [walk(item) for item in value]
        if isinstance(value, dict):
            return {name: walk(item) for name, item in value.items()}
        return value

    before = json.loads(text)
    after = walk(before)
    return text if after == before else json.dumps(after, ensure_ascii=False, sort_keys=True)
