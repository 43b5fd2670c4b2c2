"""Customer effort score: the mean answer to "the company made it easy", 1 to 7, where 7 is very easy (CES 2.0).

`easy_share` is the share above the middle of the scale (5-7), `net` the share of the two highest less the share below
the middle (6-7 less 1-3), times 100. The older question, "how much effort", runs the other way: on any scale but 1-7
the direction has to be said (`--direction`), because it cannot be read off the scores. Effort is turned round, so that
more is always easier.
"""

from __future__ import annotations

from math import sqrt
from typing import Annotated, Literal

from supportkit.errors import DataError
from supportkit.parameters import Dimension
from supportkit.period import ALL, Over, Period
from supportkit.result import Column, Result, Value
from supportkit.scores import (
    Against,
    Asked,
    Counted,
    Measure,
    Moments,
    Scale,
    Sums,
    mean_moments,
    number_of,
    parse_scale,
    score,
)
from supportkit.scores.scales import ScaleUse, scales_in_use
from supportkit.stats.intervals import Difference, mean_difference, t_interval
from supportkit.store import Store

Direction = Literal["easy", "effort"]

TITLE = "Customer effort score"
TABLES = ("surveys",)
SOURCE = "CES 2.0 (CEB, now Gartner); share of 5-7 as CustomerGauge, net as 6-7 less 1-3"
FACTS = (
    Column("ces", "number", "CES", better="up"),
    Column("easy_share", "share", "easy", better="up"),
    Column("net", "number", better="up"),
    Column("answers", "count"),
)
USUAL = Scale(1, 7)

SQL = """
with answer as (
    select by_1, by_2, over_start, score,
           coalesce(scale_min, $low) = $low and coalesce(scale_max, $high) = $high as same
      from surveys
     where kind = 'ces'),
     judged as (
    select by_1, by_2, over_start, score is null as unanswered, not same and score is not null as other_scale,
           same and score between $low and $high and score = floor(score) as on_scale,
           case when $reversed then $low + $high - score else score end as ease
      from answer)
select grouping(by_1, by_2, over_start) <> 0 as is_total,
       by_1, by_2, over_start,
       count(*) filter (where on_scale) as answers,
       sum(ease) filter (where on_scale) as ease_sum,
       sum(ease * ease) filter (where on_scale) as ease_squares,
       count(*) filter (where on_scale and ease * 2 > $low + $high) as easy,
       count(*) filter (where on_scale and ease >= $high - 1) as top_two,
       count(*) filter (where on_scale and ease * 2 < $low + $high) as hard,
       count(*) filter (where not on_scale and not other_scale and not unanswered) as off_scale,
       count(*) filter (where other_scale) as other_scale,
       count(*) filter (where unanswered) as unanswered
  from judged
 group by grouping sets ((), (by_1, by_2, over_start))
 order by is_total desc, by_1, by_2, over_start
"""


def ces(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("surveys")] = None,
    over: Annotated[Over | None, "One row per day, week or month."] = None,
    against: Annotated[Against | None, "Compare with the period before, or each row with the rest."] = None,
    weigh_by: Annotated[str | None, Dimension("tickets"), "Weight to the closed tickets by one or two columns."] = None,
    direction: Annotated[Direction | None, "What a high score means: easy, or much effort."] = None,
    scale: Annotated[str, "The scale of answers that declare none."] = "1-7",
) -> Result:
    """How easy customers found it, with the share that found it easy."""
    usual = parse_scale(scale)
    uses = scales_in_use(store, store.select("surveys", period=period), "ces", usual)
    used = (uses[0].scale or usual) if uses else usual
    _refuse_unknown_direction(direction, used, uses)

    def left_out(counted: Counted) -> tuple[str, ...]:
        off_scale, other_scale, unanswered = counted.left_out
        notes = _read_as(direction, used, counted)
        if other_scale:
            notes += (f"{number_of(other_scale, 'answer')} on another scale than {used} left out",)
        if off_scale:
            notes += (f"{number_of(off_scale, 'answer')} off the {used} scale left out",)
        if unanswered:
            notes += (f"{number_of(unanswered, 'invitation')} without an answer left out",)
        return notes

    measure = Measure(
        name="ces",
        title=TITLE,
        definition=f"mean ease on {used}; easy: above the middle; net: two highest less those below the middle, x 100",
        facts=FACTS,
        width=6,
        figures=_figures,
        moments=_moments,
        difference=_difference,
        words=lambda change: f"{change:+.2f}",
    )
    asked = Asked(period, by, over, against, weigh_by)
    turned = direction == "effort"
    return score(store, measure, SQL, asked, left_out, low=used.low, high=used.high, reversed=turned)


def _refuse_unknown_direction(direction: Direction | None, used: Scale, uses: tuple[ScaleUse, ...]) -> None:
    """DataError where neither the option nor the scale says which end is easy."""
    if direction is not None or not uses:
        return
    undeclared_low = uses[0].scale is None and uses[0].highest <= 5
    if used == USUAL and not undeclared_low:
        return
    scale = "no declared scale, and none above 5" if undeclared_low else f"the scale {used}"
    raise DataError(
        f"ces answers with {scale}: a high score may mean easy or much effort",
        hint="say which: --direction easy or --direction effort, or direction under [metrics.ces]",
    )


def _read_as(direction: Direction | None, used: Scale, counted: Counted) -> tuple[str, ...]:
    """Notes that say how the scores were read, and the interval of the mean."""
    if not any(counted.total):
        return ()
    answers, mean, variance = _moments(counted.total)
    meaning = {
        "easy": f"read as stated: {used.high} is very easy",
        "effort": f"read as stated: {used.high} is much effort; turned round, so that {used.high} is very easy",
        None: f"read as CES 2.0: {used.high} is very easy; otherwise say --direction effort",
    }[direction]
    if answers < 5 or variance <= 0:
        return (meaning,)
    low, high = t_interval(mean, sqrt(variance), answers)
    return (meaning, f"95 % interval of the mean: {low:.2f} to {high:.2f}")


def _figures(sums: Sums, counted: Sums) -> tuple[Value, ...]:
    answers, total, _, easy, top_two, hard = sums
    return (total / answers, easy / answers, 100 * (top_two - hard) / answers, round(counted[0]))


def _moments(sums: Sums) -> Moments:
    return mean_moments(*sums[:3])


def _difference(sums: Sums, other: Sums) -> Difference:
    (n, mean, variance), (other_n, other_mean, other_variance) = _moments(sums), _moments(other)
    return mean_difference(mean, sqrt(variance), n, other_mean, sqrt(other_variance), other_n)
