"""Figures on a page: decimals by column, signs of changes, intervals as one, nothing joined that is no interval."""

from __future__ import annotations

from supportkit.render import render
from supportkit.render.chart_parts import shortened
from supportkit.render.language import ENGLISH, language_of
from supportkit.render.number_marks import set_signs, unbroken
from supportkit.render.typeset import between, headline, in_columns, intervals_joined
from supportkit.render.value_text import value_text
from supportkit.result import Column, Result, Value, count, figure, key


def table(*columns: Column, rows: list[tuple[Value, ...]]) -> Result:
    """A table of these rows."""
    return Result("sample", "t", "d", columns, tuple(rows), whole=False)


def test_a_column_has_as_many_decimals_as_its_largest_number_needs() -> None:
    made = in_columns(table(figure("ratio", "number", n="n"), rows=[(2.581,), (0.9912,), (None,)]), ENGLISH)
    assert made.rows == (("2.58",), ("0.99",), (None,))
    made = in_columns(table(figure("nps", "number", n="n"), rows=[(42.105,), (2.857,), (-5.0,)]), ENGLISH)
    assert made.rows == (("42.1",), ("2.9",), ("-5.0",))


def test_a_change_that_is_up_has_its_sign() -> None:
    columns = (figure("change", "share", n="n"), figure("difference", "number", n="n"), figure("share", "share", n="n"))
    made = in_columns(table(*columns, rows=[(0.25, 1234.5, 0.5), (-0.1, -3.0, 0.1), (0.0, None, 0.2)]), ENGLISH)
    assert made.rows == (("+25.0 %", "+1,234.5", 0.5), ("-10.0 %", "-3.0", 0.1), ("0.0 %", None, 0.2))


def test_the_ends_of_an_interval_are_one_column_with_one_unit() -> None:
    columns = (figure("csat_low", "share", "low", n="n"), figure("csat_high", "share", "high", n="n"))
    made = intervals_joined(table(*columns, rows=[(0.5, 0.612), (None, None)]), ENGLISH)
    assert [column.label for column in made.columns] == ["95 % interval"]
    assert made.rows == (("50.0 – 61.2 %",), (None,))


def test_a_difference_of_shares_is_in_points_and_a_score_of_100_has_one_decimal_in_every_row() -> None:
    apart = [figure(f"difference{end}", "share", n="n", points=True) for end in ("", "_low", "_high")]
    scores = [figure("nps", "number", n="n", points=True)]
    made = table(*apart, *scores, rows=[(0.0412, -0.133, 0.2, 5.0), (-0.09, -0.2, 0.084, 42.105)])
    on_page = intervals_joined(in_columns(made, ENGLISH), ENGLISH)
    assert on_page.rows == (
        ("+4.1 points", "-13.3 – +20.0 points", 5.0), ("-9.0 points", "-20.0 – +8.4 points", 42.105),
    )  # fmt: skip
    plain = render([made], "table")
    assert "4.1 points" in plain
    assert " 5.0" in plain
    assert "%" not in plain
    assert '"kind":"share"' in render([made], "json").replace(" ", "")
    assert value_text(0.0412, "points", None, language_of("ru")) == "4,1\u00a0п. п."
    assert [value_text(value, "of_100") for value in (2.857, 42.105, -0.04)] == ["2.9", "42.1", "0.0"]


def test_a_page_has_a_minus_and_dashes_and_leaves_names_days_and_commands() -> None:
    assert set_signs("-9.0 points [-24.1, +8.4]") == "−9.0 points [−24.1, +8.4]"
    assert set_signs("-25.7 – -9.5 points") == "−25.7 – −9.5 points"
    assert set_signs("promoters (9-10) less detractors (0-6), 4-5 of 1-5.") == (
        "promoters (9–10) less detractors (0–6), 4–5 of 1–5."
    )
    for same in (
        "2026-11-11",
        "2026-W45",
        "T-20001",
        "part-1",
        "cherry-picking",
        "supportkit nps --top -5",
        "555-1234",
    ):
        assert set_signs(same) == same


def test_nought_has_no_sign() -> None:
    made = in_columns(table(figure("change", "share", n="n"), rows=[(0.0004,), (0.0006,), (-0.1,)]), ENGLISH)
    assert made.rows == (("0.0 %",), ("+0.1 %",), ("-10.0 %",))


def facts(*columns: Column, values: dict[str, Value]) -> Result:
    """A result with these facts."""
    return Result("sample", "t", "d", (), (), {**values, "n": None}, fact_columns=(*columns, count("n")))


def test_low_and_high_of_the_headline_are_its_interval_and_other_bounds_are_not() -> None:
    low, high = figure("nps_low", "number", "low", n="n"), figure("nps_high", "number", "high", n="n")
    made = facts(figure("nps", "number", n="n"), low, high, values={"nps": 22.5, "nps_low": 12.9, "nps_high": 31.6})
    assert headline(made, ENGLISH) == [("Nps", "22.5"), ("95 % interval", "12.9 – 31.6")]
    worst, best = figure("true_low", "share", "worst case", n="n"), figure("true_high", "share", "best case", n="n")
    made = facts(worst, best, values={"true_low": 0.3, "true_high": 0.9})
    assert headline(made, ENGLISH) == [("worst case", "30.0 %"), ("best case", "90.0 %")]


def test_cents_are_left_out_of_large_amounts() -> None:
    made = facts(figure("revenue", "money", n="n"), values={"revenue": 455826.39})

    assert headline(made, ENGLISH) == [("Revenue", "455,826")]
    assert headline(facts(figure("revenue", "money", n="n"), values={"revenue": 99.765}), ENGLISH) == [
        ("Revenue", "99.77")
    ]


def test_an_interval_has_its_unit_once_and_two_units_where_they_differ() -> None:
    assert between("108.28 EUR", "118.40 EUR", ENGLISH, "EUR") == "108.28 – 118.40 EUR"
    assert between("−10,3\u00a0п. п.", "1,0\u00a0п. п.", language_of("ru")) == "−10,3 – 1,0\u00a0п. п."
    assert between("3 min 32 s", "1 h 16 min", ENGLISH) == "3 min 32 s – 1 h 16 min"


def test_no_line_breaks_within_an_interval() -> None:
    assert unbroken("+32 points [26, 37].") == "+32\u00a0points [26,\u00a037]."
    assert unbroken("[−24.1, +8.4]") == "[−24.1,\u00a0+8.4]"
    assert unbroken("[messenger and chat]") == "[messenger and chat]"


def test_a_column_of_money_that_reaches_thousands_has_no_cents_and_one_below_keeps_them() -> None:
    columns = (key("country"), count("customers"), figure("ltv", "money", n="customers"),
               figure("ltv_low", "money", n="customers"), figure("aov", "money", n="customers"))  # fmt: skip
    rows = (("DE", 3, 1868.02, 900.5, 12.25), ("FR", 2, 12.34, 5.5, 999.99))
    shown = in_columns(Result("ltv", "", "", columns, rows), ENGLISH)
    assert [row[2:] for row in shown.rows] == [("1,868", "900", 12.25), ("12", "6", 999.99)]


def test_a_long_name_is_cut_behind_a_word() -> None:
    assert shortened("Incorrect information on your report") == "Incorrect information on your…"
    assert shortened("payment declined, Germany") == "payment declined, Germany"
    assert shortened("x" * 40) == "x" * 33 + "…"
