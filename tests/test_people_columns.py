"""Columns under a bare word for somebody: names of people are left out, ids stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Call

NAMES = ("Anna Berg", "Jörg Müller-Lüdenscheidt", "Petrov, Ivan", "Élodie d’Arc", "Анна Павлова")
IDS = ("K-1001", "K-1002", "K-1003", "K-1001", "K-1004")


def loaded(supportkit: Call, folder: Path, header: str, cells: tuple[str, ...], *said: str) -> tuple[set[str], str]:
    """What is stored of the column, and what the load says."""
    file, db = folder / "t.csv", folder / "s.duckdb"
    rows = "".join(f'{n},2026-03-0{n},x,"{cell}"\n' for n, cell in enumerate(cells, 1))
    file.write_text(f"ticket_id,created_at,status,{header}\n{rows}")
    code, _, err = supportkit("load", file, "--db", db, *said)
    assert code == 0, err
    _, out, _ = supportkit("sql", "select properties from tickets", "--db", db, "--format", "json")
    found = [json.loads(row["properties"] or "{}") for row in json.loads(out)["rows"]]
    return {cell for one in found for cell in one.values()}, err


@pytest.mark.parametrize("header", ["Kunde", "Buyer", "Покупатель", "Guest", "Client", "Müşteri"])
def test_names_under_a_word_for_somebody_are_left_out_and_that_is_said(
    header: str, tmp_path: Path, supportkit: Call
) -> None:
    stored, err = loaded(supportkit, tmp_path, header, NAMES)
    assert stored == set()
    assert f"left out as names and addresses: {header} ([data] keep holds them)" in err


@pytest.mark.parametrize(
    "cells", [IDS, ("Acme", "Beta", "Acme", "Beta", "Delta"), ("NEW YORK", "LOS ANGELES", "SAN JOSE", "", "")]
)
def test_ids_and_firms_under_such_a_word_stay(cells: tuple[str, ...], tmp_path: Path, supportkit: Call) -> None:
    stored, _ = loaded(supportkit, tmp_path, "Buyer", cells)
    assert stored == {cell for cell in cells if cell}


def test_another_header_with_two_capitals_each_stays(tmp_path: Path, supportkit: Call) -> None:
    stored, _ = loaded(supportkit, tmp_path, "Model line", NAMES)
    assert stored == set(NAMES)


def test_names_stay_where_their_column_is_asked_for(tmp_path: Path, supportkit: Call) -> None:
    config = tmp_path / "supportkit.toml"
    config.write_text('[data]\nkeep = ["Kunde"]\n')
    stored, _ = loaded(supportkit, tmp_path, "Kunde", NAMES, "--config", str(config))
    assert stored == set(NAMES)


def test_a_rejected_row_shows_no_such_name(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "t.csv", tmp_path / "s.duckdb"
    rows = "".join(f'{n},{"2026-03-01" if n > 1 else "soon"},"{cell}"\n' for n, cell in enumerate(NAMES, 1))
    file.write_text(f"ticket_id,created_at,Kunde\n{rows}")
    supportkit("load", file, "--db", db)
    _, out, _ = supportkit("rejects", "--db", db, "--format", "json")
    assert "soon" in out
    assert "Berg" not in out
