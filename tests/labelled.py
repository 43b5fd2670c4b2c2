"""A generated, labelled set of support texts in Russian, German and English, with personal data and look-alikes.

Every number is made here from a seed, with its own checksum arithmetic, so that nothing is copied from a real person.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Make = Callable[[random.Random], str]


@dataclass(frozen=True)
class Labelled:
    """A text, the spans of personal data in it (start, end, kind), and its language."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    language: str


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _shaped(rng: random.Random, shape: str) -> str:
    """`#` is a digit, `N` a digit from 2 to 9."""
    return "".join(rng.choice("0123456789") if c == "#" else rng.choice("23456789") if c == "N" else c for c in shape)


def _luhn(rng: random.Random, prefix: str, length: int) -> str:
    body = prefix + _digits(rng, length - 1 - len(prefix))
    total = sum(sum(divmod(int(d) * (2 if place % 2 == 0 else 1), 10)) for place, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def _card(rng: random.Random) -> str:
    number = _luhn(rng, rng.choice(["4", "51", "55", "2202", "2200", "37"]), 16)
    if number.startswith("37"):
        number = _luhn(rng, "37", 15)
        return rng.choice([number, f"{number[:4]} {number[4:10]} {number[10:]}"])
    four = [number[i : i + 4] for i in range(0, 16, 4)]
    return rng.choice([number, " ".join(four), "-".join(four), "\u00a0".join(four)])


def _iban(rng: random.Random) -> str:
    country, length = rng.choice([("DE", 22), ("AT", 20), ("PL", 28), ("ES", 24), ("LT", 20), ("CH", 21)])
    body = _digits(rng, length - 4)
    check = 98 - int(body + "".join(str(int(c, 36)) for c in country) + "00") % 97
    compact = f"{country}{check:02d}{body}"
    spaced = " ".join(compact[i : i + 4] for i in range(0, length, 4))
    return rng.choice([compact, spaced, compact.lower()])


def _inn(rng: random.Random) -> str:
    def control(digits: str, weights: list[int]) -> str:
        return str(sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 % 10)

    number = "77" + _digits(rng, 8)
    number += control(number, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8])
    return number + control(number, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8])


def _snils(rng: random.Random) -> str:
    body = "1" + _digits(rng, 8)
    control = sum((9 - i) * int(d) for i, d in enumerate(body)) % 101 % 100
    return f"{body[:3]}-{body[3:6]}-{body[6:]} {control:02d}"


def _steuer_id(rng: random.Random) -> str:
    ten = rng.sample("123456789", 9)
    ten.insert(rng.randint(1, 9), rng.choice(ten))
    product = 10
    for digit in ten:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    number = "".join(ten) + str((11 - product) % 10)
    return rng.choice([number, f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:]}"])


def _phone(*shapes: str) -> Make:
    return lambda rng: _shaped(rng, rng.choice(shapes))


def _email(rng: random.Random) -> str:
    name = rng.choice(["ivan.petrov", "a.schmidt", "j_doe", "müller", "иван", "o'neil", "x", "info+shop", "K.Lee-99"])
    domain = rng.choice(["mail.ru", "gmail.com", "web.de", "почта.рф", "sub.example.co.uk", "t-online.de", "ya.ru"])
    sign = rng.choice(["@", "@", "@", "@", "@", "@", " @ ", "(at)", "[at]"])
    return f"{name}{sign}{domain}"


