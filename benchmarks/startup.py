"""Start-up: `supportkit --help` and `supportkit nps` against importing the libraries they stand on."""

from __future__ import annotations

import sys

from benchmarks.whole_runs import in_pairs

CASES = (
    ("supportkit --help", ["--help"], "import typer, rich.table", 0.88),
    ("supportkit nps --data data/samples", ["nps", "--data", "data/samples"], "import typer, rich.table, duckdb", 2.2),
)


def main() -> None:
    """Print ours, the peer and their ratio."""
    for name, words, peer, bar in CASES:
        ours = [sys.executable, "-m", "supportkit", *words]
        print("startup ", in_pairs(name, ours, [sys.executable, "-c", peer], bar))


if __name__ == "__main__":
    main()
