"""Measure what a small load costs a large store: seconds, processor and bytes written for 1,000 rows more.

python -m benchmarks growth                      stores of 0, 0.5 and 5 GB
python -m benchmarks growth --sizes 0 0.5        smaller ones, with less room on the disk

Where the file system shares blocks between copies (btrfs, XFS) the bytes stay the same; elsewhere the store is copied.
The ids of the new rows lie among those that are there, so that these must be looked at.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Final

GB: Final = 1_000_000_000
BATCH: Final = 500_000
TEXT: Final = """
insert into main.tickets (ticket_id, created_at, subject, body, status, source, source_file, source_row, loaded_at)
select 'old' || $batch || '-' || n, timestamptz '2025-01-01' + to_minutes(n), 'A question about an order',
       md5('a' || $batch || n) || md5('b' || $batch || n) || md5('c' || $batch || n) || md5('d' || $batch || n),
       'solved', 'supportkit', 'old.csv', n, timestamptz '2026-01-01'
  from range($rows) as t(n)
"""


def make_store(path: Path, size: float) -> None:
    """A store of tickets with texts that nothing compresses, of about `size` bytes."""
    from supportkit.store.shadow_copy import rewriting

    batch = 0
    with rewriting(path) as store:
        while True:
            store.connection.execute(TEXT, {"batch": batch, "rows": BATCH if size else 1})
            store.connection.execute("checkpoint store")
            batch += 1
            blocks = store.connection.execute(
                "select used_blocks * block_size from pragma_database_size() where database_name = 'store'"
            ).fetchall()
            if not size or blocks[0][0] >= size:
                break


def load_rows(path: Path, file: Path) -> tuple[float, float, int]:
    """Load a file as a person does: seconds, processor seconds, bytes written by the process."""
    os.sync()
    code = (
        "import sys; from supportkit.cli import run; code = run(sys.argv[1:]); "
        "print(open('/proc/self/io').read()); sys.exit(code)"
    )
    words = ("load", str(file), "--db", str(path), "-q")
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    seconds, after = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    written = dict(line.split(": ") for line in done.stdout.split("\n") if ": " in line)["write_bytes"]
    return seconds, processor, int(written)


def main() -> None:
    """Print a line a store."""
    parser = argparse.ArgumentParser(prog="benchmarks growth")
    parser.add_argument("--sizes", nargs="*", type=float, default=[0, 0.5, 5], help="of the stores, in GB")
    sizes = parser.parse_args().sizes
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = Path(name)
        for size in sizes:
            path = folder / f"{size}.duckdb"
            make_store(path, size * GB)
            file = folder / f"{size}.csv"
            rows = (f"old0-{n}x,2026-02-01T10:00:00Z,subject {n},body {n}\n" for n in range(1_000))
            file.write_text("ticket_id,created_at,subject,body\n" + "".join(rows), encoding="utf-8")
            held = path.stat().st_size
            seconds, processor, written = load_rows(path, file)
            print(
                f"1,000 rows into {held / GB:4.2f} GB: {seconds:5.1f} s, {processor:4.1f} s of processor, "
                f"{written / GB:5.2f} GB written"
            )
            for each in folder.glob(f"{size}.*"):
                each.unlink()


if __name__ == "__main__":
    main()
