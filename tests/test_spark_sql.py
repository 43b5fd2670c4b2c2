"""What Spark is asked in place of DuckDB: each rule against the meaning that it keeps, and what is refused instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportkit.errors import DataError, UsageError
from supportkit.store.address import address_of
from tests.conftest import Call

pytest.importorskip("sqlglot")
TABLES = {"tickets": None, "orders": None}


def spark(sql: str, *, compared: bool = False) -> str:
    from supportkit.store.engines.spark import COMPARED, words_of
    from supportkit.store.engines.spark_translation import translated

    return translated(sql, TABLES, words_of(COMPARED) if compared else None)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("select isodow(x)", "SELECT (WEEKDAY(x) + 1)"),
        (
            "select date_diff('second', a, b)",
            "SELECT (UNIX_SECONDS(CAST(b AS TIMESTAMP)) - UNIX_SECONDS(CAST(a AS TIMESTAMP)))",
        ),
        ("select date_diff('day', a, b)", "SELECT (UNIX_DATE(CAST(b AS DATE)) - UNIX_DATE(CAST(a AS DATE)))"),
        ("select date_diff('month', a, b)", "SELECT ((YEAR(b) * 12 + MONTH(b)) - (YEAR(a) * 12 + MONTH(a)))"),
        ("select unnest(a) as x, unnest(b) as y", "SELECT INLINE(ARRAYS_ZIP(a, b)) AS (x, y)"),
        ("select unnest(a) as x", "SELECT EXPLODE(a) AS x"),
        ("select quantile_cont(x, 0.5)", "SELECT PERCENTILE(x, 0.5)"),
        ("select quantile_disc(x, 0.9)", "SELECT PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY x)"),
        ("select median(x)", "SELECT MEDIAN(x)"),
        (
            "select grouping(a, b) from tickets",
            "SELECT (GROUPING(b) * 1 + GROUPING(a) * 2) FROM supportkit_tickets AS tickets",
        ),
        ("select avg(x)", "SELECT AVG(CAST(x AS DOUBLE))"),
        ("select a / b", "SELECT CAST(a AS DOUBLE) / CAST(b AS DOUBLE)"),
        ("select x & 1", "SELECT PMOD(x, 2)"),
        ("select epoch_us(x)", "SELECT UNIX_MICROS(CAST(x AS TIMESTAMP))"),
        ("select range(0, n)", "SELECT IF((n - 1) < 0, ARRAY(), SEQUENCE(0, (n - 1)))"),
        ("select l[2]", "SELECT TRY_ELEMENT_AT(l, 2)"),
        ("select 1 where a is null or 1 = 1 or hash(a) % 3 = 0", "SELECT 1 WHERE TRUE"),
        (
            "with tickets as not materialized (select * from main.tickets) select * from tickets",
            "WITH tickets AS (SELECT * FROM supportkit_tickets AS tickets) SELECT * FROM tickets",
        ),
        ("select x & 6", "SELECT x & 6"),
        ("select regexp_replace(a, 'x', 'y', 'g')", "SELECT REGEXP_REPLACE(a, '(?ud)x', 'y')"),
        ("select regexp_full_match(a, 'x|y')", "SELECT a RLIKE '(?ud)^(?:x|y)\\\\z'"),
        ("select regexp_replace(a, '^x', 'y')", "SELECT REGEXP_REPLACE(a, '(?ud)^x', 'y')"),
        (r"select regexp_matches(a, '^[[&]$')", r"SELECT a RLIKE '(?ud)^[\\[\\&]\\z'"),
        (r"select regexp_matches(a, '(?im)^a$')", "SELECT a RLIKE '(?ud)(?im)^a$'"),
        ("select a.* exclude (x) from a", "SELECT a.* EXCEPT (x) FROM a"),
        ("select a.* replace (b as x), c from a", "SELECT a.* EXCEPT (x), b AS x, c FROM a"),
        ("select hash(coalesce(x, y)) as person from a", "SELECT COALESCE(x, y) AS person FROM a"),
        (
            "select list(x order by y) filter (where z)",
            "SELECT NULLIF(TRANSFORM(ARRAY_SORT(COLLECT_LIST("
            "NAMED_STRUCT('part_0', y IS NULL, 'part_1', y, 'part_2', x)"
            ") FILTER(WHERE z)), pair -> pair.part_2), ARRAY())",
        ),
        (
            "select min(x, 2) filter (where y)",
            "SELECT NULLIF(SLICE(ARRAY_SORT(COLLECT_LIST(x) FILTER(WHERE y)), 1, 2), ARRAY())",
        ),
    ],
)
def test_a_query_keeps_its_meaning(ours: str, theirs: str) -> None:
    assert spark(ours) == theirs


@pytest.mark.parametrize(
    "sql",
    [
        "select list(x)",
        "select list(x order by y desc)",
        "select hash(x)",
        "select hash(x) as y from a where hash(x) % 3 = 0",
        "select a from (select hash(x) as y from b) as c where y % 3 = 0",
        "select c.*, e.x from c asof join e on c.t >= e.x and c.k = e.k",
        "select c.*, e.x from c asof join e on c.k = e.k and c.t <= e.x asof join f on c.k = f.k and c.t <= f.x",
        "select date_diff('week', a, b)",
        "select max(x, 3)",
        "select regexp_replace(a, 'x', 'y')",
        "select regexp_replace(a, '^x|z', 'y')",
        "select regexp_replace(a, 'x.*$', 'y', 'i')",
        r"select regexp_replace(a, '(x)', '\1', 'g')",
        "select regexp_matches(a, 'x', 'i')",
        "select regexp_matches(a, b)",
        "select md5_number_lower(a)",
        "select s['a']",
        "select epoch_ms(x)",
        "select epoch(x)",
        "select mode(x) from orders",
        "select length(l)",
        "select strftime(x, '%Y')",
        "select a from orders qualify row_number() over (order by a) = 1",
        "select generate_series(1, 3)",
    ],
)
def test_what_no_rule_is_sure_of_is_refused(sql: str) -> None:
    with pytest.raises(DataError, match="not answered on Spark"):
        spark(sql, compared=True)


def test_a_share_of_very_many_answers_is_refused_and_of_few_everybody_is_asked() -> None:
    from supportkit.scores.repeated_answers import _SAMPLE

    asked = f"select 1 from orders where {_SAMPLE}"
    assert spark(asked.replace("$every", "1")).endswith("WHERE TRUE")
    with pytest.raises(DataError, match="a share of the rows by their hash"):
        spark(asked.replace("$every", "2"))


@pytest.mark.parametrize(
    ("text", "master", "folder"),
    [
        ("spark:local[2]?path=shop", "local[2]", "shop"),
        ("spark://host:7077?path=/data/shop", "spark://host:7077", "/data/shop"),
        ("spark:sc://host:15002?path=shop", "sc://host:15002", "shop"),
        ("spark:spark://host:7077?path=/data/shop", "spark://host:7077", "/data/shop"),
        ("Spark:local[2]?path=shop", "local[2]", "shop"),
    ],
)
def test_an_address_names_a_master_and_a_folder(text: str, master: str, folder: str) -> None:
    address = address_of(Path(text))
    assert address is not None
    assert (address.master, str(address.folder)) == (master, folder)


@pytest.mark.parametrize("text", ["spark:", "spark:local[2]", "spark:?path=shop", "parquet:"])
def test_an_address_without_one_of_them_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="names no folder"):
        address_of(Path(text))


@pytest.mark.parametrize(
    "words",
    [
        ("cost",),
        ("nps", "--rows", "detractors"),
        ("tables",),
        ("rejects",),
        ("sql", "select 1"),
        ("report", "weekly"),
        ("why", "nps"),
        ("check",),
        ("issues", "list"),
    ],
)
def test_what_was_not_proved_is_refused_by_name_before_a_session_begins(
    words: tuple[str, ...], tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "supportkit.toml").write_text('[[check]]\nmetric = "nps"\nwhere = ["nps >= 1"]\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def begun(_: str) -> None:
        raise AssertionError("a session was begun")

    monkeypatch.setattr("supportkit.store.engines.spark.session_at", begun)
    code, out, err = supportkit(*words, "--db", f"spark:local[2]?path={tmp_path}")
    assert (code, out) in {(3, ""), (2, "")}, err
    assert "is not among what was proved equal on Spark" in err or code == 2


@pytest.mark.parametrize("name", ["topics", "emerging"])
def test_statistics_over_texts_say_that_they_stay_on_one_machine(name: str, tmp_path: Path, supportkit: Call) -> None:
    code, out, err = supportkit(name, "--db", f"spark:local[2]?path={tmp_path}")
    assert (code, out) == (3, "")
    assert f"{name} stays on one machine" in err


def test_what_is_counted_by_topic_says_so_too() -> None:
    from supportkit.store import Store
    from supportkit.store.engines.spark import Spark
    from supportkit.store.parquet_manifest import Manifest

    nobody = Spark(None, "local[2]", Path(), Manifest(()), frozenset())
    with pytest.raises(DataError, match="topics stays on one machine"):
        Store(nobody).select("tickets", by="topic")


def test_without_pyspark_it_says_what_to_install(
    tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    from supportkit.store.engines import spark as engine

    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    engine._here.cache_clear()
    (tmp_path / "orders.csv").write_text("order_id,ordered_at,customer_id,amount\n1,2026-01-02,a,3\n", encoding="utf-8")
    assert supportkit("load", tmp_path / "orders.csv", "--db", tmp_path / "s.duckdb")[0] == 0
    assert supportkit("export", "--db", tmp_path / "s.duckdb", "--parquet", tmp_path / "out")[0] == 0
    code, _, err = supportkit("nps", "--db", f"spark:local[2]?path={tmp_path / 'out'}")
    assert (code, "pip install '.[spark]'" in err) == (3, True), err


def test_spark_connect_says_what_else_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from supportkit.store.engines.spark import session_at

    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(DataError, match="wants more than pyspark") as caught:
        session_at("sc://localhost")
    assert caught.value.hint == "pip install '.[spark]' 'pyspark[connect]'"


def test_nothing_is_written_through_spark(tmp_path: Path, supportkit: Call) -> None:
    code, _, err = supportkit("undo", "--db", f"spark:local[2]?path={tmp_path}")
    assert (code, "is only read" in err) == (2, True)


def test_a_wrong_rule_is_caught(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from benchmarks.both_engines import Both

    from supportkit.metrics import METRICS
    from supportkit.request import read_request, run
    from supportkit.store import open_store
    from supportkit.store.engines.duck import Duck

    class Sunday(Duck):
        """An engine whose week begins on Sunday, as a rule of Spark's would have it."""

        def named_rows(self, sql: str, parameters: object) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
            return super().named_rows(sql.replace("isodow(", "dayofweek("), parameters)  # type: ignore[arg-type]

    with open_store(sample_store) as store:
        right = Duck(store.connection)
        for second, faults in ((right, 0), (Sunday(store.connection), 1)):
            both = Both(right, second)
            for name in ("contacts", "service"):
                run(replace(store, engine=both), read_request(METRICS[name], {}, None))
            assert (both.queries > 1, len(both.faults)) == (True, faults)


