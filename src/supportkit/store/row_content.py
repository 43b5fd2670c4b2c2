"""What a row says: by that two rows are the same, and a row without an id is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from supportkit.store.deciding import SCORE, Deciding, deciding
from supportkit.store.schema import SURVEYS, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def content_sql(table: Table, alias: str) -> str:
    """An SQL expression: everything a row says, as one text that no other row has: a JSON array of its values.

    Of a deciding column it is the word as written: what that means may be learnt later, and makes no other row. What
    has a column since a later release stands where it stood before, among the extra columns, so that a row is known
    again.
    """
    how = {"timestamptz": "epoch_us({})", "decimal(18,4)": "cast({} as varchar)"}
    fields = {field.name: field for field in table.fields}
    told: list[str] = []
    later: dict[str, str] = {}
    for name, sql in _said(table, alias):
        value = sql or f"{alias}.{name}"
        if name not in fields:
            told.append(_extra(value, later))
        elif fields[name].since == 1:
            told.append(sql or how.get(fields[name].type, "{}").format(value))
        else:
            later[name] = value
    return f"cast(json_array({', '.join(told)}) as varchar)"


def _extra(properties: str, later: dict[str, str]) -> str:
    """The extra columns, with those that have a column of ours since a later release."""
    found = properties
    for name, value in later.items():
        own = f"json_object('{name}', cast({value} as varchar))"
        joined = f"case when {properties} is null then {own} else json_merge_patch({own}, {properties}) end"
        found = f"case when {value} is null then {found} else {joined} end"
    return found


def same(table: Table, alias: str, other: str, *, without: Sequence[str] = ()) -> str:
    """An SQL expression: whether two rows of a table say the same, some columns aside."""
    pairs = zip(_said(table, alias), _said(table, other), strict=True)
    told = [pair for pair in pairs if pair[0][0] not in without]
    return "(" + " and ".join(
        f"{sql or f'{alias}.{name}'} is not distinct from {against or f'{other}.{name}'}"
        for (name, sql), (_, against) in told
    ) + ")"  # fmt: skip


def _word(column: Deciding, alias: str) -> str:
    """The word of a deciding column; what is plainly true or false is no text."""
    if column.kind != "flag":
        return column.word_of(alias)
    written, flag = f"{alias}.{column.written}", f"{alias}.{column.column}"
    return f"(case when {written} is null then to_json({flag}) else to_json({written}) end)"


def _said(table: Table, alias: str) -> Iterable[tuple[str, str]]:
    """The columns that say something, and the SQL for what a deciding one says, which is its word as written."""
    words = {one.column: _word(one, alias) for one in deciding(table.name)}
    beside = {one.written for one in deciding(table.name)}
    if table is SURVEYS:  # a word for a score says its scale too
        word = f"{alias}.{SCORE.written}"
        words[SCORE.column] = f"coalesce(to_json({word}), to_json({alias}.{SCORE.column}))"
        words |= {name: f"case when {word} is null then {alias}.{name} end" for name in ("scale_min", "scale_max")}
        beside.add(SCORE.written)
    names = (*(field.name for field in table.fields if field.name not in beside), "properties")
    return [(name, words.get(name, "")) for name in names]


def content_hash_sql(table: Table, alias: str) -> str:
    """An SQL expression: what a row without an id is known by."""
    return f"left(sha256({content_sql(table, alias)}), 32)"


def known_by_content(connection: DuckDBPyConnection, table: Table, rows: list[int]) -> None:
    """Give rows of a table without an id, whose text has been changed, the identity of rows loaded with that text."""
    connection.execute("create or replace temp table changed_row as select unnest($rows) as place", {"rows": rows})
    connection.execute(
        f"update main.{table.name} set content_hash = {content_hash_sql(table, table.name)} "
        f"where rowid in (select place from changed_row)"
    )
    connection.execute(f"""
        update main.{table.name} set occurrence = ranked.occurrence
          from (select rowid as place,
                       row_number() over (partition by source, content_hash order by occurrence, rowid) as occurrence
                  from main.{table.name}
                 where (source, content_hash) in (select (source, content_hash) from main.{table.name}
                                                   where rowid in (select place from changed_row))) as ranked
         where {table.name}.rowid = ranked.place
    """)
    connection.execute("drop table changed_row")
