"""Net promoter score: the share of promoters (9-10) less the share of detractors (0-6), times 100.

Only whole answers on the 0-10 scale of the question "would you recommend us" count; passives are 7 and 8. The interval
is the score interval under 100 answers and the adjusted Wald interval AW(3,T) from there on, at 95 %. Two scores are
compared with the AW(3,T) answers added to both. Of one ticket or one invitation the last answer counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from supportkit.errors import DataError
from supportkit.offers.cases import Cases
from supportkit.period import ALL, Over, Period
from supportkit.result import Result, Value, count, figure
from supportkit.scores import (
    Against,
    AnswerCounts,
    Behind,
    Measure,
    Moments,
    ScoreOptions,
    ScoreQuery,
    Sums,
    number_of,
    rows_of,
    score,
)
from supportkit.scores.answer_cases import SQL_NPS, answer_cases
from supportkit.scores.findings import findings as findings
from supportkit.scores.scales import (
    SQL_SCORES,
    AnswersAtScore,
    Scale,
    ScaleUse,
    levels,
    scales_in_use,
    tally,
)
from supportkit.stats.intervals import nps_difference, nps_interval, nps_variance
from supportkit.store import Store
from supportkit.store.parameters import Dimension

TITLE = "Net promoter score"
TABLES = ("surveys",)
SOURCE = "Reichheld 2003; interval by Rocks 2016"
EXAMPLES = ("nps", "nps --by country --over month", "nps --against rest --by country --period 2026-10")
FACTS = (
    figure("nps", "number", "NPS", n="answers", better="up", points=True),
    figure("nps_low", "number", "low", n="answers", points=True),
    figure("nps_high", "number", "high", n="answers", points=True),
    count("answers"),
    figure("promoters", "count", n="answers", better="up"),
    figure("passives", "count", n="answers"),
    figure("detractors", "count", n="answers", better="down"),
)
TEN = Scale(0, 10)
WORTH = "case verdict when 'promoter' then 1 when 'passive' then 0 else -1 end"
NEARLY_ALL = 0.9  # of the answers between 1 and 5, from which on they are taken for those to another question
FEWEST_TO_WARN = 10
FEWEST_OF_A_FILE = 30
FEWEST_TO_REFUSE = 5  # answers from which on a column is taken for one of 1 to 5, if it is not a few detractors alone

SQL_FILES = """
select source_file as file, count(*) as answers,
       count(*) filter (where scale_max is null and score in (1, 2, 3, 4, 5)) as one_to_five,
       max(score) = 5 and (count(distinct score) >= 3 or 2 * count(*) filter (where score >= 4) >= count(*)) as to_five
  from surveys
 where kind = 'nps' and score is not null and superseded_at is null
 group by file
 order by file
