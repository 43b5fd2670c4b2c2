"""How export files are read: what is accounted for, what is right in every cell, what stands in wrong columns.

`python -m benchmarks reading` reads generated files of the kinds of the Pollock benchmark; with `--pollock FOLDER`, a
copy of github.com/HPI-Information-Systems/Pollock, its 2,290 files and its sample of real ones too, with its scores.
`--details` names the files that are not read as they were meant.

Accounted: each record of the clean table is loaded, rejected, the header, or told as a line above it; or the file is
refused. Every cell right: the names and rows of the clean table and no other. Wrong rows: a row is loaded that is none
of the clean table's.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import mul
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks import polluted
from supportkit.errors import DataError
from supportkit.exports.reading.cells import find_layout, read_cells
from supportkit.exports.reading.dialect import Layout
from supportkit.exports.reading.files import open_export

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BEST: Final = 10.0
Row = tuple[str, ...]


@dataclass(frozen=True)
class Read:
    """What came out of a file: its header as it stands there or made up, its rows, and what is told beside them."""

    header: Row = ()
    rows: Sequence[Row] = ()
    rejected: int = 0
    told: int = 0
    refused: str = ""
    made_up: bool = False


class Score(NamedTuple):
    """Pollock's score of a file, with the made-up names of one without a header as wrong, and as left out."""

    file: str
    with_names: float
    without: float


@dataclass
class Count:
    """The files of one set and how they were read."""

    files: int = 0
    accounted: int = 0
    right: int = 0
    wrong: int = 0
    refused: int = 0
    scores: list[Score] = field(default_factory=list)
    details: list[str] = field(default_factory=list)


def read(connection: DuckDBPyConnection, path: Path) -> Read:
    """One file as a load reads it, up to what its columns mean."""
    try:
        with open_export(path) as export:
            encoding, layout = find_layout(export)
            if layout is None:
                return Read()
            with read_cells(connection, export, encoding, layout) as cells:
                columns = ", ".join(f"coalesce(c{place}, '')" for place in range(layout.width))
                rows = connection.execute(f"select {columns} from {cells.relation}", cells.parameters).fetchall()
                rejected = len(cells.refused)
    except DataError as error:
        return Read(refused=error.message)
    header, is_made_up = _header(layout)
    return Read(header, rows, rejected, len(layout.preamble), made_up=is_made_up)


def _header(layout: Layout) -> tuple[Row, bool]:
    """The header as it stands in the file, and whether it is made up; one that fits no row is named in an error."""
    if layout.broken is not None and "quote" not in layout.broken.reason:
        return tuple(next(csv.reader([layout.broken.text], delimiter=layout.dialect.delimiter))), False
    if len(layout.headers) == 1:
        return layout.headers[0], False
    return layout.names, not layout.headers


def count(count: Count, name: str, found: Read, clean: Sequence[Row], *, headed: bool = True) -> None:
    """Add one file to the figures."""
    body = list(clean[1:])
    # a header that stands in no file needs no account, and a record that is no header does
    records = len(clean) - (not headed) if clean else 0
    shown = len(found.rows) + found.rejected + found.told + bool(found.header and not found.made_up)
    known = set(clean)
    strange = [row for row in found.rows if row not in known]
    same_header = (found.made_up and not headed) or _bare(found.header) == _bare(clean[0] if clean else ())
    is_right = not found.refused and same_header and Counter(found.rows) == Counter(body)
    is_accounted = bool(found.refused) or shown >= records
    count.files += 1
    count.refused += bool(found.refused)
    count.accounted += is_accounted
    count.right += is_right
    count.wrong += bool(strange)
    if not is_right:
        said = found.refused or f"{len(found.rows)} of {len(body)} rows, {found.rejected} rejected"
        wrong = f", {len(strange)} wrong" if strange else ""
        count.details.append(f"{name}: {said}{wrong}{'' if is_accounted else ', NOT ACCOUNTED FOR'}")


