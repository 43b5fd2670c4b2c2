"""A dimension of any name: one that a figure or another column has is called by_NAME, and nothing else changes."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from supportkit.cli import run
from supportkit.exports import LoadOptions, load
from supportkit.metrics import METRICS
from supportkit.render.language import ENGLISH
from supportkit.request import metric_parameters
from supportkit.result import Column, Result, Scope, key, named_apart
from supportkit.store import Store, memory_store
from supportkit.store.parameters import Dimension
from supportkit.store.schema import TABLES
from supportkit.store.ticket_bands import BANDS
from tests.conftest import Call

OF_STRATA: Final = {"quality-sample"}  # what a sample is drawn by, and no column of it
CUT: Final = tuple(
    name for name in METRICS if "by" in inspect.signature(METRICS[name].compute).parameters and name not in OF_STRATA
)
STEPS: Final[dict[str, Any]] = {"steps": ("visit", "paid"), "window": timedelta(days=7)}
ASKED: Final[dict[str, tuple[dict[str, Any], ...]]] = {
    "funnel": (STEPS, {**STEPS, "over": "week"}, {**STEPS, "dropped": "visit"}),
    "trends": ({}, {"past": True}),
    "service": ({}, {"over": "week"}),
    **{name: ({}, {"over": "week"}, {"against": "rest"}) for name in ("nps", "csat", "csi", "ces")},
}
OTHERS: Final = ("n", "rows", "share", "tickets", "state", "step", "period", "value", "by_1", "over_start", "record")
FACTS: Final = {column.name for name in METRICS for column in METRICS[name].facts}


def table_of(name: str) -> str:
    """The table whose columns a metric is cut by."""
    marks = metric_parameters(METRICS[name])["by"].marks
    return next(mark.table for mark in marks if isinstance(mark, Dimension))


def tables(names: list[str]) -> dict[str, str]:
    """Twelve weeks of a small shop whose exports have further columns of these names, equal to `colour` and `hue`."""
    heads = {
        "tickets": "ticket_id,created_at,customer_id,channel,category,first_reply_at,solved_at,subject",
        "orders": "order_id,ordered_at,customer_id,amount,currency",
        "surveys": "kind,score,scale_min,scale_max,responded_at,customer_id,item,weight",
        "events": "user_id,occurred_at,step",
    }
    lines: dict[str, list[str]] = {table: [] for table in heads}
    for k in range(84):
        day = date(2026, 3, 2) + timedelta(days=k)
        colour = ("red", "blue", "blue")[k % 3]
        own = {
            "tickets": [f"t{k},{day}T08:00Z,c{k % 9},chat,late,{day}T09:00Z,{day}T10:00Z,where is it"],
            "orders": [f"o{k},{day}T08:00Z,c{k % 9},{10 + k % 7},EUR"],
            "surveys": [
                f"nps,{k % 11},0,10,{day}T08:00Z,c{k},,",
                f"csat,{k % 5 + 1},1,5,{day}T08:00Z,c{k},,",
                f"ces,{k % 7 + 1},1,7,{day}T08:00Z,c{k},,",
                f"csi,{k % 10 + 1},1,10,{day}T08:00Z,c{k},speed,{k % 3 + 1}",
            ],
            "events": [f"c{k},{day}T08:00Z,visit", *([f"c{k},{day}T09:00Z,paid"] if k % 2 else [])],
        }
        for table, rows in own.items():
            lines[table] += [",".join([row, *[colour] * (len(names) + 2)]) for row in rows]
    return {
        table: "\n".join([",".join([heads[table], "colour", "hue", *names]), *lines[table]]) + "\n" for table in heads
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exports of that shop, with a column for each name that any result has."""
    plain = tmp_path_factory.mktemp("plain")
    write(plain, tables([]))
    names = {*OTHERS, *FACTS}
    ours = {field for table in TABLES.values() for field in table.names}  # by which a file would be of another table
    with store_of(plain) as store:
        for name in CUT:
            for options in ASKED.get(name, ({},)):
                names |= {column.name for column in METRICS[name].compute(store, **{"by": "colour", **options}).columns}
    made = tmp_path_factory.mktemp("named")
    write(made, tables(sorted(names - {"colour"} - ours)))
    return made


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    with store_of(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop with three such columns as a store."""
    folder = tmp_path_factory.mktemp("stored")
    write(folder, tables(["period", "tickets", "users"]))
    assert run(["load", str(folder), "--db", str(folder / "shop.duckdb"), "-q"]) == 0
    return folder / "shop.duckdb"


def write(folder: Path, texts: dict[str, str]) -> None:
    for table, text in texts.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")


def store_of(folder: Path) -> Store:
    store = memory_store()
    load(store, [folder], LoadOptions(currency="EUR"))
    return store


def names_of(result: Result) -> list[str]:
    return [column.name for column in result.columns]


@pytest.mark.parametrize("name", CUT)
def test_a_dimension_of_any_columns_name_gives_the_rows_that_another_name_gives(name: str, store: Store) -> None:
    """All these columns have the values of `colour`; the law: the same table, but for what the keys are called."""
    compute, known = METRICS[name].compute, store.properties(table_of(name))
    base = ("colour",) if name == "causes" else ("colour", "hue")
    for options in ASKED.get(name, ({},)):
        plain = compute(store, by=",".join(base), **options)
        place = names_of(plain).index("colour")
        others = names_of(plain)[:place] + names_of(plain)[place + len(base) :]
        asked = sorted({*others, *OTHERS, *plain.facts} & known)
        assert len(asked) >= len(OTHERS)
        for dimensions in (asked[n : n + len(base)] for n in range(0, len(asked), len(base))):
            result = compute(store, by=",".join(dimensions), **options)
            keys = result.columns[place : place + len(base)]
            if len(dimensions) == len(base):
                assert result.rows == plain.rows
                assert names_of(result) == others[:place] + [key.name for key in keys] + others[place:]
                assert (result.chart is None) == (plain.chart is None)
            taken = {*others, *plain.facts}
            for one, dimension in zip(keys, dimensions, strict=False):
                assert one.name == (f"by_{dimension}" if dimension in taken else dimension)
                assert one.dimension == dimension
            assert result.facts == plain.facts


def test_a_key_keeps_its_name_unless_another_column_has_it() -> None:
    def text(name: str) -> Column:
        return Column(name, "text")

    def named(*keys: Column) -> list[str]:
        return [column.name for column in named_apart(keys, (text("state"), text("share")))]

    period = Column("period", "period")

    assert named(text("country"), text("plan")) == ["country", "plan"]
    assert named(text("state"), text("share"), period) == ["by_state", "by_share", "period"]
    assert named(text("period"), period) == ["by_period", "period"]
    assert named(text("period")) == ["period"]
    assert named(text("state"), text("by_state")) == ["by_by_state", "by_state"]


def test_a_renamed_key_is_in_every_format_and_in_the_picture(supportkit: Call, db: Path) -> None:
    words = ("service", "--by", "period,tickets", "--over", "week", "--db", db)
    code, out, _ = supportkit(*words, "--format", "json")
    shown = json.loads(out)
    assert code == 0
    assert [column["name"] for column in shown["columns"]][:4] == ["by_period", "by_tickets", "period", "tickets"]
    assert shown["rows"][0]["by_period"] == "blue"
    assert supportkit(*words, "--format", "csv")[1].startswith("by_period,by_tickets,period,tickets,")
    for form in ("table", "markdown", "html", "text"):
        assert supportkit(*words, "--format", form)[0] == 0


def test_a_check_by_a_dimension_of_a_figures_name_is_judged_by_its_groups(supportkit: Call, db: Path) -> None:
    """28 red visitors of whom 14 paid, and 56 blue ones."""
    words = ("--db", db, "--period", "all", "--format", "json", "--config", config(db.parent))
    code, out, _ = supportkit("check", "--expect", "funnel.users >= 1 by users", *words)
    assert code == 0
    assert {row["slice"].split(",")[0] for row in json.loads(out)["rows"]} == {"red", "blue"}


def config(folder: Path) -> Path:
    made = folder / "own.toml"
    made.write_text('[funnel]\nsteps = ["visit", "paid"]\nwindow = "7d"\n', encoding="utf-8")
    return made


def test_a_finding_names_the_dimension_as_it_is_asked_for() -> None:
    """The command that goes deeper has `--by state` and not the name that the column has in the result."""
    columns = named_apart((key("tickets"),), METRICS["service"].facts) + METRICS["service"].facts
    row: dict[str, Any] = {"by_tickets": "red", "tickets": 100, "with_target": 90, "sla_met": 0.1}
    values = tuple(row.get(column.name) for column in columns)
    result = Result("service", "Service", "…", columns, (values,), scope=Scope(rows=100))
    (found,) = METRICS[result.metric].findings(result, ENGLISH)
    assert found.command == ("service", "--by", "agent", "--where", "tickets=red")


def test_columns_of_one_name_in_a_query_get_a_number_of_their_own(supportkit: Call, db: Path) -> None:
    query = "select 1 as a_2, 2 as a, 3 as a, 4 as a, 5 as a_1"
    code, out, _ = supportkit("sql", query, "--db", db, "--format", "csv")
    assert (code, out) == (0, "a_2,a,a_3,a_4,a_1\n1,2,3,4,5\n")


def test_what_by_takes_is_the_same_in_an_error_in_tables_and_in_completion(
    samples: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = ("--data", samples)
    rows = json.loads(supportkit("tables", "--columns", *stored, "-f", "json")[1])["rows"]
    assert {"source", "topic", "wording", *BANDS} <= {row["column"] for row in rows if row["table"] == "tickets"}
    for metric, table in (("service", "tickets"), ("csat", "surveys"), ("funnel", "events")):
        own = [row for row in rows if row["table"] == table]
        code, _, err = supportkit(metric, *stored, "--by", "nothing_of_this")
        told = {*err.partition("known: ")[2].strip().split(", ")}
        assert (code, {row["column"] for row in own} - told) == (2, set())
        with monkeypatch.context() as shell:
            shell.setenv("_SUPPORTKIT_COMPLETE", "complete_bash")
            shell.setenv("COMP_CWORD", "3")
            shell.setenv("COMP_WORDS", f"supportkit {metric} --by ")
            offered = {*supportkit()[1].split()}
        assert offered <= told  # the others are the exports' own, which a shell does not open
        assert {row["column"] for row in own if row["kind"] != "extra"} <= offered


def test_columns_of_lines_are_refused_with_their_cause_where_there_are_no_lines(
    samples: Path, supportkit: Call
) -> None:
    for words in (("--by", "sku"), ("--where", "sku=1")):
        code, _, err = supportkit("ltv", "--data", samples, *words)
        assert (code, "column of orders 'sku': no lines of orders are loaded" in err) == (2, True)
