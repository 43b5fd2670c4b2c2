"""Merging staged rows into a table: new rows are loaded, later versions update, the rest is unchanged or older.

A row with an id is known by (source, id). Of two versions the one with the later `updated_at` stays; without one, or
where it is the same, the one whose file was loaded later, and in one file the later row. A version that does not stay
is kept beside the table (`tickets_older`), and of a row that is there already it is noted which file brings it, too:
so the file that brought it can be read otherwise at any time. A row without an id is known by (source, content, its
occurrence in the file), which keeps the larger count of two equal rows; of surveys, an open invitation gives way to
its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from supportkit.errors import DataError
from supportkit.exports.invitations import close_answered, remember_invitations
from supportkit.exports.superseding import mark_superseded
from supportkit.store.deciding import SCORE, Deciding, deciding
from supportkit.store.schema import PROVENANCE, SURVEYS, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EXAMPLES: Final = 3
ENDS: Final = ["refunded", "cancelled", "failed", "disputed", "solved", "closed"]
GOES_ON: Final = ["sale", "open", "partly refunded", "new", "pending", "hold"]
"""States after which another one is a step back: of an order, of a ticket."""


class Turned(NamedTuple):
    """A row whose state is another now: its id, the words before and now, and whether it went `back`."""

    name: str
    before: str | None
    now: str | None
    back: bool


class Merged(NamedTuple):
    """What became of staged rows: read = loaded + updated + unchanged + older.

    `by_order` rows differ from a stored one and only the order of loading says which stays; `turned` are some of them,
    whose state is another now.
    """

    loaded: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0
    by_order: int = 0
    turned: tuple[Turned, ...] = ()

    @property
    def rows(self) -> int:
        """All rows of the stage."""
        return self.loaded + self.updated + self.unchanged + self.older


def merge(
    connection: DuckDBPyConnection,
    table: Table,
    stage: str,
    *,
    again: bool = False,
    lines: bool = False,
    told: str = "",
    since: int | None = None,
) -> Merged:
    """Merge the rows of `stage`, which has the columns of the table and is of one file.

    `again` says that the file was loaded before others that may have the same rows; with `lines` the stage says of each
    row of how many of the file it is made, and these are counted. `content_hash` and `occurrence` are
    made here; the stage need not have them. Call it inside a transaction.
    """
    if table is SURVEYS:
        return _merge_surveys(connection, table, stage)
    if table.key is None:
        return _merge_by_content(connection, table, stage)
    return merge_versions(
        connection, table, stage, ("source", table.key), again=again, lines=lines, told=told, since=since
    )


def keep_best_rows(connection: DuckDBPyConnection, table: Table) -> Merged:
    """The same for rows that lie in the table already, which was empty before: of the rows of an id the last stays."""
    key = f"source, {table.key}"
    main = f"main.{table.name}"
    connection.execute(f"""
        create or replace temp table merge_plan as
        with contested as (
            select {key} from {main} group by all having count(*) > 1)
        select new.rowid as arrival, first_value(new.rowid) over ranking as best
          from {main} new semi join contested using ({key})
        window ranking as (partition by {key} order by {_rank(table, "new")})
    """)
    merged = _losers(connection, table, main)
    connection.execute(f"delete from {main} where rowid in (select arrival from merge_plan where arrival <> best)")
    connection.execute("drop table merge_plan")
    return merged._replace(loaded=_count(connection, f"select count(*) from {main}"))


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
        connection.execute(f"insert into {main} ({columns}) select {columns} from {stage}")
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
            window ranking as (partition by {known} order by {_rank(table, "new")}))
        select ranked.arrival, ranked.best, old.rowid as old_row,
               old.rowid is not null and {same(table, "new", "old")} as same,
               old.rowid is null or {_later(table, again=again)} as later,
               old.rowid is not null and {recency("new", table)} = {recency("old", table)} as by_order
          from ranked
          join {stage} new on new.rowid = ranked.arrival
          left join {main} old on {" and ".join(f"old.{name} = new.{name}" for name in key)}
    """)
    if since is not None:
        _refuse_rivals(connection, table, stage, key, since)
    if told:
        connection.execute(f"create or replace temp table {told} as {_told(table, stage)}")
    merged = _losers(connection, table, stage)
    free = _count(connection, f"select {total} from {stage} new anti join contested using ({known})")
    merged = _plus(merged, _planned(connection, table, stage, total), free)
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


