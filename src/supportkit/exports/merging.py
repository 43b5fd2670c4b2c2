"""Merging staged rows into a table: new rows are loaded, newer ones update, the rest is unchanged.

A row with an id is known by (source, id). Of two rows with one id the better one stays: the later `updated_at`, then
what says that more has happened (closed, solved, refunded), then the larger content; so any order of loading, and any
repetition, gives the same table. A row without an id is known by (source, content, its occurrence in the file), which
keeps the larger count of two equal rows; of surveys, an open invitation gives way to its answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.exports.invitations import close_answered, remember_invitations
from supportkit.exports.superseding import mark_superseded
from supportkit.store.deciding import deciding
from supportkit.store.schema import PROVENANCE, SURVEYS, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RECENCY: Final = ("updated_at", "closed_at", "solved_at", "first_reply_at", "refunded")
"""What makes one row of an id better than another, first to last; null is the least."""


def merge(connection: DuckDBPyConnection, table: Table, stage: str) -> tuple[int, int, int]:
    """Merge the rows of `stage`, which has the columns of the table; returns loaded, updated, unchanged.

    `content_hash` and `occurrence` are made here; the stage need not have them. Call it inside a transaction.
    """
    merged = _merge_by_id if table.key else _merge_by_content
    if table is SURVEYS:
        merged = _merge_surveys
    read = _count(connection, f"select count(*) from {stage}")
    loaded, updated = merged(connection, table, stage)
    return loaded, updated, read - loaded - updated


def keep_best_rows(connection: DuckDBPyConnection, table: Table) -> tuple[int, int, int]:
    """The same for rows that lie in the table already, which was empty before: of the rows of an id the best stays."""
    key = f"source, {table.key}"
    deleted = connection.execute(f"""
        delete from main.{table.name}
         where rowid in (
            with contested as (
                select {key} from main.{table.name} group by all having count(*) > 1),
                 ranked as (
                select new.rowid as arrival,
                       row_number() over (partition by {key} order by {_worth(table, "new")} desc, new.rowid) as rank
                  from main.{table.name} new semi join contested using ({key}))
            select arrival from ranked where rank > 1)
    """).fetchall()
    return _count(connection, f"select count(*) from main.{table.name}"), 0, int(deleted[0][0])


def known_by_content(connection: DuckDBPyConnection, table: Table, rows: list[int]) -> None:
    """Give rows of a table without an id, whose text has been changed, the identity of rows loaded with that text."""
    connection.execute("create or replace temp table changed_row as select unnest($rows) as place", {"rows": rows})
    connection.execute(
        f"update main.{table.name} set content_hash = {_hash(table, table.name)} "
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


def content_sql(table: Table, alias: str) -> str:
    """An SQL expression: everything a row says, as one text that no other row has: a JSON array of its values.

    Of a deciding column it is the word as written: what that means may be learnt later, and makes no other row. What an
    older release had no column for stands behind where there is a value: other rows are as that release knew them.
    """
    how = {"timestamptz": "epoch_us({})", "decimal(18,4)": "cast({} as varchar)"}
    words = {one.column: one.word_of(alias) for one in deciding(table.name)}
    beside = {one.written for one in deciding(table.name)}
    fields = [field for field in table.fields if field.name not in beside]
    types = {field.name: field.type for field in fields if field.since == 1} | {"properties": "json"}
    values = ", ".join(words.get(name) or how.get(kind, "{}").format(f"{alias}.{name}") for name, kind in types.items())
    later = {field.name: words.get(field.name) or f"{alias}.{field.name}" for field in fields if field.since > 1}
    behind = "".join(f" || coalesce('{name}:' || cast({value} as varchar), '')" for name, value in later.items())
    return f"cast(json_array({values}) as varchar){behind}"


def _hash(table: Table, alias: str) -> str:
    return f"left(sha256({content_sql(table, alias)}), 32)"


def _merge_by_content(connection: DuckDBPyConnection, table: Table, stage: str) -> tuple[int, int]:
    columns = ", ".join((*table.names, *_kept()))
    # only what tells rows apart is sorted; the rows stand beside it in their order
    numbered = f"""
        select {_from("new", columns)}, told.content_hash, told.occurrence
          from {stage} new
          positional join
               (select content_hash,
                       row_number() over (partition by source, content_hash order by source_row, arrival) as occurrence
                  from (select source, source_row, rowid as arrival,
                               {_hash(table, "new")} as content_hash
                          from {stage} new)
                 order by arrival) told
    """
    if connection.execute(f"select 1 from main.{table.name} limit 1").fetchall():
        numbered = f"from ({numbered}) anti join main.{table.name} using (source, content_hash, occurrence)"
    inserted = connection.execute(f"insert into main.{table.name} ({columns}, content_hash, occurrence) {numbered}")
    return int(inserted.fetchall()[0][0]), 0


def _merge_surveys(connection: DuckDBPyConnection, table: Table, stage: str) -> tuple[int, int]:
    """By content; an answer that takes the place of its open invitation in another export updates it, and one that is
    given anew takes the place of the earlier one in every figure."""
    before = new = 0
    if not connection.execute("select 1 from main.surveys limit 1").fetchall():
        inserted, _ = _merge_by_content(connection, table, stage)
    else:
        last = remember_invitations(connection, stage)
        inserted, _ = _merge_by_content(connection, table, stage)
        before, new = close_answered(connection, last)
    mark_superseded(connection)
    updated = min(before, inserted - new)
    return inserted - new - updated, updated


def _merge_by_id(connection: DuckDBPyConnection, table: Table, stage: str) -> tuple[int, int]:
    columns = ", ".join((*table.names, *_kept()))
    key = f"source, {table.key}"
    connection.execute(f"""
        create or replace temp table contested as
        select {key} from {stage} group by all having count(*) > 1
        union
        select {key} from {stage} semi join main.{table.name} using ({key})
    """)
    if not _count(connection, "select count(*) from contested"):
        connection.execute(f"insert into main.{table.name} ({columns}) select {columns} from {stage}")
        return _count(connection, f"select count(*) from {stage}"), 0
    connection.execute(f"""
        create or replace temp table merge_plan as
        with valued as (
            select new.rowid as arrival, {_from("new", key)}, {_worth(table, "new")} as worth
              from {stage} new semi join contested using ({key})),
             best as (
            select * from valued
           qualify row_number() over (partition by {key} order by worth desc, arrival) = 1)
        select best.arrival, old.rowid as old_row,
               old.source is not null and best.worth > {_worth(table, "old")} as replaces
          from best left join main.{table.name} old using ({key})
    """)
    connection.execute(f"delete from main.{table.name} where rowid in (select old_row from merge_plan where replaces)")
    connection.execute(f"""
        insert into main.{table.name} ({columns})
        select {_from("new", columns)}
          from {stage} new
          left join merge_plan on merge_plan.arrival = new.rowid
         where (merge_plan.arrival is not null and (merge_plan.old_row is null or merge_plan.replaces))
            or (merge_plan.arrival is null and ({_from("new", key)}) not in (select ({key}) from contested))
    """)
    updated = _count(connection, "select count(*) from merge_plan where replaces")
    first = _count(connection, "select count(*) from merge_plan where old_row is null")
    free = _count(connection, f"select count(*) from {stage} anti join contested using ({key})")
    connection.execute("drop table merge_plan; drop table contested")
    return first + free, updated


def _worth(table: Table, alias: str) -> str:
    """An SQL expression that is greater for the better of two rows, and equal for equal rows only."""
    kinds = {field.name: field.type for field in table.fields}
    least = {
        name: "'-infinity'::timestamptz" if kinds[name] == "timestamptz" else "0" for name in RECENCY if name in kinds
    }
    parts = [f"{name} := coalesce({alias}.{name}, {value})" for name, value in least.items()]
    return f"struct_pack({', '.join(parts)}, content := md5({content_sql(table, alias)}))"


def _kept() -> tuple[str, ...]:
    return tuple(name for name in PROVENANCE if name not in ("content_hash", "occurrence"))


def _from(alias: str, columns: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in columns.split(", "))


def _count(connection: DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
