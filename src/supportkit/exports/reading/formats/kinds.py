"""Which format a file has, by what it holds and not by its name."""

from __future__ import annotations

import json
import zipfile
from itertools import islice
from typing import BinaryIO, Final

_LOOKED_AT: Final = 1 << 10
_LONGEST: Final = 8 << 20
_PARQUET: Final = b"PAR1"
_SQLITE: Final = b"SQLite format 3\x00"
_ZIP: Final = b"PK\x03\x04"
_MARK: Final = b"\xef\xbb\xbf"
_SHEETS: Final = b"application/vnd.oasis.opendocument.spreadsheet"


def kind_of(file: BinaryIO) -> str:
    """The name of a file's format in FORMATS; empty where it has none of them, as a CSV file or an archive of one."""
    file.seek(0)
    head = file.read(_LOOKED_AT)
    if head.startswith(_PARQUET):
        return "parquet"
    if head.startswith(_SQLITE):
        return "sqlite"
    if head.startswith(_ZIP):
        return _packed(file)
    text = head.removeprefix(_MARK).lstrip()
    if text[:1] == b"[":
        return "json" if text[1:].lstrip()[:1] in (b"{", b"]", b"[") else ""
    return _of_object(file, text) if text[:1] == b"{" else ""


def _of_object(file: BinaryIO, text: bytes) -> str:
    """A brace may begin a JSON file, its first line or a line of CSV: whether that line is an object decides, or where
    it is damaged two behind it."""
    file.seek(0)
    lines = (line for line in iter(lambda: file.readline(_LONGEST), b"") if line.strip())
    try:
        if _is_object(next(lines, b"")):
            return "ndjson" if next(lines, b"") else "json"
        if text[1:].lstrip()[:1] not in (b'"', b"}"):
            return ""
        behind = [*islice(lines, 2)]
        return "ndjson" if len(behind) == 2 and all(map(_is_object, behind)) else "json"
    finally:
        file.seek(0)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line.decode("utf-8-sig")), dict)
    except (ValueError, RecursionError):
        return False


def _packed(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" in names:
                return "xlsx"
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                return "ods" if archive.read("mimetype").startswith(_SHEETS) else ""
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        return ""  # of which the reader of archives says what is wrong
    finally:
        file.seek(0)
    return ""
