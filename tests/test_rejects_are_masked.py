"""What is kept of a row that was refused is masked under its headers, as the rows that are loaded are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from supportkit.exports import LoadOptions, load, loading
from supportkit.exports.masking.pseudonyms import Key
from supportkit.exports.rows.personal_data import Protection
from supportkit.store import memory_store, open_store
from tests.conftest import Call

HEADER = "order_id,ordered_at,customer_id,amount,Phone,Passport number,Visits\n"
PRIVATE = ("5551234", "A12345678")
REFUSED = {
    "left out by --keep": "O9,2026-01-01,c1,10,5551234,A12345678,77777\n",
    "an empty cell": ",2026-01-01,c1,10,5551234,A12345678,77777\n",
    "a date that is none": "O2,never,c1,10,5551234,A12345678,77777\n",
    "a lost cell": "O3,2026-01-01,c1,ten,5551234,A12345678,77777\n",
    "too few cells": "O4,2026-01-01,c1,10,5551234,A12345678\n",
    "shifted to the left": "2026-01-01,c1,10,5551234,A12345678,77777\n",
    "too many cells": "O5,2026-01-01,Berg, Anna,10,5551234,A12345678,77777\n",
    "an open quote": 'O6,2026-01-01,c1,10,5551234,A12345678,"77777\n',
    "an open quote before": 'O6,2026-01-01,"c1,10,5551234,A12345678,77777\n',
    "quotes": '"","2026-01-01","c1","10","5551234","A12345678","77777"\n',
}


def rejects(folder: Path, text: str | bytes, **options: Any) -> list[tuple[str, str]]:
    """Reason and raw text of what is refused of a file of orders, unless another name is given."""
    path = folder / options.pop("name", "orders.csv")
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with memory_store() as store:
        load(store, [path], LoadOptions(key=Key(bytes(32)), **options))
        return store.connection.execute("select reason, raw from rejects order by line").fetchall()


@pytest.mark.parametrize("large", [0, 16 << 20])
@pytest.mark.parametrize("why", REFUSED)
def test_a_number_is_masked_by_its_header_for_whatever_reason_its_row_is_refused(
    why: str, large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LARGE", large)
    found = rejects(tmp_path, HEADER + REFUSED[why] + "O1,2026-01-01,c1,1,,,\n", keep=("order_id != 'O9'",))
    assert found
    for _, raw in found:
        assert not [value for value in PRIVATE if value in raw]
        assert "[PHONE],[PASSPORT]" in raw.replace('"', "")
        assert "77777" in raw or why == "too few cells"


def test_with_privacy_keep_the_text_of_a_reject_stays_as_it_is(tmp_path: Path) -> None:
    line = REFUSED["a date that is none"]
    assert rejects(tmp_path, HEADER + line, privacy="keep") == [("ordered_at cannot be read", line.strip())]


HEADERS = (
    "Phone", "Mobile no", "WhatsApp", "Passport number", "Tax ID", "Card", "IBAN", "Parcel number", "Visits", "Note",
    "Телефон", "Ausweisnummer", "ИНН", "Contact e-mail", "Requester ID",
)  # fmt: skip
VALUES = (
    "5551234", "512345678", "A12345678", "C01X00T47", "123456789012", "4111 1111 1111 1111", "bo@x.de", "4509 123456",
    "DE89 3704 0044 0532 0130 00", "+49 30 1234567", "17", "12.50", "2026-01-01", "call 555-1234 or ivan (at) x.de",
)  # fmt: skip


@pytest.mark.parametrize("broken", [False, True])
def test_what_a_loaded_row_does_not_show_no_reject_shows(broken: bool, tmp_path: Path) -> None:
    """Each value stands under each header once in a row that is loaded and once in one that is refused."""
    rows = []
    for number, value in enumerate(VALUES):
        cells = ",".join([value] * len(HEADERS))
        rows += [f"A{number},2026-01-01,c,1,{cells}", f"R{number},never,c,1,{cells}{',more' * broken}"]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["order_id,ordered_at,customer_id,amount," + ",".join(HEADERS), *rows, ""]))
    with memory_store() as store:
        load(store, [path], LoadOptions(key=Key(bytes(32))))
        loaded = dict(store.connection.execute("select order_id, cast(properties as varchar) from orders").fetchall())
        refused = [row[0] for row in store.connection.execute("select raw from rejects order by line").fetchall()]
    assert (len(loaded), len(refused)) == (len(VALUES), len(VALUES))
    for number, (value, raw) in enumerate(zip(VALUES, refused, strict=True)):
        shown = json.loads(loaded[f"A{number}"])
        hidden = [header for header in HEADERS if shown[header] != value]
        cells = raw.split(",")[4:]
        for header, cell in zip(HEADERS, cells, strict=not broken):
            assert header not in hidden or cell != value
        if broken and hidden:  # any cell may be under any header
            assert value not in cells
        if not hidden:
            assert cells[: len(HEADERS)] == [value] * len(HEADERS)


@pytest.mark.parametrize("header", ["Customer e-mail", "Customer phone", "Customer"])
def test_what_is_a_pseudonym_in_the_table_is_no_word_of_a_reject(header: str, tmp_path: Path) -> None:
    values = (
        "anna@x.de",
        "Anna <anna@x.de>",
        "ivan at mail",
        "8 (916) 123-45-67",
        "0049 30/1234567",
        "ext. 12",
        "c1001",
    )
    rows = "".join(f"O{number},never,{value},1\n" for number, value in enumerate(values))
    text = f"order_id,ordered_at,{header},amount\n{rows}O9,2026-01-01,{values[0]},1\n"
    found = rejects(tmp_path, text, map={"customer_id": header})
    kept = {"ivan at mail", "ext. 12", "c1001"} if header == "Customer" else set()
    assert {raw.split(",")[2] for _, raw in found} - {"[EMAIL]", "[PHONE]", "[LEFT OUT]"} == kept


def test_a_row_whose_cells_stand_under_the_headers_of_others_is_masked_at_its_strictest(tmp_path: Path) -> None:
    """One comma too many in the first two rows, and no cell at their end: they have as many cells as the header."""
    header = "ticket_id,created_at,subject,Phone,Passport number,Note\n"
    rows = (
        "T1,,2026-01-01,hi,5551234,A12345678\n"
        "T,2,2026-01-01,hi,5551234,A12345678\n"
        "T3,soon,hi,5551234,A12345678,\n"
        'T4,2026-01-01,hi,\'5551234,"""A12345678",\n'
        "T5,31.02.2026,hi,5551234,A12345678,\n"
    )
    found = rejects(tmp_path, header + rows, name="tickets.csv", keep=("ticket_id != 'T4'",))
    assert [raw for _, raw in found] == [
        "T1,,2026-01-01,hi,[PHONE],[PASSPORT]",
        "T,2,2026-01-01,hi,[PHONE],[PASSPORT]",
        "T3,soon,hi,[PHONE],[PASSPORT],",
        'T4,2026-01-01,hi,\'[PHONE],"""[PASSPORT]",',
        "T5,31.02.2026,hi,[PHONE],[PASSPORT],",
    ]


