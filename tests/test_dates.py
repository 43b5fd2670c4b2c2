"""How a column's dates are read."""

from __future__ import annotations

from json import dumps
from pathlib import Path

import pytest

from supportkit.errors import DataError
from supportkit.exports.value_formats.date_formats import Dates, Order, choose_date_order, date_shapes, day_under_order
from supportkit.exports.value_formats.date_sql import clock_change_sql, moment_sql
from tests.conftest import Call

duckdb = pytest.importorskip("duckdb")


def read(*values: str, stated: Order | None = None) -> Dates:
    with duckdb.connect() as connection:
        found = date_shapes(connection, "select unnest($values)", {"values": list(values)})
        return choose_date_order("When", found, stated=stated)


def instants(*values: str) -> list[str | None]:
    sql = f"select cast(timezone('UTC', {moment_sql('v', read(*values), repr('UTC'))}) as varchar)"
    with duckdb.connect() as connection:
        rows = connection.execute(f"{sql} from (select unnest($values) as v)", {"values": list(values)}).fetchall()
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["2026-05-01 14:20", "2026-05-01 14:20:11"], ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]),
        (["2026-05-13T14:15:09Z"], ["%Y-%m-%dT%H:%M:%SZ"]),
        (["2026-05-01 09:59:00 +0200"], ["%Y-%m-%d %H:%M:%S %z"]),
        (["2026-05-01T09:59:00.123+02:00"], ["%Y-%m-%dT%H:%M:%S.%f %z"]),
        (["2015/10/1"], ["%Y/%m/%d"]),
        (["19970101"], ["%Y%m%d"]),
        (["13/May/26 02:15 PM", "3/May/26 2:15 PM"], ["%d/%b/%y %I:%M %p", "%d/%B/%y %I:%M %p"]),
        (["May 13, 2026 2:15:09 PM"], ["%b %d, %Y %I:%M:%S %p", "%B %d, %Y %I:%M:%S %p"]),
        (["2026/05/13 2:15:09 PM GMT+2"], ["%Y/%m/%d %I:%M:%S %p %z"]),
        (["13.05.2026 14:15"], ["%d.%m.%Y %H:%M"]),
        (["29-02-2016 01:16", "1-2-2016 01:23"], ["%d-%m-%Y %H:%M"]),
        (["3/14/2025 1:20", "3/4/2025 11:20"], ["%m/%d/%Y %H:%M"]),
        (["05/13/2026 02:15:09 PM"], ["%m/%d/%Y %I:%M:%S %p"]),
        (["1762128000"], ["seconds since 1970"]),
        (["1762128000123", "1762128000"], ["milliseconds since 1970", "seconds since 1970"]),
        (["46143", "46143.5"], ["days since 1899-12-30, as spreadsheets count"]),
        (["Tue Oct 31 22:10:47 +0000 2017"], ["%a %b %d %H:%M:%S %z %Y"]),
        (["Tue, 31 Oct 2017 22:10:47 +0000"], ["%a, %d %b %Y %H:%M:%S %z", "%a, %d %B %Y %H:%M:%S %z"]),
        (["N/A", "soon"], []),
    ],
)
def test_a_column_is_read_by_the_format_that_explains_it(values: list[str], formats: list[str]) -> None:
    assert sorted({form.text for form in read(*values).formats}) == sorted(formats)


@pytest.mark.parametrize("values", [["03/04/2026"], ["03/04/2026 10:00:00", "12/12/2026 09:00:00"], ["03-04-2026"]])
def test_day_and_month_that_can_be_swapped_are_refused_with_both_readings(values: list[str]) -> None:
    with pytest.raises(DataError) as told:
        read(*values)
    assert "2026-04-03 (dmy) or 2026-03-04 (mdy)" in told.value.message
    assert "--dates dmy or --dates mdy" in told.value.hint


