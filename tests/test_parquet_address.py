"""`--db parquet:FOLDER`: every metric prints what it prints of the file, only what changed is written anew, nothing
is ever written through an address, and nothing else is reached through it."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path
from shutil import copyfile, copytree, rmtree

import duckdb
import pytest

from supportkit.errors import DataError
from supportkit.metrics import METRICS
from supportkit.store import memory_store, open_store
from supportkit.store.parquet_export import write_parquet
from supportkit.store.parquet_partitions import partitioning
from supportkit.store.schema import SCHEMA_VERSION
from tests.conftest import CONFIG, Call
from tests.test_sandbox import ATTACKS

CUTS = ("", "month", "month,hash=4")
ORDERS = "order_id,ordered_at,customer_id,amount\n"


@pytest.fixture(scope="module")
def folders(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The samples' store as a folder of Parquet files, by each way of cutting."""
    from supportkit.cli import run

    made = {}
    for cut in CUTS:
        made[cut] = tmp_path_factory.mktemp("folders") / "out"
        words = ["export", "--db", str(sample_store), "--parquet", str(made[cut]), "-q"]
        assert run([*words, "--partition", cut]) == 0
    return made


@pytest.fixture(scope="module")
def made_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with orders of two months, and its folder."""
    from supportkit.cli import run

    folder = tmp_path_factory.mktemp("shop")
    orders = [f"{n},2026-0{1 + n % 2}-0{1 + n % 7}T10:00:00Z,c{n % 3},{n}.50\n" for n in range(1, 13)]
    (folder / "orders.csv").write_text(ORDERS + "".join(orders), encoding="utf-8")
    db = str(folder / "shop.duckdb")
    assert run(["load", str(folder / "orders.csv"), "--db", db, "-q"]) == 0
    assert run(["export", "--db", db, "--parquet", str(folder / "out"), "--partition", "month", "-q"]) == 0
    return folder


@pytest.fixture
def shop(made_shop: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    copytree(made_shop, tmp_path / "shop")
    return tmp_path / "shop"


def export(supportkit: Call, folder: Path, cut: str = "month") -> int:
    words = ("export", "--db", folder / "shop.duckdb", "--parquet", folder / "out", "--partition", cut, "-q")
    return supportkit(*words)[0]


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """The files of a folder with their identity and content."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.stat().st_ino, path.read_bytes()) for path in found}


@pytest.mark.parametrize("name", sorted(METRICS))
def test_file_and_folder_give_the_same_bytes(
    name: str, folders: dict[str, Path], sample_store: Path, supportkit: Call
) -> None:
    words = (name, "--format", "json", "--config", CONFIG)
    expected = supportkit(*words, "--db", sample_store)
    assert expected[1]
    assert supportkit(*words, "--db", f"parquet:{folders['month,hash=4']}")[:2] == expected[:2]


@pytest.mark.parametrize("cut", CUTS)
def test_reports_checks_and_listings_read_a_folder(
    cut: str, folders: dict[str, Path], sample_store: Path, supportkit: Call, tmp_path: Path
) -> None:
    memory = ("--history", tmp_path / "history.json")
    for words in (
        ("report", "weekly", "--as-of", "2026-11-11"),
        ("check", "--as-of", "2026-11-11", *memory),
        ("funnel", "--by", "country"),
        ("nps", "--rows", "detractors"),
        ("rejects",),
        ("history",),
        ("tickets", "--top", "5"),
        ("sql", "select count(*) from bi.tickets"),
    ):
        given = (*words, "--format", "json", "--config", CONFIG)
        expected = supportkit(*given, "--db", sample_store)
        (tmp_path / "history.json").unlink(missing_ok=True)
        found = supportkit(*given, "--db", f"parquet:{folders[cut]}")
        (tmp_path / "history.json").unlink(missing_ok=True)
        same = [text.replace(f"parquet:{folders[cut]}", str(sample_store)) for text in (found[1], expected[1])]
        assert (found[0], same[0]) == (expected[0], same[1]), words