@pytest.mark.parametrize("header", ["Password", "Kennwort", "Mot de passe", "Пароль", "Security answer"])
def test_where_a_column_holds_passwords_no_word_of_a_row_is_kept_whose_cells_cannot_be_told(
    header: str, tmp_path: Path
) -> None:
    text = (
        f"ticket_id,created_at,customer_id,{header},body\n"
        "T1,2026-01-01T10:00:00Z,c1,winterwald,hi,more\nT2,2026-01-01T10:00:00Z,c1,winterwald\n"
        "T3,2026-01-01T10:00:00Z,c1,winterwald,hi\n"
    )
    found = rejects(tmp_path, text, name="tickets.csv")
    assert [raw for _, raw in found] == [
        "[LEFT OUT],2026-01-01T10:00:00Z,[LEFT OUT],[LEFT OUT],[LEFT OUT],[LEFT OUT]",
        "[LEFT OUT],2026-01-01T10:00:00Z,[LEFT OUT],[LEFT OUT]",
    ]


@pytest.mark.parametrize("header", ["Phone", "Passport number", "Tax id", "Card"])
def test_days_and_uuids_stay_whole_in_a_row_whose_cells_cannot_be_told(header: str, tmp_path: Path) -> None:
    uuid = "550e8400-e29b-41d4-a716-446655440000"
    text = (
        f"ticket_id,created_at,{header},body\nT1,2026-01-01T10:00:00Z,,{uuid} came on 2026-01-02 for 5551234,more\n"
        "T3,2026-01-01T10:00:00Z,,hi\n"
    )
    ((_, raw),) = rejects(tmp_path, text, name="tickets.csv")
    assert "2026-01-01T10:00:00Z" in raw
    assert "came on 2026-01-02 for" in raw
    assert uuid in raw