@pytest.mark.parametrize("values", [["03.04.2026"], ["1.2.2026 10:00:00", "12.12.2026 09:00:00 -0500"]])
def test_with_dots_the_day_stands_before_the_month(values: list[str]) -> None:
    assert read(*values).order == "dmy"
    assert read("03.04.2026", "04.25.2026").order == "mdy"  # unless no day is one then
    assert read(*values, stated="mdy").order == "mdy"
    with pytest.raises(DataError, match=r"\(dmy\) or .*\(mdy\)"):
        read("03.04.2026", "03/04/2026")  # a stroke says nothing


def test_with_dots_the_day_stands_before_a_year_of_two_digits_unless_it_varies_less() -> None:
    assert [form.text for form in read("01.09.26", "02.09.26").formats] == ["%d.%m.%y"]
    assert read("24.12.25 10:00", "05.01.26 09:00").order == "dmy"
    with pytest.raises(DataError, match=r"2003-09-26 \(dmy\) or 2026-09-03 \(ymd\)"):
        read("26.09.03", "26.09.14", "26.10.20")  # one first figure, and many last ones: days behind a year
    assert read("26.09.03", "26.09.14", stated="ymd").order == "ymd"


def test_a_two_digit_year_between_strokes_is_never_guessed() -> None:
    # 01/09/21 is 1 September 2021, 9 January 2021 or 21 September 2001
    with pytest.raises(DataError, match=r"2021-09-01 \(dmy\) or 2021-01-09 \(mdy\) or 2001-09-21 \(ymd\)"):
        read("01/09/21", "02/09/21")
    with pytest.raises(DataError, match=r"\(dmy\) or .*\(ymd\)"):
        read("25/09/21")
    assert [form.text for form in read("01/09/21", stated="dmy").formats] == ["%d/%m/%y"]
    assert [form.text for form in read("31.12.99").formats] == ["%d.%m.%y"]  # 99 is no day, 31 no month


def test_an_order_is_asked_for_with_a_date_whose_readings_differ() -> None:
    # 1 January is the least of the three and the same day in either order
    with pytest.raises(DataError, match=r"'02/03/2026' may be 2026-03-02 \(dmy\) or 2026-02-03 \(mdy\)"):
        read("01/01/2026", "02/03/2026", "04/05/2026")


def test_one_value_decides_for_the_column() -> None:
    assert read("03/04/2026", "04/05/2026", "25/04/2026").order == "dmy"
    assert read("03/04/2026", "04/05/2026", "04/25/2026").order == "mdy"


def test_a_column_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(DataError, match="no one order"):
        read("25/04/2026", "04/25/2026")


def test_what_is_no_date_has_no_vote() -> None:
    assert read("25/04/2026", "99/99/2026", "never").order == "dmy"


def test_a_reading_is_written_out() -> None:
    assert day_under_order("03/04/2026 10:00", "dmy") == "2026-04-03"
    assert day_under_order("1.9.21", "dmy") == "2021-09-01"


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("12 марта 2026", "2026-03-12 00:00"),
        ("4 Сент. 2026 г., 10:00", "2026-09-04 10:00"),
        ("31 декабря 2026 года в 9:05", "2026-12-31 09:05"),
        ("12-мая-2026 14:30:00", "2026-05-12 14:30"),
        ("3. Mai 2026", "2026-05-03 00:00"),
        ("28. Februar 2026, 14:30 Uhr", "2026-02-28 14:30"),
        ("5. MÄRZ 2026 um 07:00", "2026-03-05 07:00"),
        ("14\u00a0févr. 2026", "2026-02-14 00:00"),
        ("1er août 2026 à 09:05", "2026-08-01 09:05"),
        ("3 de marzo de 2026", "2026-03-03 00:00"),
        ("13/may./26 2:15 p. m.", "2026-05-13 14:15"),
        ("13/мая/26 02:15 PM", "2026-05-13 14:15"),
        ("March 3rd, 2026", "2026-03-03 00:00"),
        ("Sept. 3, 2026 1:00 PM", "2026-09-03 13:00"),
        ("Mar 3, 2026", "2026-03-03 00:00"),
        ("Mar 3, 26 13:05:00", "2026-03-03 13:05"),
        ("3 juillet 2026 12:00 +0200", "2026-07-03 10:00"),
    ],
)
def test_months_are_read_as_words_of_five_languages(value: str, instant: str) -> None:
    assert instants(value) == [f"{instant}:00"]


