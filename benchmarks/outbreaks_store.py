"""B2s and B6, through the whole of `trends`: tickets in DuckDB, the metric, its Result."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from benchmarks.worlds import FIRST_TESTED, Array, Shop, shop
from supportkit.period import Period, containing
from supportkit.result import Result
from supportkit.store import Store, memory_store
from supportkit.trends import trends

MONDAY = date(2024, 3, 4)
WORLDS = 6


def store_of(tickets: Array, orders: Array, names: list[str], subjects: list[str]) -> Store:
    """Daily tickets (topics, days) and orders (days,) as rows of a store in memory, at noon of their day."""
    import pandas

    store = memory_store()
    topic, day = (np.repeat(part, tickets.astype(int).ravel()) for part in np.indices(tickets.shape).reshape(2, -1))
    ordered = np.repeat(np.arange(len(orders)), orders.astype(int))
    label, said = np.array(names, dtype=object), np.array(subjects, dtype=object)
    noon = pandas.Timestamp(MONDAY, tz="UTC") + pandas.Timedelta(hours=12)
    frames = {
        "t": pandas.DataFrame(
            {
                "n": np.arange(len(topic)),
                "instant": noon + pandas.to_timedelta(day, "D"),
                "c": label[topic],
                "s": said[topic],
            }
        ),
        "o": pandas.DataFrame({"n": np.arange(len(ordered)), "instant": noon + pandas.to_timedelta(ordered, "D")}),
    }
    for name, frame in frames.items():
        store.connection.register(name, frame)
    store.connection.execute(
        "insert into tickets (ticket_id, created_at, customer_id, category, subject, source) "
        "select 'T' || n, instant, 'c' || n, c, s, 'benchmark' from t"
    )
    store.connection.execute(
        "insert into orders (order_id, ordered_at, customer_id, amount, source) "
        "select 'O' || n, instant, 'b' || n, 1, 'benchmark' from o"
    )
    store.connection.execute("insert into loads (load_id, loaded_at) values (1, timestamptz '2100-01-01')")
    for name in frames:
        store.connection.unregister(name)
    return store


def _words(number: int) -> str:
    """Three words that customers use for one topic, and one that they use for all."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:03d}")
    return f"help my{letters} your{letters} the{letters}"


def week_of(number: int) -> Period:
    return containing(MONDAY + timedelta(weeks=number), "week")


def _announced(result: Result, week: int) -> set[str]:
    """The categories that a report of this week calls new or rising."""
    return {str(row["category"]) for row in result.records() if row["state"] in ("new", "rising")}


def b2s() -> None:
    """Controls: nothing of this is a trouble of one topic."""
    print("\nB2s  control                                   innocent topics alarmed   said")
    for name, control in CONTROLS.items():
        alarmed = innocent = said = 0
        for seed in range(1, WORLDS + 1):
            wrong, topics, told = control(seed)
            alarmed, innocent, said = alarmed + wrong, innocent + topics, said + told
        print(f"     {name:42s}{alarmed:4d} of {innocent:5d} = {alarmed / innocent:.4f}   {said} of {WORLDS}")


def _control(
    world: Shop, tickets: Array, weeks: tuple[int, ...], word: str, renamed: int | None = None
) -> tuple[int, int, bool]:
    """Innocent topics alarmed in these weeks, how many there were, and whether a note of the first has the word."""
    names = [f"topic {number}" for number in range(len(tickets))]
    subjects = [_words(number) for number in range(len(tickets))]
    if renamed is not None:
        names[-1], subjects[-1] = "renamed", subjects[renamed]
    store = store_of(tickets, world.orders, names, subjects)
    onset = {event.topic: event.onset for event in world.events}
    wrong = topics = 0
    told = False
    for number in weeks:
        result = trends(store, period=week_of(number))
        innocent = {name for topic, name in enumerate(names) if topic not in onset}
        wrong += len(_announced(result, number) & innocent)
        topics += len(innocent)
        told |= any(word in note for note in result.notes)
    store.close()
    return wrong, topics, told


