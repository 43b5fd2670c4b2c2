"""A number that somebody calls their own is a phone; that of what they ordered is none."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from supportkit.exports.masking import mask_text
from supportkit.exports.masking.in_sql import is_likely, is_likely_in_text

OURS = (
    "my number's {}", "my number’s {}", "my phone's {}", "my phone number's {}", "my no. is {}", "our number is {}",
    "my new number is {}", "Meine Nummer lautet {}", "meine neue Nummer ist {}", "Unsere Nr. ist {}",
    "meine Handynummer wäre {}", "Telefonnummer lautet {}", "mon numéro c'est le {}", "mon nouveau numéro est le {}",
    "mon n° est le {}", "mi número es {}", "mi número es el {}", "mi nº es {}", "nuestro número: {}", "мой номер {}",
    "мой номер — {}", "мой новый номер это {}", "номер телефона у меня {}", "у меня номер {}", "наш номер теперь {}",
    "meu número é {}", "il mio numero è {}", "mijn nummer is {}", "mój numer to {}", "numaram {}", "benim numaram: {}",
)  # fmt: skip
OF_THINGS = (
    "my order number is {}", "my order's number is {}", "my ticket number's {}", "my number of orders is {}",
    "ticket number {}", "мой номер заказа {}", "номер заказа у меня {}", "мой номер брони: {}",
    "Meine Bestellnummer lautet {}", "meine Nummer der Bestellung lautet {}", "mon numéro de commande c'est le {}",
    "mi número de pedido es el {}", "meu número de pedido é {}", "sipariş numaram {}", "the number is {}",
)  # fmt: skip


@pytest.mark.parametrize("written", ["20481234", "2048 1234", "482913"])
@pytest.mark.parametrize("text", OURS)
def test_a_number_of_ours_is_a_phone(text: str, written: str) -> None:
    assert mask_text(text.format(written))[0] == text.format("[PHONE]")


@pytest.mark.parametrize("text", OF_THINGS)
def test_the_number_of_a_thing_of_ours_stays(text: str) -> None:
    assert mask_text(text.format("20481234")) == (text.format("20481234"), {})


@pytest.mark.parametrize("look", [is_likely, is_likely_in_text])
def test_the_look_in_sql_lets_such_numbers_pass(look: Callable[[str], str]) -> None:
    texts = [text.format(number) for text in OURS for number in ("20481234", "482913")]
    query = f"select text from (select unnest($texts) as text) where not ({look('text')})"
    assert duckdb.connect().execute(query, {"texts": texts}).fetchall() == []
