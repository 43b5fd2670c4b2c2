"""Customer satisfaction index: each respondent's scores weighted by importance, from 0 (lowest) to 100 (highest score).

One survey row is one item (delivery, price, ...) of one respondent, with its `weight` as the importance. A respondent's
index is the weighted mean of the items answered, rescaled so that the lowest score is 0 and the highest 100; the index
is the mean over respondents, with Student's interval. "Percent of maximum" does not take off the lowest score.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Annotated, Any

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
    Query,
    Sums,
    mean_moments,
    number_of,
    score,
)
from supportkit.scores.answers import narrowed
from supportkit.scores.scales import (
    SQL_SCORES,
    levels,
    parse_scale,
    refuse_another_scale,
    scale_notes,
    scales_in_use,
)
from supportkit.stats.intervals import Difference, mean_difference, t_interval
from supportkit.store import Store

TITLE = "Customer satisfaction index"
TABLES = ("surveys",)
SOURCE = "importance-weighted index (Hill; UK Customer Satisfaction Index), rescaled to 0..100"
FACTS = (
    Column("csi", "number", "CSI", better="up"),
    Column("csi_low", "number", "low"),
    Column("csi_high", "number", "high"),
    Column("csi_percent_of_max", "number", "% of maximum", better="up"),
    Column("answers", "count", "respondents"),
)
USUAL_SCALE = "1-10"
LEFT_OUT = ("off_scale", "unanswered", "negative", "weighted", "weightless")

SQL = """
with answer as (
    select by_1, by_2, over_start, customer_id, ticket_id, order_id, responded_at, score,
           coalesce(item, '') as item, weight,
           coalesce(scale_min, $low) as lowest, coalesce(scale_max, $high) as highest
      from surveys
     where kind = 'csi'),
     judged as (
    select *, score between lowest and highest and score = floor(score)
              and highest > greatest(lowest, 0) as on_scale
      from answer),
     importance as (
    select item, avg(cast(weight as decimal(18, 6))) as usual_weight
      from judged
     where on_scale and weight >= 0
     group by item),
     known as (
    select count(*) filter (where usual_weight > 0) > 0
           and not exists (from judged where on_scale and item not in (select item from importance)) as weighted
      from importance),
     rated as (
    select by_1, by_2, over_start, customer_id, ticket_id, order_id, responded_at, on_scale,
           score is null as unanswered,
           cast(case when not on_scale then null
                     when not known.weighted then 1
                     when weight >= 0 then weight
                     else usual_weight end as decimal(18, 6)) as importance,
           cast(case when on_scale then (score - lowest) / (highest - lowest) * 100 end as decimal(18, 6)) as rescaled,
           cast(case when on_scale then score / highest * 100 end as decimal(18, 6)) as of_maximum,
           known.weighted, weight < 0 as negative
      from judged left join importance using (item), known),
     respondent as (
    select by_1, by_2, over_start,
           cast(sum(cast(importance as double) * cast(rescaled as double)) filter (where on_scale)
                / nullif(sum(importance) filter (where on_scale), 0) as decimal(12, 6)) as csi,
           cast(sum(cast(importance as double) * cast(of_maximum as double)) filter (where on_scale)
                / nullif(sum(importance) filter (where on_scale), 0) as decimal(12, 6)) as of_maximum,
           count(*) filter (where not on_scale) as off_scale,
           count(*) filter (where unanswered) as unanswered,
           count(*) filter (where negative) as negative,
           bool_and(weighted) as weighted,
           count(*) filter (where on_scale) > 0 and coalesce(sum(importance), 0) = 0 as weightless
      from rated
     group by by_1, by_2, over_start, customer_id, ticket_id, order_id, responded_at)
select grouping(by_1, by_2, over_start) <> 0 as is_total,
       by_1, by_2, over_start,
       count(csi) as respondents,
       sum(csi) as csi_sum,
       sum(csi * csi) as csi_squares,
       sum(of_maximum) as of_maximum_sum,
       sum(off_scale) as off_scale,
       sum(unanswered) as unanswered,
       sum(negative) as negative,
       bool_and(weighted) as weighted,
       count(*) filter (where weightless) as weightless
  from respondent
 group by grouping sets ((), (by_1, by_2, over_start))
 order by is_total desc, by_1, by_2, over_start
