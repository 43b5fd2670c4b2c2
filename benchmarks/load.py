"""Measure loading: rows per second against DuckDB's bare reader and pandas with the same typing, in one run.

python -m benchmarks.load                    a million tickets of about 350 bytes, 5 % of them with personal data
python -m benchmarks.load --rows 200000      fewer

Each contender runs in a process of its own, on a new store; the processor's seconds and peak memory are that process's
and those of the processes that it starts.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOTHING = ("", "-", "--", "?", "null", "(null)", "nan", "n/a", "#n/a", "undefined")
TIMES = ("created_at", "first_reply_at", "solved_at", "updated_at")


def bare(source: Path, folder: Path) -> int:
    """DuckDB's reader into a table, all text."""
    import duckdb

    with duckdb.connect(str(folder / "bare.duckdb")) as connection:
        connection.execute(
            "create table tickets as select * from read_csv($file, all_varchar = true)", {"file": str(source)}
        )
        return int(connection.execute("select count(*) from tickets").fetchall()[0][0])


def with_pandas(source: Path, folder: Path) -> int:
    """pandas.read_csv, then the same typing: blanks and words for nothing, instants, numbers, booleans, lists."""
    import pandas

    frame = pandas.read_csv(source, dtype=str, keep_default_na=False)
    for name in frame.columns:
        column = frame[name].str.strip()
        frame[name] = column.mask(column.isin(NOTHING) | column.str.lower().isin(NOTHING))
    for name in TIMES:
        frame[name] = pandas.to_datetime(frame[name], utc=True, errors="coerce", format="ISO8601")
    for name in ("reopens", "replies"):
        frame[name] = pandas.to_numeric(frame[name], errors="coerce")
    frame["is_complaint"] = frame["is_complaint"].map({"true": True, "false": False})
    frame["tags"] = frame["tags"].str.split(",")
    frame["status"] = frame["status"].str.lower()
    return len(frame)


def kept(source: Path, folder: Path) -> int:
    """supportkit without masking."""
    return _load(source, folder / "kept.duckdb", "keep")


def masked(source: Path, folder: Path) -> int:
    """supportkit as it comes: masked, with pseudonyms."""
    return _load(source, folder / "masked.duckdb", "mask")


def _load(source: Path, store: Path, privacy: Any) -> int:
    from supportkit.exports import LoadOptions
    from supportkit.exports.into_store import load_into

    (done,) = load_into(store, [source], LoadOptions(privacy=privacy))
    return done.loaded


CONTENDERS: dict[str, Callable[[Path, Path], int]] = {
    "bare": bare,
    "pandas": with_pandas,
    "kept": kept,
    "masked": masked,
}


def measure(name: str, source: Path) -> dict[str, float]:
    """Run one contender in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.load", "--contender", name, "--file", str(source)]
    path = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
    environment = {**os.environ, "SUPPORTKIT_KEY": "the key of the benchmark", "PYTHONPATH": path}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=ROOT)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def contend(name: str, source: Path) -> None:
    """What the process of a contender does."""
    started = _peaks_of_others()
    with tempfile.TemporaryDirectory() as folder:
        start, cpu = perf_counter(), process_time()
        rows = CONTENDERS[name](source, Path(folder))
        seconds, cpu = perf_counter() - start, process_time() - cpu
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu += others.ru_utime + others.ru_stime
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 + sum(started)
    print(json.dumps({"rows": rows, "seconds": seconds, "cpu": cpu, "peak_mb": peak}))


def _peaks_of_others() -> list[float]:
    """The most megabytes that each process took which masks beside this one, once they have ended."""
    from supportkit.exports.rows.masking_processes import MaskingProcesses

    peaks, end = list[float](), MaskingProcesses.end

    def noted(self: MaskingProcesses) -> None:
        for server in self._running:
            status = Path(f"/proc/{server._process.pid}/status")
            lines = status.read_text("utf-8").splitlines() if status.exists() else []
            peaks.extend(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
        end(self)

    MaskingProcesses.end = noted  # type: ignore[method-assign]
    return peaks


def make_tickets(rows: int, folder: Path) -> Path:
    """The file to load."""
    subprocess.run(
        [sys.executable, "benchmarks/shop.py", "--tickets", str(rows), "--out", str(folder)], check=True, cwd=ROOT
    )
    return folder / "tickets.csv"


def main(words: Sequence[str] = ()) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path, help="load this file instead of a new one")
    parser.add_argument("--rounds", type=int, default=1, help="take the best of so many")
    parser.add_argument("--only", nargs="+", choices=list(CONTENDERS), default=list(CONTENDERS))
    parser.add_argument("--contender", choices=list(CONTENDERS), help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.contender:
        contend(options.contender, options.file)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        source = options.file or make_tickets(options.rows, Path(folder))
        best: dict[str, dict[str, float]] = {}
        for _ in range(options.rounds):
            for name in options.only:
                found = measure(name, source)
                best[name] = min(best.get(name, found), found, key=lambda one: one["seconds"])
        show(best, source.stat().st_size)
    return 0


def show(best: dict[str, dict[str, float]], size: int) -> None:
    """The table of a run."""
    reference = best.get("bare")
    print(f"{'':8}{'rows':>12}{'seconds':>9}{'CPU s':>8}{'rows/s':>10}{'of bare':>9}{'peak MB':>9}")
    for name, one in best.items():
        rate = one["rows"] / one["seconds"]
        share = f"{reference['seconds'] / one['seconds']:.2f}" if reference else ""
        print(
            f"{name:8}{one['rows']:>12,.0f}{one['seconds']:>9.2f}{one['cpu']:>8.2f}{rate:>10,.0f}"
            f"{share:>9}{one['peak_mb']:>9,.0f}"
        )
    rows = max(one["rows"] for one in best.values())
    print(f"{size / rows:.0f} bytes a row")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
