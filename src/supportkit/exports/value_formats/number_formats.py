"""Numbers of a column: plain, or with thousands, a decimal comma, a currency sign, in one way for the whole column.

`1,234` is a thousand in English and one and a quarter in German: a column in which every comma stands so is refused
with both readings. A point as in `1.250` is a decimal point unless other values of the column prove a decimal comma;
in a column of money in which nothing tells, and nothing in the file's others, it is refused so, too. `1,5E+03` is
how spreadsheets write 1500.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal

from supportkit.errors import DataError
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Style = Literal["plain", "point", "comma"]

PLAIN: Final = r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,2})?"
_SIGN: Final = r"(?:[A-Za-z]{2,3}\.?\$?|zł|kr\.?|руб\.?|р\.|[$€£¥₽₴₹₺₪₩])"
_BODY: Final = r"\d[\d.,'’ \x{a0}\x{202f}]*"
_NUMBER: Final = (
    rf"\(?(?:([+\-−])\s*{_SIGN}?|{_SIGN}?\s*([+\-−])?)\s*({_BODY}?|\.\d+)([eE][+-]?\d{{1,2}})?\s*{_SIGN}?\s*%?\)?(-?)"
)


_COMMA: Final = r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|\d+,(\d{1,2}|\d{4,})"
_POINT: Final = r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}|\d*\.(\d{1,2}|\d{4,})"
THOUSAND: Final = r"[1-9]\d{0,2}\.\d{3}"
"""A point that may be either."""
_NO_THOUSANDS: Final = r"\d{4,}(\.\d+)?|0?\.\d+"
"""What nobody writes who sets thousands apart."""


class AmbiguousNumbersError(DataError):
    """Two readings of the comma explain a column."""


class Numbers(NamedTuple):
    """How a column's numbers are read, and why."""

    style: Style
    why: str
    sure: bool = False  # every value is known to be plain


class Votes(NamedTuple):
    """How many values of a column are written in each way, and an example of some."""

    odd: int
    comma: int
    point: int
    either: int
    an_either: str | None
    a_comma: str | None
    a_point: str | None
    a_thousand: str | None
    no_thousands: int

    def doubtful(self, *, money: bool) -> str | None:
        """A value of which nothing in the column tells whether it has a thousand or decimals."""
        if self.comma or self.point:
            return None
        return self.an_either or (self.a_thousand if money and not self.no_thousands else None)


VOTE_SQL: Final = rf"""
select count(*) filter (not plain), count(*) filter (comma), count(*) filter (point), count(*) filter (either),
       min(value) filter (either), min(value) filter (comma), min(value) filter (point),
       min(value) filter (thousand), count(*) filter (no_thousands)
  from (select value, regexp_full_match(value, '{PLAIN}') as plain,
               regexp_full_match(body, '{THOUSAND}') as thousand,
               regexp_full_match(body, '{_NO_THOUSANDS}') or regexp_matches(value, '\d[eE][+-]?\d') as no_thousands,
               regexp_full_match(body, '{_COMMA}') as comma,
               regexp_full_match(body, '{_POINT}') as point,
               regexp_full_match(body, '\d{{1,3}},\d{{3}}') as either
          from (select value, regexp_replace(regexp_extract(value, '^{_NUMBER.replace("'", "''")}$', 3),
                                             '[''’ \x{{a0}}\x{{202f}}]', '', 'g') as body
                  from (select distinct value from (:values) as given(value) where value is not null)))
"""


def choose_number_format(
    connection: DuckDBPyConnection,
    column: str,
    values: str,
    parameters: dict[str, object],
    *,
    money: bool = False,
    beside: Callable[[], Votes] | None = None,
) -> Numbers:
    """The style of a column; `values` is a query of one text column, `beside` how the file's other columns of
    money vote, which are asked where the values do not tell. Raises AmbiguousNumbersError."""
    seen = votes(connection, values, parameters)
    example = seen.doubtful(money=money)
    if example is not None:
        others = beside() if beside else None
        if others and bool(others.comma) != bool(others.point or others.no_thousands):
            like = others.a_comma or others.a_point
            why = f"as in {like!r} beside it" if like else "as nothing beside it has its thousands apart"
            return Numbers("comma" if others.comma else "point", why)
        thousands, decimals = re.sub("[,.]", "", example), example.replace(",", ".")
        raise AmbiguousNumbersError(
            f"column {column!r}: {example!r} may be {thousands} or {decimals}; every value can be read both ways",
            hint="say which: --map decimal=\"'.'\" or --map decimal=\"','\"",
        )
    if not seen.odd:
        return Numbers("plain", "digits and a point")
    if seen.comma and seen.point:
        raise AmbiguousNumbersError(
            f"column {column!r}: {seen.a_comma!r} has a decimal comma and {seen.a_point!r} a decimal point",
            hint="export the column in one way",
        )
    if seen.comma:
        return Numbers("comma", f"a decimal comma, as in {seen.a_comma!r}")
    return Numbers("point", f"a decimal point, as in {seen.a_point!r}" if seen.point else "no decimals")


def votes(connection: DuckDBPyConnection, values: str, parameters: dict[str, object]) -> Votes:
    """How the values of a query of one text column are written."""
    return Votes(*connection.execute(VOTE_SQL.replace(":values", values), parameters).fetchall()[0])


def number_sql(value: str, numbers: Numbers) -> str:
    """The SQL for the number a text stands for, as text that casts; null where it is none."""
    if numbers.sure:
        return value
    if numbers.style == "plain":
        return f"case when regexp_full_match({value}, '{PLAIN}') then {value} end"
    pattern = "^" + _NUMBER.replace("'", "''") + "$"
    whole = f"regexp_full_match({value}, '{pattern}')"
    body = f"regexp_replace(regexp_extract({value}, '{pattern}', 3), '[''’ \\x{{a0}}\\x{{202f}}]', '', 'g')"
    body = f"replace(replace({body}, '.', ''), ',', '.')" if numbers.style == "comma" else f"replace({body}, ',', '')"
    negative = f"regexp_matches({value}, '^[(]|^[^0-9]*[-−]|-$')"
    usual = PLAIN if numbers.style == "point" else r"[+-]?\d+"  # the same in both readings, and soon told
    exponent = f"regexp_extract({value}, '{pattern}', 4)"
    return (
        f"case when regexp_full_match({value}, '{usual}') then {value} "
        f"when {whole} then concat(case when {negative} then '-' else '' end, {body}, {exponent}) end"
    )


def sign_sql(cell: str) -> str:
    """The SQL for what stands in an amount beside its figures: the code of its currency, else its sign; null for
    nothing."""
    figures = rf"regexp_replace({cell}, '[eE][+-]?\d+', '')"
    code = rf"regexp_extract({figures}, '(?:^|[^A-Za-z])([A-Z]{{3}})(?:$|[^A-Za-z$])', 1)"
    return (
        rf"coalesce(nullif({code}, ''), nullif(regexp_extract({figures}, '[^\d\s\x{{a0}}\x{{202f}}.,''’()%+−-]+'), ''))"
    )
