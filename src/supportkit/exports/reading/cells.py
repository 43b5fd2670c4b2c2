"""The cells of a file as a DuckDB relation of text columns, by the fast path or the careful one.

Both give the same: a scan over a CSV file with `width` text columns called c0, c1 and so on, its number of records, and
what was refused. The careful path writes the rows it accepts into a private file in one strict dialect, with each row's
line and place in the original; from there on there is one path.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import field
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

from supportkit.errors import DataError, NotAnExportError
from supportkit.exports.reading.byte_scan import Scan, scan
from supportkit.exports.reading.dialect import Broken, Layout, detect_layout, headless, stated_header
from supportkit.exports.reading.encodings import Encoding, detect_encoding, settled
from supportkit.exports.reading.files import OpenExport
from supportkit.exports.reading.header import broken_header
from supportkit.exports.reading.lines import MAX_LINE, Line, read_lines
from supportkit.exports.reading.records import Record, read_records
from supportkit.exports.reading.row_shape import OTHER_TABLE
from supportkit.exports.reading.spools import path_of, spool
from supportkit.exports.reading.writing import LAST_LINE, NOTHING_SAID, Writing
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CELLS: Final = "load_cells"
HEAD_LINES: Final = LAST_LINE
HEAD_BYTES: Final = 2 << 20
_WEB_PAGE: Final = re.compile(r"\ufeff?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
MAX_COLUMNS: Final = 1_000  # each is a property of every row, and more take minutes
SMALLEST_BUFFER: Final = 64 << 10
MAX_REFUSED: Final = 1_000_000
AT_ONCE: Final = 16 << 20
"""Bytes of a file that DuckDB reads while its signs are counted; of less nobody waits for the one or the other."""
_PLACES: Final = ", 'record': 'BIGINT', 'line': 'BIGINT', 'start': 'BIGINT', 'length': 'BIGINT'"


Progress = Callable[[int, int], None]


class Refused(NamedTuple):
    """A piece of the file that is not a row: its physical line, its bytes, and why; `text` where these are not in the
    file as CSV."""

    line: int
    start: int
    length: int
    reason: str
    text: bytes | None = None


@dataclass(frozen=True)
class Cells:
    """The rows of a file: `relation` is an SQL expression over columns c0…, with `parameters` to bind.

    `placed` says whether the relation also has the columns record, line, start and length of each row in the original;
    where it has not, rows are the records of the file from the first, and `scan.locate` finds a row's place. Lines that
    are `not_utf8` were read as best they can be; `lost` are those in which bytes could not.
    """

    layout: Layout
    encoding: Encoding
    relation: str
    parameters: dict[str, object]
    rows: int
    refused: list[Refused] = field(default_factory=list)
    blank: int = 0
    not_utf8: int = 0
    lost: int = 0
    placed: bool = False

    @property
    def read(self) -> int:
        """Records of the file: rows and refused ones."""
        return self.rows + len(self.refused)


def read_head(file: BinaryIO, encoding: Encoding) -> list[Line]:
    """The first lines of a file, enough to see its shape."""
    head: list[Line] = []
    for line in islice(read_lines(file, encoding), HEAD_LINES):
        if line.start > HEAD_BYTES:
            break
        head.append(line)
    return head


def find_layout(export: OpenExport, said: Writing = NOTHING_SAID) -> tuple[Encoding, Layout | None]:
    """How an export is written down, as far as it is not said; no layout where it has nothing but blank lines.

    Raises NotAnExportError where its header or not one of its lines can be read, or where it is no text.
    """
    if export.form:
        said = said._replace(encoding="utf-8", delimiter=",", quote='"')
    encoding = detect_encoding(export.file, said.encoding)
    head = read_head(export.file, encoding)
    if encoding.doubt and any(_CONTROL.search((line.text or "").replace("\ufffd", "")) for line in head):
        raise _no_text(export.name)
    _decided(export.name, encoding)
    _refuse_what_holds_no_table(export.name, head)
    layout = stated_header(head) if export.headed else detect_layout(head, said)
    read_on = [line for line in head if line.number >= said.first_line]
    broken = None if export.headed else broken_header(read_on, layout)
    if broken is not None and not _CONTROL.search(broken.text):
        if layout is None:
            raise unreadable_header(export.name, broken)
        layout = headless(layout, head, broken)
    filled = next((line for line in head if line.text is None or line.text.strip("\ufeff\x1a \t\r\n")), None)
    if layout is None and filled is not None:
        raise NotAnExportError(
            f"{export.name}: no line of it can be read as a row of a table", hint="export it as CSV and load that"
        )
    if layout is not None and (fault := _fault_of_header(head, layout)):
        raise NotAnExportError(
            f"{export.name}: {fault}", hint="say another --encoding, or leave it out: it is then found out"
        )
    if layout is not None and any(_CONTROL.search(name) for name in layout.names):
        raise _no_text(export.name)
    if layout is not None and layout.width > MAX_COLUMNS:
        raise DataError(
            f"{export.name}: has {layout.width:,} columns, and at most {MAX_COLUMNS:,} are read",
            hint="export it without the columns that nobody asks about",
        )
    return encoding, layout


def other_header(export: OpenExport, layout: Layout, encoding: Encoding) -> int | None:
    """The line of the first row that is the header of another table; None where there is none among the first."""
    lines = (line for line in read_head(export.file, encoding) if line.number >= layout.data_line)
    records = read_records(lines, layout.dialect, layout.shape)
    return next((record.line for record in records if record.reason == OTHER_TABLE), None)


def _refuse_what_holds_no_table(name: str, head: list[Line]) -> None:
    """Raise NotAnExportError for a web page, and for a file whose bytes were never written."""
    texts = [line.text for line in head if line.text and line.text.strip("\ufeff \t\r\n")]
    if texts and all(not text.strip("\ufeff\x00 \t\r\n") for text in texts):
        raise NotAnExportError(f"{name}: holds zero bytes alone", hint="it was not written whole: export it again")
    if texts and _WEB_PAGE.match(texts[0]):
        hint = "it may say that you are to log in: look at it, and export it as CSV"
        raise NotAnExportError(f"{name}: is a web page", hint=hint)


def _fault_of_header(head: list[Line], layout: Layout) -> str:
    """Which byte of the header is none of the encoding that was said; empty where all are."""
    lines = (line for line in head if layout.headers and layout.header_line <= line.number < layout.data_line)
    return next((line.fault_in_file for line in lines if line.fault), "")


def _no_text(name: str) -> NotAnExportError:
    return NotAnExportError(f"{name}: is no text file", hint="export it as CSV and load that")


def unreadable_header(name: str, broken: Broken) -> NotAnExportError:
    """That a file's header cannot be read, with its place and what to do."""
    if "quote" not in broken.reason:
        return NotAnExportError(
            f"{name}, line {broken.line}: the header cannot be read: {broken.reason}",
            hint="put a name for each cell of the rows in that line, or say how it is meant: --header N, --delimiter",
        )
    return NotAnExportError(
        f"{name}, line {broken.line}, column {broken.column}: the header cannot be read: {broken.reason}",
        hint="in a quoted name write a quote as two, or take the quotes out of that line, and load it again",
    )


