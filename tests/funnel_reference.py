"""A slow, plain funnel that tries every chain of events: what the queries are held against.

Events of one person are (time, name). `level_ordered` shares no idea with the queries: it looks for any choice of
events, one for each step. Where windows between steps or exclusions are judged, an attempt takes the first event of
each next step, as the queries do by definition.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

Event = tuple[int, str]
Journeys = dict[str, list[Event]]
NEVER = 10**15


def level_ordered(events: Sequence[Event], steps: Sequence[str], window: int, *, first: bool = False) -> int:
    """Steps reached by the best choice of events; time never falls along it and ends within the window of its start."""
    order = _order(events, steps)
    entries = [i for i, (_, name) in enumerate(order) if name == steps[0]]
    return max((_longest(order, steps, i, window) for i in (entries[:1] if first else entries)), default=0)


def _order(events: Sequence[Event], steps: Sequence[str]) -> list[Event]:
    """By time; within one instant in the order of the steps."""
    place = {name: steps.index(name) for name in steps}
    return sorted(events, key=lambda e: (e[0], place.get(e[1], len(steps))))


def _longest(order: list[Event], steps: Sequence[str], entry: int, window: int) -> int:
    later = [e for e in order[entry + 1 :] if e[0] <= order[entry][0] + window]
    best = 1
    for size in range(1, len(steps)):
        if any(tuple(name for _, name in chosen) == tuple(steps[1 : size + 1]) for chosen in combinations(later, size)):
            best = size + 1
    return best


def level_strict(events: Sequence[Event], steps: Sequence[str], window: int) -> int:
    """Steps that follow one another with nothing in between."""
    order = _order(events, steps)
    best = 0
    for i in range(len(order)):
        level = 0
        while level < len(steps) and i + level < len(order):
            time, name = order[i + level]
            if name != steps[level] or time > order[i][0] + window:
                break
            level += 1
        best = max(best, level)
    return best


def level_unordered(events: Sequence[Event], steps: Sequence[str], window: int) -> int:
    """The most different steps inside one window."""
    used = [e for e in events if e[1] in steps]
    return max((len({name for t, name in used if start <= t <= start + window}) for start, _ in used), default=0)


def level_excluding(
    events: Sequence[Event], steps: Sequence[str], window: int, excluded: str, start: int, end: int
) -> int:
    """Ordered, but an attempt ends at an excluded event strictly between its steps `start` and `end`."""
    return max((level for level, _ in _attempts(events, steps, window, excluded, start, end, skip=False)), default=0)


def level_of_clean_person(
    events: Sequence[Event], steps: Sequence[str], window: int, excluded: str, start: int, end: int
) -> int:
    """Ordered; 0 for a person of whose attempts an excluded one got further than every clean one."""
    found = _attempts(events, steps, window, excluded, start, end, skip=True)
    clean = max((level for level, bad in found if not bad), default=0)
    return clean if clean >= max((level for level, bad in found if bad), default=0) else 0


def _attempts(
    events: Sequence[Event], steps: Sequence[str], window: int, excluded: str, start: int, end: int, *, skip: bool
) -> list[tuple[int, bool]]:
    """(level, saw an excluded event) of each entry, which takes the first event of each next step."""
    found = []
    bad_times = [t for t, name in events if name == excluded]
    for entry in (t for t, name in events if name == steps[0]):
        times, bad = [entry], False
        for k in range(2, len(steps) + 1):
            t = min((t for t, name in events if name == steps[k - 1] and t >= times[-1]), default=NEVER)
            if t > entry + window:
                break
            if start < k <= end and any(times[start - 1] < x < t for x in bad_times):
                bad = True
                if not skip:
                    break
            times.append(t)
        if skip and start <= len(times) < end:
            bad = bad or any(times[start - 1] < x <= entry + window for x in bad_times)
        found.append((len(times), bad))
    return found


def level_within(events: Sequence[Event], steps: Sequence[str], limits: Sequence[int]) -> int:
    """Ordered; each next step is its first event, and must come within its own limit from the step before."""
    best = 0
    for entry in (t for t, name in events if name == steps[0]):
        level, time = 1, entry
        for name, limit in zip(steps[1:], limits, strict=True):
            following = min((t for t, other in events if other == name and t >= time), default=NEVER)
            if following > time + limit:
                break
            level, time = level + 1, following
        best = max(best, level)
    return best


def counts(journeys: Journeys, steps: Sequence[str], level: Callable[[list[Event]], int]) -> list[int]:
    """Persons who reached step 1, 2, …"""
    levels = [level(events) for events in journeys.values()]
    return [sum(reached >= k for reached in levels) for k in range(1, len(steps) + 1)]
