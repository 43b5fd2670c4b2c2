"""From counts of users by group and step to the rows of the funnel: rates, intervals, each group against the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from supportkit.result import Value, count, detail, figure, key
from supportkit.stats.intervals import benjamini_hochberg, share_difference, wilson
from supportkit.system.frozen import dataclass

SURE = 0.05
"""The share of false claims that is accepted."""
LEAST_CLAIM = 30
"""Users on either side, for a difference to be claimed."""

COLUMNS = (
    key("step_number", "count", "#"),
    key("step"),
    count("users"),
    figure("conversion", "share", "from step before", n="users_before", better="up"),
    figure("conversion_low", "share", "low", n="users_before"),
    figure("conversion_high", "share", "high", n="users_before"),
    figure("conversion_from_start", "share", "from start", n="started", better="up"),
    figure("dropped", "count", "lost", n="at_risk", better="down"),
    figure("drop_share", "share", "drop", n="at_risk", better="down"),
    figure("time_p50_s", "duration", "time from start p50", n="users", better="down", aside=True),
    figure("time_p90_s", "duration", "time from start p90", n="users", better="down", aside=True),
    figure("step_p50_s", "duration", "time from step before p50", n="arrived", better="down", aside=True),
    figure("open", "count", "still open", n="users", aside=True),
    figure("matured", "count", "users with whole window", n="users", aside=True),
    figure("conversion_matured", "share", "conversion, whole window", n="matured_before", better="up", aside=True),
    figure("drop_difference", "share", "drop less the rest's", n="at_risk", better="down", aside=True, points=True),
    figure("drop_difference_low", "share", "difference low", n="at_risk", aside=True, points=True),
    figure("drop_difference_high", "share", "difference high", n="at_risk", aside=True, points=True),
    figure("q", "number", "q", n="at_risk", aside=True),
    count("started", "users at the start", aside=True),
    count("users_before", aside=True),
    count("arrived", "users from the step before", aside=True),
    count("at_risk", "users who may drop", aside=True),
    count("matured_before", "users before with whole window", aside=True),
    detail("stands_out", "flag", "loses more than the rest", aside=True),
)

Group = tuple[Value, ...]


@dataclass(frozen=True)
class StepCount:
    """The users of one step in one group."""

    users: int = 0
    time_p50_s: float | None = None
    time_p90_s: float | None = None
    step_p50_s: float | None = None
    open: int | None = None
    matured: int | None = None
    tied: int = 0
    """Users whose step stands at the same instant as the step before."""


@dataclass(frozen=True)
class StepLinks:
    """How the steps hang together: their names, and for each the required step before and after it (0 where none)."""

    labels: tuple[str, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True)
class Drop:
    """A group's drop at a step against everybody else's there."""

    group: Group
    step: int
    users: int
    dropped: int
    rest: int
    rest_dropped: int
    difference: float
    low: float
    high: float
    p: float
    q: float = 1.0

    @property
    def beyond(self) -> float:
        """Users lost beyond the rest's share."""
        return self.difference * self.users

    @property
    def sure(self) -> bool:
        """Whether more are lost than of the rest, beyond chance over all that was compared."""
        return self.low > 0 and self.q <= SURE


def step_rows(
    shape: StepLinks, groups: Mapping[Group, Sequence[StepCount]], totals: Mapping[Group, Sequence[StepCount]]
) -> tuple[list[tuple[Value, ...]], list[Drop]]:
    """One row per group and step, and the drops that were compared with the rest.

    `totals` has the counts of all groups together under the part of the key that they share (the period of --over).
    """
    drops = _compared(shape, groups, totals)
    found = {(drop.group, drop.step): drop for drop in drops}
    rows = []
    for group, counts in groups.items():
        for k, one in enumerate(counts, 1):
            before = counts[shape.before[k - 1] - 1] if shape.before[k - 1] else None
            at_risk = one.users if shape.after[k - 1] else None
            dropped = _dropped(shape, counts, k)
            drop = found.get((group, k))
            rows.append(
                (
                    *group,
                    k,
                    shape.labels[k - 1],
                    one.users,
                    *_conversion(one.users, before.users if before else None),
                    _ratio(one.users, counts[0].users),
                    dropped if at_risk else None,
                    _ratio(dropped, at_risk),
                    one.time_p50_s,
                    one.time_p90_s,
                    one.step_p50_s,
                    one.open if one.users else None,
                    one.matured if one.users else None,
                    _ratio(one.matured, before.matured) if before else None,
                    *((drop.difference, drop.low, drop.high, drop.q) if drop else (None, None, None, None)),
                    counts[0].users,
                    before.users if before else None,
                    one.users if before else None,
                    at_risk,
                    before.matured if before else None,
                    drop.sure if drop else None,
                )
            )
    return rows, drops


def _compared(
    shape: StepLinks, groups: Mapping[Group, Sequence[StepCount]], totals: Mapping[Group, Sequence[StepCount]]
) -> list[Drop]:
    drops = []
    for group, counts in groups.items():
        total = next((whole for key, whole in totals.items() if key == group[len(group) - len(key) :]), None)
        if total is None or total is counts:
            continue
        for k, one in enumerate(counts, 1):
            dropped, lost = _dropped(shape, counts, k), _dropped(shape, total, k)
            rest = total[k - 1].users - one.users
            if dropped is None or lost is None or min(one.users, rest) < LEAST_CLAIM:
                continue
            found = share_difference(dropped, one.users, lost - dropped, rest)
            drops.append(Drop(group, k, one.users, dropped, rest, lost - dropped, *found))
    q_values = benjamini_hochberg([drop.p for drop in drops])
    return [replace(drop, q=q) for drop, q in zip(drops, q_values, strict=True)]


def largest_sure_drop(drops: Sequence[Drop]) -> Drop | None:
    """The drop beyond the rest's that costs most users, among those that are sure: interval above 0 and q <= 0.05."""
    return max((drop for drop in drops if drop.sure), key=lambda drop: (drop.beyond, -drop.step), default=None)


def drop_in_words(drop: Drop, label: str) -> str:
    """The drop in words: DE loses 31 % at payment (62 of 200), the others 12 %; +19 points [14, 24]."""
    name = " ".join(str(part) for part in drop.group)
    own, rest = 100 * drop.dropped / drop.users, 100 * drop.rest_dropped / drop.rest
    return (
        f"{name} loses {own:.0f} % at {label} ({drop.dropped:,} of {drop.users:,}), the others {rest:.0f} %; "
        f"{100 * drop.difference:+.0f} points [{100 * drop.low:.0f}, {100 * drop.high:.0f}]"
    )


def _dropped(shape: StepLinks, counts: Sequence[StepCount], k: int) -> int | None:
    after = shape.after[k - 1]
    return counts[k - 1].users - counts[after - 1].users if after else None


def _conversion(users: int, before: int | None) -> tuple[float | None, float | None, float | None]:
    if not before:
        return None, None, None
    return (users / before, *wilson(users, before))


def _ratio(part: int | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None
