"""Customer satisfaction index: each respondent's scores weighted by importance, from 0 (lowest) to 100 (highest score).

One survey row is one item (delivery, price, ...) of one respondent, with its `weight` as the importance. A respondent's
index is the weighted mean of the items answered, rescaled so that the lowest score is 0 and the highest 100; the index
is the mean over respondents, with an interval that keeps inside 0 to 100. "Percent of maximum" does not take off the
lowest score. Of one ticket or one invitation the last answer to an item counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Annotated, Any, NamedTuple

from supportkit.errors import DataError
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import RESPONDENTS, Cases
from supportkit.period import ALL, Over, Period
from supportkit.result import Result, Value, count, detail, figure
from supportkit.scores import (
    Against,
    AnswerCounts,
    Behind,
    GroupKey,
    Measure,
    Moments,
    ScoreOptions,
    ScoreQuery,
    Sums,
    mean_moments,
    number_of,
    score,
    summed,
)
from supportkit.scores.answers import FEWEST_TO_SHOW, mean_difference_of
from supportkit.scores.findings import findings as findings
from supportkit.scores.scales import (
    Scale,
    left_out_notes,
    levels,
    parse_scale,
    refuse_another_scale,
    scale_notes,
    scales_in_use,
    tally,
)
from supportkit.stats.bounded_mean import bounded_interval
from supportkit.store import Store
from supportkit.store.parameters import Dimension

TITLE = "Customer satisfaction index"
TABLES = ("surveys",)
SOURCE = "importance-weighted index (Hill; UK Customer Satisfaction Index), rescaled to 0..100"
EXAMPLES = ("csi", "csi --by country", "csi --over month -f json")
FACTS = (
    figure("csi", "number", "CSI", n="answers", better="up", points=True),
    figure("csi_low", "number", "low", n="answers", points=True),
    figure("csi_high", "number", "high", n="answers", points=True),
    figure("csi_percent_of_max", "number", "% of maximum", n="answers", better="up", points=True),
    count("answers", "respondents"),
)
USUAL_SCALE = "1-10"

SQL_ITEMS = """
with level as (
    select coalesce(item, '') as name, scale_min, scale_max, score, count(*) as answers,
           count(*) filter (where weight >= 0) as weighed,
           sum(cast(weight as decimal(18, 6))) filter (where weight >= 0) as importance
      from surveys
     where kind = 'csi' and not superseded
     group by all)
select name, scale_min, scale_max,
       case when score is null or score between -1000 and 1000 and score = floor(score) then score
            else cast('nan' as double) end as whole_score,
       sum(answers) as answers, sum(weighed) as weighed, sum(importance) as importance
  from level
 group by all
 order by all
"""

_RESPONDENT = """
with rated as (
    select by_1, by_2, over_start, customer_id, ticket_id, order_id, responded_at, score,
           coalesce(scale_min, $low) as lowest, coalesce(scale_max, $high) as highest,
           case when not $weighted then 1.0
                when weight >= 0 then weight
                else cast($means as double[])[list_position(cast($items as varchar[]), coalesce(item, ''))]
                end as importance
      from surveys
     where kind = 'csi' and not superseded
       and score between coalesce(scale_min, $low) and coalesce(scale_max, $high)
       and score = floor(score) and coalesce(scale_max, $high) > greatest(coalesce(scale_min, $low), 0)),
     respondent as (
    select by_1, by_2, over_start, customer_id, ticket_id, order_id, responded_at,
           cast(100 * sum(importance * (score - lowest) / (highest - lowest)) / nullif(sum(importance), 0)
                as decimal(12, 6)) as csi,
           cast(100 * sum(importance * score / highest) / nullif(sum(importance), 0) as decimal(12, 6)) as of_maximum
      from rated
     group by all)"""
SQL = f"""{_RESPONDENT},
     placed as (
    select by_1, by_2, over_start, csi, of_maximum from respondent)
select grouping(by_1, by_2, over_start) <> 0 as is_total,
       by_1, by_2, over_start,
       count(csi) as respondents,
       sum(csi) as csi_sum,
       sum(csi * csi) as csi_squares,
       sum(of_maximum) as of_maximum_sum,
       count(*) filter (where csi is null) as weightless
  from placed
 group by grouping sets ((), (by_1, by_2, over_start))
 order by is_total desc, by_1, by_2, over_start
"""


SQL_CASES = f"""{_RESPONDENT},
     behind as materialized (
    select by_1, by_2, over_start, customer_id, ticket_id, order_id, responded_at as answered_at, csi, of_maximum
      from respondent
     where csi is not null)