def recency(alias: str, table: Table) -> str:
    """An SQL expression: since when a version of a row is as it is; a version that does not say it is the oldest."""
    return f"coalesce({alias}.updated_at, '-infinity'::timestamptz)" if "updated_at" in table.names else "0"


def effective_file(alias: str, table: str) -> str:
    """An SQL expression: the last file that brings a stored row; one of an older release is before all others."""
    return (
        f"greatest(coalesce({alias}.file_id, 0), coalesce((select max(repeats.file_id) from main.repeats "
        f"where repeats.table_name = '{table}' and repeats.of_file = {alias}.file_id "
        f"and repeats.of_row = {alias}.source_row), 0))"
    )


def remember(connection: DuckDBPyConnection, table: str, stage: str, main: str, plan: str) -> None:
    """Note of staged rows that a stored one is equal to each: `plan` gives the two, `arrival` and `old_row`."""
    connection.execute(
        f"insert into main.repeats select '{table}', new.file_id, new.source_row, old.file_id, old.source_row "
        f"from ({plan}) pair join {stage} new on new.rowid = pair.arrival "
        f"join {main} old on old.rowid = pair.old_row "
        "where new.file_id is not null and old.file_id is not null "
        "order by old.file_id, old.source_row"
    )


def columns_kept(table: Table) -> tuple[str, ...]:
    """The columns of a table that come with a staged row."""
    return (*table.names, *_kept())


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


def _hash(table: Table, alias: str) -> str:
    return f"left(sha256({content_sql(table, alias)}), 32)"


def _rank(table: Table, alias: str) -> str:
    """The order of the versions in one file, the one that stays first."""
    return f"{recency(alias, table)} desc, {alias}.source_row desc, {alias}.rowid desc"


def _later(table: Table, *, again: bool) -> str:
    """Whether a version of a file goes before the stored one: by its time, else because it is loaded later."""
    new, old = recency("new", table), recency("old", table)
    if not again:
        return f"{new} >= {old}"
    return f"({new} > {old} or ({new} = {old} and new.file_id >= {effective_file('old', table.name)}))"


def _losers(connection: DuckDBPyConnection, table: Table, place: str) -> Merged:
    """Rows of a file that another row of it goes before: equal ones are unchanged, others are older."""
    row = connection.execute(f"""
        select count(*) filter ({same(table, "new", "kept")}), count(*),
               count(*) filter (not {same(table, "new", "kept")} and {recency("new", table)} = {recency("kept", table)})
          from merge_plan
          join {place} new on new.rowid = merge_plan.arrival
          join {place} kept on kept.rowid = merge_plan.best
         where arrival <> best
    """).fetchall()[0]
    return Merged(unchanged=int(row[0]), older=int(row[1] - row[0]), by_order=int(row[2]))


def _planned(connection: DuckDBPyConnection, table: Table, stage: str, total: str) -> Merged:
    """What the plan makes of the row of each id, and whose state turns only because one file is loaded later."""
    plan = f"from merge_plan plan join {stage} new on new.rowid = plan.arrival"
    loaded, updated, unchanged, older, by_order = connection.execute(f"""
        select {total} filter (old_row is null), {total} filter (old_row is not null and later and not same),
               {total} filter (same), {total} filter (not later and not same), count(*) filter (by_order and not same)
          {plan}
         where arrival = best
    """).fetchall()[0]
    turned: tuple[Turned, ...] = ()
    if by_order and "status" in table.names:
        word = next((one.word_of for one in deciding(table.name) if one.column == "status"), "{}.status".format)
        rows = connection.execute(
            f"""
            select new.{table.key or "order_id"}, {word("old")}, {word("new")},
                   list_contains($ends, old.status) and list_contains($goes_on, new.status)
              {plan}
              join main.{table.name} old on old.rowid = plan.old_row
             where plan.by_order and plan.later and arrival = best and {word("old")} is distinct from {word("new")}
             order by 1
             limit {EXAMPLES}
            """,
            {"ends": ENDS, "goes_on": GOES_ON},
        ).fetchall()
        turned = tuple(Turned(name, before, now, bool(back)) for name, before, now, back in rows)
    return Merged(int(loaded or 0), int(updated or 0), int(unchanged or 0), int(older or 0), by_order, turned)


