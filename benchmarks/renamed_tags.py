"""Tags renamed, merged into one and split, through the whole of `trends`: none of it is a trouble, and nothing fell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.outbreaks_store import store_of, week_of
from benchmarks.worlds import FIRST_TESTED, Array, shop
from supportkit.trends import trends

WORLDS, TOPICS = 6, 20
CHANGE = (FIRST_TESTED + 7) * 7 + 3  # a Thursday
LOOKED_AT = (0, 1, 12)  # weeks after the change
UP = ("new", "rising", "ongoing")
Named = dict[str, Array]  # daily tickets by the name that they go by
Subjects = dict[str, str]


def names() -> None:
    """A line a change of names, with the texts of tickets and without."""
    print(f"\nchanges of names on a Thursday, {WORLDS} shops of {TOPICS} tags, reports 0, 1 and 12 weeks after")
    print("change                                      names given   reports saying everything is up or down   told")
    for texts in (True, False):
        for title, change in CHANGES.items():
            false = down = told = 0
            for seed in range(1, WORLDS + 1):
                wrong, moved, said = _after(seed, change, texts=texts)
                false, down, told = false + wrong, down + moved, told + said
            kind = "" if texts else ", no texts"
            reports = WORLDS * len(LOOKED_AT)
            print(f"{title + kind:44s}{false:4d}{down:22d} of {reports}{told:26d} of {WORLDS}")


def _after(seed: int, change: Callable[[Array, list[int]], Named], *, texts: bool) -> tuple[int, int, bool]:
    """Names given in the reports, reports that say everything moved, and whether the change is told."""
    world = shop(seed, topics=TOPICS, events=0)
    sizes = world.tickets.sum(1)
    middle = [int(n) for n in np.argsort(-sizes) if sizes[n] < 60 * 104][:6]  # no larger than 60 a week
    named = change(world.tickets, middle)
    daily = {f"topic {n}": world.tickets[n] for n in range(TOPICS) if f"topic {n}" not in named}
    daily |= named
    subjects = {name: _words(name, middle) if texts else "" for name in daily}
    store = store_of(np.array(list(daily.values())), world.orders, list(daily), [subjects[name] for name in daily])
    false = moved = 0
    told = False
    for later in LOOKED_AT:
        result = trends(store, period=week_of(CHANGE // 7 + later))
        false += sum(row["state"] in UP for row in result.records())
        moved += any(note.startswith("everything is") for note in result.notes)
        told |= any("probably" in note for note in result.notes)
    store.close()
    return false, moved, told


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


CHANGES: dict[str, Callable[[Array, list[int]], Named]] = {
    "none": lambda tickets, group: {},
    "six stop, nothing comes instead": lambda tickets, group: {f"topic {n}": _until(tickets[n]) for n in group},
    "renamed": _renamed,
    "three merged into a new one": _merged,
    "two merged into a third": _merged_into,
    "one split into two": lambda tickets, group: _split(tickets, group, (0.5, 0.5)),
    "one split into three": _split,
    "one split into four": lambda tickets, group: _split(tickets, group, (0.4, 0.3, 0.2, 0.1)),
    "half of one split off": _split_off,
    "half of a smaller one split off": lambda tickets, group: _split_off(tickets, group, place=2),
    "a third of one split off": lambda tickets, group: _split_off(tickets, group, 1 / 3),
    "two thirds of one split off": lambda tickets, group: _split_off(tickets, group, 2 / 3),
    "three became two": _reorganised,
    "one begins, which is a trouble": _begun,
}
