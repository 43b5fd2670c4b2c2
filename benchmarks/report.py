"""The director's report against its own queries and one picture's start-up; the weekly report on big data.

python -m benchmarks report                      the samples: bar 1.7
python benchmarks/report.py --tickets 10000000 --orders 10000000 --events 50000000 --surveys 10000000 --folder DIR
                                                 the bar's rows, written straight into a store; DIR keeps it (2.7 GB)
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
BAR = 1.7
PERIOD = "2026-10"
LAST = "2026-11-11"  # the last day of the big tables

PRELUDE = """
import sys, time
sys.path.insert(0, "src")
from pathlib import Path
from supportkit.period import Period, parse_period
from supportkit.reports.audiences import PLANS
from supportkit.commands.report_output import ReportSource, build_report
from supportkit.reports.report_request import ReportRequest
from supportkit.commands.shared_options import SharedOptions, load_config, open_selected
shared = SharedOptions(data=(Path("data/samples"),), config=Path("data/samples/supportkit.toml"))
config = load_config(shared)
period = parse_period({period!r}, None)
"""
ASKING = ("rows", "records", "column", "properties", "last_instant", "fixed", "latest", "has_rows", "met")
"""The methods of a store that ask DuckDB."""
CHART = """
start = time.perf_counter()
from supportkit.render.drawing import inline_svg
data = [{"a": "x", "b": 1}, {"a": "y", "b": 2}]
axes = {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}}
inline_svg({"data": {"values": data}, "mark": "bar", "encoding": axes}, "c", "t", "d")
print(time.perf_counter() - start)
"""
REPORT = """
from dataclasses import replace
from supportkit.commands.output import formatted_report
from supportkit.render.drawing_process import drawing_beside
from supportkit.store.store import Store
queries, inside = 0.0, False
def timed(method):
    def run(*words, **named):
        global queries, inside
        if inside:
            return method(*words, **named)
        inside, start = True, time.perf_counter()
        try:
            return method(*words, **named)
        finally:
            queries, inside = queries + time.perf_counter() - start, False
    return run
for name in {asking!r}:
    setattr(Store, name, timed(getattr(Store, name)))
with open_selected(shared, config, ()) as store:
    start = time.perf_counter()
    with drawing_beside():  # as the command has it
        source = ReportSource(store, config)
        made = build_report(source, PLANS["director"], ReportRequest("director", period))
        formatted_report(made, replace(shared, format="html"))
    print(queries, time.perf_counter() - start)
"""


def seconds(body: str) -> tuple[float, ...]:
    """What a fresh interpreter measures."""
    source = PRELUDE.replace("{period!r}", repr(PERIOD)) + body.replace("{asking!r}", repr(ASKING))
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(float(figure) for figure in done.stdout.split())


def main() -> None:
    """Print the medians and their ratio: the page, and in the same run the time that its queries took in DuckDB."""
    rounds = [(*seconds(CHART), *seconds(REPORT)) for _ in range(RUNS)]
    chart, queries, whole = (statistics.median(one[part] for one in rounds) for part in range(3))
    ratio = statistics.median(one[2] / (one[0] + one[1]) for one in rounds)
    print(
        f"report   the director's page on the samples: {whole:.2f} s, its queries {queries:.2f} s, "
        f"one picture's start-up {chart:.2f} s, ratio {ratio:.2f} (bar {BAR:g})"
    )


def big(rows: dict[str, int], folder: Path) -> None:
    """Write a big store, make the weekly report on it: seconds, and its own largest memory."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    from benchmarks.shop_data.bulk_store import write_store

    store = folder / "big.duckdb"
    if not store.exists():
        write_store(store, rows, "seed")
    config = str(ROOT / "data" / "samples" / "supportkit.toml")
    report = [sys.executable, "-m", "supportkit", "report", "--db", str(store), "--config", config]
    report += ["--as-of", LAST, "--period", "last-week", "--output", str(folder / "week.html"), "-q"]
    start = time.perf_counter()
    process = subprocess.Popen(report, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    _, status, used = os.wait4(process.pid, 0)
    taken = time.perf_counter() - start
    if status:
        sys.exit(f"the report ended with {os.waitstatus_to_exitcode(status)}")
    told = ", ".join(f"{count:,} {name}" for name, count in rows.items())
    print(
        f"report   the weekly page over {told}: {taken:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of CPU, "
        f"memory {used.ru_maxrss / 1e6:.2f} GB (bar 45 s, 3.2 GB at 10/10/10/50 M on two cores)"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("tickets", "orders", "events", "surveys"):
        parser.add_argument(f"--{name}", type=int)
    parser.add_argument("--folder", type=Path, help="where the big files are kept for the next run")
    given = parser.parse_args()
    wanted = {name: getattr(given, name) for name in ("tickets", "orders", "events", "surveys")}
    wanted = {name: count for name, count in wanted.items() if count}
    if not wanted:
        main()
    elif given.folder:
        given.folder.mkdir(exist_ok=True)
        big(wanted, given.folder)
    else:
        with tempfile.TemporaryDirectory() as made:
            big(wanted, Path(made))
