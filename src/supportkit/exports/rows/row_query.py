"""The query of a file's typed rows: the texts given for our columns, their values, what is kept and what is refused.

`g` columns are the texts given for each of ours, `v` columns the values. What was given and has no value is told in
`bad`; why a row is refused stands in `refused`.
"""

from __future__ import annotations

from collections.abc import Mapping

from supportkit.exports.recognising.keeping import Read, kept_sql
from supportkit.exports.rows.private_cells import PRIVATE, PrivateCells
from supportkit.exports.rows.refused_rows import judged_rows
from supportkit.exports.rows.staging import TEXTS, Staging
from supportkit.exports.rows.stored_columns import stored_sql
from supportkit.exports.value_formats.values import typed_sql
from supportkit.store.deciding import deciding


def rows_query(staging: Staging) -> str:
    """Every row with its values, `bad`, `refused` and its place in the file."""
    return staging.over_texts(_rows(staging))


def stage_query(staging: Staging, columns: tuple[str, ...]) -> str:
    """All rows, with personal data taken out, in the order of `columns`; then why a row is refused, and the columns
    that could not be read."""
    private = PrivateCells(staging.cells.rows)
    selected = ", ".join(f"{_kept(stored_sql(staging, name, private))} as {name}" for name in columns)
    rows = _rows(staging)
    if cells := private.sql():
        rows = f"select *, {cells} as {PRIVATE} from ({rows})"
    return staging.over_texts(f"select {selected}, refused_column, refused, bad from ({rows})")


def _rows(staging: Staging) -> str:
    given = _with_columns(f"select * from {TEXTS}", _given_columns(staging))
    if staging.reading.scores:
        given = _with_columns(given, {"s_score": staging.reading.scores.place_sql(staging.bind)})
    values = _with_columns(given, _value_columns(staging))
    return judged_rows(staging, _with_columns(values, _keep_columns(staging)) if staging.known.keep else values)


def _with_columns(inner: str, columns: Mapping[str, str]) -> str:
    added = ", ".join(f"{sql} as {name}" for name, sql in columns.items())
    return f"select *, {added} from ({inner})"


def _given_columns(staging: Staging) -> dict[str, str]:
    return {f"g_{field.name}": staging.given_sql(field) for field in staging.fields()}


def _kept(value: str) -> str:
    """The SQL of a value, of which nothing is read where its row is refused and it may hold personal data."""
    return f"case when refused is null then {value} end" if "private_" in value else value


def _value_columns(staging: Staging) -> dict[str, str]:
    judged = {one.column: one for one in deciding(staging.known.table.name)}
    columns = {}
    for column in staging.fields():
        export = staging.known.export
        value = typed_sql(
            column,
            f"g_{column.name}",
            table=staging.known.table.name,
            dates=staging.reading.dates.get(column.name),
            numbers=staging.reading.numbers.get(column.name),
            zone=staging.bind(staging.reading.zones[column.name]),
            unit=staging.known.units.get(column.name, "s"),
            split=export.split,
            words=None if column.name in judged else export.values.get(column.name),
            source=export.source,
            contrary=column.name in staging.known.contrary,
            spoken=staging.readers.spoken(judged[column.name]) if column.name in judged else (),
        )
        if column.name == "score" and staging.reading.scores:
            value = f"coalesce({staging.reading.scores.values_sql(staging.bind, 'value')}, {value})"
        columns[f"v_{column.name}"] = value
    return columns


def _keep_columns(staging: Staging) -> dict[str, str]:
    cells = Read(staging.compared, staging.number, staging.bind, staging.settings.zone)
    return {
        f"keep_{number}": kept_sql(kept, cells, fold=text in staging.known.export.keep)
        for number, (text, kept) in enumerate(staging.known.keep)
    }
