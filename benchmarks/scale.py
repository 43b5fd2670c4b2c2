"""How seconds and memory grow with rows, metric by metric, on a store's file, a folder of Parquet files, and Spark.

    python -m benchmarks scale                                    1e4 to 1e6 rows a table
    python -m benchmarks scale --sizes 1e6 1e7 --only funnel ltv  these sizes, these metrics
    python -m benchmarks scale --sizes 1e5 1e6 --on folder spark --only nps service
    python -m benchmarks scale --sizes 1e8 --tables events --only "funnel --by country" --picture docs/scale.svg

Every size has a store of its own, made by SQL: so many tickets, orders, answers and events each, and twice as many
messages; people have four rows each. A figure is one run of the command as a process of its own: its seconds on the
clock, those of the processor, and the most memory it held; on Spark the seconds are those of its Java too, which is
seen while it runs, and the memory is not. Nothing is run at the next size that took more than
`--patience` seconds. The exponent is the slope between the two largest sizes, on logarithms, less what starting takes.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shlex
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

SIZES: Final = (10_000, 100_000, 1_000_000)
TABLES: Final = ("tickets", "messages", "orders", "surveys", "events")
CONFIG: Final = """
[data]
currency = "EUR"
[funnel]
steps = ["visit", "cart", "payment", "paid"]
window = "1d"
[metrics.ces]
direction = "easy"
[sla.email]
first_reply = "4h"
resolution = "2d"
"""
AT: Final = "timestamptz '2025-01-01 00:00:00Z' + to_seconds(cast(hash(i, 2) % 60000000 as bigint))"
LOADED: Final = "timestamptz '2026-12-01 00:00:00Z'"
FILL: Final = {
    "tickets": f"""
    insert into tickets (ticket_id, created_at, customer_id, channel, country, category, subject, status, solved_at,
                         first_reply_at, vendor_first_reply_s, is_complaint, source, source_row, loaded_at)
    select 'T' || i, {AT}, 'c' || i // 4, ['chat', 'email', 'messenger', 'phone'][cast(1 + hash(i, 3) % 4 as bigint)],
           ['DE', 'GB', 'RU', 'FR', 'US', 'PL'][1 + (i // 4) % 6],
           ['delivery', 'payment', 'refund', 'return', 'account', 'size'][cast(1 + hash(i, 4) % 6 as bigint)],
           ['parcel did not arrive', 'card was declined', 'money is not back', 'wrong size came',
            'cannot log in', 'voucher does not work', 'chair is broken', 'invoice is missing'][
            cast(1 + hash(i, 5) % 8 as bigint)]
           || ' ' || ['lamp', 'table', 'chair', 'sofa', 'shelf'][cast(1 + hash(i, 6) % 5 as bigint)], 'solved',
           {AT} + to_seconds(cast(hash(i, 7) % 200000 as bigint)),
           {AT} + to_seconds(cast(hash(i, 7) % 9000 as bigint)), hash(i, 7) % 9000, i % 3 = 0, 'scale', i, {LOADED}
      from range($rows) t(i)
    """,
    "messages": f"""
    insert into messages (ticket_id, sent_at, sender, public, kind, source, source_row, loaded_at)
    select 'T' || i // 2, {AT.replace("hash(i, 2)", "hash(i // 2, 2)")}
           + to_seconds(cast((i % 2) * (hash(i, 3) % 90000) as bigint)),
           case when i % 2 = 0 then 'customer' else 'agent' end, true, 'message', 'scale', i, {LOADED}
      from range(2 * $rows) t(i)
    """,
    "orders": f"""
    insert into orders (order_id, ordered_at, customer_id, amount, currency, status, country, source, source_row,
                        loaded_at)
    select 'O' || i, {AT}, 'c' || cast(power(hash(i, 4) / 18446744073709551616, 3) * $rows / 2 as bigint),
           cast(5 + hash(i, 3) % 20000 / 100 as decimal(18, 4)), 'EUR', 'sale',
           ['DE', 'GB', 'RU', 'FR', 'US', 'PL'][cast(1 + hash(i, 8) % 6 as bigint)], 'scale', i, {LOADED}
      from range($rows) t(i)
    """,
    "surveys": f"""
    insert into surveys (kind, score, responded_at, customer_id, country, scale_min, scale_max, item, source,
                         source_row, loaded_at)
    select kind, low + hash(i, 3) % (high - low + 1), {AT}, 'c' || hash(i, 5) % (1 + $rows // 4),
           ['DE', 'GB', 'RU', 'FR', 'US', 'PL'][cast(1 + hash(i, 5) % 6 as bigint)], low, high,
           case when kind = 'csi' then ['speed', 'price', 'quality'][cast(1 + hash(i, 6) % 3 as bigint)] end,
           'scale', i, {LOADED}
      from (select i, ['nps', 'csat', 'ces', 'csi'][1 + i % 4] as kind, [0, 1, 1, 1][1 + i % 4] as low,
                   [10, 5, 7, 5][1 + i % 4] as high
              from range($rows) t(i))
    """,
    "events": f"""
    insert into events (user_id, occurred_at, step, country, source, source_row, loaded_at)
    select format('p_{{:016x}}', hash(i // 4)), timestamptz '2025-01-01 00:00:00Z'
           + to_seconds(cast(hash(i // 4, 2) % 60000000 + (i % 4) * (hash(i, 3) % 30000) as bigint)),
           ['visit', 'cart', 'payment', 'paid'][1 + least(i % 4, cast(hash(i, 4) % 6 as bigint))],
           ['DE', 'GB', 'RU', 'FR', 'US', 'PL'][1 + (i // 4) % 6], 'scale', i, {LOADED}
      from range($rows) t(i)
    """,
}
BOOK: Final = f"""
insert into loads (load_id, file, table_name, source, sha256, read, loaded, updated, unchanged, rejected, loaded_at)
values (1, 'scale', 'tickets', 'scale', '', 0, 0, 0, 0, 0, {LOADED})
"""


class Cost(NamedTuple):
    """What one run took."""

    rows: int
    place: str
    command: str
    code: int
    wall: float
    cpu: float
    megabytes: float


def in_a_process_of_its_own(folder: Path, rows: int, tables: tuple[str, ...], cut: str) -> dict[str, str]:
    """The same as `make_places`, so that this process stays small: a child's memory is counted from its parent's on."""
    code = f"from benchmarks.scale import *; make_places(Path({str(folder)!r}), {rows}, {tables!r}, {cut!r})"
    subprocess.run([sys.executable, "-c", code], check=True)
    return places_of(folder, rows)


def places_of(folder: Path, rows: int) -> dict[str, str]:
    """The addresses of a size."""
    out = folder / str(rows)
    return {"file": str(folder / f"{rows}.duckdb"), "folder": f"parquet:{out}", "spark": f"spark:local[2]?path={out}"}


def make_places(folder: Path, rows: int, tables: tuple[str, ...], cut: str) -> None:
    """A store of so many rows a table, and the folder that it is exported to; made where they are missing."""
    from supportkit.store.opening import connect, create_tables, open_store
    from supportkit.store.parquet_export import write_parquet
    from supportkit.store.parquet_partitions import partitioning

    path, out = folder / f"{rows}.duckdb", folder / f"{rows}"
    if not path.exists():
        made = folder / f"{rows}.part"
        made.unlink(missing_ok=True)
        connection = connect(made)
        create_tables(connection)
        for table in tables:
            connection.execute(FILL[table], {"rows": rows})
        connection.execute(BOOK)
        connection.close()
        made.rename(path)
    if not (out / "manifest.json").exists():
        with open_store(path, folder=out) as store:
            write_parquet(store, out, partitioning(cut))


def cost(command: str, place: str, address: str, rows: int, config: Path, patience: float) -> Cost:
    """One run as a process of its own."""
    words = [sys.executable, "-m", "supportkit", *shlex.split(command), "--db", address, "--config", str(config)]
    start = time.perf_counter()
    with subprocess.Popen([*words, "-f", "json", "-q"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        deadline, beside = start + 4 * patience, 0.0
        while (found := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            if time.perf_counter() > deadline:
                process.kill()
            if place == "spark":
                beside = max(beside, children_cpu(process.pid))
            time.sleep(0.2 if place == "spark" else 0.002)
        said = process.stderr.read().decode(errors="replace") if process.stderr else ""
        process.returncode = os.waitstatus_to_exitcode(found[1])
        used = found[2]
    wall = time.perf_counter() - start
    if process.returncode not in (0, 3):
        print(said, file=sys.stderr)
    cpu = used.ru_utime + used.ru_stime + beside
    return Cost(rows, place, command, process.returncode, wall, cpu, used.ru_maxrss / 1024)


def children_cpu(process: int) -> float:
    """The processor's seconds of the processes that one has begun, and they, so far (Linux)."""
    seconds, begun = {}, {process}
    for place in sorted(Path("/proc").glob("[0-9]*"), key=lambda place: int(place.name)):
        with suppress(OSError):
            told = (place / "stat").read_text().rpartition(")")[2].split()
            if int(told[1]) in begun:
                begun.add(int(place.name))
                seconds[place] = sum(int(ticks) for ticks in told[11:13]) / os.sysconf("SC_CLK_TCK")
    return sum(seconds.values())


def exponent(costs: list[Cost]) -> float | None:
    """How processor seconds grow between the two largest sizes, less those of the smallest run; None below a tenth of
    a second."""
    done = [one for one in costs if one.code == 0]
    if len(done) < 3:
        return None
    start, before, last = min(one.cpu for one in done), done[-2], done[-1]
    if before.cpu - start < 0.1:
        return None
    return math.log((last.cpu - start) / (before.cpu - start)) / math.log(last.rows / before.rows)


def table(costs: list[Cost], sizes: list[int]) -> str:
    """The figures as a table of Markdown: a line a command and place, a column a size."""
    lines = ["| command | on | " + " | ".join(f"{size:.0e}".replace("e+0", "e") for size in sizes) + " | exponent |"]
    lines.append("|---|---|" + "--:|" * (len(sizes) + 1))
    by: dict[tuple[str, str], list[Cost]] = {}
    for one in costs:
        by.setdefault((one.command, one.place), []).append(one)
    for (command, place), found in by.items():
        at = {one.rows: one for one in found}
        cells = [_cell(at.get(size)) for size in sizes]
        power = exponent(sorted(at.values(), key=lambda one: one.rows))
        lines.append(f"| `{command}` | {place} | {' | '.join(cells)} | {'' if power is None else f'{power:.2f}'} |")
    return "\n".join(lines)


def _cell(one: Cost | None) -> str:
    if one is None:
        return "–"
    return f"{one.cpu:.1f} s, {one.megabytes:,.0f} MB" if one.code == 0 else f"exit {one.code}"


def picture(costs: list[Cost]) -> str:
    """Seconds of the processor against rows, both on logarithms, as an SVG."""
    import vl_convert

    values = [one._asdict() for one in costs if one.code == 0]
    axis = {"scale": {"type": "log"}, "type": "quantitative"}
    lines: dict[str, Any] = {
        "data": {"values": values},
        "facet": {"field": "place", "type": "nominal", "title": None},
        "spec": {
            "width": 300,
            "height": 260,
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "rows", "title": "rows of a table", **axis},
                "y": {"field": "cpu", "title": "seconds of the processor", **axis},
                "color": {"field": "command", "type": "nominal", "title": "command"},
            },
        },
    }
    return str(vl_convert.vegalite_to_svg(lines))


def commands_of(only: list[str]) -> list[str]:
    """The metrics, or those that are named."""
    from supportkit.metrics import METRICS

    return only or list(METRICS)


def main() -> None:
    """Print the table, and draw it where a picture is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=float, default=SIZES)
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=TABLES)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--on", nargs="+", choices=("file", "folder", "spark"), default=("file", "folder"))
    parser.add_argument("--partition", default="month")
    parser.add_argument("--patience", type=float, default=60)
    parser.add_argument("--folder", type=Path, help="where the stores are kept for another run")
    parser.add_argument("--results", type=Path, help="a file of lines that every run is added to, and is read first")
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()
    costs = [Cost(*json.loads(line)) for line in _lines(options.results)]
    with tempfile.TemporaryDirectory() as spare:
        folder = options.folder or Path(spare)
        folder.mkdir(parents=True, exist_ok=True)
        config = Path(spare) / "supportkit.toml"
        config.write_text(CONFIG, encoding="utf-8")
        given_up: set[tuple[str, str]] = set()
        for size in (int(size) for size in options.sizes):
            places = in_a_process_of_its_own(folder, size, tuple(options.tables), options.partition)
            for command in commands_of(options.only):
                for place in options.on:
                    if (command, place) in given_up:
                        continue
                    one = cost(command, place, places[place], size, config, options.patience)
                    costs.append(one)
                    if options.results:
                        with options.results.open("a", encoding="utf-8") as file:
                            file.write(json.dumps(one) + "\n")
                    print(f"{size:,} {place}: {command}: {_cell(one)}, {one.wall:.1f} s", flush=True)
                    if one.wall > options.patience or one.code not in (0, 3):
                        given_up.add((command, place))
    costs.sort(key=lambda one: one.rows)
    print(table(costs, sorted({one.rows for one in costs})))
    if options.picture:
        options.picture.write_text(picture(costs), encoding="utf-8")


def _lines(path: Path | None) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path and path.exists() else []


if __name__ == "__main__":
    main()
