"""Numbers of persons in the forms that people use, of which the numbers are made up and pass their tests."""

from __future__ import annotations

import pytest

from supportkit.exports.masking import mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("мой паспорт серии 4510 № 111222", "мой паспорт серии [PASSPORT]"),
        ("серии 45 10 номер 111222", "[PASSPORT]"),
        ("Passnummer C4J8K9L2M", "Passnummer [PASSPORT]"),
        ("Reisepass-Nr.: C3WR5T7Z9", "Reisepass-Nr.: [PASSPORT]"),
        ("mein Pass hat die Nummer CH1234567", "mein Pass hat die Nummer [PASSPORT]"),
        ("CNI passeport numéro 18FV05678", "CNI passeport numéro [PASSPORT]"),
        ("pasaporte número BC123456", "pasaporte número [PASSPORT]"),
        ("numéro fiscal 3012345678901", "numéro fiscal [TAX]"),
        ("n° fiscal : 30 23 456 789 012", "n° fiscal : [TAX]"),
        ("mon numéro de sécu est 285057512345612", "mon numéro de sécu est [TAX]"),
        ("ITIN 912-78-1234", "ITIN [TAX]"),
        ("CURP GARC850101HDFRRL09", "CURP [TAX]"),
        ("tfno. 655443322", "tfno. [PHONE]"),
        ("счёт получателя: 4081 7810 0999 1000 4312", "счёт получателя: [IBAN]"),
    ],
)
def test_papers_and_tax_numbers_are_found_as_people_write_them(text: str, masked: str) -> None:
    assert mask_text(text)[0] == masked
    assert mask_text(masked) == (masked, {})


@pytest.mark.parametrize(
    "text",
    [
        "fiscal year 2024, 1234567 units",
        "pass on the CHKLMNPRT order",
        "passenger CFGHJKLMN",
        "серии 45 товаров 123456",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert mask_text(text) == (text, {})


def test_a_licence_key_is_a_secret_in_either_spelling() -> None:
    assert mask_text("License key: 89086-04500-81370")[0] == "License key: [SECRET]"
    assert mask_text("Licence key: 89086-04500-81370")[0] == "Licence key: [SECRET]"
