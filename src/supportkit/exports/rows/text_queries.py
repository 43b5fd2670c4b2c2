"""Queries of a file's texts, from which is found how its columns are written: of the first rows, or of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supportkit.exports.rows.staging import TEXTS, Staging
from supportkit.exports.value_formats.number_formats import number_sql


def given_query(staging: Staging, column: str, limit: int | None) -> str:
    """The texts given for one of our columns, of the first rows or of all."""
    return staging.over_texts(f"select {staging.given_sql(staging.field(column))} from {TEXTS}", limit)


def glance_query(staging: Staging, figures: Mapping[str, str], limit: int | None) -> str:
    """Aggregates of the texts given for several columns: `figures` has for each the SQL, with `{}` for the text;
    of a column that is one of the file's, its cells as they are."""
    given = ", ".join(f"{staging.cell(name) or staging.given_sql(staging.field(name))} as g_{name}" for name in figures)
    selected = ", ".join(sql.format(f"g_{name}") for name, sql in figures.items())
    return staging.over_texts(f"select {selected} from (select {given} from {TEXTS})", limit)


def score_query(staging: Staging, numbers: Sequence[str], most: int, limit: int | None) -> str:
    """The kinds and the texts of scores that are no numbers, and these numbers, with the most rows first."""
    given = ", ".join(f"{staging.given_sql(staging.field(name))} as g_{name}" for name in ("kind", "score"))
    number = number_sql("g_score", staging.reading.numbers["score"])
    asked = f"({number} is null" + (f" or list_contains({staging.bind(list(numbers))}, g_score))" if numbers else ")")
    return staging.over_texts(
        f"select g_kind, g_score from (select {given} from {TEXTS}) "
        f"where g_kind is not null and g_score is not null and {asked} "
        f"group by all order by count(*) desc, g_kind, g_score limit {most}",
        limit,
    )


def cell_query(staging: Staging, place: int, limit: int | None) -> str:
    """The texts of one column of the file."""
    return staging.over_texts(f"select t{place} from {TEXTS}", limit)