@contextmanager
def read_cells(
    connection: DuckDBPyConnection,
    export: OpenExport,
    encoding: Encoding,
    layout: Layout,
    progress: Progress | None = None,
    *,
    kept: bool = False,
) -> Iterator[Cells]:
    """The cells of an export; `progress` is told the bytes and rows read so far.

    With `kept` they are read but once, into a table, which wants a connection without a transaction.
    """
    fast = _fast(connection, export, encoding, layout, progress, kept=kept)
    if fast is not None:
        yield fast
        return
    encoding = _decided(export.name, settled(export.file, encoding))
    with spool() as clean:
        yield _careful(connection, export, encoding, layout, clean, progress)


def _decided(name: str, encoding: Encoding) -> Encoding:
    """An encoding that is known. Raises DataError where the letters of a file do not decide it."""
    if encoding.doubt:
        first, *others = encoding.doubt
        raise DataError(
            f"{name}: is no UTF-8, and its letters may be those of {first} or {' or '.join(others)}",
            hint=f"say which: --encoding {first} (with --dry-run it shows the texts), or export it as UTF-8",
        )
    return encoding


def _fast(
    connection: DuckDBPyConnection,
    export: OpenExport,
    encoding: Encoding,
    layout: Layout,
    progress: Progress | None,
    *,
    kept: bool,
) -> Cells | None:
    """DuckDB's own reader, strict; believed only where its count is the scan's. None where it is not to be used."""
    from supportkit.system.duckdb_engine import duckdb

    dialect = layout.dialect
    if encoding.name != "utf-8" or encoding.end != b"\n" or not layout.simple or layout.width < 2:
        return None
    if dialect.quote != '"' or dialect.escape or dialect.is_blank or layout.surplus:
        return None
    relation, parameters = _relation(export.path, dialect.delimiter, layout.width, layout.data_line - 1, export.size)

    def scanned() -> Scan:
        return scan(export.file, layout.data_line - 1, dialect.delimiter, progress)

    try:
        if not kept and export.size >= AT_ONCE:
            seen, found = _read_while_scanned(connection, scanned, relation, parameters, layout)
        else:
            seen = scanned()
            if kept and seen.is_table:
                connection.execute(f"create or replace temp table {CELLS} as from {relation}", parameters)
                relation, parameters = CELLS, {}
            found = _read(connection, relation, parameters, layout, apart=not kept) if seen.is_table else None
    except duckdb.Error:
        return None
    if found is None or not found.holds_all(seen, layout):
        return None
    return Cells(layout, encoding, relation, parameters, seen.records, [*_unread(export), *_refused(layout.above)])


def _read_while_scanned(
    connection: DuckDBPyConnection,
    scanned: Callable[[], Scan],
    relation: str,
    parameters: dict[str, object],
    layout: Layout,
) -> tuple[Scan, Found | None]:
    """Both at once, since the scan keeps one core busy; what DuckDB finds is dropped where that says it is no table."""
    from concurrent.futures import ThreadPoolExecutor

    with connection.cursor() as apart, ThreadPoolExecutor(1) as beside:
        reading = beside.submit(_read, apart, relation, parameters, layout)
        try:
            seen = scanned()
            if seen.is_table:
                return seen, reading.result()
        except BaseException:
            apart.interrupt()
            raise
        apart.interrupt()
        return seen, None


