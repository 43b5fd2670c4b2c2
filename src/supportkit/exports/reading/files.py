"""A file opened once: what it is by its first bytes, unpacked with its end checked, as CSV, and its fingerprint.

A packed file (gzip, zstd, zip with one member) and standard input are unpacked into a private file without a name, so
that nothing is left behind whatever happens. Checksums and ends are checked while unpacking: a truncated or damaged
archive is refused, never half read.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, BinaryIO, Final, Protocol, cast

from supportkit.errors import DataError, NotAnExportError
from supportkit.exports.reading.formats import BY_LINE, FORMATS, Source, Unread
from supportkit.exports.reading.formats.kinds import kind_of
from supportkit.exports.reading.found_files import in_utf8
from supportkit.exports.reading.spools import CHUNK, NO_ROOM, path_of, spool
from supportkit.system.machine import NO_WAITING, QUIET_OPEN
from supportkit.system.named import NamedTuple

MAX_UNPACKED: Final = 4 << 30
MAX_SHEETS: Final = 1 << 30
"""Bytes that a workbook may unpack to: its cells are held in memory."""
MAX_RATIO: Final = 200
RATIO_APPLIES_FROM: Final = 64 << 20

_SIGNATURES: Final = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_FOREIGN: Final = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook, or one with a password"),
    (b"%PDF-", "a PDF document"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
)
_AS_CSV: Final = "save or unpack it as CSV and load that"


@dataclass(frozen=True)
class Limits:
    """How far an archive may grow: bytes, and bytes for each packed byte."""

    unpacked: int = MAX_UNPACKED
    ratio: int = MAX_RATIO


class OpenExport(NamedTuple):
    """An export ready to be read: `file` gives its bytes, unpacked and as CSV, `path` is where another reader finds the
    same. `form` is the format that it had, where it was no CSV; `headed` says that its first line is the header;
    `rounded` how many cells of which column a spreadsheet has rounded, `unread` which of its lines are no rows."""

    name: str
    file: BinaryIO
    path: str
    size: int
    sha256: str
    packing: str = ""
    form: str = ""
    headed: bool = False
    rounded: Mapping[int, int] = MappingProxyType({})
    unread: tuple[Unread, ...] = ()

    def line_of(self, record: int, line: int) -> int:
        """The line of the file on which a record stands, whose `line` in the CSV is known."""
        if self.form != BY_LINE:
            return line
        for one in self.unread:
            if one.line > record:
                break
            record += 1
        return record


class _Reader(Protocol):
    def read(self, size: int, /) -> bytes: ...


@contextmanager
def open_export(
    path: Path, *, limits: Limits = Limits(), name: str | None = None, sheet: str | None = None, usual_sheet: str = ""
) -> Iterator[OpenExport]:
    """Open a regular file, or standard input for `-`; of a file with several tables the `sheet` named, else the usual.

    Raises DataError where it cannot be read or changes meanwhile.
    """
    shown = in_utf8(name or str(path))
    if str(path) == "-":
        with spool() as file:
            _copy(sys.stdin.buffer, file, shown, None)
            with _opened("standard input" if name is None else name, file, limits, sheet, usual_sheet) as export:
                yield export
        return
    with _open_regular(path, shown) as file:
        before = os.fstat(file.fileno())
        known = str(path) if path.is_file() and in_utf8(str(path)) == str(path) else None
        with _opened(shown, file, limits, sheet, usual_sheet, known) as export:
            yield export
        after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise DataError(f"{shown}: changed while it was read", hint="load it again once it is written")


@contextmanager
def _open_regular(path: Path, shown: str) -> Iterator[BinaryIO]:
    """A file, behind its links; what a pipe holds, as of `<(…)`, as a file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | NO_WAITING | QUIET_OPEN)
    except OSError as error:
        if path.is_symlink():
            raise NotAnExportError(
                f"{shown}: is a symbolic link that leads to no file", hint=f"it names {os.path.realpath(path)}"
            ) from error
        if isinstance(error, FileNotFoundError):
            raise DataError(f"{shown}: there is no such file", hint="check the path") from error
        raise DataError(f"{shown}: cannot be opened: {error.strerror}", hint="check its permissions") from error
    found = os.fstat(descriptor)
    if stat.S_ISFIFO(found.st_mode):
        yield _of_pipe(descriptor, (found.st_dev, found.st_ino), shown)
        return
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise NotAnExportError(f"{shown}: is not a regular file", hint="name a file, a folder or a pipe")
    with os.fdopen(descriptor, "rb", buffering=CHUNK) as file:
        yield file


