"""Names that stopped as others began, at the same rate and in the same words: renamed, merged into one, or split.

What stops or begins on one day (`days_of_change.py`), and a series whose level moved on that day beside the course of
all others, belong together where their words are alike and what the ones lost the others gained (`split_off.py` for
what begins).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from supportkit.stats.days_of_change import LEFT, OVERLAP_DAYS, REACH, Counts, DaysOfChange, days_of_change
from supportkit.stats.split_off import DOUBT, odds_of_stop, parent
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

Array = NDArray[np.float64]
Alike = Callable[[Sequence[int], Sequence[int]], bool]

LEAST = ROUNDED = 1e-9
CLEAR_STEP, ALIKE_STEP = 6.0, 1.0  # log-likelihood ratios, the second where words say the same
LEAST_PART: Final = 0.5  # of the moved tickets, in the same words: the other level may have moved by itself besides
DRIFT: Final = 0.07  # by which a level moves of itself, as a share of it
STEADY: Final = 30.0  # tickets added before and after to the course of the others: a few tell little
SAME_RATE: Final = (0.4, 2.5)
RARE: Final = 10  # tickets in which a name is no event by itself
MOST_POOLED: Final = 6  # names that change on one day, of which every few are looked at together


class Lacking(NamedTuple):
    """What a name had in its first days, and of another one what came in these days and what was due."""

    days: int
    tickets: float
    left: float
    due: float


@dataclass(frozen=True)
class Relabelled:
    """Since a day (a column) the tickets of the series `old` go by the names of the series `new`; where that is in
    doubt, `lacks` says what the old one lacks."""

    day: int
    old: tuple[int, ...]
    new: tuple[int, ...]
    lacks: Lacking | None = None

    @property
    def members(self) -> tuple[int, ...]:
        return self.old + self.new


class _Level(NamedTuple):
    """What each series had a day before and after some day, and how many days that is after it."""

    before: Array
    after: Array
    days: int


def relabelled(
    daily: Counts,
    newest: int,
    alike: Alike | None,
    is_part: Alike | None = None,
    days: DaysOfChange | None = None,
) -> tuple[Relabelled, ...]:
    """The groups of series (series, days) that changed names on day `newest` or later, the earliest first.

    `alike` says whether the texts of two groups of series are, where there are texts, `is_part` whether those of the
    first may be some of the second; `days` are those of `days_of_change`, where they are known. A change of names
    keeps the total: on a day on which the tickets of all series together became many times what they were, as at the
    beginning of an export, nobody can tell one.
    """
    found: list[Relabelled] = []
    taken: set[tuple[int, int]] = set()
    for day, stopped, begun in days_of_change(daily, newest) if days is None else days:
        if not _kept(_level(daily, day), range(len(daily)), range(len(daily))):
            continue
        losing = [one for one in stopped if (one, day) not in taken]
        gaining = [one for one in begun if (one, day) not in taken]
        for group in _groups(daily, day, losing, gaining, alike, is_part):
            if group.lacks is not None:
                found.append(group)
                continue
            if alike is not None:
                rare = _with_rare_names(daily, group, alike, {one for one, near in taken if near == day})
                group = rare if _kept(_level(daily, day), rare.members, rare.members) else group
            found.append(group)
            taken |= {(one, near) for one in group.members for near in range(day - REACH, day + REACH)}
    return tuple(sorted(found, key=lambda one: (one.day, one.members)))


def _groups(
    daily: Counts, day: int, stopped: list[int], begun: list[int], alike: Alike | None, is_part: Alike | None = None
) -> list[Relabelled]:
    """Of what changed on a day, the groups that keep their rate: first among themselves, then with one that went on."""
    found = []
    level = _level(daily, day)
    links = {old: [new for new in begun if alike is None or alike([old], [new])] for old in stopped}
    for olds, news in _connected(links):
        if _kept(level, olds, news) and (alike is not None or _no_chance(level, olds, news)):
            found.append(Relabelled(day, tuple(olds), tuple(news)))
    if alike is not None:
        if is_part is not None:
            found = _with_parts(level, found, stopped, begun, is_part)
        found += _pooled(level, day, stopped, begun, found, alike)
    for moving, up in ((begun, False), (stopped, True)):
        taken = {one for group in found for one in group.members}
        apart = {*taken, *begun, *(stopped if up else ())}  # of a name that stopped in a few days, a part may be left
        others = [one for one in range(len(daily)) if one not in apart]
        moving = [one for one in moving if one not in taken]
        if up:
            gone = _gone_into_one(daily, day, moving, others, alike)
            found += [Relabelled(day, tuple(ones), (other,)) for ones, other in gone]
        else:
            found += _split_off(daily, day, moving, others, alike)
    return found


def _with_parts(
    level: _Level, found: Sequence[Relabelled], stopped: list[int], begun: list[int], is_part: Alike
) -> list[Relabelled]:
    """The groups with what else stopped or began on their day, is a part of the one name that they became or were by
    its words, and brings their rate nearer to what it was."""
    taken = {one for group in found for one in group.members}
    wider = []
    for group in found:
        old, new = list(group.old), list(group.new)
        for one in (each for each in (*stopped, *begun) if each not in taken):
            side, other = (old, new) if one in stopped else (new, old)
            apart = abs(log(_ratio(level, old, new)))
            side.append(one)
            if len(other) == 1 and abs(log(_ratio(level, old, new))) < apart and is_part([one], other):
                taken.add(one)
            else:
                side.pop()
        wider.append(replace(group, old=tuple(sorted(old)), new=tuple(sorted(new))))
    return wider


def _pooled(
    level: _Level, day: int, stopped: list[int], begun: list[int], found: Sequence[Relabelled], alike: Alike
) -> Iterator[Relabelled]:
    """Several names that stopped for one that began, or one for several, whose words are together those of the one:
    each has other words, so that none is alike by itself."""
    taken = {one for group in found for one in group.members}
    olds, news = ([one for one in ones if one not in taken] for ones in (stopped, begun))
    for ones, many, merged in ((news, olds, True), (olds, news, False)):
        for one in ones:
            free = [each for each in many if each not in taken]
            sizes = range(len(free), 1, -1) if len(free) <= MOST_POOLED else (len(free),)
            groups = (list(each) for size in sizes for each in combinations(free, size) if one not in taken)
            for group in groups:
                before, after = (group, [one]) if merged else ([one], group)
                if _kept(level, before, after) and alike(before, after):
                    taken |= {one, *group}
                    yield Relabelled(day, tuple(before), tuple(after))
                    break


def _with_rare_names(daily: Counts, group: Relabelled, alike: Alike, taken: set[int]) -> Relabelled:
    """A group with the names in the same words that stopped or began with it, too rare to be sure of by themselves."""
    begin, end = max(group.day - REACH, 0), min(group.day + REACH, daily.shape[1])
    old, new = list(group.old), list(group.new)
    for one in range(len(daily)):
        if one in taken or one in group.members:
            continue
        for counts, other, part, against in (
            (daily[one, begin : group.day][::-1], daily[one, group.day : end], old, group.new),
            (daily[one, group.day : end], daily[one, begin : group.day][::-1], new, group.old),
        ):
            reach = max(OVERLAP_DAYS, round(3 * len(counts) / max(counts.sum(), 1)))
            there = 0 < counts.sum() < RARE and counts[:reach].any() and not other[OVERLAP_DAYS:].any()
            if there and counts.sum() > other.sum() and alike([one], list(against)):
                part.append(one)
                break
    return Relabelled(group.day, tuple(sorted(old)), tuple(sorted(new)))


def _gone_into_one(
    daily: Counts, day: int, stopped: list[int], others: list[int], alike: Alike | None
) -> list[tuple[list[int], int]]:
    """Names that stopped, each with the one whose level rose: all with one, or each alone."""
    level = _level(daily, day)
    before, after = level.before[others], level.after[others]
    course = _course(level, others)
    since, due = level.days * after, level.days * course * before
    parts: dict[int, list[int]] = {}
    least, step = (1.0, CLEAR_STEP) if alike is None else (LEAST_PART, ALIKE_STEP)
    for groups in _all_or_each(stopped):
        gone, come = (np.array([each[ones].sum() for ones in groups]) for each in (level.before, level.after))
        fewest = level.days * (course * gone.min(initial=0) - come.max(initial=0))
        most = level.days * (course * gone.max(initial=0) - come.min(initial=0))
        able = np.flatnonzero(likeliest_moved(since, due, fewest, most) > step - ROUNDED)
        for ones, before_it, after_it in zip(groups, gone, come, strict=True):
            moved = level.days * (course[able] * before_it - after_it)
            likelier = likelier_moved(since[able], due[able], moved, least)
            near = [n for n in np.flatnonzero(likelier > step).tolist() if _all_alike(alike, ones, others[able[n]])]
            if near:
                parts.setdefault(others[able[min(near, key=lambda n: (-likelier[n], n))]], []).extend(ones)
        if parts:
            break
    return [(ones, other) for other, ones in parts.items()]


def _split_off(daily: Counts, day: int, begun: list[int], others: list[int], alike: Alike | None) -> list[Relabelled]:
    """Names that began, each with the one that it was likelier split off from than not, or in doubt: all, or each."""
    level = _level(daily, day)
    since, due = level.days * level.after[others], level.days * _course(level, others) * level.before[others]
    parts: dict[int, list[int]] = {}
    in_doubt = []
    for groups in _all_or_each(begun):
        for ones in groups:
            moved = level.days * float(level.after[ones].sum())
            place, odds = parent(since, due, moved, alike and (lambda n, ones=ones: _all_alike(alike, ones, others[n])))
            if odds > 0:
                parts.setdefault(others[place], []).extend(ones)
            elif odds > DOUBT[alike is not None] and len(ones) == 1:
                lacks = Lacking(level.days, moved, float(since[place]), float(due[place]))
                in_doubt.append(Relabelled(day, (others[place],), tuple(ones), lacks))
        if parts:
            break
    return [*(Relabelled(day, (other,), tuple(ones)) for other, ones in parts.items()), *in_doubt]


def _all_or_each(names: list[int]) -> list[list[list[int]]]:
    """The names as one group, and then each by itself."""
    return [[names], [[one] for one in names]] if len(names) > 1 else [[names]] if names else []


def _course(level: _Level, others: list[int]) -> Array:
    """How many times its rate before the day each of some series should have since, by all the others of these."""
    before, after = level.before[others], level.after[others]
    rest = (level.days * (each.sum() - each) + STEADY for each in (after, before))
    return np.asarray(next(rest) / next(rest))


def _all_alike(alike: Alike | None, ones: list[int], other: int) -> bool:
    """Whether each of some names is written of in the words of another one, where there are texts."""
    return alike is None or all(alike([one], [other]) for one in ones)


def likelier_moved(since: Array, due: Array, moved: Array | float, least: float) -> Array:
    """How much likelier tickets are had their level moved, by all or at least a part of that, than if it is as was due:
    log-likelihood ratios, smaller where drift adds to what chance does; none of a name of which less was due."""
    known = np.maximum(due, LEAST)
    ends = np.sort(np.array([known + least * moved, known + moved]), 0)
    return np.where((due > 0) & (due + least * moved >= 0), _likelier(since, known, *ends), -np.inf)


def likeliest_moved(since: Array, due: Array, fewest: Array, most: Array) -> Array:
    """The most that `likelier_moved` can be of tickets moved between two bounds, which few of very many names reach."""
    known = np.maximum(due, LEAST)
    return _likelier(since, known, known + np.minimum(fewest, 0), known + np.maximum(most, 0))


def _likelier(since: Array, known: Array, low: Array, high: Array) -> Array:
    """The log-likelihood ratio of the likeliest level between two bounds, by what was due."""
    other = np.maximum(np.clip(since, low, high), LEFT * known)
    return (since * np.log(other / known) - other + known) / (1 + DRIFT**2 * known)


def _kept(level: _Level, olds: Sequence[int], news: Sequence[int]) -> bool:
    """Whether what goes by some names since a day is, by its rate, what went by others (or the same) before it."""
    return SAME_RATE[0] <= _ratio(level, olds, news) <= SAME_RATE[1]


def _ratio(level: _Level, olds: Sequence[int], news: Sequence[int]) -> float:
    """How many times the rate of some names before a day that of others since is."""
    before, after = (float(each[list(ones)].sum()) for each, ones in ((level.before, olds), (level.after, news)))
    return max(after, LEAST) / max(before, LEAST)


def _no_chance(level: _Level, olds: Sequence[int], news: Sequence[int]) -> bool:
    """Whether it is likelier that some names stopped for others than that they did by chance, without words."""
    old, new = list(olds), list(news)
    apart = {*old, *new}
    rest = [one for one in range(len(level.before)) if one not in apart]
    course = (level.days * level.after[rest].sum() + STEADY) / (level.days * level.before[rest].sum() + STEADY)
    since, due = level.days * level.after[old].sum(), level.days * course * level.before[old].sum()
    there = int((level.before > 0).sum())
    return odds_of_stop(float(since), float(due), level.days * float(level.after[new].sum()), len(old), there) > 0


def _level(daily: Counts, day: int) -> _Level:
    begin, end = max(day - REACH, 0), min(day + REACH, daily.shape[1])
    return _Level(daily[:, begin:day].mean(1), daily[:, day:end].mean(1), end - day)


def _connected(links: dict[int, list[int]]) -> list[tuple[list[int], list[int]]]:
    """The parts of a graph of olds and news that hang together."""
    found: list[tuple[set[int], set[int]]] = []
    for old, news in links.items():
        if not news:
            continue
        olds, all_news = {old}, set(news)
        apart = []
        for other in found:
            if other[1] & all_news:
                olds |= other[0]
                all_news |= other[1]
            else:
                apart.append(other)
        found = [*apart, (olds, all_news)]
    return [(sorted(olds), sorted(news)) for olds, news in found]
