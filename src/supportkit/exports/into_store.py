"""Loading files into a store file: under one lock, into a copy, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from supportkit.errors import DataError
from supportkit.exports.ledger import state_of
from supportkit.exports.loaded import Loaded, RefusedLoadError, mostly_faulty
from supportkit.exports.loading import load
from supportkit.exports.people.store_key import key_of, remember_key
from supportkit.exports.reading.found_files import find_files, no_kind, strays
from supportkit.exports.reading.lines import NO_LETTER
from supportkit.exports.reading.row_shape import OTHER_TABLE
from supportkit.exports.recognising.joining import join_plan
from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.exports.telling_words import number_of, unknown_words
from supportkit.result import numbered
from supportkit.store import open_store
from supportkit.store.deciding import SCORE
from supportkit.store.rejected import NOT_KEPT
from supportkit.store.schema import TABLES
from supportkit.store.shadow_copy import LeaveUnchangedError, rewriting
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "800MB"
"""What DuckDB may hold of a load whatever the size of its files; the rest is spilled, encrypted.

Below about 750 MB it writes a table of as many columns as the tickets by one thread: it sets 4 MB aside for each column
and thread."""

FIRST_REJECTS = """
select file, line, reason, raw
  from rejects
 where list_contains($loads, load_id) and ($file is null or file = $file)
   and (column_name is null or reason <> column_name || ' cannot be read' or column_name in $required)
   and not ($file is not null and starts_with(reason, $not_kept))
 order by load_id, line, column_name
 limit 5
"""
REASONS = """
select reason, count(*) as rows
  from rejects
 where list_contains($loads, load_id) and file = $file and not starts_with(reason, $not_kept)
   and (column_name is null or reason <> column_name || ' cannot be read' or column_name in $required)
 group by reason
 order by rows desc, reason
 limit 3
