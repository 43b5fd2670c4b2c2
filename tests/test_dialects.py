"""The shape of files that say little of it: decimal commas, quotes that are text, labels below codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from supportkit.exports.reading.cells import find_layout
from supportkit.exports.reading.dialect import Layout
from supportkit.exports.reading.files import open_export
from tests.conftest import Call

REGISTER = [
    "Payment ID;Sum;Currency;Paid at;Fee",
    *(f"p{n};{n}90.00;RUB;1{n % 10}.09.2026 06:58;7,9{n % 10}" for n in range(12)),
]


def layout_of(path: Path, *lines: str) -> Layout:
    path.write_text("\n".join(lines), encoding="utf-8")
    with open_export(path, name=path.name) as export:
        _, layout = find_layout(export)
    assert layout is not None
    return layout


def test_a_comma_within_numbers_alone_is_no_delimiter(tmp_path: Path) -> None:
    layout = layout_of(
        tmp_path / "register.csv", "Register of contract 7", "Day: 2026-09-14", *REGISTER, "", "Sum: 1,5 RUB"
    )
    assert (layout.dialect.delimiter, layout.names) == (";", tuple(REGISTER[0].split(";")))
    assert layout.preamble == ("Register of contract 7", "Day: 2026-09-14")


def test_numbers_between_commas_are_cells_where_nothing_else_parts_them(tmp_path: Path) -> None:
    layout = layout_of(
        tmp_path / "numbers.csv", "ticket_id,score,replies", *(f"{n},{n % 5},{n % 3}" for n in range(12))
    )
    assert (layout.dialect.delimiter, layout.width) == (",", 3)


@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_quotes_in_the_begin_of_a_text_are_text_where_no_cell_stands_in_quotes(
    delimiter: str, tmp_path: Path, supportkit: Call
) -> None:
    rows = [("id", "Created", "Status", "Subject")]
    rows += [
        (f"{n}", f"2026-03-{n} 10:00:00", "open", f'"No access{n}" on login' if n % 3 else "Late")
        for n in range(10, 25)
    ]
    file, db = tmp_path / "found.csv", tmp_path / "s.duckdb"
    file.write_text("\n".join(map(delimiter.join, rows)))
    assert supportkit("load", file, "--guess", "--as", "tickets", "--db", db)[0] == 0
    words = ("sql", "select subject from tickets order by ticket_id limit 2", "--db", db, "--format", "json")
    subjects = [row["subject"] for row in json.loads(supportkit(*words)[1])["rows"]]
    assert subjects == ['"No access10" on login', '"No access11" on login']


def test_a_quote_that_no_cell_needs_is_none_beside_cells_that_stand_in_quotes(tmp_path: Path) -> None:
    rows = [f'{n}\t"a text, {n}"\topen' for n in range(10)]
    layout = layout_of(tmp_path / "quoted.tsv", "id\tsubject\tstatus", *rows, '11\t"Late" again\topen')
    assert layout.dialect.quote == '"'


SURVEY = (
    "CASE\tSTARTED\tQU01_01\tQU02\tLASTDATA",
    "Number of the interview\tTime at which it began\tHow satisfied are you with our support overall? (1 = not, 5 "
    "= very)\tYour remark: [01]\tTime of the last change",
    *(f"{n}\t2026-09-{n} 10:00:00\t{n % 5 + 1}\tThanks for {n} things\t2026-09-{n} 10:05:00" for n in range(10, 28)),
)


def test_labels_below_codes_name_the_questions(tmp_path: Path) -> None:
    layout = layout_of(tmp_path / "survey.csv", *SURVEY)
    assert layout.codes == tuple(SURVEY[0].split("\t"))
    asked_for = SURVEY[1].split("\t")
    assert layout.names == ("CASE", "STARTED", asked_for[2], asked_for[3], "LASTDATA")
    assert layout.data_line == 3


def test_a_survey_of_codes_and_labels_is_no_list_of_tickets(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "survey.csv", tmp_path / "s.duckdb"
    file.write_text("\n".join(SURVEY), encoding="utf-16")
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 3
    assert "STARTED or LASTDATA" in err
    assert supportkit("load", file, "--guess", "--map", "responded_at=LASTDATA", "--db", db)[0] == 0
    (row,) = json.loads(supportkit("csat", "--db", db, "--format", "json")[1])["rows"]
    assert row["answers"] == 18


def test_a_first_row_of_words_is_no_label(tmp_path: Path) -> None:
    rows = ["T1,2026-03-01,late parcel from Berlin,open", "T2,2026-03-02,broken glass of sofa,open"]
    layout = layout_of(tmp_path / "words.csv", "ticket_id,created_at,subject,status", *rows)
    assert layout.data_line == 2
    layout = layout_of(tmp_path / "texts.csv", "ticket_id,subject,status", "T one,late parcel,not yet", "T two,a b,c d")
    assert layout.data_line == 2