def generated(connection: DuckDBPyConnection) -> Count:
    """The generated files."""
    found = Count()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        for file in polluted.files():
            path.write_bytes(file.data)
            count(found, file.name, read(connection, path), file.clean, headed=file.headed)
    return found


def pollock(connection: DuckDBPyConnection, folder: Path) -> Count:
    """The files of a folder of the Pollock benchmark: `csv`, their `clean` tables and their `parameters`."""
    found = Count()
    csv.field_size_limit(1 << 30)
    for path in sorted((folder / "csv").iterdir()):
        with (folder / "clean" / path.name).open(encoding="utf-8-sig", newline="") as file:
            clean = [tuple(row) for row in csv.reader(file)]
        stated = json.loads((folder / "parameters" / f"{path.name}_parameters.json").read_text())
        outcome = read(connection, path)
        named = bool(stated["column_names"]) and int(stated["header_lines"]) == 0  # a header that Pollock made up
        count(found, path.name, outcome, clean, headed=not named)
        with_names = score(clean, [outcome.header, *outcome.rows]) if not outcome.refused else 0.0
        without = with_names
        if outcome.made_up:
            without = score(clean, [clean[0], *outcome.rows] if named else outcome.rows)
        found.scores.append(Score(path.name, with_names, without))
    return found


def score(clean: Sequence[Row], loaded: Sequence[Row]) -> float:
    """Pollock's ten measures of a file: success, and precision, recall and F1 of header, records and cells. Header and
    records are compared without blanks around their cells; Pollock writes numbers and dates in one form, too."""
    if not clean:
        return BEST
    header = _three(Counter(_bare(clean[0])), Counter(_bare(loaded[0]) if loaded else ()))
    records = [Counter("".join(_bare(row)) for row in rows[1:]) for rows in (clean, loaded)]
    cells = [Counter(cell for row in rows for cell in row) for rows in (clean, loaded)]
    return 1 + header + _three(*records) + _three(*cells)


def _three(clean: Counter[str], loaded: Counter[str]) -> float:
    """Precision, recall and F1, added; 3 where nothing was to be found."""
    if not clean:
        return 3.0
    both = (clean & loaded).total()
    if not both:
        return 0.0
    precision, recall = both / clean.total(), both / loaded.total()
    return precision + recall + 2 * precision * recall / (precision + recall)


def _bare(row: Iterable[str]) -> Row:
    return tuple(cell.strip() for cell in row)


def _told(name: str, found: Count, weights: dict[str, float]) -> None:
    print(
        f"{name:<34}{found.files:>6,} files   accounted {found.accounted:,}   every cell right {found.right:,}   "
        f"wrong rows in {found.wrong:,}   refused as a whole {found.refused:,}"
    )
    if not found.scores:
        return
    readings = {
        "a made-up header is wrong": [one.with_names for one in found.scores],
        "no made-up header": [one.without for one in found.scores],
    }
    for label, scores in readings.items():
        text = f"  score, {label:<26}simple {sum(scores) / found.files:.3f}"
        if weights:
            each = [weights[one.file] for one in found.scores]
            weighted = sum(map(mul, each, scores)) / sum(each)
            text += f"   weighted {weighted:.3f}"
        print(text)


def main() -> None:
    """Print the figures."""
    import duckdb

    given = sys.argv[1:]
    with duckdb.connect(config={"threads": 1}) as connection:
        sets: dict[str, tuple[Count, dict[str, float]]] = {
            "generated files of Pollock's kinds": (generated(connection), {})
        }
        if "--pollock" in given:
            folder = Path(given[given.index("--pollock") + 1])
            weights = json.loads((folder / "pollock_weights.json").read_text())
            sets["Pollock, polluted files"] = (pollock(connection, folder / "polluted_files"), weights)
            sets["Pollock, real files"] = (pollock(connection, folder / "survey_sample"), {})
    for name, (found, weights) in sets.items():
        _told(name, found, weights)
        if "--details" in given:
            print(*(f"  {text}" for text in found.details), sep="\n")


if __name__ == "__main__":
    main()
