"""Which tickets were easy (no complaint, solved quickly by one reply, never opened again), and which link an article.

The queries read the selections `tickets` and `messages`; $quick_s are the most seconds of an easy ticket, $article the
pattern of an article's address. What a reply and a reopening is, is what `handling` takes for one.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from supportkit.desk.handling_sql import PIECES
from supportkit.system.named import NamedTuple

ARTICLE: Final = (
    r"https?://\S*(?:\b(?:help|support|faq|kb|hc|docs?|articles?|knowledge|hilfe|wissen|ratgeber|aide|ayuda|spravka)\b"
    r"|помощь|справка)\S*"
)
"""The address of an article: of a help centre, questions and answers, documentation."""

_INQUIRY: Final = f"""
with {PIECES},
     link as (
        select source, ticket_id, bool_or(regexp_matches(lower(text), $article)) as is_linked
          from messages
         where sender = 'agent' and public and text <> ''
         group by source, ticket_id),
     inquiry as (
        select piece.source, piece.ticket_id, by_1, by_2, over_start,
               is_solved and piece.replies is not null as is_known, piece.replies, first_solve_s as took_s,
               coalesce(is_solved and piece.replies = 1 and coalesce(piece.reopens, 0) = 0
                        and not coalesce(is_complaint, false)
                        and first_solve_s between 0 and $quick_s, false) as is_easy, is_linked
          from piece
          join main.tickets as ticket on ticket.source = piece.source and ticket.ticket_id = piece.ticket_id
          left join link on link.source = piece.source and link.ticket_id = piece.ticket_id)"""
SQL: Final = f"""{_INQUIRY}
select grouping(by_1, by_2) <> 0 as is_total, by_1, by_2, count(*) as tickets,
       count(*) filter (where is_known) as with_replies, count(*) filter (where is_easy) as easy,
       sum(cast(took_s as decimal(18, 3))) filter (where is_easy) as easy_s, count(is_linked) as with_texts,
       count(*) filter (where is_linked) as linked
  from inquiry
 group by grouping sets ((), (by_1, by_2))
 order by is_total desc, by_1, by_2
"""
SQL_CASES: Final = f"""{_INQUIRY},
     behind as materialized (
        select inquiry.*, tickets.created_at as dated_at
          from inquiry
          join main.tickets as tickets on tickets.source = inquiry.source and tickets.ticket_id = inquiry.ticket_id)
"""


class Asked(NamedTuple):
    """The tickets of a question, or of all: a row of SQL."""

    is_total: bool
    by_1: str | None
    by_2: str | None
    tickets: int
    with_replies: int
    easy: int
    easy_s: Decimal | None
    with_texts: int
    linked: int

    @property
    def share(self) -> float | None:
        """Of the tickets that are known, the easy ones."""
        return self.easy / self.with_replies if self.with_replies else None

    @property
    def hours(self) -> float:
        """How long the customers of the easy tickets waited."""
        return float(self.easy_s or 0) / 3600
