"""What numbers a column holds, by a header that is nothing but the name of such numbers, in five languages."""

from __future__ import annotations

from typing import Final

from supportkit.system.late_patterns import late

_PARTS: Final = late(r"[^\W\d_]+")
_SEVERAL: Final = late(r"\s*(?:[/|,;&+]|\b(?:or|oder|o|ou|или|and|und|y|et|и)\b)\s*")
"""Between two names of numbers in one header: "DNI/NIE", "Passport or ID card"."""

_BESIDE: Final = frozenset((
    "number", "numbers", "no", "nr", "num", "nummer", "numero", "número", "numéro", "номер", "номера", "n", "home",
    "work", "private", "office", "main", "primary", "secondary", "details", "info", "line", "daten", "angaben", "of",
    "customer", "customers", "client", "kunde", "kunden", "cliente", "клиента", "покупателя", "de", "del", "du", "la",
    "le", "des", "der", "my", "your", "m", "s", "u", "privat", "privé", "privée", "personnel", "geschäftlich",
    "dienstlich", "büro", "bureau", "trabajo", "casa", "domicile", "travail", "alternate", "alternative", "second",
    "other", "additional", "zweite", "zweites", "личный", "рабочий", "домашний", "дополнительный", "запасной",
    "основной",
))  # fmt: skip
"""Words that change nothing of what the numbers are."""

_CODED: Final = frozenset((
    "ref", "refs", "reference", "references", "referenz", "référence", "referencia", "code", "codes", "código",
    "codigo", "код", "identifier",
))  # fmt: skip
"""Words for a number of any kind, beside the name of a paper, of a tax or of a telephone."""
_THINGS: Final = late(r"(?:emergency )?contacts?|kontakt|contacto|контакты?|контактный|cell")
"""What has codes that are no numbers to call."""

_NAMES: Final = (
    (
        "phone",
        late(
            r"(?:cell ?|mobile ?|tele|smart)?phones?|mobiles?|t[ée]l[ée]phones?(?: (?:mobile|portable|fixe))?"
            r"|(?:tel[ée]fonos? )?(?:m[óo]vil(?:es)?|celular(?:es)?)|tel[ée]fonos?(?: fijo)?|t[ée]l|portable|cell"
            r"|(?:mobil|privat|geschäfts)?telefon(?:nummer|nr)?|mobil(?:nummer|nr)?|handy(?:nummer|nr)?"
            r"|festnetz(?:nummer|nr)?|(?:rück)?ruf(?:nummer|nr)?|whats ?app|viber|fax|msisdn|ph"
            r"|(?:emergency )?contacts?|kontakt|contacto|мобильный|сотовый|моб|контакты?|контактный"
            r"|(?:мобильный |сотовый |моб |контактный |домашний |рабочий )?(?:телефон[а-я]{0,2}|тел)"
        ),
    ),
    (
        "passport",
        late(
            r"passport|passeport|pasaporte|(?:серия и )?паспорта?|reisepass(?:nummer|nr)?|pass(?:nummer|nr)"
            r"|(?:personal)?ausweis(?:nummer|nr)?"
            r"|(?:national|personal|citizen) (?:id|identity|identification|code)|identity|identification"
            r"|id card|identity document|perso"
            r"|(?:national )?identity (?:card|document)|documento identidad|carte (?:d )?identité(?: nationale)?|dni"
            r"|nif|nie|curp|cpf|c[ée]dula|cni"
            r"|driv(?:er|ers|ing)(?: s)? licen[cs]e|führerschein(?:nummer|nr)?|permis conduire|licencia conducir"
            r"|(?:водительское )?удостоверени[ея]"
        ),
    ),
    (
        "tax",
        late(
            r"sécurité sociale|seguridad social|nir|(?:identification )?fiscal|инн|снилс|ssn|nino|pesel|aadhaar"
            r"|tax (?:id|code|payer|identification)|taxpayer(?: id)?|tin|ust ?(?:id|idnr)"
            r"|налоговый|rvnr|idnr|social security"
            r"|national insurance|steuer(?:nummer|nr)?|sozialversicherungs(?:nummer|nr)?"
        ),
    ),
    (
        "password",
        late(
            r"contrase[ñn]a|mot passe|passcode|otp|cv[vc]|(?:security|secret) (?:answer|code)"
            r"|session (?:id|token)|respuesta secreta|réponse secrète|пин(?: код)?|код подтверждения"
        ),
    ),
)

_WITH_NUMBER: Final = (
    ("passport", late(r"id (?:number|no|nr)")),
    ("tax", late(r"(?:customer |client )?(?:tax|vat) (?:number|no|nr|id|ref|reference|code)(?: (?:number|code))?")),
)
"""Names of which the word for a number is a part: a tax alone is an amount, an id alone may be of anything."""


def numbers_under(header: str) -> str:
    """The word for the numbers under a header, as masking knows it; empty where the header says something else."""
    if named := _one(header):
        return named
    parts = _SEVERAL.split(header.casefold())
    several = [_one(part) for part in parts if len(parts) > 1 and part.strip() not in {*_CODED, "id"}]
    return several[0] if several and all(several) else ""


def _one(header: str) -> str:
    """The same of a header that names one kind of numbers."""
    parts = _PARTS.findall(header.casefold())
    words = " ".join(word for word in parts if word not in _BESIDE)
    bare = " ".join(word for word in words.split() if word not in _CODED)
    told = (words,) if words == bare or _THINGS.fullmatch(bare) else (words, bare)
    for name, pattern in _NAMES:
        if any(map(pattern.fullmatch, told[:1] if name == "password" else told)):
            return name
    return next((name for name, pattern in _WITH_NUMBER if pattern.fullmatch(" ".join(parts))), "")