SHOPIFY = "Name,Email,Financial Status,Total,Created at,Lineitem quantity,Currency,Billing Name,Billing Street,Phone\n"


def test_a_column_that_is_left_out_of_the_table_is_left_out_of_its_rejects(tmp_path: Path) -> None:
    whole = "#1,anna@x.de,paid,10,never,1,EUR,Anna Berg,Lange Str. 5,\n"
    short = "#2,,paid,10,2026-01-01,1,EUR,Anna Berg,Lange Str. 5\n"
    found = rejects(tmp_path, SHOPIFY + whole + short)
    assert {raw for _, raw in found} == {
        "#1,[EMAIL],paid,10,never,1,EUR,[LEFT OUT],[LEFT OUT],",
        "[LEFT OUT],,[LEFT OUT],10,2026-01-01,1,[LEFT OUT],[LEFT OUT],[LEFT OUT]",
    }


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-16", ","), ("cp1251", ";"), ("utf-8", "\t"), ("utf-8-sig", ","), ("utf-8", "|")]
)
@pytest.mark.parametrize("more", ["", "more"])
def test_a_reject_is_masked_however_its_file_is_written(
    encoding: str, delimiter: str, more: str, tmp_path: Path
) -> None:
    lines = [
        "ticket_id,created_at,body,Телефон,Паспорт",
        f"T1,никогда,привет,5551234,A12345678{',' * bool(more)}{more}",
    ]
    text = "\r\n".join([*lines, "T2,2026-01-01,привет,,", ""]).replace(",", delimiter)
    found = rejects(tmp_path, text.encode(encoding), name="tickets.csv")
    assert [raw for _, raw in found] == [
        f"T1,никогда,привет,[PHONE],[PASSPORT]{',' * bool(more)}{more}".replace(",", delimiter)
    ]


def test_a_line_set_apart_by_blanks_is_masked_under_the_strictest_of_its_headers(tmp_path: Path) -> None:
    text = (
        "order_id ordered_at customer_id amount Phone\nO1 2026-01-01 c1 10 5551234\nO2 2026-01-01 c1 10 5551234 x y\n"
    )
    found = rejects(tmp_path, text + "O3 never c1 10 5551234\n")
    assert len(found) == 2
    assert not [raw for _, raw in found if "5551234" in raw]


def test_of_a_long_record_the_beginning_is_kept_and_no_part_of_a_number_that_is_cut(tmp_path: Path) -> None:
    """4111 1111 1111 1111 is a card; wherever the text is cut, no part of one is left."""
    for filler in range(20):
        body = "x" * filler + " 4111 1111 1111 1111" * 2_000
        long = f'T1,never,"{body}",5551234\nT2,2026-01-01,a,\nT3,2026-01-01,"{body}",5551234,more\n'
        found = rejects(tmp_path, "ticket_id,created_at,body,Phone\n" + long, name="tickets.csv")
        assert len(found) == 2
        for _, raw in found:
            assert len(raw) <= 2_000
            assert "1111" not in raw


