"""Merging staged rows into a table: new rows are loaded, later versions update, the rest is unchanged or older.

A row with an id is known by (source, id). Of two versions the one with the later `updated_at` stays; without one, or
where it is the same, the one whose file was loaded later, and in one file the later row. A version that does not stay
is kept beside the table (`tickets_older`), and of a row that is there already it is noted which file brings it, too:
so the file that brought it can be read otherwise at any time. A row without an id is known by (source, content, its
occurrence in the file), which keeps the larger count of two equal rows; of surveys, an open invitation gives way to
its answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportkit.exports.merging.invitations import close_answered, remember_invitations
from supportkit.exports.merging.merge_plan import Merged, lost_in_file, outcome_query, planned, refuse_rivals, together
from supportkit.exports.merging.row_versions import best_first, goes_before, recency, remember
from supportkit.exports.merging.superseding import mark_superseded
from supportkit.store.row_content import content_hash_sql, same
from supportkit.store.schema import PROVENANCE, SURVEYS, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def merge(
    connection: DuckDBPyConnection,
    table: Table,
    stage: str,
    *,
    again: bool = False,
    lines: bool = False,
    told: str = "",
    since: int | None = None,
    passing: bool = False,
) -> Merged:
    """Merge the rows of `stage`, which has the columns of the table and is of one file.

    `again` says that the file was loaded before others that may have the same rows; with `lines` the stage says of each
    row of how many of the file it is made, and these are counted. `content_hash` and `occurrence` are
    made here; the stage need not have them. In a store that is `passing` the rows of the first file get them when
    another file comes. Call it inside a transaction.
    """
    if table is SURVEYS:
        return _merge_surveys(connection, table, stage, passing=passing)
    if table.key is None:
        return _merge_by_content(connection, table, stage, passing=passing)
    return merge_versions(
        connection, table, stage, ("source", table.key), again=again, lines=lines, told=told, since=since
    )


def keep_best_rows(connection: DuckDBPyConnection, table: Table, *, repeated: bool = True) -> Merged:
    """The same for rows that lie in the table already, which was empty before: of the rows of an id the last stays.
    `repeated` is whether an id may be there twice."""
    key = f"source, {table.key}"
    main = f"main.{table.name}"
    contested = f"(select {key} from {main} group by all having count(*) > 1) contested"
    if not repeated or not connection.execute(f"from {contested} limit 1").fetchall():
        return Merged(loaded=_count(connection, f"select count(*) from {main}"))
    connection.execute(f"""
        create or replace temp table merge_plan as
        select new.rowid as arrival, first_value(new.rowid) over ranking as best
          from {main} new semi join {contested} using ({key})
        window ranking as (partition by {key} order by {best_first(table, "new")})
    """)
    merged = lost_in_file(connection, table, main)
    connection.execute(f"delete from {main} where rowid in (select arrival from merge_plan where arrival <> best)")
    connection.execute("drop table merge_plan")
    return merged._replace(loaded=_count(connection, f"select count(*) from {main}"))


def insert_all(connection: DuckDBPyConnection, table: Table, stage: str, key: tuple[str, ...]) -> None:
    """Put all staged rows into the table, which has none of them."""
    columns = ", ".join((*table.names, *_kept(), *(name for name in key if name == "occurrence")))
    connection.execute(f"insert into main.{table.name} ({columns}) select {columns} from {stage}")


def merge_versions(
    connection: DuckDBPyConnection,
    table: Table,
    stage: str,
    key: tuple[str, ...],
    *,
    again: bool = False,
    lines: bool = False,
    told: str = "",
    since: int | None = None,
) -> Merged:
    """Merge rows that are known by the columns of `key`, of which one version stays; what became of each staged row is
    put into a temporary table, if one is named.

    Raises DataError where a file first loaded `since` then has a row that differs, and nothing says which is later: of
    two files of one folder none comes first.
    """
    total = "sum(new.lines)" if lines else "count(*)"
    known, main = ", ".join(key), f"main.{table.name}"
    columns = ", ".join((*table.names, *_kept(), *(name for name in key if name == "occurrence")))
    connection.execute(f"""
        create or replace temp table contested as
        select {known} from {stage} group by all having count(*) > 1
        union
        select {known} from {stage} semi join {main} using ({known})
    """)
    if not _count(connection, "select count(*) from contested"):
        insert_all(connection, table, stage, key)
        connection.execute("drop table contested")
        if told:
            connection.execute(
                f"create or replace temp table {told} as select rowid as arrival, 'loaded' as what from {stage}"
            )
        return Merged(loaded=_count(connection, f"select {total} from {stage} new"))
    connection.execute(f"""
        create or replace temp table merge_plan as
        with ranked as (
            select new.rowid as arrival, {_of("new", known)}, first_value(new.rowid) over ranking as best
              from {stage} new semi join contested using ({known})
            window ranking as (partition by {known} order by {best_first(table, "new")}))
        select ranked.arrival, ranked.best, old.rowid as old_row,
               old.rowid is not null and {same(table, "new", "old")} as same,
               old.rowid is null or {goes_before(table, again=again)} as later,
               old.rowid is not null and {recency("new", table)} = {recency("old", table)} as by_order
          from ranked
          join {stage} new on new.rowid = ranked.arrival
          left join {main} old on {" and ".join(f"old.{name} = new.{name}" for name in key)}
    """)
    if since is not None:
        refuse_rivals(connection, table, stage, key, since)
    if told:
        connection.execute(f"create or replace temp table {told} as {outcome_query(table, stage)}")
    merged = lost_in_file(connection, table, stage)
    free = _count(connection, f"select {total} from {stage} new anti join contested using ({known})")
    merged = together(merged, planned(connection, table, stage, total), free)
    best = "merge_plan plan where plan.arrival = plan.best"
    remember(connection, table.name, stage, main, f"select arrival, old_row from {best} and same")
    lost = "select old_row from merge_plan where arrival = best and later and not same and old_row is not null"
    connection.execute(f"insert into {main}_older ({columns}) select {columns} from {main} where rowid in ({lost})")
    connection.execute(
        f"insert into {main}_older ({columns}) select {columns} from {stage} staged "
        f"where staged.rowid in (select arrival from {best} and not later and not same)"
    )
    connection.execute(f"delete from {main} where rowid in ({lost})")
    connection.execute(f"""
        insert into {main} ({columns})
        select {_of("new", columns)}
          from {stage} new
          left join merge_plan plan on plan.arrival = new.rowid
         where (plan.arrival = plan.best and plan.later and not plan.same)
            or (plan.arrival is null and ({_of("new", known)}) not in (select ({known}) from contested))
    """)
    connection.execute("drop table merge_plan; drop table contested")
    return merged


def columns_kept(table: Table) -> tuple[str, ...]:
    """The columns of a table that come with a staged row."""
    return (*table.names, *_kept())


def _merge_by_content(connection: DuckDBPyConnection, table: Table, stage: str, *, passing: bool) -> Merged:
    columns, main = ", ".join(columns_kept(table)), f"main.{table.name}"
    numbered = f"select {_of('new', columns)}, told.content_hash, told.occurrence from {stage} new"
    if _is_empty(connection, table):
        if passing:
            return Merged(loaded=_changed(connection, f"insert into {main} ({columns}) select {columns} from {stage}"))
        added = f"insert into {main} ({columns}, content_hash, occurrence) {numbered}"
        return Merged(loaded=_changed(connection, f"{added} positional join ({_told_apart(table, stage)}) told"))
    if passing:
        connection.execute(
            f"update {main} set content_hash = told.content_hash, occurrence = told.occurrence "
            f"from ({_told_apart(table, f'(select *, rowid from {main} where content_hash is null)')}) told "
            f"where {table.name}.rowid = told.arrival"
        )
    read = _count(connection, f"select count(*) from {stage}")
    connection.execute(f"""
        create or replace temp table merge_plan as
        select told.arrival, told.content_hash, told.occurrence, old.rowid as old_row
          from ({_told_apart(table, stage)}) told
          left join {main} old
            on old.source = told.source and old.content_hash = told.content_hash and old.occurrence = told.occurrence
    """)
    remember(connection, table.name, stage, main, "select arrival, old_row from merge_plan where old_row is not null")
    loaded = _changed(
        connection,
        f"insert into {main} ({columns}, content_hash, occurrence) {numbered} "
        "positional join (select content_hash, occurrence, old_row from merge_plan order by arrival) told "
        "where told.old_row is null",
    )
    connection.execute("drop table merge_plan")
    return Merged(loaded=loaded, unchanged=read - loaded)


def _told_apart(table: Table, rows: str) -> str:
    """The query of what rows without an id are known by, in their order: only what tells them apart is sorted."""
    return f"""
        select arrival, source, content_hash,
               row_number() over (partition by source, content_hash order by source_row, arrival) as occurrence
          from (select source, source_row, rowid as arrival, {content_hash_sql(table, "new")} as content_hash
                  from {rows} new)
         order by arrival
    """


def _merge_surveys(connection: DuckDBPyConnection, table: Table, stage: str, *, passing: bool) -> Merged:
    """By content; an answer that takes the place of its open invitation in another export updates it, and one that is
    given anew takes the place of the earlier one in every figure."""
    before = new = 0
    if _is_empty(connection, table):
        merged = _merge_by_content(connection, table, stage, passing=passing)
    else:
        last = remember_invitations(connection, stage)
        merged = _merge_by_content(connection, table, stage, passing=passing)
        before, new = close_answered(connection, last)
    mark_superseded(connection)
    inserted = merged.loaded
    updated = min(before, inserted - new)
    return Merged(inserted - new - updated, updated, merged.unchanged + new)


def _is_empty(connection: DuckDBPyConnection, table: Table) -> bool:
    return not connection.execute(f"select 1 from main.{table.name} limit 1").fetchall()


def _changed(connection: DuckDBPyConnection, sql: str) -> int:
    """How many rows a statement puts in, which DuckDB tells."""
    return int(connection.execute(sql).fetchall()[0][0])


def _kept() -> tuple[str, ...]:
    return tuple(name for name in PROVENANCE if name not in ("content_hash", "occurrence"))


def _of(alias: str, columns: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in columns.split(", "))


def _count(connection: DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0] or 0) if row else 0
