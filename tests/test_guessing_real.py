"""Each real file with `--guess` and at most one option beside it, or a guess that says why it asks; and the answers
that are known of them. Needs SUPPORTKIT_REAL."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from supportkit.store import open_store
from tests.conftest import Call


def answers(db: Path, *queries: str) -> list[tuple[Any, ...]]:
    """The first row of each query."""
    with open_store(db) as store:
        return [tuple(store.connection.execute(query).fetchall()[0]) for query in queries]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "real.duckdb"


def test_complaints_need_no_option(real: Path, db: Path, supportkit: Call) -> None:
    assert supportkit("load", real / "cfpb_sample" / "complaints_sample.csv", "--guess", "--db", db)[0] == 0
    assert answers(
        db,
        "select count(*), count(*) filter (sla_resolution = 'within') from tickets",
        "select count(*) from tickets where created_at >= '2019-04-01' and created_at < '2019-05-01'",
        "select count(*) from tickets where channel = 'Web'",
        "select count(*) from tickets where category = 'Incorrect information on your report'",
    ) == [(6_623, 6_529), (2_130,), (5_143,), (2_261,)]


def test_requests_to_a_city_need_no_option(real: Path, db: Path, supportkit: Call) -> None:
    assert supportkit("load", real / "nyc311_animals" / "311_Animals_short.csv", "--guess", "--db", db)[0] == 0
    assert answers(
        db,
        "select count(*), count(closed_at), round(median(epoch(closed_at - created_at)) / 3600, 2) from tickets",
        "select count(*) from tickets where team = 'NYPD'",
    ) == [(4_969, 4_692, 4.48), (1_804,)]


def test_a_log_of_incidents_needs_no_option(real: Path, db: Path, supportkit: Call) -> None:
    assert supportkit("load", real / "incident_uci" / "incident_event_log.csv", "--guess", "--db", db)[0] == 0
    assert answers(
        db,
        "select count(*), count(*) filter (sla_resolution = 'within'), count(*) filter (reopens > 0), "
        "count(solved_at), round(median(epoch(solved_at - created_at)) / 3600, 2) from tickets",
    ) == [(890, 495, 10, 861, 54.47)]


def test_invoices_need_the_rows_that_count(real: Path, db: Path, supportkit: Call) -> None:
    keep = "CustomerID!='' and Quantity>0 and UnitPrice>0"
    code, _, err = supportkit("load", real / "online_retail_2010-12", "--guess", "--keep", keep, "--db", db)
    assert code == 0, err
    assert answers(
        db,
        "select count(*), count(distinct customer_id), round(sum(amount), 2) from orders",
        "select count(*), count(distinct customer_id), round(sum(amount), 2) from orders where country = 'DE'",
    ) == [(1_400, 885, Decimal("572713.89")), (30, 18, Decimal("15241.14"))]


def test_purchases_without_a_number_need_one(real: Path, db: Path, supportkit: Call) -> None:
    file = real / "cdnow" / "CDNOW_master.txt"
    code, out, _ = supportkit("load", file, "--guess", "--db", db)
    assert code == 3
    assert "order_id: no column is named as one; what can stand in: record" in out
    assert supportkit("load", file, "--guess", "--map", "order_id=record", "--db", db)[0] == 0
    assert answers(db, "select count(*), sum(amount), count(distinct customer_id), min(customer_id) from orders") == [
        (69_659, Decimal("2500315.63"), 23_570, "00001")
    ]


def test_clicks_without_a_user_need_to_be_told_that_it_is_the_session(real: Path, db: Path, supportkit: Call) -> None:
    (file,) = (real / "eshop2008_april").glob("e-shop*.csv")
    code, out, _ = supportkit("load", file, "--guess", "--db", db)
    assert code == 3
    assert "user_id: no column is named as one; what can stand in: session ID" in out
    assert supportkit("load", file, "--guess", "--map", "user_id=session ID", "--db", db)[0] == 0
    reached = "select count(distinct user_id) from events where cast(step as int) >= {}"
    found = answers(db, *(reached.format(page) for page in range(1, 6)))
    assert [row[0] for row in found] == [6_941, 4_240, 2_628, 1_292, 389]


def test_sentences_without_a_day_need_one(real: Path, db: Path, supportkit: Call) -> None:
    files = sorted((real / "sib200").glob("sib_eng*"))
    code, _, err = supportkit("load", *files, "--guess", "--map", "created_at='2026-01-01'", "--db", db)
    assert code == 0, err
    assert answers(db, "select count(*) from tickets") == [(1_004,)]


@pytest.mark.parametrize(
    ("file", "asks"),
    [
        ("banking77/train.csv", "created_at: no column is named as one"),  # a text and an intent
        ("cdnow/CDNOW_sample.txt", "no table that can be guessed"),  # five columns without names
        ("eshop2008_april/country_codes.csv", "no table that can be guessed"),  # names of countries
    ],
)
def test_a_file_that_says_too_little_says_what_it_asks(
    real: Path, db: Path, supportkit: Call, file: str, asks: str
) -> None:
    code, out, _ = supportkit("load", real / file, "--guess", "--db", db)
    assert (code, asks in out) == (3, True)
