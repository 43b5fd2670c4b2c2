"""Erased people in what belongs to others: texts, tags, extra columns, and the names of files, columns and issues."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from supportkit.exports.masking.naming import telling
from supportkit.exports.people.belonging import whose
from supportkit.store.identifiers import quoted
from supportkit.store.migrations import OURS
from supportkit.store.row_content import known_by_content
from supportkit.store.schema import STORED, TABLES
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.exports.people.suppression import Erased

TEXTS: Final = """
select table_name, column_name, data_type
  from duckdb_columns()
 where schema_name = 'main' and not internal and list_contains($ours, table_name)
   and data_type in ('VARCHAR', 'VARCHAR[]', 'JSON') and column_name not like '%\\_id' escape '\\'
   and column_name <> 'raw'
 order by table_name, column_name
"""
"""All texts but the ids, which are whole or gone, and the raw lines of rejects, which are emptied."""

_HELD: Final = tuple(name for name in OURS if name not in ("meta", "suppressed"))
_GAP: Final = r"[\s()./-]{0,3}"
_PART: Final = 10_000


class Mention(NamedTuple):
    """A column in which rows name somebody who was erased: the rows by rowid, and what stands there without."""

    table: str
    column: str
    kind: str
    rows: list[int]
    values: list[str | None]


def in_store(connection: DuckDBPyConnection, names: Iterable[str], erased: Erased) -> list[Mention]:
    """The mentions of people in the rows of a store that are not theirs; `names` are all that they are known by."""
    sure = {part for name in names if telling(name) for part in _patterns(name)}
    short = {rf"(?:^|[^0-9A-Za-z]){re.escape(name)}(?:$|[^0-9A-Za-z])" for name in names if not telling(name)}
    found = []
    for table, column, kind in connection.execute(TEXTS, {"ours": list(_HELD)}).fetchall():
        parts = sorted(sure | short if kind == "JSON" else sure)
        if not parts:
            continue
        others = f" and not coalesce({whose(table)}, false)" if table in STORED else ""
        where = f"regexp_matches({_text(column, kind)}, $pattern){others}"
        pattern = {"pattern": "(?i)" + "|".join(parts)}
        found.append(_mention(connection, table, column, kind, where, pattern, erased))
    return [mention for mention in found if mention.rows]


def in_stage(connection: DuckDBPyConnection, stage: str, columns: Iterable[tuple[str, str]], erased: Erased) -> None:
    """Take the mentions of everybody who was erased out of a stage; `columns` are names with their types."""
    for column, kind in columns:
        _write(connection, _mention(connection, stage, column, kind, f"{quoted(column)} is not null", {}, erased))


def erase_mentions(connection: DuckDBPyConnection, mentions: Iterable[Mention]) -> None:
    """Leave in the rows what stands there without the name; call it inside a transaction.

    Lists come last, because to change one moves its row. Rows without an id are known by their content, which is
    another then, and the same as that of the row in its export when that is read again.
    """
    mentions = sorted(mentions, key=lambda mention: mention.kind == "VARCHAR[]")
    for mention in mentions:
        _write(connection, mention)
    for table in TABLES.values():
        rows = sorted({row for mention in mentions if mention.table == table.name for row in mention.rows})
        if rows and table.key is None:
            known_by_content(connection, table, rows)


def _write(connection: DuckDBPyConnection, mention: Mention) -> None:
    kind = {"VARCHAR[]": "cast(cast(left_over as json) as varchar[])", "JSON": "cast(left_over as json)"}
    connection.execute(
        f"update {quoted(mention.table)} set {quoted(mention.column)} = {kind.get(mention.kind, 'left_over')} "
        "from (select unnest($rows) as place, unnest($values::varchar[]) as left_over) as named "
        f"where {quoted(mention.table)}.rowid = named.place",
        {"rows": mention.rows, "values": mention.values},
    )


def _mention(
    connection: DuckDBPyConnection,
    table: str,
    column: str,
    kind: str,
    where: str,
    parameters: dict[str, Any],
    erased: Erased,
) -> Mention:
    query = f"select rowid, {_text(column, kind)} from {quoted(table)} where {where}"
    found = connection.execute(query, parameters)
    mention = Mention(table, column, kind, [], [])
    while part := found.fetchmany(_PART):
        for row, text in part:
            left = _without(text, kind, erased)
            if left != text:
                mention.rows.append(row)
                mention.values.append(left)
    return mention


def _text(column: str, kind: str) -> str:
    return quoted(column) if kind == "VARCHAR" else f"cast(to_json({quoted(column)}) as varchar)"


def _without(text: str, kind: str, erased: Erased) -> str | None:
    if kind == "VARCHAR":
        return erased.text(text)
    if kind == "JSON":
        return erased.properties(text)
    parts: list[str] = json.loads(text)
    left = [erased.text(part) for part in parts]
    return text if left == parts else json.dumps(left, ensure_ascii=False)


def _patterns(name: str) -> set[str]:
    """What selects every text that may hold a name, however an e-mail or a phone is written."""
    found = {re.escape(name)}
    local, at, host = name.partition("@")
    if at:
        found.add(rf"{re.escape(local)}.{{0,12}}{re.escape(host.partition('.')[0])}")
    digits = re.sub(r"\D", "", name)
    if len(digits) >= 7 and not re.search(r"[^\W\d_]", name):
        found.add(_GAP.join(digits[-10:]))
    return found
