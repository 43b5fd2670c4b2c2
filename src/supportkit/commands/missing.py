"""Where there is nothing to count: which table is empty and which exports have it, and what lies here to be loaded."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.metrics import Metric

if TYPE_CHECKING:
    from supportkit.store import Store

KINDS: Final = "select distinct kind from surveys where kind is not null order by kind"
NAMED: Final = 4
"""Files that a command is written out for; of more it names the folder."""
LOOKED_AT: Final = 5
SIGNS: Final = (b",", b";", b"\t", b"|")
TOO_SHORT: Final = "the history is too short"


def why_empty(store: Store, metric: Metric, notes: Sequence[str] = ()) -> str:
    """Why a metric has no row: its own table is empty, has no such answers or no past, or none is chosen."""
    own, name = metric.tables[0], metric.name
    if told := not_loaded(store, metric):
        return told
    if own == "surveys":
        kinds = [str(kind) for (kind,) in store.rows(KINDS, store.select("surveys"))]
        if kinds and not any(name.startswith(kind) for kind in kinds):
            return f"the answers loaded are of {_listed(kinds)}, and {name} needs others"
    first = metric.facts[0].name
    if first in metric.needs:
        return f"{name} needs {metric.needs[first]}"
    return next((note for note in notes if note.startswith(TOO_SHORT)), "") or (
        f"{own} are loaded, and none is in scope: see supportkit tables, --period and --where"
    )


def not_loaded(store: Store, metric: Metric) -> str:
    """Which table or column that a metric needs is empty, and which exports have it; empty where none is."""
    for needed in (metric.tables[0], *metric.requires):
        table, _, column = needed.partition(".")
        if not column and not store.has_rows(table, "true"):
            return f"no {table} are loaded; exports of {_listed(_sources_of(table))} have them: supportkit sources"
        if column and not store.has_rows(table, f"{column} <> ''"):
            exports = _listed(_sources_of(table, column))
            return f"no row of {table} has a {column}; exports of {exports} have it: supportkit sources"
    return ""


def to_load(folder: Path) -> str:
    """The command that loads what lies in a folder, or FILES in place of what is not there."""
    from supportkit.exports.reading.found_files import is_export

    for place in (folder, *_folders(folder)):
        found = [path for path in _entries(place) if is_export(path) and not _is_prose(path)]
        if found:
            names = [str(path.relative_to(folder)) for path in found]
            here = names if len(names) <= NAMED else [str(place.relative_to(folder))]
            return shlex.join(["supportkit", "load", *here])
    return "supportkit load FILES"


def _is_prose(path: Path) -> bool:
    """Whether a text file has no columns: no sign parts each of its first lines into as many, as notes have none."""
    if path.suffix.lower() != ".txt":
        return False
    with suppress(OSError), path.open("rb") as file:
        lines = [line for line in file.read(1 << 14).splitlines()[:LOOKED_AT] if line.strip()]
        return not any(len(parts := {line.count(sign) for line in lines}) == 1 and parts != {0} for sign in SIGNS)
    return True


def _folders(folder: Path) -> Iterator[Path]:
    yield from (path for path in _entries(folder) if path.name[0] != "." and path.is_dir())


def _entries(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(folder.iterdir())
    return []


def _sources_of(table: str, column: str = "") -> list[str]:
    """The vendors with an export of the table, of those the ones that have the column."""
    from supportkit.exports.sources import sources

    exports = [export for vendor in sources() for export in vendor.exports if export.table == table]
    return sorted({one.source for one in exports if not column or column in one.columns})


def _listed(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
