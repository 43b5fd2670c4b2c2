"""A folder of events as `export --parquet --partition month` writes it, made at once: to fill a store takes longer.

    python -m benchmarks event_folder --folder FOLDER --rows 1e8
    /usr/bin/time -v supportkit funnel --by country --db parquet:FOLDER --config FOLDER/supportkit.toml

Every visit is four events within about a day; every fifth visit is by a person who was there in another month, too.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.scale import BOOK, CONFIG

MONTHS: Final = 20
FIRST: Final = 2025
EVENT: Final = {
    "user_id": "format('p_{:016x}', hash(case when hash(visit, 9) % 5 = 0 then hash(visit, 10) % $visits "
    "else visit end))",
    "occurred_at": "$begins + to_seconds(cast(hash(visit, 2) % ($seconds - 90000) + nth * (hash(visit, nth) % 30000) "
    "as bigint))",
    "step": "['visit', 'cart', 'payment', 'paid'][1 + least(nth, cast(hash(visit, nth, 4) % 6 as bigint))]",
    "country": "['DE', 'GB', 'RU', 'FR', 'US', 'PL'][1 + visit % 6]",
    "source": "'scale'",
    "source_row": "4 * visit + nth",
    "loaded_at": "timestamptz '2026-12-01 00:00:00Z'",
}


def make_folder(folder: Path, rows: int) -> None:
    """Write the files of every month, the ledger beside them, and the manifest."""
    from supportkit.store.opening import connect, create_tables
    from supportkit.store.parquet_manifest import ExportedFile, Manifest, digest, write_manifest
    from supportkit.store.schema import columns_of

    def selected(table: str) -> str:
        made = EVENT if table == "events" else {one.name: one.name for one in columns_of(table)}
        return ", ".join(f"cast({made.get(one.name, 'null')} as {one.type}) as {one.name}" for one in columns_of(table))

    files: list[ExportedFile] = []
    visits = rows // 4 // MONTHS * MONTHS
    with connect(None) as connection:
        create_tables(connection)
        connection.execute(BOOK)

        def write(table: str, place: str, source: str, number: int, **given: object) -> None:
            path = folder / place
            path.parent.mkdir(parents=True, exist_ok=True)
            copy = f"copy (select {selected(table)} from {source}) to $file (format parquet)"
            connection.execute(copy, {"file": str(path), **given})
            files.append(ExportedFile(table, number, place, path.stat().st_size, digest(path)))

        for month in range(MONTHS):
            begins, ends = (datetime(FIRST + at // 12, at % 12 + 1, 1, tzinfo=UTC) for at in (month, month + 1))
            low, high = (visits // MONTHS * at for at in (month, month + 1))
            write(
                "events",
                f"events/month={begins:%Y-%m}/events.parquet",
                "(select i // 4 as visit, i % 4 as nth from range($low, $high) t(i))",
                4 * (high - low),
                low=4 * low,
                high=4 * high,
                begins=begins,
                seconds=int((ends - begins).total_seconds()),
                visits=visits,
            )
            print(f"{begins:%Y-%m}: {files[-1].bytes / 1e6:,.0f} MB", flush=True)
        for table in ("meta", "loads"):
            counted = connection.execute(f"select count(*) from {table}").fetchall()[0][0]
            write(table, f"{table}.parquet", table, counted)
    (folder / "supportkit.toml").write_text(CONFIG, encoding="utf-8")
    write_manifest(folder, Manifest(tuple(files), "month"))


def main() -> None:
    """Make the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rows", type=float, default=1e8)
    options = parser.parse_args()
    make_folder(options.folder, int(options.rows))


if __name__ == "__main__":
    main()
