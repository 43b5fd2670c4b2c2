"""What `--by` takes: the columns of each table, the topic, and the extra columns of the exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from supportkit.result import Result, Scope, count, detail, key
from supportkit.store.identifiers import quoted
from supportkit.store.lined_orders import property_path
from supportkit.store.schema import TABLES, Table
from supportkit.store.selection import has_topic

if TYPE_CHECKING:
    from supportkit.store.store import Store

COLUMNS: Final = (key("table"), key("column"), detail("kind", "text"), count("rows"), count("filled"), count("values"))
_KINDS: Final = {"timestamptz": "time", "varchar": "text", "varchar[]": "list", "boolean": "flag"}


def columns(store: Store) -> Result:
    """Each column that `--by` takes: of which table, and how many rows and values it has."""
    rows: list[tuple[Any, ...]] = []
    for table in TABLES.values():
        rows += _of_table(store, table)
    return Result(
        metric="tables",
        title="Columns that --by takes",
        definition="filled: rows that have a value; values: different ones. Extra columns are those of the exports "
        "that no column of ours takes.",
        columns=COLUMNS,
        rows=tuple(rows),
        notes=("--by topic takes the topic of a ticket, where tickets are loaded",) if _has_tickets(rows) else (),
        scope=Scope(time_zone=store.zone, currency=store.currency, rows=len(rows)),
    )


def _of_table(store: Store, table: Table) -> list[tuple[Any, ...]]:
    ((total,),) = store.rows(f"select count(*) from {table.name}")
    if not total:
        return []
    named = [("source", "text", "source"), ("source_file", "text", "source_file")]
    named += [(field.name, _KINDS.get(field.type, "number"), quoted(field.name)) for field in table.fields]
    extra = sorted(store.properties(table.name))
    parameters = {f"p{number}": property_path(name) for number, name in enumerate(extra)}
    named += [(name, "extra", f"json_extract_string(properties, $p{number})") for number, name in enumerate(extra)]
    counted = ", ".join(f"count({sql}), count(distinct {sql})" for _, _, sql in named)
    (numbers,) = store.rows(f"select {counted} from {table.name}", **parameters)
    return [
        (table.name, name, kind, total, numbers[2 * place], numbers[2 * place + 1])
        for place, (name, kind, _) in enumerate(named)
        if numbers[2 * place]
    ]


def _has_tickets(rows: list[tuple[Any, ...]]) -> bool:
    return any(has_topic(TABLES[row[0]]) for row in rows)