def test_no_raw_value_is_in_the_store_the_file_before_it_or_a_message(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "store").mkdir()
    db, file = tmp_path / "store" / "shop.duckdb", tmp_path / "orders.csv"
    said = ""
    for _ in range(2):  # the second time for `.prev`
        file.write_text((HEADER if not file.exists() else file.read_text()) + "".join(REFUSED.values()))
        keep = ["--keep", "order_id != 'O9'", "--max-rejects", "99", "--db", db]
        for words in (["--dry-run"], ["--strict", "--db", db], ["--db", db], keep):
            said += "".join(map(str, supportkit("load", file, *words)))
    assert "rejected" in said
    assert supportkit("rejects", "--db", db)[0] == 0
    written = b"".join(path.read_bytes() for path in db.parent.rglob("*") if path.is_file())
    assert (db.parent / "shop.duckdb.prev").exists()
    for value in PRIVATE:
        assert value not in said
        assert value.encode() not in written
    with open_store(db) as store:
        assert store.connection.execute("select count(*) from rejects where raw like '%[PHONE]%'").fetchall() != [(0,)]


def test_an_example_in_a_message_is_masked(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "orders.csv"
    header = "order_id,ordered_at,customer_id,amount\n"
    file.write_text(header + "1,04/06/2026 bo@x.de +49 151 12345678,c,1\n2,05/06/2026,c,2\n", encoding="utf-8")
    for words in (["--dry-run"], ["--db", tmp_path / "shop.duckdb"]):
        code, out, err = supportkit("load", file, *words)
        assert (code, "every value can be read both ways" in err) == (3, True)
        assert "bo@x.de" not in out + err
        assert "12345678" not in out + err


def test_a_first_row_taken_for_a_header_is_masked_in_what_is_said_of_it(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Anna,anna@x.de,call 555-1234\nBo,bo@x.de,none\n", encoding="utf-8")
    for words in ([], ["--as", "tickets", "--map", "ticket_id=Nothing"]):
        code, _, err = supportkit("load", file, "--db", tmp_path / "shop.duckdb", *words)
        assert code in (2, 3)
        assert "[EMAIL]" in err
        assert "anna@x.de" not in err


@pytest.mark.parametrize("mode", ["mask", "keep"])
def test_an_erased_person_is_in_no_reject_of_a_later_load(mode: str, tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "supportkit.toml").write_text(f"[data]\nprivacy = '{mode}'\n")
    shared = ("--db", tmp_path / "shop.duckdb", "--config", tmp_path / "supportkit.toml")
    file = tmp_path / "orders.csv"
    rows = "O1,never,c1001,10,of her\nO2,2026-01-01,c1001,x,of her\nO3,never,c10012,10,of another\n"
    ragged = "O4,2026-01-01,c1001,10,of her,more\nO5,never,c1002,10,asked by c1001\nO6,2026-01-01,c1001,1,of her\n"
    file.write_text("order_id,ordered_at,customer_id,amount,Note\n" + rows + ragged, encoding="utf-8")
    assert supportkit("load", file, *shared, "--max-rejects", "9")[0] == 0
    for again in range(2):
        if again:
            assert supportkit("load", file, *shared, "--max-rejects", "9")[0] in (0, 3)
        else:
            # her order O6, and four rejects: O1, O2 and O4, which are hers, and O5, which names her
            code, out, _ = supportkit("forget", "c1001", *shared, "-f", "json")
            counts = {row["table"]: row["rows"] for row in json.loads(out)["rows"]}
            assert (code, counts["orders"], counts["rejects"]) == (0, 1, 4)
        with open_store(tmp_path / "shop.duckdb") as store:
            raws = [row[0] for row in store.connection.execute("select raw from rejects order by all").fetchall()]
        assert not [raw for raw in raws if raw and ("of her" in raw or "c1001," in raw)]
        assert [raw for raw in raws if raw and "of another" in raw]


@pytest.mark.parametrize(
    ("header", "cell", "kept"),
    [
        ("Phone", "'5551234", "'[PHONE]"),
        ("Passport number", '="A12345678"', '="[PASSPORT]"'),
        ("Mobile no", "\t5551234", "\t[PHONE]"),
        ("Order number", "'79161234567", "'79161234567"),
        ("Visits", "'5551234", "'5551234"),
        ("Phone", "'", "'"),
    ],
)
def test_what_a_spreadsheet_leaves_before_a_number_does_not_part_it_from_its_header(
    header: str, cell: str, kept: str
) -> None:
    assert Protection("mask", None).property(header, cell) == kept
