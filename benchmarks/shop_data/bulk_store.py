"""The big tables written straight into a store: the rows of the big files as a load would leave them.

What a load does on the way is left out, since what is measured is reading: no file is typed, no text is masked, and a
customer's id is a plain hash of the e-mail in a pseudonym's shape and length.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchmarks.shop_data.bulk import open_world, parameters_of
from benchmarks.shop_data.bulk_sql import QUERIES

from supportkit.store.opening import STORAGE_VERSION, connect, create_tables
from supportkit.store.schema import TABLES

CUSTOMERS: Final = ("customer_id", "user_id")
PSEUDONYM: Final = "concat('p_', substr(md5({name}), 1, 20))"
EXTRA: Final = {"tickets": "courier", "orders": "plan"}
"""The column of a file that no table has, so that a load keeps it in `properties`."""
LOADED: Final = "timestamptz '2026-11-12 06:00:00+00'"


def write_store(path: Path, rows: dict[str, int], seed: str, memory: str = "4GB") -> None:
    """A store with so many rows of each table."""
    connection = connect(None, memory_limit=memory)
    connection.execute(f"attach '{path}' as made (storage_version '{STORAGE_VERSION}')")
    connection.execute("use made")
    create_tables(connection)
    connection.execute("use memory")  # the shop's words and levels do not stay in the store
    open_world(seed, connection)
    for number, (table, count) in enumerate(rows.items(), 1):
        query, bound = QUERIES[table], parameters_of(table, rows)
        names = [column[0] for column in connection.execute(f"describe {query}", bound).fetchall()]
        connection.execute(f"insert into made.{table} by name {_typed(table, names, query)}", bound)
        connection.execute(
            "insert into made.loads (load_id, file, table_name, source, sha256, read, loaded, updated, unchanged, "
            "older, rejected, loaded_at) "
            f"values ($number, $file, $table, 'supportkit', '', $n, $n, 0, 0, 0, 0, {LOADED})",
            {"number": number, "file": f"{table}.csv", "table": table, "n": count},
        )
        if table in EXTRA:
            connection.execute(
                "insert into made.property_names values ($table, $name)", {"table": table, "name": EXTRA[table]}
            )
    connection.execute("checkpoint made")
    connection.close()


def _typed(table: str, names: list[str], query: str) -> str:
    """A table's rows as a load types them, with where they come from."""
    types = {field.name: field.type for field in TABLES[table].fields}
    columns = []
    for name in names:
        if name not in types:
            continue
        value = PSEUDONYM.format(name=name) if name in CUSTOMERS else name
        value = f"string_split({name}, ',')" if types[name] == "varchar[]" else value
        columns.append(f"cast({value} as {types[name]}) as {name}")
    extra = EXTRA.get(table)
    kept = f"case when {extra} is not null then json_object('{extra}', {extra}) end" if extra else "null"
    columns += ["'supportkit' as source", f"'{table}.csv' as source_file", f"cast({kept} as json) as properties"]
    columns += [f"{LOADED} as loaded_at"]
    return f"select {', '.join(columns)} from ({query})"
