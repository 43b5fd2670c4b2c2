"""The director's report against its own queries and one picture's start-up; the weekly report on big data.

python -m benchmarks report                      the samples: bar 3
python benchmarks/report.py --scale 3000         10 M tickets, 22 M orders, 37 M events: seconds and memory (long)
python benchmarks/report.py --tickets 1000000 --orders 1000000 --events 5000000    a tenth of the bar's rows
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
BAR = 3.0
PERIOD = "2026-10"

PRELUDE = """
import sys, time
sys.path.insert(0, "src")
from pathlib import Path
from supportkit.command import options_of
from supportkit.period import Period, parse_period
from supportkit.plans import PLANS
from supportkit.publishing import Source, document
from supportkit.report import Asked
from supportkit.session import Shared, configuration, config_path, opened
shared = Shared(data=(Path("data/samples"),), config=Path("data/samples/supportkit.toml"))
config = configuration(shared)
period = parse_period({period!r}, None)
"""
QUERIES = """
from supportkit.report import _span
from supportkit.metrics import METRICS
with opened(shared, config, ()) as store:
    start = time.perf_counter()
    for section in PLANS["director"].sections:
        metric = METRICS[section.metric]
        metric.compute(store, period=_span(section, period), **options_of(metric, config, section.options))
    print(time.perf_counter() - start)
"""
CHART = """
start = time.perf_counter()
from supportkit.render.svg import svg
data = [{"a": "x", "b": 1}, {"a": "y", "b": 2}]
axes = {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}}
svg({"data": {"values": data}, "mark": "bar", "encoding": axes}, "c", "t", "d")
print(time.perf_counter() - start)
"""
REPORT = """
from supportkit.publishing import shown
from dataclasses import replace
with opened(shared, config, ()) as store:
    start = time.perf_counter()
    source = Source(store, config, config_path(shared), options_of)
    made = document(source, PLANS["director"], Asked("director", period))
    shown(made, replace(shared, format="html"))
    print(time.perf_counter() - start)
"""


def seconds(body: str) -> float:
    """What a fresh interpreter measures."""
    source = PRELUDE.replace("{period!r}", repr(PERIOD)) + body
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Print the medians and their ratio, run in turn."""
    rounds = [(seconds(QUERIES), seconds(CHART), seconds(REPORT)) for _ in range(RUNS)]
    queries, chart, whole = (statistics.median(one[part] for one in rounds) for part in range(3))
    ratio = statistics.median(one[2] / (one[0] + one[1]) for one in rounds)
    print(
        f"report   the director's page on the samples: {whole:.2f} s, its queries {queries:.2f} s, "
        f"one picture's start-up {chart:.2f} s, ratio {ratio:.2f} (bar {BAR:g})"
    )


def big(words: list[str], folder: Path) -> None:
    """Make big files, load them, make the weekly report: seconds and the largest memory of it."""
    data, store = folder / "data", folder / "big.duckdb"
    data.mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    if not store.exists():
        subprocess.run([sys.executable, "benchmarks/shop.py", *words, "--out", str(data)], cwd=ROOT, check=True)
        load = [sys.executable, "-m", "supportkit", "load", str(data), "--db", str(store), "-q"]
        subprocess.run(load, cwd=ROOT, env=environment, check=True)
    config = str(ROOT / "data" / "samples" / "supportkit.toml")
    base = [sys.executable, "-m", "supportkit"]
    asked = [*base, "sql", "select max(created_at) as last from tickets", "--db", str(store), "--format", "json"]
    last = json.loads(subprocess.run(asked, env=environment, capture_output=True, check=True).stdout)["rows"][0]["last"]
    report = [*base, "report", "--db", str(store), "--config", config, "--as-of", last[:10], "--period", "last-week"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    start = time.perf_counter()
    subprocess.run([*report, "--output", str(folder / "week.html"), "-q"], env=environment, check=True)
    taken = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    told = f"{after / 1e6:.2f} GB" if after > before else f"under {after / 1e6:.2f} GB, what making the store took"
    print(
        f"report   the weekly page over {' '.join(words)}: {taken:.1f} s, memory {told} (bar 60 s, 4 GB at 10/10/50 M)"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("scale", "tickets", "orders", "events", "surveys"):
        parser.add_argument(f"--{name}", type=int)
    parser.add_argument("--folder", type=Path, help="where the big files are kept for the next run")
    given = parser.parse_args()
    sized = {name: getattr(given, name) for name in ("scale", "tickets", "orders", "events", "surveys")}
    wanted = [word for name, count in sized.items() if count for word in (f"--{name}", str(count))]
    if not wanted:
        main()
    elif given.folder:
        given.folder.mkdir(exist_ok=True)
        big(wanted, given.folder)
    else:
        with tempfile.TemporaryDirectory() as made:
            big(wanted, Path(made))