def test_tables_tells_the_engine(folders: dict[str, Path], supportkit: Call) -> None:
    _, out, _ = supportkit("tables", "--db", f"parquet:{folders['month,hash=4']}")
    assert f"engine: DuckDB {duckdb.__version__} over " in out
    assert "by month,hash=4" in out


def test_rows_lie_in_the_folders_of_their_month_and_person(folders: dict[str, Path]) -> None:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        found = connection.execute(
            "select month, person, strftime(created_at, '%Y-%m'), md5_number_lower(coalesce(customer_id, '')) % 4 "
            "from read_parquet($files, hive_partitioning = true, hive_types_autocast = false)",
            {"files": f"{folders['month,hash=4']}/tickets/*/*/*.parquet"},
        ).fetchall()
    assert len(found) > 3_000
    assert all((month, int(person)) == (real, bucket) for month, person, real, bucket in found)


def test_two_exports_are_equal_byte_for_byte(shop: Path, supportkit: Call) -> None:
    for cut in CUTS:
        for name in ("a", "b"):
            words = ("export", "--db", shop / "shop.duckdb", "--parquet", shop / cut / name, "--partition", cut)
            assert supportkit(*words)[0] == 0
        one, two = ({place: content for place, (_, content) in files(shop / cut / name).items()} for name in "ab")
        assert one == two


def test_only_what_changed_is_written_anew(shop: Path, supportkit: Call) -> None:
    before = files(shop / "out")
    assert export(supportkit, shop) == 0
    again = files(shop / "out")
    assert {name: file for name, file in again.items() if name != "manifest.json"} == {
        name: file for name, file in before.items() if name != "manifest.json"
    }
    (shop / "more.csv").write_text(ORDERS + "99,2026-02-03T10:00:00Z,c9,9.00\n", encoding="utf-8")
    assert supportkit("load", shop / "more.csv", "--db", shop / "shop.duckdb")[0] == 0
    assert export(supportkit, shop) == 0
    after = files(shop / "out")
    kept = {name for name in after if before.get(name) == after[name]}
    assert {name.split("/")[1] for name in kept if name.startswith("orders/")} == {"month=2026-01"}
    assert len([name for name in after if name.startswith("orders/month=2026-02/")]) == 1
    json_of = ("ltv", "--format", "json")
    assert (
        supportkit(*json_of, "--db", f"parquet:{shop / 'out'}")[:2]
        == supportkit(*json_of, "--db", shop / "shop.duckdb")[:2]
    )


def test_who_is_forgotten_leaves_the_folder_with_the_next_export(shop: Path, supportkit: Call) -> None:
    assert supportkit("forget", "c1", "--db", shop / "shop.duckdb")[0] == 0
    assert export(supportkit, shop, "month,hash=8") == 0
    _, out, _ = supportkit("sql", "select distinct customer_id from orders order by 1", "--db", f"parquet:{shop}/out")
    assert "c1" not in out
    assert "c2" in out
    manifest = json.loads((shop / "out" / "manifest.json").read_text())
    assert {one["file"] for one in manifest["files"]} == set(files(shop / "out")) - {"manifest.json"}


def test_nothing_is_written_through_an_address(shop: Path, supportkit: Call) -> None:
    before = files(shop / "out")
    address = f"parquet:{shop / 'out'}"
    for words in (
        ("load", shop / "orders.csv"),
        ("undo",),
        ("forget", "c1"),
        ("topics", "refresh"),
        ("issues", "add", "late", "--terms", "late"),
    ):
        code, out, err = supportkit(*words, "--db", address)
        assert (code, out) == (2, ""), words
        assert f"then write the folder anew: supportkit export --parquet {shop / 'out'}" in err
    assert files(shop / "out") == before


def test_a_partitioned_folder_is_loaded_as_the_store_it_was(
    folders: dict[str, Path], sample_store: Path, tmp_path: Path, supportkit: Call
) -> None:
    again = tmp_path / "again.duckdb"
    assert supportkit("load", folders["month,hash=4"], "--db", again, "--strict")[0] == 0
    for name in ("service", "ltv", "rejects"):
        words = (name, "--format", "json")
        assert supportkit(*words, "--db", again)[:2] == supportkit(*words, "--db", sample_store)[:2], name


