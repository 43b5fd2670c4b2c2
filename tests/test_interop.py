"""Export and views: every query of docs/interop.md runs on the samples, and the Parquet files hold every row."""

from __future__ import annotations

import json
import re
from pathlib import Path
from shutil import copyfile

import duckdb
import pytest

from supportkit.metrics import METRICS
from tests.conftest import Call

DOC = Path(__file__).parent.parent / "docs" / "interop.md"
QUERIES = re.findall(r"^```sql\n(.*?)^```$", DOC.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
CODE = re.findall(r"^```python\n(.*?)^```$", DOC.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory, sample_store: Path) -> Path:
    """A store of the samples, of the name that the page uses."""
    path = tmp_path_factory.mktemp("interop") / "supportkit.duckdb"
    copyfile(sample_store, path)
    return path


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_of_the_page_returns_rows(query: str, db: Path) -> None:
    with duckdb.connect(str(db), read_only=True) as connection:
        assert len(connection.execute(query).fetchall()) > 3


def test_the_python_of_the_page_runs(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(db.parent)
    (code,) = CODE
    names: dict[str, object] = {}
    exec(code, names)
    assert names["result"].facts["answers"] > 100  # type: ignore[attr-defined]


def test_parquet_holds_every_row(db: Path, tmp_path: Path, supportkit: Call) -> None:
    code, out, _ = supportkit("export", "--db", db, "--parquet", tmp_path / "out", "-f", "csv")
    assert code == 0
    with duckdb.connect() as connection:
        for line in out.splitlines()[1:]:
            _, count, _, _, file = line.split(",")
            assert connection.execute("select count(*) from read_parquet($file)", {"file": file}).fetchone() == (
                int(count),
            )
    assert len(out.splitlines()) > 6
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    supportkit("export", "--db", db, "--parquet", tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_an_exported_store_is_loaded_as_it_was(db: Path, tmp_path: Path, supportkit: Call) -> None:
    assert supportkit("export", "--db", db, "--parquet", tmp_path / "out")[0] == 0
    again = tmp_path / "again.duckdb"
    code, _, err = supportkit("load", tmp_path / "out", "--db", again, "--strict")
    assert code == 0, err
    assert "left out" not in err
    for name in (*METRICS, "tables", "rejects", "history"):
        words = (name, "--format", "json")
        assert supportkit(*words, "--db", again)[:2] == supportkit(*words, "--db", db)[:2], name
    code, _, err = supportkit("load", tmp_path / "out", "--db", again)
    assert (code, "this one has loads already" in err) == (3, True)
    assert supportkit("undo", "--db", again)[0] == 3  # there is nothing before it


def test_an_exported_store_that_was_changed_is_refused(db: Path, tmp_path: Path, supportkit: Call) -> None:
    folder = tmp_path / "out"
    assert supportkit("export", "--db", db, "--parquet", folder)[0] == 0
    (folder / "orders.parquet").write_bytes((folder / "events.parquet").read_bytes())
    code, _, err = supportkit("load", folder, "--db", tmp_path / "s.duckdb")
    assert (code, "orders.parquet: is not the file that was exported" in err) == (3, True)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"schema": 99}))
    code, _, err = supportkit("load", folder, "--db", tmp_path / "s.duckdb")
    assert (code, "was exported by release" in err) == (3, True)
    assert not (tmp_path / "s.duckdb").exists()


def test_a_folder_that_cannot_be_made_is_told(db: Path, tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "file").write_text("")
    code, out, err = supportkit("export", "--db", db, "--parquet", tmp_path / "file" / "out")
    assert (code, out) == (3, "")
    assert "cannot be written" in err


def test_the_views_agree_with_the_metric(db: Path) -> None:
    import supportkit

    with supportkit.open_store(db) as store:
        facts = supportkit.metric("service")(store).facts
    with duckdb.connect(str(db), read_only=True) as connection:
        row = connection.execute(
            "select count(*), count(first_reply_s) from bi.tickets "
            "where coalesce(first_reply_s, 0) >= 0 and coalesce(resolution_s, 0) >= 0"
        ).fetchone()
    assert row == (facts["tickets"], facts["replied"])


def test_the_dashboards_figures_are_those_of_the_metrics(db: Path) -> None:
    import supportkit

    tickets, revenue, nps, steps = [query for query in QUERIES if " as time" in query]
    with supportkit.open_store(db) as store:
        service = supportkit.metric("service")(store, by=None).facts["tickets"]
        months = {row["period"]: row for row in supportkit.metric("nps")(store, over="month").records()}
        orders = store.rows(
            "select sum(amount - coalesce(refunded, 0)) from orders where status in ('sale', 'partly refunded')"
            " or status is null"
        )
    with duckdb.connect(str(db), read_only=True) as connection:
        assert sum(row[1] for row in connection.execute(tickets).fetchall()) == service
        assert sum(row[2] for row in connection.execute(revenue).fetchall()) == orders[0][0]
        shown = {row[0].strftime("%Y-%m"): row for row in connection.execute(nps).fetchall()}
        assert {month: row[1] for month, row in shown.items()} == {m: row["answers"] for m, row in months.items()}
        assert all(row[2] == pytest.approx(float(str(months[month]["nps"]))) for month, row in shown.items())
        assert {row[1] for row in connection.execute(steps).fetchall()} == {"visit", "cart", "payment", "paid"}
