"""Spark answers byte for byte what DuckDB answers, for each metric that is on the list; where pyspark and Java are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from supportkit.store.engines.spark import proved
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
def test_spark_gives_the_same_bytes(name: str, folder: Path, supportkit: Call) -> None:
    words = (name, "--format", "json", "--config", CONFIG)
    expected = supportkit(*words, "--db", f"parquet:{folder}")
    assert expected[0] == 0
    assert supportkit(*words, "--db", f"spark:local[2]?path={folder}")[:2] == expected[:2]
