"""Customer satisfaction: the share of answers in the top boxes, 4 and 5 on a scale of 1 to 5.

On every other scale the two highest scores count as satisfied, and the highest alone where the scale has three scores
or fewer (good or bad, 1 to 3). Unanswered invitations are no answers. The interval is Wilson's at 95 %.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from supportkit.parameters import Dimension
from supportkit.period import ALL, Over, Period
from supportkit.result import Column, Result, Value
from supportkit.scores import (
    Against,
    Asked,
    Counted,
    Measure,
    Moments,
    Sums,
    number_of,
    parse_scale,
    scale_notes,
    scales_in_use,
    score,
)
from supportkit.stats.intervals import share_difference, wilson
from supportkit.store import Store

TITLE = "Customer satisfaction"
TABLES = ("surveys",)
SOURCE = "top-two-box share as Zendesk, Nicereply and others report it; interval by Wilson 1927"
FACTS = (
    Column("csat", "share", "CSAT", better="up"),
    Column("csat_low", "share", "low"),
    Column("csat_high", "share", "high"),
    Column("answers", "count"),
    Column("mean", "number", "mean score", better="up"),
)
USUAL_SCALE = "1-5"

SQL = """
with answer as (
    select by_1, by_2, over_start, score,
           coalesce(scale_min, $low) as lowest, coalesce(scale_max, $high) as highest
      from surveys
     where kind = 'csat'),
     judged as (
    select by_1, by_2, over_start, score,
           score between lowest and highest and score = floor(score) as on_scale,
           score > highest - (case when highest - lowest < 3 then 1 else 2 end) as satisfied
      from answer)
select grouping(by_1, by_2, over_start) <> 0 as is_total,
       by_1, by_2, over_start,
       count(*) filter (where on_scale and satisfied) as satisfied,
       count(*) filter (where on_scale) as answers,
       sum(score) filter (where on_scale) as score_sum,
       count(*) filter (where not on_scale) as off_scale,
       count(*) filter (where score is null) as unanswered
  from judged
 group by grouping sets ((), (by_1, by_2, over_start))
 order by is_total desc, by_1, by_2, over_start
"""


def csat(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("surveys")] = None,
    over: Annotated[Over | None, "One row per day, week or month."] = None,
    against: Annotated[Against | None, "Compare with the period before, or each row with the rest."] = None,
    weigh_by: Annotated[str | None, Dimension("tickets"), "Weight to the closed tickets by one or two columns."] = None,
    scale: Annotated[str, "The scale of answers that declare none."] = USUAL_SCALE,
) -> Result:
    """Share of satisfied answers with its interval."""
    usual = parse_scale(scale)
    uses = scales_in_use(store, store.select("surveys", period=period), "csat", usual)
    one_scale = len({use.scale or usual for use in uses}) <= 1

    def left_out(counted: Counted) -> tuple[str, ...]:
        off_scale, unanswered = counted.left_out
        notes = scale_notes(uses, usual)
        if not one_scale:
            notes += ("no mean score: the scales differ",)
        if off_scale:
            notes += (f"{number_of(off_scale, 'answer')} off their scale left out",)
        if unanswered:
            notes += (f"{number_of(unanswered, 'invitation')} without an answer left out",)
        return notes

    measure = Measure(
        name="csat",
        title=TITLE,
        definition="answers in the top boxes (4-5 of 1-5) of all answers; 95 % interval",
        facts=FACTS,
        width=3,
        figures=partial(_figures, one_scale),
        moments=_moments,
        difference=lambda sums, other: share_difference(sums[0], sums[1], other[0], other[1]),
        words=lambda change: f"{100 * change:+.1f} percentage points",
    )
    asked = Asked(period, by, over, against, weigh_by)
    return score(store, measure, SQL, asked, left_out, low=usual.low, high=usual.high)


def _figures(one_scale: bool, sums: Sums, counted: Sums) -> tuple[Value, ...]:
    satisfied, answers, score_sum = sums
    low, high = wilson(min(satisfied, answers), answers)
    return (satisfied / answers, low, high, round(counted[1]), score_sum / answers if one_scale else None)


def _moments(sums: Sums) -> Moments:
    satisfied, answers, _ = sums
    share = satisfied / answers if answers else 0.0
    return Moments(answers, share, share * (1 - share))
