"""How a file is written can be said, for one load or for all files of a source; said otherwise it is read anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportkit.errors import UsageError
from supportkit.exports.reading.writing import NOTHING_SAID, Writing, writing
from tests.conftest import Call

PIPES = "made by Anna\nticket_id~created_at~subject\n1~2026-01-02~it's late\n2~2026-01-03~\"open\n"


def put(folder: Path, text: str | bytes, name: str = "tickets.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_quote_and_header_are_read_as_said_and_saying_it_is_another_reading(supportkit: Call, tmp_path: Path) -> None:
    file, db = put(tmp_path, PIPES), tmp_path / "t.duckdb"
    code, _, err = supportkit("load", file, "--db", db)
    assert (code, "read 2 = loaded 1" in err, "rejected 1" in err) == (0, True, True)
    code, _, err = supportkit("load", file, "--db", db, "--quote", "none", "--header", "2")
    assert (code, "read 2 = loaded 1 + updated 0 + unchanged 1 + older 0 + rejected 0" in err) == (0, True)
    assert "replaces 1 row of" in err
    code, _, err = supportkit("load", file, "--db", db, "--quote", "none", "--header", "2")
    assert "read in this way before" in err
    assert "quote none" in supportkit("history", "--db", db)[1]


def test_a_dry_run_prints_what_was_found(supportkit: Call, tmp_path: Path) -> None:
    text = "Export\nticket_id;created_at;subject\n" + "".join(f"{n};2026-01-02;Größe {n}\n" for n in range(9))
    file = put(tmp_path, text.encode("cp1252"))
    _, out, _ = supportkit("load", file, "--db", tmp_path / "t.duckdb", "--dry-run")
    assert "cp1252 by its letters, delimiter ;, header on line 2; careful reading" in out
    told = supportkit("load", file, "--db", tmp_path / "t.duckdb", "--dry-run", "--encoding", "cp1250")[1]
    assert "cp1250 as said" in told


def test_a_file_without_a_header_is_loaded_where_that_is_said(supportkit: Call, tmp_path: Path) -> None:
    file = put(tmp_path, "anna,late,open\notto,lost,open\n")  # of texts alone, the first of which may be names
    maps = ("--as", "tickets", "--map", "ticket_id=column_1", "--map", "created_at='2026-01-01'")
    db = tmp_path / "t.duckdb"
    assert supportkit("load", file, "--db", db, *maps)[0] == 2
    code, _, err = supportkit("load", file, "--db", db, *maps, "--header", "0")
    assert (code, "read 2 = loaded 2" in err) == (0, True)


def test_a_configuration_says_it_of_the_files_of_a_source(supportkit: Call, tmp_path: Path) -> None:
    config = tmp_path / "of.toml"
    config.write_text('[read.supportkit]\nquote = "none"\nskip = 1\n[read.other]\nencoding = "cp866"\n')
    code, _, err = supportkit("load", put(tmp_path, PIPES), "--db", tmp_path / "t.duckdb", "--config", config)
    assert (code, "read 2 = loaded 2" in err) == (0, True)  # recognised as ours, then read as it is said of ours
    config.write_text("[read.supportkit]\nskip = -1\n")
    code, _, err = supportkit("load", put(tmp_path, PIPES), "--db", tmp_path / "t.duckdb", "--config", config)
    assert (code, "[read.supportkit]" in err) == (2, True)


def test_what_is_said_twice_is_so_as_it_is_said_of_the_file() -> None:
    of_source = Writing("cp866", ";", "'", 3, 0)
    assert NOTHING_SAID.over(of_source) == of_source
    assert Writing("utf-8", header=0).over(of_source) == Writing("utf-8", ";", "'", 0, 0)


@pytest.mark.parametrize(
    ("said", "delimiter"), [("tab", "\t"), ("\\t", "\t"), (";", ";"), ("Pipe", "|"), ("blanks", "  "), ("", "")]
)
def test_a_delimiter_may_be_a_word(said: str, delimiter: str) -> None:
    assert writing(delimiter=said).delimiter == delimiter


@pytest.mark.parametrize("said", [{"delimiter": ";;"}, {"quote": "''"}, {"header": 500}, {"header": -1}, {"skip": 401}])
def test_what_no_file_can_be_is_refused(said: dict[str, str | int]) -> None:
    with pytest.raises(UsageError):
        writing(**said)  # type: ignore[arg-type]
