"""Taking back what a file brought, so that another reading of it takes its place, as if there had been no other.

A row that another file brings too becomes the row of that file; of the versions of an id that are left the best one is
shown; what was answered only here is open again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError
from supportkit.exports.merging.best_version import show_best
from supportkit.exports.merging.invitations import open_again
from supportkit.exports.merging.line_merging import KEY, add_up
from supportkit.exports.merging.merge_plan import Merged
from supportkit.exports.merging.renamed_lines import forget_lines, remember_lines, see_who_shares
from supportkit.exports.merging.superseding import mark_superseded
from supportkit.store.row_content import same
from supportkit.store.schema import MESSAGES, OLDER, PARTS, STORED, TABLES, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FILES: Final = "leaving_file"
KEYS: Final = {table.name: ("source", table.key) for table in TABLES.values() if table.key} | {"order_lines": KEY}
_THEIRS: Final = f"file_id in (from {FILES})"


def take_back(connection: DuckDBPyConnection, files: Sequence[int]) -> None:
    """Take all rows of files out of every table; `replaced_<table>` keeps those shown, until `forget_replaced`."""
    run = connection.execute
    run(f"create or replace temp table {FILES} as select unnest($files::bigint[]) as file_id", {"files": [*files]})
    found = {
        name
        for name in STORED
        if run(f"select 1 from main.{name} where {_THEIRS} limit 1").fetchall()
        or run(f"select 1 from main.repeats where table_name = '{name}' and {_THEIRS} limit 1").fetchall()
    }
    for name in TABLES | PARTS:
        run(f"create or replace temp table replaced_{name} as from main.{name} where {_THEIRS}")
    remember_lines(connection, _THEIRS)
    for name, key in KEYS.items():
        _affected(connection, name, key)
    run(f"delete from main.repeats where {_THEIRS}")
    for name in found:
        _leave(connection, name)
    for name, key in KEYS.items():
        show_best(connection, STORED[name], key)
    run(
        "create or replace temp table touched_order as select source, order_id from affected_orders union "
        "select source, order_id from affected_order_lines"
    )
    add_up(connection)
    see_who_shares(connection, _THEIRS)
    for name in KEYS:
        run(f"drop table affected_{name}")
    if "surveys" in found or "surveys_older" in found:
        open_again(connection)
        mark_superseded(connection)
    run(
        "delete from main.lost_answers where load_id in "
        f"(select load_id from main.loads where {_THEIRS} and replaced_by is null)"
    )
    run(f"drop table {FILES}")


def forget_replaced(connection: DuckDBPyConnection) -> None:
    """Drop what `take_back` kept."""
    for name in TABLES | PARTS:
        connection.execute(f"drop table if exists replaced_{name}")
    forget_lines(connection)


def refuse_moved_ids(connection: DuckDBPyConnection, table: Table, place: str, file: str) -> None:
    """Raise DataError where at least half of the rows of a file bear another id than under its last reading."""
    known_by = "ticket_id" if table is MESSAGES else table.key
    if known_by is None:
        return
    moves = f"old.{known_by} <> new.{known_by}"
    both, moved, was, is_now = connection.execute(f"""
        select count(*), count(*) filter ({moves}), min_by(old.{known_by}, new.source_row) filter ({moves}),
               min_by(new.{known_by}, new.source_row) filter ({moves})
          from replaced_{table.name} old
          join {place} new on new.source_row = old.source_row
    """).fetchall()[0]
    if both and 2 * moved >= both:
        raise DataError(
            f"{file}: {moved:,} of {both:,} rows would have another {known_by} than under the last map, as {is_now!r} "
            f"for {was!r}; nothing was changed",
            hint=f"look at --map {known_by}=…; if the new ids are right, say --move-ids",
        )


def compared(connection: DuckDBPyConnection, table: Table, file_id: int, merged: Merged) -> tuple[Merged, bool]:
    """The books of a file that was read anew, by what it had brought before: equal rows are unchanged, others of the
    same id updated; and whether it brings just what it had brought."""
    main, old = f"main.{table.name}", f"replaced_{table.name}"
    key = KEYS.get(table.name, ("source", "content_hash", "occurrence"))
    joined = " and ".join(f"old.{name} = new.{name}" for name in key)
    ours = f"from {main} new join {old} old on {joined} where new.file_id = $file"
    is_same = same(table, "new", "old") if table.key else "true"
    equal, others = _pair(
        connection, f"select count(*) filter ({is_same}), count(*) filter (not {is_same}) {ours}", file=file_id
    )
    before = _pair(connection, f"select count(*), 0 from {old}")[0]
    beaten = 0
    if f"{table.name}_older" in OLDER and table.key:
        known = ", ".join(key)
        beaten = _pair(
            connection,
            f"select count(*), 0 from (select {known} from {main} where file_id = $file) "
            f"anti join {old} using ({known}) semi join {main}_older using ({known})",
            file=file_id,
        )[0]
    written = merged.loaded + merged.updated
    updated = others + beaten if table.key else max(0, min(merged.updated, written - equal))
    books = merged._replace(loaded=written - equal - updated, updated=updated, unchanged=merged.unchanged + equal)
    return books, equal == before == written


def _affected(connection: DuckDBPyConnection, name: str, key: Sequence[str]) -> None:
    """The rows of a table that may be shown otherwise once the files are gone: their own, and those they repeat."""
    known = ", ".join(f"shown.{column}" for column in key)
    connection.execute(f"""
        create or replace temp table affected_{name} as
        select {known} from main.{name} shown where {_THEIRS}
        union
        select {known}
          from main.{name} shown
          join main.repeats
            on repeats.table_name = '{name}' and repeats.of_file = shown.file_id and repeats.of_row = shown.source_row
         where repeats.{_THEIRS}
    """)


def _leave(connection: DuckDBPyConnection, name: str) -> None:
    """Give the rows of the files that leave to the first file beside them that brings the same; delete the others."""
    run = connection.execute
    shown = name.removesuffix("_older")
    run(f"""
        create or replace temp table leaving as
        with heir as (
            select of_file, of_row, min(file_id) as file_id, arg_min(source_row, file_id) as source_row
              from main.repeats
             where table_name = '{shown}' and of_file in (from {FILES})
             group by all)
        select stored.rowid as place, stored.file_id as was_file, stored.source_row as was_row, heir.file_id,
               heir.source_row, entry.file, entry.loaded_at
          from main.{name} stored
          left join heir on heir.of_file = stored.file_id and heir.of_row = stored.source_row
          left join (select file_id, min(file) as file, max(loaded_at) as loaded_at
                       from main.loads where replaced_by is null group by file_id) entry
            on entry.file_id = heir.file_id
         where stored.{_THEIRS}
    """)
    run(f"delete from main.{name} where rowid in (select place from leaving where file_id is null)")
    run(f"""
        update main.{name}
           set file_id = leaving.file_id, source_row = leaving.source_row, source_file = leaving.file,
               loaded_at = leaving.loaded_at
          from leaving
         where leaving.file_id is not null and {name}.rowid = leaving.place
    """)
    run(f"""
        delete from main.repeats
         where table_name = '{shown}' and (of_file, of_row, file_id, source_row) in (
            select (was_file, was_row, file_id, source_row) from leaving)
    """)
    run(f"""
        update main.repeats
           set of_file = leaving.file_id, of_row = leaving.source_row
          from leaving
         where table_name = '{shown}' and of_file = was_file and of_row = was_row and leaving.file_id is not null
    """)
    run("drop table leaving")


def _pair(connection: DuckDBPyConnection, sql: str, **bound: object) -> tuple[int, int]:
    one, other = connection.execute(sql, bound).fetchall()[0]
    return int(one), int(other)
