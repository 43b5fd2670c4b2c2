"""Where there is nothing to count: which table is empty and which exports have it, and what lies here to be loaded."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.metrics import Metric

if TYPE_CHECKING:
    from supportkit.exports.sources import Export
    from supportkit.result import Result
    from supportkit.store import Store

KINDS: Final = "select distinct kind from surveys where kind is not null order by kind"
NAMED: Final = 4
"""Files that a command is written out for; of more it names the folder."""
LOOKED_AT: Final = 5
LOOKED_INTO: Final = 20
"""Folders below whose files are looked at."""
SIGNS: Final = (b",", b";", b"\t", b"|")
TOO_SHORT: Final = "the history is too short"


def why_empty(store: Store, metric: Metric, result: Result) -> str:
    """Why a result of a metric has no data: its own table is empty or lacks a column, has no such answers or no past,
    none of its rows is chosen, or none of those that are counts."""
    own, name = metric.tables[0], metric.name
    if told := lacking(store, metric):
        return f"{told}: supportkit sources"
    first = metric.facts[0].name
    if first in metric.needs:
        return f"{name} needs {metric.needs[first]}"
    if told := next((note for note in result.notes if note.startswith(TOO_SHORT)), ""):
        return told
    if rows := result.scope.rows:
        of = "1 row" if rows == 1 else f"{rows:,} rows"
        return f"{of} of {own} in scope, and none counts for {name}: see its notes, and supportkit metrics {name}"
    return f"{own} are loaded, and none is in scope: see supportkit tables, --period and --where"


def not_loaded(store: Store, metric: Metric) -> str:
    """Which table or column that a metric needs is empty, and which exports have it; empty where none is."""
    return f"{told}: supportkit sources" if (told := _not_there(store, metric)) else ""


def lacking(store: Store, metric: Metric) -> str:
    """What a metric needs that is in no row of the store, be it rows, a column or a kind of answers, and which exports
    have it; empty where nothing is lacking."""
    if told := _not_there(store, metric):
        return told
    kinds = (
        [str(kind) for (kind,) in store.rows(KINDS, store.select("surveys"))] if metric.tables[0] == "surveys" else []
    )
    if not kinds or any(metric.name.startswith(kind) for kind in kinds):
        return ""
    exports = _listed(_sources_of_kind(metric.name))
    return f"the answers loaded are of {_listed(kinds)}, and {metric.name} needs others; exports of {exports} have them"


def no_rows(store: Store, table: str) -> str:
    """That a table is empty, and which exports have it; empty where it has rows."""
    return f"{told}: supportkit sources" if (told := _lacking(store, [(table, "")])) else ""


def _not_there(store: Store, metric: Metric) -> str:
    needs = (
        [one.partition(".")[::2] for one in needed.split(" or ")] for needed in (metric.tables[0], *metric.requires)
    )
    return next(filter(None, (_lacking(store, either) for either in needs)), "")


def _lacking(store: Store, either: Sequence[tuple[str, str]]) -> str:
    """That neither of some tables and columns has anything, and which exports have one; empty where one has."""
    if any(store.has_rows(table, f"cast({column} as varchar) <> ''" if column else "true") for table, column in either):
        return ""
    columns = [column for _, column in either if column]
    exports = _listed(sorted({source for table, column in either for source in _sources_of(table, column)}))
    tables = [table for table, column in either if not column]
    (of, _), *_ = either
    if not columns:
        return f"no {of} are loaded; exports of {exports} have them"
    also = f", and no {_listed(tables)} are loaded" if tables else ""
    return f"no row of {of} has a {_listed(columns, 'or')}{also}; exports of {exports} have {'that' if also else 'it'}"


def to_load(folder: Path) -> str:
    """The command that loads what lies in a folder, else in one below whose files are known as exports, else in any
    below; or FILES in place of what is not there."""
    from supportkit.exports.reading.folders_below import folders_below
    from supportkit.exports.recognising.known_file import is_known

    found = _exports(folder)
    if not found:
        below = [files for one in folders_below(folder) if (files := _exports(one))]
        known = (files for files in below[:LOOKED_INTO] if any(map(is_known, files[:NAMED])))
        found = next(known, below[0] if below else [])
    if not found:
        return "supportkit load FILES"
    names = [str(path.relative_to(folder)) for path in found]
    if len(names) > NAMED or any("@" in name or "%40" in name for name in names):  # an e-mail is in no message
        names = [str(found[0].parent.relative_to(folder))]
    return shlex.join(["supportkit", "load", *names])


def _exports(folder: Path) -> list[Path]:
    from supportkit.exports.reading.found_files import is_export

    return [path for path in _entries(folder) if is_export(path) and not _is_prose(path)]


def _is_prose(path: Path) -> bool:
    """Whether a text file has no columns: no sign parts each of its first lines into as many, as notes have none."""
    if path.suffix.lower() != ".txt":
        return False
    with suppress(OSError), path.open("rb") as file:
        lines = [line for line in file.read(1 << 14).splitlines()[:LOOKED_AT] if line.strip()]
        return not any(len(parts := {line.count(sign) for line in lines}) == 1 and parts != {0} for sign in SIGNS)
    return True


def _entries(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(folder.iterdir())
    return []


def _sources_of(table: str, column: str = "") -> list[str]:
    """The vendors with an export of the table, of those the ones that have the column."""
    from supportkit.exports.sources import sources

    exports = [export for vendor in sources() for export in vendor.exports if export.table == table]
    return sorted({one.source for one in exports if not column or _has(one, column)})


def _has(export: Export, column: str) -> bool:
    """Whether an export has a column, or says it by a duration."""
    return column in export.columns or any(duration.column == column for duration in export.durations)


def _sources_of_kind(kind: str) -> list[str]:
    """The vendors with an export of answers of a kind: it is of that one, or says in a column which each is of."""
    from supportkit.exports.sources import sources

    exports = [export for vendor in sources() for export in vendor.exports if export.table == "surveys"]
    return sorted({one.source for one in exports if one.constants.get("kind") == kind or "kind" in one.columns})


def _listed(words: Sequence[str], joined: str = "and") -> str:
    *first, last = words
    return f"{', '.join(first)} {joined} {last}" if first else last
