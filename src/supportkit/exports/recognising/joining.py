"""A table from several files: columns of others are looked up, or their figures summed, by a key.

`payments.csv on order_id` reads beside the file of orders what `payments.csv` says of each; where the column is called
otherwise there, `payments.csv on order_id=Order`. The names of both files are then the names of one. What is looked up
must be the same in all rows of a key; amounts of several rows are added. How the keys of both sides meet is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError, UsageError, unknown
from supportkit.exports.reading.cells import Cells, find_layout, read_cells, unreadable_header
from supportkit.exports.reading.dialect import Layout
from supportkit.exports.reading.files import open_export
from supportkit.exports.recognising.expressions import columns_read
from supportkit.exports.recognising.joined_sums import added_place, sum_sql
from supportkit.exports.recognising.recognised import Recognised
from supportkit.result import numbered
from supportkit.system.frozen import dataclass
from supportkit.system.late_patterns import late
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

JOINED: Final = "load_joined"
SUMMED: Final = frozenset({"amount", "refunded", "quantity", "cost"})
_WRITTEN: Final = late(r"\s*(.+?)\s+on\s+(.+?)\s*(?:=\s*(.+?)\s*)?$")


class Join(NamedTuple):
    """A file beside another one, and the headers of the key in both."""

    file: Path
    ours: str
    theirs: str


@dataclass(frozen=True)
class JoinedFile:
    """A file that is joined, and what it adds: its columns without the key, which begin at `start`."""

    join: Join
    sha256: str
    layout: Layout
    start: int

    @property
    def key(self) -> int:
        """The place of the key in it."""
        return self.layout.names.index(self.join.theirs)

    @property
    def places(self) -> list[int]:
        """The places of its other columns."""
        return [place for place in range(len(self.layout.names)) if place != self.key]

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [self.layout.names[place] for place in self.places]


def parse_join(text: str) -> tuple[str, str, str]:
    """The file, and the key's headers on both sides. Raises UsageError for what is no join."""
    match = _WRITTEN.fullmatch(text)
    if not match:
        raise UsageError(f"--with {text}: write FILE on KEY", hint='for example --with "payments.csv on order_id"')
    return match[1], match[2], match[3] or match[2]


def beside(path: Path, texts: Sequence[str]) -> list[Join]:
    """The joins of a file; the others lie beside it, or where the text says."""
    joins = []
    for text in texts:
        name, ours, theirs = parse_join(text)
        there = path.parent / name
        joins.append(Join(there if there.exists() or not Path(name).exists() else Path(name), ours, theirs))
    return joins


def join_plan(
    files: Sequence[Path], given: Sequence[str], by_table: Mapping[str, Sequence[str]]
) -> dict[Path, dict[str, list[Join]]]:
    """For each file that has the keys, the joins by the table that they are for, `` for any; those that are `given`
    must have them. A file that is joined to another is not one of them."""
    found: dict[Path, dict[str, list[Join]]] = {}
    if not given and not by_table:
        return found
    for path in files:
        if str(path) == "-":
            continue
        asked = {"": beside(path, given)} if given else {name: beside(path, texts) for name, texts in by_table.items()}
        others = {join.file.resolve() for joins in asked.values() for join in joins}
        if path.resolve() in others:
            continue
        names = _names(path) if not given else None
        kept = {
            table: joins for table, joins in asked.items() if names is None or all(join.ours in names for join in joins)
        }
        if kept:
            found[path] = kept
    return found


def open_joined(name: str, layout: Layout, joins: Sequence[Join]) -> list[JoinedFile]:
    """The files that are joined. Raises DataError for one that is not there, or without the key."""
    files: list[JoinedFile] = []
    start = len(layout.names)
    for join in joins:
        if join.ours not in layout.names:
            raise _no_key(name, join.ours, layout.names)
        with open_export(join.file) as export:
            _, theirs = find_layout(export)
            if theirs is None:
                raise DataError(f"{join.file}: the file is empty, and {name} is joined with it", hint="export it again")
            if join.theirs not in theirs.names:
                if theirs.broken is not None:
                    raise unreadable_header(str(join.file), theirs.broken)
                raise _no_key(str(join.file), join.theirs, theirs.names)
            files.append(JoinedFile(join, export.sha256, theirs, start))
        start += len(files[-1].places)
    return files


