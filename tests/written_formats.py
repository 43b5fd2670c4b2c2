"""The same tickets written as CSV, workbook, JSON, Parquet and SQLite, as other programs write them."""

from __future__ import annotations

import csv
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

HEADER = [
    "ticket_id", "created_at", "solved_at", "customer_id", "channel", "status", "priority", "subject", "category",
    "cost", "is_complaint", "shelf",
]  # fmt: skip
Row = Sequence[Any]
SUBJECTS = ('Where is "it"?', "Не пришёл заказ", "a, b; c", "two\nlines")


def tickets(count: int) -> list[Row]:
    """Tickets with times, texts, figures, truths and gaps; the same ones each time."""
    made: list[Row] = []
    for n in range(count):
        created = datetime(2026, 1, 1, 8) + timedelta(minutes=17 * n, seconds=n % 60)
        solved = created + timedelta(hours=1 + n % 50) if n % 7 else None
        kind = ("email", "chat")[n % 2], "solved" if solved else "open", ("low", "high", "urgent")[n % 3]
        text = SUBJECTS[n % 4], "ABC"[n % 3]
        made.append(
            (f"T{n:05d}", created, solved, f"u{n % 400}@x.example", *kind, *text, round(n * 1.1, 4), bool(n % 3), n)
        )
    return made


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value


def _plain(value: Any) -> Any:
    return value.isoformat(" ") if isinstance(value, datetime) else value


def write_text(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, delimiter="\t" if path.suffix == ".tsv" else ",", lineterminator="\n")
        write.writerow(HEADER)
        write.writerows([_text(value) for value in row] for row in rows)


def write_json(path: Path, rows: Iterable[Row]) -> None:
    items = [dict(zip(HEADER, map(_plain, row), strict=True)) for row in rows]
    text = json.dumps(items) if path.suffix == ".json" else "".join(f"{json.dumps(item)}\n" for item in items)
    path.write_text(text, encoding="utf-8")


def write_xlsx(path: Path, rows: Iterable[Row], *, options: dict[str, Any] | None = None) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), options or {}) as book:
        sheet, dates = book.add_worksheet("Tickets"), book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        for place, row in enumerate([HEADER, *rows]):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(place, column, value, dates)
                elif value is not None:
                    sheet.write(place, column, value)


def write_ods(path: Path, rows: Iterable[Row]) -> None:
    table = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in (HEADER, *rows))
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Tickets">{table}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", MANIFEST)


MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def _cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, bool):
        kind = f'boolean" office:boolean-value="{str(value).lower()}'
    elif isinstance(value, int | float):
        kind = f'float" office:value="{value!r}'
    elif isinstance(value, datetime):
        kind = f'date" office:date-value="{value.isoformat()}'
    else:
        kind = "string"
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    return f'<table:table-cell office:value-type="{kind}">{lines}</table:table-cell>'


def write_parquet(path: Path, rows: Iterable[Row]) -> None:
    import duckdb

    kinds = ["varchar", "timestamp", "timestamp", *["varchar"] * 6, "double", "boolean", "bigint"]
    columns = ", ".join(f"{name} {kind}" for name, kind in zip(HEADER, kinds, strict=True))
    with duckdb.connect() as connection:
        connection.execute(f"create table t ({columns})")
        with connection.appender("t") as appender:
            for row in rows:
                appender.append_row(*row)
        connection.execute("copy t to $file (format parquet)", {"file": str(path)})


def write_sqlite(path: Path, rows: Iterable[Row]) -> None:
    with sqlite3.connect(path) as database:
        database.execute(f"create table tickets ({', '.join(HEADER)})")
        database.executemany(
            f"insert into tickets values ({', '.join('?' * len(HEADER))})", [[_plain(v) for v in row] for row in rows]
        )
    database.close()


WRITERS: dict[str, Callable[[Path, Iterable[Row]], None]] = {
    "csv": write_text,
    "tsv": write_text,
    "json": write_json,
    "ndjson": write_json,
    "xlsx": write_xlsx,
    "ods": write_ods,
    "parquet": write_parquet,
    "sqlite": write_sqlite,
}
