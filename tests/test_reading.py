"""The files of the reading benchmark, which have one thing changed in them, are accounted for and not read shifted."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from benchmarks import polluted, reading


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


@pytest.fixture(scope="module")
def found(connection: duckdb.DuckDBPyConnection) -> reading.Count:
    return reading.generated(connection)


def test_every_record_is_accounted_for(found: reading.Count) -> None:
    assert found.files > 600
    assert found.accounted == found.files


def test_rows_stand_in_wrong_columns_only_where_a_header_lost_a_delimiter(found: reading.Count) -> None:
    # every row ends in an empty cell there, and so cannot be told from rows that end in one delimiter more
    wrong = [text for text in found.details if " wrong" in text]
    assert len(wrong) == 4
    assert all(text.startswith("a delimiter less at ") and ", row 0:" in text for text in wrong)


@pytest.mark.parametrize(
    ("loaded", "score"),
    [
        # header, records and cells are all there and nothing else: success and nine times 1
        ([("a", "b"), ("1", "2"), ("3", "4")], 10.0),
        # the header is there; of two records one (p 1, r 1/2, F1 2/3), of six cells four (p 1, r 2/3, F1 4/5)
        ([("a", "b"), ("1", "2")], 1 + 3 + (1 + 1 / 2 + 2 / 3) + (1 + 2 / 3 + 4 / 5)),
    ],
)
def test_the_score_is_the_sum_of_ten_measures(loaded: list[reading.Row], score: float) -> None:
    assert reading.score([("a", "b"), ("1", "2"), ("3", "4")], loaded) == pytest.approx(score)


def test_a_file_is_counted_as_right_only_with_every_cell(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("\n".join(polluted.line(row) for row in polluted.clean()))
    count = reading.Count()
    reading.count(count, "clean", reading.read(connection, path), polluted.clean())
    path.write_text(path.read_text().replace("Sofa", "Sofa ", 1))
    reading.count(count, "a blank more", reading.read(connection, path), polluted.clean())
    assert (count.files, count.accounted, count.right, count.wrong) == (2, 2, 1, 1)
