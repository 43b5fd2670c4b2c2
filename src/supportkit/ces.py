"""Customer effort score: the mean answer to "the company made it easy", 1 to 7, where 7 is very easy (CES 2.0).

`easy_share` is the share above the middle of the scale (5-7), `net` the share of the two highest less the share below
the middle (6-7 less 1-3), times 100. The older question, "how much effort", runs the other way: on any scale but 1-7
the direction has to be said (`--direction`), because it cannot be read off the scores. Effort is turned round, so that
more is always easier. Of one ticket or one invitation the last answer counts.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

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
    mean_moments,
    score,
)
from supportkit.scores.answer_cases import SQL_CES, answer_cases
from supportkit.scores.answers import FEWEST_TO_SHOW, WHOLE, mean_difference_of, without_unused_dimensions
from supportkit.scores.findings import findings as findings
from supportkit.scores.repeated_answers import repeated_answers
from supportkit.scores.scales import (
    SQL_SCORES,
    AnswersAtScore,
    Scale,
    ScaleUse,
    left_out_notes,
    levels,
    parse_scale,
    refuse_another_scale,
    scale_notes,
    scales_in_use,
    tally,
)
from supportkit.stats.bounded_mean import bounded_interval
from supportkit.store import Selection, Store
from supportkit.store.parameters import Dimension

Direction = Literal["easy", "effort"]

TITLE = "Customer effort score"
TABLES = ("surveys",)
SOURCE = "CES 2.0 (CEB, now Gartner); share of 5-7 as CustomerGauge, net as 6-7 less 1-3"
EXAMPLES = ("ces", "ces --by country", "ces --over month")
FACTS = (
    figure("ces", "number", "CES", n="answers", better="up"),
    figure("easy_share", "share", "easy", n="answers", better="up"),
    figure("net", "number", n="answers", better="up", points=True),
    count("answers"),
)
CES_2 = Scale(1, 7)


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
    selection = store.select("surveys", period=period, by=by, over=over)
    rows = store.rows(without_unused_dimensions(SQL_SCORES, selection), selection, kind="ces")
    uses = scales_in_use(levels(rows, usual))
    refuse_another_scale(uses, "ces")
    used = uses[0].scale if uses else usual
    _refuse_unknown_direction(direction, used, uses)
    measure = Measure(
        name="ces",
        title=TITLE,
        definition=f"mean ease on {used}; easy: above the middle; net: two highest less those below the middle, x 100",
        facts=FACTS,
        figures=_figures,
        moments=_moments,
        difference=lambda sums, other: mean_difference_of(_moments(sums), _moments(other)),
        words=lambda change: f"{change:+.2f}",
        shown=lambda mean: f"{mean:.2f}",
    )
    reckon = partial(tally, usual=usual, width=6, judge=partial(_judge, used, direction == "effort"))
    given = {"kind": "ces", "low": used.low, "high": used.high, "turned": direction == "effort"}
    query = ScoreQuery(store, measure, SQL_SCORES, {"kind": "ces"}, reckon, behind=Behind(SQL_CES, "score", given))
    counted = query.tally(rows)
    notes = _read_as(direction, used, counted) + _interval(query, selection, used, counted)
    notes += scale_notes(uses) + left_out_notes(counted)
    return score(query, ScoreOptions(period, by, over, against, weigh_by), selection, counted, notes)


def cases(
    store: Store,
    *,
    period: Period = ALL,
    by: str | None = None,
    over: Over | None = None,
    direction: Direction | None = None,
    scale: str = "1-7",
    **options: Any,
) -> Cases:
    """The answers, the hardest first; their score is the ease."""
    selection = store.select("surveys", period=period, by=by, over=over)
    uses = scales_in_use(levels(store.rows(SQL_SCORES, selection, kind="ces"), parse_scale(scale)))
    used = uses[0].scale if uses else parse_scale(scale)
    _refuse_unknown_direction(direction, used, uses)
    parts = {"easy": "easy", "hard": "hard"}
    turned = direction == "effort"
    return answer_cases(store, SQL_CES, "ces", used, parts, "hard", period=period, by=by, over=over, turned=turned)


def _judge(used: Scale, turned: bool, level: AnswersAtScore) -> Sums | None:
    """One answer, its ease, the square, and whether it was easy, very easy or hard; None on another scale."""
    if level.scale != used or level.score is None:
        return None
    ease = used.low + used.high - level.score if turned else level.score
    middle = (used.low + used.high) / 2
    return (1.0, ease, ease * ease, float(ease > middle), float(ease >= used.high - 1), float(ease < middle))


def _refuse_unknown_direction(direction: Direction | None, used: Scale, uses: tuple[ScaleUse, ...]) -> None:
    """DataError where neither the option nor the scale says which end is easy."""
    if direction is not None or not uses:
        return
    undeclared_low = not uses[0].declared and uses[0].highest <= 5
    if used == CES_2 and not undeclared_low:
        return
    scale = "no declared scale, and none above 5" if undeclared_low else f"the scale {used}"
    raise DataError(
        f"ces answers with {scale}: a high score may mean easy or much effort",
        hint="say which: --direction easy or --direction effort, or direction under [metrics.ces]",
    )


def _read_as(direction: Direction | None, used: Scale, counted: AnswerCounts) -> tuple[str, ...]:
    """Notes that say how the scores were read, and the interval of the mean."""
    if not any(counted.total):
        return ()
    meaning = {
        "easy": f"read as stated: {used.high} is very easy",
        "effort": f"read as stated: {used.high} is much effort; turned round, so that {used.high} is very easy",
        None: f"read as CES 2.0: {used.high} is very easy; otherwise say --direction effort",
    }[direction]
    return (meaning,)


def _interval(query: ScoreQuery, selection: Selection, used: Scale, counted: AnswerCounts) -> tuple[str, ...]:
    """The interval of the mean, in words; answers of one customer count as they are worth."""
    number, mean, variance = _moments(counted.total)
    if number < FEWEST_TO_SHOW:
        return ()
    share = repeated_answers(query, selection, number).share(WHOLE)
    found = bounded_interval(mean, variance, number * share, used.low, used.high)
    if found is None:
        return ("all answers are the same: there is no interval",)
    return (f"95 % interval of the mean: {found[0]:.2f} to {found[1]:.2f}",)


def _figures(sums: Sums, counted: Sums) -> tuple[Value, ...]:
    number, total, _, easy, top_two, hard = sums
    return (total / number, easy / number, 100 * (top_two - hard) / number, round(counted[0]))


def _moments(sums: Sums) -> Moments:
    return mean_moments(*sums[:3])
