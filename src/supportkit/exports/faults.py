"""What was refused and which cells could not be read: with line, reason and the masked text of the record."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from supportkit.exports.cells import Cells, Refused
from supportkit.exports.files import OpenExport
from supportkit.exports.lines import decode
from supportkit.exports.privacy import Protection
from supportkit.exports.scan import locate
from supportkit.exports.suppression import REASON

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FAULTS: Final = "load_faults"
RAW_LIMIT: Final = 2_000
_SLICE: Final = 100_000

Reject = tuple[int, str, int, str | None, str, str]


def write_faults(connection: DuckDBPyConnection, query: str) -> set[str]:
    """Write down the rows that are refused and the cells that were lost, which the query finds; returns the columns
    with such cells."""
    connection.execute(f"create or replace temp table {FAULTS} as {query}")
    return {name for (name,) in connection.execute(f"select distinct unnest(bad) from {FAULTS}").fetchall()}


def mark_erased(connection: DuckDBPyConnection, records: list[int]) -> None:
    """Write down the rows of erased people, which were taken out of the stage."""
    connection.execute(
        f"insert into {FAULTS} (record, refused) select unnest($records), $reason",
        {"records": records, "reason": REASON},
    )


def write_rejects(
    connection: DuckDBPyConnection, load_id: int, export: OpenExport, cells: Cells, protection: Protection
) -> None:
    """Write all rejects of a file, in the order of its lines as far as they come from one reader."""
    rows = [*_refused(load_id, export, cells, protection)]
    last = 0
    while found := connection.execute(
        f"select record, line, start, length, refused_column, refused, bad from {FAULTS} "
        "where record > $last order by record limit $slice",
        {"last": last, "slice": _SLICE},
    ).fetchall():
        last = found[-1][0]
        places = {} if cells.placed else locate(export.file, cells.layout.data_line - 1, [row[0] for row in found])
        for record, line, start, length, column, reason, bad in found:
            place = (line, start, length) if cells.placed else places[record]
            raw = "" if reason == REASON else _raw(export, cells, protection, *place[1:])
            if reason is not None:
                rows.append((load_id, export.name, place[0], column, reason, raw))
                continue
            rows += [(load_id, export.name, place[0], name, f"{name} cannot be read", raw) for name in bad]
        _append(connection, rows)
        rows = []
    _append(connection, rows)


def _refused(load_id: int, export: OpenExport, cells: Cells, protection: Protection) -> Iterator[Reject]:
    for piece in cells.refused:
        raw = _raw(export, cells, protection, piece.start, piece.length)
        yield load_id, export.name, piece.line, None, piece.reason, raw


def _raw(export: OpenExport, cells: Cells, protection: Protection, start: int, length: int) -> str:
    """The text of a record as it stands in the file, without personal data, cut to a length."""
    data = os.pread(export.file.fileno(), min(length, 4 * RAW_LIMIT), start)
    text = decode(data, cells.encoding)[0].rstrip("\r\n")
    return (protection.text(text) if protection.mode == "mask" else text)[:RAW_LIMIT]


def _append(connection: DuckDBPyConnection, rows: list[Reject]) -> None:
    if not rows:
        return
    with connection.appender("rejects") as appender:
        for row in rows:
            appender.append_row(*row)


__all__ = ["FAULTS", "Refused", "write_faults", "write_rejects"]
