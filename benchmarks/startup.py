"""Start-up: `supportkit --help` and `supportkit nps` against importing the libraries they stand on."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUNS = 11
CASES = (
    ("supportkit --help", ["--help"], "import typer, rich.table", 2.5),
    ("supportkit nps --data data/samples", ["nps", "--data", "data/samples"], "import typer, rich.table, duckdb", 2.5),
)


def seconds(command: list[str]) -> float:
    """Wall seconds of one run."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the median of ours, of the peer and of their ratio, run in turn."""
    for name, words, peer, bar in CASES:
        ours_command = [sys.executable, "-m", "supportkit", *words]
        peer_command = [sys.executable, "-c", peer]
        seconds(ours_command)
        seconds(peer_command)
        pairs = [(seconds(ours_command), seconds(peer_command)) for _ in range(RUNS)]
        ours = statistics.median(pair[0] for pair in pairs)
        theirs = statistics.median(pair[1] for pair in pairs)
        ratio = statistics.median(pair[0] / pair[1] for pair in pairs)
        print(f"startup  {name}: {ours:.3f} s, python -c {peer!r}: {theirs:.3f} s, ratio {ratio:.2f} (bar {bar})")


if __name__ == "__main__":
    main()
