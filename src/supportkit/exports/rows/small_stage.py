"""Personal data taken out of the stage of a small file, before it is merged.

Its different cells are asked for, and those that hold some are written anew, which spares loading what DuckDB needs to
call Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from supportkit.exports.masking import may_be_personal
from supportkit.exports.masking.in_sql import quoted
from supportkit.exports.rows.personal_data import Contact, Protection

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def protect_stage(
    connection: DuckDBPyConnection,
    stage: str,
    columns: Mapping[str, str],
    protection: Protection,
    properties: Sequence[str] = (),
) -> None:
    """Take personal data out of a small stage; `columns` says of each what it holds: text, code and its header, person,
    tags or json. The names of the `properties` are told where the rows are many.

    A person stands there as `kind value`, kind being email, phone or id.
    """
    texts = {
        column: column if holds.startswith(("text", "person", "code ")) else f"cast(to_json({column}) as varchar)"
        for column, holds in columns.items()
    }
    changed: dict[str, dict[str, str]] = {}
    for column, cell in _cells(connection, stage, texts, properties, protection):
        done = _treated(cell, columns[column], protection)
        if done != cell:
            changed.setdefault(column, {})[cell] = done
    for column, treated in changed.items():
        kind = {"tags": "varchar[]", "json": "json"}.get(columns[column])
        stored = f"cast(cast(done as json) as {kind})" if kind else "done"
        connection.execute(
            f"update {stage} set {column} = {stored} "
            "from (select unnest($given) as given, unnest($done) as done) as treated "
            f"where {texts[column]} = treated.given",
            {"given": list(treated), "done": list(treated.values())},
        )


def _cells(
    connection: DuckDBPyConnection,
    stage: str,
    texts: Mapping[str, str],
    properties: Sequence[str],
    protection: Protection,
) -> Iterator[tuple[str, str]]:
    """The different cells of a stage that may have to be changed, by their column."""
    alike = {column: text for column, text in texts.items() if column != "properties" or not properties}
    if alike:
        cells = ", ".join(f"{{'of': '{column}', 'cell': {text}}}" for column, text in alike.items())
        distinct = f"select distinct one.of, one.cell from (select unnest([{cells}]) as one from {stage})"
        yield from connection.execute(f"{distinct} where one.cell is not null").fetchall()
    if len(alike) == len(texts):
        return
    each = (
        "select properties, unnest($names) as name, unnest(json_extract_string(properties, "
        f"[{', '.join(map(_pointer, properties))}])) as cell from {stage}"
    )
    different = f"select distinct name, cell from ({each}) where cell is not null"
    found = connection.execute(different, {"names": list(properties)}).fetchall()
    changing = [(name, cell) for name, cell in found if protection.changes(name, cell)]
    if changing:
        names, values = zip(*changing, strict=True)
        rows = (
            f"select distinct cast(properties as varchar) from ({each}) "
            "semi join (select unnest($of) as name, unnest($cells) as cell) using (name, cell)"
        )
        given = {"names": list(properties), "of": list(names), "cells": list(values)}
        yield from (("properties", cell) for (cell,) in connection.execute(rows, given).fetchall())


def _pointer(name: str) -> str:
    """A name in a JSON object as a pointer, in SQL."""
    return quoted("/" + name.replace("~", "~0").replace("/", "~1"))


def _treated(value: str, holds: str, protection: Protection) -> str:
    if holds == "text":
        return protection.text(value)
    if holds.startswith("code "):
        return protection.coded(holds.removeprefix("code "), value)
    if holds != "person":
        return protection.json(value) if holds == "json" or may_be_personal(value) else value
    kind, _, text = value.partition(" ")
    return protection.person(text, cast("Contact", kind))