def with_names(layout: Layout, files: Sequence[JoinedFile]) -> Layout:
    """The layout with the names of the files that are joined; a name that is there already gets its file's before."""
    names = list(layout.names)
    for file in files:
        for name in file.names:
            names.append(name if name not in names else f"{file.join.file.stem}.{name}")
    return replace(layout, names=tuple(names))


@contextmanager
def joined_cells(
    connection: DuckDBPyConnection,
    cells: Cells,
    known: Recognised,
    files: Sequence[JoinedFile],
    told: Callable[[str], None],
) -> Iterator[Cells]:
    """The cells of a file with those of the files that are joined; `told` gets how the keys meet, in words.

    Raises DataError where a column is looked up of which a key has several values.
    """
    if not files:
        yield cells
        return
    width = files[0].start
    columns = [f"main.c{place}" for place in range(width)]
    joins = ""
    placed = ["record", "line", "start", "length"] if cells.placed else ["record"]
    by_record = cells.relation if cells.placed else f"(select *, row_number() over () as record from {cells.relation})"
    connection.execute(f"create or replace temp table load_main as from {by_record}", cells.parameters)
    for number, file in enumerate(files):
        part = f"load_part_{number}"
        lost = _read_part(connection, part, file, known)
        ours = layout_place(file, cells.layout)
        _tell(connection, part, file, ours, told, summed=bool(_summed(file, known)))
        if lost:
            told(f"{file.join.file.name}: {numbered(lost, 'line is', 'lines are')} damaged, and joined to nothing")
        columns += [f"{part}.c{place} as c{file.start + n}" for n, place in enumerate(file.places)]
        joins += f" left join {part} on {part}.key = trim(main.c{ours})"
    where = ", ".join(f"main.{name}" for name in placed)
    connection.execute(
        f"create or replace temp table {JOINED} as select {', '.join(columns)}, {where} from load_main main{joins} "
        "order by main.record"
    )
    if not cells.placed:
        connection.execute(f"alter table {JOINED} drop column record")
    yield replace(cells, layout=with_names(cells.layout, files), relation=JOINED, parameters={})
    connection.execute(f"drop table {JOINED}; drop table load_main")
    for number in range(len(files)):
        connection.execute(f"drop table load_part_{number}")


def _read_part(connection: DuckDBPyConnection, part: str, file: JoinedFile, known: Recognised) -> int:
    """A row for each key of a file: sums of its figures, and what all rows of the key say; returns how many of its
    lines are damaged."""
    run = connection.execute
    with open_export(file.join.file) as export:
        if export.sha256 != file.sha256:
            raise DataError(
                f"{file.join.file}: changed while it was read; nothing was changed",
                hint="load it again once it is written",
            )
        encoding, layout = find_layout(export)
        assert layout is not None
        with read_cells(connection, export, encoding, layout) as cells:
            run(f"create or replace temp table {part}_rows as from {cells.relation}", cells.parameters)
            damaged = len(cells.refused)
    summed, used = _summed(file, known), _used(file, known)
    key = f"nullif(trim(c{file.key}), '')"
    picked = []
    for place in file.places:
        cell = f"nullif(trim(c{place}), '')"
        if place in summed:
            named = (file.layout.names[place], key, str(file.join.file))
            picked.append(f"{sum_sql(connection, f'{part}_rows', place, *named)} as c{place}")
            continue
        if place in used:
            _refuse_several(connection, f"{part}_rows", file, place, key, cell)
        picked.append(f"case when count(distinct {cell}) = 1 then max({cell}) end as c{place}")
    run(
        f"create or replace temp table {part} as select {key} as key, count(*) as rows{', ' if picked else ''}"
        f"{', '.join(picked)} from {part}_rows where {key} is not null group by {key}"
    )
    run(f"drop table {part}_rows")
    return damaged


