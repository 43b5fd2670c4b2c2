"""Whole processes in pairs: ours against importing what it stands on, in turn, by the CPU seconds of each.

Where other programs run, wall seconds measure them; the CPU seconds of a pair are spoilt alike.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
RUNS: Final = 15


def cpu_seconds(command: Sequence[str]) -> float:
    """User and system seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def in_pairs(name: str, ours: Sequence[str], peer: Sequence[str], bar: float | None) -> str:
    """The medians of ours, of the peer and of their ratio, in a line, after a pair that does not count."""
    cpu_seconds(ours)
    cpu_seconds(peer)
    pairs = [(cpu_seconds(ours), cpu_seconds(peer)) for _ in range(RUNS)]
    mine, theirs = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    ratio = statistics.median(ours / peer for ours, peer in pairs)
    told = "" if bar is None else f" (bar {bar:g})"
    return f"{name}: {mine:.3f} s of CPU, python -c {peer[-1]!r}: {theirs:.3f} s, ratio {ratio:.2f}{told}"