"""

SQL_NUMBER_OF_FILES = "select count(distinct file) from loads where table_name = 'surveys'"


def nps(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("surveys")] = None,
    over: Annotated[Over | None, "One row per day, week or month."] = None,
    against: Annotated[Against | None, "Compare with the period before, or each row with the rest."] = None,
    weigh_by: Annotated[str | None, Dimension("tickets"), "Weight to the closed tickets by one or two columns."] = None,
) -> Result:
    """Net promoter score with its interval."""
    measure = Measure(
        name="nps",
        title=TITLE,
        definition="promoters (9-10) less detractors (0-6), in points of 100 answers; 95 % interval",
        facts=FACTS,
        figures=_figures,
        moments=_moments,
        difference=lambda sums, other: nps_difference(_counts(sums), _counts(other)),
        words=lambda change: f"{change:+.1f} points",
        shown=lambda score: f"{score:.1f}",
        unlike=lambda sums: sum(sums) - max(sums),
    )
    selection = store.select("surveys", period=period, by=by, over=over)
    query = ScoreQuery(
        store,
        measure,
        SQL_SCORES,
        {"kind": "nps"},
        partial(tally, usual=TEN, width=3, judge=_judge),
        behind=Behind(SQL_NPS, WORTH, {"kind": "nps", "low": TEN.low, "high": TEN.high}),
    )
    asked = ScoreOptions(period, by, over, against, weigh_by)
    rows = rows_of(query, selection)
    counted = query.tally(rows)
    found = levels(rows, TEN)
    notes = _mostly_low(found) + _notes(store, counted, scales_in_use(found))
    return score(query, asked, selection, counted, notes)


def cases(
    store: Store, *, period: Period = ALL, by: str | None = None, over: Over | None = None, **options: Any
) -> Cases:
    """The answers, the lowest scores first."""
    parts = {"detractors": "detractor", "passives": "passive", "promoters": "promoter"}
    return answer_cases(store, SQL_NPS, "nps", TEN, parts, "detractors", period=period, by=by, over=over)


def _judge(level: AnswersAtScore) -> Sums | None:
    """Detractor, passive or promoter; None on another scale than 0-10."""
    if level.scale != TEN or level.score is None:
        return None
    return (float(level.score <= 6), float(level.score in (7, 8)), float(level.score >= 9))


def _notes(store: Store, counted: AnswerCounts, uses: tuple[ScaleUse, ...]) -> tuple[str, ...]:
    """What is left out and which scales were met. DataError where the answers were given on another scale."""
    others = [use for use in uses if use.scale != TEN]
    named = ", ".join(f"{use.scale} ({number_of(use.answers, 'answer')})" for use in others)
    if others and len(others) == len(uses):
        raise DataError(
            f"no NPS: the answers were given on another scale than 0-10: {named}",
            hint="load them as csat or ces (--map kind=\"'csat'\"), or correct scale_min and scale_max",
        )
    undeclared = [use for use in uses if not use.declared]
    highest = max((use.highest for use in uses if use.scale == TEN), default=0.0)
    told = not store.figures_only or highest <= 5
    notes = _low_scales(store, bool(undeclared) and highest <= 5) if told else ()
    left_out = counted.left_out
    if others:
        notes += (f"{number_of(left_out['other_scale'], 'answer')} on another scale left out: {named} beside 0-10",)
    if left_out["off_scale"]:
        notes += (f"{number_of(left_out['off_scale'], 'answer')} off the 0-10 scale left out",)
    if left_out["unanswered"]:
        notes += (f"{number_of(left_out['unanswered'], 'invitation')} without an answer left out",)
    return notes


def _mostly_low(found: Sequence[AnswersAtScore]) -> tuple[str, ...]:
    """A note where nearly all answers lie between 1 and 5, which hardly any shop's do on 0-10, declared or not."""
    on_scale = [level for level in found if level.scale == TEN and level.on_scale]
    answers = sum(level.answers for level in on_scale)
    low = sum(level.answers for level in on_scale if 1 <= (level.score or 0) <= 5)
    if answers < FEWEST_TO_WARN or low < NEARLY_ALL * answers:
        return ()
    return (
        f"{low:,} of {answers:,} answers lie between 1 and 5: if they were asked for on that scale, this is no NPS; "
        "load them as csat (--map kind=\"'csat'\")",
    )


def _figures(sums: Sums, counted: Sums) -> tuple[Value, ...]:
    detractors, passives, promoters = (round(number) for number in counted)
    low, high = nps_interval(*_counts(sums))
    return (_moments(sums).mean, low, high, detractors + passives + promoters, promoters, passives, detractors)


def _moments(sums: Sums) -> Moments:
    detractors, _, promoters = sums
    answers = sum(sums)
    if not answers:
        return Moments(0, 0, 0)
    return Moments(answers, 100 * (promoters - detractors) / answers, 10_000 * nps_variance(*_counts(sums)))


def _counts(sums: Sums) -> tuple[float, float, float]:
    detractors, passives, promoters = sums
    return detractors, passives, promoters


def _low_scales(store: Store, suspect: bool) -> tuple[str, ...]:
    """Notes on files whose answers, all or nearly, lie between 1 and 5; DataError where all answers of the store do."""
    several = store.rows(SQL_NUMBER_OF_FILES)[0][0] > 1
    if not (suspect or several):
        return ()
    files = store.rows(SQL_FILES)
    low = [
        (name, answers)
        for name, answers, one_to_five, to_five in files
        if answers == one_to_five >= FEWEST_TO_REFUSE and to_five
    ]
    nearly = [
        f"{name}: {one_to_five:,} of {answers:,} nps answers lie between 1 and 5; if its scale is not 0-10, declare it"
        for name, answers, one_to_five, _ in files
        if len(files) > 1 and answers >= FEWEST_OF_A_FILE and NEARLY_ALL * answers <= one_to_five < answers
    ]
    if len(low) == len(files) and low:
        raise DataError(
            f"no NPS: all {sum(answers for _, answers in low)} answers lie between 1 and 5, which is no 0-10 scale",
            hint="load them as csat (--map kind=\"'csat'\"), or declare the scale: --map scale_max=\"'10'\"",
        )
    all_low = (
        f"{name}: all {answers} nps answers lie between 1 and 5; if its scale is not 0-10, declare scale_max"
        for name, answers in low
    )
    return (*all_low, *nearly)