_PIPES: Final[dict[tuple[int, int], tuple[int, BinaryIO]]] = {}
"""What pipes held, which can be read but once; their descriptors stay open, or others would get their numbers."""


def _of_pipe(descriptor: int, pipe: tuple[int, int], shown: str) -> BinaryIO:
    """What a pipe holds. Raises NotAnExportError where that is nothing, as where nobody writes to it."""
    if pipe in _PIPES:
        os.close(descriptor)
        _PIPES[pipe][1].seek(0)
        return _PIPES[pipe][1]
    begun = b""
    with suppress(BlockingIOError):  # somebody writes to it, and has not begun
        begun = os.read(descriptor, CHUNK)
        if not begun:
            os.close(descriptor)
            raise NotAnExportError(f"{shown}: is a pipe that holds nothing", hint="name a file, or write to it first")
    if sys.platform != "win32":
        os.set_blocking(descriptor, True)
    file = cast(BinaryIO, tempfile.TemporaryFile(buffering=CHUNK))  # noqa: SIM115  # as long as its pipe is known
    file.write(begun)
    with os.fdopen(os.dup(descriptor), "rb") as source:
        _copy(source, file, shown, None)
    _PIPES[pipe] = descriptor, file
    file.seek(0)
    return file


def digest_of(path: Path) -> str:
    """The fingerprint of a regular file. Raises DataError where it cannot be read."""
    with _open_regular(path, str(path)) as file:
        return hashlib.file_digest(cast(Any, file), "sha256").hexdigest()


@contextmanager
def _opened(
    shown: str, file: BinaryIO, limits: Limits, sheet: str | None, usual: str, path: str | None = None
) -> Iterator[OpenExport]:
    file.seek(0)
    head = file.read(64)
    for signature, what in _FOREIGN:
        if head.startswith(signature):
            raise NotAnExportError(f"{shown}: is {what}, not a CSV file", hint=_AS_CSV)
    form = kind_of(file)
    packing = "" if form else next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), "")
    file.seek(0)
    sha256 = hashlib.file_digest(cast(Any, file), "sha256").hexdigest()
    export = OpenExport(shown, file, path or path_of(file), os.fstat(file.fileno()).st_size, sha256, packing, form)
    file.seek(0)
    with ExitStack() as spools:
        if packing:
            unpacked = spools.enter_context(spool())
            _unpack(export, unpacked, limits)
            export = _of_file(export, unpacked)._replace(form=kind_of(unpacked))
        export.file.seek(0)
        if export.form:
            meant = sheet if sheet is not None or not FORMATS[export.form].sheets else usual or None
            export = _as_csv(export, spools.enter_context(spool()), limits, meant)
        elif sheet is not None:
            raise DataError(f"{shown}: is a file of one table", hint="leave out --sheet")
        export.file.seek(0)
        yield export


def _unpack(export: OpenExport, unpacked: BinaryIO, limits: Limits) -> None:
    unpack = {"gzip": _gunzip, "zstd": _unzstd, "zip": _unzip}[export.packing]
    try:
        unpack(export.file, unpacked, export.name, _Budget(limits, export.size))
    except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise
        raise DataError(
            f"{export.name}: the {export.packing} archive is damaged or cut short: {error}",
            hint="export or copy it again",
        ) from error
    unpacked.flush()
    unpacked.seek(0)
    inner = unpacked.read(8)
    if not kind_of(unpacked) and any(inner.startswith(signature) for signature, _ in (*_SIGNATURES, *_FOREIGN)):
        raise DataError(f"{export.name}: an archive within an archive", hint="unpack it once and load what is inside")


