"""Amounts of several rows of a key of a joined file, added: in one currency, and none that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportkit.errors import DataError
from supportkit.exports.recognising.expressions import Constant, Expression, Header, Operation
from supportkit.exports.value_formats.number_formats import choose_number_format, number_sql, sign_sql
from supportkit.exports.value_formats.values import meaningful_sql
from supportkit.store.schema import ORDERS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AMOUNT = next(field for field in ORDERS.fields if field.name == "amount")


def added_place(expression: Expression) -> int | None:
    """The place of the column whose rows can be added before an expression is calculated: it stands alone, or is
    multiplied or divided by a number."""
    match expression:
        case Header(place):
            return place
        case Operation("*" | "/", Header(place), Constant(_, True)) | Operation("*", Constant(_, True), Header(place)):
            return place
    return None


def sum_sql(connection: DuckDBPyConnection, rows: str, place: int, header: str, key: str, file: str) -> str:
    """The SQL for the sum of a column of `rows` over those of a key, as text with its currency's sign; where one of
    the amounts cannot be read, that text, which is refused with its row.

    Raises DataError where the amounts of a key have two signs.
    """
    cell = meaningful_sql(_AMOUNT, f"nullif(trim(c{place}), '')")
    numbers = choose_number_format(connection, header, f"select {cell} from {rows}", {}, money=True)
    value = f"try_cast({number_sql(cell, numbers)} as decimal(38,10))"
    unread = f"{cell} is not null and {value} is null"
    total = f"cast(sum({value}) as varchar)"
    if numbers.style != "plain":
        sign = f"case when {value} is not null then {sign_sql(cell)} end"
        found = connection.execute(
            f"select {key}, min({sign}), max({sign}) from {rows} where {key} is not null group by {key} "
            f"having count(distinct {sign}) > 1 order by 1 limit 1"
        ).fetchall()
        for name, one, other in found:
            raise DataError(
                f"{file}: the {header!r} of {name!r} are in {one} and {other}, and are not added; nothing was changed",
                hint="leave one currency a key, or change the amounts into one",
            )
        total += f" || coalesce(' ' || max({sign}), '')"
    return f"case when count(*) filter ({unread}) > 0 then min({cell}) filter ({unread}) else {total} end"
