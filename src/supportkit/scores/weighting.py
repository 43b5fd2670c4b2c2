"""Answers weighted to the closed tickets, so that a channel that answers more does not speak for the others."""

from __future__ import annotations

from collections.abc import Mapping

from supportkit.errors import DataError, UsageError
from supportkit.scores.answers import AnswerCounts, ScoreQuery, Sums, add, listed, number_of, summed
from supportkit.stats.weights import (
    AnswerCell,
    Estimate,
    merge_small,
    post_stratification,
    rake,
    trimmed,
    weighted_mean,
)
from supportkit.store import Selection, Store
from supportkit.store.selection import split_dimensions
from supportkit.system.named import NamedTuple

SQL_CLOSED = """
select coalesce(by_1, '') as by_1, coalesce(by_2, '') as by_2, count(*) as tickets
  from tickets
 where (status in ('solved', 'closed') or solved_at is not null or closed_at is not null)
   and (cast($since as timestamptz) is null
        or coalesce(solved_at, closed_at, created_at) >= cast($since as timestamptz))
   and (cast($until as timestamptz) is null
        or coalesce(solved_at, closed_at, created_at) < cast($until as timestamptz))
 group by all
 order by by_1, by_2
"""

SQL_OF_TICKET = """
with stratum as (
    select ticket_id, min(by_1) as by_1, min(by_2) as by_2 from tickets group by ticket_id),
     answered as (
    select surveys.* replace (
               coalesce(stratum.by_1, surveys.by_1) as by_1, coalesce(stratum.by_2, surveys.by_2) as by_2)
      from surveys left join stratum using (ticket_id)),
"""

Strata = dict[tuple[str, str], Sums]


class Weighting(NamedTuple):
    """Sums that stand for the closed tickets, scaled to the effective number of answers, and how they came about."""

    sums: Sums
    notes: tuple[str, ...]


def weigh(query: ScoreQuery, by: str, selection: Selection, counted: AnswerCounts) -> Weighting:
    """The answers of a selection weighted to the tickets closed in its period.

    One ticket column: post-stratification, strata with under five answers merged, weights cut at five times the mean.
    Two: raking to the margins of both. An answer goes by its ticket, else by its own column of that name. Raises
    DataError where no answer has either, or no ticket is closed.
    """
    store, measure = query.store, query.measure
    tickets = store.select("tickets", by=by)
    since, until = (selection.parameters.get(f"surveys_{side}") for side in ("start", "end"))
    closed = {
        (first, second): size for first, second, size in store.rows(SQL_CLOSED, tickets, since=since, until=until)
    }
    sql = SQL_OF_TICKET + query.sql.replace("from surveys", "from answered").strip().removeprefix("with")
    groups = summed(query, _with_own_columns(store, selection, by), tickets, sql=sql).groups
    known = {name for name, _ in closed}, {name for _, name in closed}
    strata = {
        (key.by_1 or "", key.by_2 or ""): sums
        for key, sums in groups.items()
        if measure.answers(sums) > 0 and (key.by_1 or "") in known[0] and (key.by_2 or "") in known[1]
    }
    if not closed or not strata:
        missing = "no ticket is closed" if not closed else "no answer belongs to a closed ticket's group"
        raise DataError(f"--weigh-by {by}: {missing} in this period", hint="leave out --weigh-by")
    if len(split_dimensions(by)) == 1:
        total, estimate, notes = _one_dimension(query, strata, closed)
    else:
        total, estimate, notes = _two_dimensions(query, strata, closed)
    scaled = _to_effective_answers(query, total, estimate)
    raw, weighted = measure.moments(counted.total).mean, estimate.mean
    says = (
        f"weighted by {by} to {sum(closed.values())} closed tickets: "
        f"raw {measure.shown(raw)}, weighted {measure.shown(weighted)}, "
        f"design effect {estimate.design_effect:.2f}, effective answers {estimate.effective_n:.1f}"
    )
    without = round(measure.answers(counted.total) - sum(measure.answers(sums) for sums in strata.values()))
    if without:
        notes += (f"{number_of(without, 'answer')} of unknown {by} carry no weight",)
    return Weighting(scaled, (says, *notes))


