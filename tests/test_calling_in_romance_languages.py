"""A bare number behind the words for calling somebody in Spanish, Portuguese, Italian and French is a phone."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from supportkit.exports.masking import mask_text
from supportkit.exports.masking.in_sql import is_likely, is_likely_in_text

CALLING = (
    "Llámeme al {}", "llámenme al {}", "Llámenos al {}", "pueden llamarme al {}", "llame al {}", "me llaman al {}",
    "llamadme al {}", "llámeme al número {}", "Llámeme por favor al {}", "llamame {}", "contáctenme al {}",
    "localizarme en el {}", "rappelez-moi au {}", "me rappeler au {}", "contactez-moi au {}", "chiamami al {}",
    "mi chiami al {}", "chiamatemi al {}", "può chiamarmi al numero {}", "ligue-me para o {}", "me ligue no {}",
    "podem ligar-me para o {}", "me chame no {}", "telefone-me para {}",
)  # fmt: skip
OTHERS = (
    "llame por el pedido {}", "llamo por el pedido {}", "el producto se llama {}", "il prodotto si chiama {}",
    "rappel de la commande {}", "ligado ao pedido {}", "chamado {}", "clama {}", "contacte el pedido {}",
)  # fmt: skip


@pytest.mark.parametrize("number", ["654987321", "912345678", "654 98 73 21"])
@pytest.mark.parametrize("text", CALLING)
def test_a_bare_number_that_somebody_is_to_call_is_a_phone(text: str, number: str) -> None:
    assert mask_text(text.format(number))[0] == text.format("[PHONE]")


@pytest.mark.parametrize("text", OTHERS)
def test_a_number_of_something_else_stays(text: str) -> None:
    assert mask_text(text.format("354987321")) == (text.format("354987321"), {})


@pytest.mark.parametrize("look", [is_likely, is_likely_in_text])
def test_the_look_in_sql_lets_such_numbers_pass(look: Callable[[str], str]) -> None:
    texts = [text.format(number) for text in CALLING for number in ("654987321", "482913")]
    query = f"select text from (select unnest($texts) as text) where not ({look('text')})"
    assert duckdb.connect().execute(query, {"texts": texts}).fetchall() == []
