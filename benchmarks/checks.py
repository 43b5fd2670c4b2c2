"""`supportkit check` with ten rules on the samples, against importing what it stands on."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUNS = 11
RULES = (
    "nps >= -100 min 1",
    "nps.answers >= 1",
    "nps >= -100 by country min 1",
    "csat.csat >= 0%",
    "csat.mean >= 1",
    "csi >= 0",
    "service.sla_met >= 0%",
    "service.first_reply_p90_s <= 30d by channel",
    "service.unanswered <= 100000",
    "funnel.conversion >= 0%",
)


def seconds(command: list[str]) -> float:
    """Wall seconds of one run."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the median of ours, of the peer and of their ratio, run in turn, for files and for a store."""
    peer = [sys.executable, "-c", "import typer, duckdb"]
    config = ["--config", "data/samples/supportkit.toml", "--period", "all"]
    expect = [word for rule in RULES for word in ("--expect", rule)]
    with tempfile.TemporaryDirectory() as folder:
        db = str(Path(folder) / "shop.duckdb")
        supportkit = [sys.executable, "-m", "supportkit"]
        subprocess.run(
            [*supportkit, "load", "data/samples", "--db", db, "-q"], cwd=ROOT, stderr=subprocess.DEVNULL, check=True
        )
        for name, where in (
            ("a store of the samples", ["--db", db]),
            ("the samples' CSVs", ["--data", "data/samples"]),
        ):
            ours = [*supportkit, "check", *where, *config, *expect]
            seconds(ours)
            seconds(peer)
            pairs = [(seconds(ours), seconds(peer)) for _ in range(RUNS)]
            mine = statistics.median(pair[0] for pair in pairs)
            theirs = statistics.median(pair[1] for pair in pairs)
            ratio = statistics.median(pair[0] / pair[1] for pair in pairs)
            figures = f"{mine:.3f} s, import typer, duckdb: {theirs:.3f} s, ratio {ratio:.2f} (bar 2.5)"
            print(f"check  ten rules on {name}: {figures}")


if __name__ == "__main__":
    main()