def test_no_name_of_a_month_means_two_months() -> None:
    from supportkit.exports.value_formats.month_words import MONTHS

    names = [name for listed in MONTHS.values() for name in listed.split()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("value", ["12 мартобря 2026", "32 mai 2026", "mardi 2026", "12 mai", "Mayday 3, 2026"])
def test_a_word_that_is_no_month_is_no_date(value: str) -> None:
    assert instants(value, "2026-05-01") == [None, "2026-05-01 00:00:00"]


@pytest.mark.parametrize(
    "value",
    [
        # ctime, with and without a zone in its place
        "Tue Oct 31 22:10:47 +0000 2017",
        "Tue Oct 31 22:10:47 2017",
        "Tue Oct 31 22:10:47 UTC 2017",
        "Tue Oct 31 23:10:47 CET 2017",
        # RFC 2822 and what mail and the web make of it
        "Tue, 31 Oct 2017 22:10:47 +0000",
        "31 Oct 2017 22:10:47 GMT",
        "Tue, 31 Oct 2017 17:10:47 -0500 (CDT)",
        "Tue, 31 Oct 2017 17:10:47 CDT",
        "Tuesday, 31-Oct-17 22:10:47 GMT",
        "Tue Oct 31 2017 23:10:47 GMT+0100 (Central European Standard Time)",
        "2017-10-31 22:10:47 +0000 UTC",
        "2017-10-31 23:10:47.000000000 +0100 CET",
        "2017-10-31 22:10:47,000",
        # since 1970
        "1509487847",
        "1509487847000",
        "1509487847000000",
        "1509487847000000000",
        "1509487847.0",
        # a spreadsheet's days: 43039 is 2017-10-31, and 79,847 of 86,400 seconds are gone
        "43039.9241550926",
        "43039,9241550926",
        "20171031221047",
        # long and localised
        "Tuesday, October 31, 2017 at 10:10:47 PM",
        "Tuesday, October 31, 2017 at 3:10:47 PM PDT",
        "October 31, 2017 at 11:10:47 PM Central European Standard Time",
        "Dienstag, 31. Oktober 2017 um 23:10:47 MEZ",
        "Dienstag, 31. Oktober 2017, 22:10:47 Uhr",
        "Di. 31.10.2017 22:10:47",
        "mardi 31 octobre 2017 à 23:10:47 UTC+1",
        "mar. 31 oct. 2017 22:10:47",
        "martes, 31 de octubre de 2017, 23:10:47 (hora estándar de Europa central)",
        "martes, 31 de octubre de 2017 10:10:47 p. m.",
        "31/10/2017 10:10:47 p. m.",
        "31/10/2017 10:10:47\u00a0p.\u00a0m.",
        "вторник, 31 октября 2017 г. в 22:10:47",
        "вторник, 31 октября 2017 г. в 01:10:47 МСК",
        "вт, 31.10.2017 22:10:47",
        # the time of day before the day
        "22:10:47 31.10.2017",
        "22:10:47, 31 October 2017 (UTC)",
        "10:10:47 PM 10/31/2017",
        "23:10:47 31.10.2017 +0100",
        "22:10:47 2017-10-31",
        "22:10:47 31 октября 2017 г.",
        # a zone by its name
        "2017-11-01 01:10:47 MSK",
        "2017-10-31 23:10:47 Europe/Berlin",
        "2017-10-31T23:10:47+01:00[Europe/Berlin]",
        "10/31/2017 6:10:47 PM EDT",
    ],
)
def test_an_instant_is_read_in_each_usual_form(value: str) -> None:
    day = "2017-10-30" if value.endswith("МСК") else "2017-10-31"  # 01:10 in Moscow is 22:10 of the day before
    assert instants(value) == [f"{day} 22:10:47"]


def test_a_column_with_the_time_of_day_first_votes_on_its_order() -> None:
    assert instants("10:00 03.04.2026") == ["2026-04-03 10:00:00"]
    assert read("10:00 03/04/2026", "11:00 04/25/2026").order == "mdy"
    with pytest.raises(DataError, match=r"2026-04-03 \(dmy\) or 2026-03-04 \(mdy\)"):
        read("10:00 03/04/2026")


def test_a_time_in_french_has_an_h() -> None:
    assert instants("mardi 31 octobre 2017 à 22h10") == ["2017-10-31 22:10:00"]


def test_summer_time_is_what_its_name_says() -> None:
    assert instants("31 July 2026 22:00 CEST", "31 July 2026 22:00 CET") == [
        "2026-07-31 20:00:00",
        "2026-07-31 21:00:00",
    ]
    assert instants("2026-07-31 22:00 Europe/Berlin", "2026-01-31 22:00 Europe/Berlin") == [
        "2026-07-31 20:00:00", "2026-01-31 21:00:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [
        "31 Oct 2017 22:10 IST",
        "Nov 20 26",
        "Nov 20, 10:30",
        "Nov 20, 10 pm",
        "31 Oct 2017 22:10 of course",
        "Tue 45 Oct 2017",
        "536365",
        "12345",
        "99999",
        "150948784700",
        "22:10 31.10",
        "22:10 - 23:10",
        "22:10 45.10.2017",
    ],
)
def test_what_may_be_anything_is_no_instant(value: str) -> None:
    # IST is India, Israel and Ireland; the rest are words and numbers of another kind
    assert instants(value) == [None]


