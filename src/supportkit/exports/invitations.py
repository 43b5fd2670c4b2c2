"""Invitations to a survey that one export has open and another with their answer: one invitation is one row.

An export has a row for each invitation, open or answered, or one for each item of an answered one. So there are as
many invitations of one kind to one person, at one instant and about one thing, as the export with most of them has, or
as there are answers; what answers leave of that stays open. This holds whichever export comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SAME: Final = "cast(json_array(source, kind, epoch_us(invited_at), customer_id, ticket_id, order_id) as varchar)"
NAMED: Final = "invited_at is not null and coalesce(customer_id, ticket_id, order_id) is not null"

_TALLY: Final = f"""
select same, item, open, case when item is null then max(answered) over (partition by same) else answered end as answers
  from (select {_SAME} as same, item, count(*) filter (score is null) as open,
               count(*) filter (score is not null) as answered
          from {{rows}}
         where {NAMED}
         group by all)
"""

_ANSWERED: Final = f"""
delete from main.surveys
 where rowid in (
    with now_there as ({_TALLY.format(rows="main.surveys")}),
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
     where rank > n)
returning rowid
"""


def remember_invitations(connection: DuckDBPyConnection, stage: str) -> int:
    """Remember the invitations that the table and a stage have; returns the last row of the table."""
    connection.execute(
        f"create or replace temp table invitation_seen as {_TALLY.format(rows='main.surveys')} "
        f"union all {_TALLY.format(rows=stage)}"
    )
    return int(connection.execute("select coalesce(max(rowid), -1) from main.surveys").fetchall()[0][0])


def close_answered(connection: DuckDBPyConnection, last: int) -> tuple[int, int]:
    """Take the open rows that were answered out of the merged table: how many were there before, and how many new."""
    gone = [row[0] for row in connection.execute(_ANSWERED).fetchall()]
    connection.execute("drop table invitation_seen")
    before = sum(row <= last for row in gone)
    return before, len(gone) - before