def _as_csv(export: OpenExport, target: BinaryIO, limits: Limits, sheet: str | None) -> OpenExport:
    """The same export with its rows as CSV."""
    from supportkit.exports.reading.formats.in_csv import write_csv

    if export.form in ("xlsx", "ods"):
        with zipfile.ZipFile(export.file) as archive:
            whole = sum(one.file_size for one in archive.infolist())
            _Budget(replace(limits, unpacked=min(limits.unpacked, MAX_SHEETS)), export.size).check(whole, export.name)
        export.file.seek(0)
    source = Source(export.name, export.file, path_of(export.file), export.path, sheet)
    written = write_csv(FORMATS[export.form], source, target)
    return _of_file(export, target)._replace(headed=written.headed, rounded=written.rounded, unread=written.unread)


def _of_file(export: OpenExport, file: BinaryIO) -> OpenExport:
    file.seek(0)
    return export._replace(file=file, path=path_of(file), size=os.fstat(file.fileno()).st_size)


@dataclass
class _Budget:
    """How many bytes an archive may still give."""

    limits: Limits
    packed: int

    def check(self, written: int, shown: str) -> None:
        if written > self.limits.unpacked:
            raise DataError(
                f"{shown}: unpacks to more than {self.limits.unpacked:,} bytes",
                hint="unpack it and load the file inside",
            )
        if written > RATIO_APPLIES_FROM and written > self.packed * self.limits.ratio:
            raise DataError(
                f"{shown}: unpacks to more than {self.limits.ratio} times its size", hint="unpack it and look inside"
            )


def _copy(source: _Reader, target: BinaryIO, shown: str, budget: _Budget | None) -> None:
    written = 0
    while chunk := source.read(CHUNK):
        written += len(chunk)
        if budget is not None:
            budget.check(written, shown)
        target.write(chunk)
    target.flush()


def _gunzip(file: BinaryIO, target: BinaryIO, shown: str, budget: _Budget) -> None:
    import gzip

    with gzip.GzipFile(fileobj=file) as packed:
        _copy(packed, target, shown, budget)


def _unzstd(file: BinaryIO, target: BinaryIO, shown: str, budget: _Budget) -> None:
    with _zstd(shown)(file) as packed:
        try:
            _copy(packed, target, shown, budget)
        except (EOFError, OSError, DataError):
            raise
        except Exception as error:
            if type(error).__name__ != "ZstdError":
                raise
            raise EOFError(str(error)) from error


def _zstd(shown: str) -> Callable[[IO[bytes]], Any]:
    """The reader of zstd files: the standard library's from Python 3.14, its backport before."""
    from importlib import import_module

    for module in ("compression.zstd", "backports.zstd"):
        with suppress(ImportError):
            return cast(Callable[[IO[bytes]], Any], import_module(module).ZstdFile)
    raise DataError(
        f"{shown}: is packed with zstd, which this installation cannot read",
        hint="pip install backports.zstd, or unpack it first: zstd -d FILE",
    )


def _unzip(file: BinaryIO, target: BinaryIO, shown: str, budget: _Budget) -> None:
    with zipfile.ZipFile(file) as archive:
        members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
        if len(members) != 1:
            raise DataError(
                f"{shown}: holds {len(members)} files where one is expected", hint="unpack it and load the files"
            )
        if members[0].flag_bits & 1:
            raise DataError(f"{shown}: is protected by a password", hint="unpack it and load the file inside")
        try:
            with archive.open(members[0]) as packed:
                _copy(packed, target, shown, budget)
        except NotImplementedError as error:
            raise DataError(f"{shown}: packed in a way that is not known here: {error}", hint=_AS_CSV) from error
