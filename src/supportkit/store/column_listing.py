"""What `--by` takes: columns of tables, what is worked out of a ticket, and extra columns of the exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from supportkit.result import Result, Scope, count, detail, key
from supportkit.store.dimension_names import OF_LINES, worked_out
from supportkit.store.identifiers import quoted
from supportkit.store.lined_orders import lined_names, property_path
from supportkit.store.schema import PROVENANCE, TABLES, Table

if TYPE_CHECKING:
    from supportkit.store.store import Store

COLUMNS: Final = (key("table"), key("column"), detail("kind", "text"), count("rows"), count("filled"), count("values"))
WORKED_OUT: Final = "worked out"
_KINDS: Final = {"timestamptz": "time", "varchar": "text", "varchar[]": "list", "boolean": "flag"}


def columns(store: Store) -> Result:
    """Each column that `--by` takes: of which table, and how many rows and values it has."""
    rows: list[tuple[Any, ...]] = []
    for table in TABLES.values():
        rows += _of_table(store, table)
    if not any(row[0] == "tickets" for row in rows):
        rows = [row for row in rows if row[2] != WORKED_OUT]
    return Result(
        metric="tables",
        title="Columns that --by takes",
        definition="filled: rows that have a value; values: different ones. Extra columns are those of the exports "
        "that no column of ours takes; what is worked out of each ticket is counted when it is asked for.",
        columns=COLUMNS,
        rows=tuple(rows),
        scope=Scope(time_zone=store.zone, currency=store.currency, rows=len(rows)),
    )


def _of_table(store: Store, table: Table) -> list[tuple[Any, ...]]:
    ((total,),) = store.rows(f"select count(*) from {table.name}")
    if not total:
        return []
    named = [(name, "text", name) for name in PROVENANCE[:2]]
    named += [(field.name, _KINDS.get(field.type, "number"), quoted(field.name)) for field in table.fields]
    extra = sorted(store.properties(table.name))
    parameters = {f"p{number}": property_path(name) for number, name in enumerate(extra)}
    named += [(name, "extra", f"json_extract_string(properties, $p{number})") for number, name in enumerate(extra)]
    counted = ", ".join(f"count({sql}), count(distinct {sql})" for _, _, sql in named)
    (numbers,) = store.rows(f"select {counted} from {table.name}", **parameters)
    found = [
        (table.name, name, kind, total, numbers[2 * place], numbers[2 * place + 1])
        for place, (name, kind, _) in enumerate(named)
        if numbers[2 * place]
    ]
    lines = lined_names(store, OF_LINES, frozenset()) if table.name == "orders" else ()
    more = [*((name, "of lines") for name in OF_LINES if name in lines), *((n, WORKED_OUT) for n in worked_out(table))]
    return [*found, *((table.name, name, kind, total, None, None) for name, kind in more)]