def test_spark_has_a_type_for_every_column_of_a_store() -> None:
    from supportkit.store.engines.spark import type_of
    from supportkit.store.migrations import OURS
    from supportkit.store.schema import columns_of

    known = {"string", "timestamp", "binary", "bigint", "double", "float", "boolean", "date", "decimal(18,4)"}
    found = {type_of(column.type) for table in OURS for column in columns_of(table)}
    assert {kind.removeprefix("array<").removesuffix(">") for kind in found} <= known


@pytest.mark.parametrize(("sql", "faults"), [("select count(*) from main.tickets", 0), ("select 1 as one", 1)])
def test_of_the_names_of_columns_those_are_compared_that_a_query_gives(
    sql: str, faults: int, sample_store: Path
) -> None:
    from benchmarks.both_engines import Both

    from supportkit.store import open_store
    from supportkit.store.engines.duck import Duck

    class OtherNames(Duck):
        """An engine that calls columns otherwise."""

        def named_rows(self, sql: str, parameters: object) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
            names, rows = super().named_rows(sql, parameters)  # type: ignore[arg-type]
            return tuple(f"{name}(1)" for name in names), rows

    with open_store(sample_store) as store:
        both = Both(Duck(store.connection), OtherNames(store.connection))
        assert both.rows(sql, {})
        assert len(both.faults) == faults
