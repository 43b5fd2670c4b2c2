"""What a column says of its cells: codes and days are not searched for bare numbers, contacts are contacts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from supportkit.exports import LoadOptions, load, loading
from supportkit.exports.masking import mask_text
from supportkit.exports.masking.headers import numbers_under
from supportkit.exports.masking.pseudonyms import Key, customer_id
from supportkit.store import memory_store

KEY = Key(bytes(32))


@pytest.fixture(params=["small", "large"], autouse=True)
def path_taken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files and large ones are masked in different places, and come to the same."""
    if request.param == "large":
        monkeypatch.setattr(loading, "LARGE", 0)


def orders(folder: Path, columns: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Each order as it is stored, with its extra cells, from the columns of a file."""
    count = len(next(iter(columns.values())))
    rows = [",".join(["order_id", "ordered_at", "amount", *({"customer_id": 0} | columns)])]
    for number in range(count):
        cells = [columns.get("customer_id", ["c1"] * count)[number]]
        cells += [f'"{cells_of[number]}"' for name, cells_of in columns.items() if name != "customer_id"]
        rows.append(",".join([f"O{number:03}", "2026-01-01", "1", *cells]))
    path = folder / "orders.csv"
    names = [name for name in columns if name != "customer_id"]
    rows[0] = ",".join(["order_id", "ordered_at", "amount", "customer_id", *names])
    path.write_text("\n".join(rows) + "\n")
    with memory_store() as store:
        load(store, [path], LoadOptions(key=KEY))
        found = store.connection.execute(
            "select customer_id, product, cast(properties as varchar) from orders order by order_id"
        ).fetchall()
    return [{"customer_id": who, "product": what, **json.loads(more or "{}")} for who, what, more in found]


def column(folder: Path, header: str, cells: list[str]) -> list[str | None]:
    """The cells of one column as they are stored."""
    return [row.get(header) for row in orders(folder, {header: cells})]


CODES = {
    "a product's id": [f"TEC-PH-1000{number}345" for number in range(1, 6)],
    "a code that ends like a phone": [f"FUR-8916123456{number}" for number in range(1, 6)],
    "letters on both sides": [f"AB5551234{number}XY" for number in range(1, 6)],
    "a code with slashes": [f"K/0301234{number}67/2026" for number in range(1, 6)],
    "a day in words": [f"Wed Nov 0{number} 10:20:30 +0000 2017" for number in range(1, 6)],
    "an instant": [f"2026-01-0{number} 10:20:30.123456+01:00" for number in range(1, 6)],
    "a day and a clock": [f"0{number}/11/2026 10:20" for number in range(1, 6)],
    "a flight and a day": [f"LH 40{number} 2026-11-0{number}" for number in range(1, 6)],
    "a uuid": [f"0301234{number}-1234-4234-8234-03012345678{number}" for number in range(1, 6)],
}


@pytest.mark.parametrize("header", ["Ref", "product", "Made"])
@pytest.mark.parametrize("what", CODES)
def test_values_of_one_shape_and_days_are_not_searched_for_bare_numbers(what: str, header: str, tmp_path: Path) -> None:
    assert column(tmp_path, header, CODES[what]) == CODES[what]


@pytest.mark.parametrize("header", ["Ref", "product"])
def test_what_can_be_nothing_else_is_found_in_a_column_of_codes_too(header: str, tmp_path: Path) -> None:
    codes = [f"TEC-PH-1000{number:02}345" for number in range(1, 31)]
    # 4111111111111111 is the test card of Visa, DE89… the example of the IBAN registry
    others = ["TEC-PH-4111111111111111", "4111 1111 1111 1111", "DE89370400440532013000", "a@b.de", "+49 30 1234567"]
    expected = ["TEC-PH-[CARD]", "[CARD]", "[IBAN]", "[EMAIL]", "[PHONE]"]
    assert column(tmp_path, header, codes + others) == codes + expected


@pytest.mark.parametrize(
    "header", ["Passport", "Tax code", "National ID", "Phone", "Contact", "Customer", "Ausweis", "Телефон клиента"]
)
def test_a_header_that_speaks_of_people_is_never_one_of_codes(header: str, tmp_path: Path) -> None:
    cells = [f"AB-8916123456{number}" for number in range(1, 6)]
    assert column(tmp_path, header, [*cells, "89161234567"])[-1] in ("[PHONE]", "[TAX]", "[PASSPORT]")


@pytest.mark.parametrize(
    "header", ["Phone 2", "Customer phone 2", "phone_number_2", "mobilePhone3", "Phone (2)", "Tel. #2"]
)
def test_a_header_with_a_number_counts_as_without_it(header: str, tmp_path: Path) -> None:
    assert column(tmp_path, header, ["5551234", "5551235"]) == ["[PHONE]", "[PHONE]"]


@pytest.mark.parametrize("header", ["Caller", "Requester", "From", "Author", "Клиент", "Ref", "Made by", "Buyer ID"])
def test_a_column_of_which_most_cells_are_contacts_is_one_of_contacts(header: str, tmp_path: Path) -> None:
    plain = [f"+49 171 12345{number}" for number in range(10, 50)]
    bare = [f"4917012345{number}" for number in range(10, 20)]
    wide = ["".join(chr(ord(digit) + 0xFEE0) for digit in f"4917012346{number}") for number in range(10, 20)]
    others = ["49 170 1234567", "00491701234567", "4.91701234567E+11", "a@b.de", "C-1023", "100234", "Anna"]
    others += ["2026-01-02", "02.01.2026", "192.168.100.200", "2 500 000"]
    stored = column(tmp_path, header, [*plain, *bare, *wide, *others])
    assert stored == ["[PHONE]"] * 63 + ["[EMAIL]", *others[4:]]


@pytest.mark.parametrize("header", ["Caller", "Ref", "Made by"])
def test_ids_that_might_be_phones_are_none_beside_few_contacts(header: str, tmp_path: Path) -> None:
    ids = [f"100{number}0012345" for number in range(10, 40)]
    assert column(tmp_path, header, [*ids, "+49 171 1234567"])[:-1] == ids


@pytest.mark.parametrize("header", ["Phone", "Mobile 2", "Телефон", "Customer phone"])
def test_a_phone_as_a_spreadsheet_shows_it_is_one_where_no_digit_is_lost(header: str, tmp_path: Path) -> None:
    written = [f"4.917016952{number}E+11" for number in range(10, 30)]
    assert column(tmp_path, header, [*written, "4,91701695281e+11", "4.91702E+11"]) == [
        *["[PHONE]"] * 21,
        "4.91702E+11",
    ]
    assert column(tmp_path, "Revenue", written) == written


def test_what_stands_under_the_header_of_a_secret_is_one(tmp_path: Path) -> None:
    stored = orders(tmp_path, {"Password": ["Winter7", "hunter"], "API key": ["abcd1234efgh", "none"]})
    assert [row["Password"] for row in stored] == ["[SECRET]", "[SECRET]"]
    assert [row["API key"] for row in stored] == ["[SECRET]", "none"]


def test_long_ids_are_no_cards_though_one_in_ten_passes_their_test(tmp_path: Path) -> None:
    thirteen = [str(number) for number in range(4_512_345_678_900, 4_512_345_678_940)]
    sixteen = [str(number) for number in range(5_312_345_678_901_200, 5_312_345_678_901_240)]
    stored = orders(tmp_path, {"Id": thirteen, "Order key": sixteen})
    assert [row["Id"] for row in stored] == thirteen
    assert [row["Order key"] for row in stored] == sixteen


def test_a_card_under_the_header_of_an_id_is_a_card(tmp_path: Path) -> None:
    ids = [str(number) for number in range(4_512_345_678_900, 4_512_345_678_910)]
    assert column(tmp_path, "Id", [*ids, "4111111111111111", "5555555555554444"]) == [*ids, "[CARD]", "[CARD]"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BOEING 777-300 (2 class)", "BOEING 777-300 (2 class)"),
        ("Model 320-214 (12 seats, 150 in all)", "Model 320-214 (12 seats, 150 in all)"),
        ("Wed Nov 08 10:20:30 +0000 2017", "Wed Nov 08 10:20:30 +0000 2017"),
        ("at 10:20 -0530 2017", "at 10:20 -0530 2017"),
        ("TEC-PH-10002345", "TEC-PH-10002345"),
        ("solar cell 5551234", "solar cell 5551234"),
        ("contact lens 5551234", "contact lens 5551234"),
        ("my cell 5551234", "my cell [PHONE]"),
        ("cell: 5551234, ph. 5551235", "cell: [PHONE], ph. [PHONE]"),
        ("contact me at 5551234", "contact me at [PHONE]"),
        ("Contact 5551234", "Contact [PHONE]"),
        ("8 (916) 123-45-67", "[PHONE]"),
    ],
)
def test_a_word_is_one_for_telephoning_only_where_it_is_meant_so(text: str, expected: str) -> None:
    assert mask_text(text)[0] == expected


SAME = ["00491701234567", "491701234567", "４９１７０１２３４５６７", "+49 170 1234567", "0049 170 1234567"]


def test_a_column_of_which_most_cells_are_contacts_is_contacts(tmp_path: Path) -> None:
    stored = column(tmp_path, "customer_id", [*SAME, "anna@example.com", "c17"])
    assert stored == [customer_id("+49 170 1234567", KEY)] * 5 + [customer_id("anna@example.com", KEY), "c17"]


def test_in_a_column_of_ids_digits_are_ids(tmp_path: Path) -> None:
    ids = ["00491701234567", "491701234567", "17850", "17851", "17852", "360012345678"]
    assert column(tmp_path, "customer_id", ids) == ids


NUMBERS_BY_HEADER = {
    "[PHONE]": (
        "Teléfono", "Téléphone", "N° de téléphone", "Móvil", "Celular", "Tel-Nr.", "Handy-Nr.", "Rückrufnummer",
        "telephone", "Phone (home)", "Contact info", "Контакт", "Контактный номер", "Kontakt", "Telefonnummer (privat)",
        "Alternate phone", "Phone/Fax", "Телефон (рабочий)",
    ),
    "[PASSPORT]": (
        "National ID", "national_id", "Pasaporte", "Numéro de passeport", "Reisepass", "Cédula", "DNI",
        "Driver's license", "DNI/NIE", "Passport or ID card",
    ),
    "[SECRET]": ("OTP", "Contraseña", "Mot de passe", "Passcode"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("token", "header"), [(token, one) for token, all_ in NUMBERS_BY_HEADER.items() for one in all_]
)
def test_a_header_in_any_of_five_languages_says_what_its_numbers_are(token: str, header: str, tmp_path: Path) -> None:
    assert column(tmp_path, header, [f"6123451{number}" for number in range(5)]) == [token] * 5


def test_a_session_is_a_secret_by_its_header_and_its_length_is_none(tmp_path: Path) -> None:
    assert (
        column(tmp_path, "Session", [f"9f8e7d6c5b4a39281706f5{number}" for number in range(10, 15)]) == ["[SECRET]"] * 5
    )
    assert column(tmp_path, "Session", ["12", "12 minutes", "morning"]) == ["12", "12 minutes", "morning"]


PAPERS_BY_HEADER = (
    "Passport", "Passport number", "Customer passport", "Паспорт", "Серия и номер паспорта", "Reisepassnummer",
    "National ID", "ID card number", "Identity number", "Personal ID", "ID number", "Tax number", "Tax ID",
)  # fmt: skip


@pytest.mark.parametrize("written", ["AB-41520{}1", "AB 41520{}1", "ABC-AY-634554{}", "8604{}957427"])
@pytest.mark.parametrize("header", PAPERS_BY_HEADER)
def test_the_number_of_a_paper_goes_as_a_whole_with_its_letters(header: str, written: str, tmp_path: Path) -> None:
    stored = column(tmp_path, header, [written.format(number) for number in range(10, 30)])
    assert set(stored) <= {"[PASSPORT]", "[TAX]"}


@pytest.mark.parametrize("header", ["Tax", "VAT", "Passport", "ID", "Passport country"])
def test_an_amount_or_a_day_under_the_name_of_a_paper_is_none(header: str, tmp_path: Path) -> None:
    cells = ["1234.5", "2026-11-02", "02.11.2026", "none"]
    assert column(tmp_path, header, cells) == cells


@pytest.mark.parametrize("header", ["Ref", "product"])
@pytest.mark.parametrize("before", ["TEC-CELL", "CALL", "TEC-TEL", "TEC-MOBILE", "SMS", "FAX", "CONTACT", "TEC-PH"])
def test_a_word_for_telephoning_within_a_code_is_none(before: str, header: str, tmp_path: Path) -> None:
    codes = [f"{before}-14287{number}" for number in range(10, 40)]
    assert column(tmp_path, header, codes) == codes


@pytest.mark.parametrize("written", ["CALL-03012345{}", "Tel:14287{}", "phone.14287{}"])
def test_what_is_a_phone_without_the_word_or_behind_a_colon_is_one_in_a_code_too(written: str, tmp_path: Path) -> None:
    stored = column(tmp_path, "Ref", [written.format(number) for number in range(10, 40)])
    assert {cell is not None and cell.endswith("[PHONE]") for cell in stored} == {True}


@pytest.mark.parametrize(
    "header", ["Phone model", "Contact id", "Contact count", "National team", "Clave", "Parcel number"]
)
def test_a_header_that_says_more_says_nothing_of_its_numbers(header: str, tmp_path: Path) -> None:
    cells = [f"61234518{number}" for number in range(5)]
    assert column(tmp_path, header, cells) == cells


@pytest.mark.parametrize("header", ["Campaign", "Ad", "Ad set", "Store", "Filiale", "Магазин", "Tienda", "Code"])
def test_bare_digits_under_the_name_of_a_thing_are_its_number(header: str, tmp_path: Path) -> None:
    cells = ["9161234567", "2125550199", "491701234567", "6045551234"]  # each a phone where nothing is said of it
    assert column(tmp_path, header, cells) == cells


OF_NOBODY = [str(1_000_000_007 * number % 9_000_000_000 + 1_000_000_000) for number in range(1, 41)]


@pytest.mark.parametrize("header", ["Kürzel", "Merkmal", "product"])
def test_digits_of_equal_length_that_mostly_name_nobody_are_codes(header: str, tmp_path: Path) -> None:
    assert sum(mask_text(cell)[0] != cell for cell in OF_NOBODY) in range(5, 20)
    assert column(tmp_path, header, OF_NOBODY) == OF_NOBODY
    found = column(tmp_path, header, [*OF_NOBODY, "89161234567", "+49 30 1234567", "4012888888881881", "a@b.de"])
    assert found == [*OF_NOBODY, "[PHONE]", "[PHONE]", "[CARD]", "[EMAIL]"]


@pytest.mark.parametrize("written", ["9161234{}", "2125550{}", "491701234{}"])
def test_digits_that_count_up_are_codes(written: str, tmp_path: Path) -> None:
    cells = [written.format(number) for number in range(100, 140)]
    assert column(tmp_path, "Kürzel", cells) == cells


@pytest.mark.parametrize("written", ["916{}2345", "8916{}2345", "212-5{}-0199", "4509 {}456"])
def test_bare_digits_that_mostly_are_phones_or_papers_are_searched(written: str, tmp_path: Path) -> None:
    cells = [written.format(f"{number:03}" if written[0] != "2" else f"{number:02}") for number in range(10, 99, 7)]
    assert set(column(tmp_path, "Kürzel", cells)) <= {"[PHONE]", "[PASSPORT]"}


@pytest.mark.parametrize("header", ["Requester", "Sender", "Made by"])
def test_under_a_header_that_speaks_of_people_digits_are_no_codes(header: str, tmp_path: Path) -> None:
    assert column(tmp_path, header, [*OF_NOBODY, "9161234567"])[-1] == "[PHONE]"


@pytest.mark.parametrize("header", ["Barcode", "Strichcode", "Штрихкод", "Shop Id"])
def test_of_codes_that_begin_like_cards_one_in_ten_is_none(header: str, tmp_path: Path) -> None:
    cells = [str(4006381333931 + number * 10) for number in range(40)]
    assert column(tmp_path, header, cells) == cells
    card = column(tmp_path, header, [*cells, "4012888888881881"])
    assert card == [*cells, "[CARD]"]


@pytest.mark.parametrize(
    ("header", "numbers"),
    [
        ("Passport ref", "passport"), ("Passport / ID", "passport"), ("National ID code", "passport"),
        ("Código de pasaporte", "passport"), ("Reisepass-Code", "passport"), ("Tax reference", "tax"),
        ("Code fiscal", "tax"), ("Налоговый код", "tax"), ("Phone ref", "phone"), ("Telefon-Code", "phone"),
        ("Contact ID", ""), ("Cell id", ""), ("Order ref", ""), ("Country code", ""), ("Ticket / ID", ""),
    ],
)  # fmt: skip
def test_a_word_for_a_number_beside_the_name_of_a_paper_makes_no_code_of_it(header: str, numbers: str) -> None:
    assert numbers_under(header) == numbers