def _refuse_rivals(connection: DuckDBPyConnection, table: Table, stage: str, key: tuple[str, ...], since: int) -> None:
    column = key[1]
    found = connection.execute(
        f"""
        select new.{column}, new.source_file, old.source_file
          from merge_plan plan
          join {stage} new on new.rowid = plan.arrival
          join main.{table.name} old on old.rowid = plan.old_row
         where plan.arrival = plan.best and by_order and not same and old.file_id >= $since
         order by 1
         limit 1
        """,
        {"since": since},
    ).fetchall()
    for name, file, other in found:
        raise DataError(
            f"{other} and {file}: both have {column} {name}, with other cells, and nothing says which is later; "
            "nothing was loaded",
            hint=f"name the files in their order: supportkit load {other} {file}",
        )


def _told(table: Table, stage: str) -> str:
    """The query for what the plan makes of each staged row."""
    return f"""
        select new.rowid as arrival,
               case when plan.arrival is null then 'loaded'
                    when plan.arrival <> plan.best then
                         case when {same(table, "new", "kept")} then 'unchanged' else 'older' end
                    when plan.old_row is null then 'loaded'
                    when plan.same then 'unchanged'
                    when plan.later then 'updated'
                    else 'older' end as what
          from {stage} new
          left join merge_plan plan on plan.arrival = new.rowid
          left join {stage} kept on kept.rowid = plan.best
    """


def _plus(one: Merged, other: Merged, loaded: int) -> Merged:
    return Merged(
        one.loaded + other.loaded + loaded,
        one.updated + other.updated,
        one.unchanged + other.unchanged,
        one.older + other.older,
        one.by_order + other.by_order,
        other.turned,
    )


def _merge_by_content(connection: DuckDBPyConnection, table: Table, stage: str) -> Merged:
    columns, main = ", ".join(columns_kept(table)), f"main.{table.name}"
    # only what tells rows apart is sorted; the rows stand beside it in their order
    told = f"""
        select arrival, source, content_hash,
               row_number() over (partition by source, content_hash order by source_row, arrival) as occurrence
          from (select source, source_row, rowid as arrival, {_hash(table, "new")} as content_hash
                  from {stage} new)
         order by arrival
    """
    numbered = f"select {_of('new', columns)}, told.content_hash, told.occurrence from {stage} new"
    read = _count(connection, f"select count(*) from {stage}")
    if not connection.execute(f"select 1 from {main} limit 1").fetchall():
        connection.execute(
            f"insert into {main} ({columns}, content_hash, occurrence) {numbered} positional join ({told}) told"
        )
        return Merged(loaded=read)
    connection.execute(f"""
        create or replace temp table merge_plan as
        select told.arrival, told.content_hash, told.occurrence, old.rowid as old_row
          from ({told}) told
          left join {main} old
            on old.source = told.source and old.content_hash = told.content_hash and old.occurrence = told.occurrence
    """)
    remember(connection, table.name, stage, main, "select arrival, old_row from merge_plan where old_row is not null")
    inserted = connection.execute(
        f"insert into {main} ({columns}, content_hash, occurrence) {numbered} "
        "positional join (select content_hash, occurrence, old_row from merge_plan order by arrival) told "
        "where told.old_row is null"
    )
    loaded = int(inserted.fetchall()[0][0])
    connection.execute("drop table merge_plan")
    return Merged(loaded=loaded, unchanged=read - loaded)


def _merge_surveys(connection: DuckDBPyConnection, table: Table, stage: str) -> Merged:
    """By content; an answer that takes the place of its open invitation in another export updates it, and one that is
    given anew takes the place of the earlier one in every figure."""
    before = new = 0
    if not connection.execute("select 1 from main.surveys limit 1").fetchall():
        merged = _merge_by_content(connection, table, stage)
    else:
        last = remember_invitations(connection, stage)
        merged = _merge_by_content(connection, table, stage)
        before, new = close_answered(connection, last)
    mark_superseded(connection)
    inserted = merged.loaded
    updated = min(before, inserted - new)
    return Merged(inserted - new - updated, updated, merged.unchanged + new)


def _kept() -> tuple[str, ...]:
    return tuple(name for name in PROVENANCE if name not in ("content_hash", "occurrence"))


def _of(alias: str, columns: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in columns.split(", "))


def _count(connection: DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0] or 0) if row else 0
