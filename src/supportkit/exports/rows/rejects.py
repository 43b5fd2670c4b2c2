"""What was refused and which cells could not be read: with line, reason and the masked text of the record."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from supportkit.exports.reading.byte_scan import locate
from supportkit.exports.reading.cells import Cells, Refused
from supportkit.exports.reading.files import OpenExport
from supportkit.exports.reading.lines import decode, read_lines
from supportkit.exports.reading.records import read_records
from supportkit.exports.rows.settings import ROUNDED
from supportkit.result import counted as told_of
from supportkit.store.rejected import ERASED, NOT_KEPT
from supportkit.system.machine import read_at

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.exports.rows.raw import Treatment

FAULTS: Final = "load_faults"
_SLICE: Final = 100_000

Reject = tuple[int, str, int, str | None, str, str]


def write_faults(connection: DuckDBPyConnection, query: str) -> set[str]:
    """Write down the rows that are refused and the cells that were lost, which the query finds; returns the columns
    with such cells."""
    connection.execute(f"create or replace temp table {FAULTS} as {query}")
    return {name for (name,) in connection.execute(f"select distinct unnest(bad) from {FAULTS}").fetchall()}


def count_rounded(connection: DuckDBPyConnection, names: Collection[str]) -> dict[str, int]:
    """How many cells have more decimals than are stored, by column; these are taken out of the faults."""
    if not any(name.endswith(ROUNDED) for name in names):
        return {}
    counted = connection.execute(
        f"select which, count(*) from (select unnest(bad) as which from {FAULTS}) where ends_with(which, $end) "
        "group by which order by which",
        {"end": ROUNDED},
    ).fetchall()
    connection.execute(
        f"update {FAULTS} set bad = nullif([one for one in bad if not ends_with(one, $end)], [])", {"end": ROUNDED}
    )
    connection.execute(f"delete from {FAULTS} where refused is null and bad is null")
    return dict(counted)


MORE, TO = "more than four decimals", "rounded to four"


def rounded_notes(rounded: Mapping[str, int]) -> tuple[str, ...]:
    """That cells are stored with four decimals, in words."""
    return tuple(
        told_of(
            count, f"{{n}} cell of {name} has {MORE}, and is {TO}", f"{{n}} cells of {name} have {MORE}, and are {TO}"
        )
        for name, count in ((name.removesuffix(ROUNDED), count) for name, count in rounded.items())
    )


def reject_erased(connection: DuckDBPyConnection, records: list[int]) -> None:
    """Write down the rows of erased people, which were taken out of the stage."""
    connection.execute(
        f"insert into {FAULTS} (record, refused) select unnest($records), $reason",
        {"records": records, "reason": ERASED},
    )


def left_out_rows(connection: DuckDBPyConnection, query: str = FAULTS, parameters: object = None) -> int:
    """How many of the refused rows are no faults: those that a condition leaves out, and those of erased people."""
    unwanted = f"starts_with(refused, '{NOT_KEPT}') or refused = '{ERASED}'"
    found = connection.execute(f"select count(*) filter (where {unwanted}) from {query}", parameters)
    return int(found.fetchall()[0][0])


def unread_cells(connection: DuckDBPyConnection) -> tuple[str, ...]:
    """For each column how many cells of rows that are loaded were lost: figures take them for empty ones."""
    found = connection.execute(
        f"select name, count(*) from (select unnest(bad) as name from {FAULTS} where refused is null) "
        "group by name order by name"
    ).fetchall()
    return tuple(
        f"{name}: {count:,} {'cells' if count > 1 else 'cell'} cannot be read, left empty: "
        "supportkit rejects has the rows"
        for name, count in found
    )


def write_rejects(
    connection: DuckDBPyConnection, load_id: int, export: OpenExport, cells: Cells, treatment: Treatment
) -> None:
    """Write all rejects of a file, in the order of its lines as far as they come from one reader."""
    rows = [*_refused(load_id, export, cells, treatment)]
    last = 0
    while found := connection.execute(
        f"select record, refused_column, refused, bad from {FAULTS} where record > $last order by record limit $slice",
        {"last": last, "slice": _SLICE},
    ).fetchall():
        last = found[-1][0]
        places = _places(connection, export, cells, [row[0] for row in found])
        for record, column, reason, bad in found:
            line, start, length = places[record]
            line = export.line_of(record, line)
            unread = bad or ([column] if column and reason and reason.startswith(f"{column} ") else [])
            raw = "" if reason == ERASED else _raw(export, cells, treatment, (start, length), unread)
            if reason is not None:
                rows.append((load_id, export.name, line, column, reason, raw))
                continue
            rows += [(load_id, export.name, line, name, f"{name} cannot be read", raw) for name in bad]
        _append(connection, rows)
        rows = []
    _append(connection, rows)


def _places(
    connection: DuckDBPyConnection, export: OpenExport, cells: Cells, records: list[int]
) -> dict[int, tuple[int, int, int]]:
    """The physical line, first byte and length of records, whose numbers are given."""
    if not cells.placed:
        return locate(export.file, cells.layout.data_line - 1, records)
    found = connection.execute(
        f"select record, line, start, length from {cells.relation} where record in (select unnest($records))",
        {**cells.parameters, "records": records},
    ).fetchall()
    return {record: (line, start, length) for record, line, start, length in found}


def _refused(load_id: int, export: OpenExport, cells: Cells, treatment: Treatment) -> Iterator[Reject]:
    from supportkit.exports.rows.raw import EXAMINED

    for piece in cells.refused:
        text = piece.text
        if text is None:
            text = _bytes(export, piece.start, min(piece.length, 4 * EXAMINED))
        raw = treatment.at_its_strictest(decode(text, cells.encoding)[0].rstrip("\r\n"))
        yield load_id, export.name, piece.line, None, piece.reason, raw


def _raw(
    export: OpenExport, cells: Cells, treatment: Treatment, place: tuple[int, int], unread: Collection[str]
) -> str:
    """The text of a record that has its cells, as it may be kept; `unread` are the columns that could not be read."""
    lines = [*read_lines(io.BytesIO(_bytes(export, *place)), cells.encoding._replace(mark=0))]
    text = "".join(line.text or "" for line in lines).rstrip("\r\n")
    record = next(read_records(iter(lines), cells.layout.dialect, cells.layout.shape), None)
    if record is None or record.kind != "row":
        return treatment.at_its_strictest(text)
    return treatment.by_header(text, record.cells, unread)


def _bytes(export: OpenExport, start: int, length: int) -> bytes:
    return read_at(export.file, start, length)


def _append(connection: DuckDBPyConnection, rows: list[Reject]) -> None:
    if not rows:
        return
    with connection.appender("rejects") as appender:
        for row in rows:
            appender.append_row(*row)


__all__ = ["FAULTS", "Refused", "write_faults", "write_rejects"]