def _letters(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ0123456789") for _ in range(count))


def _secret(rng: random.Random) -> str:
    key, jwt = "AKIA" + _letters(rng, 16).upper(), f"eyJ{_letters(rng, 17)}.eyJ{_letters(rng, 30)}.{_letters(rng, 43)}"
    return rng.choice([f"sk_live_{_letters(rng, 24)}", key, jwt, f"{_letters(rng, 4)}{rng.randint(1000, 9999)}Xy"])


POSITIVE: dict[str, dict[str, Make]] = {
    "ru": {
        "PHONE": _phone(
            "+7 9## ###-##-##", "8 9## ### ## ##", "89#########", "+79#########", "8(495)###-##-##", "8-9##-###-##-##",
            "9#########", "7 9## #######", "8 800 ### ## ##", "+375 29 ###-##-##", "+7 (9##) ### ## ##",
        ),
        "TAX": lambda rng: rng.choice([_inn, _snils])(rng),
        "PASSPORT": _phone("45## ######", "45 ## ######"),
    },
    "de": {
        "PHONE": _phone(
            "+49 15# ########", "015# ########", "030 #######", "030/#######", "0049 89 ########", "(089) ######",
            "+49 (0)30 ######", "0176-########", "0211 ### ## ##", "+43 664 #######", "+4915#########"[:14],
        ),
        "TAX": _steuer_id,
        "PASSPORT": _phone("C0#X#NT##", "L01X##T##"),
    },
    "en": {
        "PHONE": _phone(
            "+1 NNN-N##-####", "(NNN) N##-####", "NNN-N##-####", "+44 7### ######", "07### ######", "+1NNNNNN####",
            "NNN.N##.####", "1-NNN-N##-####", "NNN-N##-#### ext. ##", "N##-####",
        ),
        "TAX": lambda rng: f"{rng.randint(100, 665)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}",
        "PASSPORT": _phone("#########", "A########"),
    },
}  # fmt: skip
ANY: dict[str, Make] = {"EMAIL": _email, "CARD": _card, "IBAN": _iban, "SECRET": _secret}

CUED: dict[str, dict[str, list[str]]] = {
    "ru": {
        "PHONE": ["позвоните мне {} после шести", "мой номер {}", "тел. {}", "{} это мой телефон", "Ирина, {}"],
        "EMAIL": ["пишите на {}", "моя почта {}.", "({})", "email:{}"],
        "CARD": ["оплатил картой {} вчера", "карта {}", "деньги верните на {}, спасибо"],
        "IBAN": ["счёт {}", "реквизиты: {}"],
        "TAX": ["ИНН {}", "СНИЛС {}", "мои данные: {}"],
        "SECRET": ["мой пароль {}", "пароль: {}", "https://shop.example/reset?token={}", "Authorization: Bearer {}"],
        "PASSPORT": ["паспорт {}", "паспорт серия и номер {}", "данные {} выдан ОВД"],
    },
    "de": {
        "PHONE": ["rufen Sie mich unter {} an", "Tel.: {}", "meine Nummer ist {}", "Handy {}", "Gruß, Anna {}"],
        "EMAIL": ["schreiben Sie an {}", "Mail: {}", "<{}>", "meine Adresse {}, danke"],
        "CARD": ["Karte {} wurde belastet", "mit {} bezahlt", "Kreditkarte: {}"],
        "IBAN": ["IBAN {}", "bitte auf {} überweisen", "Konto: {}"],
        "TAX": ["Steuer-ID {}", "meine IdNr. lautet {}", "Steuernummer {}"],
        "SECRET": [
            "mein Passwort lautet {}",
            "Kennwort: {}",
            "Cookie: PHPSESSID={}",
            "https://shop.example/login?key={}",
        ],
        "PASSPORT": ["Reisepass {}", "Ausweisnummer: {}", "Personalausweis Nr. {}"],
    },
    "en": {
        "PHONE": ["call me on {} please", "phone: {}", "my number is {}", "mobile {}", "text me at {}"],
        "EMAIL": ["write to {}", "my email is {}.", "contact={}", "{} is mine"],
        "CARD": ["charged my card {} twice", "paid with {}", "card no. {}"],
        "IBAN": ["IBAN {}", "refund to {} please", "account: {}"],
        "TAX": ["my SSN is {}", "social security number {}", "ssn: {}"],
        "SECRET": ["my password is {}", "password: {}", "api_key={}", "https://shop.example/verify?token={}"],
        "PASSPORT": ["passport {}", "my passport number is {}", "passport no. {}"],
    },
}

NEGATIVE: dict[str, list[str]] = {
    "ru": [
        "заказ № 123456789", "заказ #########", "номер заказа 8##########", "по заказу №######## не пришло",
        "трек ##############", "трек-номер RB#########RU", "обращение ########", "артикул ########", "№ ########",
        "заказы ########, ######## и ########", "12.03.2026 14:05", "с 01.02.2026 по 15.03.2026", "2026-03-14 10:20:30",
        "сумма 1 234 567 руб", "списали 12 345,67 ₽", "цена 1 299 990 ₽", "ИД: ####", "договор 2024/######",
        "код 482913", "размеры 42 44 46 48 50", "версия 10.0.19045.3693", "ip 192.168.100.200", "промокод 2026#######",
        "накладная ##########", "в 2024-2026 годах", "ждал 14 дней и 3 часа", "@username не отвечает",
        "заказ 4 из 12, 15 минут", "инвойс INV-2026#######", "чек ##########", "координаты 55.755826, 37.617300",
        "пароль не подходит", "не могу сбросить пароль", "токен устарел",
    ],
    "de": [
        "Bestellung Nr. #########", "Bestellnummer ##########", "Auftrag #########", "Sendungsnummer ############",
        "Paket 00340##############0", "Rechnung 2026-#######", "am 12.03.2026 um 14:05", "Betrag 1.234.567,89 €",
        "1.299.990 EUR", "Artikel ########", "Vorgang #########", "Kundennummer #########", "PLZ 10117 Berlin",
        "Größe 36 38 40 42 44", "vom 01.02.2026 bis 15.03.2026", "Version 14.2.1.20260102", "Gutschein ##########",
        "Ticket ########", "IP 10.250.13.7", "Bestellungen ########, ######## und ########", "§ 312 Abs. 2 BGB",
        "2 @ 5,00 €", "Referenz ABC-########", "Beleg Nr. ##########", "EAN 4006381333931", "Kennung ID-#########",
        "Passwort vergessen", "mein Passwort funktioniert nicht", "Session abgelaufen",
    ],
    "en": [
        "order 123456789", "order #########", "order no. 1##########", "orders ########, ######## and ########",
        "tracking 1Z999AA1##########", "tracking number ##################", "ticket #########", "invoice 2026-#######",
        "2026-03-14T10:20:30.123456Z", "03/14/2026 10:20", "total $1,234,567.89", "paid 1234567.89 USD",
        "SKU ########", "item ########", "size 8 10 12 14 16", "version 120.0.6099.130", "from 10.0.0.12",
        "case 0000######", "ref ##########", "550e8400-e29b-41d4-a716-446655440000", "order 114-#######-#######",
        "ISBN 978-3-16-148410-0", "between 2024-2026", "unix time 1767225600", "52.520008, 13.404954", "@support hello",
        "user id 36#########", "customer 20#######", "reading 1,234,567 rows", "serial SN-############", "12:30-14:45",
        "my password is wrong", "the password reset link", "token expired", "https://shop.example/orders?state=open",
    ],
}  # fmt: skip

FILLER: dict[str, list[str]] = {
    "ru": ["Здравствуйте!", "Товар пришёл сломанным.", "Где мой заказ?", "Верните деньги.", "Жду ответа 3 дня."],
    "de": ["Guten Tag,", "das Paket kam nicht an.", "Wo ist meine Bestellung?", "Bitte um Rückruf.", "Danke!"],
    "en": ["Hello,", "the parcel never arrived.", "Where is my order?", "I want a refund.", "Waiting for 3 days now."],
}


def labelled(count: int, seed: int = 20260302) -> Iterator[Labelled]:
    """Texts with zero to two pieces of personal data and zero to two look-alikes each."""
    rng = random.Random(seed)
    for number in range(count):
        language = ("ru", "de", "en")[number % 3]
        makers = POSITIVE[language] | ANY
        parts: list[tuple[str, str, str]] = []  # the sentence, the value in it, its kind
        for _ in range(rng.choice([0, 1, 1, 2])):
            kind = rng.choice(list(makers))
            value = makers[kind](rng)
            sentence = rng.choice(CUED[language][kind])
            if kind == "PASSPORT" and language != "ru":
                sentence = rng.choice(CUED[language][kind])
            if kind == "PHONE" and re.fullmatch(r"\d{3}-\d{4}", value):
                sentence = "call me on {} please"
            parts.append((sentence, value, kind))
        for _ in range(rng.choice([0, 1, 1, 2])):
            parts.append((re.sub("#", lambda _: rng.choice("0123456789"), rng.choice(NEGATIVE[language])), "", ""))
        rng.shuffle(parts)
        text, spans = rng.choice(FILLER[language]), []
        for sentence, value, kind in parts:
            text += rng.choice([" ", "\n", " "])
            if kind:
                at = len(text) + sentence.index("{}")
                spans.append((at, at + len(value), kind))
                sentence = sentence.replace("{}", value)
            text += sentence + rng.choice([".", ";", "!", ","]) + " " + rng.choice(FILLER[language])
        yield Labelled(text, tuple(spans), language)


def masked_regions(text: str, masked: str) -> list[tuple[int, int, str]]:
    """Which stretches of the text the tokens of the masked text stand for."""
    pieces = re.split(r"\[(EMAIL|PHONE|CARD|IBAN|PASSPORT|TAX|SECRET)\]", masked)
    regions, at = [], len(pieces[0])
    for kind, literal, last in zip(pieces[1::2], pieces[2::2], range(len(pieces) // 2, 0, -1), strict=True):
        end = len(text) - len(literal) if last == 1 else text.index(literal, at + 1) if literal else at
        regions.append((at, end, kind))
        at = end + len(literal)
    return regions


@dataclass(frozen=True)
class Score:
    """How many labelled spans were wholly masked, and how many tokens stand on a labelled span."""

    spans: int
    masked: int
    tokens: int
    right: int
    missed: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.masked / self.spans

    @property
    def precision(self) -> float:
        return self.right / self.tokens


def score(texts: list[Labelled], mask: Callable[[str], tuple[str, dict[str, int]]]) -> Score:
    """Recall: every letter and digit of the span is masked. Precision: the token overlaps a labelled span."""
    spans = masked = tokens = right = 0
    missed, wrong = [], []
    for item in texts:
        regions = masked_regions(item.text, mask(item.text)[0])
        hidden = {place for start, end, _ in regions for place in range(start, end)}
        for start, end, kind in item.spans:
            spans += 1
            if all(place in hidden for place in range(start, end) if item.text[place].isalnum()):
                masked += 1
            else:
                missed.append(f"{kind} {item.text[max(0, start - 25) : end + 10]!r}")
        for start, end, kind in regions:
            tokens += 1
            if any(start < stop and begin < end for begin, stop, _ in item.spans):
                right += 1
            else:
                wrong.append(f"{kind} {item.text[start:end]!r} in {item.text[max(0, start - 25) : end + 10]!r}")
    return Score(spans, masked, tokens, right, tuple(missed), tuple(wrong))