def _shock(seed: int) -> tuple[int, int, bool]:
    week = FIRST_TESTED + 7
    world = shop(seed, shock=week)
    return _control(world, world.tickets, (week,), "everything is up")


def _half_missing(seed: int) -> tuple[int, int, bool]:
    week = FIRST_TESTED + 7
    world = shop(seed)
    tickets = world.tickets.copy()
    tickets[:, week * 7 : week * 7 + 3] = 0
    tickets[:, week * 7 + 3] = np.floor(tickets[:, week * 7 + 3] / 2)
    return _control(world, tickets, (week, week + 1), "gap in the export")


def _incomplete(seed: int) -> tuple[int, int, bool]:
    week = FIRST_TESTED + 7
    world = shop(seed)
    tickets = world.tickets[:, : week * 7 + 7].copy()
    tickets[:, -2:] = np.floor(tickets[:, -2:] * np.array([0.4, 0.1]))
    return _control(world, tickets, (week,), "often incomplete")


def _renamed(seed: int) -> tuple[int, int, bool]:
    """The largest innocent topic with at most 200 a week gets a new name on a Thursday."""
    week = FIRST_TESTED + 7
    world = shop(seed)
    events = {event.topic for event in world.events}
    size = [(world.tickets[n].sum(), n) for n in range(len(world.tickets)) if n not in events]
    old = max((total, n) for total, n in size if total < 200 * 104)[1]
    tickets = np.vstack([world.tickets, np.zeros(world.tickets.shape[1])])
    tickets[-1, week * 7 + 3 :] = tickets[old, week * 7 + 3 :]
    tickets[old, week * 7 + 3 :] = 0
    return _control(world, tickets, (week, week + 1), "renamed on", old)


CONTROLS: dict[str, Callable[[int], tuple[int, int, bool]]] = {
    "everything x 1.6 for a week": _shock,
    "half a week missing, and the week after": _half_missing,
    "the last two days not yet exported": _incomplete,
    "a tag renamed in mid-week, and after": _renamed,
}


def _shares(rng: np.random.Generator, count: int, shape: float) -> Array:
    """Uneven shares of tickets, a few large and many small, none so small that it does not occur."""
    return 0.8 * rng.dirichlet(np.full(count, shape)) + 0.2 / count


def b6() -> None:
    """A million tickets in two years, 520 tags x 30 countries; wall and CPU seconds of one weekly report."""
    import pandas

    rng = np.random.default_rng(6)
    n, days, tags, countries = 1_000_000, 728, 520, 30
    store = memory_store()
    frame = pandas.DataFrame(
        {
            "n": np.arange(n),
            "instant": pandas.Timestamp(MONDAY, tz="UTC") + pandas.to_timedelta(rng.integers(0, days * 86_400, n), "s"),
            "c": np.char.add("tag ", rng.choice(tags, n, p=_shares(rng, tags, 0.5)).astype(str)).astype(object),
            "k": np.char.add("C", rng.choice(countries, n, p=_shares(rng, countries, 1)).astype(str)).astype(object),
        }
    )
    store.connection.register("t", frame)
    store.connection.execute(
        "insert into tickets (ticket_id, created_at, customer_id, category, country, source) "
        "select 'T' || n, instant, 'c' || (n % 300000), c, k, 'benchmark' from t"
    )
    store.connection.execute("insert into loads (load_id, loaded_at) values (1, timestamptz '2100-01-01')")
    store.connection.unregister("t")
    del frame
    print("\nB6   1,000,000 tickets, 104 weeks                 series   wall s   CPU s")
    for by in ("category", "category,country"):
        wall, cpu = time.perf_counter(), time.process_time()
        result = trends(store, period=week_of(103), by=by)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"     --by {by:40s} {result.facts['tested']:10d} {wall:8.1f} {cpu:7.1f}")
    print(f"     peak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    store.close()
