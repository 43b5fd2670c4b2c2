"""`python -m benchmarks [NAME …]`: run the benchmarks and print their ratios."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

NOT_BENCHMARKS = {"__init__", "__main__", "shop"}
ONLY_BY_NAME = {"scorecard"}  # minutes of killed loads


def main() -> None:
    """Run the benchmarks that are named; without a name all but those that only run by name."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NOT_BENCHMARKS)
    for name in sys.argv[1:] or [name for name in known if name not in ONLY_BY_NAME]:
        if name not in known:
            sys.exit(f"no benchmark {name!r}; known: {', '.join(known)}")
        module = importlib.import_module(f"benchmarks.{name}")
        if hasattr(module, "main"):
            module.main()


if __name__ == "__main__":
    main()
