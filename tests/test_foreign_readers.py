"""What --output writes is opened by the readers of others, which see the same rows as JSON has."""

from __future__ import annotations

import io
import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from supportkit.errors import UsageError
from supportkit.metrics import METRICS
from supportkit.render import results_as
from supportkit.render.headings import heading
from supportkit.render.parquet import type_of
from supportkit.result import Result, Value, count, detail, figure, key
from tests.computing import ResultOf
from tests.conftest import Call

EVERY: Final = sorted(METRICS)


def opened(content: Any) -> Any:
    fastparquet = pytest.importorskip("fastparquet", reason="fastparquet is not installed")
    assert isinstance(content, bytes)
    return fastparquet.ParquetFile(io.BytesIO(content))


def plain(value: Any) -> Any:
    """A cell of a foreign reader as JSON has it."""
    if value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return moment.isoformat().replace("+00:00", "Z")
    if hasattr(value, "item"):
        value = value.item()
    return value


def alike(found: Any, wanted: Any) -> bool:
    if isinstance(found, bool) or isinstance(wanted, bool) or isinstance(found, str) or isinstance(wanted, str):
        same: bool = found == wanted or str(found).removesuffix("T00:00:00Z") == str(wanted)
        return same or instant(found) == instant(wanted) is not None
    if found is None or wanted is None:
        return found is wanted
    return math.isclose(float(found), float(wanted), rel_tol=1e-9, abs_tol=1e-6)


def instant(value: Any) -> datetime | None:
    """A time with a zone, which a file may tell in another one."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def records(result: Result) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(str(results_as([result], "json")))["rows"]
    return rows


@pytest.mark.parametrize("name", EVERY)
def test_a_parquet_file_has_the_rows_and_says_what_they_are(name: str, result_of: ResultOf) -> None:
    result = result_of(name)
    file = opened(results_as([result], "parquet"))
    frame = file.to_pandas()
    assert list(frame.columns) == [column.name for column in result.columns]
    wanted = records(result)
    assert len(frame) == len(wanted)
    assert len(wanted) > 0 or name == "quality-score"  # which has no row before somebody has read
    for found, row in zip(frame.itertuples(index=False, name=None), wanted, strict=True):
        cells = zip(found, row.items(), strict=True)
        assert [name for cell, (name, value) in cells if not alike(plain(cell), value)] == []
    said = json.loads(file.key_value_metadata["supportkit"])
    assert (said["metric"], said["definition"]) == (name, result.definition)
    assert list(said["facts"]) == list(result.facts)


@pytest.mark.parametrize("name", EVERY)
def test_a_workbook_has_the_facts_and_the_rows(name: str, result_of: ResultOf) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    result = result_of(name)
    content = results_as([result], "xlsx")
    assert isinstance(content, bytes)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    lines = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    head = [heading(column.label) for column in result.columns]
    assert lines[0] == [result.title]
    place = lines.index(head, 4 + len(result.fact_columns))
    assert [line[0] for line in lines[4 : 4 + len(result.fact_columns)]] == [
        heading(one.label) for one in result.fact_columns
    ]
    for found, row in zip(lines[place + 1 :], records(result), strict=False):
        assert [cell for cell in found if isinstance(cell, int | float) and not isinstance(cell, bool)] == [
            pytest.approx(value, rel=1e-9, abs=1e-6)
            for value in row.values()
            if isinstance(value, int | float) and not isinstance(value, bool)
        ]


@pytest.mark.parametrize("name", EVERY)
def test_lines_and_cells_are_read_by_pandas(name: str, result_of: ResultOf) -> None:
    pandas = pytest.importorskip("pandas")
    result = result_of(name)
    wanted = records(result)
    for form, separator in (("csv", ","), ("tsv", "\t")):
        frame = pandas.read_csv(io.StringIO(str(results_as([result], form))), sep=separator)
        assert (list(frame.columns), len(frame)) == ([column.name for column in result.columns], len(wanted))
    lines = str(results_as([result], "jsonl")).splitlines()
    assert [json.loads(line) for line in lines] == wanted


def test_a_command_writes_parquet_by_its_suffix(supportkit: Call, stored: list[str], tmp_path: Path) -> None:
    code, out, _ = supportkit("nps", "--by", "country", *stored, "-q", "-o", tmp_path / "nps.parquet")
    assert (code, out) == (0, "")
    file = opened((tmp_path / "nps.parquet").read_bytes())
    shown = json.loads(supportkit("nps", "--by", "country", *stored, "-q", "-f", "json")[1])
    assert list(file.to_pandas()["country"]) == [row["country"] for row in shown["rows"]] != []


def table(kinds: dict[str, Any], *rows: tuple[Value, ...]) -> Result:
    return Result("t", "T", "d", tuple(detail(name, kind) for name, kind in kinds.items()), rows)


def test_hostile_names_and_values_come_through() -> None:
    kinds = {'it\'s "x"': "text", "day": "date", "at": "date", "sum": "money", "n": "count"}
    rows: tuple[tuple[Value, ...], ...] = (
        ("=1+1\n\x1b[31m'", date(2026, 1, 2), datetime(2026, 1, 2, 3, 4, tzinfo=UTC), Decimal("0.10"), 2**40),
        (None, None, None, Decimal("12345678901234567890.123456"), None),
    )
    file = opened(results_as([table(kinds, *rows)], "parquet"))
    frame = file.to_pandas()
    assert list(frame.columns) == list(kinds)
    assert frame.iloc[0, 0] == "=1+1\n\x1b[31m'"
    assert plain(frame.iloc[1, 0]) is None
    assert str(frame.iloc[0, 1])[:10] == "2026-01-02"
    assert int(frame.iloc[0, 4]) == 2**40


def test_a_table_without_rows_is_a_file_with_its_columns() -> None:
    file = opened(results_as([table({"country": "text", "answers": "count"})], "parquet"))
    assert (file.columns, file.count()) == (["country", "answers"], 0)


def test_the_type_of_a_column_does_not_hang_on_the_rows_of_a_week() -> None:
    assert type_of("number", [3, 4]) == type_of("number", [3.5]) == type_of("number", []) == "double"
    assert type_of("count", [3]) == type_of("count", []) == "bigint"
    assert (type_of("count", [2.5]), type_of("number", [Decimal("1.10")])) == ("double", "decimal(38, 6)")
    assert (type_of("date", [date(2026, 1, 2)]), type_of("date", [])) == ("date", "timestamptz")
    assert type_of("share", ["n/a"]) == "varchar"


def test_several_results_and_one_without_columns_are_no_parquet_file() -> None:
    one = Result("t", "T", "d", (key("a"), count("n"), figure("x", "number", n="n")), ())
    with pytest.raises(UsageError, match="holds one table"):
        results_as([one, one], "parquet")
    with pytest.raises(UsageError, match="has no columns"):
        results_as([Result("t", "T", "d", (), ())], "parquet")
