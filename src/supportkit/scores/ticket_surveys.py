"""What was asked and answered after tickets: for each the answers on their scale, and the last of them.

SURVEYED reads the selections `tickets` and `surveys` and gives the CTE `survey` (ticket_id, answers, off_scale, silent,
last): a row for each ticket that was asked. `last` is a struct (at, height, satisfied, asked, comment), where height is
the score from 0, the lowest of its scale, to 1. $kind is the kind of survey, $low and $high are its usual scale; of a
csat the ratings in the tickets count too.
"""

from __future__ import annotations

from typing import Final

from supportkit.scores.ticket_ratings import RATING

SURVEYED: Final = f"""rating as ({RATING}),
     told as (
    select ticket_id, responded_at, invited_at, comment, scale_min, scale_max, score
      from surveys
     where kind = $kind and ticket_id is not null
     union all
    select ticket_id, coalesce(solved_at, closed_at), null, null, rating_min, rating_max, rating
      from rating
     where $kind = 'csat'),
     judged as (
    select ticket_id, responded_at, invited_at, comment, score is not null as has_score,
           score between coalesce(scale_min, $low) and coalesce(scale_max, $high) and score = floor(score) as on_scale,
           (score - coalesce(scale_min, $low))
             / nullif(coalesce(scale_max, $high) - coalesce(scale_min, $low), 0) as height,
           case when $kind = 'ces' then score * 2 > coalesce(scale_min, $low) + coalesce(scale_max, $high)
                when coalesce(scale_max, $high) - coalesce(scale_min, $low) < 3 then score = coalesce(scale_max, $high)
                else score > coalesce(scale_max, $high) - 2 end as satisfied
      from told),
     survey as (
    select ticket_id, count(*) filter (where on_scale) as answers,
           count(*) filter (where has_score and not on_scale) as off_scale,
           count(*) filter (where not has_score) as silent,
           max(struct_pack(at := responded_at, height := height, satisfied := satisfied,
                           asked := invited_at, comment := comment)) filter (where on_scale) as last
      from judged
     group by ticket_id)"""