class Found(NamedTuple):
    """What DuckDB read of a file: its rows, the bytes in their cells, and how many may be blank, the header again, or
    another table's, with letters in every column of figures and no digit in the first cell."""

    rows: int
    content: int
    odd: int

    def holds_all(self, seen: Scan, layout: Layout) -> bool:
        """Whether the rows are as many as the records, and their cells with the signs between them are the file's
        bytes; and none of them may be blank, or a header."""
        size = self.content + self.rows * (layout.width - 1) + seen.signs
        return not self.odd and self.rows == seen.records and size == seen.size


def _read(
    connection: DuckDBPyConnection, relation: str, parameters: dict[str, object], layout: Layout, *, apart: bool = False
) -> Found:
    """What DuckDB reads of a relation; `apart` from the connection's transaction, which an error would abort."""
    text = " + ".join(f"coalesce(strlen(c{place}), 0)" for place in range(layout.width))
    odd = f"({' and '.join(f'c{place} is null' for place in range(layout.width))})"
    if layout.headers:
        parameters = {**parameters, "header": layout.headers[0][0]}
        odd += " or c0 = $header"
    if layout.headers and layout.figures:
        lettered = " and ".join(f"c{place} >= 'A'" for place in sorted(layout.figures))
        odd += f" or ({lettered} and not regexp_matches(coalesce(c0, ''), '[0-9]'))"
    query = f"select count(*), coalesce(sum({text}), 0), count(*) filter ({odd}) from {relation}"
    with connection.cursor() if apart else nullcontext(connection) as asked:
        return Found(*(int(number) for number in asked.execute(query, parameters).fetchall()[0]))


def _refused(records: Iterable[Record]) -> list[Refused]:
    return [Refused(record.line, record.start, record.length, record.reason) for record in records]


def _unread(export: OpenExport) -> list[Refused]:
    return [Refused(one.line, 0, 0, one.reason, one.text) for one in export.unread if one.reason]


def _relation(
    path: str, delimiter: str, width: int, skip: int, size: int, *, placed: bool = False
) -> tuple[str, dict[str, object]]:
    """A file of some bytes as DuckDB reads it; a `placed` one is ours, in which a line ends in a newline whatever its
    cells hold. The reader takes its buffers at once, so that a small file gets small ones."""
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width)) + (_PLACES if placed else "")
    longest = min(4 * MAX_LINE if placed else MAX_LINE, max(size, SMALLEST_BUFFER))
    relation = (
        f"read_csv($file, delim = $delimiter, skip = {skip}, columns = {{{columns}}}, header = false, "
        "auto_detect = false, quote = '\"', escape = '\"', strict_mode = true, null_padding = false, "
        f"ignore_errors = false, max_line_size = {longest}, buffer_size = {2 * longest}, compression = 'none'"
        + (", new_line = '\\n')" if placed else ")")
    )
    return relation, {"file": path, "delimiter": delimiter}


def _careful(
    connection: DuckDBPyConnection,
    export: OpenExport,
    encoding: Encoding,
    layout: Layout,
    clean: BinaryIO,
    progress: Progress | None,
) -> Cells:
    """Tokenise every line and write the accepted rows as strict CSV, with their places."""
    foreign = lost = 0

    def counted() -> Iterator[Line]:
        nonlocal foreign, lost
        for line in read_lines(export.file, encoding):
            if line.foreign and not line.fault:
                foreign, lost = foreign + (not line.is_damaged), lost + line.is_damaged
            if line.number >= layout.data_line:
                yield line

    text = io.TextIOWrapper(clean, "utf-8", newline="", write_through=False, errors="replace")
    write = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
    refused = _refused(layout.above)
    rows = blank = 0
    for record in read_records(counted(), layout.dialect, layout.shape):
        if record.kind == "row":
            rows += 1
            write((*record.cells, rows + len(refused), record.line, record.start, record.length))
            if progress is not None and rows % 10_000 == 0:
                progress(record.start, rows)
        elif record.kind == "blank":
            blank += 1
        else:
            refused += _refused([record])
            if len(refused) > MAX_REFUSED:
                raise DataError(
                    f"{export.name}: more than {MAX_REFUSED:,} damaged lines; the first is line {refused[0].line}: "
                    f"{refused[0].reason}",
                    hint="this is not a table that can be read",
                )
    text.flush()
    text.detach()
    relation, parameters = _relation(path_of(clean), ",", layout.width, 0, clean.seek(0, 2), placed=True)
    if rows:
        found = connection.execute(f"select count(*) from {relation}", parameters).fetchone()
        assert found is not None
        assert found[0] == rows, f"{export.name}: {rows} rows written and {found[0]} read"
    refused = [*_unread(export), *refused]
    return Cells(layout, encoding, relation, parameters, rows, refused, blank, foreign, lost, placed=True)
