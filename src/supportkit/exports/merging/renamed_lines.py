"""A row that a file read anew calls another line stays the line that it was, where other files have that line too.

Without an id, a sku or a product a line is known by its amount; under another map that is another one, and so is its
name. The line of the other files, which may be read otherwise next, is then called as in this one; files that are read
as this one now is, and call it otherwise, have said that it is another, and it stays. Where two files were read in two
ways, equal amounts alone are no sign that they have one line; one product is, and one name that is not that of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.exports.merging.best_version import show_best
from supportkit.exports.merging.disagreeing_lines import LINES
from supportkit.store.schema import STORED, columns_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ORDERS_LEFT: Final = "left_orders"
"""The orders that rows of the file were under its last reading; `shared` with another file."""
LINES_LEFT: Final = "left_lines"
"""The lines that they were."""
_KEYS: Final = {ORDERS_LEFT: "source, order_id", LINES_LEFT: "source, order_id, line, occurrence"}
_TABLES: Final = {ORDERS_LEFT: "orders", LINES_LEFT: "order_lines"}
_NAMES: Final = {
    ORDERS_LEFT: "coalesce({0}.product, cast({0}.amount as varchar), '')",
    LINES_LEFT: "coalesce({0}.sku, {0}.product, concat_ws(' x ', {0}.quantity, {0}.amount))",
}
"""What a stored row would be known by."""
_RENAMED: Final = "renamed_line"
_ALIKE: Final = "file_read_alike"
_TELLING: Final = ("order_id", "line", "sku", "product", "quantity", "amount", "price", "amount_of")
_READ: Final = "to_json([{}, reading->>'$.with'])".format(
    ", ".join(f"coalesce(reading->>'$.map.{name}', reading->>'$.columns.{name}')" for name in _TELLING)
)
"""What of a reading says which line a row is."""


def remember_lines(connection: DuckDBPyConnection, theirs: str) -> None:
    """Keep which orders and lines the rows of files are, for which `theirs` is the condition, before they leave."""
    for kept, table in _TABLES.items():
        versions = f"(from main.{table} union all by name from main.{table}_older)"
        named = ", ".join(f"version.{name}" for name in _KEYS[kept].split(", "))
        named += f", {_NAMES[kept].format('version')} as name"
        connection.execute(f"""
            create or replace temp table {kept} as
            select *, false as shared
              from (select source_row, {named} from {versions} version where version.{theirs}
                     union
                    select repeats.source_row, {named}
                      from main.repeats
                      join {versions} version
                        on version.file_id = repeats.of_file and version.source_row = repeats.of_row
                     where repeats.table_name = '{table}' and repeats.{theirs})
        """)


def see_who_shares(connection: DuckDBPyConnection, theirs: str) -> None:
    """Note, once the rows have left, which of these orders and lines other files have."""
    for kept, table in _TABLES.items():
        same = " and ".join(f"held.{name} = {kept}.{name}" for name in _KEYS[kept].split(", "))
        other = f"held.product is not null or {_NAMES[kept].format('held')} <> {kept}.name"
        if kept == LINES_LEFT:
            other += f" or held.sku is not null or {kept}.name <> {kept}.line"
        connection.execute(f"""
            update {kept} set shared = true
              from main.{table} held
             where {same} and ({other} or held.file_id in (
                       select file_id from main.loads
                        where replaced_by is null and {_READ} in (
                                  select {_READ} from main.loads where replaced_by is null and {theirs})))
        """)


def forget_lines(connection: DuckDBPyConnection) -> None:
    """Drop what `remember_lines` kept."""
    connection.execute(f"drop table if exists {ORDERS_LEFT}; drop table if exists {LINES_LEFT}")


def rename_lines(connection: DuckDBPyConnection, reading: str) -> None:
    """Call stored lines that rows of LINES were before as these are called now, where no other line has that name; the
    file is read as its `reading` says."""
    run = connection.execute
    run(f"""
        create or replace temp table {_RENAMED} as
        select source, order_id, was.line as old_line, was.occurrence as old_occurrence,
               arg_min(added.line, source_row) as line, arg_min(added.occurrence, source_row) as occurrence
          from {LINES_LEFT} was
          join {LINES} added using (source, order_id, source_row)
         where shared
         group by all
    """)
    run(f"delete from {_RENAMED} where old_line = line and old_occurrence = occurrence")
    while run(f"""
        delete from {_RENAMED}
         where exists (from main.order_lines held
                        where held.source = {_RENAMED}.source and held.order_id = {_RENAMED}.order_id
                          and (held.line, held.occurrence) = ({_RENAMED}.line, {_RENAMED}.occurrence)
                          and not exists (from {_RENAMED} moved
                                           where moved.source = held.source and moved.order_id = held.order_id
                                             and (moved.old_line, moved.old_occurrence) = (held.line, held.occurrence)))
            or exists (from {_RENAMED} rival
                        where rival.source = {_RENAMED}.source and rival.order_id = {_RENAMED}.order_id
                          and (rival.line, rival.occurrence) = ({_RENAMED}.line, {_RENAMED}.occurrence)
                          and (rival.old_line, rival.old_occurrence)
                            < ({_RENAMED}.old_line, {_RENAMED}.old_occurrence))
        returning 1
    """).fetchall():
        pass
    _part_from_lines_that_stay(connection, reading)
    for table in ("order_lines", "order_lines_older"):
        run(f"""
            update main.{table} set line = renamed.line, occurrence = renamed.occurrence
              from {_RENAMED} renamed
             where renamed.source = {table}.source and renamed.order_id = {table}.order_id
               and (renamed.old_line, renamed.old_occurrence) = ({table}.line, {table}.occurrence)
               and (coalesce({table}.file_id not in (from {_ALIKE}), true)
                    or {_NAMES[LINES_LEFT].format(table)} = renamed.line)
        """)
    run(f"""
        create or replace temp table affected_order_lines as
        select source, order_id, old_line as line, old_occurrence as occurrence from {_RENAMED}
         union
        select source, order_id, line, occurrence from {_RENAMED}
    """)
    show_best(connection, STORED["order_lines"], tuple(_KEYS[LINES_LEFT].split(", ")))
    run(f"drop table affected_order_lines; drop table {_ALIKE}; drop table {_RENAMED}")


def _part_from_lines_that_stay(connection: DuckDBPyConnection, reading: str) -> None:
    """Note which files are read alike, whose lines stay if they are called otherwise; what such a file and another one
    bring as one row becomes a row of each."""
    run = connection.execute
    read_now = _READ.replace("reading->", "cast($reading as json)->")
    run(
        f"create or replace temp table {_ALIKE} as select distinct file_id from main.loads "
        f"where replaced_by is null and file_id is not null and {_READ} = {read_now}",
        {"reading": reading},
    )
    columns = ", ".join(field.name for field in columns_of("order_lines"))
    theirs = "file_id, source_row, source_file, loaded_at"
    replaced = ", ".join(f"other.{name} as {name}" for name in theirs.split(", "))
    run(f"""
        create or replace temp table parted_line as
        select version.* replace ({replaced})
          from (from main.order_lines union all by name from main.order_lines_older) version
          join {_RENAMED} renamed
            on renamed.source = version.source and renamed.order_id = version.order_id
           and (renamed.old_line, renamed.old_occurrence) = (version.line, version.occurrence)
          join (select repeats.*, entry.file as source_file, entry.loaded_at
                  from main.repeats
                  join (select file_id, min(file) as file, max(loaded_at) as loaded_at
                          from main.loads where replaced_by is null group by file_id) entry using (file_id)
                 where table_name = 'order_lines') other
            on other.of_file = version.file_id and other.of_row = version.source_row
         where (other.file_id in (from {_ALIKE})) <> (version.file_id in (from {_ALIKE}))
           and {_NAMES[LINES_LEFT].format("version")} <> renamed.line
    """)
    run(f"insert into main.order_lines_older ({columns}) select {columns} from parted_line")
    run(
        "delete from main.repeats where table_name = 'order_lines' "
        "and (file_id, source_row) in (select (file_id, source_row) from parted_line)"
    )
    run("drop table parted_line")
