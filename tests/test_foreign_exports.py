"""Exports of vendors without a profile, in the shapes that public code and documentation show: instants in several
columns, whose clock a time is of, ids that only some rows have, totals on each line of an order."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from supportkit.exports.recognising.guessing.known_names import named
from supportkit.exports.value_formats.zone_names import zone_named, zones_called
from tests.conftest import Call

DAYS = [date(2026, 3, 1) + timedelta(days=n) for n in range(40)]


def rows_of(supportkit: Call, db: Path, query: str) -> list[dict[str, Any]]:
    """What a query of the store finds."""
    found: list[dict[str, Any]] = json.loads(supportkit("sql", query, "--db", db, "--format", "json")[1])["rows"]
    return found


def commands(out: str) -> list[list[str]]:
    """The words of the commands that a guess prints, behind `supportkit load`."""
    import shlex

    lines = [line.strip() for line in out.splitlines()]
    told = [line.split(": ", 1)[1] for line in lines if line.startswith("· to load it")]
    return [shlex.split(line)[2:] for line in told]


def test_day_time_and_zone_in_three_columns_are_one_instant(tmp_path: Path, supportkit: Call) -> None:
    # as PayPal writes it: the abbreviation follows the clocks, which change on 29 March 2026
    file, db = tmp_path / "payments.csv", tmp_path / "s.duckdb"
    lines = ['"Date","Time","TimeZone","Order ID","Currency","Total"']
    lines += [
        f'"{day:%m/%d/%Y}","10:00:00","{"CET" if day < date(2026, 3, 29) else "CEST"}","A{n}","EUR","1,0{n:02}.50"'
        for n, day in enumerate(DAYS)
    ]
    file.write_text("\n".join(lines))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 0, err
    assert "ordered_at=Date+' '+Time+' '+TimeZone" in err
    (found,) = rows_of(
        supportkit,
        db,
        "select min(ordered_at) as first, max(ordered_at) as last, count(*) as n from orders",
    )
    assert found == {"first": "2026-03-01T09:00:00Z", "last": "2026-04-09T08:00:00Z", "n": 40}


def test_a_zone_is_known_by_the_name_that_people_give_it(tmp_path: Path, supportkit: Call) -> None:
    # as Square writes it; New York's clocks change on 8 March 2026
    file, db = tmp_path / "till.csv", tmp_path / "s.duckdb"
    lines = ["Date,Time,Time Zone,Order ID,Net Sales"]
    lines += [
        f'{day:%m/%d/%Y},2:30:00 PM,Eastern Time (US & Canada),A{n},"$1,0{n:02}.00"' for n, day in enumerate(DAYS)
    ]
    file.write_text("\n".join(lines))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 0, err
    query = "select ordered_at from orders where order_id in ('A0', 'A39') order by order_id"
    assert [row["ordered_at"] for row in rows_of(supportkit, db, query)] == [
        "2026-03-01T19:30:00Z",
        "2026-04-09T18:30:00Z",
    ]


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Pacific Time (US & Canada)", "America/Los_Angeles"),
        ("London", "Europe/London"),
        ("Mitteleuropäische Zeit", "Europe/Warsaw"),
        ("Arabian Time", None),  # Windows calls another zone by the name that CLDR has for this one's winter
        ("America/Denver", "America/Denver"),
        ("IST", None),
        ("Nowhere Time", None),
    ],
)
def test_names_of_zones(words: str, zone: str | None) -> None:
    assert zone_named(words) == zone


def test_a_zone_that_several_countries_have_is_asked_for_with_each(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "settlements.csv", tmp_path / "s.duckdb"
    file.write_text(
        "Date/Time,Order ID,Total\n" + "".join(f"{day:%d-%b-%Y} 14:22:10 IST,A{n},9.50\n" for n, day in enumerate(DAYS))
    )
    assert zones_called("IST") == ["Asia/Kolkata", "Asia/Tel_Aviv", "Europe/Dublin"]
    code, out, _ = supportkit("load", file, "--db", db)
    assert code == 3
    assert "its zone, IST, is none that is known by this name alone" in " ".join(out.split())
    first, *others = commands(out)
    assert len(others) == 2
    assert "time_zone='Asia/Kolkata'" in first
    assert supportkit("load", *first)[0] == 0
    (found,) = rows_of(supportkit, db, "select min(ordered_at) as first, count(*) as n from orders")
    assert found == {"first": "2026-03-01T08:52:10Z", "n": 40}  # Kolkata is five hours and a half ahead
    code, out, err = supportkit(
        "load", file, "--db", tmp_path / "t.duckdb", "--guess", "--map", "time_zone='Asia/Kolkata'"
    )
    assert code == 0, err


def test_a_zone_beside_a_time_that_nobody_knows_is_not_left_out_in_silence(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "till.csv", tmp_path / "s.duckdb"
    file.write_text(
        "Date,Time,Time Zone,Order ID,Net Sales\n"
        + "".join(f"{day:%m/%d/%Y},14:30:00,Shop Time,A{n},9.50\n" for n, day in enumerate(DAYS))
    )
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 3
    assert "its zone, Shop Time, is none" in err
    code, _, err = supportkit("load", file, "--guess", "--map", "time_zone='Europe/Berlin'", "--db", db)
    assert code == 0, err
    assert rows_of(supportkit, db, "select min(ordered_at) as first from orders") == [{"first": "2026-03-01T13:30:00Z"}]


def test_days_in_two_orders_are_told_where_the_time_stands_beside_them(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "till.csv"
    file.write_text(
        "Date,Time,Order ID,Net Sales\n" + "".join(f"0{n}/05/2026,14:30:00,A{n},9.50\n" for n in range(1, 9))
    )
    code, out, _ = supportkit("load", file, "--db", tmp_path / "s.duckdb")
    assert code == 3
    assert "--dates dmy or --dates mdy" in " ".join(out.split())


def test_an_id_that_some_rows_have_is_asked_about_first(tmp_path: Path, supportkit: Call) -> None:
    # fees and transfers between the orders of a settlement have no order
    file, db = tmp_path / "settlements.csv", tmp_path / "s.duckdb"
    lines = ["date/time,type,order id,description,total"]
    lines += [
        f"{day} 10:00:00,{'Transfer' if n % 5 == 4 else 'Order'},{'' if n % 5 == 4 else f'112-{n}'},a lamp,9.5"
        for n, day in enumerate(DAYS)
    ]
    file.write_text("\n".join(lines))
    code, out, _ = supportkit("load", file, "--db", db)
    assert code == 3
    assert "20 % of the first rows have none, and would be rejected" in " ".join(out.split())
    first = commands(out)[0]
    assert "order_id=order id" in first
    assert supportkit("load", *first)[0] == 0
    assert rows_of(supportkit, db, "select count(*) as n, sum(amount) as total from orders") == [
        {"n": 32, "total": 304.0}
    ]


def test_a_total_on_each_line_of_an_order_is_added_in_no_reading(tmp_path: Path, supportkit: Call) -> None:
    # as Wix writes orders: two sums may be the amount, and both stand on each line of their order
    file, db = tmp_path / "orders.csv", tmp_path / "s.duckdb"
    lines = ["Order number,Date created,Time,Item,Qty,Total,Net amount"]
    for n, day in enumerate(DAYS):
        lines += [
            f'{n},"{day:%b} {day.day}, {day.year}",1:05:07 PM,Print {k},1,{n + 10},{n + 9}' for k in range(1 + n % 3)
        ]
    file.write_text("\n".join(lines))
    code, out, _ = supportkit("load", file, "--db", db)
    assert code == 3
    first = commands(out)[0]
    assert ("amount=Total" in first, "price=Total" in first) == (True, True)
    assert supportkit("load", *first)[0] == 0
    # 40 orders of 10, 11, … 49: 40 * 29.5
    (found,) = rows_of(
        supportkit, db, "select count(*) as n, sum(amount) as total, min(ordered_at) as first from orders"
    )
    assert found == {"n": 40, "total": 1180.0, "first": "2026-03-01T13:05:07Z"}
    stated = tmp_path / "t.duckdb"
    assert supportkit("load", file, "--guess", "--map", "amount=Total", "--db", stated)[0] == 0
    assert rows_of(supportkit, stated, "select sum(amount) as total from orders") == [{"total": 1180.0}]


def test_each_table_that_a_file_may_be_has_its_whole_commands(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "export.csv"
    lines = ["id,date,customer_id,status,subject,total,net,order_status"]
    lines += [f"{n},{day},c{n % 9},open,Where is it,9.{n:02},8.{n:02},paid" for n, day in enumerate(DAYS)]
    file.write_text("\n".join(lines))
    code, out, _ = supportkit("load", file, "--db", tmp_path / "s.duckdb")
    assert code == 3
    for words in commands(out):
        assert supportkit("load", *words, "--dry-run")[0] == 0, words


@pytest.mark.parametrize(
    ("written", "day"),
    [("Jul-21-25", "2025-07-21"), ("Dez-10-2025", "2025-12-10"), ("October-13-2025", "2025-10-13")],
)
def test_a_month_as_a_word_may_come_first_between_dashes(
    written: str, day: str, tmp_path: Path, supportkit: Call
) -> None:
    file, db = tmp_path / "orders.csv", tmp_path / "s.duckdb"
    file.write_text(f"Order Number,Sale Date,Sold For\n24-1,{written},9.5\n24-2,{written},8.5\n")
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 0, err
    assert rows_of(supportkit, db, "select min(ordered_at) as at from orders") == [{"at": f"{day}T00:00:00Z"}]


def test_a_russian_sheet_of_sales_knows_its_days_and_what_came_back(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "продажи.csv", tmp_path / "s.duckdb"
    lines = ["Документ №;Дата продажи;Артикул;Количество;К выплате;Итоговая цена;Тип"]
    lines += [
        f"S{n};{day:%d.%m.%Y};KR-1;1;70,00;1{n:02},00;{'Возврат' if n % 10 == 9 else 'Продажа'}"
        for n, day in enumerate(DAYS)
    ]
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 0, err
    found = rows_of(
        supportkit, db, "select status, count(*) as n, sum(amount) as total from orders group by 1 order by 1"
    )
    # the returned are numbers 9, 19, 29 and 39: 109 + 119 + 129 + 139
    assert found == [{"status": "refunded", "n": 4, "total": 496.0}, {"status": "sale", "n": 36, "total": 4284.0}]


def test_the_answer_to_a_query_has_its_names_once(tmp_path: Path, supportkit: Call) -> None:
    times = [datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(hours=n) for n in range(6)]
    cells = [[f"u{n % 3}", f"{at:%Y-%m-%dT%H:%M:%SZ}", "signed_up", None] for n, at in enumerate(times)]
    names = ["distinct_id", "timestamp", "event", "properties.plan"]
    for number, content in enumerate(
        (
            {"columns": names, "results": cells},
            {"meta": [{"name": name, "type": "text"} for name in names], "rows": cells},
            [names, *cells],
        )
    ):
        file, db = tmp_path / f"events{number}.json", tmp_path / f"{number}.duckdb"
        file.write_text(json.dumps(content))
        code, _, err = supportkit("load", file, "--guess", "--db", db)
        assert code == 0, err
        assert rows_of(supportkit, db, "select count(*) as n, count(distinct user_id) as users from events") == [
            {"n": 6, "users": 3}
        ]


@pytest.mark.parametrize(
    "question",
    ["Why?", "Was können wir besser machen?", "Warum?", "Pourquoi ?", "¿Por qué?", "Почему?", "Что можно улучшить?"],
)
def test_the_question_for_a_reason_is_a_comment(question: str) -> None:
    assert named(question, "surveys", "comment") is not None
    assert named(question, "surveys", "score") is None


@pytest.mark.parametrize("question", ["How satisfied are you?", "Which product do you use?"])
def test_another_question_is_no_comment(question: str) -> None:
    assert named(question, "surveys", "comment") is None


@pytest.mark.parametrize(
    ("header", "ours"),
    [
        ("status.label", "status"),
        ("attributes.status.name", "status"),
        ("assigned_team.title", "team"),
        ("relationships.customer.data.id", "customer_id"),
    ],
)
def test_an_object_is_known_by_its_label(header: str, ours: str) -> None:
    assert named(header, "tickets", ours) is not None
    assert named(f"{header}.url", "tickets", ours) is None


def test_pages_of_an_answer_are_one_list_and_the_lines_of_orders_are_none(tmp_path: Path, supportkit: Call) -> None:
    order: dict[str, Any] = {
        "id": "A1",
        "ordered_at": "2026-03-01",
        "customer": "c1",
        "total": 5,
        "lines": [{"sku": "x"}],
    }
    pages: list[dict[str, Any]] = [
        {"count": 2, "next": None, "results": [order]},
        {"count": 2, "next": None, "results": [order | {"id": "A2"}]},
    ]
    for name, content in (("pages.json", pages), ("orders.json", pages[0]["results"])):
        (tmp_path / name).write_text(json.dumps(content))
        code, _, err = supportkit("load", tmp_path / name, "--guess", "--db", tmp_path / f"{name}.duckdb")
        assert code == 0, err
        assert f"read {len(content)} = loaded {len(content)} +" in err


def test_times_that_are_hours_apart_are_two_readings(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "events.csv"
    lines = ["user_id,event_name,event_datetime,event_timestamp"]
    begun = datetime(2026, 3, 1, 12, tzinfo=UTC)
    lines += [
        f"u{n % 3},open,{begun + timedelta(hours=n + 3):%F %T},{begun.timestamp() + 3600 * n:.0f}" for n in range(9)
    ]
    file.write_text("\n".join(lines))
    code, out, _ = supportkit("load", file, "--db", tmp_path / "s.duckdb")
    assert code == 3
    assert "occurred_at may be event_datetime or event_timestamp" in " ".join(out.split())


def test_a_rating_that_is_zero_throughout_is_no_satisfaction(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "tickets.csv"
    lines = [f"{n},{day},open,{score}" for n, (day, score) in enumerate(zip(DAYS, [0] * 40, strict=True))]
    file.write_text("\n".join(["ticket_no,opened,status,satisfaction", *lines]))
    code, _, err = supportkit("load", file, "--guess", "--db", tmp_path / "s.duckdb")
    assert code == 0, err
    assert "satisfaction=" not in err


def test_words_that_several_rows_have_are_no_ids(tmp_path: Path, supportkit: Call) -> None:
    # as Supportbench's API writes a case: the issue is a category
    file, db = tmp_path / "cases.json", tmp_path / "s.duckdb"
    cases = [
        {"id": f"SB-{n}", "created_on": f"{day}", "issue": "Billing", "priority": "P1"} for n, day in enumerate(DAYS)
    ]
    file.write_text(json.dumps({"cases": cases}))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 0, err
    assert "ticket_id=id" in err
    assert rows_of(supportkit, db, "select count(*) as n, min(category) as category from tickets") == [
        {"n": 40, "category": "Billing"}
    ]


def test_a_price_is_offered_before_other_numbers_as_an_amount(tmp_path: Path, supportkit: Call) -> None:
    # as Yandex Market writes a report of pieces sold, each with a unique price here
    file = tmp_path / "report.csv"
    lines = [f"{n // 2};{day} 10:00;Доставлен;{1500 + n};{9281 + n // 3}" for n, day in enumerate(DAYS)]
    file.write_text("\n".join(["Номер заказа;Время создания;Статус;Цена товара (руб);Номер накопителя", *lines]))
    code, out, err = supportkit("load", file, "--as", "orders", "--db", tmp_path / "s.duckdb")
    assert code == 3
    assert "amount: no column is named as one; what can stand in: Цена товара (руб)" in " ".join(out.split())
    assert "--guess --map amount=HEADER" in " ".join(err.split())
