"""Invitations to a survey that one export has open and another with their answer: one invitation is one row.

An export has a row for each invitation, open or answered, or one for each item of an answered one. So there are as
many invitations of one kind to one person, at one instant and about one thing, as the export with most of them has, or
as there are answers; what answers leave of that stays open. This holds whichever export comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.store.schema import columns_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SAME: Final = "cast(json_array(source, kind, epoch_us(invited_at), customer_id, ticket_id, order_id) as varchar)"
NAMED: Final = "invited_at is not null and coalesce(customer_id, ticket_id, order_id) is not null"

_TALLY: Final = f"""
select same, item, open,
       case when item is null then max(answered) over (partition by same, brought_by) else answered end as answers
  from (select {_SAME} as same, item, brought_by, count(*) filter (score is null) as open,
               count(*) filter (score is not null) as answered
          from {{rows}}
         where {NAMED}
         group by all)
"""
_TABLE: Final = "(select *, 0 as brought_by from main.surveys)"
_BY_FILE: Final = """(
    select *, file_id as brought_by from main.surveys
    union all
    select surveys.*, repeats.file_id
      from main.surveys
      join main.repeats
        on repeats.table_name = 'surveys' and repeats.of_file = surveys.file_id
       and repeats.of_row = surveys.source_row)
"""
_REPEATED: Final = """
create or replace temp table open_again as
select older.rowid as place, older.file_id, older.source_row,
       coalesce(shown.file_id, first_value(older.file_id) over earlier) as of_file,
       coalesce(shown.source_row, first_value(older.source_row) over earlier) as of_row,
       shown.rowid is not null or row_number() over earlier > 1 as repeats
  from main.surveys_older older
  left join main.surveys shown
    on shown.source = older.source and shown.content_hash = older.content_hash and shown.occurrence = older.occurrence
window earlier as (partition by older.source, older.content_hash, older.occurrence
                       order by older.file_id nulls first, older.source_row)
"""

_ANSWERED: Final = f"""
    with now_there as ({_TALLY.format(rows=_TABLE)}),
         still_open as (
        select now_there.same, now_there.item,
               greatest(max(seen.open + seen.answers) - any_value(now_there.answers), 0) as n
          from now_there
          join invitation_seen seen
            on seen.same = now_there.same and seen.item is not distinct from now_there.item
         where now_there.open > 0
         group by all),
         ranked as (
        select rowid as place, {_SAME} as same, item,
               row_number() over (partition by {_SAME}, item order by content_hash, occurrence) as rank
          from main.surveys
         where score is null and {NAMED})
    select place
      from ranked
      join still_open on still_open.same = ranked.same and still_open.item is not distinct from ranked.item
     where rank > n
"""


def remember_invitations(connection: DuckDBPyConnection, stage: str) -> int:
    """Remember the invitations that the table and a stage have; returns the last row of the table."""
    connection.execute(
        f"create or replace temp table invitation_seen as {_TALLY.format(rows=_TABLE)} "
        f"union all {_TALLY.format(rows=f'(select *, 0 as brought_by from {stage})')}"
    )
    return int(connection.execute("select coalesce(max(rowid), -1) from main.surveys").fetchall()[0][0])


def close_answered(connection: DuckDBPyConnection, last: int) -> tuple[int, int]:
    """Take the open rows that were answered out of the merged table: how many were there before, and how many new.

    They stay beside it, to be open again where the answer's file is read otherwise.
    """
    gone = [row[0] for row in connection.execute(_ANSWERED).fetchall()]
    connection.execute("drop table invitation_seen")
    if gone:
        columns = ", ".join(field.name for field in columns_of("surveys"))
        bound = {"gone": gone}
        connection.execute(
            f"insert into main.surveys_older ({columns}) select {columns} from main.surveys "
            "where rowid in (select unnest($gone))",
            bound,
        )
        connection.execute("delete from main.surveys where rowid in (select unnest($gone))", bound)
    before = sum(row <= last for row in gone)
    return before, len(gone) - before


def open_again(connection: DuckDBPyConnection) -> None:
    """Close anew what is answered, after answers have left the table: what no longer is one becomes open again."""
    connection.execute(_REPEATED)
    repeated = "open_again where repeats and file_id is not null and of_file is not null"
    connection.execute(
        "update main.repeats set of_file = again.of_file, of_row = again.of_row from (select * from "
        f"{repeated}) as again where repeats.table_name = 'surveys' and repeats.of_file = again.file_id "
        "and repeats.of_row = again.source_row"
    )
    connection.execute(
        f"insert into main.repeats select 'surveys', file_id, source_row, of_file, of_row from {repeated}"
    )
    columns = ", ".join(field.name for field in columns_of("surveys"))
    connection.execute(
        f"insert into main.surveys ({columns}) select {columns} from main.surveys_older "
        "where rowid in (select place from open_again where not repeats)"
    )
    connection.execute("delete from main.surveys_older; drop table open_again")
    connection.execute(f"create or replace temp table invitation_seen as {_TALLY.format(rows=_BY_FILE)}")
    close_answered(connection, -1)
