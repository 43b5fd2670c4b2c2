"""Satisfaction that stands in the tickets and not in a survey file: Zendesk's Good and Bad, Freshdesk's faces, stars.

Good is 1 on a scale of 0 to 1, bad and neutral are 0; a number is a score, on the usual scale where it says none;
"offered" is an invitation without an answer, "unoffered" none. A ticket that has a survey is not counted again. Such a
rating has no time of its own and is dated by its ticket.
"""

from __future__ import annotations

from typing import Final

from supportkit.errors import UsageError
from supportkit.scores.answers import number_of, tickets_like
from supportkit.store import Selection, Store
from supportkit.store.deciding import SATISFACTION, UNKNOWN

#: how a ticket's satisfaction becomes scale_min, scale_max and score
RATING: Final = f"""
    select tickets.* exclude (number, highest),
           case when number is null or number = 0 or highest in (1, 100) then 0.0
                when highest is not null then 1.0 end as rating_min,
           case when number is null then 1.0 else highest end as rating_max,
           case when satisfaction = 'good' then 1.0 when satisfaction in ('bad', 'neutral') then 0.0
                else number end as rating
      from (select *, try_cast(split_part(satisfaction, '/', 1) as double) as number,
                   try_cast(nullif(split_part(satisfaction, '/', 2), '') as double) as highest
              from tickets) as tickets
     where {SATISFACTION.among} and satisfaction <> '{UNKNOWN}'
       and ticket_id not in (select ticket_id from main.surveys where kind = 'csat' and ticket_id is not null)
"""

SQL_RATED_TICKETS: Final = f"""
select (select count(*) from ({RATING})) as rated,
       (select count(*) from tickets where satisfaction = '{UNKNOWN}') as unread
"""

SQL_SCORES_AND_RATINGS: Final = f"""
with rating as ({RATING}),
     rated as (
    select by_1, by_2, over_start, scale_min, scale_max, score from surveys where kind = $kind and not superseded
     union all
    select by_1, by_2, over_start, rating_min, rating_max, rating from rating),
     level as (
    select by_1, by_2, over_start, scale_min, scale_max, score, count(*) as answers
      from rated
     group by all)
select by_1, by_2, over_start, scale_min, scale_max,
       case when score is null or score between -1000 and 1000 and score = floor(score) then score
            else cast('nan' as double) end as whole_score,
       sum(answers) as answers
  from level
 group by all
 order by all
"""


def rated_tickets(store: Store, surveys: Selection) -> tuple[int, int, tuple[str, ...]]:
    """How many tickets have a rating of their own, of how many nobody can read it, and a note; none where they lack a
    dimension that is asked for."""
    if not store.has_rows("tickets", SATISFACTION.among):
        return 0, 0, ()
    whole = store.select("tickets", period=surveys.period)
    rated, unread = map(int, store.rows(SQL_RATED_TICKETS, whole)[0])
    if not rated + unread:
        return 0, 0, ()
    said = number_of(rated, "rating")
    try:
        tickets_like(store, surveys)
    except UsageError as error:
        return 0, 0, (f"{said} in the tickets left out: {error.message}",)
    return rated + unread, unread, (f"{said} from the tickets' satisfaction, dated by the ticket",) if rated else ()
