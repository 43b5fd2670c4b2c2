"""How a column's numbers are read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from supportkit.errors import DataError
from supportkit.exports.value_formats.number_formats import choose_number_format, number_sql, votes

duckdb = pytest.importorskip("duckdb")


def read(*values: str, money: bool = False, beside: tuple[str, ...] = ()) -> list[Decimal | None]:
    query, given = "select unnest($values)", {"values": list(values)}
    with duckdb.connect() as connection:
        style = choose_number_format(
            connection,
            "Amount",
            query,
            dict(given),
            money=money,
            beside=lambda: votes(connection, query, {"values": list(beside)}),
        )
        sql = f"select try_cast({number_sql('v', style)} as decimal(18,4)) from (select unnest($values) as v)"
        return [row[0] for row in connection.execute(sql, given).fetchall()]


def d(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (["12", "-3.50", "0"], d("12", "-3.5", "0")),
        (["12,50", "1.234,56", "-7"], d("12.5", "1234.56", "-7")),
        (["1,234.56", "1,234"], d("1234.56", "1234")),
        (["1 234,56", "1\u202f234,5", "1'000,25"], d("1234.56", "1234.5", "1000.25")),
        (["$12.00", "€ 5.5", "7 EUR", "USD 1,000.00"], d("12", "5.5", "7", "1000")),
        (["1 200,50 ₽", "99 руб."], d("1200.5", "99")),
        (["(12.00)", "12.00-", "-$3.00", "−1.5"], d("-12", "-12", "-3", "-1.5")),
        (["1.250", "0.125"], d("1.25", "0.125")),
        (["1.250", "3,5"], d("1250", "3.5")),
        (["1,234,567", "12"], d("1234567", "12")),
        (["1e3", "1.5E+03", "-2E-2", "7"], d("1000", "1500", "-0.02", "7")),
        (["1,5E+03", "2,25"], d("1500", "2.25")),
        (["--5", "+-5", "- $5", "$-5", "1.00"], [None, None, *d("-5", "-5", "1")]),
        (["1.5E+03 €", "1,000.00"], d("1500", "1000")),
    ],
)
def test_a_column_is_read_in_one_way(values: list[str], numbers: list[Decimal]) -> None:
    assert read(*values) == numbers


def test_what_is_no_number_is_null() -> None:
    assert read("12", "N/A", "12abcd", "1-2", "--") == [Decimal(12), None, None, None, None]


def test_a_comma_that_may_be_either_is_refused_with_both_readings() -> None:
    with pytest.raises(DataError, match=r"'1,234' may be 1234 or 1\.234"):
        read("1,234", "2,500")


def test_a_column_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(DataError, match="decimal comma and"):
        read("1,5", "1.5")


@pytest.mark.parametrize(
    ("values", "beside", "numbers"),
    [
        (("7.765", "10"), ("15.53", "20"), d("7.765", "10")),
        (("7.765",), ("1530", "20"), d("7.765")),
        (("7.765",), ("15,53", "20"), d("7765")),
        (("7,765",), ("15,53", "1.200,00"), d("7.765")),
        (("7,765",), ("15.53", "1,200.00"), d("7765")),
    ],
)
def test_money_that_may_be_either_is_read_as_the_money_beside_it(
    values: tuple[str, ...], beside: tuple[str, ...], numbers: list[Decimal]
) -> None:
    assert read(*values, money=True, beside=beside) == numbers


@pytest.mark.parametrize("beside", [("15", "20"), ("1.234",), ("15.5", "15,5")])
def test_money_beside_that_tells_nothing_leaves_the_doubt(beside: tuple[str, ...]) -> None:
    with pytest.raises(DataError, match="may be"):
        read("7.765", money=True, beside=beside)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("1.234", "980", "2.500"), "'1.234' may be 1234 or 1.234"),
        (("1.234 €", "980 €", "2.500 €"), "'1.234 €' may be 1234 € or 1.234 €"),
        (("3.100", "3.100"), "'3.100' may be 3100 or 3.100"),
    ],
)
def test_a_point_in_money_that_may_be_either_is_refused_with_both_readings(values: tuple[str, ...], said: str) -> None:
    with pytest.raises(DataError) as refused:
        read(*values, money=True)
    assert said in refused.value.message
    assert "decimal" in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (("1.234", "980", "2.5"), d("1.234", "980", "2.5")),  # who sets thousands apart writes no 2.5
        (("1.234", "4500"), d("1.234", "4500")),
        (("1.250", "0.125"), d("1.25", "0.125")),
        (("1.234", "12,50"), d("1234", "12.5")),
        (("980", "12"), d("980", "12")),
    ],
)
def test_money_of_which_something_tells_is_read(values: tuple[str, ...], numbers: list[Decimal]) -> None:
    assert read(*values, money=True) == numbers
