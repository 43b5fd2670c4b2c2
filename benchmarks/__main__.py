"""`python -m benchmarks [NAME …] [--OPTION …]`: run the benchmarks and print their ratios; options are those of one."""

from __future__ import annotations

import importlib
import sys
from itertools import takewhile
from pathlib import Path

NOT_BENCHMARKS = {"__init__", "__main__", "shop", "whole_runs"}
ONLY_BY_NAME = {
    "scorecard",
    "mutants",
    "growth",
    "scale",
    "conformance",
    "event_folder",
    "causes",
}  # minutes of killed loads, of tests run again, gigabytes; what runs others that run anyway


def main() -> None:
    """Run the benchmarks that are named; without a name all but those that only run by name."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NOT_BENCHMARKS)
    names = list(takewhile(lambda word: not word.startswith("-"), sys.argv[1:]))
    sys.argv[1:] = sys.argv[1 + len(names) :]
    for name in names or [name for name in known if name not in ONLY_BY_NAME]:
        if name not in known:
            sys.exit(f"no benchmark {name!r}; known: {', '.join(known)}")
        module = importlib.import_module(f"benchmarks.{name}")
        if hasattr(module, "main"):
            module.main()


if __name__ == "__main__":
    main()
