"""The funnel against chDB's windowFunnel on the same events with the same text user ids: CPU seconds and peak memory.

    pip install chdb polars                      (in an environment of their own; they are no dependency of ours)
    python -m benchmarks.funnel 10 real rand     millions of events, and which sets
    python -m benchmarks.funnel 100 real         so large: polars and nested windows only where named
    python -m benchmarks.funnel 100 rand chdb report nested
    python -m benchmarks.funnel 1 real counts retentioneering

`real` has sessions with gaps, repeats and ties, half of its events no step; `rand` is five steps at random times. Both
have one user per ten events and a window of a day. Each figure is the least of three runs (one from 20 million events
on) in a process of its own; the loading into each engine is not counted. CPU seconds are the fair unit.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STEPS = ("visit", "signup", "plan", "checkout", "payment")
DAY_US = 86_400_000_000
START = 1_790_000_000

REAL = """
select format('p_{:020x}', hash(u) // 16) as user_id, ts, step,
       ['DE','GB','RU','FR','US','PL','KZ','AT'][1 + u % 8] as country
  from (select u, $start + (hash(u * 7 + s) % 2592000)::bigint + (e * (5 + hash(u + e * 13 + s) % 180))::bigint as ts,
               case when hash(u * 31 + s * 17 + e) % 100 < 53 then 'page' || (e % 7)
                    else ['visit','signup','plan','checkout','payment'][
                         1 + least(4, (hash(u * 3 + s * 5 + e * 11) % (1 + e))::bigint)] end as step
          from (select i // 10 as u, (i // 5) % 2 as s, i % 5 as e from range($n) t(i)))
"""
RAND = """
select format('p_{:020x}', hash(i // 10) // 16) as user_id, $start + (hash(i) % 864000)::bigint as ts,
       ['visit','signup','plan','checkout','payment'][1 + (hash(i * 7 + 3) % 5)::bigint] as step,
       ['DE','GB','RU','FR','US','PL','KZ','AT'][1 + (i // 10) % 8] as country
  from range($n) t(i)
"""
SETS = {"real": REAL, "rand": RAND}
KINDS = ("chdb", "counts", "total", "report", "polars", "nested", "retentioneering")
USUAL = {False: KINDS[:6], True: KINDS[:4]}
"""The kinds that run unless named, by whether the set is large."""


def database(folder: Path, name: str, millions: int) -> Path:
    """The events as a store has them; made once."""
    import duckdb

    path = folder / f"{name}{millions}.duckdb"
    if not path.exists():
        with duckdb.connect(str(path)) as connection:
            connection.execute("set timezone = 'UTC'")
            connection.execute(
                "create table events as select user_id, make_timestamptz(ts * 1000000) as occurred_at, step, country "
                f"from ({SETS[name]})",
                {"start": START, "n": millions * 1_000_000},
            )
            parquet = folder / f"{name}{millions}.parquet"
            connection.execute(
                "copy (select user_id, epoch(occurred_at)::bigint as ts, step, country from events) "
                f"to '{parquet}' (format parquet)"
            )
    return path


def chdb_counts(path: Path) -> tuple[Callable[[], Any], str]:
    """windowFunnel over a table of ClickHouse's own."""
    from importlib import import_module

    session: Any = import_module("chdb.session")
    place = path.with_suffix(".chdb")
    made = place.exists()
    run = session.Session(str(place))
    if not made:
        run.query("create database if not exists bench")
        run.query(
            "create table bench.events (user_id String, ts Int64, step LowCardinality(String), "
            "country LowCardinality(String)) engine = MergeTree order by tuple()"
        )
        run.query(f"insert into bench.events select * from file('{path.with_suffix('.parquet')}')")
    conditions = ", ".join(f"step = '{step}'" for step in STEPS)
    sql = (
        f"select level, count() from (select user_id, windowFunnel(86400)(toDateTime(ts), {conditions}) as level "
        "from bench.events group by user_id) group by level order by level settings max_threads = 2"
    )

    def go() -> Any:
        rows = str(run.query(sql, "CSV")).split()
        levels = {int(row.split(",")[0]): int(row.split(",")[1]) for row in rows}
        return [sum(count for level, count in levels.items() if level >= k) for k in range(1, len(STEPS) + 1)]

    return go, "chDB windowFunnel, counts"


def _plan(dimensions: tuple[str, ...]) -> Any:
    from supportkit.funnels.step_sql import FunnelQuery, StepTable

    clauses = tuple((k, f"step = '{name}'") for k, name in enumerate(STEPS, 1))
    shown = tuple("coalesce(country, '(none)')" for _ in dimensions)
    source = StepTable("events", "user_id", "occurred_at", clauses, dimensions=shown)
    return FunnelQuery((source,), len(STEPS), window=True, dimensions=dimensions, hashed=True)


def sql_report(path: Path, dimensions: tuple[str, ...]) -> tuple[Callable[[], Any], str]:
    """The query of `supportkit funnel`, with times to convert, open and matured users."""
    from supportkit.funnels.step_sql import steps_sql
    from supportkit.store.opening import confined

    connection = confined(path)
    values = {"starts_us": -(2**62), "ends_us": 2**62, "until_us": (START + 3_000_000) * 1_000_000, "window_us": DAY_US}

    def go() -> Any:
        rows = connection.execute(steps_sql(_plan(dimensions)), values).fetchall()
        at = len(dimensions)
        return [row[at + 2] for row in sorted((row for row in rows if row[at]), key=lambda row: row[at + 1])]

    return go, "supportkit funnel --by country, with medians" if dimensions else "supportkit funnel, with medians"


def polars_counts(path: Path) -> tuple[Callable[[], Any], str]:
    """One sort and a running maximum per step, as polars writes it."""
    from importlib import import_module

    pl: Any = import_module("polars")
    events = pl.read_parquet(path.with_suffix(".parquet"), columns=["user_id", "ts", "step"])

    def go() -> Any:
        number = pl.col("step").replace_strict({name: k for k, name in enumerate(STEPS, 1)}, return_dtype=pl.Int8)
        frame = events.filter(pl.col("step").is_in(STEPS)).with_columns(st=number).sort("user_id", "ts", "st")
        frame = frame.with_columns(s=pl.when(pl.col("st") == 1).then(pl.col("ts")))
        users = [frame.filter(pl.col("st") == 1)["user_id"].n_unique()]
        for k in range(2, len(STEPS) + 1):
            frame = frame.with_columns(s=pl.col("s").cum_max().forward_fill().over("user_id"))
            reached = (pl.col("st") == k) & (pl.col("ts") - pl.col("s") <= 86_400)
            users.append(frame.filter(reached)["user_id"].n_unique())
            frame = frame.with_columns(s=pl.when(reached).then(pl.col("s")))
        return users

    return go, "polars, sort and running maximum"


def nested_windows(path: Path) -> tuple[Callable[[], Any], str]:
    """A window function inside a window function for each step, in DuckDB."""
    import duckdb

    connection = duckdb.connect(str(path), read_only=True, config={"threads": 2})
    cases = " ".join(f"when '{name}' then {k}" for k, name in enumerate(STEPS, 1))
    text = (
        f"(select user_id, epoch_us(occurred_at) as x, case step {cases} end as st from events where step in {STEPS})"
    )
    for k in range(1, len(STEPS)):
        took = "st = 1 then x" if k == 1 else f"st = {k} and x - s{k - 1} <= {DAY_US} then s{k - 1}"
        over = "(partition by user_id order by x, st rows unbounded preceding)"
        text = f"(select *, max(case when {took} end) over {over} as s{k} from {text})"
    reached = [f"count(distinct user_id) filter (st = {k} and x - s{k - 1} <= {DAY_US})" for k in range(2, 6)]
    sql = f"select count(distinct user_id) filter (st = 1), {', '.join(reached)} from {text}"
    return lambda: list(connection.execute(sql).fetchone() or ()), "DuckDB, nested windows"


def retentioneering(path: Path) -> tuple[Callable[[], Any], str]:
    """The funnel of retentioneering 5, which has no window: first entries, however late the rest."""
    import os
    from importlib import import_module

    import duckdb

    os.environ["RETENTIONEERING_NO_TRACK"] = "1"
    query = "select user_id, step as event, make_timestamp(ts * 1000000) as timestamp from read_parquet($file)"
    events = duckdb.execute(query, {"file": str(path.with_suffix(".parquet"))}).df()
    start = time.process_time()
    stream = import_module("retentioneering").Eventstream(events)
    made = time.process_time() - start

    def go() -> Any:
        return [step["unique_paths"] for step in stream.funnel_data(steps=list(STEPS))["steps"]]

    return go, f"retentioneering, no window (stream: {made:.1f} s)"


def quick(path: Path) -> tuple[Callable[[], Any], str]:
    """The counts of `supportkit funnel --counts`: DuckDB reads, numpy sorts."""
    from supportkit.funnels.fast_counts import quick_counts
    from supportkit.store import Store
    from supportkit.store.engines.duck import Duck
    from supportkit.store.opening import confined

    connection = confined(path)
    values = {"starts_us": -(2**62), "ends_us": 2**62, "window_us": DAY_US}
    return lambda: quick_counts(Store(Duck(connection)), _plan(()), (), values), "supportkit funnel --counts"


def _peak_mb() -> float:
    """The most memory this process has held; getrusage would count what its parent held before it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise OSError("no VmHWM in /proc/self/status")


def worker(name: str, path: Path, runs: int) -> None:
    """One formulation, some runs; prints JSON."""
    makers: dict[str, Callable[[], tuple[Callable[[], Any], str]]] = {
        "chdb": lambda: chdb_counts(path),
        "counts": lambda: quick(path),
        "polars": lambda: polars_counts(path),
        "nested": lambda: nested_windows(path),
        "retentioneering": lambda: retentioneering(path),
        "report": lambda: sql_report(path, ("by_1",)),
        "total": lambda: sql_report(path, ()),
    }
    go, title = makers[name]()
    best, wall, answer = float("inf"), float("inf"), None
    for _ in range(runs):
        cpu, start = time.process_time(), time.perf_counter()
        answer = go()
        best, wall = min(best, time.process_time() - cpu), min(wall, time.perf_counter() - start)
    memory = _peak_mb()
    print(json.dumps({"title": title, "cpu": best, "wall": wall, "memory": memory, "answer": answer}))


def main() -> None:
    """Every formulation on every set asked for; ratios to chDB."""
    words = sys.argv[1:]
    millions = next((int(word) for word in words if word.isdigit()), 10)
    folder = Path(tempfile.gettempdir()) / "supportkit-funnel-bench"
    folder.mkdir(exist_ok=True)
    for name in [word for word in words if word in SETS] or list(SETS):
        path = database(folder, name, millions)
        print(f"{name}: {millions} million events", flush=True)
        base = None
        runs = 3 if millions <= 20 else 1
        for kind in [word for word in words if word in KINDS] or USUAL[millions > 20]:
            command = [sys.executable, "-m", "benchmarks.funnel", "worker", kind, str(path), str(runs)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"  {kind}: {done.stderr.strip().splitlines()[-1]}")
                continue
            found = json.loads(done.stdout.splitlines()[-1])
            base = base or found["cpu"]
            print(
                f"  {found['title']:48} {found['cpu']:6.2f} s CPU  {found['cpu'] / base:4.1f} x  "
                f"[{found['wall']:.2f} s]  {found['memory']:6.0f} MB  {found['answer']}",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        worker(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
