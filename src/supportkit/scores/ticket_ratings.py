"""Satisfaction that stands in the tickets and not in a survey file: Zendesk's Good and Bad, Freshdesk's faces, stars.

Good, happy and satisfied words are 1 on a scale of 0 to 1, bad, neutral and unhappy ones 0; a number is a score on the
usual scale; "offered" is an invitation without an answer, "not offered" none. A ticket that has a survey is not counted
again. Such a rating has no time of its own and is dated by its ticket.
"""

from __future__ import annotations

from typing import Final

from supportkit.errors import UsageError
from supportkit.scores.answers import number_of, tickets_like
from supportkit.store import Selection, Store

GOOD: Final = r"^((extremely|very|highly|completely) )?(happy|satisfied)|^(good|great|amazing|positive)"
BAD: Final = (
    r"^((extremely|very|highly|completely) )?(unhappy|dissatisfied|unsatisfied)|^(bad|awful|negative|neutral|ok)"
)
NOT_OFFERED: Final = r"^(not offered|unoffered|)$"

#: how a ticket's satisfaction becomes scale_min, scale_max and score; unknown words are off their scale
RATING: Final = f"""
    select tickets.*,
           case when try_cast(satisfaction as double) is null then 0.0 end as rating_min,
           case when try_cast(satisfaction as double) is null then 1.0 end as rating_max,
           case when try_cast(satisfaction as double) is not null then try_cast(satisfaction as double)
                when regexp_matches(lower(trim(satisfaction)), '{GOOD}') then 1.0
                when regexp_matches(lower(trim(satisfaction)), '{BAD}') then 0.0
                when lower(trim(satisfaction)) = 'offered' then null
                else cast('nan' as double) end as rating
      from tickets
     where satisfaction is not null
       and not regexp_matches(lower(trim(satisfaction)), '{NOT_OFFERED}')
       and ticket_id not in (select ticket_id from main.surveys where kind = 'csat' and ticket_id is not null)
"""

SQL_RATED_TICKETS: Final = f"select count(*) from ({RATING})"

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


def rated_tickets(store: Store, surveys: Selection) -> tuple[int, tuple[str, ...]]:
    """How many tickets have a rating of their own, and a note; none where they lack a dimension that is asked for."""
    whole = store.select("tickets", period=surveys.period)
    found = int(store.rows(SQL_RATED_TICKETS, whole)[0][0])
    if not found:
        return 0, ()
    said = number_of(found, "rating")
    try:
        tickets_like(store, surveys)
    except UsageError as error:
        return 0, (f"{said} in the tickets left out: {error.message}",)
    return found, (f"{said} from the tickets' satisfaction, dated by the ticket",)
