"""How a file's columns are written: found in its first rows, and in all of them where those do not settle it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError, UsageError
from supportkit.exports.recognising.expressions import added, is_doubtful, written
from supportkit.exports.rows.personal_data import Protection
from supportkit.exports.rows.score_column import find_scores
from supportkit.exports.rows.staging import Staging
from supportkit.exports.rows.text_queries import cell_query, given_query, glance_query
from supportkit.exports.value_formats.date_formats import (
    ORDERS,
    AmbiguousDatesError,
    Dates,
    Format,
    Order,
    choose_date_order,
    date_shapes,
)
from supportkit.exports.value_formats.number_formats import (
    PLAIN,
    THOUSAND,
    AmbiguousNumbersError,
    Numbers,
    Votes,
    choose_number_format,
    votes,
)
from supportkit.store.deciding import SCORE
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@contextmanager
def in_file(name: str, protection: Protection) -> Iterator[None]:
    """Says of which file it is that a column can be read in two ways, with an example that may be shown."""
    try:
        yield
    except (AmbiguousDatesError, AmbiguousNumbersError) as error:
        raise DataError(f"{name}: {protection.shown(error.message)}", hint=error.hint) from error


SAMPLE: Final = 5_000
INSTANT: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
INSTANTS: Final = Format("%Y-%m-%dT%H:%M:%SZ", "utc")
NO_DATE: Final = Dates((), None, "no value is a date")
DIGIT: Final = r"\d"
"""A text without one is neither a number nor a date, however they are written."""


def find_formats(connection: DuckDBPyConnection, staging: Staging, *, dates: str | None) -> None:
    """Fill in `staging.reading` from the first rows. Raises DataError for a column that can be read in two ways."""
    _find_numbers(connection, staging)
    staging.reading.figures = {place: _figure(connection, staging, place, dates) for place in staging.figures}
    glances = _glance(connection, staging)
    for column, seen in glances.items():
        if seen.usual and all_seen(staging) and staging.cell(column):
            staging.reading.usual.add(column)
        if column in staging.numeric:
            plainly = Numbers("plain", "digits and a point", sure=column in staging.reading.usual)
            found = _numbers(connection, staging, column, SAMPLE) if seen.odd else plainly
            staging.reading.numbers[column] = found
        elif seen.odd:
            staging.reading.dates[column] = _dates(connection, staging, column, dates, SAMPLE)
        else:
            _stated(staging, column, dates)
            instants = Dates((INSTANTS,), None, "the year comes first", seen.example)
            staging.reading.dates[column] = instants if seen.example else NO_DATE
    if SCORE.column in glances and staging.known.table.name == SCORE.table and not glances[SCORE.column].usual:
        staging.reading.scores = find_scores(connection, staging, SAMPLE)


def _find_numbers(connection: DuckDBPyConnection, staging: Staging) -> None:
    """Which columns of the file hold nothing but numbers, of those in a sum that is to be a text. Raises UsageError
    where such a sum may as well be the texts joined."""
    for column, expressions in staging.sums.items():
        for expression in expressions:
            for place in added(expression):
                query = cell_query(staging, place, None)
                odd = f"select 1 from ({query}) as given(cell) where not regexp_full_match(cell, '{PLAIN}') limit 1"
                if not connection.execute(odd, staging.bound(odd)).fetchall():
                    staging.reading.numbers_alone.add(place)
            if is_doubtful(expression) and set(added(expression)) <= staging.reading.numbers_alone:
                text = written(expression, staging.headers)
                raise UsageError(
                    f"{column}={text}: may be the sum of the numbers, or their digits joined",
                    hint="say which: + 0 adds, + '' joins",
                )


class Glance(NamedTuple):
    """What the first rows say of a column: whether a value with a digit is not as usual, whether every value is, and
    an instant."""

    odd: bool
    usual: bool
    example: str = ""


def _glance(connection: DuckDBPyConnection, staging: Staging) -> dict[str, Glance]:
    """The first rows of the number and date columns: one query that spares most of them a closer look."""
    columns = (*staging.numeric, *staging.dated)
    if not columns or staging.known.settings.get("decimal"):
        return dict.fromkeys(columns, Glance(True, False))
    figures, money = {}, staging.money
    for column in columns:
        pattern = (PLAIN if column in staging.numeric else INSTANT).replace("{", "{{").replace("}", "}}")
        usual = f"regexp_full_match({{0}}, '{pattern}')"
        if column in money:
            usual = f"({usual} and not regexp_full_match({{0}}, '{THOUSAND.replace('{', '{{').replace('}', '}}')}'))"
        oddest = f"max(case when {{0}} = '' or {usual} then 0 when regexp_matches({{0}}, '{DIGIT}') then 2 else 1 end)"
        example = f"min({{0}}) filter ({usual})" if column in staging.dated else "''"
        figures[column] = f"{oddest} filter ({{0}} is not null), {example}"
    query = glance_query(staging, figures, SAMPLE)
    row = connection.execute(query, staging.bound(query)).fetchall()[0]
    pairs = zip(columns, row[::2], row[1::2], strict=True)
    return {column: Glance(oddest == 2, not oddest, example or "") for column, oddest, example in pairs}


def all_seen(staging: Staging) -> bool:
    """Whether the first rows are all rows of the file."""
    return staging.cells.rows <= SAMPLE


def read_all_rows(connection: DuckDBPyConnection, staging: Staging, columns: set[str], *, dates: str | None) -> bool:
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
            if column == SCORE.column and staging.known.table.name == SCORE.table:
                known, staging.reading.scores = staging.reading.scores, find_scores(connection, staging, None)
                changed |= known != staging.reading.scores
    return changed


def _dates(
    connection: DuckDBPyConnection, staging: Staging, column: str, stated: str | None, limit: int | None
) -> Dates:
    order, by = _stated(staging, column, stated)
    query = given_query(staging, column, limit)
    found = date_shapes(connection, query, staging.bound(query))
    try:
        chosen = choose_date_order(column, found, stated=order, by=by, zone=staging.reading.zones[column])
        if limit is None or chosen.settled:
            return chosen
    except AmbiguousDatesError:
        if limit is None:
            raise
    return _dates(connection, staging, column, stated, None)


def _numbers(connection: DuckDBPyConnection, staging: Staging, column: str, limit: int | None) -> Numbers:
    query, money = given_query(staging, column, limit), column in staging.money
    beside = (lambda: _other_money(connection, staging, column, limit)) if money else None
    found = _voted(connection, staging, column, query, limit, money=money, beside=beside)
    return found or _numbers(connection, staging, column, None)


def _other_money(connection: DuckDBPyConnection, staging: Staging, column: str, limit: int | None) -> Votes:
    others = [given_query(staging, other, limit) for other in staging.numeric if other in staging.money - {column}]
    query = " union all ".join(others) or "select null limit 0"
    return votes(connection, query, staging.bound(query))


def _figure(connection: DuckDBPyConnection, staging: Staging, place: int, dates: str | None) -> Numbers:
    found = _voted(connection, staging, staging.headers[place], cell_query(staging, place, None), None)
    assert found is not None
    return found


def _voted(
    connection: DuckDBPyConnection,
    staging: Staging,
    column: str,
    query: str,
    limit: int | None,
    *,
    money: bool = False,
    beside: Callable[[], Votes] | None = None,
) -> Numbers | None:
    """The style of a column; None where the first rows do not settle it."""
    if decimal := staging.known.settings.get("decimal"):
        if decimal not in (".", ","):
            raise UsageError(f"decimal={decimal}: not a decimal sign", hint="say decimal='.' or decimal=','")
        return Numbers("point" if decimal == "." else "comma", "stated by the map")
    try:
        return choose_number_format(connection, column, query, staging.bound(query), money=money, beside=beside)
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
