"""A score metric from its query to its Result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from statistics import median_low

from supportkit.errors import UsageError
from supportkit.result import Chart, Column, Result, Value, figure, named_apart, picture_by
from supportkit.scores.answers import (
    FEWEST_TO_CLAIM,
    FEWEST_TO_SHOW,
    FEWEST_UNLIKE,
    WHOLE,
    AnswerCounts,
    GroupKey,
    Measure,
    ScoreOptions,
    ScoreQuery,
    listed,
    number_of,
    tickets_like,
)
from supportkit.scores.repeated_answers import RepeatedAnswers, repeated_answers
from supportkit.scores.row_comparison import RowComparison, beyond_chance, compare
from supportkit.stats.intervals import Difference, detectable_change
from supportkit.store import Selection
from supportkit.store.deciding import SATISFACTION
from supportkit.store.lost_answers import lost_answers

SQL_SUPERSEDED = "select count(*) from surveys where kind = $kind and superseded"
SQL_UNTOLD = """
with untold as (
    select customer_id, count(distinct responded_at) as answers
      from surveys
     where kind = $kind and score is not null and customer_id is not null and ticket_id is null and invited_at is null
     group by customer_id, order_id, item
    having count(distinct responded_at) > 1)
select count(distinct customer_id) as customers, coalesce(sum(answers), 0) as answers
  from untold