@pytest.mark.parametrize("cut", ["week", "hash=4", "month,hash=1", "month,hash=x", "month,hash=99999"])
def test_a_partition_of_no_kind_is_refused(cut: str, shop: Path, supportkit: Call) -> None:
    words = ("export", "--db", shop / "shop.duckdb", "--parquet", shop / "other", "--partition", cut)
    code, _, err = supportkit(*words)
    assert (code, "--partition" in err, (shop / "other").exists()) == (2, True, False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"file": "../secret.parquet"}, "is not the file that was exported"),
        ({"file": "/etc/passwd"}, "is not the file that was exported"),
        ({"file": "orders"}, "is not the file that was exported"),
        ({"table": "duckdb_settings"}, "is no table of a store"),
        ({"bytes": 1}, "is not the file that was exported"),
        ({"file": "orders/" + "x" * 5_000}, "is not the file that was exported"),
        ({"file": "orders/\0"}, "is not the file that was exported"),
        ({"rows": "12"}, "manifest.json: is not the manifest that was written"),
        ({"file": ["orders"]}, "manifest.json: is not the manifest that was written"),
        ({"sha256": None}, "manifest.json: is not the manifest that was written"),
        ({"schema": SCHEMA_VERSION + 1}, "whose tables are others"),
    ],
)
def test_a_manifest_that_somebody_wrote_is_refused(
    change: dict[str, object], said: str, shop: Path, supportkit: Call
) -> None:
    manifest = json.loads((shop / "out" / "manifest.json").read_text())
    (shop / "secret.parquet").write_bytes(b"PAR1")
    if "schema" in change:
        manifest |= change
    else:
        manifest["files"][0] |= change
    (shop / "out" / "manifest.json").write_text(json.dumps(manifest))
    code, out, err = supportkit("ltv", "--db", f"parquet:{shop / 'out'}")
    assert (code, out) == (3, "")
    assert said in err
    assert "Traceback" not in err


def test_files_that_lack_columns_or_hold_others_are_refused(shop: Path, supportkit: Call) -> None:
    (orders,) = list((shop / "out" / "orders" / "month=2026-01").iterdir())
    with duckdb.connect() as connection:
        connection.execute(f"copy (select 1 as order_id) to '{orders}' (format parquet)")
    manifest = json.loads((shop / "out" / "manifest.json").read_text())
    for one in manifest["files"]:
        if one["file"].endswith(orders.name):
            one["bytes"] = orders.stat().st_size
    (shop / "out" / "manifest.json").write_text(json.dumps(manifest))
    code, out, err = supportkit("ltv", "--db", f"parquet:{shop / 'out'}")
    assert (code, out, "Traceback" in err) == (3, "", False)


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
@pytest.mark.parametrize("cut", ["", "month,hash=4"])
def test_a_folder_of_rows_is_no_more_open_than_the_store(cut: str, shop: Path, supportkit: Call) -> None:
    rmtree(shop / "out")
    mask = os.umask(0o022)
    try:
        assert export(supportkit, shop, cut) == 0
    finally:
        os.umask(mask)
    made = [shop / "out", *(shop / "out").rglob("*")]
    assert shop / "out" / "manifest.json" in made
    assert {oct(path.stat().st_mode & 0o777) for path in made if path.is_file()} == {"0o600"}
    assert {oct(path.stat().st_mode & 0o777) for path in made if path.is_dir()} == {"0o700"}


def test_a_link_out_of_the_folder_is_no_file_of_it(shop: Path, supportkit: Call) -> None:
    (orders,) = list((shop / "out" / "orders" / "month=2026-01").iterdir())
    copyfile(orders, shop / "elsewhere.parquet")
    orders.unlink()
    orders.symlink_to(shop / "elsewhere.parquet")
    assert supportkit("ltv", "--db", f"parquet:{shop / 'out'}")[0] == 3


