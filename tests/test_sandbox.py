"""`supportkit sql` takes one select, and nothing gets past it to a file, the network, a setting or Python."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Call, StoreOf

ATTACKS = """
drop table orders
delete from orders
insert into orders (order_id) values ('x')
update orders set amount = 0
create table t as select 1
create or replace view v as select 1
create macro f() as 1
alter table orders rename to o
truncate orders
select 1; drop table orders
select 1; select 2
;
-- nothing
attach 'FOLDER/new.duckdb' as n
attach ':memory:' as n
detach shop
use memory
copy orders to 'FOLDER/out.csv'
copy (select 1) to 'FOLDER/out.csv'
copy orders from 'FOLDER/secret.txt'
export database 'FOLDER/out'
import database 'FOLDER/out'
install httpfs
load httpfs
load 'FOLDER/evil.duckdb_extension'
force install spatial from community
set enable_external_access = true
set lock_configuration = false
reset lock_configuration
set memory_limit = '100GB'
set temp_directory = 'FOLDER/spill'
pragma enable_profiling
pragma database_list
call pragma_version()
checkpoint
force checkpoint
vacuum
begin
commit
prepare p as select 1
execute p
deallocate p
explain select 1
explain analyze select 1
comment on table orders is 'x'
create secret (type s3, key_id 'a', secret 'b')
select * from read_csv('FOLDER/secret.txt')
select * from read_text('FOLDER/secret.txt')
select * from read_blob('FOLDER/secret.txt')
select * from read_json('FOLDER/secret.txt')
select * from read_parquet('FOLDER/secret.txt')
select * from sniff_csv('FOLDER/secret.txt')
select * from glob('FOLDER/*')
select * from 'FOLDER/secret.txt'
select * from 'FOLDER/*.csv'
from 'https://example.com/x.csv'
select * from read_csv('https://example.com/x.csv')
select * from parquet_metadata('FOLDER/secret.txt')
select * from query('select * from read_text(''FOLDER/secret.txt'')')
select * from query_table(['FOLDER/secret.txt'])
with a as (delete from orders returning *) select * from a
select * from frame
select * from ATTACKS
select getenv('HOME')
select * from sqlite_scan('FOLDER/secret.txt', 't')
select * from postgres_query('x', 'y')
select load_extension('x')
""".strip().splitlines()


@pytest.fixture
def db(tmp_path: Path, store_of: StoreOf) -> Path:
    """A store with one order beside a file with a secret."""
    (tmp_path / "secret.txt").write_text("hunter2\n", encoding="utf-8")
    orders = "order_id,ordered_at,customer_id,amount\n1,2026-01-02T10:00:00Z,c1,1.50\n"
    return store_of(tmp_path / "shop.duckdb", {"orders.csv": orders})


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_and_nothing_happens(attack: str, db: Path, tmp_path: Path, supportkit: Call) -> None:
    frame = "a local that a replacement scan could find"
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    code, out, err = supportkit("sql", attack.replace("FOLDER", str(tmp_path)), "--db", db)
    assert code == 2, (out, frame)
    assert out == ""
    assert "hunter2" not in err
    assert "Traceback" not in err
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    "query",
    [
        "select amount from orders",
        "from orders select count(*)",
        "with a as (select 1 as x) select x from a",
        "values (1)",
    ],
)
def test_a_select_is_answered(query: str, db: Path, supportkit: Call) -> None:
    assert supportkit("sql", query, "--db", db)[0] == 0


def test_lists_and_structures_are_shown_as_json(db: Path, supportkit: Call) -> None:
    query = "select ['a', null] as l, {'day': date '2026-01-02', 'n': 1.5} as s, map {'ключ': [1]} as m, [] as e"
    code, out, _ = supportkit("sql", query, "--db", db, "-f", "json")
    row = json.loads(out)["rows"][0]
    assert code == 0
    assert {name: json.loads(text) for name, text in row.items()} == {
        "l": ["a", None], "s": {"day": "2026-01-02", "n": 1.5}, "m": {"ключ": [1]}, "e": []
    }  # fmt: skip


def test_a_select_may_spill_to_the_private_folder(db: Path, supportkit: Call) -> None:
    query = (
        "select count(*) from (select row_number() over (order by hash(i)) as n from range(300000) t(i)) where n > 0"
    )
    code, out, _ = supportkit("sql", query, "--db", db, "-f", "csv")
    assert (code, out.splitlines()[1]) == (0, "300000")


DEAF = "select levenshtein(repeat('x', 1000000), repeat('y', 1000000))"  # takes the better part of an hour
GUARD = 600  # seconds until a process that does not stop is given up


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select count(*) from range(30000) a, range(3000000) b where a.range * b.range % 7 = 3", "longer than 0.5 s"),
        ("select length(repeat('x', 2000000000))", "more than 300 MB"),
        ("select repeat('x', 1000000) from range(1000)", "more than 300 MB"),
        ("select list(range) from range(300000000)", "more than 300 MB"),
        ("from range(1000001)", "more than 1,000,000 rows"),
    ],
)
def test_time_memory_and_rows_are_bounded(query: str, message: str, db: Path, supportkit: Call) -> None:
    seconds = "0.5s" if "0.5" in message else "60s"
    code, out, err = supportkit("sql", query, "--db", db, "--timeout", seconds, "--memory", "300")
    assert (code, out) == (3, "")
    assert message in err
    assert supportkit("sql", "select 1", "--db", db)[0] == 0  # the process itself is as before


def test_a_query_that_does_not_listen_is_ended_with_its_process(db: Path) -> None:
    command = [sys.executable, "-m", "supportkit", "sql", DEAF, "--db", str(db), "--timeout", "1s"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent / "src")}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=GUARD)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert "longer than 1 s" in ended.stderr


def test_ctrl_c_ends_a_query_that_does_not_listen(db: Path) -> None:
    code = (
        "import contextlib, sys; from supportkit import cli; from supportkit.store import sandbox\n"
        "bounded = sandbox.bounded\n"
        "@contextlib.contextmanager\n"
        "def telling(*of):\n"
        "    with bounded(*of):\n"
        "        print('started', flush=True)\n"
        "        yield\n"
        "sandbox.bounded = telling\n"
        "sys.exit(cli.run(['sql', sys.argv[1], '--db', sys.argv[2]]))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent / "src")}
    command = [sys.executable, "-c", code, DEAF, str(db)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        time.sleep(0.5)  # until the query runs
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=GUARD)
    assert (process.returncode, err) == (130, b"interrupted\n")


def test_a_checks_query_is_bounded_too(db: Path, supportkit: Call, tmp_path: Path) -> None:
    config = tmp_path / "supportkit.toml"
    config.write_text("[[check]]\nsql = [{ query = \"select repeat('x', 3000000000)\" }]\n", encoding="utf-8")
    code, out, _ = supportkit("check", "--db", db, "--config", config, "-f", "json")
    assert (code, "more than 2,000 MB" in out) == (3, True)


@pytest.mark.parametrize("words", [("--timeout", "soon"), ("--memory", "10")])
def test_bounds_that_make_no_sense_are_refused(words: tuple[str, str], db: Path, supportkit: Call) -> None:
    code, _, err = supportkit("sql", "select 1", "--db", db, *words)
    assert (code, words[0] in err) == (2, True)