"""
MOST_TO_TELL_CUSTOMERS = (
    200_000  # answers above which customers are not told apart: it would take longer than the score
)


def score(
    query: ScoreQuery, asked: ScoreOptions, selection: Selection, counted: AnswerCounts, notes: tuple[str, ...]
) -> Result:
    """The Result of a score metric. Raises UsageError where the options do not go together."""
    if asked.weigh_by and (asked.by or asked.over):
        raise UsageError("--weigh-by weights the whole and no groups", hint="leave out --by and --over")
    measure = query.measure
    others = [tickets_like(query.store, selection)] if query.beside else []
    scope, covered = query.store.scope(selection, *others, by=(SATISFACTION.column,) if query.beside else ())
    scope = replace(scope, rows=scope.rows + query.beside)
    notes = covered + notes
    raw = counted.total
    lost = lost_answers(query.store, asked.period, round(measure.answers(raw)), measure.name)
    unread = query.unread / (query.unread + measure.answers(raw)) if query.unread else 0.0
    missing = max(unread, lost.share() if lost else 0.0)
    if missing:
        scope = replace(scope, unknown_shares=_at_least(missing, scope.unknown_shares, selection, counted))
    if lost is not None:
        not_cut = f"; they are not cut to {' and '.join(scope.filters)}" if scope.filters else ""
        notes += (f"{lost.note()}{not_cut}",)
    if asked.weigh_by and any(raw):
        from supportkit.scores.weighting import weigh

        weighting = weigh(query, asked.weigh_by, selection, counted)
        counted = counted._replace(total=weighting.sums)
        notes += weighting.notes
    repeated = repeated_answers(query, selection, measure.answers(raw))
    if not query.store.figures_only:
        notes += _answered_again(query, selection, measure.answers(raw)) + ((repeated.said,) if repeated.said else ())
    facts = measure.facts_of(repeated.effective(WHOLE, counted.total), raw)
    compared = compare(query, asked, selection, counted, scope.data_through)
    found = compared.differences(query, repeated)
    rows = []
    for key, sums in counted.groups.items() if selection.columns else [(WHOLE, counted.total)]:
        own = measure.facts_of(repeated.effective(key, sums), sums) if selection.columns else facts
        values = selection.values(*key) + own
        rows.append(values + (tuple(found.get(key, (None,) * 4)) if compared.asked else ()))
    if compared.says:
        notes += (compared.says,)
    notes += _small(measure, selection, counted) + _claims(measure, selection, found)
    if not asked.weigh_by:
        notes += _detectable(measure, counted, compared, asked.over, repeated)
    columns = measure.facts + (_difference_columns(measure) if compared.asked else ())
    keys = named_apart(selection.columns, columns)
    return Result(
        metric=measure.name,
        title=measure.title,
        definition=measure.definition,
        columns=keys + columns,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in measure.facts), facts, strict=True)),
        fact_columns=measure.facts,
        notes=notes,
        scope=scope,
        chart=_chart(measure, keys),
        claimed={"difference": frozenset(selection.values(*key) for key in beyond_chance(found))} if keys else {},
    )


def _answered_again(query: ScoreQuery, selection: Selection, answers: float) -> tuple[str, ...]:
    """Notes on answers that a later one takes the place of, and on those of which nobody can tell whether it does."""
    notes = []
    store, kind = query.store, query.measure.name
    if store.has_rows("surveys", "superseded_at is not null"):
        earlier = store.rows(SQL_SUPERSEDED, selection, kind=kind)[0][0]
        if earlier:
            notes.append(
                f"{number_of(earlier, 'earlier answer')} to the same ticket or invitation left out: the last one counts"
            )
    if 0 < answers <= MOST_TO_TELL_CUSTOMERS:
        customers, times = store.rows(SQL_UNTOLD, selection, kind=kind)[0]
        if customers:
            notes.append(
                f"{number_of(customers, 'customer')} answered more than once without a ticket or an invitation that "
                f"would tell whether a later answer takes the place of an earlier one: all {times:,} answers count"
            )
    return tuple(notes)


def _at_least(
    missing: float, shares: Mapping[tuple[Value, ...], float], selection: Selection, counted: AnswerCounts
) -> dict[tuple[Value, ...], float]:
    """The shares of figures that rest on unknown words, where a share of all answers is missing in no known group."""
    groups = {selection.values(*key) for key in counted.groups} | {(), *shares}
    return {group: max(shares.get(group, 0.0), missing) for group in groups}


def _small(measure: Measure, selection: Selection, counted: AnswerCounts) -> tuple[str, ...]:
    """Notes that name the rows with few answers, and those with few of another kind than most."""
    tiny, few, alike = [], [], []
    groups = counted.groups.items() if selection.columns else ()
    for key, sums in ((WHOLE, counted.total), *groups):
        answers = measure.answers(sums)
        if 0 < answers < FEWEST_TO_SHOW:
            tiny.append("all" if key == WHOLE else _name(selection, key))
        elif FEWEST_TO_SHOW <= answers < FEWEST_TO_CLAIM:
            few.append("all" if key == WHOLE else _name(selection, key))
        if answers >= FEWEST_TO_SHOW and measure.unlike and measure.unlike(sums) < FEWEST_UNLIKE:
            alike.append("all" if key == WHOLE else _name(selection, key))
    notes = []
    if tiny:
        notes.append(f"under {FEWEST_TO_SHOW} answers, counts only: {listed(tiny)}")
    if few:
        notes.append(f"under {FEWEST_TO_CLAIM} answers, indicative: {listed(few)}")
    if alike:
        notes.append(
            f"under {FEWEST_UNLIKE} answers unlike the others: an interval that goes by whole answers holds the truth "
            f"there in 83 to 99 of 100 cases, in 95 on average: {listed(alike)}"
        )
    return tuple(notes)


def _claims(measure: Measure, selection: Selection, found: dict[GroupKey, Difference]) -> tuple[str, ...]:
    """The rows of which a difference can be claimed."""
    if not found or not selection.columns:
        return ()
    sure = [f"{_name(selection, key)} ({measure.words(found[key].difference)})" for key in beyond_chance(found)]
    if not sure and len(found) == 1:
        return ("the one difference is not beyond chance (Benjamini-Hochberg, 5 %)",)
    if not sure:
        return (f"none of {len(found)} differences is beyond chance (Benjamini-Hochberg, 5 %)",)
    return (f"beyond chance (Benjamini-Hochberg over {len(found)} rows, 5 %): {listed(sure)}",)


def _detectable(
    measure: Measure, counted: AnswerCounts, compared: RowComparison, over: str | None, repeated: RepeatedAnswers
) -> tuple[str, ...]:
    """How large a change has to be before it is likely to be seen; with --over, between two typical rows."""
    if measure.answers(counted.total) < FEWEST_TO_SHOW:
        return ()
    answers, _, variance = measure.moments(counted.total)
    if over:
        answers = median_low([measure.answers(sums) for sums in counted.groups.values()])
    pair = compared.pairs.get(WHOLE)
    other = measure.answers(pair[1]) if pair else answers
    if variance <= 0 or min(answers, other) < FEWEST_TO_SHOW:
        return ()
    share = repeated.share(WHOLE)
    change = measure.words(detectable_change(variance, answers * share, other * share)).lstrip("+")
    return (f"{answers:.0f} answers against {other:.0f} show a change from {change} on (80 % power, 5 % level)",)


def _difference_columns(measure: Measure) -> tuple[Column, ...]:
    head = measure.facts[0]
    points = head.points or head.kind == "share"
    return (
        figure("difference", head.kind, n="answers", better=head.better, points=points),
        figure("difference_low", head.kind, "low", n="answers", points=points),
        figure("difference_high", head.kind, "high", n="answers", points=points),
        figure("p", "number", "p", n="answers"),
    )


def _chart(measure: Measure, keys: tuple[Column, ...]) -> Chart | None:
    y = measure.facts[0].name
    has_interval = f"{y}_low" in {fact.name for fact in measure.facts}
    low, high = (f"{y}_low", f"{y}_high") if has_interval else (None, None)
    return picture_by(keys, y, low=low, high=high)


def _name(selection: Selection, key: GroupKey) -> str:
    return " ".join(str(value) for value in selection.values(*key))
