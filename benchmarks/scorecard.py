"""The reliability scorecard: `python -m benchmarks scorecard`, or `python -m benchmarks.scorecard PART …`.

Parts: hostile, pollutions, personal, disk (raw values on it), race, full, kill. docs/reliability.md keeps what it
printed. It takes some minutes, most of them for 200 killed loads.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final

from benchmarks.reliability import files, full, kill, personal, race
from benchmarks.reliability.part import Line

PARTS: Final[dict[str, Callable[[], list[Line]]]] = {
    "hostile": files.hostile,
    "pollutions": files.pollution,
    "personal": personal.detection,
    "disk": personal.on_disk,
    "full": full.run,
    "race": race.run,
    "kill": kill.run,
}


def main(parts: list[str] | None = None) -> int:
    """Print the parts; returns 1 where a line does not hold."""
    failed = 0
    for name in parts or PARTS:
        if name not in PARTS:
            sys.exit(f"no part {name!r}; known: {', '.join(PARTS)}")
        started = time.monotonic()
        lines = PARTS[name]()
        print(f"{name} ({time.monotonic() - started:.0f} s)")
        for line in lines:
            state = {True: "holds", False: "FAILS", None: ""}[line.holds]
            wanted = f"   (wanted {line.wanted}) {state}" if line.wanted else ""
            print(f"  {line.what:<70}{line.found}{wanted}", flush=True)
            failed += line.holds is False
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