def test_a_column_in_several_forms_is_read_by_all_of_them() -> None:
    values = ("Tue Oct 31 22:10:47 +0000 2017", "2017-10-31 22:10:47", "Dienstag, 31. Oktober 2017 um 23:10:47 MEZ")
    assert instants(*values) == ["2017-10-31 22:10:47"] * 3


def test_nanoseconds_are_cut_to_microseconds() -> None:
    assert instants("1509487847123456789", "1509487847123456", "1509487847123") == [
        "2017-10-31 22:10:47.123456", "2017-10-31 22:10:47.123456", "2017-10-31 22:10:47.123",
    ]  # fmt: skip


def test_times_in_ticks_are_loaded_as_csv_and_as_json(tmp_path: Path, supportkit: Call) -> None:
    # seven decimals, as .NET writes them; a type of nanoseconds ended the load in a traceback
    when = ("2026-10-01T21:13:23.9163648", "2026-10-02T00:00:00.0000000", "2026-10-25T02:30:00.1234567")
    rows = [{"ticket_id": str(n), "created_at": text, "status": "open"} for n, text in enumerate(when, 1)]
    zone = ("--map", "time_zone='Europe/Berlin'")
    zoned = [{**row, "created_at": f"{row['created_at']}+02:00"} for row in rows]
    for number, many in enumerate((rows, zoned)):
        csv, json = tmp_path / f"{number}.csv", tmp_path / f"{number}.json"
        csv.write_text("\n".join([",".join(rows[0]), *(",".join(row.values()) for row in many)]))
        json.write_text(dumps(many))
        for file in (csv, json):
            db = tmp_path / f"{file.name}.duckdb"
            code, _, err = supportkit("load", file, "--as", "tickets", *zone, "--db", db)
            assert code == 0, err
            with duckdb.connect(str(db)) as connection:
                ask = "select cast(timezone('UTC', created_at) as varchar) from tickets order by ticket_id limit 2"
                found = [row[0] for row in connection.execute(ask).fetchall()]
            assert found == ["2026-10-01 19:13:23.916364", "2026-10-01 22:00:00"]


def test_a_change_of_clocks_is_told_of_times_in_ticks_too() -> None:
    values = ["2026-10-01T21:13:23.9163648", "2026-10-25T02:30:00.1234567"]
    dates, zone = read(*values), "'Europe/Berlin'"
    sql = clock_change_sql("v", dates, zone, moment_sql("v", dates, zone))
    with duckdb.connect() as connection:
        found = connection.execute(f"select {sql} from (select unnest($values) as v)", {"values": values}).fetchall()
    assert found == [(None,), ("repeated",)]