def _refuse_several(
    connection: DuckDBPyConnection, rows: str, file: JoinedFile, place: int, key: str, cell: str
) -> None:
    found = connection.execute(
        f"select {key}, count(*), min({cell}), max({cell}) from {rows} where {key} is not null group by {key} "
        f"having count(distinct {cell}) > 1 order by 1 limit 1"
    ).fetchall()
    for name, count, one, other in found:
        raise DataError(
            f"{file.join.file}: {count:,} rows have the {file.join.theirs} {name!r}, with {one!r} and {other!r} as "
            f"{file.layout.names[place]!r}; nothing was changed",
            hint="a join looks up what is the same in all rows of a key, and adds amounts: leave one row a key",
        )


def _tell(
    connection: DuckDBPyConnection,
    part: str,
    file: JoinedFile,
    place: int,
    told: Callable[[str], None],
    *,
    summed: bool,
) -> None:
    """How the keys of two files meet. Raises DataError where a sum would be counted more than once."""
    ours = f"trim(load_main.c{place})"
    keys, several, lost = connection.execute(
        f"select count(*), count(*) filter (rows > 1), count(*) filter (key not in (select {ours} from load_main "
        f"where {ours} is not null)) from {part}"
    ).fetchall()[0]
    rows, without = connection.execute(
        f"select count(*), count(*) filter ({ours} is null or {ours} not in (select key from {part})) from load_main"
    ).fetchall()[0]
    if summed:
        repeated = connection.execute(
            f"select {ours}, count(*) from load_main join {part} on key = {ours} group by all having count(*) > 1 "
            "order by 1 limit 1"
        ).fetchall()
        for name, count in repeated:
            raise DataError(
                f"{file.join.ours} {name!r} is on {count:,} rows, and the amounts of {file.join.file.name} would be "
                "counted on each; nothing was changed",
                hint="join amounts to a file with one row a key",
            )
    said = f"{file.join.file.name} on {file.join.ours}: {numbered(keys, 'key')}, {rows - without:,} of "
    said += f"{numbered(rows, 'row')} {'has' if rows - without == 1 else 'have'} one"
    if several:
        said += f"; {numbered(several, 'key has', 'keys have')} several rows"
        said += ", whose amounts are added" if summed else ""
    told(said + (f"; {numbered(lost, 'key is', 'keys are')} of no row" if lost else ""))


def layout_place(file: JoinedFile, layout: Layout) -> int:
    """The place of the key in the file that others are joined to."""
    return layout.names.index(file.join.ours)


def _summed(file: JoinedFile, known: Recognised) -> set[int]:
    """The places of the columns of a joined file that are amounts of ours."""
    return {
        file.places[place - file.start]
        for name, expressions in known.columns.items()
        if name in SUMMED
        for one in expressions
        if (place := added_place(one)) is not None and 0 <= place - file.start < len(file.places)
    }


def _used(file: JoinedFile, known: Recognised) -> set[int]:
    """The places of its other columns that become ours."""
    read = {place for many in known.columns.values() for one in many for place in columns_read(one)}
    return {file.places[place - file.start] for place in read if 0 <= place - file.start < len(file.places)}


def _names(path: Path) -> Sequence[str]:
    try:
        with open_export(path) as export:
            _, layout = find_layout(export)
    except DataError:
        return ()
    return layout.names if layout else ()


def _no_key(name: str, key: str, names: Sequence[str]) -> DataError:
    error = unknown("column", key, names)
    return DataError(f"{name}: no column {key!r} to join on; nothing was changed", hint=error.hint)
