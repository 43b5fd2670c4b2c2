"""Papers whose number stands behind what else is said of them, and what only stands behind the word for one."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from supportkit.exports.masking import mask_text
from supportkit.exports.masking.in_sql import is_likely, is_likely_in_text

PAPERS = (
    "pasaporte español [AAB123456]", "pasaporte mexicano caducado, número [G12345678]", "passport expired [925665416]",
    "passport of Germany [C01X00T47]", "passport (British): [925665416]", "passport, renewed last year, [925665416]",
    "US passport No. [925665416]", "passport of the Republic of Poland [ZS1234567]", "паспорт РФ, серия [4510 123456]",
    "паспорт РФ [4510123456]", "паспорт гражданина РФ [45 10 123456]", "загранпаспорт нового образца [75 1234567]",
    "Reisepass (deutsch): [C01X00T47]", "Reisepass abgelaufen: [C01X00T47]", "Personalausweis alt: [L01X00T47]",
    "passeport français n° [18FV05678]", "passeport expiré [18FV05678]", "carte d'identité française [880692310285]",
    "passaporto italiano [YA1234567]", "passaporte brasileiro [FH123456]", "paspoort [NW21F43K8]",
    "paszport [ZS1234567]", "pasaportum [U12345678]", "permis de conduire [123456789012]",
    "permis de conduire français [123456789012]", "permiso de conducir [12345678]",
    "Führerschein, deutsch: [B072RRE2I55]",
    "водительское удостоверение [99 12 345678]", "водительские права [9912 345678]", "DL# [D1234567]",
    "patente di guida [U1A234567B]", "rijbewijs [5123456789]", "prawo jazdy [12345/16/1234]",
    "carta de condução [L-1234567 8]", "carte d'identité n° [X4RTBPFW4]", "passport number [X4RTBPFW4]",
    "DNI [48213907]", "mi DNI: [48.213.907]", "CNI n° [12AB34567]", "CNI: [990375300123]",
    "driver's license number: [A123-4567-8901]",
    "Florida driver's license [W426-545-30-761-0]",
)  # fmt: skip
TAXES = (
    "SS# [123-45-6789]", "SS# [123456789]", "n° SS [285057512345612]", "n° sécu [285057512345612]",
    "n° de sécu : [2 85 05 75 123 456 12]", "TC kimlik no: [10000000146]", "TC kimlik numaram [10000000146]",
    "contribuinte [123456789]",
)  # fmt: skip
OTHERS = (
    "picnic 12AB34567", "technic: 990375300123", "passport PHRSTWXYZ", "tax 20261130",
    "passport control 2024", "passport photos 35x45 for order 925665416", "passport expired in 2024",
    "passport is valid until 2030-01-01", "passport renewal order 123456789", "passport holder MODEL123456",
    "passport cover AB123456", "Passport wallet SKU AB123456", "passport and phone case AB123456",
    "паспорт изделия 123456789", "паспорт качества № 123456789", "обложка на паспорт, артикул 123456789",
    "Reisepass abgelaufen seit 2024", "Reisepasshülle AB1234567", "Führerschein Klasse B seit 2012",
    "permis de conduire depuis 2012", "permis de construire 123456789", "права администратора 1234567",
    "SS 2024 collection", "SS24 dress 123456789", "the pass of Brenner 925665416", "passport office booking AB123456",
    "pasaporte y pedido 123456789",
)  # fmt: skip


@pytest.mark.parametrize(("texts", "token"), [(PAPERS, "PASSPORT"), (TAXES, "TAX")])
def test_a_paper_is_found_behind_what_is_said_of_it(texts: tuple[str, ...], token: str) -> None:
    for text in texts:
        before, _, rest = text.partition("[")
        assert mask_text(before + rest.replace("]", ""))[0] == f"{before}[{token}]"


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_paper_stays(text: str) -> None:
    assert mask_text(text) == (text, {})


@pytest.mark.parametrize("look", [is_likely, is_likely_in_text])
def test_the_look_in_sql_lets_papers_pass(look: Callable[[str], str]) -> None:
    texts = [text.replace("[", "").replace("]", "") for text in PAPERS + TAXES]
    query = f"select text from (select unnest($texts) as text) where not ({look('text')})"
    assert duckdb.connect().execute(query, {"texts": texts}).fetchall() == []
