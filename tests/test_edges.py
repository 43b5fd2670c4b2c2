"""What a program meets at its edges: closed streams, full devices, pipes, names that are too long."""

from __future__ import annotations

import gzip
import json
import os
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Call, StoreOf

ORDERS = "order_id,ordered_at,customer_id,amount\n1,2026-01-02T10:00:00Z,c1,1.50\n"
LONG = "x" * 300


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """A file with one order."""
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    return path


@pytest.fixture
def db(tmp_path: Path, orders: Path, store_of: StoreOf) -> Path:
    """A store with one order, beside the file that it came from."""
    return store_of(tmp_path / "shop.duckdb", {orders.name: ORDERS})


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell, in which `$S` is the program."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent / "src")}
    environment["S"] = f"{sys.executable} -m supportkit"
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=folder, env=environment, check=False, timeout=60
    )


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("$S tables --db shop.duckdb >&-", 3),
        ("$S tables --db nothing.duckdb 2>&-", 3),
        ("$S tables --db nothing.duckdb >&- 2>&- <&-", 3),
        ("$S load - --db other.duckdb <&-", 3),
        ("$S load orders.csv --db other.duckdb >&- 2>&- <&- && $S sql 'select 1' --db other.duckdb", 0),
        ("$S tables --db shop.duckdb > /dev/full", 3),
        ("$S tables --db shop.duckdb --output /dev/full", 3),
    ],
)
def test_closed_streams_and_full_devices_keep_the_exit_code(command: str, code: int, db: Path) -> None:
    if "full" in command and not stat.S_ISCHR(os.stat("/dev/full").st_mode):
        pytest.skip("there is no /dev/full")
    done = shell(command, db.parent)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("suffix", ["gif", "xyz", "GIF", "json.gz", "docx"])
@pytest.mark.parametrize("words", [("tables",), ("nps",), ("report", "--period", "2026-W45"), ("check",)])
def test_a_suffix_that_no_format_has_is_refused_before_anything_is_read(
    words: tuple[str, ...], suffix: str, tmp_path: Path, supportkit: Call
) -> None:
    file = tmp_path / f"x.{suffix}"
    code, out, err = supportkit(*words, "--db", tmp_path / "none.duckdb", "-o", file)
    assert (code, out, file.exists()) == (2, "", False)
    assert f"no format is written as .{suffix.lower().rpartition('.')[2]}" in err
    assert ".json, .jsonl, .ndjson, .csv, .tsv, .md, .html, .htm, .pdf, .txt, .xlsx, .parquet, .svg, .png" in err


def test_a_format_that_is_named_is_written_whatever_the_suffix(db: Path, tmp_path: Path, supportkit: Call) -> None:
    code, out, _ = supportkit("tables", "--db", db, "-f", "json")
    assert supportkit("tables", "--db", db, "-f", "json", "-o", tmp_path / "x.xyz") == (code, "", "")
    assert (tmp_path / "x.xyz").read_text(encoding="utf-8") == out
    assert supportkit("tables", "--db", db, "-o", tmp_path / "plain")[0] == 0
    assert (tmp_path / "plain").read_text(encoding="utf-8") == supportkit("tables", "--db", db)[1]


def test_an_output_never_takes_the_place_of_a_database_an_input_or_a_device(
    db: Path, orders: Path, tmp_path: Path, supportkit: Call
) -> None:
    before = db.read_bytes()
    code, _, err = supportkit("tables", "--db", db, "--output", db, "--format", "csv")
    assert (code, "is a database" in err, db.read_bytes() == before) == (2, True, True)
    code, _, err = supportkit("tables", "--data", orders, "--output", orders)
    assert (code, "is what is read" in err, orders.read_text()) == (2, True, ORDERS)
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert supportkit("tables", "--db", db, "--output", pipe)[0] == 0
        out, _ = reader.communicate(timeout=10)
    assert out.startswith(b"table,source")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_store_that_is_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, orders: Path, supportkit: Call) -> None:
    pipe = tmp_path / "pipe.duckdb"
    os.mkfifo(pipe)
    for words in (["tables"], ["load", orders]):
        code, _, err = supportkit(*words, "--db", pipe)
        assert (code, "is not a regular file" in err) == (3, True)


