"""The funnel on a real click log: sessions of a clothing shop, April 2008 (UCI 553), against answers worked out apart.

Three definitions of "got to page k" give three answers; each is said beside its figure.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from supportkit.funnel import funnel
from supportkit.store import Store, memory_store
from tests.conftest import Call

LOAD = """
insert into events by name
select cast("session ID" as varchar) as user_id, 'page ' || page as step, cast(country as varchar) as country,
       make_timestamptz(year, month, day, 0, 0, 0, 'UTC') + to_seconds("order(sells)") as occurred_at,
       json_object('page', page) as properties, now() as loaded_at, 'eshop' as source, 'april' as source_file,
       row_number() over () as source_row
  from read_csv($file, delim = ';', header = true)
"""


@pytest.fixture(scope="module")
def clicks(real: Path) -> Store:
    """The log as events: one click a second in its order, the page as an extra column."""
    file = next((real / "eshop2008_april").glob("e-shop*.csv"), None)
    if file is None:
        pytest.skip("eshop2008_april is not in SUPPORTKIT_REAL")
    store = memory_store()
    store.connection.execute(LOAD, {"file": str(file)})
    store.connection.execute("insert into property_names values ('events', 'page')")
    store.connection.execute("insert into loads (load_id, loaded_at) values (1, now())")
    return store


def started(store: Store, step: str, country: str | None = None) -> int:
    result = funnel(store, steps=(step,), by="country" if country else None, top=100)
    if country is None:
        return int(str(result.facts["started"]))
    return next(int(str(row["users"])) for row in result.records() if row["country"] == country)


@pytest.mark.parametrize(
    ("country", "sessions"),
    [
        (None, [6941, 4240, 2628, 1292, 389]),
        ("29", [5437, 3438, 2138, 1111, 356]),  # Poland
        ("9", [802, 457, 264, 85, 1]),  # Czech Republic
        ("24", [188, 126, 82, 29, 9]),  # Lithuania
        ("41", [30, 20, 9, 5, 2]),  # United Kingdom
        ("16", [27, 17, 7, 3, 3]),  # Germany
    ],
)
def test_sessions_that_reached_a_page_as_deep_as_k(clicks: Store, country: str | None, sessions: list[int]) -> None:
    assert [started(clicks, f"events where page>={k}", country) for k in range(1, 6)] == sessions


def test_the_log_is_loaded_and_counted_by_the_commands_of_the_docs(
    real: Path, tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPORTKIT_KEY", "the key of the tests")
    file = next((real / "eshop2008_april").glob("e-shop*.csv"), None)
    if file is None:
        pytest.skip("eshop2008_april is not in SUPPORTKIT_REAL")
    maps = ("user_id=session ID", "occurred_at=year+'-'+month+'-'+day", "step='click'")
    words = [word for text in maps for word in ("--map", text)]
    db = tmp_path / "eshop.duckdb"
    assert supportkit("load", file, "--db", db, "--as", "events", *words)[0] == 0
    found = []
    for k in range(1, 6):
        _, out, _ = supportkit("funnel", "--steps", f"events where page>={k}", "--db", db, "--format", "json")
        found.append(json.loads(out)["facts"]["started"])
    assert found == [6941, 4240, 2628, 1292, 389]


IN_ORDER = """
with first_1 as (select user_id, min(occurred_at) as t from events where step = 'page 1' group by user_id),
     first_2 as (select e.user_id, min(occurred_at) as t from events e join first_1 f on e.user_id = f.user_id
                  where step = 'page 2' and occurred_at >= f.t group by all),
     first_3 as (select e.user_id, min(occurred_at) as t from events e join first_2 f on e.user_id = f.user_id
                  where step = 'page 3' and occurred_at >= f.t group by all)
select (select count(*) from first_1), (select count(*) from first_2), (select count(*) from first_3)
"""


def test_sessions_that_saw_pages_1_to_3_in_that_order(clicks: Store) -> None:
    result = funnel(clicks, steps=("page 1", "page 2", "page 3"))
    users: list[Any] = [row["users"] for row in result.records()]
    assert tuple(users) == clicks.connection.execute(IN_ORDER).fetchone()
    quick = funnel(clicks, steps=("page 1", "page 2", "page 3"), counts=True)
    assert [row["users"] for row in quick.records()] == users


def test_sessions_that_saw_page_k_at_all(clicks: Store) -> None:
    for k in (2, 5):
        query = "select count(distinct user_id) from events where step = 'page ' || $k"
        seen = clicks.connection.execute(query, {"k": k}).fetchone()
        assert seen == (started(clicks, f"page {k}"),)
