"""Net promoter score: the share of promoters (9-10) less the share of detractors (0-6), times 100.

Only answers on the 0-10 scale of the question "would you recommend us" count; passives are 7 and 8. The interval
is the score interval under 100 answers and the adjusted Wald interval AW(3,T) from there on, at 95 %.
"""

from __future__ import annotations

from typing import Annotated

from supportkit.parameters import Dimension
from supportkit.period import ALL, Over, Period
from supportkit.result import Chart, Column, Result, Value
from supportkit.stats.intervals import nps_interval
from supportkit.store import Store

TITLE = "Net promoter score"
TABLES = ("surveys",)
SOURCE = "Reichheld 2003; interval by Rocks 2016"
FACTS = (
    Column("nps", "number", "NPS", better="up"),
    Column("nps_low", "number", "low"),
    Column("nps_high", "number", "high"),
    Column("answers", "count"),
    Column("promoters", "count", better="up"),
    Column("passives", "count"),
    Column("detractors", "count", better="down"),
)

SQL = """
select grouping(by_1, by_2, over_start) <> 0 as is_total,
       by_1, by_2, over_start,
       count(*) filter (where score between 0 and 6) as detractors,
       count(*) filter (where score > 6 and score < 9) as passives,
       count(*) filter (where score between 9 and 10) as promoters,
       count(*) filter (where score < 0 or score > 10) as off_scale,
       count(*) filter (where score is null) as unanswered
  from surveys
 where kind = 'nps'
 group by grouping sets ((), (by_1, by_2, over_start))
 order by is_total desc, by_1, by_2, over_start
"""


def nps(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("surveys")] = None,
    over: Annotated[Over | None, "one row per day, week or month"] = None,
) -> Result:
    """Net promoter score with its interval."""
    selection = store.select("surveys", period=period, by=by, over=over)
    scope, notes = store.scope(selection)
    total, *groups = store.rows(SQL, selection)
    facts = _facts(total)
    rows = [selection.values(*group[1:4]) + _facts(group) for group in groups] if selection.columns else [facts]
    off_scale, unanswered = total[7:]
    if off_scale:
        notes += (f"{off_scale} answers off the 0-10 scale are left out",)
    if unanswered:
        notes += (f"{unanswered} invitations without an answer are left out",)
    return Result(
        metric="nps",
        title=TITLE,
        definition="promoters (9-10) less detractors (0-6), in points of 100 answers; 95 % interval",
        columns=selection.columns + FACTS,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=notes,
        scope=scope,
        chart=Chart("interval", x=selection.columns[-1].name, y="nps", low="nps_low", high="nps_high")
        if selection.columns
        else None,
    )


def _facts(row: tuple[int, ...]) -> tuple[Value, ...]:
    detractors, passives, promoters = row[4:7]
    answers = detractors + passives + promoters
    if not answers:
        return (None, None, None, 0, 0, 0, 0)
    low, high = nps_interval(detractors, passives, promoters)
    return (100 * (promoters - detractors) / answers, low, high, answers, promoters, passives, detractors)