"""


def csi(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("surveys")] = None,
    over: Annotated[Over | None, "One row per day, week or month."] = None,
    against: Annotated[Against | None, "Compare with the period before, or each row with the rest."] = None,
    weigh_by: Annotated[str | None, Dimension("tickets"), "Weight to the closed tickets by one or two columns."] = None,
    scale: Annotated[str | None, "The scale of answers that declare none, such as 1-10."] = None,
) -> Result:
    """Importance-weighted satisfaction from 0 to 100 with its interval."""
    usual = parse_scale(scale or USUAL_SCALE)
    selection = store.select("surveys", period=period, by=by, over=over)
    whole = store.select("surveys", period=period)
    uses = scales_in_use(levels(store.rows(narrowed(SQL_SCORES, whole), whole, kind="csi"), usual))
    refuse_another_scale(uses, "csi")
    if scale is None and any(not use.declared and use.highest <= 5 for use in uses):
        raise DataError(
            "the csi answers declare no scale and none is above 5: 1-5 and 1-10 would give different indices",
            hint="say which it is: --scale 1-5 or --scale 1-10",
        )
    measure = Measure(
        name="csi",
        title=TITLE,
        definition="importance-weighted mean of a respondent's items, lowest score 0, highest 100; 95 % interval",
        facts=FACTS,
        figures=_figures,
        moments=_moments,
        difference=_difference,
        words=lambda change: f"{change:+.1f} points",
        shown=lambda index: f"{index:.1f}",
    )
    query = Query(store, measure, SQL, {"low": usual.low, "high": usual.high}, _tally)
    counted = query.tally(store.rows(SQL, selection, **query.parameters))
    notes = scale_notes(uses) + _left_out(counted)
    return score(query, Asked(period, by, over, against, weigh_by), selection, counted, notes)


def _tally(rows: Sequence[tuple[Any, ...]]) -> Counted:
    """The query's rows, the total first, as sums over respondents."""
    found = {row[1:4]: tuple(float(value or 0) for value in row[4:8]) for row in rows[1:]}
    left_out = {name: int(value or 0) for name, value in zip(LEFT_OUT, rows[0][8:], strict=True)}
    return Counted(tuple(float(value or 0) for value in rows[0][4:8]), found, left_out)


def _left_out(counted: Counted) -> tuple[str, ...]:
    off_scale, unanswered, negative, weighted, weightless = (counted.left_out[name] for name in LEFT_OUT)
    notes = []
    if any(counted.total) and not weighted:
        notes.append("items without an importance (weight): all count alike")
    if off_scale:
        notes.append(f"{number_of(off_scale, 'answer')} off their scale left out")
    if unanswered:
        notes.append(f"{number_of(unanswered, 'item')} without a score left out")
    if negative:
        notes.append(f"{number_of(negative, 'negative weight')} replaced by the item's mean weight")
    if weightless:
        notes.append(f"{number_of(weightless, 'respondent')} with items of no importance only left out")
    return tuple(notes)


def _figures(sums: Sums, counted: Sums) -> tuple[Value, ...]:
    respondents, mean, variance = _moments(sums)
    low, high = t_interval(mean, sqrt(variance), respondents) if respondents > 1 and variance > 0 else (None, None)
    bounds = (None if low is None else max(0.0, low), None if high is None else min(100.0, high))
    return (mean, *bounds, sums[3] / respondents, round(counted[0]))


def _moments(sums: Sums) -> Moments:
    return mean_moments(*sums[:3])


def _difference(sums: Sums, other: Sums) -> Difference:
    first, second = _moments(sums), _moments(other)
    return mean_difference(
        first.mean, sqrt(first.variance), first.answers, second.mean, sqrt(second.variance), second.answers
    )
