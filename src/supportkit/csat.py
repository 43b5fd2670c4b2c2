"""Customer satisfaction: the share of answers in the top boxes, 4 and 5 on a scale of 1 to 5.

On every other scale the two highest scores count as satisfied, and the highest alone where the scale has three scores
or fewer (good or bad, 1 to 3). Unanswered invitations are no answers. A satisfaction that stands in the ticket (Good,
Bad, stars) counts where the ticket has no survey. Of one ticket or one invitation the last answer counts. The interval
is Wilson's at 95 %.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated, Any

from supportkit.offers.cases import Cases
from supportkit.offers.leaves import ShareByLeaf
from supportkit.period import ALL, Over, Period, containing
from supportkit.result import Result, Value, count, figure
from supportkit.scores import (
    Against,
    Behind,
    Measure,
    Moments,
    ScoreOptions,
    ScoreQuery,
    Sums,
    repeated_answers,
    rows_of,
    score,
    summed,
)
from supportkit.scores.answer_cases import SQL_CSAT, SQL_CSAT_AND_RATINGS, answer_cases
from supportkit.scores.answers import WHOLE
from supportkit.scores.findings import findings as findings
from supportkit.scores.repeated_answers import RepeatedAnswers
from supportkit.scores.scales import (
    SQL_SCORES,
    AnswersAtScore,
    Scale,
    left_out_notes,
    levels,
    parse_scale,
    refuse_another_scale,
    scale_notes,
    scales_in_use,
    tally,
)
from supportkit.scores.ticket_ratings import SQL_SCORES_AND_RATINGS, rated_tickets
from supportkit.stats.intervals import share_difference, wilson
from supportkit.store import Store
from supportkit.store.parameters import Dimension

TITLE = "Customer satisfaction"
TABLES = ("surveys", "tickets")
SOURCE = "top-two-box share as Zendesk, Nicereply and others report it; interval by Wilson 1927"
EXAMPLES = ("csat", "csat --by channel", "csat --over month -o csat.html")
FACTS = (
    figure("csat", "share", "CSAT", n="answers", better="up"),
    figure("csat_low", "share", "low", n="answers"),
    figure("csat_high", "share", "high", n="answers"),
    count("answers"),
    figure("mean", "number", "mean score", n="answers", better="up"),
)
USUAL_SCALE = "1-5"
WORTH = "case verdict when 'satisfied' then 1 else 0 end"
DIMENSIONS = ("channel", "country", "agent")

SQL_LEAVES = """
select coalesce(nullif(channel, ''), '(none)') as channel,
       coalesce(nullif(country, ''), '(none)') as country,
       coalesce(nullif(agent, ''), '(none)') as agent,
       over_start, scale_min, scale_max, score, count(*) as answers
  from surveys
 where kind = 'csat' and score is not null and not superseded
 group by all
 order by all
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
    selection = store.select("surveys", period=period, by=by, over=over)
    ratings, unread, notes = (0, 0, ()) if weigh_by else rated_tickets(store, selection)
    query = _query(store, usual, ratings, unread)
    rows = rows_of(query, selection)
    counted = query.tally(rows)
    uses = scales_in_use(levels(rows, usual))
    refuse_another_scale(uses, "csat")
    notes += scale_notes(uses) + left_out_notes(counted)
    if len({use.scale for use in uses}) > 1:
        query = query._replace(measure=replace(query.measure, figures=_figures_without_mean))
        notes += ("no mean score: the scales differ",)
    return score(query, ScoreOptions(period, by, over, against, weigh_by), selection, counted, notes)


def _query(store: Store, usual: Scale, ratings: int = 0, unread: int = 0) -> ScoreQuery:
    """The query for the answers; for the ratings of tickets without one too, where there are any."""
    measure = Measure(
        name="csat",
        title=TITLE,
        definition="answers in the top boxes (4-5 of 1-5) of all answers; 95 % interval",
        facts=FACTS,
        figures=_figures,
        moments=_moments,
        difference=lambda sums, other: share_difference(sums[0], sums[1], other[0], other[1]),
        words=lambda change: f"{100 * change:+.1f} percentage points",
        shown=lambda share: f"{100 * share:.1f} %",
        unlike=lambda sums: min(sums[0], sums[1] - sums[0]),
    )
    reckon = partial(tally, usual=usual, width=3, judge=_judge)
    given = {"kind": "csat", "low": usual.low, "high": usual.high}
    query = ScoreQuery(store, measure, SQL_SCORES, {"kind": "csat"}, reckon, behind=Behind(SQL_CSAT, WORTH, given))
    if not ratings:
        return query
    behind = Behind(SQL_CSAT_AND_RATINGS, WORTH, given)
    return query._replace(sql=SQL_SCORES_AND_RATINGS, beside=ratings, unread=unread, behind=behind)


