"""Answers that a later one takes the place of: of one ticket or one invitation, kind and item the last answer counts.

An invitation is known by who was invited, about what and at which instant; a new one asks for a new answer. Without
an invitation it is the ticket that was answered about. What has neither is nobody's earlier answer. The rows stay: it
is told how many there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.exports.merging.invitations import NAMED

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_EARLIER: Final = f"""
with answer as (
    select rowid as place, source, kind, item, ticket_id, loaded_at, source_row, responded_at,
           coalesce(responded_at, invited_at) as answered_at,
           case when {NAMED} then invited_at end as invited,
           case when {NAMED} then customer_id end as customer,
           case when {NAMED} then order_id end as bought,
           hash(source, kind, item, ticket_id, invited, customer, bought) as likely
      from main.surveys
     where score is not null and ({NAMED} or ticket_id is not null)),
     contested as (select likely from answer group by likely having count(*) > 1),
     followed as (
    select place,
           lead(answered_at) over (partition by source, kind, item, ticket_id, invited, customer, bought
                                   order by responded_at nulls first, loaded_at, source_row, place) as superseded_at
      from answer
      semi join contested using (likely))
select place, superseded_at
  from followed
 where superseded_at is not null
"""
"""By a hash first, since few answers are given again, and to sort them all takes long."""


def mark_superseded(connection: DuckDBPyConnection) -> None:
    """Say of each answer of the table that a later one takes the place of since when it does."""
    connection.execute("update main.surveys set superseded_at = null where superseded_at is not null")
    connection.execute(
        f"update main.surveys set superseded_at = earlier.superseded_at from ({_EARLIER}) as earlier "
        "where surveys.rowid = earlier.place"
    )