"""


class Respondents(NamedTuple):
    """The respondents of a group, or of all, with the sums of their indices: a row of SQL."""

    is_total: bool
    by_1: str | None
    by_2: str | None
    over_start: date | None
    respondents: int
    csi_sum: Decimal | None
    csi_squares: Decimal | None
    of_maximum_sum: Decimal | None
    weightless: int

    @property
    def key(self) -> GroupKey:
        """The group."""
        return GroupKey(self.by_1, self.by_2, self.over_start)

    @property
    def sums(self) -> Sums:
        """What the index is made of."""
        return tuple(
            float(value or 0) for value in (self.respondents, self.csi_sum, self.csi_squares, self.of_maximum_sum)
        )


class ItemLevel(NamedTuple):
    """The answers to an item alike in scale and score, those with an importance, and its sum: a row of SQL_ITEMS."""

    name: str
    scale_min: float | None
    scale_max: float | None
    whole_score: float | None
    answers: int
    weighed: int
    importance: Decimal | None

    @property
    def level(self) -> tuple[Any, ...]:
        """The same as a row of SQL_SCORES, without groups."""
        return (None, None, None, self.scale_min, self.scale_max, self.whole_score, self.answers)


class Item(NamedTuple):
    """An item of the questionnaire: its answers, those with an importance, the mean importance."""

    name: str
    answers: int
    weighed: int
    mean: float | None


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
    found = store.records(ItemLevel, SQL_ITEMS, store.select("surveys", period=period))
    rows = [one.level for one in found]
    uses = scales_in_use(levels(rows, usual))
    refuse_another_scale(uses, "csi")
    if scale is None and any(not use.declared and use.highest <= 5 for use in uses):
        raise DataError(
            "the csi answers declare no scale and none is above 5: 1-5 and 1-10 would give different indices",
            hint="say which it is: --scale 1-5 or --scale 1-10",
        )
    items, parameters = _importance(found, usual)
    measure = Measure(
        name="csi",
        title=TITLE,
        definition="importance-weighted mean of a respondent's items, lowest score 0, highest 100; 95 % interval",
        facts=FACTS,
        figures=_figures,
        moments=_moments,
        difference=lambda sums, other: mean_difference_of(_moments(sums), _moments(other)),
        words=lambda change: f"{change:+.1f} points",
        shown=lambda index: f"{index:.1f}",
    )
    query = ScoreQuery(store, measure, SQL, parameters, _tally, behind=Behind(SQL_CASES, "csi", parameters))
    counted = summed(query, selection)
    notes = scale_notes(uses) + left_out_notes(tally(rows, usual, 0, lambda level: ())) + _notes(items, counted)
    return score(query, ScoreOptions(period, by, over, against, weigh_by), selection, counted, notes)


def cases(
    store: Store,
    *,
    period: Period = ALL,
    by: str | None = None,
    over: Over | None = None,
    scale: str | None = None,
    **options: Any,
) -> Cases:
    """The respondents with their index, the lowest first."""
    selection = store.select("surveys", period=period, by=by, over=over)
    scope, notes = store.scope(selection)
    found = store.records(ItemLevel, SQL_ITEMS, store.select("surveys", period=period))
    _, parameters = _importance(found, parse_scale(scale or USUAL_SCALE))
    return Cases(
        unit=RESPONDENTS,
        sql=SQL_CASES,
        selections=(selection,),
        values=(detail("csi", "number", "CSI"), detail("of_maximum", "number", "% of maximum")),
        parts={EVERY: "true"},
        order=("csi", "answered_at desc", "customer_id", "ticket_id", "order_id", "by_1", "by_2"),
        parameters=parameters,
        scope=scope,
        notes=notes,
        counts={"answers": EVERY},
    )


def _importance(found: Sequence[ItemLevel], usual: Scale) -> tuple[list[Item], dict[str, Any]]:
    """The items of the questionnaire, and the parameters of a query for respondents: the scale and the weights."""
    items = [_item(name, list(levels)) for name, levels in groupby(found, key=lambda one: one.name)]
    items = [item for item in items if item.answers]
    return items, {
        "low": usual.low,
        "high": usual.high,
        "weighted": _weighted(items),
        "items": [item.name for item in items],
        "means": [item.mean for item in items],
    }


def _item(name: str, found: Sequence[ItemLevel]) -> Item:
    scored = [one for one in found if one.whole_score is not None]
    weighed = sum(one.weighed for one in scored)
    importance = sum((one.importance for one in scored if one.importance is not None), Decimal())
    return Item(name, sum(one.answers for one in scored), weighed, float(importance / weighed) if weighed else None)


def _weighted(items: Sequence[Item]) -> bool:
    """Whether every item has an importance somewhere, and one of them more than none."""
    return all(item.weighed for item in items) and any(item.mean for item in items)


def _tally(rows: Sequence[tuple[Any, ...]]) -> AnswerCounts:
    """The query's rows, the total first, as sums over respondents."""
    total, *groups = (Respondents._make(row) for row in rows)
    return AnswerCounts(total.sums, {group.key: group.sums for group in groups}, {"weightless": total.weightless or 0})


def _notes(items: Sequence[Item], counted: AnswerCounts) -> tuple[str, ...]:
    """How the items were weighted, and why an index has no interval."""
    if not items:
        return ()
    notes = []
    if any(sums[0] >= FEWEST_TO_SHOW and _ends(sums) is None for sums in (counted.total, *counted.groups.values())):
        notes.append("no interval where all respondents have one index, above 0 and below 100")
    if not _weighted(items):
        return ("items without an importance (weight): all count alike", *notes)
    bare = sum(item.answers - item.weighed for item in items)
    if bare:
        notes.append(f"{number_of(bare, 'answer')} without an importance of 0 or more: the mean of the item is taken")
    if counted.left_out["weightless"]:
        respondents = number_of(counted.left_out["weightless"], "respondent")
        notes.append(f"{respondents} with items of no importance only left out")
    return tuple(notes)


def _figures(sums: Sums, counted: Sums) -> tuple[Value, ...]:
    respondents, mean, _ = _moments(sums)
    *_, of_maximum = sums
    return (mean, *(_ends(sums) or (None, None)), of_maximum / respondents, round(counted[0]))


def _ends(sums: Sums) -> tuple[float, float] | None:
    respondents, mean, variance = _moments(sums)
    return bounded_interval(mean, variance, respondents, 0, 100)


def _moments(sums: Sums) -> Moments:
    return mean_moments(*sums[:3])
