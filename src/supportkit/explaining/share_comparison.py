"""One share compared with itself: in two periods, or in one group and all others; and what explains the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

from supportkit.errors import DataError, UsageError, unknown
from supportkit.metrics import METRICS, Metric, Offer
from supportkit.offers.leaves import ShareByLeaf
from supportkit.request import Request, leaves
from supportkit.stats.intervals import newcombe
from supportkit.store import Store
from supportkit.store.conditions import Condition
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from supportkit.stats.slices import Explanation, Values

DRAWS: Final = 199
EXACT_DRAWS: Final = 999
LEAST_COMPARABLE: Final = 0.5
"""Of what the cases of both tables can tell together, the part that must be left when they are compared by leaf."""

TWO_PERIODS: Final = "--before 2026-W41 --after 2026-W45"
"""How two periods to compare are given."""


@dataclass(frozen=True)
class ShareComparison:
    """One share twice: two periods, or the others and a group."""

    before: ShareByLeaf
    after: ShareByLeaf
    names: tuple[str, str]
    group: Mapping[str, str]

    @property
    def interval(self) -> tuple[float, float]:
        """Newcombe's interval of the change."""
        after, before = self.after, self.before
        return self.between(after.successes, after.cases, before.successes, before.cases)

    def between(self, successes: int, cases: int, successes_before: int, cases_before: int) -> tuple[float, float]:
        """Newcombe's interval of the change of a part of the cases, of as many independent ones as they are worth."""
        after, before = self.after.worth, self.before.worth
        return newcombe(after * successes, after * cases, before * successes_before, before * cases_before)

    @property
    def worth(self) -> float:
        """Of how many independent cases each is worth, before and after together."""
        both = (self.before, self.after)
        return sum(one.worth * one.cases for one in both) / sum(one.cases for one in both)


@dataclass(frozen=True)
class ExplainedChange:
    """What was compared and what explains it."""

    comparison: ShareComparison
    explanation: Explanation
    dimensions: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    """Dimensions that would leave too few cases to compare."""

    @property
    def top(self) -> dict[str, str]:
        """The best slice that is sure, with the group compared; empty where there is none."""
        sure = [piece for piece in self.explanation.slices if piece.p_fwer <= 0.05]
        return {**self.comparison.group, **dict(sure[0].values)} if sure else {}


def metric_named(name: str, command: str = "why", offer: Offer = "leaves") -> Metric:
    """A metric that a command can explain, by what it offers. Raises UsageError with those there are."""
    known = [one for one, metric in METRICS.items() if metric.offers(offer)]
    if name not in METRICS:
        raise unknown("metric", name, known)
    if name not in known:
        raise UsageError(f"{command} {name}: {name} is not made of slices that can be compared",
                         hint=f"these are: {', '.join(known)}")  # fmt: skip
    return METRICS[name]


def compare(store: Store, request: Request) -> ShareComparison:
    """The share of a period and of the one it is against, or of a group and the rest.

    Raises UsageError and DataError in words.
    """
    if request.against == "rest":
        whole = leaves(store, request.whole)
        values = _values(whole, request.conditions)
        names = ("the others", " and ".join(map(str, request.conditions)))
        found = ShareComparison(whole.without(values), whole.only(values), names, values)
    else:
        if not request.against:
            raise UsageError("compare what? two whole periods or a group", hint=TWO_PERIODS)
        asked = (*request.others(), request.whole)
        before, after = (leaves(store, one) for one in asked)
        for one, share in zip(asked, (before, after), strict=True):
            if share.scope.part:
                raise DataError(f"{one.period.name} is a part period", hint="compare periods that are over")
        found = ShareComparison(before, after, (asked[0].period.name, asked[1].period.name), {})
    for share, name in zip((found.before, found.after), found.names, strict=True):
        if not share.cases:
            raise DataError(
                f"no {share.what.split(' who ')[0]} in {name}", hint="supportkit tables shows what is there"
            )
    return found


def explained(comparison: ShareComparison, *, along: tuple[str, ...] = (), exact: bool = False) -> ExplainedChange:
    """The explanation over those dimensions that have two values or more, or over those named.

    Of those not named, dimensions are left out until half of what the cases can tell is left in the leaves. This looks
    at the cases only, never at the successes, so it cannot favour a slice.
    """
    from supportkit.stats.slices import explain

    before, after = comparison.before, comparison.after
    for name in along:
        if name not in before.dimensions:
            raise unknown("dimension for --by", name, before.dimensions)
    dimensions = tuple(
        name
        for place, name in enumerate(before.dimensions)
        if name not in comparison.group
        and (not along or name in along)
        and len({leaf[place] for leaf in (*before.leaves, *after.leaves)}) > 1
    )
    left_out: tuple[str, ...] = ()
    if not along:
        dimensions, left_out = _with_cases_enough(before, after, dimensions)
    tables = before.along(dimensions).leaves, after.along(dimensions).leaves
    low, high = comparison.interval
    worse = "down" if before.better == "up" else "up"
    sure = "down" if high < 0 else "up" if low > 0 else worse
    draws = EXACT_DRAWS if exact else DRAWS
    way: Literal["down", "up"] = "down" if sure == "down" else "up"
    found = explain(*tables, dimensions, direction=way, draws=draws, worth=comparison.worth)
    return ExplainedChange(comparison, found, dimensions, left_out)


def _with_cases_enough(
    before: ShareByLeaf, after: ShareByLeaf, dimensions: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The dimensions along which the two tables can be compared, and those that are left out for it."""
    from supportkit.stats.mix_and_rate import comparable

    def told(names: tuple[str, ...]) -> float:
        return comparable(before.along(names).leaves, after.along(names).leaves)

    kept = dimensions
    while len(kept) > 1 and told(kept) < LEAST_COMPARABLE:
        kept = max((tuple(name for name in kept if name != other) for other in kept), key=told)
    return kept, tuple(name for name in dimensions if name not in kept)


def slice_name(values: Values) -> str:
    """A slice in words: country=DE & plan=annual."""
    return " & ".join(f"{dimension}={value}" for dimension, value in values)


def _values(whole: ShareByLeaf, conditions: Sequence[Condition]) -> dict[str, str]:
    """The conditions of a group as values of the dimensions."""
    values = {}
    for condition in conditions:
        if condition.operator != "=":
            raise UsageError(f"--group {condition}: a group is column=value", hint="--group country=DE")
        if condition.column not in whole.dimensions:
            raise unknown("dimension for --group", condition.column, whole.dimensions)
        known = {leaf[whole.dimensions.index(condition.column)] for leaf in whole.leaves}
        if known and condition.value not in known:
            raise unknown(f"{condition.column} for --group", condition.value, known)
        values[condition.column] = condition.value
    return values