@pytest.mark.parametrize(
    "words", [["tables", "--db", LONG], ["load", LONG], ["nps", "--data", LONG], ["load", "orders.csv", "--db", LONG]]
)
def test_a_name_that_is_too_long_is_an_error_and_no_bug(
    words: list[str], orders: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(orders.parent)
    code, _, err = supportkit(*words)
    assert (code, "File name too long" in err) == (3, True)


def test_a_folder_that_was_removed_is_an_error_and_no_bug(
    tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    code, _, err = supportkit("tables")
    assert (code, "the folder that this runs in" in err) == (3, True)


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("$S tables --db shut/shop.duckdb", 3, "shut/shop.duckdb: cannot be read"),
        ("$S tables --db locked.duckdb", 3, "locked.duckdb: cannot be read"),
        ("$S load orders.csv --db locked.duckdb", 3, "locked.duckdb: cannot be read"),
        ("$S load shut --db new.duckdb", 3, "shut: cannot be read"),
        ("$S nps --data shut", 3, "shut: cannot be read"),
        ("$S load 'shut/*.csv' --db new.duckdb", 3, "cannot be read"),
        ("$S init shut/x.toml", 3, "shut/x.toml: cannot be written"),
        ("$S tables --db shop.duckdb --output shut/x.csv", 3, "shut/x.csv: cannot be written"),
        ("$S load orders.csv --db shut/new.duckdb", 3, "shut/new.duckdb: cannot be read"),
    ],
)
def test_what_may_not_be_read_or_entered_is_an_error_and_no_bug(command: str, code: int, said: str, db: Path) -> None:
    folder = db.parent
    (folder / "shut").mkdir()
    (folder / "locked.duckdb").write_bytes(db.read_bytes())
    for name in ("shut", "locked.duckdb"):
        (folder / name).chmod(0)
    if os.geteuid() == 0:  # who may read everything has to give that up
        if shutil.which("setpriv") is None:
            pytest.skip("needs setpriv, or another user than root")
        rights = "-dac_override,-dac_read_search"
        command = f"exec setpriv --bounding-set={rights} --inh-caps={rights} bash -c {shlex.quote(command)}"
    done = shell(command, folder)
    (folder / "shut").chmod(0o700)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


