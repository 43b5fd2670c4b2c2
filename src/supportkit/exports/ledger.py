"""The books of the loads: how a file was read, and what becomes of one that was read before.

A file is known by its fingerprint, whatever its name. Read as before it brings nothing new; read otherwise it takes the
place of what it brought, in every table, and keeps its own place in the order of loading.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from supportkit.system.named import NamedTuple
from supportkit.system.release import release

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.exports.loaded import Loaded
    from supportkit.exports.recognising.load_options import LoadOptions
    from supportkit.exports.recognising.recognised import Recognised

READ_BEFORE: Final = """
select load_id, file_id, table_name, reading, release, loaded_at, read, older, rejected
  from main.loads
 where sha256 = $sha256 and replaced_by is null and table_name <> '' and ($table is null or table_name = $table)
 order by load_id
"""


class Entry(NamedTuple):
    """A load of a file that stands in the books."""

    load_id: int
    file_id: int | None
    table: str
    reading: str | None
    release: str | None
    loaded_at: datetime
    read: int
    older: int
    rejected: int


def reading_of(known: Recognised, headers: Sequence[str], options: LoadOptions, file: Mapping[str, str]) -> str:
    """How a file is read, as JSON: what it is taken for, which of our columns it gives, how it is written down and what
    was asked for; of which columns the vendor counted business hours, and whether its closing time is that of the
    first close."""
    told: dict[str, Any] = {
        **file,
        "source": known.source,
        "gives": sorted(known.columns),
        "first_close": known.first_close(headers),
        "business_hours": sorted(known.business_hours),
        "map": dict(options.map),
        "columns": dict(options.columns.get(known.table.name, {})),
        "values": {name: dict(words) for name, words in options.values.items() if name.startswith(known.table.name)},
        "keep": list(options.keep),
        "order_key": list(options.order_key[1:]),
        "kept": list(options.kept),
        "drop": list(options.drop),
        "dates": options.dates,
        "sheet": options.sheet or options.usual_sheet or None,
        "time_zone": options.zone,
        "currency": options.currency,
        "privacy": options.privacy,
    }
    return json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False, sort_keys=True)


def with_instants(reading: str, instants: Mapping[str, str]) -> str:
    """The same with what was found in the file: of each column of instants, whether it holds days or times."""
    found = json.loads(reading) | ({"instants": dict(instants)} if instants else {})
    return json.dumps(found, ensure_ascii=False, sort_keys=True)


def read_before(connection: DuckDBPyConnection, sha256: str, table: str | None = None) -> list[Entry]:
    """The loads of a file, into one table or all, whose rows are there."""
    given = {"sha256": sha256, "table": table}
    return [Entry(*row) for row in connection.execute(READ_BEFORE, given).fetchall()]


def all_read_before(connection: DuckDBPyConnection, table: str | None = None) -> dict[str, list[Entry]]:
    """The loads of all files, into one table or all, whose rows are there, by the fingerprints of the files."""
    query = READ_BEFORE.replace("select load_id", "select sha256, load_id").replace("sha256 = $sha256 and", "")
    found: dict[str, list[Entry]] = {}
    for sha256, *entry in connection.execute(query, {"table": table}).fetchall():
        found.setdefault(sha256, []).append(Entry(*entry))
    return found


def says_nothing_new(before: list[Entry], table: str, reading: str) -> bool:
    """Whether a file was read in this way before; what a word means stays said until something else is said."""
    if len(before) != 1 or before[0].table != table or before[0].reading is None or before[0].release != release():
        return False
    old, new = json.loads(before[0].reading), json.loads(reading)
    old.pop("instants", None)
    known, said = old.pop("values", {}), new.pop("values", {})
    return bool(old == new) and all(
        known.get(column, {}).get(word) == meaning for column, words in said.items() for word, meaning in words.items()
    )


def close_entries(connection: DuckDBPyConnection, entries: list[Entry], load_id: int) -> None:
    """Say of loads that another one has taken their place; what they refused goes with them."""
    given = {"by": load_id, "loads": [one.load_id for one in entries]}
    connection.execute("update main.loads set replaced_by = $by where list_contains($loads, load_id)", given)
    connection.execute("delete from main.rejects where list_contains($loads, load_id)", {"loads": given["loads"]})


def keep_entries(connection: DuckDBPyConnection, entries: list[Entry], load_id: int, reading: str) -> None:
    """Where another reading of a file comes to the same, keep the entry, and say how it was read; `load_id` is gone."""
    connection.execute("delete from main.rejects where load_id = $load", {"load": load_id})
    kept = {"kept": entries[0].load_id, "load": load_id}
    connection.execute("update main.lost_answers set load_id = $kept where load_id = $load", kept)
    connection.execute(
        "update main.loads set reading = $reading, release = $release where list_contains($loads, load_id)",
        {"reading": reading, "release": release(), "loads": [one.load_id for one in entries]},
    )


def state_of(connection: DuckDBPyConnection) -> tuple[Any, ...]:
    """What of the books changes with every load that changes something."""
    sql = "select max(load_id), count(*), md5(string_agg(reading, chr(10) order by load_id)) from main.loads"
    return tuple(connection.execute(sql).fetchall()[0])


def enter_load(
    connection: DuckDBPyConnection,
    done: Loaded,
    sha256: str,
    file_id: int,
    before: list[Entry],
    when: datetime,
    reading: str | None,
) -> None:
    """Write the load into the books, after they have been checked."""
    counts = (done.loaded, done.updated, done.unchanged, done.older, done.rejected)
    assert done.read == sum(counts), f"{done.file}: {done.read}, {counts} do not add up"
    assert min(counts) >= 0, f"{done.file}: {counts}"
    if before:
        close_entries(connection, before, done.load_id)
    connection.execute(
        "insert into main.loads (load_id, file, table_name, source, sha256, read, loaded, updated, unchanged, older, "
        "rejected, loaded_at, reading, file_id, replaced, release) values ($id, $file, $table, $source, $sha256, "
        "$read, $loaded, $updated, $unchanged, $older, $rejected, $when, $reading, $file_id, $replaced, $release)",
        {"id": done.load_id, "file": done.file, "table": done.table, "source": done.source, "sha256": sha256}
        | {"read": done.read, "loaded": done.loaded, "updated": done.updated, "unchanged": done.unchanged}
        | {"older": done.older, "rejected": done.rejected, "when": when, "reading": reading, "file_id": file_id}
        | {"replaced": sum(one.read - one.rejected for one in before), "release": release()},
    )


def next_load(connection: DuckDBPyConnection) -> int:
    """The number of the load that comes next."""
    return int(connection.execute("select coalesce(max(load_id), 0) + 1 from loads").fetchall()[0][0])
