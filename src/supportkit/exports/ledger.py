"""The books of the loads: how a file was read, and what becomes of one that was read before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.exports.file_load import LoadOptions
    from supportkit.exports.recognise import Recognised

REPEATED: Final = """
create or replace temp table repeated as
select new.load_id, old.load_id as first_id
  from main.loads new
  join main.loads old
    on old.load_id < new.load_id and old.sha256 = new.sha256 and old.table_name = new.table_name
   and old.source = new.source and old.read = new.read and old.rejected = new.rejected
 where new.load_id > $before and new.loaded = 0 and new.updated = 0
"""
READ_ANEW: Final = """
update main.loads
   set reading = new.reading
  from repeated
  join main.loads new using (load_id)
 where main.loads.load_id = first_id and main.loads.reading is null
"""


def reading_of(known: Recognised, options: LoadOptions, file: Mapping[str, str]) -> str:
    """How a file is read, as JSON: what it is taken for, how it is written down, and what was asked for."""
    told: dict[str, Any] = {
        **file,
        "source": known.source,
        "map": dict(options.map),
        "columns": dict(options.columns.get(known.table.name, {})),
        "values": {name: dict(words) for name, words in options.values.items() if name.startswith(known.table.name)},
        "keep": list(options.keep),
        "kept": list(options.kept),
        "dates": options.dates,
        "time_zone": options.zone,
        "currency": options.currency,
        "privacy": options.privacy,
    }
    return json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False, sort_keys=True)


def drop_repeated(connection: DuckDBPyConnection, before: int) -> bool:
    """Take the entries of files that were loaded before and changed nothing out of the ledger.

    Returns whether one of them tells how a file was read that an older release read; the first entry keeps it.
    """
    connection.execute(REPEATED, {"before": before})
    anew = connection.execute(READ_ANEW).fetchall()[0][0]
    for name in ("rejects", "loads"):
        connection.execute(f"delete from main.{name} where load_id in (select load_id from repeated)")
    connection.execute("drop table repeated")
    return bool(anew)