@pytest.fixture
def little_room(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 300 kB."""
    folder = tmp_path / "little"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", folder], check=False).returncode:
        pytest.skip("may not mount a small file system")
    yield folder
    subprocess.run(["umount", folder], check=False)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("TMPDIR=little $S load big.csv.gz --db other.duckdb", "the disk is full"),
        ("TMPDIR=little $S tables --data big.csv.gz", "the disk is full"),
        ("TMPDIR=little $S load - --db other.duckdb --as orders < big.csv", "the disk is full"),
        ("$S load big.csv --db little/x.duckdb", "the disk is full; nothing was changed"),
        (
            "dd if=/dev/zero of=little/x bs=1k count=298; $S tables --db shop.duckdb -f html -o little/r.html",
            "free some",
        ),
        ("dd if=/dev/zero of=little/x bs=1k count=298; $S export --db shop.duckdb --parquet little/pq", "free some"),
    ],
)
def test_a_full_disk_is_told_wherever_it_is_met(command: str, said: str, db: Path, little_room: Path) -> None:
    rows = "".join(f'{n},2026-01-02,"customer ""{n}""",1.50\n' for n in range(20_000))
    (db.parent / "big.csv").write_text(ORDERS.splitlines()[0] + "\n" + rows, encoding="utf-8")
    (db.parent / "big.csv.gz").write_bytes(gzip.compress((db.parent / "big.csv").read_bytes()))
    done = shell(command, db.parent)
    assert (done.returncode, said in done.stderr) == (3, True), done.stderr
    assert "Traceback" not in done.stderr
    assert not list(little_room.rglob("*.part"))


def test_a_file_whose_name_is_no_text_is_loaded_and_other_words_that_are_none_are_refused(
    tmp_path: Path, orders: Path, supportkit: Call
) -> None:
    folder, db = tmp_path / "old", tmp_path / "shop.duckdb"
    folder.mkdir()
    odd = folder / os.fsdecode(b"\x87\xa0\xaa\xa0\xa7.csv")  # as an archive of an old Windows unpacks
    try:
        odd.write_text(ORDERS)
    except OSError:
        pytest.skip("this file system takes no such name")
    for path in (folder, odd):
        assert supportkit("load", path, "--db", db)[0] == 0
        assert supportkit("load", path, "--dry-run")[0] == 0
        assert supportkit("cohorts", "--data", path)[0] == 0
    assert "\ufffd\ufffd\ufffd\ufffd\ufffd.csv" in supportkit("tables", "--db", db, "-f", "csv")[1]
    odd.write_text("a,b\n1,2\n")
    assert supportkit("load", odd, "--db", db)[0] == 3
    for words in (["sql", "select '\udcff'"], ["forget", "\udcff"], ["tables", "--db", "\udcff.duckdb"]):
        code, _, err = supportkit(*words)
        assert (code, "is not valid UTF-8" in err) == (2, True)
    assert supportkit("load", orders, "--db", odd)[0] == 2


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("\ufeff[data]\ncurrency = 'eur'\n", 0, ""),
        ("[data]\r\ntime_zone = 'Europe/Berlin'\r\n", 0, ""),
        ("[data]\ncurrency = 'EURO'\n", 2, "[data.currency] 'EURO' is no currency"),
        ("[sla.email]\nfirst_reply = -5\n", 2, "[sla.email.first_reply] -5 is no duration"),
        ("[sla.email]\nfirst_reply = 1e300\n", 2, "is no duration"),
        ('[sla.email]\nfirst_reply = "99999999999d"\n', 2, "is too long"),
        ("[columns.orders]\ntime_zone = 'Mars/X'\n", 2, "no such time zone"),
        ("grün".encode("latin-1"), 2, "is not UTF-8"),
    ],
)
def test_a_configuration_as_editors_save_it_and_as_it_must_not_be(
    text: str | bytes, code: int, said: str, orders: Path, tmp_path: Path, supportkit: Call
) -> None:
    config = tmp_path / "supportkit.toml"
    config.write_bytes(text if isinstance(text, bytes) else text.encode())
    got, _, err = supportkit("load", orders, "--db", tmp_path / "x.duckdb", "--config", config)
    assert (got, said in err) == (code, True), err


def test_a_configuration_that_is_a_pipe_is_refused_and_not_waited_for(orders: Path, supportkit: Call) -> None:
    pipe = orders.parent / "pipe.toml"
    os.mkfifo(pipe)
    code, _, err = supportkit("tables", "--data", orders, "--config", pipe)
    assert (code, "is not a regular file" in err) == (2, True)


def test_one_metric_of_a_file_whose_size_nobody_knows_is_that_of_the_file(orders: Path) -> None:
    rows = "".join(f"{n},2026-01-0{n % 9 + 1}T10:00:00Z,c{n % 7},1.50\n" for n in range(2, 100)) + ",2026-01-02,c,1\n"
    orders.write_text(ORDERS + rows, encoding="utf-8")
    one = shell("$S ltv --data orders.csv -f json", orders.parent)
    other = shell("$S ltv --data - -f json < orders.csv", orders.parent)
    assert (one.returncode, other.returncode) == (0, 0), other.stderr
    assert json.loads(one.stdout)["facts"] == json.loads(other.stdout)["facts"]
