"""Weighting answers to the customers who should have answered: post-stratification, raking, and what weighting costs.

A cell is a group of answers that share a weight. Weights are relative to the answers of the cell: population / answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt

from supportkit.system.named import NamedTuple

LARGEST_WEIGHT = 5.0  # weights above this many times the mean weight are cut


class AnswerCell(NamedTuple):
    """The answers of one cell: how many, their mean, and their mean squared deviation from it."""

    answers: float
    mean: float
    variance: float


class Strata(NamedTuple):
    """Strata after merging: stratum -> its group, the counts per group, and the strata that had to be merged."""

    group: dict[str, str]
    answered: dict[str, int]
    population: dict[str, int]
    merged: list[str]


class Estimate(NamedTuple):
    """A mean with its standard error, Kish's effective sample size and the design effect of the weights."""

    mean: float
    standard_error: float
    effective_n: float
    design_effect: float


def merge_small(answered: Mapping[str, int], population: Mapping[str, int], minimum: int = 5) -> Strata:
    """Strata with fewer answers than the minimum put together, with the next smallest until they have enough.

    A stratum is every name of the population; answers outside the population belong to no stratum and are left out.
    """
    order = sorted((answered.get(name, 0), name) for name, size in population.items() if size > 0)
    small: list[str] = []
    total = 0
    for count, name in order:
        if count >= minimum and (not small or total >= minimum):
            break
        small.append(name)
        total += count
    merged = sorted(small) if len(small) > 1 or total < minimum else []
    together = " + ".join(merged)
    group = {name: together if name in merged else name for _, name in order}
    answers_of: dict[str, int] = {}
    size_of: dict[str, int] = {}
    for count, name in order:
        answers_of[group[name]] = answers_of.get(group[name], 0) + count
        size_of[group[name]] = size_of.get(group[name], 0) + population[name]
    return Strata(group, answers_of, size_of, merged)


def post_stratification(answered: Mapping[str, int], population: Mapping[str, int]) -> dict[str, float]:
    """The weight of one answer in each stratum: population / answers (Holt and Smith 1979)."""
    empty = sorted(name for name, size in population.items() if size > 0 and not answered.get(name, 0))
    if empty:
        raise ValueError(f"no answer in {', '.join(empty)}: merge small strata first")
    return {name: size / answered[name] for name, size in population.items() if size > 0}


def trimmed(
    weights: Mapping[str, float], answered: Mapping[str, int], limit: float = LARGEST_WEIGHT
) -> tuple[dict[str, float], list[str]]:
    """Weights cut at limit times the mean weight, and the names of those that were cut."""
    total = sum(answered[name] for name in weights)
    highest = limit * sum(weights[name] * answered[name] for name in weights) / total
    cut = sorted(name for name, weight in weights.items() if weight > highest)
    return {name: min(weight, highest) for name, weight in weights.items()}, cut


def rake(
    cells: Sequence[tuple[str, ...]], answers: Sequence[float], margins: Sequence[Mapping[str, float]]
) -> list[float]:
    """The weight of one answer in each cell that reproduces every margin, by iterative proportional fitting.

    A cell is a tuple with one level per margin; the margins are sizes or shares of the population, each scaled to the
    sum of the answers. Deming and Stephan 1940.
    """
    total = sum(answers)
    weights = [1.0] * len(cells)
    for _ in range(1000):
        largest_step = 0.0
        for place, margin in enumerate(margins):
            size = sum(margin.values())
            for level, share in margin.items():
                members = [index for index, cell in enumerate(cells) if cell[place] == level]
                weighted = sum(weights[index] * answers[index] for index in members)
                if weighted <= 0:
                    raise ValueError(f"no answer at level {level!r}: merge it with another first")
                factor = share / size * total / weighted
                largest_step = max(largest_step, abs(factor - 1))
                for index in members:
                    weights[index] *= factor
        if largest_step < 1e-12:
            return weights
    raise ValueError("raking does not settle: some cells of the margins have no answer")


def weighted_mean(
    cells: Sequence[AnswerCell], weights: Sequence[float], margins: Sequence[Sequence[str]] | None = None
) -> Estimate:
    """The weighted mean and its linearised standard error, answers taken as drawn independently.

    Without margins each cell is a post-stratum: only the spread inside a cell counts. With margins (for raking, each
    the cells' levels in order) the spread left by an additive fit of the margins counts, as in the survey package of R.
    """
    answers = sum(cell.answers for cell in cells)
    size = sum(weight * cell.answers for cell, weight in zip(cells, weights, strict=True))
    if size <= 0 or answers < 2:
        raise ValueError("a weighted mean needs at least two answers with a weight")
    mean = sum(weight * cell.answers * cell.mean for cell, weight in zip(cells, weights, strict=True)) / size
    left = _additive_residuals(cells, mean, margins) if margins is not None else [0.0] * len(cells)
    centre = sum(w * c.answers * r for c, w, r in zip(cells, weights, left, strict=True)) / answers
    spread = sum(
        c.answers * (w * w * c.variance + (w * r - centre) ** 2) for c, w, r in zip(cells, weights, left, strict=True)
    )
    squares = sum(weight * weight * cell.answers for cell, weight in zip(cells, weights, strict=True))
    effective = size * size / squares
    return Estimate(mean, sqrt(spread * answers / (answers - 1)) / size, effective, answers / effective)


def _additive_residuals(cells: Sequence[AnswerCell], mean: float, margins: Sequence[Sequence[str]]) -> list[float]:
    """What an additive model of the margins leaves of each cell's mean, fitted by sweeping one margin after another."""
    left = [cell.mean - mean for cell in cells]
    for _ in range(200):
        largest = 0.0
        for levels in margins:
            for level in sorted(set(levels)):
                members = [index for index, name in enumerate(levels) if name == level]
                count = sum(cells[index].answers for index in members)
                shift = sum(cells[index].answers * left[index] for index in members) / count
                largest = max(largest, abs(shift))
                for index in members:
                    left[index] -= shift
        if largest < 1e-13:
            break
    return left