def answers_worth(store: Store, period: Period = ALL) -> float:
    """Of how many independent answers each answer or rating is worth, since those of one customer are alike."""
    selection = store.select("surveys", period=period)
    ratings, unread, _ = rated_tickets(store, selection)
    query = _query(store, parse_scale(USUAL_SCALE), ratings, unread)
    answers = query.measure.answers(summed(query, selection).total)
    return repeated_answers(query, selection, answers).share(WHOLE)


def leaves(
    store: Store,
    *,
    period: Period = ALL,
    dimensions: tuple[str, ...] = DIMENSIONS,
    over: Over | None = None,
    scale: str = USUAL_SCALE,
    **options: Any,
) -> ShareByLeaf:
    """For `why`: the survey answers of every channel, country and agent, and those that are satisfied.

    With `over` the period of the answer is a last dimension, "period"; without it is told what an answer is worth.
    """
    selection = store.select("surveys", period=period, over=over)
    scope, notes = store.scope(selection)
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for channel, country, agent, start, *rest in store.rows(SQL_LEAVES, selection):
        (level,) = levels([(None, None, start, *rest)], parse_scale(scale))
        if level.on_scale:
            when = (containing(start, over).name,) if over else ()
            answers, satisfied = found.get((channel, country, agent, *when), (0, 0))
            good = level.answers if _judge(level)[0] else 0
            found[channel, country, agent, *when] = (answers + level.answers, satisfied + good)
    number = sum(answers for answers, _ in found.values())
    again = RepeatedAnswers() if over else repeated_answers(_query(store, parse_scale(scale)), selection, number)
    every = ShareByLeaf(
        what="customers who are satisfied",
        dimensions=(*DIMENSIONS, *(("period",) if over else ())),
        leaves=found,
        scope=scope,
        notes=(*notes, *((again.said,) if again.said else ())),
        worth=again.share(WHOLE),
    )
    return every if dimensions == DIMENSIONS else every.along((*dimensions, *every.dimensions[len(DIMENSIONS) :]))


def cases(
    store: Store,
    *,
    period: Period = ALL,
    by: str | None = None,
    over: Over | None = None,
    weigh_by: str | None = None,
    scale: str = USUAL_SCALE,
    **options: Any,
) -> Cases:
    """The answers, and the ratings of tickets without one; the lowest scores first."""
    selection = store.select("surveys", period=period, by=by, over=over)
    ratings = 0 if weigh_by else rated_tickets(store, selection)[0]
    parts = {"dissatisfied": "dissatisfied", "satisfied": "satisfied"}
    sql = SQL_CSAT_AND_RATINGS if ratings else SQL_CSAT
    usual = parse_scale(scale)
    return answer_cases(
        store, sql, "csat", usual, parts, "dissatisfied", period=period, by=by, over=over, ratings=bool(ratings)
    )


def _judge(level: AnswersAtScore) -> Sums:
    """Satisfied or not, one answer, its score: the two highest scores are good, of three or fewer the highest alone."""
    good = level.scale.high - (1 if level.scale.high - level.scale.low < 3 else 2)
    return (float((level.score or 0) > good), 1.0, level.score or 0.0)


def _figures(sums: Sums, counted: Sums) -> tuple[Value, ...]:
    satisfied, number, score_sum = sums
    low, high = wilson(min(satisfied, number), number)
    return (satisfied / number, low, high, round(counted[1]), score_sum / number)


def _figures_without_mean(sums: Sums, counted: Sums) -> tuple[Value, ...]:
    return (*_figures(sums, counted)[:-1], None)


def _moments(sums: Sums) -> Moments:
    satisfied, number, _ = sums
    share = satisfied / number if number else 0.0
    return Moments(number, share, share * (1 - share))
