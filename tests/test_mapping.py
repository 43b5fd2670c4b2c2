"""Maps and conditions that a person writes."""

from __future__ import annotations

import pytest

from supportkit.errors import UsageError
from supportkit.exports.recognising.expressions import (
    RECORD,
    Constant,
    Header,
    columns_read,
    numeric_columns,
    parse,
    sql_of,
)
from supportkit.exports.recognising.keeping import Read, kept_sql, numbers_in, parse_kept
from supportkit.store.matching import ComparedColumn

duckdb = pytest.importorskip("duckdb")

HEADERS = [
    "Quantity",
    "UnitPrice",
    "year",
    "month",
    "day",
    "order(sells)",
    "session ID",
    "page 1 (main category)",
    "a-b",
]
CELLS = {"Quantity": "3", "UnitPrice": "2.50", "year": "2008", "month": "4", "day": "1", "session ID": "7"}


def value(text: str, *, numeric: bool = False) -> object:
    return run(lambda bind: sql_of(parse(text, HEADERS), numeric=numeric, bind=bind, number=lambda p: f"t{p}"))


def holds(text: str) -> object:
    return run(lambda bind: kept_sql(parse_kept(text, HEADERS), Read(column, lambda place: f"t{place}", bind)))


def column(place: int) -> ComparedColumn:
    return ComparedColumn("any", f"t{place}", number=f"try_cast(t{place} as double)")


def run(make) -> object:  # type: ignore[no-untyped-def]
    bound: dict[str, object] = {}

    def bind(text: object) -> str:
        bound[f"p{len(bound)}"] = text
        return f"$p{len(bound) - 1}"

    sql = make(bind)
    cells = ", ".join(f"${name} as t{place}" for place, name in enumerate(f"c{n}" for n in range(len(HEADERS))))
    values = {f"c{place}": CELLS.get(name) for place, name in enumerate(HEADERS)}
    with duckdb.connect() as connection:
        return connection.execute(f"select {sql} from (select {cells})", {**bound, **values}).fetchall()[0][0]


def test_a_header_stands_for_its_cell() -> None:
    assert parse("session ID", HEADERS) == Header(6)
    assert parse("SESSION id", HEADERS) == Header(6)
    assert parse("order(sells)", HEADERS) == Header(5)
    assert parse("a-b", HEADERS) == Header(8)
    assert parse("[a-b]", HEADERS) == Header(8)


def test_a_constant_stands_in_quotes() -> None:
    assert parse("'nps'", HEADERS) == Constant("nps")
    assert parse('"nps"', HEADERS) == Constant("nps")
    assert parse('"session ID"', HEADERS) == Header(6)
    assert value("'it''s'") == "it's"


def test_record_is_the_number_of_the_row() -> None:
    assert parse("record", HEADERS) == Header(RECORD)
    assert parse("record", ["Record"]) == Header(0)
    assert columns_read(parse("record+year", HEADERS)) == (2,)


def test_arithmetic_keeps_its_order() -> None:
    assert value("Quantity*UnitPrice", numeric=True) == "7.5000"
    assert value("Quantity + UnitPrice * 2", numeric=True) == "8.0000"  # 3 + 2.50 x 2
    assert value("(Quantity + UnitPrice) * 2", numeric=True) == "11.0000"
    assert value("-Quantity", numeric=True) == "-3.0000"
    assert value("Quantity/0", numeric=True) is None


def test_plus_joins_texts() -> None:
    assert value("year+'-'+month+'-'+day") == "2008-4-1"
    assert value("year+month") == "20084"
    assert value("a-b") is None


def figure(text: str, *numbers: str) -> object:
    """The value of an expression that is to be a text, where these columns hold numbers alone."""
    known = {HEADERS.index(name) for name in numbers}
    return run(
        lambda bind: sql_of(
            parse(text, HEADERS),
            numeric=False,
            bind=bind,
            number=lambda place: f"t{place}",
            numbers=lambda place: place in known,
        )
    )


@pytest.mark.parametrize(
    ("text", "numbers", "expected"),
    [
        ("1000+1", (), "1001"),
        ("1000 + year", ("year",), "3008"),
        ("1000 + year", (), "10002008"),  # the column holds other texts too
        ("year + month", ("year", "month"), "20084"),  # no number as written: digits are joined
        ("year*10000+month*100+day", ("day",), "20080401"),
        ("Quantity*UnitPrice", (), "7.5"),
        ("Quantity*UnitPrice + ' EUR'", (), "7.5 EUR"),
        ("1000 + 1 + 'x'", (), "10001x"),  # a text in quotes always joins
        ("1000 + year + ''", ("year",), "10002008"),
        ("(1000 + year) / 2", (), "1504"),
        ("-year", (), "-2008"),
    ],
)
def test_plus_adds_where_all_parts_are_numbers(text: str, numbers: tuple[str, ...], expected: str) -> None:
    assert figure(text, *numbers) == expected


def test_a_condition_compares_numbers_or_texts() -> None:
    assert holds("Quantity>0")
    assert holds("Quantity >= 3 and UnitPrice < 3 and year = '2008'")
    assert not holds("Quantity*UnitPrice > 8")
    assert holds("'3' = Quantity")
    assert not holds("page 1 (main category) != ''")
    assert not holds("order(sells) > 0")  # empty: no number, so not kept


def test_what_is_read_as_a_number_is_known() -> None:
    assert numeric_columns(parse("Quantity*UnitPrice", HEADERS), numeric=True) == (0, 1)
    assert numbers_in(parse_kept("Quantity>0 and year='x' and month*2>day", HEADERS), column) == (0, 3, 4)
    assert columns_read(parse("year+'-'+month", HEADERS)) == (2, 3)


@pytest.mark.parametrize(
    "text",
    ["nothing", "Quantity*", "(Quantity", "Quantity UnitPrice", "1; drop table t", "Quantity*sleep(1)", "[no]", ""],
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not understood"):
        parse(text, HEADERS)


def test_a_condition_needs_a_comparison() -> None:
    with pytest.raises(UsageError, match="column 9: 'Quantity' is no condition: an operator is missing"):
        parse_kept("Quantity", HEADERS)


def test_a_constant_is_bound_and_not_pasted() -> None:
    assert value("'''; drop table t; --'") == "'; drop table t; --"


@pytest.mark.parametrize("text", ["(" * 200 + "a" + ")" * 200, "a+" * 250 + "a", "a" * 501, "(" * 499])
def test_what_is_too_long_or_too_deep_is_refused(text: str) -> None:
    for read in (parse, parse_kept):
        with pytest.raises(UsageError, match=r"too long|not understood"):
            read(text, ["a"])


def test_a_long_expression_that_is_short_enough_is_run() -> None:
    sum_ = parse("a+" * 200 + "a", ["a"])
    assert columns_read(sum_) == (0,)
    assert sql_of(sum_, numeric=True, bind=str, number=lambda place: f"t{place}").count("t0") == 201
