"""What of a store is ours, and what a store that somebody sends cannot do.

A DuckDB file may hold views, macros, types, triggers and defaults, and they run when a statement meets them. Ours are
plain tables: a store in which one of our names is anything else is refused before a statement reads it. Functions and
types are looked for among DuckDB's own first, so that a macro called `sum` is never met. A confined connection reaches
no file, no network and no setting. Whatever else lies in the file is neither read nor touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError
from supportkit.store.identifiers import quoted
from supportkit.store.migrations import OURS, columns_at, needed_at
from supportkit.store.schema import SCHEMA_VERSION, Field
from supportkit.store.written_query import literal
from supportkit.system.late_patterns import late

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_HINT: Final = (
    "what somebody sent may be made to run: ask for the exports and load them; what you added yourself, take out again"
)

_DATABASE: Final = "select database_name from duckdb_databases() where not internal"
_TABLES: Final = """
select table_name, sql, index_count
  from duckdb_tables()
 where schema_name = 'main' and not temporary
"""
_VIEWS: Final = "select view_name from duckdb_views() where schema_name = 'main' and not internal and not temporary"
_TRIGGERS: Final = "select table_name from duckdb_triggers() where schema_name = 'main'"
_SCHEMAS: Final = """
select schema_name
  from duckdb_schemas()
 where database_name = $database and not internal and schema_name <> 'main'
 order by schema_name
"""
_COLUMN: Final = late(r'(?:"((?:[^"]|"")+)"|(\w+)) ([A-Z ]+(?:\(\d+,\d+\))?(?:\[\])*)(?:, |$)')
_UNTEXT: Final = late("[\udc80-\udcff]")
_TYPES: Final = {"TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE"}


def own_functions_first(connection: DuckDBPyConnection) -> None:
    """Look for names among DuckDB's own first, then among the file's tables: the first thing done on a connection.

    Where the function for that is looked for is written out: a macro of the file would be found first.
    """
    found = connection.execute("select system.main.current_database()").fetchall()
    _set_path(connection, found[0][0], "main")


def every_schema(connection: DuckDBPyConnection) -> None:
    """Let a person's own query name what lies in the file's other schemas too, as `bi.tickets`."""
    database = database_of(connection)
    schemas = [row[0] for row in connection.execute(_SCHEMAS, {"database": database}).fetchall()]
    _set_path(connection, database, "main", *schemas)


def confine(
    connection: DuckDBPyConnection,
    folder: Path | None = None,
    *,
    settings: Sequence[str] = ("memory_limit",),
    files: Sequence[Path] = (),
) -> None:
    """Shut the connection off: from files but its own, these, and those in a folder; from extensions; and from all
    settings but these. A file whose name is no text is not among them."""
    allowed = {
        "allowed_configs": list(settings),
        "allowed_paths": [name for name in map(str, files) if not _UNTEXT.search(name)],
        "allowed_directories": [str(folder)] if folder else [],
    }
    given = "".join(f"set {name} = {literal(values)}; " for name, values in allowed.items() if values)
    connection.execute(f"{given}set enable_external_access = false; set lock_configuration = true")


def is_confined(connection: DuckDBPyConnection) -> bool:
    """Whether a connection is shut off already."""
    return connection.execute("select current_setting('lock_configuration')").fetchall() == [(True,)]


def only_ours(connection: DuckDBPyConnection, path: Path, *, writes: bool = False) -> int:
    """See that our names are our tables, as we make them, on a connection that looks for its own functions first.

    Triggers are looked for where the connection `writes`: to find them takes as long as all the rest. Returns the
    version of the store's schema. Raises DataError for another program's file, for a newer store, and for one in which
    one of our names is something else.
    """
    found = {
        name.lower(): (_columns(sql), indexes)
        for name, sql, indexes in connection.execute(_TABLES).fetchall()
        if name.lower() in OURS
    }
    others = {name.lower(): "a view" for (name,) in connection.execute(_VIEWS).fetchall()}
    if writes:
        others |= {name.lower(): "a table with a trigger" for (name,) in connection.execute(_TRIGGERS).fetchall()}
    if "meta" not in found and "meta" not in others:
        raise DataError(
            f"{path}: a DuckDB file of another program", hint="name a file that supportkit made, or a new one"
        )

    def check(name: str, version: int, *, needed: bool) -> None:
        made = dict(map(_printed, columns_at(name, version)))
        what = others.get(name, "")
        if not what and name in found and found[name] != (made, 0):
            what = "not the table that supportkit makes"
        elif not what and name not in found and needed:
            what = "missing"
        if what:
            raise DataError(f"{path}: refused, and nothing of it was run: its {name} is {what}", hint=_HINT)

    check("meta", SCHEMA_VERSION, needed=True)
    version = _schema_of(connection, path)
    for name in OURS:
        check(name, version, needed=name in needed_at(version))
    return version


def _schema_of(connection: DuckDBPyConnection, path: Path) -> int:
    row = connection.execute("select value from main.meta where name = 'schema_version'").fetchone()
    text = str(row[0]) if row else ""
    version = int(text) if text.isdecimal() and len(text) < 10 else 0
    if not version:
        raise DataError(f"{path}: refused: it does not say which schema it has", hint=_HINT)
    if version > SCHEMA_VERSION:
        raise DataError(
            f"{path}: written by a newer supportkit (schema {version}, this one knows {SCHEMA_VERSION})",
            hint="upgrade supportkit",
        )
    return version


def is_there(connection: DuckDBPyConnection, table: str) -> bool:
    """Whether a store has one of the tables that an older one may lack."""
    query = "select count(*) from duckdb_tables() where schema_name = 'main' and table_name = $table and not temporary"
    return bool(connection.execute(query, {"table": table}).fetchall()[0][0])


def database_of(connection: DuckDBPyConnection) -> str:
    """The name under which DuckDB knows the file."""
    return str(connection.execute(_DATABASE).fetchall()[0][0])


def _set_path(connection: DuckDBPyConnection, database: str, *schemas: str) -> None:
    names = ("system.main", *(quoted(database, schema) for schema in schemas))
    connection.execute("set search_path = $names", {"names": ",".join(names)})


def _columns(sql: str) -> dict[str, str] | None:
    """The columns of a table with their types, from the statement that makes it; None where it has more than that: a
    default, a check, a key."""
    inside = sql[sql.index("(") + 1 : sql.rindex(")")]
    columns, end = {}, 0
    while match := _COLUMN.match(inside, end):
        columns[(match[1] or match[2]).lower()] = match[3]
        end = match.end()
    return columns if end == len(inside) else None


def _printed(field: Field) -> tuple[str, str]:
    """A column as DuckDB prints it."""
    kind = field.type.upper()
    return field.name, _TYPES.get(kind, kind)
