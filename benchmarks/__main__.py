"""`python -m benchmarks [NAME …] [ARGUMENT …] [--OPTION …]`: run the benchmarks and print their ratios; arguments and
options are those of one."""

from __future__ import annotations

import importlib
import sys
from itertools import takewhile
from pathlib import Path

NOT_BENCHMARKS = {"__main__", "shop"}
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
    files = (path for path in Path(__file__).parent.glob("*.py") if path.stem not in NOT_BENCHMARKS)
    known = sorted(path.stem for path in files if "\ndef main(" in path.read_text(encoding="utf-8"))
    names = list(takewhile(lambda word: word in known, sys.argv[1:]))
    if not names and {"-h", "--help"} & {*sys.argv[1:]}:
        print(__doc__, f"They are: {', '.join(known)}.", sep="\n\n")
        return
    sys.argv[1:] = arguments = sys.argv[1 + len(names) :]
    if len(names) != 1 and arguments and not arguments[0].startswith("-"):
        sys.exit(f"no benchmark {arguments[0]!r}; known: {', '.join(known)}")
    for name in names or [name for name in known if name not in ONLY_BY_NAME]:
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
