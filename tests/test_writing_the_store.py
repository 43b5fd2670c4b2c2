"""Writing the store: whole or not at all, one at a time, private, and back again."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from supportkit.errors import BusyError, DataError
from supportkit.store import open_store
from supportkit.store.opening import connect
from supportkit.store.shadow_copy import LeaveUnchangedError, rewriting, store_lock, undo
from supportkit.system import file_copies
from supportkit.system.file_copies import copy_bytes
from tests.conftest import Call, StoreOf

ORDERS = "order_id,ordered_at,customer_id,amount\n"


def orders(folder: Path, *numbers: int, name: str = "orders.csv") -> Path:
    file = folder / name
    file.write_text(ORDERS + "".join(f"{n},2026-01-02T10:00:00Z,c{n},1.50\n" for n in numbers), encoding="utf-8")
    return file


@pytest.fixture
def db(tmp_path: Path, store_of: StoreOf) -> Path:
    """A store with one order, beside the file that it came from."""
    file = orders(tmp_path, 1)
    return store_of(tmp_path / "shop.duckdb", {file.name: file.read_text()})


def count(path: Path, table: str = "orders") -> int:
    with open_store(path) as store:
        row = store.connection.execute(f"select count(*) from {table}").fetchone()
        assert row is not None
        return int(row[0])


def test_a_load_leaves_the_store_and_the_file_before_it_private_and_nothing_else(
    db: Path, tmp_path: Path, supportkit: Call
) -> None:
    assert supportkit("load", orders(tmp_path, 2), "--db", db)[0] == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["orders.csv", "shop.duckdb", "shop.duckdb.prev"]
    assert stat.S_IMODE(db.stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(f"{db}.prev").stat().st_mode) == 0o600
    assert (count(db), count(Path(f"{db}.prev"))) == (2, 1)


def test_the_store_says_its_storage_version_and_keeps_it(db: Path, tmp_path: Path, supportkit: Call) -> None:
    supportkit("load", orders(tmp_path, 2), "--db", db)
    with duckdb.connect(str(db), read_only=True) as con:
        row = con.execute("select tags from duckdb_databases() where database_name = 'shop'").fetchone()
        assert row is not None
        assert row[0]["storage_version"].startswith("v1.2.0")
        assert con.execute("select value from meta where name = 'storage_version'").fetchall() == [("v1.2.0",)]


def test_what_a_load_spills_is_not_readable_on_the_disk(tmp_path: Path) -> None:
    spill = tmp_path / "spill"
    con = connect(tmp_path / "x.duckdb", memory_limit="40MB", temp_directory=str(spill), threads="1")
    con.execute(
        "create temp table t as select 'anna@example.com ' || i || md5(i::varchar) || repeat('x', 300) as s "
        "from range(200000) t(i)"
    )
    spilled = b"".join(file.read_bytes() for file in spill.iterdir())
    con.close()
    assert len(spilled) > 1_000_000
    assert b"anna@example.com" not in spilled


def test_undo_goes_back_one_load_and_no_further(db: Path, tmp_path: Path, supportkit: Call) -> None:
    supportkit("load", orders(tmp_path, 2, 3), "--db", db)
    code, out, _ = supportkit("undo", "--db", db, "-f", "csv")
    assert code == 0
    assert "orders.csv,orders,2,0,0" in out
    assert count(db) == 1
    code, _, err = supportkit("undo", "--db", db)
    assert code == 3
    assert "nothing to go back to" in err


def test_undo_goes_back_over_the_loads_that_are_kept(db: Path, tmp_path: Path, supportkit: Call) -> None:
    for n in (2, 3, 4):
        assert supportkit("load", orders(tmp_path, n, 1), "--db", db, "--keep-loads", "2")[0] == 0
    assert count(db) == 4
    kept = {file.name for file in tmp_path.iterdir() if ".prev" in file.name}
    assert kept == {"shop.duckdb.prev", "shop.duckdb.prev.2"}
    for left in (3, 2):
        assert supportkit("undo", "--db", db)[0] == 0
        assert count(db) == left
    assert supportkit("undo", "--db", db)[0] == 3
    assert not [file for file in tmp_path.iterdir() if ".prev" in file.name]


def test_a_change_that_is_no_load_keeps_as_many_files_and_an_erasure_none(
    db: Path, tmp_path: Path, supportkit: Call
) -> None:
    for n in (2, 3):
        assert supportkit("load", orders(tmp_path, n, 1), "--db", db, "--keep-loads", "2")[0] == 0
    assert supportkit("issues", "add", "No SMS", "--terms", "sms code", "--db", db)[0] == 0
    assert len([file for file in tmp_path.iterdir() if ".prev" in file.name]) == 2
    assert supportkit("forget", "nobody@example.com", "--db", db)[0] == 0
    assert not [file for file in tmp_path.iterdir() if ".prev" in file.name]


@pytest.mark.parametrize("size", [0, 1, 4096, 8 << 20, (8 << 20) + 5])
@pytest.mark.parametrize("lacking", ["", "O_DIRECT", "pwrite", "copy_file_range", "pwrite copy_file_range"])
def test_a_file_is_copied_whole_whatever_the_system_can_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, lacking: str
) -> None:
    content = random.Random(size).randbytes(size)
    (tmp_path / "a").write_bytes(content)
    monkeypatch.setattr(file_copies, "LARGE", 4096)
    for name in lacking.split():
        monkeypatch.delattr(os, name)
    with (tmp_path / "a").open("rb") as source, (tmp_path / "b").open("xb") as target:
        copy_bytes(source, target)
    assert (tmp_path / "b").read_bytes() == content


def test_a_large_file_is_written_past_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*given: int) -> int:
        raise AssertionError("in the kernel")

    monkeypatch.setattr(file_copies, "LARGE", 1 << 20)
    monkeypatch.setattr(os, "copy_file_range", refused)
    (tmp_path / "a").write_bytes(b"x" * (1 << 20))
    with (tmp_path / "a").open("rb") as source, (tmp_path / "b").open("xb") as target:
        copy_bytes(source, target)
    (tmp_path / "a").write_bytes(b"x" * 4096)
    with (tmp_path / "a").open("rb") as source, (tmp_path / "c").open("xb") as target, pytest.raises(AssertionError):
        copy_bytes(source, target)


def test_a_copy_that_finds_no_room_is_an_error_and_no_short_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "copy_file_range", full)
    (tmp_path / "a").write_bytes(b"x" * 5000)
    with (
        (tmp_path / "a").open("rb") as source,
        (tmp_path / "b").open("xb") as target,
        pytest.raises(OSError, match="No "),
    ):
        copy_bytes(source, target)


def test_history_lists_the_loads_with_their_reading_and_what_they_replaced(tmp_path: Path, supportkit: Call) -> None:
    db, file = tmp_path / "t.db", tmp_path / "shop.csv"
    file.write_text("No,When,Net,Gross\n1,2026-01-01,10,12\n2,2026-01-02,20,24\n", encoding="utf-8")
    words = ("load", file, "--as", "orders", "--map", "order_id=No", "--map", "ordered_at=When", "--db", db)
    assert supportkit(*words, "--map", "amount=Net")[0] == 0
    assert supportkit(*words, "--map", "amount=Gross", "--dates", "ymd")[0] == 0
    rows = json.loads(supportkit("history", "--db", db, "-f", "json")[1])["rows"]
    told = [
        (row["load"], row["file"], row["read"], row["updated"], row["replaced"], row["replaced_by"]) for row in rows
    ]
    assert told == [(1, "shop.csv", 2, 0, 0, "2"), (2, "shop.csv", 2, 2, 2, None)]
    assert rows[0]["reading"] == "map amount=Net, order_id=No, ordered_at=When"
    assert rows[1]["reading"] == "dates ymd; map amount=Gross, order_id=No, ordered_at=When"
    read = json.loads(supportkit("tables", "--db", db, "-f", "json")[1])["rows"]
    assert [(row["rows"], row["read"], row["updated"]) for row in read] == [(2, 2, 2)]  # the load that is there


def test_undo_says_where_the_last_change_was_no_load(db: Path, supportkit: Call) -> None:
    assert supportkit("issues", "add", "No SMS", "--terms", "sms code", "--db", db)[0] == 0
    code, out, _ = supportkit("undo", "--db", db)
    assert (code, "which was no load" in out) == (0, True)
    assert "No SMS" not in supportkit("issues", "--db", db)[1]
    assert count(db) == 1


def test_a_repeated_file_changes_no_byte_and_can_still_be_undone(db: Path, tmp_path: Path, supportkit: Call) -> None:
    second = orders(tmp_path, 2, name="second.csv")
    supportkit("load", second, "--db", db)
    before = db.read_bytes()
    assert supportkit("load", second, tmp_path / "orders.csv", "--db", db)[0] == 0
    assert db.read_bytes() == before
    assert supportkit("undo", "--db", db)[0] == 0
    assert count(db) == 1


def test_a_repeated_file_beside_a_new_one_leaves_no_second_entry(db: Path, tmp_path: Path, supportkit: Call) -> None:
    supportkit("load", tmp_path / "orders.csv", orders(tmp_path, 2, name="second.csv"), "--db", db)
    assert (count(db, "loads"), count(db)) == (2, 2)


def test_after_an_error_the_store_is_as_before(db: Path) -> None:
    before = db.read_bytes()

    def fail(error: Exception) -> None:
        with rewriting(db) as store:
            store.connection.execute("delete from orders")
            raise error

    with pytest.raises(ZeroDivisionError):
        fail(ZeroDivisionError())
    fail(LeaveUnchangedError())
    assert db.read_bytes() == before
    assert sorted(file.name for file in db.parent.iterdir()) == ["orders.csv", "shop.duckdb"]


def test_a_second_writer_is_told_to_try_again(db: Path, tmp_path: Path, supportkit: Call) -> None:
    with store_lock(db.resolve()):
        code, _, err = supportkit("load", orders(tmp_path, 2), "--db", db)
        assert supportkit("sql", "select count(*) from orders", "--db", db)[0] == 0  # a reader does not wait
    assert code == 75
    assert "another process is writing it" in err
    assert supportkit("load", orders(tmp_path, 2), "--db", db)[0] == 0


def test_a_lock_taken_on_a_removed_file_is_not_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with store_lock(path):
        os.unlink(f"{path}.lock")  # as when the name was given to another file meanwhile
        with store_lock(path), pytest.raises(BusyError), store_lock(path):
            pass


def test_what_a_killed_load_left_is_cleared(db: Path, tmp_path: Path, supportkit: Call) -> None:
    work = tmp_path / ".shop.duckdb.next"
    work.mkdir()
    (work / "store.duckdb").write_bytes(b"half")
    Path(f"{db}.lock").write_bytes(b"")
    assert supportkit("load", orders(tmp_path, 2), "--db", db)[0] == 0
    assert not work.exists()
    assert not Path(f"{db}.lock").exists()


def test_a_reader_keeps_the_file_that_it_opened(db: Path, tmp_path: Path, supportkit: Call) -> None:
    with open_store(db) as store:
        assert supportkit("load", orders(tmp_path, 2), "--db", db)[0] == 0
        assert store.connection.execute("select count(*) from orders").fetchone() == (1,)
    assert count(db) == 2


def test_a_store_reached_by_a_link_is_replaced_where_it_lies(db: Path, tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.duckdb"
    link.symlink_to(db)
    assert supportkit("load", orders(tmp_path, 2), "--db", link)[0] == 0
    assert link.is_symlink()
    assert count(db) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"SQLite format 3\0" + b"\0" * 2000, "an SQLite database"),
        (b"ticket_id,created_at\n1,2026-01-01\n", "a text file"),
        (bytes(range(256)) * 20, "not a DuckDB file"),
    ],
)
@pytest.mark.parametrize("command", ["load", "sql", "undo", "forget"])
def test_a_file_that_is_no_store_is_named_as_such_and_kept(
    content: bytes, words: str, command: str, tmp_path: Path, supportkit: Call
) -> None:
    path = tmp_path / "other.duckdb"
    path.write_bytes(content)
    (tmp_path / "other.duckdb.prev").write_bytes(content)
    more: list[str | Path] = {"load": [orders(tmp_path, 1)], "sql": ["select 1"], "undo": [], "forget": ["a@b.de"]}[
        command
    ]  # type: ignore[assignment]
    code, _, err = supportkit(command, *more, "--db", path)
    assert code == 3
    assert words in err
    assert path.read_bytes() == content


def test_another_programs_database_a_newer_store_and_a_folder_are_refused_by_name(
    db: Path, tmp_path: Path, supportkit: Call
) -> None:
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).execute("create table t (a int)").close()
    assert "another program" in supportkit("load", orders(tmp_path, 1), "--db", other)[2]
    with duckdb.connect(str(db)) as con:
        con.execute("update meta set value = '99' where name = 'schema_version'")
    code, _, err = supportkit("load", orders(tmp_path, 1), "--db", db)
    assert code == 3
    assert "newer supportkit" in err
    code, _, err = supportkit("sql", "select 1", "--db", tmp_path)
    assert code == 3
    assert "a folder" in err


def test_a_damaged_store_is_named_as_damaged_wherever_the_damage_is(db: Path, tmp_path: Path, supportkit: Call) -> None:
    supportkit("load", orders(tmp_path, *range(2, 20_000)), "--db", db)
    good = db.read_bytes()
    for place in range(4096, len(good), max(len(good) // 12, 4096)):
        db.write_bytes(good[:place] + bytes([good[place] ^ 0xFF]) + good[place + 1 :])
        code, _, err = supportkit(
            "sql", "select sum(amount), max(customer_id), max(source_row) from orders", "--db", db
        )
        assert "Traceback" not in err
        assert code in (0, 3), err
        if code:
            assert "damaged" in err
            assert "undo" in err
    db.write_bytes(good[: len(good) // 2])
    code, _, err = supportkit("sql", "select count(*) from orders where amount > 1", "--db", db)
    assert (code, "damaged" in err, "free some space" in err) == (3, True, False)
    assert supportkit("undo", "--db", db)[0] == 0
    assert count(db) == 1


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that even the superuser cannot write")
def test_a_folder_that_cannot_be_written_is_exit_3(tmp_path: Path, supportkit: Call) -> None:
    code, _, err = supportkit("load", orders(tmp_path, 1), "--db", "/sys/kernel/shop.duckdb")
    assert (code, "cannot be written" in err, "Traceback" in err) == (3, True, False)


GUARD = 600  # seconds until a process that does not stop is given up; what it does takes hours


@pytest.fixture
def slow_load(db: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that writes the store of one order, and is in a query that would take hours: the query says so."""
    code = (
        "import sys; from pathlib import Path; from supportkit import cli; import supportkit.exports.into_store as l\n"
        "def tell(number: int) -> int:\n"
        "    print('started', flush=True)\n"
        "    return number\n"
        "def load(store, files, options):\n"
        "    connection = store.connection\n"
        "    connection.execute('delete from orders')\n"
        "    connection.create_function('tell', tell, ['bigint'], 'bigint')\n"
        "    found = 'case when i = 1 then tell(i) else i * i % 7 end = 3'\n"
        "    connection.execute(f'select count(*) from range(9000000000000) t(i) where {found}').fetchall()\n"
        "    return []\n"
        "l.load = load\n"
        "sys.exit(cli.run(['load', sys.argv[1], '--db', sys.argv[2]]))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent / "src")}
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "orders.csv"), str(db)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"started\n"
    yield process
    process.kill()
    process.communicate()


def test_ctrl_c_stops_a_load_in_the_middle_of_a_query_and_changes_nothing(
    db: Path, slow_load: subprocess.Popen[bytes]
) -> None:
    before = db.read_bytes()
    slow_load.send_signal(signal.SIGINT)
    _, err = slow_load.communicate(timeout=GUARD)
    assert (slow_load.returncode, err) == (130, b"interrupted\n")
    assert b"Traceback" not in err
    assert db.read_bytes() == before
    assert sorted(file.name for file in db.parent.iterdir()) == ["orders.csv", "shop.duckdb"]


def test_a_killed_load_changes_nothing_and_stops_nobody(
    db: Path, tmp_path: Path, slow_load: subprocess.Popen[bytes], supportkit: Call
) -> None:
    before = db.read_bytes()
    slow_load.kill()
    slow_load.communicate()
    assert db.read_bytes() == before
    assert supportkit("load", orders(tmp_path, 2), "--db", db)[0] == 0
    assert count(db) == 2


def test_undo_without_a_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing to go back to"):
        undo(tmp_path / "none.duckdb")