def test_a_table_s_folder_that_leads_out_of_the_folder_is_not_read(shop: Path, supportkit: Call) -> None:
    os.rename(shop / "out" / "orders", shop / "elsewhere")
    (shop / "out" / "orders").symlink_to(shop / "elsewhere")
    code, out, err = supportkit("ltv", "--db", f"parquet:{shop / 'out'}")
    assert (code, out, "is not the file that was exported" in err) == (3, "", True)


@pytest.mark.parametrize("files_of", ["a word", None, [1], [[]]])
def test_a_manifest_whose_files_are_none_is_refused_and_written_anew(
    files_of: object, shop: Path, supportkit: Call
) -> None:
    place = shop / "out" / "manifest.json"
    whole = place.read_bytes()
    place.write_text(json.dumps(json.loads(whole) | {"files": files_of}))
    code, _, err = supportkit("ltv", "--db", f"parquet:{shop / 'out'}")
    assert (code, "manifest.json: is not the manifest that was written" in err) == (3, True)
    assert export(supportkit, shop) == 0
    assert place.read_bytes() == whole


def test_a_file_that_was_damaged_without_a_change_of_its_size_is_named(shop: Path, supportkit: Call) -> None:
    """Wherever its bits are others: what DuckDB says of it has a hundred words and classes."""
    (orders,) = list((shop / "out" / "orders" / "month=2026-01").iterdir())
    whole, ends = orders.read_bytes(), set()
    for start in range(4, len(whole) - 8, 97):
        orders.write_bytes(whole[:start] + bytes(sign ^ 0x55 for sign in whole[start : start + 8]) + whole[start + 8 :])
        try:
            with open_store(Path(f"parquet:{shop / 'out'}")) as store:
                store.rows("select * from orders")
        except DataError as told:
            ends.add((told.hint[-22:], type(told.__cause__).__name__))
    assert {hint for hint, _ in ends} == {"export the store again"}
    assert {kind for _, kind in ends} >= {"InvalidInputException", "Error"}
    orders.write_bytes(whole[:4] + bytes(len(whole) - 1_000) + whole[len(whole) - 996 :])
    for words in (("ltv",), ("sql", "select * from orders")):
        code, out, err = supportkit(*words, "--db", f"parquet:{shop / 'out'}")
        assert (code, out) == (3, ""), words
        assert f"{orders}: is not the file that was exported" in err
        assert "export the store again" in err


def read_a_day_that_is_none(folder: Path) -> None:
    with open_store(Path(f"parquet:{folder}")) as store:
        date(2026, 1, 1) + timedelta(days=100_000_000 * len(store.rows("select 1")))


def test_a_value_that_python_has_not_is_the_fault_of_a_damaged_folder_alone(shop: Path) -> None:
    (orders,) = list((shop / "out" / "orders" / "month=2026-01").iterdir())
    with pytest.raises(OverflowError):
        read_a_day_that_is_none(shop / "out")
    whole = orders.read_bytes()
    orders.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
    with pytest.raises(DataError, match="is not the file that was exported"):
        read_a_day_that_is_none(shop / "out")


def test_a_query_that_is_wrong_is_not_the_fault_of_the_folder(shop: Path, supportkit: Call) -> None:
    words = ("sql", "select cast(customer_id as int) from orders", "--db", f"parquet:{shop / 'out'}")
    code, _, err = supportkit(*words)
    assert (code, "Conversion Error" in err) == (2, True)


@pytest.mark.parametrize("address", ["parquet:~/out", "Parquet:~/out", "PARQUET:out"])
def test_an_address_is_read_in_any_case_and_from_the_home(
    address: str, shop: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(shop))
    monkeypatch.setenv("USERPROFILE", str(shop))
    monkeypatch.chdir(shop)
    assert supportkit("ltv", "--db", address)[0] == 0


