"""Spark answers byte for byte what DuckDB answers, for each metric that is on the list; where pyspark and Java are."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.conformance import BY_CATEGORY

from supportkit.errors import DataError
from supportkit.store import open_store
from supportkit.store.engines.spark import Spark, proved, session_at
from tests.conftest import CONFIG, Call

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install '.[spark]'")
pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java")


@pytest.fixture(scope="module")
def folder(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples as a folder of Parquet files, cut by month."""
    from supportkit.cli import run

    place = tmp_path_factory.mktemp("spark") / "shop"
    assert run(["export", "--db", str(sample_store), "--parquet", str(place), "--partition", "month", "-f", "csv"]) == 0
    return place


@pytest.mark.parametrize("name", sorted(proved()))
def test_spark_gives_the_same_bytes(name: str, folder: Path, sample_store: Path, supportkit: Call) -> None:
    by = ("--by", "category") if name in BY_CATEGORY else ()
    words = (name, *by, "--format", "json", "--config", CONFIG)
    expected = supportkit(*words, "--db", sample_store)
    assert expected[0] == 0
    assert supportkit(*words, "--db", f"spark:local[2]?path={folder}")[:2] == expected[:2]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server of Spark Connect that runs meanwhile."""
    pytest.importorskip("grpc", reason="pip install 'pyspark[connect]'")
    import pyspark

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = ("127.0.0.1", free.getsockname()[1])
    listens = f"spark.connect.grpc.binding.port={place[1]}"
    words = ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "--master", "local[2]"]
    quiet = ["--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=4"]
    submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    with subprocess.Popen(
        [submit, *words, *quiet, "--conf", listens, "spark-internal"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            for _ in range(1200):
                with suppress(OSError), socket.create_connection(place):
                    break
                assert process.poll() is None
                time.sleep(0.25)
            yield f"sc://{place[0]}:{place[1]}"
        finally:
            process.terminate()


@pytest.mark.parametrize("name", ["nps", "funnel"])
def test_spark_connect_gives_the_same_bytes(
    name: str, server: str, folder: Path, sample_store: Path, supportkit: Call
) -> None:
    words = (name, "--format", "json", "--config", str(CONFIG))
    expected = supportkit(*words, "--db", sample_store)
    address = f"spark:{server}?path={folder}"
    alone = [sys.executable, "-m", "supportkit", *words, "--db", address]  # pyspark has either kind in a process
    found = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == expected[:2], found.stderr


def test_two_folders_at_one_master_are_apart_and_signs_in_their_names_are_signs(
    tmp_path: Path, supportkit: Call
) -> None:
    addresses = []
    for orders, name in ((1, "shop [old] {a} *"), (2, "shop o {b}")):
        place, csv = tmp_path / name, tmp_path / f"{orders}.csv"
        rows = [f"{orders}-{one},2026-01-02,c{one},5" for one in range(orders)]
        csv.write_text("\n".join(("order_id,ordered_at,customer_id,amount", *rows)), encoding="utf-8")
        assert supportkit("load", csv, "--db", tmp_path / f"{orders}.duckdb")[0] == 0
        assert supportkit("export", "--db", tmp_path / f"{orders}.duckdb", "--parquet", place)[0] == 0
        addresses.append(Path(f"spark:local[2]?path={place}"))
    first, second = map(open_store, addresses)
    counted = [store.rows("select count(*) from main.orders") for store in (first, second, first)]
    assert counted == [[(1,)], [(2,)], [(1,)]]


def test_a_server_of_spark_connect_that_is_not_there_is_told_at_once() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, and not listening
        master = f"sc://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(DataError, match=f"no session at {master}.*refused"):
            session_at(master)


def test_a_rule_that_drops_the_order_of_a_list_is_caught(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.both_engines import Both
    from sqlglot import exp

    from supportkit.store.engines import spark_sql, spark_translation

    sql = """
        select channel, list(ticket_id order by earlier, ticket_id) as ids
          from (select channel, ticket_id, -epoch_us(created_at) as earlier from main.tickets)
         group by channel
         order by channel
    """
    right = spark_sql.rules()

    def in_no_order(node: exp.Expression) -> exp.Expression:
        return exp.func("COLLECT_LIST", node.this.this)

    with open_store(Path(f"parquet:{folder}")) as store, open_store(Path(f"spark:local[2]?path={folder}")) as other:
        assert isinstance(other.engine, Spark)
        for rules, faults in ((right, 0), (right | {exp.ArrayAgg: in_no_order}, 1)):
            monkeypatch.setattr(spark_translation, "rules", lambda rules=rules: rules)
            both = Both(store.engine, replace(other.engine, compared=None))
            assert len(both.rows(sql, {})) > 1
            assert len(both.faults) == faults, both.faults


def test_an_estimate_in_place_of_an_exact_quantile_of_very_many_values_is_caught(
    tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks.both_engines import Both
    from sqlglot import exp

    from supportkit.store.engines import spark_sql, spark_translation

    csv, place = tmp_path / "orders.csv", tmp_path / "shop"
    rows = (f"{one},2026-01-02,c,{one * one % 1_000_003}.{one % 97:02}" for one in range(60_000))
    csv.write_text("\n".join(("order_id,ordered_at,customer_id,amount", *rows)), encoding="utf-8")
    assert supportkit("load", csv, "--db", f"{place}.duckdb")[0] == 0
    assert supportkit("export", "--db", f"{place}.duckdb", "--parquet", place)[0] == 0
    sql = "select quantile_disc(amount, 0.37) as one, quantile_disc(amount, 0.9) as other from main.orders"
    right = spark_sql.rules()

    def estimated(node: exp.Expression) -> exp.Expression:
        return exp.func("PERCENTILE_APPROX", node.this, node.expression)

    with open_store(Path(f"parquet:{place}")) as store, open_store(Path(f"spark:local[2]?path={place}")) as other:
        assert isinstance(other.engine, Spark)
        for rules, faults in ((right, 0), (right | {exp.PercentileDisc: estimated}, 1)):
            monkeypatch.setattr(spark_translation, "rules", lambda rules=rules: rules)
            both = Both(store.engine, replace(other.engine, compared=None))
            both.rows(sql, {})
            assert len(both.faults) == faults, both.faults
