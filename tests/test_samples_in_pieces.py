"""Every figure is the same whether an export comes whole or in pieces."""

from __future__ import annotations

import csv
import json
import random
from io import StringIO
from pathlib import Path

from supportkit.metrics import METRICS
from tests.conftest import Call, Words

PIECES = 3


def pieces(file: Path, seed: int) -> list[str]:
    """The records of a file in random pieces, each with the header."""
    with file.open(encoding="utf-8", newline="") as source:
        header, *records = csv.reader(source)
    chance = random.Random(seed)
    parts: list[StringIO] = [StringIO(newline="") for _ in range(PIECES)]
    for part in parts:
        csv.writer(part, lineterminator="\n").writerow(header)
    for record in records:
        csv.writer(chance.choice(parts), lineterminator="\n").writerow(record)
    return [part.getvalue() for part in parts]


def test_every_metric_is_the_same_after_loading_each_file_in_three_random_pieces(
    tmp_path: Path, samples: Path, stored: Words, supportkit: Call
) -> None:
    config = samples / "supportkit.toml"
    db = tmp_path / "pieces.duckdb"
    for number, file in enumerate(sorted(samples.glob("*.csv"))):
        for place, text in enumerate(pieces(file, number)):
            piece = tmp_path / f"{file.stem}-{place}.csv"
            piece.write_text(text, encoding="utf-8", newline="")
            assert supportkit("load", piece, "--db", db, "--config", config, "-q")[0] in (0, 3)
    for name in METRICS:
        whole = supportkit(name, *stored, "--format", "json")
        parts = supportkit(name, "--db", db, "--config", config, "--format", "json")
        assert parts[0] == whole[0], (name, parts[2])
        one, other = json.loads(whole[1]), json.loads(parts[1])
        assert (other["facts"], other["rows"]) == (one["facts"], one["rows"]), name
