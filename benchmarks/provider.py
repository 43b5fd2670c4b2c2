"""A second shop: tickets to a telephone provider in English, German and Russian, in words that the samples do not have.

Each trouble has its subjects and its sentences in the three languages; `{a|b}` is a choice. Some troubles rise for
some weeks, the others are as common all year.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.letters import chosen

Words = tuple[tuple[str, ...], tuple[str, ...]]
TROUBLES: dict[str, dict[str, Words]] = {
    "no signal": {
        "en": (("No signal", "Phone has no reception"), (
            "since {yesterday|Monday} my phone has no reception at home",
            "the network is gone in our whole street",
            "calls drop after a minute because the signal is so weak",
        )),
        "de": (("Kein Netz", "Handy ohne Empfang"), (
            "seit {gestern|Montag} hat mein Handy zu Hause keinen Empfang",
            "in unserer ganzen Straße ist das Netz weg",
            "Gespräche brechen nach einer Minute ab, weil das Netz so schwach ist",
        )),
        "ru": (("Нет сети", "Телефон не ловит"), (
            "со вчерашнего дня дома телефон не ловит сеть",
            "на всей улице пропала сеть",
            "разговор обрывается через минуту, сеть очень слабая",
        )),
    },
    "slow internet": {
        "en": (("Internet is slow", "Speed far below contract"), (
            "the download speed is a tenth of what the contract says",
            "videos stutter every evening, the internet is too slow",
            "the speed test shows {five|eight} megabits instead of a hundred",
        )),
        "de": (("Internet zu langsam", "Geschwindigkeit weit unter Vertrag"), (
            "die Geschwindigkeit beim Herunterladen ist ein Zehntel des Vertrags",
            "jeden Abend ruckeln Videos, das Internet ist zu langsam",
            "der Geschwindigkeitstest zeigt {fünf|acht} Megabit statt hundert",
        )),
        "ru": (("Медленный интернет", "Скорость ниже договора"), (
            "скорость загрузки в десять раз ниже, чем в договоре",
            "каждый вечер видео тормозит, интернет слишком медленный",
            "тест скорости показывает {пять|восемь} мегабит вместо ста",
        )),
    },
    "roaming bill": {
        "en": (("Roaming charges", "Bill after holiday"), (
            "after a week in {Spain|Turkey} the roaming bill is enormous",
            "roaming was charged although I had bought the travel pass",
            "nobody warned me of the roaming price abroad",
        )),
        "de": (("Roaminggebühren", "Rechnung nach Urlaub"), (
            "nach einer Woche in {Spanien|der Türkei} ist die Roamingrechnung riesig",
            "Roaming wurde berechnet, obwohl ich den Reisepass gebucht hatte",
            "niemand hat mich vor dem Roamingpreis im Ausland gewarnt",
        )),
        "ru": (("Списания за роуминг", "Счёт после отпуска"), (
            "после недели в {Испании|Турции} огромный счёт за роуминг",
            "списали за роуминг, хотя туристический пакет подключён",
            "никто не предупредил о цене роуминга за границей",
        )),
    },
    "sim card": {
        "en": (("New SIM card", "SIM not activated"), (
            "the new SIM card is not activated after two days",
            "my phone does not recognise the SIM card",
            "the eSIM code from your letter is invalid",
        )),
        "de": (("Neue SIM-Karte", "SIM nicht freigeschaltet"), (
            "die neue SIM-Karte ist nach zwei Tagen nicht freigeschaltet",
            "mein Handy erkennt die SIM-Karte nicht",
            "der eSIM-Code aus Ihrem Brief ist ungültig",
        )),
        "ru": (("Новая симка", "Симка не активирована"), (
            "новая симка не активирована уже два дня",
            "телефон не видит симку",
            "код для виртуальной симки из письма не подходит",
        )),
    },
    "technician": {
        "en": (("Technician did not come", "Missed appointment"), (
            "the technician did not come to the appointment",
            "I waited all day for your technician in vain",
            "the appointment was moved twice without a call",
        )),
        "de": (("Techniker kam nicht", "Termin geplatzt"), (
            "der Techniker kam nicht zum Termin",
            "ich habe den ganzen Tag vergeblich auf Ihren Techniker gewartet",
            "der Termin wurde zweimal ohne Anruf verschoben",
        )),
        "ru": (("Мастер не пришёл", "Сорван визит"), (
            "мастер не пришёл в назначенное время",
            "весь день напрасно ждала вашего мастера",
            "визит мастера дважды перенесли без звонка",
        )),
    },
    "number porting": {
        "en": (("Keep my number", "Number porting failed"), (
            "porting my old number failed again",
            "my old provider says you never asked for the number",
            "the number was to be ported last week, I am still on the old one",
        )),
        "de": (("Rufnummer mitnehmen", "Mitnahme der Rufnummer gescheitert"), (
            "die Mitnahme meiner alten Rufnummer ist wieder gescheitert",
            "mein alter Anbieter sagt, Sie hätten die Rufnummer nie angefragt",
            "die Rufnummer sollte letzte Woche übertragen werden",
        )),
        "ru": (("Сохранить номер", "Перенос номера не удался"), (
            "перенос старого номера снова не удался",
            "прежний оператор говорит, что вы номер не запрашивали",
            "номер должны были перенести на прошлой неделе",
        )),
    },
    "cancel contract": {
        "en": (("End my contract", "Cancellation not confirmed"), (
            "I want to end my contract at the earliest date",
            "you have not confirmed my cancellation",
            "the contract was renewed although I had cancelled it",
        )),
        "de": (("Vertrag beenden", "Kündigung nicht bestätigt"), (
            "ich möchte meinen Vertrag zum nächsten Termin beenden",
            "Sie haben meine Kündigung nicht bestätigt",
            "der Vertrag wurde verlängert, obwohl ich gekündigt hatte",
        )),
        "ru": (("Расторгнуть договор", "Расторжение не подтверждено"), (
            "хочу расторгнуть договор как можно раньше",
            "вы не подтвердили расторжение договора",
            "договор продлили, хотя я его расторг",
        )),
    },
    "router": {
        "en": (("Router restarts", "Router is broken"), (
            "the router restarts by itself every hour",
            "the red lamp of the router blinks all the time",
            "after the update the router finds no devices",
        )),
        "de": (("Router startet neu", "Router defekt"), (
            "der Router startet jede Stunde von selbst neu",
            "die rote Lampe des Routers blinkt die ganze Zeit",
            "nach dem Update findet der Router keine Geräte",
        )),
        "ru": (("Роутер перезагружается", "Роутер сломан"), (
            "роутер сам перезагружается каждый час",
            "красная лампа на роутере всё время мигает",
            "после обновления роутер не находит устройства",
        )),
    },
    "top up": {
        "en": (("Top-up is missing", "Balance not topped up"), (
            "I topped up twenty euros and the balance is still empty",
            "the top-up voucher says already used",
            "automatic top-up took the money and added nothing",
        )),
        "de": (("Guthaben fehlt", "Aufladung nicht angekommen"), (
            "ich habe zwanzig Euro aufgeladen und das Guthaben ist leer",
            "der Aufladebon sei schon benutzt",
            "die automatische Aufladung nahm Geld, und das Guthaben blieb gleich",
        )),
        "ru": (("Нет пополнения", "Баланс не пополнен"), (
            "пополнил на двадцать евро, а баланс пустой",
            "карта пополнения якобы уже использована",
            "автопополнение списало сумму, баланс прежний",
        )),
    },
    "voicemail": {
        "en": (("Voicemail", "Cannot hear my messages"), (
            "voicemail does not play my messages",
            "I cannot switch the voicemail off",
            "the greeting of my voicemail is deleted every week",
        )),
        "de": (("Mailbox", "Nachrichten nicht abhörbar"), (
            "die Mailbox spielt meine Nachrichten nicht ab",
            "ich kann die Mailbox nicht ausschalten",
            "die Ansage meiner Mailbox wird jede Woche gelöscht",
        )),
        "ru": (("Голосовая почта", "Не слышу сообщения"), (
            "голосовая почта не проигрывает сообщения",
            "не могу отключить голосовую почту",
            "приветствие голосовой почты удаляется каждую неделю",
        )),
    },
}  # fmt: skip
AROUND: dict[str, tuple[str, ...]] = {
    "en": (
        "",
        "I have called {twice|three times} already.",
        "Customer since {March|last year}.",
        "Please answer soon.",
    ),
    "de": (
        "",
        "Ich habe schon {zweimal|dreimal} angerufen.",
        "Kunde seit {März|letztem Jahr}.",
        "Bitte bald antworten.",
    ),
    "ru": ("", "Звонил уже {дважды|три раза}.", "Клиент с {марта|прошлого года}.", "Прошу ответить скорее."),
}
RISING = {"roaming bill": (30, 36), "router": (40, 44)}
"""Troubles with five times as many tickets from one week to another."""
START = date(2025, 1, 6)


@dataclass(frozen=True)
class ProviderTicket:
    """A ticket, and the trouble that it is about."""

    day: date
    customer: str
    language: str
    subject: str
    body: str
    trouble: str


def provider_tickets(seed: int, weeks: int = 52, a_week: int = 60) -> Iterator[ProviderTicket]:
    """The tickets of the shop, week by week, in languages and troubles drawn at random."""
    rng = random.Random(seed)
    number = 0
    for week in range(weeks):
        weight = {name: 5 if first <= week < last else 1 for name, (first, last) in RISING.items()}
        names = list(TROUBLES)
        for _ in range(a_week):
            number += 1
            trouble = rng.choices(names, [weight.get(name, 1) for name in names])[0]
            language = rng.choice(tuple(AROUND))
            subjects, sentences = TROUBLES[trouble][language]
            around = chosen(rng, rng.choice(AROUND[language]))
            said = chosen(rng, rng.choice(sentences))
            body = f"{said[:1].upper()}{said[1:]}. {around}".strip()
            day = START + timedelta(weeks=week, days=rng.randrange(7))
            yield ProviderTicket(day, f"c{number}", language, rng.choice(subjects), body, trouble)