@pytest.mark.parametrize(("cut", "told"), [("month", " --partition month\n"), ("; rm -rf ~", "\n")])
def test_the_way_to_write_a_folder_anew_has_its_partition(cut: str, told: str, shop: Path, supportkit: Call) -> None:
    place = shop / "out" / "manifest.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | {"partition": cut}))
    _, _, err = supportkit("load", shop / "orders.csv", "--db", f"parquet:{shop / 'out'}")
    assert f"supportkit export --parquet {shop / 'out'}{told}" in err


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_through_a_folder_is_refused(attack: str, shop: Path, supportkit: Call) -> None:
    (shop / "secret.txt").write_text("hunter2\n", encoding="utf-8")
    before = files(shop)
    code, out, err = supportkit("sql", attack.replace("FOLDER", str(shop)), "--db", f"parquet:{shop / 'out'}")
    assert (code, out) == (2, "")
    assert "hunter2" not in err
    assert "Traceback" not in err
    assert files(shop) == before


@pytest.mark.parametrize("name", ["none", "file", "empty"])
def test_what_is_no_such_folder_is_told(name: str, tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    code, out, err = supportkit("nps", "--db", f"parquet:{tmp_path / name}")
    assert (code, out) == (3, "")
    assert f"supportkit export --parquet {tmp_path / name}" in err


def test_a_folder_whose_name_has_signs_of_patterns_is_read(shop: Path, supportkit: Call) -> None:
    os.rename(shop / "out", shop / "o[ut]*'s")
    code, _, err = supportkit("ltv", "--db", f"parquet:{shop}/o[ut]*'s")
    assert code == 0, err


def test_the_library_opens_a_folder(shop: Path) -> None:
    import supportkit

    with supportkit.open_store(f"parquet:{shop / 'out'}") as store:
        assert supportkit.metric("ltv")(store).facts["customers"] == 3


def read_while_files_go(folder: Path) -> None:
    with open_store(Path(f"parquet:{folder}")) as store:
        assert store.rows("select count(*) from orders") == [(12,)]
        for file in (folder / "orders").rglob("*.parquet"):
            file.unlink()
        store.rows("select sum(amount) from orders")


def test_a_file_that_goes_while_the_folder_is_read_ends_the_command(shop: Path) -> None:
    with pytest.raises(DataError, match="a file of it cannot be read") as told:
        read_while_files_go(shop / "out")
    assert "run this again" in told.value.hint


def test_an_export_that_fails_leaves_the_folder_as_it_was(
    shop: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(shop / "out")
    (shop / "more.csv").write_text(ORDERS + "99,2026-02-03T10:00:00Z,c9,9.00\n", encoding="utf-8")
    assert supportkit("load", shop / "more.csv", "--db", shop / "shop.duckdb")[0] == 0

    def full(_: Path) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("supportkit.store.parquet_export.digest", full)
    assert export(supportkit, shop) == 3
    assert files(shop / "out") == before


@pytest.mark.parametrize("cut", ["month", "month,hash=3"])
def test_a_row_at_the_bounds_of_a_month_lies_in_its_folder_and_in_no_other(cut: str, tmp_path: Path) -> None:
    times: dict[str, list[str | None]] = {
        "2025-12": ["2025-12-01 00:00:00Z", "2025-12-31 23:59:59.999999Z"],
        "2026-01": ["2026-01-01 00:00:00Z"],
        "2026-02": ["2026-02-28 23:59:59.999999Z"],
        "9999-12": ["9999-12-31 23:59:59Z"],
        "10000-01": ["10000-01-01 00:00:00Z"],
        "__HIVE_DEFAULT_PARTITION__": [None],
    }
    rows = [(time,) for many in times.values() for time in many]
    with memory_store() as store:
        store.connection.executemany(
            "insert into events (user_id, occurred_at, step) values ('p', cast($1 as timestamptz), 'visit')", rows
        )
        write_parquet(store, tmp_path / "out", partitioning(cut))
        found = store.connection.execute(
            "select month, count(*) from read_parquet($files, hive_types = {'month': 'varchar'}) group by month",
            {"files": str(tmp_path / "out" / "events" / "**" / "*.parquet")},
        ).fetchall()
    assert {month or "__HIVE_DEFAULT_PARTITION__": count for month, count in found} == {
        month: len(many) for month, many in times.items()
    }
