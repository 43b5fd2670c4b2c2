"""Values that are known only later: who drops out before has none, so that those who have one lose nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from supportkit.funnels.step_rows import Group, StepCount

SHARE: Final = 0.05
"""Of the users with a value, how many may have got it after the entry before no difference is claimed."""
NAMED: Final = 3
Groups = Mapping[Group, Sequence[StepCount]]


def known_later(
    groups: Groups,
    labels: Sequence[str],
    dimensions: Sequence[str],
    by_step: Callable[[int], Groups],
) -> tuple[str, ...]:
    """Which values were first seen at a later step, in words; none where hardly any were.

    `by_step` counts the users by the value that they have at a step, 1 for the entry.
    """
    notes = []
    at_entry = by_step(1)
    for place, name in enumerate(dimensions):
        now, first = _users(groups, place), _users(at_entry, place)
        valued = sum(users for value, users in now.items() if value != "(none)")
        later = max(0, first["(none)"] - now["(none)"])
        if later <= SHARE * valued:
            continue
        places = _first_steps(now, first, [_users(by_step(k), place) for k in range(2, len(labels) + 1)], labels)
        notes.append(
            f"{name} is known only after the entry for {later:,} of {valued:,} users: {places}. Whoever dropped out "
            "before has none, so no difference between groups is claimed"
        )
    return tuple(notes)


def _users(groups: Groups, place: int) -> Counter[str]:
    """Users at the entry by a dimension's value."""
    found: Counter[str] = Counter()
    for group, counts in groups.items():
        found[str(group[place])] += counts[0].users
    return found


def _first_steps(now: Counter[str], first: Counter[str], later: list[Counter[str]], labels: Sequence[str]) -> str:
    """At which step the users of the largest late values have them: DE first seen at pay for 80 of 80."""
    missing = {value: now[value] - first[value] for value in now if value != "(none)" and now[value] > first[value]}
    told = []
    for value in sorted(missing, key=lambda value: (-missing[value], value))[:NAMED]:
        step = max(range(len(later)), key=lambda k: (later[k][value] - (later[k - 1] if k else first)[value], -k))
        told.append(f"{value} is first seen at {labels[step + 1]} for {missing[value]:,} of {now[value]:,}")
    return "; ".join([*told, *(["…"] if len(missing) > NAMED else [])])
