"""Loading files into an open database: every record read is loaded, updates a row, is unchanged, or is rejected."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from supportkit.errors import DataError, UsageError, unknown
from supportkit.exports.masking import mask_text
from supportkit.exports.merging import merge
from supportkit.exports.privacy import protect
from supportkit.exports.pseudonyms import Key, Privacy, derived_key, given_key
from supportkit.exports.suppression import REASON, refuse_erased
from supportkit.store.schema import PROVENANCE, TABLES, Field, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RAW_LIMIT = 2_000


@dataclass(frozen=True)
class LoadOptions:
    """How files are to be read."""

    table: str | None = None
    source: str | None = None
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    map: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"
    currency: str | None = None
    privacy: Privacy = "mask"
    key: Key | None = None
    only: frozenset[str] | None = None
    loaded_at: datetime | None = None


@dataclass(frozen=True)
class Loaded:
    """What became of one file: read = loaded + updated + unchanged + rejected."""

    file: str
    table: str
    source: str
    read: int
    loaded: int
    updated: int
    unchanged: int
    rejected: int
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Reject:
    line: int
    column: str | None
    reason: str
    raw: str


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files that paths name: files as they are, folders by their CSVs, in order of name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in (".csv", ".tsv", ".txt") and p.is_file())
            if not inside:
                raise DataError(f"{path}: there is no CSV file in this folder", hint="name a folder with exports in it")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise DataError(f"{path}: there is no such file", hint="check the spelling, or give a folder")
    return found


def load(connection: DuckDBPyConnection, paths: Iterable[Path], options: LoadOptions) -> list[Loaded]:
    """Load files into a database in one transaction. Raises DataError for a file that is no known table."""
    outcome = []
    when = options.loaded_at or datetime.now(UTC)
    found = find_files(paths)
    if options.key is None:
        options = replace(options, key=given_key() or derived_key(_sha256(path) for path in found))
    connection.execute("begin")
    for path in found:
        done = _load_file(connection, path, options, when)
        if done is not None:
            outcome.append(done)
    connection.execute("commit")
    return outcome


def _load_file(connection: DuckDBPyConnection, path: Path, options: LoadOptions, when: datetime) -> Loaded | None:
    start = perf_counter()
    content = path.read_bytes()
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"), newline=""))
    csv.field_size_limit(1 << 27)
    header = next(reader, [])
    table, columns = _recognise(path, header, options)
    if options.only is not None and table.name not in options.only:
        return None
    source = options.source or "supportkit"
    sha256 = hashlib.sha256(content).hexdigest()
    row = connection.execute("select coalesce(max(load_id), 0) + 1 from loads").fetchone()
    load_id = row[0] if row else 1
    rejects: list[_Reject] = []
    seen: Counter[str] = Counter()
    extra = [name for name in header if name not in columns.values() and name]
    read = rejected = 0
    rows = []
    for line, cells in _records(reader):
        read += 1
        typed = _row(table, columns, header, cells, line, options, rejects)
        if typed is None:
            rejected += 1
            continue
        properties = {name: cells[header.index(name)] for name in extra if cells[header.index(name)]}
        digest = hashlib.blake2b(repr((typed, sorted(properties.items()))).encode(), digest_size=16).hexdigest()
        seen[digest] += 1
        stored = json.dumps(properties, ensure_ascii=False, sort_keys=True) if properties else None
        rows.append((*typed, source, path.name, read, stored, when, digest, seen[digest]))
    erased, (loaded, updated, unchanged) = _store(connection, table, rows, options)
    rejected += len(erased)
    rejects += [_Reject(number + 1, None, REASON, "") for number in erased]
    _ledger(connection, load_id, path, table, source, sha256, (read, loaded, updated, unchanged, rejected), when)
    for reject in rejects:
        connection.execute(
            "insert into rejects values ($id, $file, $line, $column, $reason, $raw)",
            {"id": load_id, "file": path.name, "line": reject.line, "column": reject.column}
            | {"reason": _masked(reject.reason, options), "raw": _masked(reject.raw, options)[:RAW_LIMIT]},
        )
    for name in extra:
        connection.execute(
            "insert into property_names select $table, $name where not exists "
            "(from property_names where table_name = $table and name = $name)",
            {"table": table.name, "name": name},
        )
    seconds = perf_counter() - start
    return Loaded(path.name, table.name, source, read, loaded, updated, unchanged, rejected, seconds)


def _records(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    line = reader.line_num + 1  # type: ignore[attr-defined]
    for cells in reader:
        if cells:
            yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _recognise(path: Path, header: list[str], options: LoadOptions) -> tuple[Table, dict[str, str]]:
    """The table of a file and its map from our columns to its headers."""
    names = {name.strip().lower(): name for name in header}
    candidates = [TABLES[options.table]] if options.table in TABLES else list(TABLES.values())
    if options.table and options.table not in TABLES:
        raise unknown("table", options.table, TABLES)
    best: tuple[int, Table, dict[str, str]] | None = None
    for table in candidates:
        wanted = {**options.columns.get(table.name, {}), **options.map}
        for ours in options.map:
            if options.table and ours not in table.names:
                raise unknown(f"column of {table.name}", ours, table.names)
        columns = {name: names[name] for name in table.names if name in names}
        for ours, theirs in wanted.items():
            if ours in table.names and theirs in header:
                columns[ours] = theirs
            elif ours in table.names and options.table:
                raise UsageError(f"{path}: no column {theirs!r} to map", hint=f"it has {', '.join(header)}")
        if all(field.name in columns for field in table.fields if field.required) and (
            best is None or len(columns) > best[0]
        ):
            best = (len(columns), table, columns)
    if best is None:
        missing = ""
        if options.table:
            lacking = [f.name for f in candidates[0].fields if f.required and f.name not in names]
            missing = f" for {options.table}: missing {', '.join(lacking)}"
        raise DataError(
            f"{path}: not recognised{missing}; it has the columns {', '.join(header) or '(none)'}",
            hint="say --as tickets and --map ours=theirs",
        )
    return best[1], best[2]


def _row(
    table: Table,
    columns: Mapping[str, str],
    header: list[str],
    cells: list[str],
    line: int,
    options: LoadOptions,
    rejects: list[_Reject],
) -> tuple[Any, ...] | None:
    """The typed row; None where it is rejected. A cell that cannot be read is null, and told."""
    raw = ",".join(cells)
    if len(cells) != len(header):
        rejects.append(_Reject(line, None, f"{len(cells)} fields where the header has {len(header)}", raw))
        return None
    given = {ours: cells[header.index(theirs)].strip() for ours, theirs in columns.items()}
    values: list[Any] = []
    for column in table.fields:
        text = given.get(column.name, "")
        value = None
        if text:
            try:
                value = _typed(column, text, options)
            except (ValueError, InvalidOperation):
                rejects.append(_Reject(line, column.name, f"cannot read {text[:80]!r} as {column.type}", raw))
                if column.required:
                    return None
        elif column.required:
            rejects.append(_Reject(line, column.name, f"{column.name} is empty", raw))
            return None
        values.append(value)
    if table.name == "orders" and not values[table.names.index("currency")]:
        values[table.names.index("currency")] = options.currency
    if table.name == "messages" and values[table.names.index("public")] is None:
        values[table.names.index("public")] = True
    if table.name == "surveys" and not _answered_or_invited(table, values):
        rejects.append(_Reject(line, "responded_at", "neither answered (score and responded_at) nor invited_at", raw))
        return None
    return tuple(values)


def _answered_or_invited(table: Table, values: list[Any]) -> bool:
    score, responded, invited = (values[table.names.index(name)] for name in ("score", "responded_at", "invited_at"))
    return invited is not None or (score is not None and responded is not None)


def _typed(column: Field, text: str, options: LoadOptions) -> Any:
    if column.type == "timestamptz":
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(options.zone))).astimezone(UTC)
    if column.type.startswith("decimal"):
        return Decimal(text).quantize(Decimal("0.0001"))
    if column.type == "bigint":
        return int(Decimal(text))
    if column.type == "double":
        return float(text)
    if column.type == "boolean":
        known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        if text.lower() not in known:
            raise ValueError(text)
        return known[text.lower()]
    if column.type == "varchar[]":
        return [tag.strip() for tag in text.replace(";", ",").split(",") if tag.strip()]
    return text


def _masked(text: str, options: LoadOptions) -> str:
    return mask_text(text)[0] if options.privacy == "mask" else text


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _store(
    connection: DuckDBPyConnection, table: Table, rows: list[tuple[Any, ...]], options: LoadOptions
) -> tuple[list[int], tuple[int, int, int]]:
    columns = ", ".join((*table.names, *PROVENANCE))
    connection.execute(f"create or replace temp table stage as select {columns} from main.{table.name} limit 0")
    with connection.appender("stage") as appender:
        for row in rows:
            appender.append_row(*row)
    assert options.key is not None
    protect(connection, table, "stage", key=options.key, privacy=options.privacy)
    erased = refuse_erased(connection, table, "stage", options.key)
    counts = merge(connection, table, "stage")
    connection.execute("drop table stage")
    return erased, counts


def _ledger(
    connection: DuckDBPyConnection,
    load_id: int,
    path: Path,
    table: Table,
    source: str,
    sha256: str,
    counts: tuple[int, int, int, int, int],
    when: datetime,
) -> None:
    read, loaded, updated, unchanged, rejected = counts
    assert read == loaded + updated + unchanged + rejected, f"{path}: {counts} do not add up"
    connection.execute(
        "insert into loads values ($id, $file, $table, $source, $sha256, $read, $loaded, $updated, $unchanged, "
        "$rejected, $when)",
        {"id": load_id, "file": path.name, "table": table.name, "source": source, "sha256": sha256}
        | {"read": read, "loaded": loaded, "updated": updated, "unchanged": unchanged, "rejected": rejected}
        | {"when": when},
    )
