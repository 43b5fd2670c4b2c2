"""Tags renamed, merged into one and split, through the whole of `trends`: none of it is a trouble, and nothing fell."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from benchmarks.outbreaks_store import store_of, week_of
from benchmarks.worlds import FIRST_TESTED, Array, shop
from supportkit.trends import trends

SHOPS, MANY, TOPICS = 6, 18, 20  # many where the tickets alone have to tell a part from a trouble
CHANGE = (FIRST_TESTED + 7) * 7 + 3  # a Thursday
LOOKED_AT = (0, 1, 12)  # weeks after the change
UP = ("new", "rising", "ongoing")
WRITTEN = " as "
Named = dict[str, Array]
"""Daily tickets by the name that they go by; `parcel as topic 3` goes by parcel, in the words of topic 3."""


class Told(NamedTuple):
    """What the reports of one shop say after a change."""

    names: list[int]  # called new, rising or ongoing, in each report
    doubts: int  # reports with a name of which it cannot be told whether it is new
    moved: int  # reports that say that everything is up or down
    told: bool  # whether a change is told


def names() -> None:
    """A line a change of names, with the texts of tickets and without."""
    print(f"\nchanges of names on a Thursday, shops of {TOPICS} tags, reports 0, 1 and 12 weeks after")
    print("change" + " " * 38 + "reports   names   by the change   in doubt   all moved   shops told")
    quiet = {seed: after(seed, CHANGES["none"], texts=True).names for seed in range(1, MANY + 1)}
    for texts in (True, False):
        for title, change in CHANGES.items():
            shops = MANY if change in APART else SHOPS
            found = {seed: after(seed, change, texts=texts) for seed in range(1, shops + 1)}
            by_it = sum(
                max(count - usual, 0)
                for seed, one in found.items()
                for count, usual in zip(one.names, quiet[seed], strict=True)
            )
            given, doubts, moved, told = (
                sum(each) for each in zip(*((sum(n), d, m, t) for n, d, m, t in found.values()), strict=True)
            )
            kind = "" if texts else ", no texts"
            counts = f"{shops * len(LOOKED_AT):7d}{given:8d}{by_it:16d}{doubts:11d}{moved:12d}"
            print(f"{title + kind:44s}{counts}{told:7d} of {shops}", flush=True)


def after(seed: int, change: Callable[[Array, list[int]], Named], *, texts: bool) -> Told:
    """What the reports of one shop say after a change."""
    world = shop(seed, topics=TOPICS, events=0)
    sizes = world.tickets.sum(1)
    middle = [int(n) for n in np.argsort(-sizes) if sizes[n] < 60 * 104][:6]  # no larger than 60 a week
    named = change(world.tickets, middle)
    daily = {f"topic {n}": world.tickets[n] for n in range(TOPICS) if f"topic {n}" not in named}
    daily |= named
    subjects = [_words(name.partition(WRITTEN)[2] or name, middle) if texts else "" for name in daily]
    called = [name.partition(WRITTEN)[0] for name in daily]
    store = store_of(np.array(list(daily.values())), world.orders, called, subjects)
    given = []
    doubts = moved = 0
    told = False
    for later in LOOKED_AT:
        result = trends(store, period=week_of(CHANGE // 7 + later))
        given.append(sum(row["state"] in UP for row in result.records()))
        doubts += any("not named before" in note for note in result.notes)
        moved += any(note.startswith("everything is") for note in result.notes)
        told |= any("probably" in note for note in result.notes)
    store.close()
    return Told(given, doubts, moved, told)


def _words(name: str, group: list[int]) -> str:
    """What customers write: those of one group of tags in the same words, the others in words of their own."""
    number = name.removeprefix("topic ")
    if not number.isdigit() or int(number) in group[:3]:
        return "help parcel courier lost box"
    if int(number) in group[3:]:
        return "help card bank declined money"
    letters = "".join(chr(ord("a") + int(digit)) for digit in f"{int(number):03d}")
    return f"help my{letters} your{letters} the{letters}"


def _until(daily: Array) -> Array:
    return np.where(np.arange(len(daily)) < CHANGE, daily, 0)


def _since(daily: Array) -> Array:
    return np.where(np.arange(len(daily)) >= CHANGE, daily, 0)


def _renamed(tickets: Array, group: list[int]) -> Named:
    return {f"topic {group[0]}": _until(tickets[group[0]]), "parcel": _since(tickets[group[0]])}


def _merged(tickets: Array, group: list[int]) -> Named:
    """Three tags become a new one."""
    old = {f"topic {n}": _until(tickets[n]) for n in group[:3]}
    return old | {"parcel": sum((_since(tickets[n]) for n in group[:3]), np.zeros(tickets.shape[1]))}


def _merged_of_two_kinds(tickets: Array, group: list[int]) -> Named:
    """Two tags with words of their own become a new one."""
    one, other = group[0], group[3]
    old = {f"topic {n}": _until(tickets[n]) for n in (one, other)}
    return old | {f"parcel{WRITTEN}topic {n}": _since(tickets[n]) for n in (one, other)}


def _merged_into(tickets: Array, group: list[int]) -> Named:
    """Two tags go into a third that was there."""
    first, *rest = group[:3]
    old = {f"topic {n}": _until(tickets[n]) for n in rest}
    return old | {
        f"topic {first}": tickets[first] + sum((_since(tickets[n]) for n in rest), np.zeros(tickets.shape[1]))
    }


def _split(tickets: Array, group: list[int], shares: tuple[float, ...] = (0.5, 0.3, 0.2)) -> Named:
    """One tag becomes several new ones."""
    parts = _divided(_since(tickets[group[0]]), shares)
    return {f"topic {group[0]}": _until(tickets[group[0]])} | {f"parcel {n}": part for n, part in enumerate(parts)}


def _split_off(tickets: Array, group: list[int], share: float = 0.5, place: int = 0) -> Named:
    """A tag keeps a part of its tickets, the others get a new one."""
    old = group[place]
    kept, off = _divided(_since(tickets[old]), (1 - share, share))
    return {f"topic {old}": _until(tickets[old]) + kept, "parcel": off}


def _begun(tickets: Array, group: list[int]) -> Named:
    """A name begins, with half as many tickets as another has, and no other loses any."""
    return {"parcel": _divided(_since(tickets[group[0]]), (0.5, 0.5))[1]}


def _reorganised(tickets: Array, group: list[int]) -> Named:
    """Three tags become two new ones."""
    whole = sum((_since(tickets[n]) for n in group[:3]), np.zeros(tickets.shape[1]))
    parts = _divided(whole, (0.6, 0.4))
    return {f"topic {n}": _until(tickets[n]) for n in group[:3]} | {f"parcel {n}": p for n, p in enumerate(parts)}


def _divided(daily: Array, shares: tuple[float, ...]) -> list[Array]:
    rng = np.random.default_rng(int(daily.sum()))
    return list(np.array([rng.multinomial(int(count), shares) for count in daily], float).T)


def _half(tickets: Array, group: list[int]) -> Named:
    return _split_off(tickets, group)


def _half_of_a_smaller_one(tickets: Array, group: list[int]) -> Named:
    return _split_off(tickets, group, place=2)


def _a_third(tickets: Array, group: list[int]) -> Named:
    return _split_off(tickets, group, 1 / 3)


def _two_thirds(tickets: Array, group: list[int]) -> Named:
    return _split_off(tickets, group, 2 / 3)


CHANGES: dict[str, Callable[[Array, list[int]], Named]] = {
    "none": lambda tickets, group: {},
    "six stop, nothing comes instead": lambda tickets, group: {f"topic {n}": _until(tickets[n]) for n in group},
    "renamed": _renamed,
    "three merged into a new one": _merged,
    "two of other words merged into a new one": _merged_of_two_kinds,
    "two merged into a third": _merged_into,
    "one split into two": lambda tickets, group: _split(tickets, group, (0.5, 0.5)),
    "one split into three": _split,
    "one split into four": lambda tickets, group: _split(tickets, group, (0.4, 0.3, 0.2, 0.1)),
    "half of one split off": _half,
    "half of a smaller one split off": _half_of_a_smaller_one,
    "a third of one split off": _a_third,
    "two thirds of one split off": _two_thirds,
    "three became two": _reorganised,
    "one begins, which is a trouble": _begun,
}
APART = (_half, _half_of_a_smaller_one, _a_third, _two_thirds, _begun)
