"""A disk that fills up at every step of a load: the store stays as it was, says so, and works when there is room."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from benchmarks.reliability.orders import write_orders
from benchmarks.reliability.part import Line

SIZE = 24 << 20
STEP = 64 << 10


def run() -> list[Line]:
    """Load with less and less room on a small tmpfs."""
    with tempfile.TemporaryDirectory() as name:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", name], capture_output=True, text=True, check=False
        )
        if mounted.returncode:
            return [Line("disk full", f"not tried: {mounted.stderr.strip()}", "", None)]
        try:
            return _fill(Path(name))
        finally:
            subprocess.run(["umount", "-l", name], check=False)


def _fill(disk: Path) -> list[Line]:
    from supportkit.errors import DataError
    from supportkit.exports import LoadOptions
    from supportkit.exports.into_store import load_into

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db, ballast = disk / "shop.duckdb", disk / "ballast"
        load_into(db, [write_orders(folder, "base", 0, 20_000)], LoadOptions())
        more = write_orders(folder, "more", 1_000_000, 20_000)
        before = db.read_bytes()
        full = changed = unclear = left = steps = 0
        room = 0
        while True:
            steps += 1
            with ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, max(_free(disk) - room, 1))
            try:
                load_into(db, [more], LoadOptions())
                break
            except DataError as error:
                full += 1
                unclear += "disk is full" not in error.message
            changed += db.read_bytes() != before
            left += sorted(path.name for path in disk.iterdir()) != ["ballast", "shop.duckdb"]
            ballast.unlink()
            room += STEP
        grown = db.read_bytes() != before
    return [
        Line(
            f"disk full, {steps} steps of {STEP >> 10} KiB on a tmpfs",
            f"{full} refused, then loaded: {grown}",
            "",
            None,
        ),
        Line("  times the store was changed", str(changed), "0", changed == 0),
        Line("  times something was left behind", str(left), "0", left == 0),
        Line("  times the message did not name the full disk", str(unclear), "0", unclear == 0),
    ]


def _free(disk: Path) -> int:
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize
