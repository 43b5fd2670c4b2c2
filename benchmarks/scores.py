"""Scores on ten million answers against the best hand-written DuckDB queries for the same numbers, in the same run.

Those of nps, csat and csi have how alike the answers of one customer are, of which the intervals are made, too.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from supportkit.ces import ces
from supportkit.csat import csat
from supportkit.csi import csi
from supportkit.nps import nps
from supportkit.result import Result
from supportkit.scores.repeated_answers import MOST
from supportkit.store import Store, open_store
from supportkit.store.opening import connect, create_tables

ANSWERS = 10_000_000
RUNS = 5
BARS = {"nps": 1.25, "csat": 1.25, "ces": 1.5, "csi": 1.4}

MAKE = """
insert into surveys (kind, score, scale_min, scale_max, item, weight, responded_at, customer_id, country, source,
                     loaded_at)
select $kind, floor(hash(i, $kind) % 1000 / 1000 * (1 + $high - $low)) + $low, $low, $high,
       case when $kind = 'csi' then 'item ' || i % 4 end, case when $kind = 'csi' then 5 + i % 4 end,
       timestamptz '2026-01-01 00:00:00Z' + to_seconds(cast(i - i % 4 as bigint) * 3),
       'customer ' || (i // 4) % 1000000, ['DE', 'GB', 'RU', 'US', 'FR'][1 + i // 4 % 5], 'benchmark',
       timestamptz '2027-01-01 00:00:00Z'
  from range($answers) t(i)
"""

_PERSONS = """
with person as (select count(*) as n, sum(worth) as s, sum(worth * worth) as q
                  from (select customer_id, {worth} as worth from {answers}
                         where hash(customer_id) % {every} = 0)
                 group by customer_id)
select count(*), sum(n), sum(n * n), sum(s), sum(q), sum(s * s / n) from person"""
_RESPONDENTS = """(select customer_id, sum(weight * (score - 1) / 9 * 100) / sum(weight) as csi
                     from surveys where kind = 'csi' group by customer_id, responded_at)"""


def persons(worth: str, answers: str, number: int) -> str:
    """The fastest we found for how alike the answers of one customer are: those of a part of the customers."""
    return _PERSONS.format(worth=worth, answers=answers, every=-(-number // MOST))


#: the fastest we found: counting by score and scale beats a filter for every class
COUNTS = "select scale_min, scale_max, score, count(*) from surveys where kind = '{}' group by all"
PEERS = {
    "nps": (
        COUNTS.format("nps"),
        persons(
            "case when score <= 6 then -1 when score <= 8 then 0 else 1 end",
            "(from surveys where kind = 'nps' and scale_min = 0 and scale_max = 10 and score between 0 and 10)",
            ANSWERS,
        ),
    ),
    "nps by country": (
        "select country, scale_min, scale_max, score, count(*) from surveys where kind = 'nps' group by all",
    ),
    "csat": (
        COUNTS.format("csat"),
        persons(
            "case when score > 3 then 1 else 0 end",
            "(from surveys where kind = 'csat' and scale_min = 1 and scale_max = 5 and score between 1 and 5)",
            ANSWERS,
        ),
    ),
    "ces": (COUNTS.format("ces"),),
    "csi": (
        """
        select count(*), avg(csi), stddev_samp(csi), avg(top)
          from (select sum(weight * (score - 1) / 9 * 100) / sum(weight) as csi,
                       sum(weight * score / 10 * 100) / sum(weight) as top
                  from surveys where kind = 'csi' group by customer_id, responded_at)""",
        persons("csi", _RESPONDENTS, ANSWERS // 4),
    ),
}
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "csi": (1, 10)}


def store_of(kind: str, folder: Path) -> Store:
    """A store file with ten million answers of a kind."""
    path = folder / f"{kind}.duckdb"
    connection = connect(path)
    create_tables(connection)
    low, high = SCALES[kind]
    connection.execute(MAKE, {"kind": kind, "low": low, "high": high, "answers": ANSWERS})
    connection.execute(
        "insert into loads (load_id, file, table_name, source, sha256, read, loaded, updated, unchanged, rejected, "
        "loaded_at) values (1, 'benchmark', 'surveys', 'benchmark', '', 0, 0, 0, 0, 0, '2027-01-01 00:00:00Z')"
    )
    connection.close()
    return open_store(path)


def by_hand(store: Store, name: str) -> None:
    """The hand-written queries of a score."""
    for query in PEERS[name]:
        store.connection.execute(query).fetchall()


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of one run, on the clock and of the processor (which others on the machine hardly disturb)."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def main() -> None:
    """Print the median of ours, of the peer and of their ratios, run in turn."""
    cases: tuple[tuple[str, str, Callable[[Store], Result]], ...] = (
        ("nps", "nps", nps),
        ("nps", "nps by country", lambda store: nps(store, by="country")),
        ("csat", "csat", csat),
        ("ces", "ces", ces),
        ("csi", "csi", csi),
    )
    with tempfile.TemporaryDirectory() as folder:
        stores: dict[str, Store] = {}
        for kind, name, metric in cases:
            if kind not in stores:
                for used in stores.values():
                    used.close()
                stores = {kind: store_of(kind, Path(folder))}
            store = stores[kind]
            metric(store)
            by_hand(store, name)
            pairs = [
                (
                    seconds(lambda m=metric, s=store: m(s)),  # type: ignore[misc]
                    seconds(lambda s=store, n=name: by_hand(s, n)),  # type: ignore[misc]
                )
                for _ in range(RUNS)
            ]
            ours, theirs = (statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
            wall, cpu = (statistics.median(pair[0][at] / pair[1][at] for pair in pairs) for at in (0, 1))
            print(f"scores  {name}, {ANSWERS:,} answers: {ours:.3f} s, hand-written query: {theirs:.3f} s, ", end="")
            print(f"ratio {wall:.2f}, of CPU {cpu:.2f} (bar {BARS[kind]})", flush=True)
        for used in stores.values():
            used.close()


if __name__ == "__main__":
    main()
