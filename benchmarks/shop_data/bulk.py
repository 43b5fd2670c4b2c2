"""Big files in the shape of the sample shop, written by DuckDB: the same columns, words and levels, no planted rise.

Row i of a table depends on the seed and on i alone, so that a file repeats byte for byte on any number of threads.
DuckDB's hash() is the source of chance: another version of it may give other rows.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from benchmarks.shop_data.bulk_sql import MACROS, QUERIES
from benchmarks.shop_data.plan import AGENTS, CATEGORIES, CHANNELS, COUNTRIES, COURIERS
from benchmarks.shop_data.talk import CARDS, WORDS
from benchmarks.shop_data.trade import GOODS, PLANS

if TYPE_CHECKING:
    import duckdb

T = TypeVar("T")

#: rows of each table in the sample, which --scale multiplies
SAMPLE_ROWS = {"tickets": 3_350, "orders": 7_400, "surveys": 2_800, "events": 12_500}
PLACES = 60  # every list of words is repeated to this length, so that one draw finds a place in any of them

EVENTS_PER_VISIT = 2.739  # the mean depth, so that the visits end when the other tables do
FEWEST_EVENTS_PER_VISIT = 2.45  # so many visits are made that there are always enough; those over come at the end
PERSONAL = {
    "de": ("Tel. +49 30 2312{number}", "Karte {card}", "Mail an privat{person}@example.org"),
    "en": ("Call +44 20 7946 {number}", "Card {card}", "Write to home{person}@example.org"),
    "ru": ("Телефон +7 999 555 {number}", "Карта {card}", "Почта home{person}@example.org"),
}
ORDER = {"de": "Bestellung {order}.", "en": "Order {order}.", "ru": "Заказ {order}."}
SCORES = {
    "csat": (1, 2, 3, 4, 4, 4, 5, 5, 5, 5),
    "nps": (0, 3, 5, 6, 7, 7, 8, 8, 9, 9, 10, 10),
    "ces": (2, 3, 4, 5, 5, 6, 6, 7, 7, 7),
}


def write_big(
    folder: Path,
    rows: dict[str, int],
    seed: str,
    *,
    answered: float = 0.4,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> Iterator[tuple[str, int, float, int]]:
    """Write each table asked for and yield its name, rows, seconds and bytes.

    `answered` is the share of the survey invitations that were answered.
    """
    connection = open_world(seed, connection)
    folder.mkdir(parents=True, exist_ok=True)
    for table, count in rows.items():
        started, path = time.perf_counter(), folder / f"{table}.csv"
        bound = parameters_of(table, rows, answered)
        connection.sql(QUERIES[table], params=bound).write_csv(str(path), header=True)
        yield table, count, time.perf_counter() - started, path.stat().st_size


def parameters_of(table: str, rows: dict[str, int], answered: float = 0.4) -> dict[str, float]:
    """What the query of a table is bound to, where these tables are made together."""
    people = max(rows.values()) // 4 + 1  # one set of customers for all tables, so that they join
    bound: dict[str, float] = {"rows": rows[table], "people": people}
    if table == "surveys":
        bound["answered"] = answered
    if table == "events":
        bound["visits"] = int(rows[table] / EVENTS_PER_VISIT) + 1
        bound["enough"] = int(rows[table] / FEWEST_EVENTS_PER_VISIT) + 100
    return bound


def open_world(seed: str, connection: duckdb.DuckDBPyConnection | None = None) -> duckdb.DuckDBPyConnection:
    """A database, in memory unless given, with the shop's words and levels for the queries of bulk_sql."""
    import duckdb

    connection = connection or duckdb.connect()
    connection.execute("set variable seed = $seed", {"seed": seed})
    connection.execute(MACROS)
    for name, columns, rows in _levels():
        connection.execute(f"create table {name} ({columns})")
        marks = ", ".join(["unnest(?)"] * len(rows[0]))  # a column at a time: row by row takes seconds
        connection.execute(f"insert into {name} select {marks}", [list(column) for column in zip(*rows, strict=True)])
    return connection


def _levels() -> Iterator[tuple[str, str, list[tuple[object, ...]]]]:
    """The small tables: a draw of a place finds a country, a category, a word."""
    countries = [name for name, (share, _, _) in COUNTRIES.items() for _ in range(round(100 * share))]
    names = {"de": "anna", "en": "olivia", "ru": "ivan"}
    rows: list[tuple[object, ...]] = [(k, c, COUNTRIES[c][1], names[COUNTRIES[c][1]]) for k, c in enumerate(countries)]
    yield "country", "place int, country text, language text, name text", rows
    total = sum(tickets for tickets, _, _ in CATEGORIES.values())
    shares = [name for name, (tickets, _, _) in CATEGORIES.items() for _ in range(round(100 * tickets / total))]
    rows = [(k, name, *CATEGORIES[name][1:]) for k, name in enumerate(islice(cycle(shares), 100))]
    yield "category", "place int, category text, complaint double, team text", rows
    channels = [name for name, plan in CHANNELS.items() for _ in range(round(100 * plan[0]))]
    rows = [(k, name, CHANNELS[name][1], CHANNELS[name][2], CHANNELS[name][4]) for k, name in enumerate(channels)]
    yield "channel", "place int, channel text, median_s double, spread double, solve_s double", rows
    rows = [(language, k, name) for language, agents in AGENTS.items() for k, name in _places(agents)]
    yield "agent", "language text, place int, agent text", rows
    yield "courier", "place int, courier text", [(k, name) for k, name in _places(list(COURIERS))]
    plans = [(f"{plan} plan", price, plan) for plan, price in PLANS.items()]
    rows = [(k, *good) for k, good in _places([*plans, *plans, *((name, price, None) for name, price in GOODS)])]
    yield "product", "place int, product text, price decimal(9,2), plan text", rows
    rows = [("csat", 1, 5), ("csat", 1, 5), ("nps", 0, 10), ("nps", 0, 10), ("ces", 1, 7)]
    yield "kind", "place int, kind text, low int, high int", [(k, *kind) for k, kind in _places(rows)]
    rows = [(kind, k, score) for kind, scores in SCORES.items() for k, score in _places(scores)]
    yield "score", "kind text, place int, score int", rows
    yield "wording", "key text, place int, text text", list(_wordings())


def _wordings() -> Iterator[tuple[object, ...]]:
    """Every list of words by its key, with the slots filled that need no number of the row."""
    for language, words in WORDS.items():
        personal = [line.replace("{card}", card) for line in PERSONAL[language] for card in CARDS]
        comments = words.COMMENT_GOOD + words.COMMENT_BAD
        lists = {
            "greeting": words.GREETING,
            "ask": words.ASK,
            "closing": words.CLOSING,
            "personal": personal,
            "comment": comments,
        }
        for category, (subjects, problems, details) in words.WORDS.items():
            lists |= {
                f"{category}subject": subjects,
                f"{category}problem": problems,
                f"{category}detail": [line or ORDER[language] for line in details],
            }
        for name, lines in lists.items():
            for place, line in _places(lines):
                item, day = words.ITEMS[place % len(words.ITEMS)], words.WEEKDAYS[place % len(words.WEEKDAYS)]
                text = line.replace("{item}", item).replace("{weekday}", day).replace("{days}", str(5 + place % 5))
                yield f"{language}{name}", place, text


def _places(items: Sequence[T]) -> Iterator[tuple[int, T]]:
    return enumerate(islice(cycle(items), PLACES))
