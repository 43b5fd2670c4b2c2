"""How a file's columns are written: found in its first rows, and in all of them where those do not settle it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError, UsageError
from supportkit.exports.dates import ORDERS, AmbiguousDatesError, Dates, Format, Order, choose, shapes
from supportkit.exports.numbers import PLAIN, AmbiguousNumbersError, Numbers, vote
from supportkit.exports.staging import Staging

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@contextmanager
def in_file(name: str) -> Iterator[None]:
    """Says of which file it is that a column can be read in two ways."""
    try:
        yield
    except (AmbiguousDatesError, AmbiguousNumbersError) as error:
        raise DataError(f"{name}: {error.message}", hint=error.hint) from error


SAMPLE: Final = 5_000
INSTANT: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
INSTANTS: Final = Format("%Y-%m-%dT%H:%M:%SZ", "utc")
NO_DATE: Final = Dates((), None, "no value is a date")
PLAINLY: Final = Numbers("plain", "digits and a point")
WORD: Final = r"\D+"
"""A text without a digit is neither a number nor a date, however they are written."""


def find_reading(connection: DuckDBPyConnection, staging: Staging, *, dates: str | None) -> None:
    """Fill in `staging.reading` from the first rows. Raises DataError for a column that can be read in two ways."""
    staging.reading.figures = {place: _figure(connection, staging, place, dates) for place in staging.figures}
    odd, instants = _glance(connection, staging)
    for column in staging.numeric:
        odd_one = column in odd
        staging.reading.numbers[column] = _numbers(connection, staging, column, SAMPLE) if odd_one else PLAINLY
    for column in staging.dated:
        if column in odd:
            staging.reading.dates[column] = _dates(connection, staging, column, dates, SAMPLE)
            continue
        _stated(staging, column, dates)
        plainly = Dates((INSTANTS,), None, "the year comes first", instants[column] or "")
        staging.reading.dates[column] = plainly if instants[column] else NO_DATE


def _glance(connection: DuckDBPyConnection, staging: Staging) -> tuple[set[str], dict[str, str | None]]:
    """The number and date columns whose first rows have values that are neither plain nor an instant in UTC, and an
    instant of each of the others: one query that spares most columns a closer look."""
    columns = (*staging.numeric, *staging.dated)
    if not columns or staging.known.settings.get("decimal"):
        return set(columns), {}
    figures = {}
    for column in columns:
        usual = (PLAIN if column in staging.numeric else INSTANT).replace("{", "{{").replace("}", "}}")
        example = "cast(null as varchar)"
        if column in staging.dated:
            example = f"min({{0}}) filter (regexp_full_match({{0}}, '{usual}'))"
        figures[column] = f"count(*) filter (not regexp_full_match({{0}}, '{usual}|{WORD}')), {example}"
    query = staging.glance_query(figures, SAMPLE)
    row = connection.execute(query, staging.bound(query)).fetchall()[0]
    pairs = dict(zip(columns, zip(row[::2], row[1::2], strict=True), strict=True))
    odd = {column for column, (count, _) in pairs.items() if count}
    return odd, {column: example for column, (_, example) in pairs.items() if column not in odd}


def all_seen(staging: Staging) -> bool:
    """Whether the first rows are all rows of the file."""
    return staging.cells.rows <= SAMPLE


def read_again(connection: DuckDBPyConnection, staging: Staging, columns: set[str], *, dates: str | None) -> bool:
    """Look at all rows of the columns in which a cell could not be read; whether that changes how they are read."""
    if all_seen(staging):
        return False
    changed = False
    for column in sorted(columns):
        if column in staging.reading.dates:
            found = _dates(connection, staging, column, dates, None)
            changed |= set(found.formats) != set(staging.reading.dates[column].formats)
            staging.reading.dates[column] = found
        elif column in staging.reading.numbers:
            numbers = _numbers(connection, staging, column, None)
            changed |= numbers.style != staging.reading.numbers[column].style
            staging.reading.numbers[column] = numbers
    return changed


def _dates(
    connection: DuckDBPyConnection, staging: Staging, column: str, stated: str | None, limit: int | None
) -> Dates:
    order, by = _stated(staging, column, stated)
    query = staging.given_query(column, limit)
    found = shapes(connection, query, staging.bound(query))
    try:
        chosen = choose(column, found, stated=order, by=by)
        if limit is None or chosen.settled:
            return chosen
    except AmbiguousDatesError:
        if limit is None:
            raise
    return _dates(connection, staging, column, stated, None)


def _numbers(connection: DuckDBPyConnection, staging: Staging, column: str, limit: int | None) -> Numbers:
    return _voted(connection, staging, column, staging.given_query(column, limit), limit) or _numbers(
        connection, staging, column, None
    )


def _figure(connection: DuckDBPyConnection, staging: Staging, place: int, dates: str | None) -> Numbers:
    found = _voted(connection, staging, staging.headers[place], staging.cell_query(place, None), None)
    assert found is not None
    return found


def _voted(
    connection: DuckDBPyConnection, staging: Staging, column: str, query: str, limit: int | None
) -> Numbers | None:
    """The style of a column; None where the first rows do not settle it."""
    if decimal := staging.known.settings.get("decimal"):
        if decimal not in (".", ","):
            raise UsageError(f"decimal={decimal}: not a decimal sign", hint="say decimal='.' or decimal=','")
        return Numbers("point" if decimal == "." else "comma", "stated by the map")
    try:
        return vote(connection, column, query, staging.bound(query))
    except AmbiguousNumbersError:
        if limit is None:
            raise
        return None


def _stated(staging: Staging, column: str, option: str | None) -> tuple[Order | None, str]:
    """The order of day and month that somebody states: --dates, the map, or the vendor's profile."""
    for text, by in (
        (option, "--dates"),
        (staging.known.settings.get("dates"), "the map"),
        (staging.known.export.dates, f"the profile of {staging.known.export.source}"),
    ):
        if text:
            order = next((order for order in ORDERS if order == text.lower()), None)
            if order is None:
                raise UsageError(f"--dates {text}: not an order of day and month", hint="say dmy, mdy or ymd")
            return order, by
    return None, ""
