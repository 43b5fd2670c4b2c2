"""`supportkit check` with ten rules on the samples, against importing what it stands on."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.whole_runs import ROOT, in_pairs

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


def main() -> None:
    """Print ours, the peer and their ratio, for a store and for files."""
    peer = [sys.executable, "-c", "import typer, duckdb"]
    config = ["--config", "data/samples/supportkit.toml", "--period", "all"]
    expect = [word for rule in RULES for word in ("--expect", rule)]
    with tempfile.TemporaryDirectory() as folder:
        db = str(Path(folder) / "shop.duckdb")
        supportkit = [sys.executable, "-m", "supportkit"]
        subprocess.run(
            [*supportkit, "load", "data/samples", "--db", db, "-q"], cwd=ROOT, stderr=subprocess.DEVNULL, check=True
        )
        for name, where, bar in (
            ("a store of the samples", ["--db", db], 2.5),
            ("the samples' CSVs, which are loaded first", ["--data", "data/samples"], None),
        ):
            ours = [*supportkit, "check", *where, *config, *expect]
            print("check  ", in_pairs(f"ten rules on {name}", ours, peer, bar))


if __name__ == "__main__":
    main()
