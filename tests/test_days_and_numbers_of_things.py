"""Days from one to another and numbers of things that begin like phones: they stay."""

from __future__ import annotations

import pytest

from supportkit.exports.masking import mask_text


@pytest.mark.parametrize(
    "text",
    [
        "closed from 03/11/24-05/11/24", "closed 03/11/24 - 05/11/24", "03.11.24-05.11.24", "stay 12/05/25-19/05/25",
        "10/03/24-11/03/24", "03-11-24/05-11-24", "Urlaub 03.11.24–15.11.24",
        "Order 2024/0412/345678", "invoice 2024/0412/345678", "contract 2024/0412/345678", "договор 2024/0412/345678",
        "договор № 2024/0412/345678", "Vertrag 2024/0412/345678", "case 2024-0412-345678",
        "Art.-Nr. 0711-123456", "Art. Nr.: 0711-123456", "Artikelnummer 0711-123456", "Chargennummer 0170123456",
        "Chargen-Nr. 0170123456", "lot no 0170123456", "Rechnungsnr. 030-1234567",
    ],
)  # fmt: skip
def test_days_and_numbers_of_things_stay(text: str) -> None:
    assert mask_text(text) == (text, {})


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Tel. 03.11.24.05.11", "Tel. [PHONE]"),
        ("06.12.34.56.78", "[PHONE]"),
        ("thanks a lot 0170123456", "thanks a lot [PHONE]"),
        ("Vertrag 4711, Tel. 0711-123456", "Vertrag 4711, Tel. [PHONE]"),
        ("Bestellnummer 4711/0170 1234567", "Bestellnummer 4711/[PHONE]"),
        ("Rufnummer 0711-123456", "Rufnummer [PHONE]"),
        ("Kundentelefonnummer 0711-123456", "Kundentelefonnummer [PHONE]"),
        ("order 2024 tel 0412/345678", "order 2024 tel [PHONE]"),
    ],
)
def test_phones_beside_them_are_found(text: str, masked: str) -> None:
    assert mask_text(text)[0] == masked
