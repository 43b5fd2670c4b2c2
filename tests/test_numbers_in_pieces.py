"""Cards and accounts of which each group stands in a line or a cell of its own, or in groups of six."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from supportkit.exports.masking import mask_text
from supportkit.exports.masking.in_sql import is_likely, is_likely_in_text

PIECES = (  # test numbers of Visa, Mastercard and American Express; the IBAN is the one of the standard's examples
    ("card number:\n4012\n8888\n8888\n1881", "card number:\n[CARD]"),
    ("4012\r\n8888\r\n8888\r\n1881\r\nexp 12/27", "[CARD]\r\nexp 12/27"),
    ("4012\n\n8888\n\n8888\n\n1881", "[CARD]"),
    ("> 4012\n> 8888\n> 8888\n> 1881", "> [CARD]"),
    ("<tr><td>4012</td><td>8888</td><td>8888</td><td>1881</td></tr>", "<tr><td>[CARD]</td></tr>"),
    ("4012 | 8888 | 8888 | 1881", "[CARD]"),
    ("| 4012 | 8888 | 8888 | 1881 |", "| [CARD] |"),
    ("4012\t8888\t8888\t1881", "[CARD]"),
    ("Amex\n3714\n496353\n98431", "Amex\n[CARD]"),
    ("IBAN\nDE89\n3704\n0044\n0532\n0130\n00", "IBAN\n[IBAN]"),
    ("> DE89\n> 3704\n> 0044\n> 0532\n> 0130\n> 00", "> [IBAN]"),
    ("GB29\r\nNWBK\r\n6016\r\n1331\r\n9268\r\n19", "[IBAN]"),
    ("401288 8888881881", "[CARD]"),
    ("401288 888888 1881", "[CARD]"),
    ("paid with 545301 122334 4555", "paid with [CARD]"),
)
OTHERS = (
    "4012\n8888\n8888\n1882", "4012 | 8888 | 8888 | 1882", "2019 | 2020 | 2021 | 2022", "2019\n2020\n2021\n2022",
    "4012 | 8888 | 8888 | 1881 | 1882", "1700\n4012\n8888\n8888\n1881", "<td>4012</td><td>8888</td><td>8888</td>",
    "301288 888888 1881", "401288 8888881882", "line 4012\nof file 8888\n", "4012\n8888\n8888\n18810",
)  # fmt: skip


@pytest.mark.parametrize(("text", "masked"), PIECES)
def test_a_number_in_pieces_is_found(text: str, masked: str) -> None:
    assert mask_text(text)[0] == masked
    assert mask_text(masked) == (masked, {})


@pytest.mark.parametrize("text", OTHERS)
def test_other_figures_in_lines_and_cells_stay(text: str) -> None:
    assert mask_text(text) == (text, {})


@pytest.mark.parametrize("look", [is_likely, is_likely_in_text])
def test_the_look_in_sql_lets_such_numbers_pass(look: Callable[[str], str]) -> None:
    query = f"select text from (select unnest($texts) as text) where not ({look('text')})"
    assert duckdb.connect().execute(query, {"texts": [text for text, _ in PIECES]}).fetchall() == []