def _with_own_columns(store: Store, selection: Selection, by: str) -> Selection:
    """The surveys with their own columns of these names as dimensions, where they have them."""
    try:
        return store.select("surveys", period=selection.period, by=by)
    except UsageError:
        return store.select("surveys", period=selection.period)


def _one_dimension(
    query: ScoreQuery, strata: Strata, closed: Mapping[tuple[str, str], int]
) -> tuple[Sums, Estimate, tuple[str, ...]]:
    answered = {name: round(query.measure.answers(sums)) for (name, _), sums in strata.items()}
    merged = merge_small(answered, {name: size for (name, _), size in closed.items()})
    sums_of: dict[str, Sums] = {}
    for (name, _), sums in strata.items():
        if name in merged.group:
            group = merged.group[name]
            sums_of[group] = add(sums_of[group], sums) if group in sums_of else sums
    weights, cut = trimmed(post_stratification(merged.answered, merged.population), merged.answered)
    names = sorted(sums_of)
    estimate = weighted_mean([_cell(query, sums_of[name]) for name in names], [weights[name] for name in names])
    notes = []
    if merged.merged:
        notes.append(f"merged for want of answers: {listed(merged.merged)}")
    if cut:
        notes.append(f"weights cut at five times the mean: {listed(cut)}")
    return _weighted_sum([(sums_of[name], weights[name]) for name in names]), estimate, tuple(notes)


def _two_dimensions(
    query: ScoreQuery, strata: Strata, closed: Mapping[tuple[str, str], int]
) -> tuple[Sums, Estimate, tuple[str, ...]]:
    groups, margins, notes = [], [], []
    for place in (0, 1):
        answered: dict[str, int] = {}
        population: dict[str, int] = {}
        for key, sums in strata.items():
            answered[key[place]] = answered.get(key[place], 0) + round(query.measure.answers(sums))
        for key, size in closed.items():
            population[key[place]] = population.get(key[place], 0) + size
        merged = merge_small(answered, population)
        groups.append(merged.group)
        margins.append(merged.population)
        if merged.merged:
            notes.append(f"merged for want of answers: {listed(merged.merged)}")
    cells: Strata = {}
    for (first, second), sums in sorted(strata.items()):
        if first in groups[0] and second in groups[1]:
            cell = (groups[0][first], groups[1][second])
            cells[cell] = add(cells[cell], sums) if cell in cells else sums
    keys = list(cells)
    try:
        weights = rake(keys, [query.measure.answers(cells[key]) for key in keys], margins)
    except ValueError as error:
        raise DataError(f"--weigh-by: {error}", hint="weigh by one column") from error
    levels = [[key[place] for key in keys] for place in (0, 1)]
    estimate = weighted_mean([_cell(query, cells[key]) for key in keys], weights, levels)
    return (
        _weighted_sum([(cells[key], weight) for key, weight in zip(keys, weights, strict=True)]),
        estimate,
        tuple(notes),
    )


def _cell(query: ScoreQuery, sums: Sums) -> AnswerCell:
    return AnswerCell(*query.measure.moments(sums))


def _weighted_sum(parts: list[tuple[Sums, float]]) -> Sums:
    return tuple(sum(weight * sums[place] for sums, weight in parts) for place in range(len(parts[0][0])))


def _to_effective_answers(query: ScoreQuery, total: Sums, estimate: Estimate) -> Sums:
    """Sums scaled so that simple formulas give the linearised error; Kish's number where the answers do not vary."""
    answers, _, variance = query.measure.moments(total)
    effective = variance / estimate.standard_error**2 if estimate.standard_error > 0 else estimate.effective_n
    return tuple(value * effective / answers for value in total)