"""
LONGEST = 100
"""Characters of a refused row in a message."""
REQUIRED = [
    *(field.name for table in TABLES.values() for field in table.fields if field.required),
    "score",  # which an unanswered invitation has not
]


@dataclass(frozen=True)
class Tolerance:
    """How many rows may be rejected for the load to count, None for any; whether a file may be left out (`strays`), and
    whether a word may be unknown that decides how a row counts."""

    rejects: int | None = None
    strays: bool = True
    by: str = ""
    unknown: bool = True


def load_into(
    path: Path,
    files: Sequence[Path],
    options: LoadOptions,
    tolerance: Tolerance = Tolerance(),
    *,
    keep_loads: int = 1,
) -> list[Loaded]:
    """Load files into the store at `path`, made where it is missing; the file before stays as `.prev`, and as many
    files as are to be kept beside it.

    A file that was loaded before and changes nothing leaves no trace; where all are such, the store stays as it is.
    Raises DataError, and changes nothing, where more is refused than is tolerated: without a limit, more than half of
    the rows of a file for faults.
    """
    outcome: list[Loaded] = []
    found = find_files(files)
    plan = join_plan(found, options.with_files, options.joins)
    joined = [join.file for joins in plan.values() for each in joins.values() for join in each]
    with rewriting(path, reads=[*found, *joined], keep=keep_loads) as store:
        connection = store.connection
        _remember_privacy(connection, path, options.privacy)
        options = replace(options, key=remember_key(store))
        connection.execute("set memory_limit = $limit", {"limit": MEMORY})
        state = state_of(connection)
        outcome = load(store, files, options)
        if left := strays(files):
            from supportkit.exports.restoring import exported_folder

            outcome += [_left_out(path) for path in left if exported_folder(files) is None]
        try:
            _judge(connection, outcome, tolerance)
        except DataError as error:
            refused = RefusedLoadError(error.message, hint=error.hint)
            refused.outcome = tuple(outcome)
            raise refused from error
        late = sum(one.late for one in outcome)
        again = any(one.read_again for one in outcome)
        if path.exists() and state_of(connection) == state and not (late or again):
            raise LeaveUnchangedError
    if late:
        with rewriting(path, erase=True):
            pass
    return outcome


def refuse_as_load(path: Path, privacy: str) -> None:
    """Raise the DataError of a load whose key or privacy is not that of the store; nothing is made or written."""
    if not path.exists():
        return
    with open_store(path, as_it_is=True) as store:
        _privacy_of(store.connection, path, privacy)
        key_of(store)


def _left_out(path: Path) -> Loaded:
    """A file of a folder that is not looked at."""
    why = no_kind(path)
    return Loaded(path.name, "", "", 0, 0, 0, 0, 0, 0.0, (why.hint,), why.message)


def _remember_privacy(connection: DuckDBPyConnection, path: Path, privacy: str) -> None:
    """Store how personal data is treated at the first load."""
    if _privacy_of(connection, path, privacy) is None:
        connection.execute("insert into meta values ('privacy', $privacy)", {"privacy": privacy})


def _privacy_of(connection: DuckDBPyConnection, path: Path, privacy: str) -> str | None:
    """How a store treats personal data, None before its first load. Raises DataError where that is another way: people
    known in two ways would not join."""
    row = connection.execute("select value from main.meta where name = 'privacy'").fetchone()
    if row is not None and row[0] != privacy:
        raise DataError(
            f"{path}: loaded with privacy = {row[0]!r} so far, and now with {privacy!r}",
            hint="one store keeps to one of them: change [data] privacy, or load into a new store",
        )
    return str(row[0]) if row else None


def _judge(connection: DuckDBPyConnection, outcome: Sequence[Loaded], tolerance: Tolerance) -> None:
    """Raise DataError where more was refused than is tolerated, with the first of it."""
    strays = [one.left_out for one in outcome if one.left_out]
    if strays and not tolerance.strays:
        raise DataError(f"{strays[0]}; {tolerance.by}, so nothing was loaded", hint="leave it out of the folder")
    lost = next((one for one in outcome if one.lost), None)
    if lost is not None and not tolerance.unknown:
        lines = numbered(lost.lost, "line has", "lines have")
        raise DataError(
            f"{lost.file}: {lines} bytes that are no letters, and {tolerance.by}; nothing was loaded",
            hint="export it again, or say its --encoding: supportkit rejects then has each with its line and column",
        )
    words = [word for one in outcome for word in one.words if word.meaning.value is None]
    if words and not tolerance.unknown:
        told = "".join(f"\n  {line}" for line in unknown_words(words))
        raise DataError(
            f"{number_of(words):,} words that nobody knows, and {tolerance.by}; nothing was loaded{told}",
            hint="say what they mean, or load without --strict: they are then told under every figure",
        )
    if tolerance.rejects is None:
        _judge_faults(connection, outcome)
        return
    rejected = sum(one.rejected for one in outcome)
    if rejected <= tolerance.rejects:
        return
    rows = _first_rejects(connection, outcome)
    told = "".join(f"\n  {file}, line {line}: {reason}" for file, line, reason, _ in rows)
    more = f"\n  and {rejected - len(rows):,} more" if rejected > len(rows) else ""
    raise DataError(
        f"{numbered(rejected, 'row')} rejected, and {tolerance.by}; nothing was loaded{told}{more}",
        hint="mend them, or load without the limit: supportkit rejects then lists them all",
    )


def _judge_faults(connection: DuckDBPyConnection, outcome: Sequence[Loaded]) -> None:
    """Raise DataError for a file of which more than half is refused for faults: it is not read as it was meant."""
    one = next((one for one in outcome if one.is_mostly_faulty), None)
    if one is None:
        return
    given = {"loads": [one.load_id], "file": one.file, "required": REQUIRED, "not_kept": NOT_KEPT}
    reasons = connection.execute(REASONS, given).fetchall()
    told = "".join(f"\n  {reason}: {numbered(rows, 'row')}" for reason, rows in reasons)
    first = _first_rejects(connection, [one], one.file)
    other = next(
        (f"--header {line} for the table below, " for _, line, reason, _ in first if reason == OTHER_TABLE), ""
    )
    other += "--encoding for its letters, " if any(NO_LETTER in reason for _, _, reason, _ in first) else ""
    for _, line, reason, raw in first[:3]:
        shown = raw if len(raw) <= LONGEST else f"{raw[: LONGEST - 1]}…"
        told += f"\n  line {line}: {reason}: {shown}"
    lost = [word for word in one.words if word.column == SCORE and word.meaning.value is None]
    told += "".join(f"\n  {line}" for line in unknown_words(lost))
    raise DataError(
        f"{mostly_faulty(one)}; nothing was loaded{told}",
        hint=f"say how the file is meant: {other}--as, --map ours=theirs, --dates, or --keep for the rows to take; "
        f"--max-rejects {sum(each.rejected for each in outcome)} loads the rest",
    )


def _first_rejects(
    connection: DuckDBPyConnection, outcome: Sequence[Loaded], file: str | None = None
) -> list[tuple[str, int, str, str]]:
    loads = [one.load_id for one in outcome]
    given = {"loads": loads, "file": file, "required": REQUIRED, "not_kept": NOT_KEPT}
    return connection.execute(FIRST_REJECTS, given).fetchall()
